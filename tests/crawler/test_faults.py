"""Whatever a host does ends as a named error on that address, and the crawl goes on. Real sockets.

Longer than 300 lines: one server for each way in which a host can misbehave.
"""

from __future__ import annotations

import gzip
import os
import socket
import ssl
import threading
import zlib
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import brotli
import psutil
import pytest

from crawler.errors import FetchError
from crawler.http import PAGE, Fetcher, Limits
from crawler.reading import read
from tests.crawler.conftest import Crawls
from tests.crawler.site import Document, Site, listing, resource

MEGABYTE = 1_000_000
HTML = {"Content-Type": "text/html"}
QUICK = Limits(connect_s=1.0, between_bytes_s=1.0, whole_s=2.0, grace_s=1.0)
Reply = Callable[[BaseHTTPRequestHandler], None]


def head(handler: BaseHTTPRequestHandler, *lines: str) -> None:
    handler.wfile.write("\r\n".join(["HTTP/1.1 200 OK", "Content-Type: text/html", *lines, "", ""]).encode())


def reset_in_mid_body(handler: BaseHTTPRequestHandler) -> None:
    head(handler, "Content-Length: 100000")
    handler.wfile.write(b"<html>" * 100)
    handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    os.close(handler.connection.detach())


def closed_in_mid_body(handler: BaseHTTPRequestHandler) -> None:
    head(handler, "Content-Length: 100000")
    handler.wfile.write(b"<html>")
    handler.close_connection = True


def drip(handler: BaseHTTPRequestHandler) -> None:
    head(handler, "Content-Length: 100000")
    for _ in range(600):
        handler.wfile.write(b"<")
        handler.wfile.flush()
        threading.Event().wait(0.1)


def drip_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(600):
        handler.wfile.write(f"X-{number}: y\r\n".encode())
        handler.wfile.flush()
        threading.Event().wait(0.1)


def stroll(handler: BaseHTTPRequestHandler) -> None:
    head(handler, "Content-Length: 1000000")
    for _ in range(500):
        handler.wfile.write(b"<" * 2000)
        handler.wfile.flush()
        threading.Event().wait(0.1)


def silence(handler: BaseHTTPRequestHandler) -> None:
    threading.Event().wait(4)
    handler.close_connection = True


def endless(handler: BaseHTTPRequestHandler) -> None:
    head(handler, "Transfer-Encoding: chunked")
    while True:
        handler.wfile.write(b"10000\r\n" + b"a" * 0x10000 + b"\r\n")


def large_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(2000):
        handler.wfile.write(f"X-{number}: {'y' * 1000}\r\n".encode())
    handler.wfile.write(b"\r\n")


def many_headers(handler: BaseHTTPRequestHandler) -> None:
    head(handler, *[f"X-{number}: y" for number in range(200)], "Content-Length: 0")


def no_http(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"220 mail.example ESMTP\r\n\r\n")
    handler.close_connection = True


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


def gzip_bomb() -> bytes:
    """One gigabyte of nothing in a megabyte: members of a file may follow each other."""
    return gzip.compress(bytes(10 * MEGABYTE)) * 100


def coded(body: bytes, coding: str) -> Document:
    return Document(body, headers={**HTML, "Content-Encoding": coding})


def pdf(body: bytes) -> Document:
    return Document(body, headers={"Content-Type": "application/pdf"})


def pdf_bomb() -> bytes:
    """A page whose content stream is 400 MB when decompressed."""
    squeeze = zlib.compressobj(9)
    stream = b"".join([*(squeeze.compress(b"BT /F1 12 Tf (x) Tj ET\n" * 43_478) for _ in range(400)), squeeze.flush()])
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream),
    ]
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj%s\nendobj\n" % (n, o) for n, o in enumerate(objects, 1))
    return body + b"trailer<</Root 1 0 R/Size 5>>\n%%EOF"


ENCRYPTED = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    b"3 0 obj<</Filter/Standard/V 1/R 2/O(" + b"a" * 32 + b")/U(" + b"b" * 32 + b")/P -4>>\nendobj\n"
    b"trailer<</Root 1 0 R/Size 4/Encrypt 3 0 R/ID[(x)(x)]>>\n%%EOF"
)

RAW: dict[str, tuple[Reply, str]] = {
    "reset in mid-body": (reset_in_mid_body, "connection_reset"),
    "closed in mid-body": (closed_in_mid_body, "connection_reset"),
    "slow drip": (drip, "too_slow"),
    "slow headers": (drip_headers, "too_slow"),
    "slow but not too slow, without end": (stroll, "timeout"),
    "silence": (silence, "timeout"),
    "endless body": (endless, "too_large"),
    "2 MB of headers": (large_headers, "headers_too_large"),
    "200 headers": (many_headers, "headers_too_large"),
    "no HTTP": (no_http, "bad_http"),
    "hang-up": (hang_up, "disconnected"),
}
DOCUMENTS: dict[str, tuple[Callable[[], Document], str]] = {
    "gzip bomb": (lambda: coded(gzip_bomb(), "gzip"), "decompression_bomb"),
    "brotli bomb": (lambda: coded(brotli.compress(bytes(200 * MEGABYTE), quality=4), "br"), "content_coding"),
    "gzip in gzip": (lambda: coded(gzip.compress(gzip.compress(b"x")), "gzip, gzip"), "content_coding"),
    "damaged gzip": (lambda: coded(gzip.compress(b"x" * 9999)[:-20], "gzip"), "content_coding"),
    "no gzip at all": (lambda: coded(b"<html>", "gzip"), "content_coding"),
    "large body": (lambda: Document(b"a" * 6 * MEGABYTE, headers=HTML), "too_large"),
    "wrong content type": (lambda: Document(b"PK", headers={"Content-Type": "application/zip"}), "content_type"),
    "bytes of no kind": (lambda: Document(b"\0\1\2"), "content_type"),
    "100,000 nested tags": (lambda: Document(b"<div>" * 100_000, headers=HTML), "nested_too_deeply"),
    "PDF that is none": (lambda: pdf(b"<html>"), "not_a_pdf"),
    "damaged PDF": (lambda: pdf(b"%PDF-1.7\n" + bytes(range(256)) * 40), "unreadable_pdf"),
    "encrypted PDF": (lambda: pdf(ENCRYPTED), "encrypted_pdf"),
    "PDF bomb": (lambda: pdf(pdf_bomb()), "unreadable_pdf"),
    "status 500": (lambda: Document(status=500), "http_500"),
    "status 403": (lambda: Document(status=403), "http_403"),
    "status 299": (lambda: Document(status=299), "http_299"),
    "unchanged, unasked": (lambda: Document(status=304), "bad_http"),
    "redirect without a target": (lambda: Document(status=302), "redirect_loop"),
}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same limits in time, short: a test of 60 s would test nothing more."""
    monkeypatch.setattr("crawler.visit.PAGE", QUICK)
    monkeypatch.setattr(
        "crawler.hosts.ROBOTS", Limits(connect_s=1, between_bytes_s=1, whole_s=2, max_bytes=524_288, cut=True)
    )


def check(site: Site, crawls: Crawls, error: str, **changes: object) -> None:
    """The fault is reported under its name, and the page after it is read."""
    site.page("/", listing("/fault", "/after"))
    site.page("/after", resource("Après"))
    before = psutil.Process().memory_info().rss
    report = crawls(**changes)
    assert psutil.Process().memory_info().rss - before < 100 * MEGABYTE
    assert [(e["url"], e["error"].split(":")[0]) for e in report["errors"]] == [(site.origin + "/fault", error)]
    assert site.count()["/after"] == 1


@pytest.mark.parametrize("name", RAW)
def test_a_broken_answer(name: str, site: Site, crawls: Crawls, quick: None) -> None:
    reply, error = RAW[name]
    site.raw("/fault", reply)
    check(site, crawls, error)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_bad_document(name: str, site: Site, crawls: Crawls) -> None:
    make, error = DOCUMENTS[name]
    site.documents["/fault"] = make()
    check(site, crawls, error, **({"read": read} if "PDF" in name else {}))


def test_the_limits_hold_a_minute() -> None:
    assert max(PAGE.connect_s, PAGE.between_bytes_s, PAGE.grace_s) < PAGE.whole_s <= 60
    assert (PAGE.slowest, PAGE.grace_s) == (1000, 30)


def test_a_redirect_loop(site: Site, crawls: Crawls) -> None:
    site.redirect("/fault", "/fault-2")
    site.redirect("/fault-2", "/fault")
    check(site, crawls, "redirect_loop")


def test_a_chain_of_redirects(site: Site, crawls: Crawls) -> None:
    for number in range(7):
        site.redirect("/fault" if number == 0 else f"/hop-{number}", f"/hop-{number + 1}")
    check(site, crawls, "too_many_redirects")
    assert site.count()["/hop-6"] == 0


def test_five_redirects_are_followed(site: Site, crawls: Crawls) -> None:
    site.page("/", listing("/hop-0"))
    for number in range(5):
        site.redirect(f"/hop-{number}", f"/hop-{number + 1}")
    site.page("/hop-5", resource("Au bout"))
    assert [p["url"] for p in crawls()["proposals"]] == [site.origin + "/hop-5"]


def test_a_host_that_refuses_connections(site: Site, crawls: Crawls) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{unused.getsockname()[1]}/"
    site.page("/", listing(dead, "/after"))
    site.page("/after", resource("Après"))
    report = crawls(allow=[site.origin + "/*", dead + "*"])
    assert report["skipped"]["robots"] == 1  # no robots.txt: nothing may be asked
    assert len(report["proposals"]) == 1
    with pytest.raises(FetchError, match="connection_refused"):
        Fetcher("Senne/test", allow_private=True, ports=range(65536)).fetch(dead)


def test_a_name_that_is_not_known() -> None:
    with pytest.raises(FetchError, match="dns_failure"):
        Fetcher("Senne/test").fetch("http://does-not-exist.invalid/")


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    certificate = tmp_path / "site.pem"
    make_certificate(certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            for _ in range(2):
                with suppress(OSError):  # the fetcher hangs up, and the test closes the door
                    connection, _address = server.accept()
                    with context.wrap_socket(connection, server_side=True) as stream:
                        stream.recv(1000)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        port = server.getsockname()[1]
        fetcher = Fetcher("Senne/test", allow_private=True, ports=[port])
        with pytest.raises(FetchError, match="tls_error"):
            fetcher.fetch(f"https://127.0.0.1:{port}/")
        fetcher.close()


def test_a_host_that_speaks_no_tls(site: Site) -> None:
    fetcher = Fetcher("Senne/test", allow_private=True, ports=[site.port])
    with pytest.raises(FetchError, match="tls_error"):
        fetcher.fetch(f"https://127.0.0.1:{site.port}/", limits=QUICK)


def test_a_broken_charset_is_read_all_the_same(site: Site, crawls: Crawls) -> None:
    site.page("/", listing("/a", "/b"))
    body = "<main><h1>Santé</h1>é</main>".encode("latin-1") + b"\xff\xfe\x00"
    site.documents["/a"] = Document(body, headers={"Content-Type": "text/html; charset=no-such-thing"})
    site.documents["/b"] = Document(body, headers={"Content-Type": "text/html; charset=utf-8"})
    report = crawls(read=read)
    assert report["errors"] == []
    assert report["fetched"] == 3


def test_robots_txt_of_ten_megabytes(site: Site, crawls: Crawls) -> None:
    rules = "User-agent: *\nDisallow: /closed\n" + "# " + "x" * 1000 + "\n"
    site.text("/robots.txt", rules + ("Disallow: /y\n" * 800_000))
    site.page("/", listing("/closed", "/open"))
    site.page("/open", resource("Ouvert"))
    site.page("/closed", resource("Fermé"))
    before = psutil.Process().memory_info().rss
    report = crawls()
    assert psutil.Process().memory_info().rss - before < 100 * MEGABYTE
    assert [p["url"] for p in report["proposals"]] == [site.origin + "/open"]
    assert site.count()["/closed"] == 0


def test_a_sitemap_that_names_itself(site: Site, crawls: Crawls) -> None:
    site.text("/robots.txt", "Sitemap: {origin}/map.xml\n")
    site.text("/map.xml", "<sitemapindex><sitemap><loc>{origin}/map.xml</loc></sitemap></sitemapindex>", "text/xml")
    site.page("/", resource("Accueil"))
    assert len(crawls()["proposals"]) == 1
    assert site.count()["/map.xml"] == 1


def test_a_feed_that_reaches_for_files_and_grows(site: Site, crawls: Crawls) -> None:
    head = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    entity = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY a "aaaaaaaaaa">]>'
    site.text("/feed", f"{entity}<rss><item><link>{site.origin}/&x;&a;</link></item></rss>", "application/rss+xml")
    site.page("/", listing("/after", head=head))
    site.page("/after", resource("Après"))
    report = crawls()
    assert [e["error"].split(":")[0] for e in report["errors"]] == ["unsafe_xml"]
    assert set(site.paths()) == {"/", "/robots.txt", "/sitemap.xml", "/feed", "/after"}


def test_links_that_are_no_web_addresses(site: Site, crawls: Crawls) -> None:
    site.page(
        "/",
        listing(
            "file:///etc/passwd", "ftp://127.0.0.1/x", "javascript:x", "mailto:a@b.be", "data:,x", "http://[", "/ok"
        ),
    )
    site.page("/ok", resource("Bien"))
    report = crawls()
    assert (report["errors"], len(report["proposals"])) == ([], 1)


def test_a_host_that_answers_200_for_everything(site: Site, crawls: Crawls) -> None:
    site.page("/", listing("/a", "/b", "/c", "/vrai"))
    site.page("/vrai", resource("Vrai"))
    same = resource("Bienvenue").encode()
    site.answer = lambda path: Document(same, headers=HTML) if path != "/robots.txt" else None
    report = crawls()
    titles = [p["resource"]["title"]["fr"] for p in report["proposals"]]
    assert sorted(titles) == ["Bienvenue", "Vrai"]  # the first of them could have been a page
    assert report["skipped"]["soft_404"] == 2


def test_a_reader_that_fails_costs_one_page(site: Site, crawls: Crawls, caplog: pytest.LogCaptureFixture) -> None:
    def read_badly(page: object, source: object) -> object:
        raise RecursionError

    site.page("/", resource("Page"))
    report = crawls(read=read_badly)
    assert [e["error"].split(":")[0] for e in report["errors"]] == ["reading_failed"]
    assert "reading failed" in caplog.text


def make_certificate(path: Path) -> None:
    """A certificate for this machine that only it vouches for."""
    import datetime

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + built.public_bytes(serialization.Encoding.PEM))
