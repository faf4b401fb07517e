"""robots.txt, by RFC 9309."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego

from crawler.robots import MAX_BYTES, parse

CASES = json.loads((Path(__file__).parents[2] / "fixtures" / "robots_cases.json").read_text(encoding="utf-8"))
PATHS = st.text(alphabet="ab/*$", min_size=1, max_size=12).map(lambda path: "/" + path)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["test"])
def test_the_shared_cases(case: dict[str, object]) -> None:
    robots = parse(str(case["robots"]).encode(), str(case["ua"]))
    assert robots.allows(str(case["url"])) == case["allowed"]


def test_there_are_140_cases() -> None:
    assert len(CASES) == 140


@given(st.lists(st.tuples(st.sampled_from(["Allow", "Disallow"]), PATHS), max_size=8), PATHS)
def test_another_parser_agrees_on_plain_rules(rules: list[tuple[str, str]], path: str) -> None:
    text = "User-agent: *\n" + "".join(f"{kind}: {pattern}\n" for kind, pattern in rules)
    path = path.replace("*", "x").replace("$", "x")
    url = f"https://site.example{path}"
    if any("**" in pattern or "$" in pattern[:-1] for _, pattern in rules):
        return  # Protego reads these its own way
    assert parse(text.encode(), "Senne").allows(url) == Protego.parse(text).can_fetch(url, "Senne")


@given(st.binary(max_size=300), st.text(max_size=30))
def test_no_file_makes_it_fail(body: bytes, path: str) -> None:
    parse(body, "Senne").allows("https://site.example/" + path)


@given(PATHS, PATHS)
def test_a_longer_rule_wins(short: str, rest: str) -> None:
    short, long = short.replace("$", "").replace("*", ""), (short + rest).replace("$", "").replace("*", "")
    text = f"User-agent: senne\nDisallow: {short}\nAllow: {long}\n"
    assert parse(text.encode(), "Senne").allows("https://site.example" + long)


def test_our_group_replaces_the_one_for_everybody() -> None:
    robots = parse(b"User-agent: *\nDisallow: /\nCrawl-delay: 9\n\nUser-agent: Senne\nCrawl-delay: 4\n", "Senne")
    assert robots.allows("https://site.example/")
    assert robots.crawl_delay == 4.0


@pytest.mark.parametrize(
    ("value", "delay"), [("2.5", 2.5), ("9999", 300.0), ("-1", None), ("nan", None), ("ten", None)]
)
def test_crawl_delay(value: str, delay: float | None) -> None:
    assert parse(f"User-agent: *\nCrawl-delay: {value}\nDisallow: /x".encode(), "Senne").crawl_delay == delay


def test_sitemaps_stand_outside_groups() -> None:
    body = b"Sitemap: https://a.example/1.xml\nUser-agent: *\nsitemap:https://a.example/2.xml\nDisallow: /x"
    robots = parse(body, "Senne")
    assert robots.sitemaps == ("https://a.example/1.xml", "https://a.example/2.xml")
    assert not robots.allows("https://a.example/x")


def test_what_lies_beyond_500_kib_is_cut_at_a_line_end() -> None:
    body = b"User-agent: *\n" + b"Disallow: /a\n" * (MAX_BYTES // 13) + b"Disallow: /late\n" * 10
    robots = parse(body, "Senne")
    assert not robots.allows("https://site.example/a")
    assert robots.allows("https://site.example/late")


def test_robots_txt_itself_is_always_allowed() -> None:
    assert parse(b"User-agent: *\nDisallow: /", "Senne").allows("https://site.example/robots.txt")
