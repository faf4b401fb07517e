"""The search box for other sites: one script, served for pages of any origin. docs/widget.md is its manual."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from importlib.resources import files

from flask import Blueprint, Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

#: Pages keep `v1.js` for five minutes, and a day longer while a newer one is fetched behind their back.
CACHE_CONTROL = "public, max-age=300, stale-while-revalidate=86400"

bp = Blueprint("widget", __name__, url_prefix="/widget")


def register(app: Flask) -> None:
    """Serve the script."""
    app.register_blueprint(bp)


@bp.get("/v1.js")
def script() -> AnyResponse:
    """The script, gzipped for whoever takes that; 304 for whoever has it."""
    zipped = request.accept_encodings["gzip"] > 0
    body, etag = _script(zipped=zipped)
    response = Response(body, content_type="text/javascript; charset=utf-8")
    if zipped:
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    response.set_etag(etag)
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response.make_conditional(request)


@cache
def _script(*, zipped: bool) -> tuple[bytes, str]:
    """The bytes and their ETag. mtime=0: the same bytes on every machine."""
    source = files("web").joinpath("widget", "v1.js").read_bytes()
    body = gzip.compress(source, compresslevel=9, mtime=0) if zipped else source
    return body, hashlib.sha256(body).hexdigest()[:20]
