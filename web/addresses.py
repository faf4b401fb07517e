"""Absolute addresses of pages, for answers that leave the site: they need no request at hand."""

from __future__ import annotations

from urllib.parse import urlencode

from directory.misconceptions import Misconception


def resource_address(public_url: str, resource_id: str, lang: str) -> str:
    """The page of a resource."""
    return f"{public_url}/{lang}/ressources/{resource_id}"


def search_address(public_url: str, lang: str, **params: str | list[str]) -> str:
    """The search page with these parameters; empty ones are left out."""
    query = urlencode({name: value for name, value in params.items() if value}, doseq=True)
    return f"{public_url}/{lang}/ressources" + (f"?{query}" if query else "")


def misconception_address(public_url: str, item: Misconception, lang: str) -> str:
    """Where a misconception stands: on its theme's page."""
    return f"{public_url}/{lang}/themes/{item.theme}#{item.id}"


def reminder_address(public_url: str, token: str, lang: str) -> str:
    """Where somebody says, with one of three buttons, whether an entry is still right."""
    return f"{public_url}/{lang}/rappel/{token}"
