"""The time of the app: the machine's, unless a test sets `FORM_CLOCK` in its configuration."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask import current_app

from directory.fields import BRUSSELS


def now() -> datetime:
    """This moment, aware UTC."""
    clock = current_app.config.get("FORM_CLOCK")
    found: datetime = clock() if clock else datetime.now(UTC)
    return found


def today() -> date:
    """The day in Brussels."""
    return now().astimezone(BRUSSELS).date()
