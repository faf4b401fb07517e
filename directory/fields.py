"""Marshmallow fields and checks that the schemas share. Messages say what is wrong and how to mend it."""

from __future__ import annotations

import difflib
import re
import unicodedata
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
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)


class Slug(fields.String):
    """`[a-z0-9]+(-[a-z0-9]+)*`, 3 to 80 characters."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not 3 <= len(text) <= 80 or not _SLUG.fullmatch(text):
            raise ValidationError(
                f"{text[:90]!r} is not an id: 3 to 80 lower-case letters, digits and single hyphens, such as 'a-vrai-dire'."
            )
        return text


class PlainText(fields.String):
    """Text without markup rules: trimmed, NFC, no control character but (where `lines`) line breaks."""

    def __init__(self, *, max_length: int, lines: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.max_length, self.lines = max_length, lines

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = unicodedata.normalize("NFC", super()._deserialize(value, attr, data, **kwargs)).strip()
        text = text.replace("\r\n", "\n")
        allowed = "\n\t" if self.lines else ""
        if bad := next(
            (c for c in text if unicodedata.category(c) in {"Cc", "Cs"} and c not in allowed), None
        ):
            raise ValidationError(f"contains the control character U+{ord(bad):04X}; remove it.")
        if not text:
            raise ValidationError("is empty; give a text or leave the field out.")
        if len(text) > self.max_length:
            raise ValidationError(f"has {len(text)} characters; at most {self.max_length} are allowed.")
        return text


class OneOf(fields.String):
    """One value of a list; a near miss is named."""

    def __init__(self, allowed: Collection[str], what: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.allowed, self.what = allowed, what
        self.metadata.setdefault("enum", list(allowed))

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


class WebAddress(fields.String):
    """An http or https URL with a host and without credentials, at most 2,000 characters."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs).strip()
        try:
            parts = urlsplit(text)
            good = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            good = False
        if (
            not good
            or parts.username is not None
            or len(text) > 2000
            or any(c.isspace() or ord(c) < 33 for c in text)
        ):
            raise ValidationError(
                f"{text[:100]!r} is not a web address; it must start with https:// or http://."
            )
        return text


class LanguageTag(fields.String):
    """A BCP 47 language tag such as `fr` or `nl-BE`. Source: RFC 5646 (well-formed, not looked up)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not _LANGUAGE_TAG.fullmatch(text):
            raise ValidationError(
                f"{text[:40]!r} is not a language code; use for example 'fr', 'nl' or 'en'."
            )
        return text


class Phone(fields.String):
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


class Instant(fields.AwareDateTime):
    """ISO 8601 date and time; Europe/Brussels where no zone is given. Written in Brussels time."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", default_timezone=BRUSSELS, **kwargs)

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        local = value.astimezone(BRUSSELS) if value else None
        return super()._serialize(local, attr, obj, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        return super()._deserialize(value, attr, data, **kwargs).astimezone(UTC)


class Texts(fields.Dict):
    """`{fr?, nl?, en?}`: one text per language."""

    def __init__(
        self, *, max_length: int, lines: bool = False, at_least_one: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(
            keys=OneOf(LANGUAGES, "language"), values=PlainText(max_length=max_length, lines=lines), **kwargs
        )
        self.at_least_one = at_least_one

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, str]:
        texts = super()._deserialize(value, attr, data, **kwargs)
        if self.at_least_one and not texts:
            raise ValidationError('needs a text in at least one language, such as {"fr": "…"}.')
        return {language: texts[language] for language in LANGUAGES if language in texts}

    def _serialize(self, value: Mapping[str, str] | None, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return {language: value[language] for language in LANGUAGES if value.get(language)} if value else {}


def without_doubles(values: Collection[Any]) -> None:
    """Refuses a list that names a value twice."""
    doubles = sorted({str(value) for value in values if list(values).count(value) > 1})
    if doubles:
        raise ValidationError(f"names {', '.join(doubles)} twice; keep one.")


def terms(allowed: Collection[str], what: str, *, at_least_one: bool = False, **kwargs: Any) -> fields.List:
    """A list of values of one term list, without doubles."""
    checks: list[Any] = [without_doubles]
    if at_least_one:
        checks.append(validate.Length(min=1, error=f"needs at least one {what}."))
    return fields.List(OneOf(allowed, what), validate=checks, **kwargs)
