"""What the box shows and how one reads and types in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Request, Route, expect

Visit = Callable[..., Any]


def test_the_box_shows_what_the_api_answers_for_its_basin_and_theme(name: str, visit: Visit) -> None:
    here = visit(name)
    first = here.answer()
    here.shows(first["hits"])

    here.field.fill(here.typed)
    answer = here.answer(q=here.typed)
    assert 0 < answer["total"] < first["total"]
    here.shows(answer["hits"])
    assert str(answer["total"]) in here.box.locator(".count").inner_text()
    assert here.box.locator("mark").all_text_contents() == [
        unescape(mark)
        for hit in answer["hits"]
        for text in (hit["highlight"]["title"], hit["highlight"]["summary"])
        for mark in re.findall("<mark>(.*?)</mark>", text)
    ]


def test_a_text_in_another_language_says_so_and_is_marked_for_screen_readers(visit: Visit) -> None:
    here = visit("zorgzone-zuid")
    hits = here.hits()
    here.shows(hits)
    foreign = ["nl" not in hit["title"] for hit in hits]
    assert any(foreign), "the shipped entries hold French titles here"
    for index, is_foreign in enumerate(foreign):
        result = here.box.locator("li").nth(index)
        assert result.locator("a").get_attribute("lang") == ("fr" if is_foreign else None)
        assert result.locator(".badge").all_inner_texts() == (["in het Frans"] if is_foreign else [])


def test_two_boxes_of_a_page_are_apart_and_the_far_one_waits_to_be_near(visit: Visit, page: Any) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/api/" in request.url:
            asked.append(request.url)

    page.on("request", note)
    here = visit("bassin-nord")
    here.shows(here.hits())
    assert len(asked) == 1
    page.locator("senne-search").nth(1).scroll_into_view_if_needed()
    here.shows(here.hits(theme=[]), box=1)
    here.shows(here.hits(), box=0)
    names = page.locator("senne-search form[role=search]").evaluate_all("all => all.map(form => form.ariaLabel)")
    assert len(set(names)) == 2


def test_the_box_follows_its_attributes(visit: Visit) -> None:
    here = visit("bassin-nord")
    here.shows(here.hits())
    here.box.evaluate("""box => { box.setAttribute("basin", "sud"); box.setAttribute("theme", "housing food");
                         box.setAttribute("lang", "en"); box.setAttribute("limit", "3");
                         box.setAttribute("heading", "Living"); box.setAttribute("heading-level", "4") }""")
    here.terms = {"basin": "sud", "theme": ["housing", "food"], "lang": "en"}
    here.shows(here.hits(per_page=3))
    expect(here.box.locator("h4")).to_have_text("Living")
    expect(here.box.locator("label[for=q]")).to_have_text("What are you looking for?")
    here.box.evaluate("box => box.setAttribute('limit', '99')")
    here.shows(here.hits(per_page=10))


def test_without_lang_the_box_speaks_the_language_around_it(visit: Visit) -> None:
    here = visit("zorgzone-zuid")
    label = here.box.locator("label[for=q]")
    here.box.evaluate("box => box.removeAttribute('lang')")
    expect(label).to_have_text("Wat zoekt u?")  # <html lang="nl-BE">
    here.box.evaluate("box => { box.parentElement.lang = 'EN-gb'; box.setAttribute('lang', 'de') }")
    expect(label).to_have_text("What are you looking for?")


def test_moving_or_removing_a_box_leaves_no_error_and_keeps_what_was_typed(visit: Visit, page: Any) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    here = visit("bassin-nord")
    here.field.fill("hésitation")
    here.box.evaluate("box => document.querySelector('main').append(box)")  # disconnects and connects
    here.shows(here.hits(q="hésitation"), box=1)
    page.evaluate("""() => { const box = document.querySelectorAll("senne-search")[1];
        const field = box.shadowRoot.querySelector("#q"); field.value = "rouw"; field.dispatchEvent(new Event("input"));
        box.remove(); window.gone = box }""")
    here.field.fill("vaccin")  # the other box, alone now
    here.shows(here.hits(theme=[], q="vaccin"))
    assert "rouw" not in page.evaluate("gone.shadowRoot.querySelector('[part=all]').href")
    assert errors == []


def test_enter_and_the_link_open_senne_with_words_basin_and_theme(visit: Visit) -> None:
    here = visit("zorgzone-zuid")
    here.field.fill("rouw")
    answer = here.answer(q="rouw")
    here.shows(answer["hits"])
    wanted = {"q": ["rouw"], "basin": ["sud"], "theme": ["end_of_life", "grief"]}
    link = here.box.locator("[part=all]")
    address = urlsplit(link.get_attribute("href") or "")
    assert (f"{address.scheme}://{address.netloc}", address.path) == (here.senne, "/nl/ressources")
    assert parse_qs(address.query) == wanted
    assert str(answer["total"]) in link.inner_text()
    here.field.press("Enter")
    here.page.wait_for_url(f"{here.senne}/**")
    assert here.address() == ("/nl/ressources", wanted)
    assert here.listed()[:5] == [hit["url"] for hit in answer["hits"]]


def test_tab_walks_from_the_box_over_the_results_in_order(visit: Visit) -> None:
    here = visit("bassin-nord")
    hits = here.hits()
    here.shows(hits)
    here.box.evaluate("box => box.focus()")  # delegatesFocus
    walked = []
    for _ in range(2 + len(hits)):
        walked.append(
            here.page.evaluate("(e => e.id || e.type || e.href)(document.activeElement.shadowRoot.activeElement)")
        )
        here.page.keyboard.press("Tab")
    assert walked == ["q", "submit", *(hit["url"] for hit in hits)]


def test_a_click_on_a_result_leaves_the_keyboard_out_of_the_box(visit: Visit) -> None:
    here = visit("bassin-nord")
    here.shows(here.hits())
    here.box.locator(".summary").first.click()
    assert here.page.evaluate("document.activeElement.shadowRoot.activeElement.className") == "results"


def test_the_count_is_announced_after_a_search_and_never_before_one(visit: Visit) -> None:
    here = visit("bassin-nord")
    here.shows(here.hits())
    status = here.box.locator("[role=status]")
    expect(status).to_be_empty()
    here.field.fill("hésitation")
    total = here.answer(q="hésitation")["total"]
    expect(status).to_have_text(re.compile(rf"^{total} ressources?"))
    here.field.fill("zzzzqqqqxxxx")
    expect(status).to_have_text("Aucune ressource trouvée.")
    assert here.box.locator(".results").locator("[role=status], [aria-live]").count() == 0
    loosened = here.box.locator("[part=all]").get_attribute("href") or ""
    assert parse_qs(urlsplit(loosened).query) == {"q": ["zzzzqqqqxxxx"]}


def test_a_late_answer_never_replaces_a_newer_one(visit: Visit) -> None:
    here = visit("bassin-nord")
    here.shows(here.hits())
    held: list[Route] = []
    here.page.route("**/api/v1/search?q=prix*", lambda route: held.append(route))
    with here.page.expect_request("**/api/v1/search?q=prix*"):
        here.field.fill("prix")
    here.field.fill("hésitation")
    wanted = here.hits(q="hésitation")
    here.shows(wanted)
    assert len(held) == 1
    held[0].fulfill(json={"total": 0, "hits": [], "facets": {}}, headers={"Access-Control-Allow-Origin": "*"})
    here.page.evaluate("fetch('/favicon.ico').catch(() => 0)")  # a round trip later
    here.shows(wanted)
