"""Which links of a page lead to the same page in another language."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crawler.page import Reading

Reader = Callable[..., Reading]
TEXT = "Un bénévole accompagne chaque semaine une famille, gratuitement, à Ixelles, pour souffler et sortir ensemble."


@pytest.mark.parametrize(
    ("own", "link", "twin"),
    [
        ("https://a.example/fr/velo", "/nl/fiets", "https://a.example/nl/fiets"),
        ("https://a.example/velo-fr.htm", "/velo-nl.htm", "https://a.example/velo-nl.htm"),
        ("https://a.example/velo?lang=fr", "/velo?lang=nl", "https://a.example/velo?lang=nl"),
        ("https://a.example/velo", "https://nl.a.example/fiets", "https://nl.a.example/fiets"),
        ("https://a.example/velo.htm", "/nederlands.htm", None),  # one page that stands for the whole site
        ("https://a.example/fr/velo", "/nl/", None),  # the other language's home
    ],
)
def test_a_language_switch_is_a_twin_where_its_address_says_so(
    read_page: Reader, own: str, link: str, twin: str | None
) -> None:
    html = f"<html lang='fr'><body><header><a href='{link}'>Nederlands</a></header><main><h1>Le vélo</h1><p>{TEXT}</p></main>"
    assert read_page(html, url=own).twins == ({"nl": twin} if twin else {})


def test_a_language_link_to_the_home_page_is_no_twin_of_another_page(read_page: Reader) -> None:
    head = "<head><link rel='alternate' hreflang='nl' href='https://a.example/nl/'></head>"
    html = f"<html lang='fr'>{head}<body><main><h1>Le vélo</h1><p>{TEXT}</p></main>"
    assert read_page(html, url="https://a.example/fr/velo").twins == {}
    assert read_page(html, url="https://a.example/fr/").twins == {"nl": "https://a.example/nl/"}
