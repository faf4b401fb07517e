"""Titles of pages whose headings or heads say nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crawler.page import Reading

Reader = Callable[..., Reading]
TEXT = "<p>Un groupe ouvert, gratuit, pour les parents d’enfants malades, tous les premiers mardis du mois à Jette, de 14h à 16h.</p>"


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("Sans nom", f"<h1>Groupe de parole pour parents</h1>{TEXT}", "Groupe de parole pour parents"),
        ("Groupe de parole pour parents - Le Phare", f"<h1>Untitled</h1>{TEXT}", "Groupe de parole pour parents"),
        ("Document 3", f"<p><b>Groupe de parole pour parents</b></p>{TEXT}", "Groupe de parole pour parents"),
        ("Page sans titre", f"<h5>Groupe de parole pour parents</h5>{TEXT}", "Groupe de parole pour parents"),
        ("Nieuwe pagina 1", f"<div>Groupe de parole pour parents</div>{TEXT}", "Groupe de parole pour parents"),
    ],
)
def test_a_placeholder_is_no_title(read_page: Reader, head: str, body: str, title: str) -> None:
    html = f"<html lang='fr'><title>{head}</title><body><header><a href='/'>Le Phare</a></header><main>{body}</main>"
    assert read_page(html).resource["title"] == {"fr": title}
