"""Pages that lead to resources, pages that are none, and resources that look like lists."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crawler.html import parse
from crawler.main_text import find_main
from crawler.page import Reading

Reader = Callable[..., Reading]

TEXT = (
    "Un soutien aux familles et aux professionnels du quartier, avec des ateliers, des rencontres et un accompagnement "
    "personnalisé tout au long de l’année. "
)
PAGES: list[tuple[str, str, str]] = [
    (
        "https://a.example/boite-a-outils/",  # a shelf: its links lead to what stands below its own address
        "listing",
        f"<html lang=fr><head><title>Boîte à outils</title></head><body><h1>Boîte à outils</h1><p>{TEXT}</p><p>{TEXT * 2}</p>"
        + "".join(
            f'<p>Pour parler du deuil en équipe, avec les proches ou à l’école : <a href="/boite-a-outils/{n}/">{n}</a>.</p>'
            for n in ("cartes", "guide", "jeu")
        )
        + "</body></html>",
    ),
    (
        "https://a.example/nos-projets",
        "listing",
        "<html lang=fr><head><title>Nos projets - Asbl A</title></head><body><main><h1>Nos projets</h1>"
        + "".join(
            f'<section><h2>Projet {n}</h2><p>{TEXT * 3}</p><a href="/projets/{n}">En savoir plus</a></section>'
            for n in ("Jardin", "Deuil", "Santé")
        )
        + "</main></body></html>",
    ),
    (
        "https://a.example/agenda-2026",
        "listing",
        "<html lang=fr><head><title>Agenda 2026</title></head><body><h1>Agenda 2026</h1><table>"
        + "".join(
            f'<tr><td>{d}</td><td><a href="/e/{d[:2]}">{t}</a></td><td>Jette</td></tr>'
            for d, t in (
                ("12 mars 2026", "Café deuil"),
                ("15 mars 2026", "Formation écoute"),
                ("20 avril 2026", "Colloque palliatif"),
                ("22 avril 2026", "Intervision"),
            )
        )
        + "</table></body></html>",
    ),
    (
        "https://a.example/",
        "listing",
        "<html lang=fr><head><title>Asbl A – accompagner le deuil</title></head><body><header><nav>"
        + "".join(f'<a href="/m{i}">Menu {i}</a>' for i in range(7))
        + f'</nav></header><main><h1>Bienvenue à l’asbl A</h1><p>{TEXT * 2}</p><div><h3><a href="/a1">Café deuil le 3 mars 2026</a></h3></div><div><h3><a href="/a2">Formation</a></h3></div><div><h3><a href="/a3">Groupe de parole</a></h3></div></main></body></html>',
    ),
    (
        "https://a.example/theme/deuil",
        "listing",
        f"<html lang=fr><head><title>Deuil | Portail A</title></head><body><main><h1>Deuil</h1><p>{TEXT}</p><ul class=cards>"
        + "".join(
            f'<li class=card><a href="/r/{i}"><h3>Ressource {i}</h3></a><p>Une brochure pour parler du deuil avec les proches, facile à lire et gratuite.</p></li>'
            for i in range(6)
        )
        + "</ul></main></body></html>",
    ),
    (
        "https://a.example/vacature-maatschappelijk-werker",
        "other",
        "<html lang=nl><head><title>Vacature maatschappelijk werker - Zorgpunt</title></head><body><main><h1>Vacature: maatschappelijk werker (80%)</h1><p>Wij zoeken een collega voor ons team in Jette. Je begeleidt ouderen en mantelzorgers. Solliciteren kan tot 15 maart 2026 via jobs@zorgpunt.example.</p></main></body></html>",
    ),
    (
        "https://a.example/partenaires",
        "other",
        f"<html lang=fr><head><title>Nos partenaires</title></head><body><main><h1>Nos partenaires</h1><p>{TEXT}</p><ul><li>COCOM</li><li>Vivalis</li></ul></main></body></html>",
    ),
    (
        "https://a.example/formation-deuil",
        "resource",
        f"<html lang=fr><head><title>Formation « Accompagner le deuil » - Asbl A</title></head><body><main><h1>Formation « Accompagner le deuil »</h1><p>{TEXT}</p><p>Trois journées : les 4, 11 et 18 juin 2026, de 9h30 à 16h30.</p><h2>Nos autres formations</h2><ul>"
        + "".join(f'<li><a href="/f/{i}">Formation {i} : écouter et accompagner</a></li>' for i in range(8))
        + "</ul></main></body></html>",
    ),
    (
        "https://a.example/wie-zijn-we",
        "other",
        "<html lang=nl><head><title>Wie zijn we? | Zorgpunt</title></head><body><main><h1>Wie zijn we?</h1><p>Zorgpunt is een vzw die sinds 1998 mantelzorgers ondersteunt in heel Brussel met vorming en intervisie.</p></main></body></html>",
    ),
    (
        "https://a.example/services",
        "listing",
        "<html lang=fr><head><title>Services | Commune</title></head><body><main><h1>Services</h1><div class=grid>"
        + "".join(
            f'<a class=tile href="/services/{i}"><span>Service {t}</span><small>Aide et accompagnement</small></a>'
            for i, t in enumerate(("social", "logement", "santé", "seniors", "emploi"))
        )
        + "</div></main></body></html>",
    ),
    (
        "https://a.example/page-intro",
        "resource",
        f'<html lang=fr><head><title>Planification anticipée des soins | Palli</title></head><body><main><h1>Planification anticipée des soins</h1><p>{TEXT}</p><p>Parler à temps de ses souhaits de fin de vie aide les proches et les soignants. Le document PSPA se remplit avec votre médecin. Il est gratuit.</p><p><a href="/d/pspa.pdf">Télécharger le PSPA</a></p><h2>Voir aussi</h2><ul><li><a href="/x">Statut palliatif</a></li><li><a href="/y">Euthanasie</a></li><li><a href="/z">Deuil</a></li></ul></main></body></html>',
    ),
    (
        "https://a.example/rapport-activites-2025",
        "other",
        f'<html lang=fr><head><title>Rapport d’activités 2025</title></head><body><main><h1>Rapport d’activités 2025</h1><p>{TEXT * 2}</p><a href="/r.pdf">Télécharger</a></main></body></html>',
    ),
    (
        "https://a.example/404",
        "soft_404",
        "<html lang=nl><head><title>Oeps | A</title></head><body><main><h1>Oeps! Deze pagina bestaat niet (meer)</h1><p>Ga terug naar de homepagina of zoek hieronder verder.</p></main></body></html>",
    ),
    (
        "https://a.example/nl/aanbod",
        "listing",
        '<html lang=nl><head><title>Ons aanbod</title></head><body><main><h1>Ons aanbod</h1><p>Vormingen, intervisie en supervisie voor wie in Brussel met ouderen werkt.</p><p><a href="/nl/v">Vormingen</a></p><p><a href="/nl/i">Intervisie</a></p><p><a href="/nl/s">Supervisie</a></p></main></body></html>',
    ),
]


@pytest.mark.parametrize(
    ("url", "kind", "body"), PAGES, ids=[url.removeprefix("https://a.example") for url, _, _ in PAGES]
)
def test_a_page_is_taken_for_what_it_is(read_page: Reader, url: str, kind: str, body: str) -> None:
    found = read_page(body, url=url).kind
    assert found == kind or {found, kind} == {"listing", "other"}, "either way it makes no proposal"
    assert (found == "soft_404") is (kind == "soft_404")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Merci à nos bénévoles !",
            "Cette année encore, plus de quarante bénévoles ont donné de leur temps pour les familles.",
        ),
        (
            "Fermeture estivale",
            "Nos bureaux seront fermés du 20 juillet au 7 août 2026. Les permanences reprennent le 10 août.",
        ),
        (
            "Marie Lambert",
            "Marie Lambert est psychologue dans notre équipe depuis 2012 et anime les groupes de parole.",
        ),
        (
            "Écrire à Jean Dubois",
            "Remplissez le formulaire pour écrire à notre coordinateur, il vous répondra dans la semaine.",
        ),
    ],
)
def test_news_of_the_house_and_pages_of_persons_are_no_resources(read_page: Reader, title: str, text: str) -> None:
    body = f"<html lang=fr><title>{title} – Asbl A</title><main><h1>{title}</h1><p>{text}</p></main>"
    assert read_page(body, url="https://a.example/actualites/une-page").kind == "other"


@pytest.mark.parametrize("name", ["cmplz-cookiebanner-container", "cookie-notice-box", "CookieLawInfo", "didomi-host"])
def test_the_banner_of_a_consent_tool_is_no_part_of_the_text(name: str) -> None:
    body = f'<div id="{name}"><h2>Gérer le consentement</h2><p>Accepter ?</p></div><h1>Agenda</h1><p>{TEXT}</p>'
    root = parse(f"<html><body>{body}</body></html>".encode())
    assert root is not None
    assert "consentement" not in find_main(root).text
