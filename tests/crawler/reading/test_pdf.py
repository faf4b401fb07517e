"""PDFs: their text, their title, and files that are none."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from making_pdfs import make_pdf

from crawler.page import Reading
from crawler.pdf import page_lines, read_pdf

Reader = Callable[..., Reading]

MINUTES = make_pdf(
    [
        [
            ("Bassin Nord", 10),
            ("Concertation thématique Prévention", 22),
            ("et promotion de la santé #3", 22),
            ("Save the date : 06.11.2025 de 13h00 à 15h30", 10),
            ("Réflexion autour de la démarche communautaire et de la mobili-", 10),
            ("sation des publics.", 10),
        ],
        [("Campagne de vaccination : liste des pharmacies vaccinantes et remboursements.", 10)],
    ],
    title="mise_en_page.indd",
)


def test_the_largest_lines_of_the_first_page_are_the_title() -> None:
    pdf = read_pdf(MINUTES)
    assert pdf is not None
    assert [line.text for line in pdf.lines if line.level] == [
        "Concertation thématique Prévention et promotion de la santé #3"
    ]
    assert "mobilisation des publics" in " ".join(line.text for line in pdf.lines)
    assert pdf.lines[-1].place == "page 2"


def test_a_pdf_is_a_resource_with_pages_as_places(read_page: Reader) -> None:
    reading = read_page(
        MINUTES, url="https://www.bassin-nord.brussels/layout/20250624_CT.pdf", content_type="application/pdf"
    )
    assert reading.kind == "resource"
    assert reading.resource["title"] == {"fr": "Concertation thématique Prévention et promotion de la santé #3"}
    assert reading.resource["links"][0]["kind"] == "download"
    assert reading.resource["basins"] == ["nord"]
    assert [one["start"] for one in reading.resource["occurrences"]] == ["2025-11-06T13:00:00+01:00"]
    assert reading.places["title"] == "page 1"


def test_a_pdf_under_a_page_like_address_is_known_by_its_content(read_page: Reader) -> None:
    assert (
        read_page(MINUTES, url="https://www.brusano.brussels/pdf/gouvernance/").resource["links"][0]["kind"]
        == "download"
    )


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7 this is none",
        b"%PDF-",
        make_pdf([[("A secret text that nobody may read without its password", 12)]], encrypted=True),
        make_pdf([[]]),
        MINUTES[: len(MINUTES) // 2],
    ],
    ids=["no pdf", "only a mark", "encrypted", "no text layer", "cut"],
)
def test_files_that_cannot_be_read_are_empty(read_page: Reader, body: bytes) -> None:
    reading = read_page(body, content_type="application/pdf")
    assert reading.kind in {"empty", "resource"}
    assert reading.kind == "empty" or body == MINUTES[: len(MINUTES) // 2]


def test_a_reader_that_takes_too_long_is_given_up() -> None:
    assert read_pdf(MINUTES, wall_seconds=0.001) is None


def test_what_layout_programs_leave_in_text_is_taken_out() -> None:
    text = "partir des demandes des ha$bitant·es\r\n• \ufffdRéflexion autour du concept\r\nde démarche communau\ufffe\ntaire"
    assert [line.text for line in page_lines(text, 1)] == [
        "partir des demandes des habitant·es",
        "Réflexion autour du concept de démarche communautaire",
    ]
