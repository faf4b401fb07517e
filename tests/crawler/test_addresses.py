"""No connection ever goes to an address that is not public."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.addresses import is_public
from crawler.dialling import Dialler
from crawler.errors import FetchError
from crawler.http import Fetcher, Limits
from crawler.urls import canonical_url
from tests.crawler.conftest import Crawls
from tests.crawler.site import Site, listing

CLOSED = [
    "0.0.0.0", "10.0.0.1", "10.255.255.255", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.9", "192.0.2.1", "192.31.196.1", "192.52.193.1", "192.88.99.1",
    "192.168.1.1", "192.175.48.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "100::1", "2001::1", "2001:10::1", "2001:20::1", "2001:db8::1",
    "2002:7f00:1::", "2002:a00:1::", "2620:4f:8000::1", "3fff::1", "3ffe::1", "5f00::1", "fc00::1", "fd12:3456::1",
    "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1", "4000::1", "localhost", "", "1.2.3", "127.1",
]  # fmt: skip
OPEN = ["1.1.1.1", "8.8.8.8", "193.190.0.1", "172.15.0.1", "172.32.0.1", "2a02:2788::1", "2606:4700::1111"]

#: Addresses as they stand in links, each of which some system would take to this machine or its network.
DISGUISES = [
    "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/",
    "http://0x7f.0.0.1/", "http://127.0.0.1./", "http://[::1]/", "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/", "http://[0:0:0:0:0:ffff:127.0.0.1]/", "http://[64:ff9b::127.0.0.1]/",
    "http://[2002:7f00:1::]/", "http://0/", "http://0.0.0.0/", "http://169.254.169.254/latest/meta-data/",
    "http://[fe80::1]/", "http://user:pass@127.0.0.1/", "http://public.example@127.0.0.1/", "http://127。0。0。1/",
    "http://①②⑦.0.0.1/", "http://192.168.0.1/", "http://10.0.0.1:80/", "http://[fd00::1]/", "http://localhost/",
]  # fmt: skip


@pytest.mark.parametrize("address", CLOSED)
def test_closed_addresses(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", OPEN)
def test_open_addresses(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_inside_an_ipv6_one_is_judged_itself(address: object) -> None:
    assert is_public(f"::ffff:{address}") == is_public(str(address))


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every connection that is tried; none is made."""
    tried: list[object] = []

    def refuse(address: object, *_: object, **__: object) -> socket.socket:
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    return tried


@pytest.mark.parametrize("link", DISGUISES)
def test_a_disguised_address_is_refused_before_anything_is_dialled(link: str, dialled: list[object]) -> None:
    href = canonical_url(link)
    assert href is not None
    with pytest.raises(FetchError) as refused:
        Fetcher("Senne/test").fetch(href, limits=Limits(connect_s=5))
    assert refused.value.name in {"private_address", "dns_failure"}
    assert dialled == []


@pytest.mark.parametrize("link", ["file:///etc/passwd", "ftp://site.example/", "gopher://x/", "http://", "//"])
def test_what_is_no_web_address_is_never_a_link(link: str) -> None:
    assert canonical_url(link) is None


@pytest.mark.parametrize(
    "answer",
    [["1.1.1.1", "127.0.0.1"], ["10.0.0.5"], ["8.8.8.8", "::1"], ["2606:4700::1111", "fe80::1"], ["8.8.8.8"] * 33, []],
)
def test_one_bad_answer_of_a_name_is_enough(answer: list[str], dialled: list[object]) -> None:
    fetcher = Fetcher("Senne/test", dialler=Dialler(resolve=lambda *_: answer))
    with pytest.raises(FetchError) as refused:
        fetcher.fetch("http://site.example/")
    assert refused.value.name in {"private_address", "dns_failure"}
    assert dialled == []


def test_the_address_that_was_checked_is_the_one_that_is_dialled(dialled: list[object]) -> None:
    answers = iter([["8.8.8.8"], ["127.0.0.1"]])  # a name that changes its mind
    fetcher = Fetcher("Senne/test", dialler=Dialler(resolve=lambda *_: next(answers)))
    with pytest.raises(FetchError):
        fetcher.fetch("http://rebinding.example/")
    assert dialled == [("8.8.8.8", 80)]
    with pytest.raises(FetchError) as refused:
        fetcher.fetch("http://rebinding.example/")
    assert refused.value.name == "private_address"
    assert dialled == [("8.8.8.8", 80)]


@pytest.mark.parametrize("port", [22, 25, 6379, 8080])
def test_other_ports_are_not_visited(port: int, dialled: list[object]) -> None:
    with pytest.raises(FetchError) as refused:
        Fetcher("Senne/test").fetch(f"http://8.8.8.8:{port}/")
    assert refused.value.name == "port"
    assert dialled == []


@pytest.mark.parametrize("target", [*DISGUISES[:12], "file:///etc/passwd", "ftp://127.0.0.1/", "http://127.0.0.1:1/"])
def test_a_redirect_out_of_the_source_is_not_followed(
    target: str, site: Site, crawls: Crawls, monkeypatch: pytest.MonkeyPatch
) -> None:
    connections: list[object] = []
    connect = socket.create_connection

    def note(address: object, *rest: object, **named: object) -> socket.socket:
        connections.append(address)
        return connect(address, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "create_connection", note)
    site.page("/", listing("/leads-away"))
    site.redirect("/leads-away", target, 302)
    report = crawls()
    assert [error["url"] for error in report["errors"]] == [site.origin + "/leads-away"]
    assert report["errors"][0]["error"].split(":")[0] in {"redirect_outside", "bad_redirect"}
    assert set(connections) == {("127.0.0.1", site.port)}


def test_a_source_that_is_not_allowed_private_addresses_asks_nothing(site: Site, crawls: Crawls) -> None:
    report = crawls(allow_private=False)
    assert site.asked == []
    assert report["requested"] == 0
    assert report["skipped"] == {"robots": 1}  # a host whose robots.txt cannot be had is not visited
