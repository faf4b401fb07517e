"""What we ask of other people's crawlers: pages yes, the endless combinations of filters no."""

from __future__ import annotations

from flask import Response

RULES = """\
User-agent: *
Allow: /
Disallow: /api/
Disallow: /fr/ressources?
Disallow: /nl/ressources?
Disallow: /en/ressources?
"""


def robots_txt() -> Response:
    """RFC 9309."""
    response = Response(RULES, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
