"""Bytes to text: what servers and editors do to French and Dutch."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.charset import decode

TEXT = "Réunion à l’hôtel – coût : 5 €, cœur, coördinatie, één"


@pytest.mark.parametrize(
    ("body", "declared"),
    [
        (TEXT.encode(), None),
        (TEXT.encode(), "iso-8859-1"),
        (codecs.BOM_UTF8 + TEXT.encode(), "windows-1252"),
        (TEXT.encode("cp1252"), None),
        (TEXT.encode("cp1252"), "utf-8"),
        (TEXT.encode("cp1252"), "iso-8859-1"),
        (TEXT.encode("cp1252"), "no-such-charset"),
        (TEXT.encode("cp1252"), "base64"),
        (TEXT.encode("utf-16-le"), None),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-8"),
    ],
)
def test_text_survives_what_servers_declare(body: bytes, declared: str | None) -> None:
    assert decode(body, declared) == TEXT


def test_a_page_may_declare_its_own_charset() -> None:
    body = '<meta charset="iso-8859-2">żółw'.encode("iso-8859-2")
    assert decode(body).endswith("żółw")


def test_utf8_with_a_latin_paste_and_a_cut_end_is_repaired_in_place() -> None:
    body = ("Santé à l’école. " * 5).encode() + "Déjà collé".encode("cp1252") + b" suite \xe2\x80"
    assert decode(body).startswith("Santé à l’école. ")
    assert "Déjà collé" in decode(body)


def test_doubly_encoded_text_is_read_right_and_an_odd_capital_is_left_alone() -> None:
    assert decode(TEXT.encode().decode("cp1252", "ignore").encode()) == TEXT
    assert decode("SÃO PAULO".encode()) == "SÃO PAULO"


@settings(deadline=None)
@given(st.binary(), st.one_of(st.none(), st.text()))
def test_any_bytes_are_text(body: bytes, declared: str | None) -> None:
    assert isinstance(decode(body, declared), str)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=200))
def test_utf8_stays_as_it_is_unless_it_was_encoded_twice(text: str) -> None:
    if not any(odd in text for odd in ("Ã", "Â", "â", "Å")) and not text.startswith("\ufeff"):
        assert decode(text.encode()) == text
