"""One spelling per address, and which addresses belong to a source. Pure.

Parsing follows the WHATWG standard (ada), as browsers do. Everything below works on the `href` that came out of
that one parse, so that what is checked is what is connected to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import ada_url

MAX_LENGTH = 2000
#: Parameters that say where a reader came from, never what the page shows.
_TRACKING = re.compile(
    r"(utm_\w+|mtm_\w+|pk_\w+|piwik_\w+|fbclid|gclid|dclid|msclkid|yclid|mc_cid|mc_eid|_ga|_gl|igshid|_hsenc|_hsmi)",
    re.ASCII | re.IGNORECASE,
)
#: Parameters that name a visit.
_SESSION = re.compile(
    r"(phpsessid|jsessionid|aspsessionid\w*|cfid|cftoken|sessionid|session_id)", re.ASCII | re.IGNORECASE
)
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?;]*", re.ASCII | re.IGNORECASE)
_SID = re.compile(r"[0-9A-Za-z]{16,}", re.ASCII)
_ENCODED = re.compile(r"%[0-9a-fA-F]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@dataclass(frozen=True, slots=True)
class Address:
    """A canonical http(s) address taken apart. `host` is in lower case and ASCII; IPv6 in brackets."""

    href: str
    origin: str  #: scheme://host[:port]
    scheme: str
    host: str
    port: int
    path: str
    query: str  #: without question mark


@lru_cache(maxsize=4096)
def parse(href: str) -> Address:
    """Take a canonical address apart. Raises ValueError for anything that `canonical_url` would not return."""
    url = ada_url.URL(href)
    scheme = url.protocol[:-1]
    if scheme not in {"http", "https"} or not url.hostname:
        raise ValueError(f"{href[:100]!r} is no web address")
    port = int(url.port) if url.port else (443 if scheme == "https" else 80)
    return Address(url.href, f"{scheme}://{url.host}", scheme, url.hostname, port, url.pathname, url.search[1:])


def canonical_url(text: str, base: str | None = None) -> str | None:
    """The one spelling of an address, or None where it is no web address that may be visited.

    Fragment, credentials, tracking and session parameters are left out, percent-encoding is made uniform.
    Canonical twice is the same as once.
    """
    try:
        url = ada_url.URL(text.strip(), base)
    except ValueError:
        return None
    if url.protocol not in {"http:", "https:"} or not url.hostname or len(url.href) > MAX_LENGTH:
        return None
    if url.username or url.password:
        url.username = url.password = ""
    url.hash = ""
    if "%" in url.href or ";" in url.pathname:
        url.pathname = _uniform(_SESSION_IN_PATH.sub("", url.pathname))
    query = url.search[1:]
    if query:
        kept = [part for part in query.split("&") if part and not _is_noise(part)]
        query = _uniform("&".join(kept))
    url.search = query  # also drops a lone "?"
    href = url.href
    if len(href) > MAX_LENGTH:
        return None
    return href[:-1] if href.endswith("?") else href


def origin_of(href: str) -> str:
    """scheme://host[:port] of a canonical address."""
    return parse(href).origin


class Scope:
    """Which addresses a source covers: its `allow` patterns, else the origins of its start addresses.

    Without patterns, `www.` before the same host and https instead of http count as the same origin, since sites
    redirect between them.
    """

    def __init__(self, start_urls: Sequence[str], allow: Iterable[str] = ()) -> None:
        self._patterns = [_compile(pattern) for pattern in allow]
        self._origins: set[str] = set()
        if not self._patterns:
            for start in start_urls:
                if (href := canonical_url(start)) is not None:
                    self._origins |= _variants(parse(href))

    def covers(self, href: str) -> bool:
        """Whether a canonical address belongs to the source."""
        if self._patterns:
            return any(pattern.fullmatch(href) for pattern in self._patterns)
        return origin_of(href) in self._origins


def _variants(address: Address) -> set[str]:
    found = {address.origin}
    if address.port in {80, 443}:
        bare = address.host.removeprefix("www.")
        named = not bare.startswith("[") and not bare.replace(".", "").isdigit() and "." in bare
        hosts = {address.host, bare, f"www.{bare}"} if named else {address.host}
        schemes = {"https", address.scheme} if address.origin.count(":") == 1 or bare.startswith("[") else set()
        found |= {f"{scheme}://{host}" for scheme in schemes for host in hosts}
    return found


def _compile(pattern: str) -> re.Pattern[str]:
    """`*` matches any characters. The fixed part before the first one is made canonical, where it is an address."""
    head, star, tail = pattern.partition("*")
    if not star:
        return re.compile(re.escape(canonical_url(head) or head))
    spelt = canonical_url(head) if head.count("/") >= 3 else None
    parts = [spelt if spelt and spelt.startswith(head.lower()[:8]) and spelt.endswith(head[-1]) else head]
    return re.compile(".*".join(map(re.escape, [*parts, *tail.split("*")])), re.DOTALL)


def _is_noise(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    if _TRACKING.fullmatch(name) or _SESSION.fullmatch(name):
        return True
    return name.lower() in {"sid", "s_id"} and _SID.fullmatch(value) is not None


def _uniform(text: str) -> str:
    """Upper-case escapes; an escape of a letter that needs none is undone. Source: RFC 3986 §6.2.2."""

    def spell(match: re.Match[str]) -> str:
        character = chr(int(match.group()[1:], 16))
        return character if character in _UNRESERVED else match.group().upper()

    return _ENCODED.sub(spell, text)
