"""What an entry is worth to readers: each criterion, and the laws of the score."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.quality import CRITERIA, Facts, assess, gain, grade
from directory.taxonomy import taxonomy
from tests.directory.samples import FULL

SUMMARY = "Trois matinées pour parler du deuil avec d'autres, encadrées par deux psychologues."
BOTH = {"fr": "Un texte.", "nl": "Een tekst."}
#: Lacks nothing: every text in both languages.
WHOLE: dict[str, Any] = {
    **FULL,
    "summary": {"fr": SUMMARY, "nl": SUMMARY},
    "how_made": dict.fromkeys(("steps", "partners", "effort", "obstacles"), BOTH),
}
LACKS: list[tuple[str, dict[str, Any], Facts]] = [
    ("link_dead", {}, Facts(dead={"https://asbl.example/rouw.pdf"})),
    ("link_dead", {}, Facts(dead={"https://asbl.example/decembre"})),  # of a date
    ("translation_fr", {"title": {"nl": "Rouwatelier"}}, Facts()),
    ("translation_nl", {"how_made": {"steps": {"fr": "Écouter."}}}, Facts()),
    ("translation_nl", {"cost": {"kind": "free", "note": {"fr": "Gratuit."}}}, Facts()),
    ("summary_short", {"summary": {}}, Facts()),
    ("summary_short", {"summary": {"fr": "Court.", "nl": "Kort."}}, Facts()),
    ("overdue", {}, Facts(state="overdue")),
    ("never_verified", {"verified_on": None}, Facts()),
    ("summary_copied", {}, Facts(quotes=(f"Bienvenue ! {SUMMARY.upper()} Inscrivez-vous.",))),
    ("contact_missing", {"contact": {}}, Facts()),
    ("cost_unknown", {"cost": {"kind": "unknown"}}, Facts()),
    ("basin_missing", {"basins": []}, Facts()),
    ("link_missing", {"links": []}, Facts()),
    ("how_made_missing", {"how_made": {"recurring_since": "2019"}}, Facts()),
    ("easy_read_missing", {"easy_read": None}, Facts()),
    ("audience_missing", {"audiences": []}, Facts()),
    ("languages_missing", {"languages": []}, Facts()),
]
IDS = [criterion.id for criterion in CRITERIA]


def test_an_entry_that_says_everything_is_worth_a_hundred() -> None:
    found = assess(WHOLE, Facts())
    assert (found.score, found.lacks) == (100, ())


@pytest.mark.parametrize(("lack", "changes", "facts"), LACKS)
def test_each_lack_is_found_alone_and_costs_what_mending_it_gains(
    lack: str, changes: dict[str, Any], facts: Facts
) -> None:
    found = assess({**WHOLE, **changes}, facts)
    assert found.lacks == (lack,)
    assert 0 < 100 - found.score == gain(WHOLE["type"], lack)


def test_every_criterion_has_its_case() -> None:
    assert {lack for lack, _changes, _facts in LACKS} == set(IDS)


def test_due_is_not_overdue_and_a_few_common_words_are_no_copy() -> None:
    assert assess(WHOLE, Facts(state="due", quotes=("Trois matinées", "pour parler du deuil"))).lacks == ()


def test_what_does_not_concern_a_type_is_not_asked_of_it() -> None:
    guide = {**WHOLE, "type": "guide", "contact": {}}
    helpline = {**WHOLE, "type": "helpline", "how_made": {}}
    assert assess(guide, Facts()).score == assess(helpline, Facts()).score == 100


@given(type_=st.sampled_from(sorted(taxonomy().types)), lacks=st.sets(st.sampled_from(IDS)))
def test_mending_anything_never_lowers_the_score_and_each_point_stands_in_the_list(type_: str, lacks: set[str]) -> None:
    found = grade(type_, lacks)
    assert 0 <= found.score <= 100
    assert (found.score == 100) == (not found.lacks)
    assert set(found.lacks) <= lacks
    for lack in found.lacks:
        assert grade(type_, lacks - {lack}).score > found.score
    gains = [gain(type_, lack) for lack in found.lacks]
    assert gains == sorted(gains, reverse=True)


def test_an_empty_entry_of_no_type_can_be_judged_too() -> None:
    assert assess({}, Facts()).score < 60
