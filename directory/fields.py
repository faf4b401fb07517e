"""Marshmallow fields and checks that the schemas share. Messages say what is wrong and how to mend it."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import phonenumbers
from marshmallow import ValidationError, fields, validate
from phonenumbers import shortnumberinfo

from directory.taxonomy import LANGUAGES

BRUSSELS = ZoneInfo("Europe/Brussels")
_FIRST, _LAST = datetime(1900, 1, 1, tzinfo=BRUSSELS), datetime(2200, 1, 1, tzinfo=BRUSSELS)
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)


class _Text(fields.String):
    default_error_messages = {"invalid": "is not a text; put it in quotation marks."}  # noqa: RUF012


class Slug(_Text):
    """`[a-z0-9]+(-[a-z0-9]+)*`, 3 to 80 characters."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not self.matches(text):
            raise ValidationError(
                f"{text[:90]!r} is not an id: 3 to 80 lower-case letters, digits and single hyphens, such as 'a-vrai-dire'."
            )
        return text

    @staticmethod
    def matches(text: str) -> bool:
        """Whether the text is a slug."""
        return 3 <= len(text) <= 80 and _SLUG.fullmatch(text) is not None


class PlainText(_Text):
    """Text without markup rules: trimmed, NFC, no control character but (where `lines`) line breaks."""

    def __init__(self, *, max_length: int, lines: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.max_length, self.lines = max_length, lines

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = unicodedata.normalize("NFC", super()._deserialize(value, attr, data, **kwargs)).strip()
        text = text.replace("\r\n", "\n")
        allowed = "\n\t" if self.lines else ""
        if bad := next((c for c in text if unicodedata.category(c) in {"Cc", "Cs"} and c not in allowed), None):
            raise ValidationError(f"contains the control character U+{ord(bad):04X}; remove it.")
        if not text:
            raise ValidationError("is empty; give a text or leave the field out.")
        if len(text) > self.max_length:
            raise ValidationError(f"has {len(text)} characters; at most {self.max_length} are allowed.")
        return text


class OneOf(_Text):
    """One value of a list; a near miss is named."""

    def __init__(self, allowed: Collection[str], what: str, **kwargs: Any) -> None:
        metadata = {"enum": list(allowed), **kwargs.pop("metadata", {})}  # for the description of the API
        super().__init__(metadata=metadata, **kwargs)
        self.allowed, self.what = allowed, what

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text not in self.allowed:
            raise ValidationError(unknown_value(text, self.allowed, self.what))
        return text


def unknown_value(value: str, allowed: Collection[str], what: str) -> str:
    """The sentence for a value that is not in its list."""
    near = difflib.get_close_matches(value, allowed, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return f"{value[:80]!r} is not a known {what}.{hint} Allowed: {', '.join(allowed)}."


class WebAddress(_Text):
    """An http or https URL with a host and without credentials, at most 2,000 characters."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs).strip()
        try:
            parts = urlsplit(text)
            good = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            good = False
        if not good or parts.username is not None or len(text) > 2000 or not all(map(_is_visible, text)):
            raise ValidationError(f"{text[:100]!r} is not a web address; it must start with https:// or http://.")
        return text


def _is_visible(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) not in {"Cc", "Cs"}


class EmailAddress(fields.Email):
    """An e-mail address that a database and a mail program take. Source: RFC 5321 for its length."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if len(text) > 254 or not all(map(_is_visible, text)):
            raise self.make_error("invalid")
        return text


class Euros(fields.Float):
    """An amount from 0 to 100,000 EUR, in whole cents."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(min=0, max=100_000), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        amount = super()._deserialize(value, attr, data, **kwargs)
        if round(amount, 2) != amount:
            raise ValidationError(f"{amount} has more than two decimals; round it to cents.")
        return amount


class LanguageTag(_Text):
    """A BCP 47 language tag such as `fr` or `nl-BE`. Source: RFC 5646 (well-formed, not looked up)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not _LANGUAGE_TAG.fullmatch(text):
            raise ValidationError(f"{text[:40]!r} is not a language code; use for example 'fr', 'nl' or 'en'.")
        return text


class Phone(_Text):
    """A number in E.164 (`+3223186055`) or a Belgian short number (`107`, `1733`). Source: ITU-T E.164."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs).strip()
        try:
            number = phonenumbers.parse(text, "BE")
        except phonenumbers.NumberParseException:
            number = None
        if number and text.isdigit() and shortnumberinfo.is_valid_short_number_for_region(number, "BE"):
            return text
        if number and text.startswith("+") and phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        raise ValidationError(
            f"{text[:40]!r} is not a phone number; write it as +3223186055, or a short number as 107."
        )


class Day(fields.Date):
    """A date without time, as 2026-11-24."""

    default_error_messages = {"invalid": "is not a date; write it as 2026-11-24."}  # noqa: RUF012


class Instant(fields.AwareDateTime):
    """ISO 8601 date and time; Europe/Brussels where no zone is given. Written in Brussels time.

    Years 1900 to 2199: beyond, a slip of the keyboard is likelier than a training.
    """

    default_error_messages = {"invalid": "is not a date and time; write it as 2026-11-24T14:00:00+01:00."}  # noqa: RUF012

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", default_timezone=BRUSSELS, **kwargs)

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        local = value.astimezone(BRUSSELS) if value else None
        return super()._serialize(local, attr, obj, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        instant = super()._deserialize(value, attr, data, **kwargs)
        if not _FIRST <= instant < _LAST:
            raise ValidationError(f"{instant.year} is not a year from 1900 to 2199.")
        return instant.astimezone(UTC)


class Texts(fields.Dict):
    """`{fr?, nl?, en?}`: one text per language."""

    default_error_messages = {"invalid": 'is not a text by language, such as {{"fr": "…"}}.'}  # noqa: RUF012

    def __init__(self, *, max_length: int, lines: bool = False, at_least_one: bool = False, **kwargs: Any) -> None:
        super().__init__(
            keys=OneOf(LANGUAGES, "language"), values=PlainText(max_length=max_length, lines=lines), **kwargs
        )
        self.at_least_one = at_least_one

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, str]:
        try:
            texts: dict[str, str] = super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]
        except ValidationError as error:
            raise ValidationError(_by_language(error.messages)) from error
        if self.at_least_one and not texts:
            raise ValidationError('needs a text in at least one language, such as {"fr": "…"}.')
        return {language: texts[language] for language in LANGUAGES if language in texts}

    def _serialize(self, value: Mapping[str, str] | None, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return {language: value[language] for language in LANGUAGES if value.get(language)} if value else {}


def _by_language(messages: Any) -> Any:
    """Messages at the language that they are about; marshmallow puts "key" or "value" between."""
    if not isinstance(messages, dict):
        return messages
    return {language: [message for part in parts.values() for message in part] for language, parts in messages.items()}


def without_doubles(values: Collection[Any]) -> None:
    """Refuses a list that names a value twice."""
    doubles = sorted(str(value) for value, times in Counter(values).items() if times > 1)
    if doubles:
        raise ValidationError(f"names {', '.join(doubles)} twice; keep one.")


def terms(allowed: Collection[str], what: str, *, at_least_one: bool = False, **kwargs: Any) -> fields.List[str]:
    """A list of values of one term list, without doubles."""
    checks: list[Any] = [without_doubles]
    if at_least_one:
        checks.append(validate.Length(min=1, error=f"needs at least one {what}."))
    return fields.List(OneOf(allowed, what), validate=checks, **kwargs)
