"""The pages of those who keep the catalogue: login, the queue, editing, history. Readers never need them."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Serve the pages of curation, and let nobody on any route who may not be there."""
    from web.curation import (  # noqa: F401 - views
        account,
        blueprint,
        dashboard,
        drafting,
        editing,
        entries,
        exporting,
        importing,
        logbook,
        login,
        past,
        people,
        queue,
        rights,
        splitting,
    )

    app.register_blueprint(blueprint.bp)
    rights.register(app)
