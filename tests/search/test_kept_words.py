"""Words kept in the index are those an analysis gives, and mark the same."""

from __future__ import annotations

import json
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.text import fold
from search.analysis import concept_finder, kin, normalise, raw_words
from search.highlight import MIN_PREFIX, Highlighter, _join, _wrap
from search.kept_words import keep, pack, unpack
from search.plan import Plan, make_plan
from search.spelling import allowed_distance, within_distance

WRITTEN = [
    "Appelez le 02/123.45.67 ou +32 2 123 45 67, à 1000 Bruxelles (BE-1030 aussi)",
    "Les professionnel·les, l’écoute des patient(e)s, foto's en rendez-vous",
    "Soins palliatifs & vaccination <b>grippe</b> : bru-stars, PSPA, ŒUVRE, Zorgplanning",
    "e\u0301coute \u0301 ﬁn ™ ß İstanbul", "", " ", "·", "İ" * 70,
]  # fmt: skip
QUERIES = ["vaccin grippe bim", "rouw", "vacination", "palli", "l'ecoute des pros", "02 123 45 67", "zorg planning", ""]
texts = st.sampled_from(WRITTEN) | st.text(max_size=200) | st.lists(st.sampled_from(WRITTEN)).map(" ".join)


@settings(deadline=None)
@given(text=texts)
def test_kept_words_come_back_as_they_were(text: str) -> None:
    kept = json.loads(json.dumps(pack(text)))
    assert unpack(text, kept) == raw_words(text)


@pytest.mark.parametrize("text", WRITTEN)
def test_kept_words_are_those_of_every_shown_text(text: str) -> None:
    kept = json.loads(keep({"title": {"fr": text}, "summary": {"nl": text, "fr": "Autre."}}))
    assert unpack(text, kept["title"]["fr"]) == unpack(text, kept["summary"]["nl"]) == raw_words(text)
    assert set(kept["summary"]) == {"nl", "fr"}


def test_a_word_that_follows_from_the_text_is_not_kept_twice() -> None:
    text = "Écoute des professionnel·les"
    assert pack(text)[1] == {"2": "professionnel"}
    assert [word.folded for word in raw_words(text)][:2] == [fold("Écoute"), "des"]


@settings(deadline=None)
@given(text=texts, query=st.sampled_from(QUERIES) | texts)
def test_kept_words_mark_what_word_by_word_marking_marks(text: str, query: str) -> None:
    plan = make_plan(query[:512])
    kept = json.loads(json.dumps(pack(text)))
    highlighter = Highlighter(plan)
    marked = highlighter.mark(text, unpack(text, kept))
    assert marked == highlighter.mark(text) == _marked_plainly(plan, text)


def test_the_plain_way_marks_something() -> None:
    assert _marked_plainly(make_plan("rouw"), "Groupe de deuil") == "Groupe de <mark>deuil</mark>"
    assert _marked_plainly(make_plan("rouw"), "<b>") == escape("<b>")


def _marked_plainly(plan: Plan, text: str) -> str:
    """The rules of marking said once more, word by word, with nothing remembered."""
    finder = concept_finder()
    concepts = {concept for need in plan.needs for concept in (*need.concepts, *need.inner)}
    exact = {form for need in plan.needs for form in need.forms}
    prefixes = tuple(need.forms[-1] for need in plan.needs if need.prefix and len(need.forms[-1]) >= MIN_PREFIX)
    roots = {root for need in plan.needs for root in (*need.kin, *need.parts)} | finder.families_of(concepts)
    plain = [form for need in plan.needs if not need.concepts and not need.weak for form in need.forms]
    text_words = raw_words(text)
    forms = [normalise(word.folded) for word in text_words]
    hit = [
        form in exact or form.startswith(prefixes) or (len(word.folded) > 2 and not roots.isdisjoint(kin(word.folded)))
        for word, form in zip(text_words, forms, strict=True)
    ]
    for key in (key for concept in concepts for key in finder.terms_of(concept)):
        for first in range(len(forms)):
            if tuple(forms[first : first + len(key)]) == key:
                hit[first : first + len(key)] = [True] * len(key)
    if not any(hit):
        hit = [
            any(within_distance(asked, form, limit) for asked in plain if (limit := allowed_distance(asked)))
            for form in forms
        ]
    return _wrap(text, _join(text, [(w.start, w.end) for w, marked in zip(text_words, hit, strict=True) if marked]))
