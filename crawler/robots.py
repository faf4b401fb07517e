"""Reads robots.txt and says what it allows. Pure: no network, no clock.

The law is RFC 9309; where it leaves a choice, Google's parser is followed, whose cases we share:
- groups that name the same product token are merged; `*` counts only where no group names ours;
- the longest matching rule wins (in octets, after percent-encoding), `allow` wins a tie;
- unknown lines do not end a group; common misspellings of the directives are understood;
- at least 500 KiB are read, what lies beyond is cut at a line end;
- `/robots.txt` itself is always allowed.
Crawl-delay is not part of the standard; it is read because many small sites rely on it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

MAX_BYTES = 500 * 1024
_MAX_LINE_BYTES = 2083 * 8  #: what lies beyond is cut. Source: google/robotstxt
_MAX_CRAWL_DELAY_S = 300.0
_BOM = b"\xef\xbb\xbf"
_LINE_END = re.compile(rb"\r\n|\r|\n")
_PRODUCT_TOKEN = re.compile(rb"[A-Za-z_-]*")
_ESCAPED = re.compile(rb"%[0-9a-fA-F]{2}|[\x80-\xff]")
#: Directives and how people misspell them; a line counts when its key starts so.
_KEYS: tuple[tuple[str, tuple[bytes, ...]], ...] = (
    ("agent", (b"user-agent", b"useragent", b"user agent")),
    ("allow", (b"allow",)),
    ("disallow", (b"disallow", b"dissallow", b"dissalow", b"disalow", b"diasllow", b"disallaw")),
    ("sitemap", (b"sitemap", b"site-map")),
    ("delay", (b"crawl-delay", b"crawldelay")),
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One allow or disallow line that applies to us."""

    kind: Literal["allow", "disallow"]
    pattern: bytes

    def matches(self, path: bytes) -> bool:
        """`*` stands for any octets, a final `$` for the end. Linear time, whatever the pattern."""
        pattern, anchored = self.pattern, self.pattern.endswith(b"$")
        if anchored:
            pattern = pattern[:-1]
        first, *rest = pattern.split(b"*")
        if not path.startswith(first):
            return False
        at = len(first)
        if not rest:
            return not anchored or at == len(path)
        last = rest.pop() if anchored else b""
        for part in rest:
            at = path.find(part, at)
            if at < 0:
                return False
            at += len(part)
        return not anchored or (path.endswith(last) and len(path) - len(last) >= at)


@dataclass(frozen=True, slots=True)
class Robots:
    """What one robots.txt says to one product token. `crawl_delay`: seconds, at most 300; None where not given."""

    rules: tuple[Rule, ...] = ()
    crawl_delay: float | None = None
    sitemaps: tuple[str, ...] = ()

    def allows(self, url: str) -> bool:
        """Whether the address (absolute, canonical) may be fetched."""
        path = path_of(url)
        if path == b"/robots.txt":
            return True
        best = {"allow": -1, "disallow": 0}  # an empty disallow forbids nothing
        for rule in self.rules:
            for pattern in _spellings(rule):
                if len(pattern.pattern) > best[rule.kind] and pattern.matches(path):
                    best[rule.kind] = len(pattern.pattern)
        return best["allow"] >= best["disallow"] or best["disallow"] == 0


ALLOW_ALL = Robots()
FORBID_ALL = Robots(rules=(Rule("disallow", b"/"),))


@dataclass(slots=True)
class _Groups:
    """The lines of our own groups and of the groups for everybody, while they are gathered."""

    ours: list[Rule] = field(default_factory=list)
    everybodys: list[Rule] = field(default_factory=list)
    our_delays: list[float] = field(default_factory=list)
    everybodys_delays: list[float] = field(default_factory=list)
    are_named: bool = False


def parse(body: bytes, product_token: str) -> Robots:
    """What `body` says to `product_token`. Never raises: a line that makes no sense is skipped."""
    token = product_token.lower().encode("ascii", "replace")
    groups, sitemaps = _Groups(), []
    in_ours = in_everybodys = group_has_lines = False
    for key, value in _lines(body):
        if key == "agent":
            if group_has_lines:
                in_ours = in_everybodys = group_has_lines = False
            if value[:1] == b"*" and value[1:2] in {b"", b" ", b"\t"}:
                in_everybodys = True
            elif (match := _PRODUCT_TOKEN.match(value)) and match.group().lower() == token:
                in_ours = groups.are_named = True
        elif key == "sitemap":
            sitemaps.append(value.decode("utf-8", "replace"))
        elif key == "delay":
            if (delay := _seconds(value)) is not None and (in_ours or in_everybodys):
                (groups.our_delays if in_ours else groups.everybodys_delays).append(delay)
        elif in_ours or in_everybodys:
            group_has_lines = True
            rule = Rule("allow" if key == "allow" else "disallow", _escape(value))
            if in_ours:
                groups.ours.append(rule)
            if in_everybodys:
                groups.everybodys.append(rule)
        else:
            group_has_lines = True
    rules = groups.ours if groups.are_named else groups.everybodys
    delays = groups.our_delays if groups.are_named else groups.everybodys_delays
    return Robots(tuple(rules), max(delays, default=None), tuple(dict.fromkeys(sitemaps)))


def path_of(url: str) -> bytes:
    """Path and query of an absolute, percent-encoded address. "" and a bare host are `/`."""
    rest = url.partition("#")[0]
    rest = rest.partition("//")[2] if "//" in rest else rest
    start = min((at for mark in "/?;" if (at := rest.find(mark)) >= 0), default=len(rest))
    path = rest[start:]
    return (path if path.startswith("/") else "/" + path).encode("utf-8", "replace")


def _lines(body: bytes) -> list[tuple[str, bytes]]:
    """The lines that are directives, as (kind, value)."""
    if len(body) > MAX_BYTES:
        cut = max(body.rfind(b"\n", 0, MAX_BYTES), body.rfind(b"\r", 0, MAX_BYTES))
        body = body[: cut if cut > 0 else MAX_BYTES]
    skip = 0
    while skip < 3 and body[skip : skip + 1] == _BOM[skip : skip + 1]:
        skip += 1
    found = []
    for line in _LINE_END.split(body[skip:]):
        key, value = _split(line[:_MAX_LINE_BYTES].partition(b"#")[0].strip())
        lowered = key.lower()
        for kind, spellings in _KEYS:
            if lowered.startswith(spellings):
                found.append((kind, value))
                break
    return found


def _split(line: bytes) -> tuple[bytes, bytes]:
    """Key and value; white space may stand for a forgotten colon when exactly two words are there."""
    key, colon, value = line.partition(b":")
    if colon:
        return key.strip(), value.strip()
    words = line.split()
    return (words[0], words[1]) if len(words) == 2 else (b"", b"")


def _spellings(rule: Rule) -> tuple[Rule, ...]:
    """The rule, and for `…/index.html` the folder that it stands for. Source: google/robotstxt."""
    slash = rule.pattern.rfind(b"/")
    if rule.kind == "allow" and slash >= 0 and rule.pattern.startswith(b"/index.htm", slash):
        return rule, Rule("allow", rule.pattern[: slash + 1] + b"$")
    return (rule,)


def _escape(text: bytes) -> bytes:
    """Octets outside ASCII as %XX, and every %xx in upper case."""
    return _ESCAPED.sub(lambda m: m.group().upper() if len(m.group()) == 3 else b"%%%02X" % m.group()[0], text)


def _seconds(value: bytes) -> float | None:
    try:
        seconds = float(value)
    except ValueError:
        return None
    return min(seconds, _MAX_CRAWL_DELAY_S) if seconds >= 0 else None
