"""The public pages, in French, Dutch and English."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Serve the pages, their assets and robots.txt."""
    from web.pages import (  # noqa: F401 - views
        about,
        assets,
        home,
        rendering,
        resource,
        robots,
        search,
        suggesting,
        topics,
    )

    assets.register(app)
    rendering.register(app)
    app.register_blueprint(rendering.bp)
    app.add_url_rule("/", "choose_language", home.choose_language)
    app.add_url_rule("/robots.txt", "robots_txt", robots.robots_txt)
