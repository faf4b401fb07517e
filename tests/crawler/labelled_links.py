"""Two hundred addresses whose fate is known, on a server of this machine: what lives, what has moved, what is dead.

Each has a label that a person would give by opening it in a browser. Living ones are real saved pages and PDFs
(`fixtures/sites`), and everything that makes a checker cry wolf; dead ones die in every way that sites know.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path

SITES = Path(__file__).parents[2] / "fixtures" / "sites"
ALIVE, MOVED, DEAD = "alive", "moved", "dead"


@dataclass
class Says:
    """What an address answers. `hang`: nothing, until the server stops. `drop`: the connection is closed."""

    status: int = 200
    body: bytes = b""
    type: str = "text/html; charset=utf-8"
    location: str | None = None
    hang: bool = False
    drop: bool = False


@dataclass
class Case:
    """An address, its label, and what it answers to GET on each day; `head`: another answer to HEAD."""

    url: str
    label: str
    days: list[Says]
    head: Says | None = None

    def on(self, day: int, method: str) -> Says:
        """What it says on a day, counted from 0; the last day's answer holds from then on."""
        said = self.days[min(day, len(self.days) - 1)]
        return self.head if method == "HEAD" and self.head is not None else said


def html(title: str, text: str, *, body_class: str = "") -> Says:
    page = f"<!doctype html><html><head><title>{title}</title></head><body class='{body_class}'><main><h1>{title}</h1><p>{text}</p></main></body></html>"
    return Says(body=page.encode())


LONG = (
    "Cette rencontre réunit les professionnels du quartier autour d’un repas. On y parle du deuil et de l’accueil. " * 5
)
NOT_FOUND = [
    html("Page introuvable", "La page que vous demandez n’existe plus."),
    html("Pagina niet gevonden", "De pagina die u zoekt bestaat niet meer."),
    html("404", "Oups, nous n’avons rien trouvé ici."),
    html("Erreur 404 – Mon asbl", "Retour à l’accueil."),
    html("Page not found", "Nothing was found at this address."),
    html("Oeps!", "Deze pagina bestaat niet. Ga terug naar de startpagina."),
    html("Mon asbl", "Cette page n’existe pas ou a été déplacée. Utilisez la recherche.", body_class="error404"),
    html("Contenu non trouvé", "Le contenu demandé n’est plus disponible."),
]
FOR_SALE = [
    html("asbl-ancienne.test", "This domain is for sale. Buy this domain now."),
    html("Domaine", "Ce nom de domaine est à vendre. Faites une offre."),
    html("Domein", "Deze domeinnaam is te koop."),
]
ABOUT_NOTHING = [
    html("404 : un jeu sur le sans-abrisme", "Un jeu de cartes pour parler du logement introuvable avec un groupe."),
    html("Introuvable !", "La page que l’on tourne : un livre sur les objets perdus. Prêt gratuit."),
    html("Oups, j’ai oublié", "Une brochure courte sur la mémoire. À commander par téléphone."),
    html("Niet gevonden: waar is de dokter?", "Een spel over de huisarts. Gratis te leen."),
]
WALLS = [
    html("Just a moment...", "Enable JavaScript and cookies to continue"),
    html("Attention Required! | Cloudflare", "Please complete the captcha."),
    html("Access denied", "You do not have permission to view this page."),
]


@dataclass
class LabelledServer:
    """Answers by Host header and path. `day` is set by the test."""

    cases: list[Case]
    port: int = 0
    day: int = 0
    robots: dict[str, bytes] = field(default_factory=dict)
    catch_all: dict[str, Says] = field(default_factory=dict)  #: host → what any other address of it answers
    released: threading.Event = field(default_factory=threading.Event)
    asked: list[tuple[str, str, str]] = field(default_factory=list)  #: method, host, path

    def answer(self, method: str, host: str, path: str) -> Says:
        self.asked.append((method, host, path))
        if path == "/robots.txt":
            return Says(body=self.robots[host], type="text/plain") if host in self.robots else Says(404)
        case = self.by_address.get((host, path))
        if case is not None:
            return case.on(self.day, method)
        return self.catch_all.get(host, Says(404, b"nothing here"))

    @property
    def by_address(self) -> dict[tuple[str, str], Case]:
        return {split(case.url): case for case in self.cases}

    def resolve(self, host: str, _port: int) -> list[str]:
        """The name servers of the test: some hosts are gone, some cannot be looked up now."""
        if host.startswith("gone"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        if host.startswith("again"):
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return ["127.0.0.1"]


def split(url: str) -> tuple[str, str]:
    found = re.fullmatch(r"http://([^/:]+)(?::\d+)?(/.*)?", url)
    assert found is not None
    return found[1], found[2] or "/"


def make_cases(port: int, closed_port: int) -> list[Case]:
    """Exactly 200; hosts: honest sites say 404, `lenient` ones answer anything with a page."""
    count = iter(range(1, 1000))
    cases: list[Case] = []

    def add(
        label: str, *days: Says, host: str = "honest", path: str = "", head: Says | None = None, on: int = 0
    ) -> str:
        number = next(count)
        url = f"http://{host}{number % 7}.test:{on or port}{path or f'/page/{number}'}"
        cases.append(Case(url, label, list(days), head))
        return url

    def target(host: str, path: str, number: int) -> str:
        return f"http://{host}{number % 7}.test:{port}{path}"

    for file in islice(real_pages(), 44):
        add(ALIVE, Says(body=file.read_bytes()))
    for file in islice(sorted(SITES.glob("*/*.pdf")), 6):
        add(ALIVE, Says(body=file.read_bytes(), type="application/pdf"))
    page = html("Rencontre de quartier", LONG)
    for head in (Says(405), Says(405), Says(501), Says(404), Says(404), Says(500), Says(403), Says(drop=True)):
        add(ALIVE, page, head=head)
    for status, times in {401: 3, 403: 8, 405: 2, 429: 5, 451: 1, 500: 4, 502: 3, 503: 6, 504: 2, 999: 1}.items():
        for _ in range(times):
            add(ALIVE, Says(status, b"no"), host=f"wall{status}-")
    for _ in range(2):
        add(ALIVE, Says(hang=True), host="slow")
        add(ALIVE, Says(drop=True), host="cut")
        add(ALIVE, page, host="refusing", on=closed_port)
        add(ALIVE, page, host="again")
    for said in ABOUT_NOTHING:
        add(ALIVE, said)
    for said in WALLS:
        add(ALIVE, said, host="lenient")
        add(ALIVE, said)
    for place in range(4):
        add(ALIVE, Says(404), page)  # off for an hour on the first day
        add(ALIVE, page, Says(404), Says(503), path=f"/maintenance/{place}")
    for place in range(3):
        add(ALIVE, Says(302, location=f"/wp-login.php?to={place}"), path=f"/members/{place}")
        add(ALIVE, Says(302, location=f"/season/{place}"), path=f"/now/{place}")
        add(ALIVE, Says(302, location="/"), path=f"/away/{place}")
    add(ALIVE, Says(301, location="/fr/"), path="/", host="bilingual")
    add(ALIVE, Says(301, location="/loop/a"), path="/loop/a")
    for _ in range(3):
        add(ALIVE, page, host="private")
    for place in range(8):
        add(MOVED, Says(301, location=f"/new/{place}"), path=f"/old/{place}")
        add(MOVED, Says(308, location=target("elsewhere", f"/here/{place}", place)), path=f"/left/{place}")
    for place in range(3):
        add(MOVED, Says(301, location=f"/step/{place}"), path=f"/chain/{place}")
    for head in [None] * 22 + [Says(200)] * 3:
        add(DEAD, Says(404, b"nothing here"), head=head)
    for _ in range(8):
        add(DEAD, Says(410))
    for said in NOT_FOUND:
        add(DEAD, said, host="lenient")
    for said in FOR_SALE:
        add(DEAD, said, host="sold")
    for place in range(5):
        add(DEAD, Says(301, location="/"), path=f"/gone-home/{place}")
    for place in range(4):
        add(DEAD, Says(301, location=target("elsewhere", f"/nothing/{place}", place)), path=f"/led-away/{place}")
    for _ in range(4):
        add(DEAD, page, host="gone")
    while len(cases) < 200:
        add(ALIVE, page)
    assert len(cases) == 200
    return cases


def real_pages() -> Iterator[Path]:
    """Saved pages that a reader finds what they came for on: no "not found" among them."""
    for file in sorted(SITES.glob("*/*.html")):
        text = file.read_text("utf-8", "replace")
        if (
            "404" not in file.name
            and "{{" not in text
            and not re.search(r"introuvable|niet gevonden|not found", text, re.I)
        ):
            yield file


@contextmanager
def serve_labelled() -> Iterator[LabelledServer]:
    """The server, with its cases, until the block ends."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound, never listening: connections are refused
        server = LabelledServer([])
        with ThreadingHTTPServer(("127.0.0.1", 0), _handler(server)) as http:
            http.daemon_threads = True
            server.port = http.server_port
            server.cases = make_cases(server.port, closed.getsockname()[1])
            plain = html("Accueil", LONG)
            for number in range(7):
                server.catch_all[f"lenient{number}.test"] = NOT_FOUND[number]
                server.robots[f"private{number}.test"] = b"User-agent: *\nDisallow: /\n"
            server.extra = _targets(plain)  # type: ignore[attr-defined]
            threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
            try:
                yield server
            finally:
                server.released.set()
                http.shutdown()


def _targets(page: Says) -> Callable[[str], Says | None]:
    def find(path: str) -> Says | None:
        if found := re.fullmatch(r"/step/(\d+)", path):
            return Says(301, location=f"/last/{found[1]}")
        return page if re.match(r"/$|/fr/|/new/|/here/|/last/|/season/|/wp-login", path) else None

    return find


def _handler(server: LabelledServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            host = (self.headers.get("Host") or "").partition(":")[0]
            said = server.answer(self.command, host, self.path)
            if said.status == 404 and not said.location and host.startswith(("honest", "elsewhere", "bilingual")):
                found = server.extra(self.path) if (host, self.path) not in server.by_address else None  # type: ignore[attr-defined]
                said = found or said
            if said.hang:
                server.released.wait(30)
            if said.hang or said.drop:
                self.close_connection = True
                return
            self.send_response_only(said.status, "")
            self.send_header("Content-Type", said.type)
            self.send_header("Content-Length", str(len(said.body)))
            if said.location:
                self.send_header("Location", said.location)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(said.body)

        do_HEAD = do_GET

        def log_message(self, *_: object) -> None:
            pass

    return Handler
