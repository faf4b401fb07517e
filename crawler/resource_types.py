"""Which type of the taxonomy a page presents: its words by where they stand, and what the page holds.

The title and the page's place in its site (breadcrumb, address) say most; the opening says what kind of thing it
is in a sentence ("est un groupe de parole…"). Types that professionals keep apart (intervision, supervision,
community of practice, training, awareness) win over the vaguer ones when they are named.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from crawler.findings import Fact, Line, cut_quote
from crawler.word_patterns import WordPatterns
from directory.text import fold

TITLE, SECTION, CALLED, SLUG, OPENING, BODY = 5.0, 3.0, 3.0, 2.0, 2.0, 0.5
_BODY_CAP = 1.5

#: Words of each type, folded; * ends a stem. The first hit in a place counts.
_WORDS: Mapping[str, str] = {
    "card_game": r"[a-z]{4,}kaarten|^cartes(?! (?:sociales?|medicales?|des|du|d identite|mutuelles?|interactives?))|^kaarten|jeux? de cartes|photolangages?|\d+ cartes|\d+ kaarten|kaartspel\w*|gesprekskaart\w*|kaartenset|cartes (?:de |a )?(?:discussion|conversation|parler|souhaits)|wenskaart\w*|card game|conversation cards|cartes pour parler|set (?:de|van) \d+ (?:cartes|kaarten)",
    "tool": r"outils?(?: pedagogiques?| d animation| de dialogue)?|toolbox|toolkit|tool|tools|boite a outils|carnet(?! d adresses)|werkboek\w*|werkinstrument\w*|questionnaire|vragenlijst|checklist|malle|valise pedagogique|mallette|koffer|jeu|jeu de societe|spel|bordspel|application|app|fiches? outils?|fiche d orientation|arbre des besoins|grille|kit|pictogrammes?|pictogrammen|affiches?|posters?|support d animation|coffret|livret d activites|methodiek\w*|[a-z]{3,}(?:kit|koffer|tool|tools)|waaier|speldoos",
    "guide": r"(?<!qui )(?<!et )(?<!vous )(?<!volunteer )(?<!tour )guides?|vade ?mecum|handleiding\w*|gids\w*|draaiboek\w*|manuel|handbook|mode d emploi|aide memoire|stappenplan|wegwijzer|richtlijn\w*|recommandations de bonne pratique|toolgids|leidraad|focus|[a-z]{4,}(?:gids|wijzer)",
    "brochure": r"brochures?|depliants?|folders?|feuillets?|flyers?|leaflets?|infofiches?|info ?fiche|fiche(?:s)? d information|compte rendu|compte-rendu|verslag\w*|synthese|proces verbal|notulen|rapport|report|retour sur|echos? d[eu]|terugblik|dossier|cahier|magazine|newsletter|bulletin|[a-z]{4,}(?:folder|brochure|krant|fiche)|info prevention sante|memorandum|etude|livret|factsheet",
    "website": r"(?<!on )(?<!on-)sites?(?: (?:web|internet|d \w+|de reference))?|page(?: (?:web|pratique|d orientation))?|webpagina|website|webplatform|plateforme en ligne|portail|online platform|webstek|site d information|portaal|blog",
    "directory": r"^(?:la )?cartes? (?:des|interactive|du reseau)|(?:de )?kaart van|carnets? d adresses|bonnes adresses|adressenboekje|adresboekje|address book|[a-z]{4,}kaart(?! )|repertoires?|annuaires?|bottin|carte sociale|sociale kaart|cartographie|databank|base de donnees|directory|adressenlijst|adresgids|liste des? (?:services|structures|adresses|pharmacies|lieux|outils)|lijst (?:van|met)|outiltheque|catalogue|catalogus|moteur de recherche|zoekmachine|overzicht van",
    "training": r"formations?(?: continues?)?|modules? de formation|cours|cursus\w*|vorming\w*|opleiding\w*|bijscholing\w*|navorming\w*|training\w*|e-?learning|mooc|basisvorming|course|journees? de formation|apprentissage a distance|masterclass|certificat\w*|perfectionnement|psycho-?educati\w+|objectifs pedagogiques|leerdoel\w*|learning objectives|attestation de (?:presence|participation|formation)|[a-z]{4,}(?:vorming|opleiding|cursus)",
    "awareness": r"webinaires?|webinars?|sensibilisations?|sensibilisering\w*|seances? d information|infosessies?|info ?sessies?|infomoment\w*|infoavond\w*|bewustmaking\w*|voorlichting\w*|causeries?|un expose|expose (?:de|d|suivi)|uiteenzetting|awareness|information session|ateliers? (?:de |d )?(?:sensibilisation|decouverte|d information)|animation(?:s)?|lezing|conference-?debat|cine-?debat|stand d information|ateliers? pour les equipes",
    "intervision": r"intervisions?|intervisie\w*|echanges? entre pairs|collegiale consultatie|groupe d intervision",
    "supervision": r"supervisions?|superviseu\w+|supervisor\w*|supervisie\w*|analyse(?:s)? de pratiques?|teamsupervisie\w*",
    "community_of_practice": r"communautes? de pratiques?|praktijkgemeenschap\w*|community of practice|communities of practice|lerend netwerk\w*|leergemeenschap\w*|cdp|groupe d apprentissage",
    "working_group": r"groupes? de travail|werkgroep\w*|working groups?|commission de travail|denkgroep\w*|gt|comite de pilotage|conseil de l action|stuurgroep|groupe de reflexion",
    "immersion": r"immersions?|inleef\w*|portes ouvertes|opendeur\w*|open ?door|open days?|meeloop\w*|stages? d observation|job ?shadowing|visites? de services?|echange de travailleurs|werkbezoek\w*|kijkstage|journee d observation|study visits?|vis ma vie|plaatsbezoek\w*",
    "helpline": r"^(?:la |les |une )?lignes?(?! (?:directrices?|de conduite|du temps|de temps|budgetaires?|de (?:bus|tram)))|^allo(?!\w)|coups? de (?:fil|telephone)|numero (?:d appel|unique)|par telephone|telephonique|telefonisch\w*|ligne telephonique|[a-z]{3,}(?<!richt)(?<!tijd)(?<!leid)(?<!pijp)(?<!deel)lijn|telefoonlijn|phone line|lignes? d ecoute|lignes? d aide|ligne d appel|hulplijn\w*|luisterlijn\w*|helplines?|hotline|numero vert|numero gratuit|ecoute telephonique|permanence telephonique|telefonische (?:hulp|permanentie)|chat ?hulp\w*|tchat|^chat|chatten|tele-accueil|tele-onthaal|listening line|au bout du fil|aan de lijn|bel (?:een|de|onze)|appelez (?:une?|le|nos)|call an? |bel (?:naar )?(?:het nummer|gratis)|infolijn|ecoute anonyme",
    "pharmacy": r"pharmacies? (?:qui vaccin\w+|vaccinantes?)|apothe(?:ek|ken) (?:die|waar) \w+|vaccinerende apotheken?|pharmacie|apotheek|officine|pharmacy",
    "service": r"services?|association\w*|vereniging\w*|federation|federatie|coordination|plate-?forme (?!en ligne)|centres? (?:de|d|medical|medicaux|culturel)|centrum|dienst\w*|maison(?:s)? (?:medicale|d accueil|de quartier|verte|de repos)|consultations?|accueil de jour|equipes? mobiles?|mobiel team|accompagnement|begeleiding|planning familial|helpdesk|permanence(?:s)?|permanentie|wijkgezondheidscentrum|asbl|vzw|lieu de rencontre|ontmoetingsplek|inloophuis|maison|huis|groupes? de parole|praatgroep\w*|gespreksgroep\w*|groupes? d entraide|zelfhulpgroep\w*|restaurant social|sociaal restaurant|epicerie sociale|service d aide|hebergement|opvang|consultatie\w*|clinic|(?:support|walking|self-help|discussion|peer) groups?|group programme|groepsprogramma|programme de groupe|clubs?|[a-z]{4,}club|centre|lotgenoten\w*|spreekuur\w*|zitdag\w*|loket|inloop\w*|dienstencentrum|buurthuis|wijkcentrum|antenne|ontmoetingscentrum|uitleendienst|[a-z]{4,}dienst|[a-z]{4,}(?:winkel|groep)|halte-garderie|suivi (?:de|a)|permanence|vestiaire",
    "event": r"colloques?|colloquium|symposium|congres|conferences?|conferentie|studiedag\w*|journees? d etude|rencontres?|matinees?|soirees?|concertations?(?: thematiques?)?|themaoverleg|evenements?|evenement\w*|event|salon|festival|forum|save the date|ateliers? du changement|table ronde|netwerkmoment|netwerk ?lunch|lunch ?(?:reseau|causerie)|ontmoetingsdag\w*|midi de|midis? d|cafe (?:deuil|mortel|papote|des aidants|rencontre)|rouwcafe|death cafe|kick-?off|workshops?|ateliers?|seminaires?|exposition|tentoonstelling|marche|wandeling|balade|bijeenkomst|study day|conference|inauguration|fete|feest|projection|spectacle|voorstelling|rendez-vous|overleg|[a-z]{4,}(?:feest|markt|beurs|namiddag|avond|ontbijt|wandeling)",
    "campaign": r"campagnes?|campagne\w*|campaign|mois sans|tournee minerale|depistage (?:du|des)|opsporing\w*|bevolkingsonderzoek\w*|vaccinatiecampagne|screening programme|mammotest|semaine (?:(?:mondiale|internationale|europeenne|nationale|bruxelloise) )?(?:de la|de l|du|des)|week van|journee mondiale|werelddag",
    "project": r"samentuin\w*|buurttuin\w*|volkstuin\w*|projets?(?: pilotes?)?|project\w*|proefproject\w*|initiative|initiatief|appel a projets|projectoproep|experience pilote|jardin partage|potager (?:collectif|participatif)|action locale",
}
_PATTERNS = WordPatterns(_WORDS)
#: What comes before the word by which a text calls the very thing it presents: "cette formation", "dit is een gids".
_CALLING = re.compile(
    r"(?<![a-z])(?:ce|cet|cette|dit|deze|this|(?:c|ceci|il|elle) (?:s agit d|est) une?|il s agit d une?|(?:dit|het) is een|it is an?|this is an?)"
    r" (?:(?:petite?|nouve\w+|nieuwe?|new|gratuite?|gratis|free|courte?|korte|short|breve|praktische|handige|outil de|(?:deux|twee|two|trois|drie) \w+ de) )?(?=[a-z])"
)
_CALLED_REACH = 40  #: characters that hold the word
_CALLING_SIZE = 1_500  #: characters of the text in which it may call itself something
#: Words by which a page calls itself whatever it presents, or that stand for something else after "this".
_CALLED_ANYTHING = frozenset(("website", "service", "project"))
#: How much a word of the type says: "service" and "projet" stand in every text.
_WEIGHTS: Mapping[str, float] = {
    "card_game": 1.6, "tool": 0.9, "guide": 1.0, "brochure": 0.95, "website": 0.7, "directory": 1.1, "training": 1.15,
    "awareness": 1.1, "intervision": 1.7, "supervision": 1.6, "community_of_practice": 1.8, "working_group": 1.2,
    "immersion": 1.3, "helpline": 1.4, "pharmacy": 0.8, "service": 0.6, "event": 0.8, "campaign": 1.1, "project": 0.7,
}  # fmt: skip
_SCHEMA_TYPES: Mapping[str, str] = {
    "Course": "training", "CourseInstance": "training", "EducationEvent": "training", "Event": "event", "SocialEvent": "event",
    "BusinessEvent": "event", "ExhibitionEvent": "event", "Pharmacy": "pharmacy", "Service": "service",
    "GovernmentService": "service", "MedicalClinic": "service", "MedicalBusiness": "service", "Physician": "service",
    "MedicalOrganization": "service", "Guide": "guide", "HowTo": "guide", "Game": "tool", "SoftwareApplication": "tool",
    "MobileApplication": "tool", "Report": "brochure", "DigitalDocument": "brochure", "Dataset": "directory",
}  # fmt: skip
_SCHEMA_POINTS = 3.0


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What a page holds besides words."""

    dated: bool = False  #: it has an event's date
    recurs: bool = False
    document: bool = False  #: it is a PDF
    report: bool = False  #: it tells of a meeting that was held
    schema_types: Sequence[str] = ()
    has_download: bool = False
    has_phone: bool = False
    free_number: bool = False  #: a short number or one that costs nothing
    many_numbers: bool = False  #: it gives those of several services


def find_type(title: str, lines: Sequence[Line], *, section: str = "", slug: str = "", shape: Shape) -> Fact[str]:
    """The page's type; always one, unsure where little speaks for it. `section`: breadcrumb and address, as text; `slug`:
    the address's last part, as words."""
    scores: dict[str, float] = defaultdict(float)
    places: dict[str, tuple[float, Line, int, int]] = {}
    first = lines[0] if lines else Line(title)
    own = next((line for line in lines if line.level and line.text.casefold() == title.casefold()), None)
    heading = own or first

    def read(text: str, points: float, line: Line, cap: float | None = None) -> None:
        folded = spaced(text)
        hits = _PATTERNS.find(folded)
        earliest = min((hit.start() for hit in hits.values()), default=0)
        for name, hit in hits.items():
            leads = cap is None and hit.start() == earliest and earliest < 40  # "Formation de trois jours…"
            weight = _WEIGHTS[name] * points * (1.4 if leads else 1.0)
            scores[name] += weight if cap is None else min(weight, max(0.0, cap - body[name]))
            if cap is not None:
                body[name] += weight
            if weight > places.get(name, (0.0,))[0]:
                places[name] = (weight, line, hit.start(), hit.end())

    def read_calling(line: Line, folded: str) -> None:
        for cue in _CALLING.finditer(folded):
            for name, hit in _PATTERNS.find(folded[cue.end() : cue.end() + _CALLED_REACH]).items():
                if hit.start() == 0 and name not in called and name not in _CALLED_ANYTHING:
                    called.add(name)
                    scores[name] += CALLED * _WEIGHTS[name]
                    places.setdefault(name, (CALLED, line, cue.start(), cue.end() + hit.end()))

    body: dict[str, float] = defaultdict(float)
    called: set[str] = set()
    read(title, TITLE, heading)
    read(section, SECTION, heading)
    for name in _PATTERNS.find(spaced(slug)).keys() - scores.keys():
        scores[name] += SLUG * _WEIGHTS[name]
    opening = 0
    titled = spaced(title) if own is None else ""
    for line in lines:
        if line is own or line.link_share > 0.8:
            continue
        if (
            titled and len(line.text) <= 2 * len(title) + 20 and titled in spaced(line.text)
        ):  # "Devenir marraine : la formation"
            read(line.text, TITLE, line)
            titled = ""
            continue
        if opening < _CALLING_SIZE:
            read_calling(line, spaced(line.text[:600]))
        if opening < 350:
            read(line.text[:600], OPENING if opening == 0 else OPENING * 0.6, line)
        else:
            read(line.text[:600], BODY, line, cap=_BODY_CAP)
        opening += len(line.text)
    _add_shape(scores, shape)
    return _decide(scores, places, title, heading)


def _add_shape(scores: dict[str, float], shape: Shape) -> None:
    for name in shape.schema_types:
        if name in _SCHEMA_TYPES:
            scores[_SCHEMA_TYPES[name]] += _SCHEMA_POINTS
    if shape.dated:
        scores["event"] += 2.0
    elif scores["event"] < TITLE * _WEIGHTS["event"]:  # "rencontres" and "soirées" alone are a service's activities
        scores["event"] *= 0.5
        for name in ("training", "awareness", "immersion", "intervision", "supervision", "community_of_practice"):
            scores[name] += 0.8 if scores[name] >= TITLE else 0.0
    if shape.report:
        scores["brochure"] += 4.0
    if shape.many_numbers:
        scores["directory"] += 3.0
    if shape.document and not (shape.dated and not shape.report and scores["event"] >= TITLE):
        scores["brochure"] += 2.5
        scores["event"] *= 0.6
        scores["service"] *= 0.5
        scores["website"] *= 0.5
    if shape.has_download:
        for name in ("brochure", "guide", "tool", "directory"):
            scores[name] += 0.7 if scores[name] >= 1.0 else 0.0
    if shape.free_number:
        scores["helpline"] += 2.5
    if shape.has_phone and not shape.dated and not shape.document:
        scores["service"] += 1.2


def _decide(
    scores: Mapping[str, float], places: Mapping[str, tuple[float, Line, int, int]], title: str, heading: Line
) -> Fact[str]:
    ranked = sorted(scores, key=lambda name: (-scores[name], name))
    if not ranked or scores[ranked[0]] <= 0:
        return Fact(value="service", quote=title, place=heading.place, confidence=0.3)
    winner = ranked[0]
    second = scores[ranked[1]] if len(ranked) > 1 else 0.0
    margin = (scores[winner] - second) / scores[winner]
    _, line, start, end = places.get(winner, (0.0, heading, 0, 0))
    return Fact(
        value=winner,
        quote=cut_quote(line.text, start, end) or title,
        place=line.place,
        confidence=round(min(0.95, 0.4 + 0.35 * margin + 0.025 * min(scores[winner], 10.0)), 2),
    )


@lru_cache(maxsize=1024)  # type, themes, audiences and kind read the same lines of a page
def spaced(text: str) -> str:
    """Folded, with apostrophes as spaces: the form that the word patterns are written in."""
    return re.sub(r"['’ʼ`´]", " ", fold(text))
