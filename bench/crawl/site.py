"""The site of the bench: pages of a usual size made of the catalogue's texts, each with forty links and an ETag."""

from __future__ import annotations

import asyncio
import json
import random
import sys
from hashlib import sha256
from importlib.resources import files

LINKS = 40


def make_pages(number: int) -> dict[str, tuple[bytes, str]]:
    """path → (body, ETag)."""
    lines = files("directory").joinpath("data", "catalogue.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    texts = [text for entry in entries for text in entry.get("summary", {}).values()]
    chance = random.Random(7)
    paths = ["/", *[f"/outil/fiche-{position}.html" for position in range(1, number)]]
    made = {}
    for position, path in enumerate(paths):
        title = chance.choice(entries)["title"]
        heading = f"{next(iter(title.values()))} {position}"
        near = paths[position + 1 : position + 6] + chance.sample(paths, LINKS - 5)
        links = "".join(
            f'<li class="menu-item"><a class="menu-link" href="{link}">Fiche {link}</a></li>' for link in near
        )
        body = "".join(f'<div class="block"><p>{chance.choice(texts)}</p></div>' for _ in range(25))
        html = (
            f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{heading} | Site</title>'
            f'<meta name="description" content="{heading}"><link rel="stylesheet" href="/site.css"></head><body>'
            f"<header><nav><ul>{links}</ul></nav></header><main><h1>{heading}</h1>{body}</main>"
            "<footer><p>Rue de la Senne 1, 1000 Bruxelles</p></footer></body></html>"
        ).encode()
        made[path] = (html, f'"{sha256(html).hexdigest()[:16]}"')
    return made


class Server:
    """HTTP/1.1 with kept connections, as little as it takes."""

    def __init__(self, pages: dict[str, tuple[bytes, str]]) -> None:
        self.pages = pages
        self.requests = self.bytes = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                writer.write(self.answer(head.split(" ", 2)[1], head.lower()))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def answer(self, path: str, head: str) -> bytes:
        if path == "/bench/count":
            body = json.dumps({"requests": self.requests, "bytes": self.bytes}).encode()
            self.requests = self.bytes = 0
            return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body)
        self.requests += 1
        if path not in self.pages:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        body, etag = self.pages[path]
        if f"if-none-match: {etag}" in head:
            return f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode()
        self.bytes += len(body)
        start = (
            f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nETag: {etag}\r\nContent-Length: {len(body)}"
        )
        return start.encode() + b"\r\n\r\n" + body


async def main(number: int) -> None:
    server = Server(make_pages(number))
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}", flush=True)
    async with listening:
        await listening.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
