"""Security headers on every answer, and CORS on the anonymous reads of the API.

Content-Security-Policy starts from nothing; no page has a script or style of its own, so no nonce is needed and
pages stay cacheable. JSON-LD is a data block, which the policy does not concern.
"""

from __future__ import annotations

from flask import Flask, Response, request

from web.wiring import get_services

#: What pages may load: our own files only.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'"
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "browsing-topics=(), camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_HSTS = "max-age=31536000; includeSubDomains"
_READS = "GET, HEAD, OPTIONS"
OPEN_PATHS = ("/api/", "/openapi.json")  #: readable from any origin, never with credentials


def register(app: Flask) -> None:
    """Add the headers to every answer, errors too."""
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    """A view's own header wins over ours."""
    settings = get_services().settings
    in_widget = request.path.startswith("/widget/")
    ancestors = " ".join(settings.widget_origins) if in_widget and settings.widget_origins else "'none'"
    headers = {**_ALWAYS, "Content-Security-Policy": f"{POLICY}; frame-ancestors {ancestors}"}
    if ancestors == "'none'":
        headers["X-Frame-Options"] = "DENY"  # for browsers that do not know frame-ancestors
    if settings.public_url.startswith("https://"):
        headers["Strict-Transport-Security"] = _HSTS
    if request.path.startswith(OPEN_PATHS):
        headers |= {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
        if request.method == "OPTIONS":
            headers |= {"Access-Control-Allow-Methods": _READS, "Access-Control-Max-Age": "86400"}
    else:
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response
