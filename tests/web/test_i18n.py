"""Every message exists in French and Dutch; dates, phones and amounts are written each language's way."""

from __future__ import annotations

import re
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from web.i18n import host_of, language_name, write_date, write_euros, write_moment, write_phone, write_weekday_date

WEB = Path(str(files("web")))
LANGUAGES = ("fr", "nl")


def catalogue(lang: str) -> Catalog:
    with (WEB / "translations" / lang / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=lang)


def messages(lang: str) -> list[Message]:
    return [message for message in catalogue(lang) if message.id]


def ids_in_code() -> set[str]:
    """The message ids in Python and templates; of a plural pair the singular."""
    methods = [("**.py", "python"), ("templates/**.html", "jinja2")]
    found = extract_from_dir(WEB, method_map=methods, options_map={})
    return {message[0] if isinstance(message, tuple) else message for _, _, message, _, _ in found}


def forms(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def ids(message: Message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (message.id,)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_message_is_left_untranslated_or_fuzzy(lang: str) -> None:
    assert [message.id for message in messages(lang) if message.fuzzy or not all(forms(message))] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_translations_hold_exactly_what_the_code_says(lang: str) -> None:
    known = {ids(message)[0] for message in messages(lang)}
    assert known == ids_in_code()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_translations_use_the_same_values_as_their_message(lang: str) -> None:
    values = re.compile(r"%\((\w+)\)[sd]")
    wrong = [
        message.id
        for message in messages(lang)
        for text in forms(message)
        if set(values.findall(text)) != set(values.findall(ids(message)[-1]))
    ]
    assert wrong == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_plural_messages_have_every_form_of_the_language(lang: str) -> None:
    count = catalogue(lang).num_plurals
    assert [message.id for message in messages(lang) if message.pluralizable and len(forms(message)) != count] == []


def test_nobody_is_addressed_by_first_name() -> None:
    familiar = {
        "fr": re.compile(r"\b(tu|ton|ta|tes|toi)\b", re.I),
        "nl": re.compile(r"\b(je|jij|jou|jouw|jullie)\b", re.I),
    }
    for lang, words in familiar.items():
        assert [text for message in messages(lang) for text in forms(message) if words.search(text)] == []


def test_french_signs_have_their_hard_space() -> None:
    loose = re.compile(r"[^\u00a0\u202f][:;?!»](?=\s|$)|«[^\u00a0\u202f]")
    assert [text for message in messages("fr") for text in forms(message) if loose.search(text)] == []


@pytest.mark.parametrize(
    ("lang", "expected"),
    [("fr", "mardi 24 novembre 2026"), ("nl", "dinsdag 24 november 2026"), ("en", "Tuesday, 24 November 2026")],
)
def test_dates_are_in_words(lang: str, expected: str) -> None:
    assert write_weekday_date(date(2026, 11, 24), lang) == expected
    assert write_weekday_date("2026-11-24", lang) == expected


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("fr", "mardi 24 novembre 2026, 13 h 30"),
        ("nl", "dinsdag 24 november 2026, 13.30 uur"),
        ("en", "Tuesday, 24 November 2026, 13:30"),
    ],
)
def test_times_are_those_of_brussels(lang: str, expected: str) -> None:
    assert write_moment("2026-11-24T12:30:00+00:00", lang) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+3223186055", "02 318 60 55"),
        ("107", "107"),
        ("+32475123456", "0475 12 34 56"),
        ("+33142345678", "+33 1 42 34 56 78"),
    ],
)
def test_phone_numbers_are_in_groups(number: str, expected: str) -> None:
    assert write_phone(number) == expected


@pytest.mark.parametrize(
    ("amount", "lang", "expected"),
    [(10.0, "fr", "10 €"), (4.5, "fr", "4,50 €"), (4.5, "nl", "€ 4,50"), (0, "en", "€0")],
)
def test_amounts_have_cents_only_where_there_are_some(amount: float, lang: str, expected: str) -> None:
    assert write_euros(amount, lang).replace("\u00a0", " ").replace("\u202f", " ") == expected


def test_languages_have_names_and_unknown_codes_stay() -> None:
    assert language_name("nl", "fr") == "néerlandais"
    assert language_name("fr", "nl") == "Frans"
    assert language_name("xx-zz", "fr") == "xx-zz"


def test_days_of_the_month_have_no_leading_zero() -> None:
    assert write_date("2026-01-05", "fr") == "5 janvier 2026"


def test_french_writes_the_first_of_a_month_its_own_way() -> None:
    assert write_date("2026-10-01", "fr") == "1er octobre 2026"
    assert write_weekday_date("2026-10-01", "fr") == "jeudi 1er octobre 2026"
    assert write_date("2026-10-11", "fr") == "11 octobre 2026"
    assert write_date("2026-10-01", "nl") == "1 oktober 2026"


def test_a_host_is_said_without_www() -> None:
    assert host_of("https://www.bassin-nord.brussels/x?y") == "bassin-nord.brussels"
