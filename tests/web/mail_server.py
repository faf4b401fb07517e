"""A mail server of this machine that keeps what it is given."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class MailServer:
    """`letters`: what came in. `refuses`: say no to every letter."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refuses = False
        self.port = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


@contextmanager
def serve_mail() -> Iterator[MailServer]:
    """Serve on loopback until the block ends."""
    mail = MailServer()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 test")
            while line := self.rfile.readline():
                word = line.split()[0].upper() if line.split() else b""
                if word == b"DATA" and not mail.refuses:
                    self._say("354 go on")
                    self._keep()
                    self._say("250 kept")
                elif word == b"QUIT":
                    self._say("221 bye")
                    return
                else:
                    self._say("550 no" if mail.refuses and word in {b"RCPT", b"DATA"} else "250 well")

        def _keep(self) -> None:
            body = b""
            while (line := self.rfile.readline()) not in {b".\r\n", b""}:
                body += line.removeprefix(b".") if line.startswith(b"..") else line
            letter = message_from_bytes(body, policy=policy.default)
            assert isinstance(letter, EmailMessage)
            mail.letters.append(letter)

        def _say(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        mail.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield mail
        finally:
            server.shutdown()
