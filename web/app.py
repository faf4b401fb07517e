"""The one app factory."""

from __future__ import annotations

from flask import Flask

from directory.settings import Settings
from web import api, curation, gaps, headers, health, i18n, pages, problems, widget
from web.wiring import Services, wire

MAX_FORM_BYTES = 1_000_000


def create_app(settings: Settings, *, services: Services | None = None) -> Flask:
    """The web application. Builds everything here and nothing at import; opens no connection yet."""
    app = Flask("web", static_folder="static", template_folder="templates")
    app.config.update(
        SECRET_KEY=settings.load_secret_key(),
        MAX_CONTENT_LENGTH=MAX_FORM_BYTES,
    )
    app.extensions["senne"] = services or wire(settings)
    for part in (i18n, headers, problems, health, gaps, api, pages, widget, curation):
        part.register(app)
    return app
