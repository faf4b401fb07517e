"""The scorer of crawls: a perfect crawl scores 1, and each fault lowers its own figure only."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from bench.score_crawl import load_site, main, score_report
from tests.local_sites import SITES, site_names

Json = dict[str, Any]
ESSAI = SITES / "bassin-essai"
EVENT = "/concertation-prevention-promotion-sante-5/"
BASE = "http://127.0.0.1:8090"


def perfect(folder: Path) -> list[Json]:
    """The report of a crawl that found what the gold says, and nothing else."""
    manifest, gold = load_site(folder)
    fields = ("title", "type", "languages", "themes", "basins", "audiences", "occurrences", "cost", "contact")
    proposals = [
        {
            "id": f"p-{place}",
            "kind": line["kind"],
            "url": BASE + line["url"],
            "resource": {
                **{name: line[name] for name in fields if line.get(name)},
                "organisations": [{"name": name} for name in line["organisations"]],
            },
            "evidence": {},
            "matches": line.get("matches", []),
        }
        for place, line in enumerate(gold)
        if line["expect"] == "resource"
    ]
    return [{"source": manifest["name"], "proposals": copy.deepcopy(proposals)}]


def proposal_of(report: list[Json], url: str) -> Json:
    found: Json = next(p for p in report[0]["proposals"] if p["url"] == BASE + url)
    return found


def score(report: list[Json], folder: Path = ESSAI, visits: Json | None = None) -> Json:
    return score_report(report, [folder], [visits] if visits else [])


@pytest.mark.parametrize("name", site_names())
def test_a_perfect_crawl_scores_one_everywhere(name: str) -> None:
    result = score(perfect(SITES / name), SITES / name)
    assert result["failures"] == []
    assert result["missed_targets"] == []


def test_the_report_of_several_sites_is_pooled() -> None:
    folders = [SITES / name for name in site_names()]
    report = [source for folder in folders for source in perfect(folder)]
    pages = score_report(report, folders)["all"]["pages"]
    assert (pages["fp"], pages["fn"]) == (0, 0)
    assert pages["tp"] == sum(len(source["proposals"]) for source in report)


def test_a_site_without_a_report_found_nothing() -> None:
    result = score([])
    assert result["all"]["pages"]["recall"] == 0
    assert result["all"]["pages"]["precision"] is None
    assert any(missed.startswith("pages recall") for missed in result["missed_targets"])


@pytest.mark.parametrize("url", ["/contact/", "/page-inconnue/", "/concertation-prevention-promotion-sante-5/?print=1"])
def test_a_proposal_from_another_page_lowers_precision(url: str) -> None:
    report = perfect(ESSAI)
    extra = copy.deepcopy(report[0]["proposals"][0])
    report[0]["proposals"].append({**extra, "url": BASE + url})
    pages = score(report)["all"]["pages"]
    assert (pages["fp"], pages["fn"]) == (1, 0)


def test_two_proposals_for_one_page_count_once() -> None:
    report = perfect(ESSAI)
    report[0]["proposals"].append(copy.deepcopy(report[0]["proposals"][0]))
    assert score(report)["all"]["pages"]["fp"] == 1


def test_a_page_that_could_go_both_ways_counts_for_nothing() -> None:
    report = perfect(ESSAI)
    extra = copy.deepcopy(report[0]["proposals"][0])
    report[0]["proposals"].append({**extra, "url": BASE + "/bassin-nord/"})
    assert score(report)["failures"] == []


def test_gone_is_no_resource() -> None:
    report = perfect(ESSAI)
    report[0]["proposals"].append({"kind": "gone", "url": BASE + "/contact/", "resource": {}})
    assert score(report)["failures"] == []


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"title": {"fr": "Autre titre"}}, "title"),
        ({"title": {}}, "title"),
        ({"type": "awareness"}, "type"),
        ({"languages": ["nl"]}, "languages"),
        ({"basins": ["nord-est"]}, "basins"),
        ({"themes": ["prevention"]}, "themes"),
        ({"themes": ["prevention", "vaccination", "grief"]}, "themes"),
        ({"audiences": []}, "audiences"),
        ({"organisations": [{"name": "Une autre"}]}, "organisations"),
    ],
)
def test_a_wrong_field_lowers_its_own_figure_only(change: Json, part: str) -> None:
    report = perfect(ESSAI)
    proposal_of(report, EVENT)["resource"].update(change)
    result = score(report)
    assert {failure["what"] for failure in result["failures"]} == {part}
    assert result["all"][part]["f1"] < 1


def test_case_accents_and_spaces_of_a_title_do_not_matter() -> None:
    report = perfect(ESSAI)
    title = proposal_of(report, "/helpdesk/")["resource"]["title"]
    title["fr"] = "  HELPDESK du\u00a0bassin  nord"
    assert score(report)["failures"] == []


def test_what_a_curator_might_add_neither_helps_nor_harms() -> None:
    report = perfect(ESSAI)
    resource = proposal_of(report, "/helpdesk/")["resource"]
    resource["type"] = "helpline"  # in types_also
    before = score(perfect(ESSAI))["all"]["themes"]
    proposal_of(report, "/intervision-premiere-ligne/")["resource"]["themes"].append("housing")  # in themes_also
    result = score(report)
    assert result["failures"] == []
    assert result["all"]["themes"] == before


@pytest.mark.parametrize(
    "occurrences",
    [
        [],
        [{"start": "2026-12-10T13:00+01:00"}],
        [{"start": "2026-12-10", "end": "2026-12-10"}],
        [{"start": "2025-12-10T13:00+01:00", "end": "2025-12-10T15:30+01:00"}],
        [{"start": "2026-12-10T13:00+00:00", "end": "2026-12-10T15:30+00:00"}],
    ],
    ids=["none", "no end", "no hours", "other year", "other zone"],
)
def test_dates_are_exact_or_wrong(occurrences: list[Json]) -> None:
    report = perfect(ESSAI)
    proposal_of(report, EVENT)["resource"]["occurrences"] = occurrences
    dates = score(report)["all"]["dates"]
    assert dates["right"] == dates["of"] - 1


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-12-10T13:00:00+01:00", "2026-12-10T15:30:00+01:00"),
        ("2026-12-10T12:00:00Z", "2026-12-10T14:30:00Z"),
        ("2026-12-10T13:00", "2026-12-10T15:30"),
    ],
)
def test_the_same_moment_may_be_written_differently(start: str, end: str) -> None:
    report = perfect(ESSAI)
    proposal_of(report, EVENT)["resource"]["occurrences"] = [{"start": start, "end": end}]
    assert score(report)["failures"] == []


def test_an_invented_date_is_counted_where_the_page_has_none() -> None:
    report = perfect(ESSAI)
    proposal_of(report, "/helpdesk/")["resource"]["occurrences"] = [{"start": "2026-05-04"}]
    result = score(report)
    assert [failure["what"] for failure in result["failures"]] == ["dates"]


def test_pages_whose_dates_are_not_scored_are_left_out() -> None:
    report = perfect(ESSAI)
    proposal_of(report, "/intervision-premiere-ligne/")["resource"]["occurrences"] = [{"start": "2026-12-01"}]
    assert score(report)["failures"] == []


def test_a_date_made_from_a_phone_number_is_counted() -> None:
    folder = SITES / "plateforme-documents"
    report = perfect(folder)
    directory = proposal_of(report, "/uploads/2026/02/repertoire-repit.pdf")
    directory["resource"]["occurrences"] = [{"start": "2026-11-12"}]  # 02 12 11 2026
    result = score(report, folder)
    assert result["all"]["dates_from_numbers"] == 1
    assert "dates_from_numbers 1 > 0" in result["missed_targets"]


def test_a_wrong_date_is_laid_to_a_phone_number_unless_its_quote_says_otherwise() -> None:
    folder = SITES / "maison-quartier"
    report = perfect(folder)
    workshop = proposal_of(report, "/atelier-sommeil/")
    workshop["resource"]["occurrences"] = [{"start": "2026-12-01"}]  # as if read in 02 411 12 26
    assert score(report, folder)["all"]["dates_from_numbers"] == 1
    workshop["evidence"]["occurrences"] = "samedi 28 novembre"
    result = score(report, folder)
    assert result["all"]["dates_from_numbers"] == 0
    assert [failure["what"] for failure in result["failures"]] == ["dates"]


@pytest.mark.parametrize(
    ("url", "cost", "right"),
    [
        ("/cartes-parlons-vaccins/", {"kind": "paid", "amount_eur": 12}, True),
        ("/cartes-parlons-vaccins/", {"kind": "paid"}, False),
        ("/cartes-parlons-vaccins/", {"kind": "paid", "amount_eur": 24.0}, False),
        ("/cartes-parlons-vaccins/", None, False),
        ("/echos-de-la-4eme-concertation-sante-mentale/", {"kind": "unknown"}, True),
        ("/echos-de-la-4eme-concertation-sante-mentale/", {"kind": "free"}, False),
    ],
)
def test_a_cost_needs_its_kind_and_its_amounts(url: str, cost: Json | None, right: bool) -> None:
    report = perfect(ESSAI)
    proposal_of(report, url)["resource"]["cost"] = cost
    share = score(report)["all"]["cost"]
    assert (share["right"] == share["of"]) is right


def test_one_proposal_with_both_languages_stands_for_both_twins() -> None:
    folder = SITES / "commune-val"
    report = perfect(folder)
    french = proposal_of(report, "/fr/vivre/aines/taxi-social")
    dutch = proposal_of(report, "/nl/leven/ouderen/sociale-taxi")
    french["resource"]["title"].update(dutch["resource"]["title"])
    french["resource"]["languages"] = ["fr", "nl"]
    report[0]["proposals"].remove(dutch)
    result = score(report, folder)
    assert [f for f in result["failures"] if f["what"] not in ("organisations", "kind")] == []
    del french["resource"]["title"]["nl"]
    assert score(report, folder)["all"]["pages"]["fn"] == 1


def test_kind_and_match_of_a_known_resource() -> None:
    folder = SITES / "plateforme-documents"
    report = perfect(folder)
    notebook = proposal_of(report, "/fr/ressources/mon-carnet-de-vie")
    notebook["kind"], notebook["matches"] = "new", ["tele-accueil"]
    assert {failure["what"] for failure in score(report, folder)["failures"]} == {"kind", "matches"}


def test_an_update_may_hold_only_what_is_new() -> None:
    folder = SITES / "plateforme-documents"
    report = perfect(folder)
    proposal_of(report, "/fr/ressources/mon-carnet-de-vie")["resource"] = {}
    assert score(report, folder)["failures"] == []


def test_names_of_people_robots_and_simultaneous_requests_are_counted() -> None:
    report = perfect(ESSAI)
    proposal_of(report, EVENT)["evidence"] = {"contact": "Contactez MAËLLE DOURCY au 02 880 12 11"}
    visits = {"site": "bassin-essai", "disallowed": ["/prive/comptes-internes/"], "overlaps": 2}
    result = score(report, visits=visits)["all"]
    assert result["people_in_proposals"] == 1
    assert result["robots_violations"] == 1
    assert result["requests_at_once"] == 2


def test_the_command_prints_json_and_fails_below_the_targets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.json"
    report.write_text(json.dumps(perfect(ESSAI)), "utf-8")
    assert main([str(report), str(ESSAI), "--json", "--check"]) == 0
    assert json.loads(capsys.readouterr().out)["all"]["pages"]["f1"] == 1
    report.write_text("[]", "utf-8")
    assert main([str(report), str(ESSAI), "--check"]) == 1
    assert "missed: pages recall" in capsys.readouterr().out
