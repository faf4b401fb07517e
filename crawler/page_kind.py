"""What a page is: a resource, a list that leads to others, or neither.

Told by its address, its title, what repeats in it and what it holds. Contact, privacy, legal, team, job and login
pages, news archives and home pages are no resources. A "not found" that answers 200 is told by what it says.

Longer than 300 lines: the signs of each kind of page are weighed against one another.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from crawler import json_ld
from crawler.document import Document
from crawler.html import Node, absolute, text_of
from crawler.page import PageKind
from crawler.people import find_people, names_person
from crawler.resource_types import spaced

MIN_TEXT = 60  #: letters; below, a page has no text of its own
_NOT_FOUND = re.compile(
    r"(?<![a-z])(?:(?:page|pagina|contenu|document|article|inhoud) (?:\w+ ){0,3}(?:non trouvee?|pas trouvee?|introuvable|n existe (?:pas|plus)|n est plus disponible|niet gevonden|bestaat niet|bestaat niet meer|not found|niet beschikbaar|a ete supprimee?|could not be found|no longer exists|doesn t exist|does not exist)|"
    r"(?:page|content) not found|niet gevonden|erreur 404|error 404|fout 404|404 (?:error|erreur|not found|page|-)|^404$|not found|oups|oeps|oops|cette page n existe|deze pagina bestaat|nothing (?:was )?found|rien (?:n a ete )?trouve|aucun resultat|geen resultaten)(?![a-z])"
)
_OTHER_WORDS = (
    r"contact(?:ez[- ]nous|eer ons|er)?|contact us|nous contacter|neem contact op|coordonnees|acces et contact|contact et acces|contactgegevens|"
    r"(?:politique|declaration|charte) (?:de (?:la )?|relative a la |en matiere de )?(?:confidentialite|vie privee|protection des donnees\w*|cookies?)(?: et cookies)?|vie privee|confidentialite|rgpd|gdpr|privacy(?:[- ](?:policy|verklaring|statement|beleid))?|privacyverklaring|privacybeleid|"
    r"cookies?(?:[- ]?(?:policy|beleid|verklaring))?|cookiebeleid|cookieverklaring|gestion des cookies|mentions legales|mentions|legal(?:[- ]notice)?|juridische (?:informatie|kennisgeving)|wettelijke (?:vermeldingen|informatie)|disclaimer|conditions (?:generales|d utilisation)\w*(?: de vente)?|gebruiksvoorwaarden|algemene voorwaarden|terms(?: (?:of use|and conditions|of service))?|"
    r"(?:notre |l |l')?equipe|(?:l )?equipe (?:du|de|et) .*|qui sommes[- ]nous|(?:ons |het )?team|onze medewerkers|medewerkers|wie zijn (?:we|wij)|our team|staff|le personnel|about(?: us)?|a propos(?: de nous)?|over ons|over|nos missions?|missions?|onze missie|missie(?: en visie)?|historique|notre histoire|geschiedenis|onze geschiedenis|conseil d administration|organe d administration|bestuur|bestuursorgaan|raad van bestuur|"
    r"jobs?|emplois?|offres? d emploi|travailler (?:chez nous|avec nous)|vacatures?|werken bij.*|careers?|stages?|recrutement|on recrute|nous recrutons|faire un don|dons?|giften|doneer|steun ons|soutenez[- ]nous|donate|presse|pers|press|"
    r"infos? pratiques?|informations? pratiques?|praktische info(?:rmatie)?|practical information|location de salles?|nos salles|zaalverhuur|room hire|reglement(?: .*)?|huishoudelijk reglement|faq|questions frequentes|veelgestelde vragen|frequently asked questions|"
    r"(?:le )?college(?: des? bourgmestre.*| communal| van burgemeester.*)?|(?:le )?conseil communal|gemeenteraad|bourgmestre.*|burgemeester.*|echevin\w*|schepen\w*|(?:vos |nos )?elus?|(?:les )?mandataires|les? formateurs?|les formatrices?|formateurs et formatrices|nos formateur\w*|(?:onze )?lesgevers|(?:onze )?trainers|nos intervenants|volontaires|nos volontaires|(?:notre )?comite|"
    r"(?:nous )?ecrire(?: a .*)?|ecrivez[- ]nous|schrijf(?: ons)?|schrijven naar .*|contacter .*|write to .*|"
    r"plan du site|sitemap|site ?map|login|connexion|se connecter|inloggen|aanmelden|mon compte|mijn account|my account|inscription newsletter|newsletter|nieuwsbrief|accessibilite(?: du site)?|declaration d accessibilite|toegankelijkheidsverklaring|accessibility(?: statement)?|partenaires|nos partenaires|partners|onze partners|subsid\w+|pouvoirs subsidiants|rapports? annuels?|rapports? d activites?|jaarverslag(?:en)?|annual reports?|statuts|statuten|merci|bedankt|thank you|devenir membre|lid worden|nos membres|onze leden|liens(?: utiles)?|links|credits?|impressum|colofon|plan d acces|bereikbaarheid|horaires? d ouverture|heures d ouverture|openingsuren|opening hours|organigramme|panier|winkelmandje|cart|checkout|plainte|klachten|signaler un probleme"
)
_OTHER = re.compile(rf"(?:{_OTHER_WORDS})")
_LISTING_WORDS = (
    r"(?:l |notre |onze )?agenda(?: .*)?|calendrier(?: .*)?|kalender|calendar|(?:tous les |toutes les |nos |les |alle |onze |all |our )?(?:actualites?|actus|nouvelles|news|nieuws|nieuwsberichten|blog|articles?|artikels?|artikelen|evenements?|evenementen|activites|activiteiten|events|formations|vormingen|opleidingen|vormingsaanbod|trainings?|outils|tools|ressources|resources|publicaties|publications|aanbod|offre|brochures?|documents|documenten|documentation|documentatie|telechargements?|downloads?|materiaal|materiel|projets|projecten|projects|services|diensten|centre de documentation|bibliotheque|videos?|podcasts?)|"
    r"archives?(?: .*)?|archief|categorie ?:? .*|category ?:? .*|etiquette ?:? .*|tag ?:? .*|auteur ?:? .*|author ?:? .*|(?:resultats? (?:de (?:la )?)?recherche|zoekresultaten|search results|recherche|zoeken|search)(?: .*)?|catalogue des? .*|catalogue|catalogus|outiltheque|mediatheque|ressourcerie|offre de formations?|catalogue de formations|formations? et .*|outils et .*|nos outils.*|nos formations.*|onze vormingen.*|page \d+"
)
_LISTING = re.compile(rf"(?:{_LISTING_WORDS})")
_LISTING_PATH = re.compile(
    r"/(?:category|categorie|tag|tags|author|auteur|page/\d+|archives?|search|recherche|zoeken|rubriques?|mots?-cles?|themes?|thematiques?)(?:/|$)|/(?:19|20)\d\d/(?:[01]?\d/?)?$|[?&](?:s|q|search|start|debut_articles|page|paged|cat|tag)="
)
HOME_PATH = re.compile(
    r"/(?:(?:fr|nl|en|fr-be|nl-be)/?)?(?:index\.\w+|accueil/?|home/?|homepage/?|startpagina/?|welkom/?|bienvenue/?)?$"
)
_SIGNS_IN_PATH = re.compile(r"^(?:fr|nl|en|fr-be|nl-be|www|index|page|pages|node|content|spip\.php|site|be)$")


@dataclass(frozen=True)
class Repetition:
    """The largest group of alike blocks that each lead to a page of their own. share: of the main text's characters."""

    items: int
    share: float
    documents: int  #: of them lead to files
    addresses: frozenset[str]


@dataclass(frozen=True)
class Verdict:
    """The kind and how sure it is, 0 to 1."""

    kind: PageKind
    confidence: float


def decide_kind(document: Document, title: str, *, signs: int) -> Verdict:
    """What an HTML page is. `signs`: how many fields of a resource it shows (type in its title, date, cost…)."""
    letters = sum(character.isalpha() for character in document.text)
    if "error404" in _body_words(document):
        return Verdict("soft_404", 0.97)
    if _is_not_found(document, title, letters):
        return Verdict("soft_404", 0.95)
    if letters < MIN_TEXT:
        return Verdict("empty", 0.9)
    named = _name(title)
    last = _last_segment(document)
    filed = re.search(r"/(?:category|categorie|tag|author|auteur)/", document.path) is not None
    if not filed and (_OTHER.fullmatch(named) or _OTHER.fullmatch(last)):
        return Verdict("other", 0.93)
    repetition = find_repetition(document)
    listing = _listing_score(document, named, last, repetition)
    if HOME_PATH.fullmatch(document.path) and not urlsplit(document.url).query:
        return _judge_home(document, repetition, listing, signs, letters)
    if listing >= 1.0:
        return Verdict("listing", min(0.95, 0.6 + 0.2 * listing))
    if _is_about_people(document, title) or _is_own_news(document, named, signs):
        return Verdict("other", 0.75)
    score = 0.5 + 0.09 * min(signs, 4) + 0.1 * (letters > 400) - 0.15 * (letters < 150) - 0.25 * max(listing, 0.0)
    if signs < 2:  # a page of text that offers nothing a directory of help would hold
        return Verdict("other", 0.6)
    return Verdict("resource", round(max(0.05, min(0.97, score)), 2)) if score >= 0.4 else Verdict("other", 0.6)


def _is_not_found(document: Document, title: str, letters: int) -> bool:
    head = spaced(f"{title} | {document.head.title}")
    if re.search(r"(?<!\d)404(?!\d)", head) and letters < 1500:
        return True
    if _NOT_FOUND.search(head) and letters < 1500:
        return True
    return (
        letters < 500
        and bool(_NOT_FOUND.search(spaced(document.text[:400])))
        and not re.search(r"20\d\d", document.text)
    )


def _body_words(document: Document) -> set[str]:
    """The body's classes: content systems say there what kind of page they made."""
    body = document.root.find("body") if document.root is not None else None
    return set((body.get("class") or "").lower().split()) if body is not None else set()


_LIST_CLASSES = frozenset(
    (
        "archive",
        "blog",
        "category",
        "tag",
        "author",
        "date",
        "search",
        "search-results",
        "post-type-archive",
        "tax",
        "paged",
        "path-search",
        "tribe-events-page-template",
    )
)
_SINGLE_CLASSES = frozenset(
    ("single", "singular", "single-post", "page-template-default", "single-tribe_events", "path-node")
)


def _name(title: str) -> str:
    return re.sub(r"\s+(?:19|20)\d\d(?:\s?[-–/]\s?(?:20)?\d\d)?$|\s+", " ", spaced(title)).strip(" .:!?-–|")


def _last_segment(document: Document) -> str:
    segments = [part for part in unquote(document.path).lower().split("/") if part and not _SIGNS_IN_PATH.match(part)]
    last = re.sub(r"\.(?:html?|php|aspx?)$", "", segments[-1]) if segments else ""
    return re.sub(r"[-_+\s]+", " ", last).strip()


def _listing_score(document: Document, named: str, last: str, repetition: Repetition) -> float:
    score = 0.0
    classes = _body_words(document)
    if classes & _LIST_CLASSES and not classes & _SINGLE_CLASSES:
        score += 1.0
    if _LISTING.fullmatch(named):
        score += 0.8
    if _LISTING.fullmatch(last) or _LISTING_PATH.search(
        document.path + ("?" + urlsplit(document.url).query if urlsplit(document.url).query else "")
    ):
        score += 0.5
    if repetition.documents >= 4 and repetition.items < repetition.documents:
        score += 0.4 + (0.4 if repetition.share > 0.5 else 0.0)
    kinds = {name for item in document.head.items for name in json_ld.types(item)}
    if kinds & {"CollectionPage", "SearchResultsPage", "ItemList"}:
        score += 0.5
    if len({json_ld.text(item.get("name")) for item in document.head.items_of("Event")}) > 2:
        score += 0.8
    if repetition.items >= 3:
        score += min(1.4, 0.35 + 1.6 * (repetition.share - 0.3) + 0.06 * min(repetition.items, 10))
    elif repetition.items == 2 and repetition.share > 0.5:
        score += 0.5
    if "Article" in kinds or "BlogPosting" in kinds or "NewsArticle" in kinds:
        score -= 0.3
    prose = sum(
        len(line.text) for line in document.lines if not line.level and line.link_share < 0.3 and len(line.text) > 150
    )
    if prose > 1500 and repetition.share < 0.5:
        score -= 0.4
    return score


def _judge_home(document: Document, repetition: Repetition, listing: float, signs: int, letters: int) -> Verdict:
    """A home page leads to others, unless it is the only page of a small site that presents one thing."""
    inner = {
        link.address for link in document.links if urlsplit(link.address).hostname == urlsplit(document.url).hostname
    }
    inner.discard(document.url)
    if repetition.items >= 3 or listing >= 0.6 or len(inner) >= 6:
        return Verdict("listing", 0.85)
    menu = _menu_size(document)
    if menu <= 4 and letters > 300 and signs >= 3:
        return Verdict("resource", 0.6)
    return Verdict("other", 0.8)


def _menu_size(document: Document) -> int:
    if document.root is None:
        return 0
    addresses = {absolute(document.url, anchor.get("href")) for anchor in document.root.iter("a")}
    host = urlsplit(document.url).hostname
    return len(
        {address for address in addresses if address and address != document.url and urlsplit(address).hostname == host}
    )


_PERSONAL = re.compile(
    r"^(?:merci|bedankt|dank|thank)(?![a-z])|(?<![a-z])(?:nouvelle? (?:collegue|directeur|directrice|coordinat\w+|site)|nieuwe (?:collega|directeur|website|coordinator)|fermeture|sluiting|gesloten|ferme|closed|vacature|offre d emploi|recrute|recrutons|recherche un|zoekt een|zoeken een|on engage|we are hiring|voeux|bonne annee|gelukkig nieuwjaar|nieuwjaarswensen|demenage|verhuist|verhuizing|fete ses \d+ ans|viert \d+ jaar|assemblee generale|algemene vergadering|in memoriam|hommage a|prix \w+ decerne|dans la presse|revue de presse|communique de presse|persbericht|press release)(?![a-z])"
)


def _is_own_news(document: Document, named: str, signs: int) -> bool:
    """News about the organisation itself, and news that offers nothing."""
    if _PERSONAL.search(named):
        return True
    crumbs = spaced(
        " ".join(
            [*document.head.breadcrumbs, document.path.replace("-", " ").replace("/", " "), document.first.text[:30]]
        )
    )
    news = re.search(
        r"(?<![a-z])(?:actualites?|actus|nieuws|news|blog|presse|pers)(?![a-z])", crumbs
    ) is not None or bool(
        {"NewsArticle", "BlogPosting"} & {name for item in document.head.items for name in json_ld.types(item)}
    )
    return news and signs < 3


def _is_about_people(document: Document, title: str) -> bool:
    """A page that presents persons: a third of its lines name one, or its title is a person's name."""
    if (people := find_people(title)) and sum(end - start for start, end in people) > 0.6 * len(title):
        return True
    lines = [line for line in document.lines if len(line.text) > 3]
    naming = [line for line in lines if len(line.text) < 400 and names_person(line.text)]
    timed = any(re.search(r"\d{1,2}\s?[hu:]\s?\d{0,2}", line.text) for line in naming)
    return len(naming) >= 3 and len(naming) >= 0.3 * len(lines) and not timed


_BESIDE = re.compile(
    r"(?<![a-z])(?:autres?|aussi|egalement|similaires?|lie(?:e)?s|meme (?:theme|rubrique|sujet)|andere|ook|meer|gerelateerd\w*|related|more|other|also|en savoir plus|pour aller plus loin|lees verder|liens utiles|nuttige links|suivants?|precedents?)(?![a-z])"
)


def find_repetition(document: Document) -> Repetition:
    """What repeats in the main text: siblings of one kind, each with a link to another page of the site."""
    if document.main is None:
        return Repetition(0, 0.0, 0, frozenset())
    total = max(len(text_of(document.main)), 1)
    best = Repetition(0, 0.0, 0, frozenset())
    groups: dict[tuple[Node, str, str], list[Node]] = defaultdict(list)
    beside = False  # under a heading such as "our other courses"
    for node in document.main.iter("li", "article", "div", "tr", "section", "h2", "h3", "h4", "dt", "a", "p"):
        if node.tag in {"h2", "h3", "h4"} and node.find(".//a") is None:
            beside = _BESIDE.search(spaced(text_of(node))) is not None
        parent = node.getparent()
        if parent is not None and not beside:
            groups[(parent, str(node.tag), _look(node))].append(node)
    for (_, tag, _look_of), nodes in groups.items():
        if len(nodes) < 2:
            continue
        addresses: list[str] = []
        size = 0
        for node in nodes:
            if address := _leads_to(node, document):
                addresses.append(address)
                size += _size(node) if tag in {"h2", "h3", "h4"} else len(text_of(node))
        distinct = set(addresses)
        if len(distinct) < 2 or len(distinct) < 0.6 * len(nodes):
            continue
        if tag == "p" and size / len(nodes) > 200:
            continue
        share = min(1.0, size / total)
        if share * min(len(distinct), 6) > best.share * min(best.items + best.documents, 6):
            files = sum(_FILE.search(address) is not None for address in distinct)
            best = Repetition(len(distinct) - files, share, files, frozenset(distinct))
    return best


_FILE = re.compile(r"\.(?:pdf|docx?|pptx?|xlsx?|zip|odt)$", re.IGNORECASE)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg)$", re.IGNORECASE)


def _look(node: Node) -> str:
    names = (node.get("class") or "").split()
    return Counter(re.sub(r"\d+", "", name) for name in names[:1]).most_common(1)[0][0] if names else ""


def _size(heading: Node) -> int:
    """Characters of a heading and what follows it up to the next of its kind."""
    size = len(text_of(heading))
    for sibling in heading.itersiblings():
        if sibling.tag == heading.tag:
            break
        if isinstance(sibling.tag, str):
            size += len(text_of(sibling))
    return size


def _leads_to(node: Node, document: Document) -> str | None:
    """The page that an item is about: its first link with words to another page of the site."""
    anchors = [node] if node.tag == "a" else list(node.iter("a"))
    host = (urlsplit(document.url).hostname or "").removeprefix("www.")
    for anchor in anchors[:4]:
        address = absolute(document.url, anchor.get("href"))
        if not address or address == document.url or not (text_of(anchor) or anchor.find(".//img") is not None):
            continue
        parts = urlsplit(address)
        if (parts.hostname or "").removeprefix("www.") == host and not _PICTURE.search(parts.path):
            return address
    return None


def section_words(document: Document) -> str:
    """Where a page stands in its site, as words: breadcrumb and the folders of its address."""
    folders = [part for part in unquote(document.path).split("/")[:-1] if part and not _SIGNS_IN_PATH.match(part)]
    crumbs: Sequence[str] = document.head.breadcrumbs[:-1]
    return " | ".join(
        [*(crumb for crumb in crumbs if len(crumb) < 60), *(re.sub(r"[-_]+", " ", folder) for folder in folders)]
    )
