"""The app with one route more, which does nothing: what Flask and the server alone cost."""

from __future__ import annotations

from flask import Flask, Response

from web.server import make_app as make_senne


def make_app() -> Flask:
    """Senne and `/bare`, which goes around Senne's headers and counters too."""
    senne = make_senne()
    bare = Flask("bare")
    bare.add_url_rule("/bare", "bare", lambda: Response('{"ok":true}', content_type="application/json"))
    inner = senne.wsgi_app

    def choose(environ, start_response):  # type: ignore[no-untyped-def]
        app = bare.wsgi_app if environ["PATH_INFO"] == "/bare" else inner
        return app(environ, start_response)

    senne.wsgi_app = choose  # type: ignore[method-assign]
    return senne
