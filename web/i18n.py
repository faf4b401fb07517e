"""The reader's language, and dates, phone numbers and amounts written its way.

The interface's language is in the address (`/fr/…`) and nowhere else: no cookie. Where the address has none,
Accept-Language decides. Messages are English in the code; `web/translations/` holds French and Dutch.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import urlsplit

import phonenumbers
from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_currency
from flask import Flask, has_request_context, request
from flask_babel import Babel

from directory.fields import BRUSSELS
from directory.taxonomy import LANGUAGES

DEFAULT_LANGUAGE = LANGUAGES[0]
LANGUAGE_NAMES = {"fr": "Français", "nl": "Nederlands", "en": "English"}  #: each in itself
_FIRST_OF_MONTH = re.compile(r"\b1 ")
_REGIONAL = {"fr": "fr_BE", "nl": "nl_BE", "en": "en_GB"}
_TIME_PATTERNS = {"fr": "H 'h' mm", "nl": "H.mm 'uur'", "en": "H:mm"}


def register(app: Flask) -> None:
    """Translate messages into the reader's language, and offer the writers below to templates."""
    Babel(app, default_locale="en", default_timezone="Europe/Brussels", locale_selector=reader_language)
    app.jinja_env.filters.update(
        date=write_date,
        weekday_date=write_weekday_date,
        moment=write_moment,
        phone=write_phone,
        euros=write_euros,
        host=host_of,
    )
    app.jinja_env.globals.update(language_name=language_name)


def reader_language() -> str:
    """The language of this request: of its path, else of Accept-Language, else French."""
    if not has_request_context():
        return DEFAULT_LANGUAGE
    first = request.path.split("/", 2)[1]
    if first in LANGUAGES:
        return first
    return request.accept_languages.best_match(LANGUAGES, DEFAULT_LANGUAGE) or DEFAULT_LANGUAGE


def write_date(day: date | str, lang: str) -> str:
    """ "24 novembre 2026". Takes a date or an ISO date."""
    return _first(format_date(_day(day), "long", locale=_REGIONAL[lang]), lang)


def write_weekday_date(day: date | str, lang: str) -> str:
    """ "mardi 24 novembre 2026". Takes a date or an ISO date."""
    return _first(format_date(_day(day), "full", locale=_REGIONAL[lang]), lang)


def write_moment(moment: datetime | str, lang: str) -> str:
    """ "mardi 24 novembre 2026, 13 h 30", in Brussels time. Takes an aware time or ISO 8601 with zone."""
    aware = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    local = aware.astimezone(BRUSSELS)
    clock = format_time(local.timetz(), _TIME_PATTERNS[lang], tzinfo=BRUSSELS, locale=_REGIONAL[lang])
    return f"{write_weekday_date(local.date(), lang)}, {clock}"


def write_phone(number: str) -> str:
    """ "02 318 60 55" for a Belgian number, "+33 1 …" for others; a short number such as 107 as it is."""
    if not number.startswith("+"):
        return number
    parsed = phonenumbers.parse(number)
    belgian = parsed.country_code == 32
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, style.NATIONAL if belgian else style.INTERNATIONAL)


def write_euros(amount: float, lang: str) -> str:
    """ "4,50 €", "10 €": cents only where there are some."""
    locale = Locale.parse(_REGIONAL[lang])
    pattern = locale.currency_formats["standard"].pattern
    if float(amount).is_integer():
        pattern = pattern.replace(".00", "")
    return format_currency(amount, "EUR", pattern, locale=locale, currency_digits=False)


@lru_cache(maxsize=256)
def language_name(code: str, lang: str) -> str:
    """The name of a language in the reader's: "néerlandais". An unknown code stays as it is."""
    try:
        return Locale.parse(code, sep="-").get_display_name(_REGIONAL[lang][:2]) or code
    except (UnknownLocaleError, ValueError):
        return code


def host_of(url: str) -> str:
    """The site an address leads to, as people say it: "brusano.brussels"."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


def _first(text: str, lang: str) -> str:
    """French writes the first day of a month "1er"."""
    return _FIRST_OF_MONTH.sub("1er ", text, count=1) if lang == "fr" else text


def _day(day: date | str) -> date:
    return date.fromisoformat(day) if isinstance(day, str) else day
