"""The title of a page: its heading, checked against what the head says, without the site's name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from crawler import json_ld
from crawler.document import Document
from crawler.findings import Fact, Line, cut_quote
from crawler.html import Node, css_path, squeeze, text_of
from crawler.site_names import same_name
from directory.text import fold

MAX_TITLE = 200
_SEPARATOR = re.compile(r"\s+[|–—·•»›:-]+\s+|\s*[|»]\s*|\s+::\s+")
#: Headings that name a rubric or a furnishing of the site, folded; never what the page is about.
_RUBRICS = frozenset(
    fold(word)
    for word in (
        "actualités", "actualité", "actus", "news", "nieuws", "agenda", "accueil", "home", "onthaal", "événements", "évènements",
        "evenementen", "événement", "evenement", "formations", "formation", "vormingen", "vorming", "aanbod", "ressources", "outils",
        "publications", "publicaties", "menu", "navigation", "contact", "recherche", "zoeken", "services", "diensten", "nos services",
        "blog", "article", "artikel", "détail", "detail", "welkom", "bienvenue", "documents", "documenten", "activités",
        "activiteiten", "infos pratiques", "partager", "newsletter", "tools", "events", "resources", "training", "projets", "projecten",
        "onze diensten", "nos formations", "nos outils", "catalogue", "fil d'actualité", "cookies", "en bref", "fiche", "fiche outil",
    )
)  # fmt: skip


#: What programs write where nobody gave a title.
_PLACEHOLDER = re.compile(
    r"(?:page |pagina )?(?:sans (?:nom|titre)|zonder (?:naam|titel)|naamloos|untitled(?: (?:page|document))?|no title|new page|nouvelle page|nieuwe pagina|page|pagina|document|index|titre|title|titel|test)(?: ?[-–_#]? ?\d+)?"
)


def _says_nothing(text: str) -> bool:
    folded = fold(text).strip(" :.()[]-–")
    return folded in _RUBRICS or _PLACEHOLDER.fullmatch(folded) is not None


def find_title(document: Document, root: Node) -> Fact[str] | None:
    """The title; None where the page has none."""
    names = [site.name for site in document.site_names if site.confidence >= 0.6]
    claims = _claims(document)
    headings = _headings(document, root)
    chosen: Fact[str] | None = None
    for node, text, inside in headings:
        agreement = max((_alike(text, claim) for claim in claims), default=0.0)
        rubric = _says_nothing(text)
        banner = any(same_name(text, name) for name in names) and (document.path.strip("/") or not inside)
        level = 0.12 if node.tag == "h1" else 0.0
        sure = 0.55 + level + (0.08 if inside else -0.2) + 0.2 * (agreement >= 85) - (0.45 if rubric else 0.0)
        sure -= 0.35 if banner else 0.0
        if agreement < 50 and claims and node.tag != "h1":
            sure -= 0.3 if any(other.tag == "h1" for other, _, _ in headings) else 0.1
        if chosen is None or sure > chosen.confidence + 0.001:
            chosen = Fact(value=text, quote=text, place=css_path(node), confidence=sure)
    for place, claim in _placed_claims(document):
        if _says_nothing(claim) or any(same_name(claim, name) for name in names):
            continue
        if chosen is None or chosen.confidence < 0.5:
            chosen = Fact(value=claim, quote=claim, place=place, confidence=0.6)
    if chosen is None or _says_nothing(chosen.value):
        first = next((line for line in document.lines if 4 <= len(line.text) <= 120 and line.link_share < 0.5), None)
        if first is not None and not first.text.rstrip().endswith((".", "!", ",")) and not _says_nothing(first.text):
            chosen = Fact(value=first.text, quote=first.text, place=first.place, confidence=0.45)
    if chosen is None or not any(character.isalnum() for character in chosen.value):
        return None
    return replace(chosen, value=shorten(chosen.value), confidence=round(min(0.97, max(0.05, chosen.confidence)), 2))


def _headings(document: Document, root: Node) -> list[tuple[Node, str, bool]]:
    """Possible titles: each h1, and the first h2s and h3 of the main text; where it has none, its first smaller heading."""
    inside = {line.node for line in document.lines if line.node is not None}
    found = []
    seconds = 0
    for node in root.iter("h1", "h2", "h3"):
        if node.tag != "h1" and (node not in inside or seconds >= 2):
            continue
        text = text_of(node)
        if not text or len(text) > 300:
            continue
        seconds += node.tag != "h1"
        own = node in inside or any(one in inside for one in node.iter())
        found.append((node, text, own))
    if not any(own for _, _, own in found):
        small = next((node for node in root.iter("h4", "h5", "h6") if node in inside), None)
        if small is not None and 4 <= len(text_of(small)) <= 150:
            found.append((small, text_of(small), True))
    return found


def _claims(document: Document) -> list[str]:
    return [claim for _, claim in _placed_claims(document)]


def _placed_claims(document: Document) -> list[tuple[str, str]]:
    """What the head calls the page, the site's name taken off, with the place of each."""
    head = document.head
    names = [site.name for site in document.site_names] + [document.host.rsplit(".", 1)[0]]
    found: list[tuple[str, str]] = []
    for item in head.items_of(
        "Event",
        "Course",
        "Article",
        "NewsArticle",
        "Posting",
        "Service",
        "Guide",
        "DigitalDocument",
        "LearningResource",
    ):
        if name := json_ld.text(item.get("name") or item.get("headline")):
            found.append(("script[type='application/ld+json']", name))
    if text := head.meta.get("og:title"):
        found.append(("meta[property='og:title']", strip_site(text, names)))
    if head.title:
        found.append(("title", strip_site(head.title, names)))
    return [(place, squeeze(claim)) for place, claim in found if claim.strip()]


def strip_site(title: str, names: Sequence[str]) -> str:
    """A title without the name of the site at its end or start ("Café deuil | Asbl Exemple" → "Café deuil")."""
    parts = [part for part in _SEPARATOR.split(title) if part.strip()]
    if len(parts) < 2:
        return title.strip()
    for end in (-1, 0):
        if any(name and same_name(parts[end], name) for name in names):
            cut = title.rindex(parts[-1]) if end == -1 else title.index(parts[1])
            kept = title[:cut] if end == -1 else title[cut:]
            return _SEPARATOR.sub(lambda match: match.group(), kept).strip(" |–—·•»›:-")
    return title.strip()


def shorten(title: str) -> str:
    """At most MAX_TITLE characters, cut at a word."""
    return title if len(title) <= MAX_TITLE else title[: MAX_TITLE - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def pdf_title(document: Document) -> Fact[str] | None:
    """The title of a PDF: its largest line on the first page, else what its properties say, else its first line."""
    lines = [line for line in document.lines if (line.page or 1) <= 1]
    large = next((line for line in lines if line.level == 1 and 4 <= len(line.text) <= 250), None)
    named = document.head.title
    if large is not None:
        agrees = bool(named) and _alike(large.text, named) >= 85
        return _fact(large.text, large, 0.85 if agrees else 0.72)
    if named and not _is_file_name(named):
        return _fact(named, document.first, 0.6)
    first = next((line for line in lines if 8 <= len(line.text) <= 150 and not line.text.endswith((".", ","))), None)
    return _fact(first.text, first, 0.5) if first is not None else None


def _fact(text: str, line: Line, confidence: float) -> Fact[str]:
    return Fact(value=shorten(text), quote=cut_quote(line.text), place=line.place, confidence=confidence)


def _is_file_name(text: str) -> bool:
    return (
        re.search(
            r"\.(?:docx?|indd|pptx?|pdf|odt|xlsx?)$|^(?:microsoft|untitled|document\d*|sans titre|pr[ée]sentation)\b|_",
            text,
            re.IGNORECASE,
        )
        is not None
    )


def _alike(first: str, second: str) -> float:
    """0 to 100; a part of the second that stands in the first counts as likeness ("Fiche 44 : L'Escale")."""
    if any(len(part) >= 6 and fold(part) in fold(first) for part in _SEPARATOR.split(second)):
        return 88.0
    return float(fuzz.ratio(fold(first), fold(second)))
