"""Whom a page addresses, in its own words: "pour qui", "voor wie", "s'adresse aux…", or in its title."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from crawler.fields import Labelled
from crawler.findings import Fact, Line, cut_quote
from crawler.resource_types import spaced
from crawler.word_patterns import WordPatterns

_WORDS: Mapping[str, str] = {
    "professionals": r"profession\w*|intervenant\w*|travailleur\w* (?:socia\w+|de terrain|de rue|du secteur|medico\w*)|travailleu\w+|hulpverlen\w*|zorgverlen\w*|zorgprofessional\w*|welzijnswerk\w*|soignant\w*|medecins?|generalistes?|infirmier\w*|verpleegkundig\w*|huisarts\w*|artsen|pharmaciens?|apothekers?|psychologues?|psychologen|acteurs? (?:social|du|de la|de terrain)\w*|acteur\w* social\w*|equipes|teams|assistants? socia\w+|prestataires?|practitioners?|care workers?|social workers?|animateurs?|sociaal werkers?|partenaires|enseignants? et|educateurs?|kinesitherapeut\w*|sages?-femmes?|vroedvrouwen|aides? (?:familiales?|soignantes?|menageres?|a domicile)|gardes? a domicile|services? (?:socia\w+|d aide|de soins)|thuishulp\w*|thuiszorgmedewerk\w*|verzorgende\w*|zorgkundig\w*|maatschappelijk werk\w*|medewerkers|ergotherap\w*|dieti?[eist]\w+|logoped\w*|coordinat\w+|responsables? (?:de|d|des)|leidinggevenden|bailleurs|agents? (?:pms|d accueil|communaux)|onthaalmedewerk\w*|nurses|doctors|gps",
    "volunteers": r"benevoles?|volontaires?|vrijwilligers?|volunteers?",
    "general_public": r"grand public|tout public|tous publics|toute personne|tous et toutes|tou\w*s? les citoyen\w*|ouvert a tous|ouverte? a toutes?|breed publiek|iedereen|het grote publiek|general public|everyone|everybody|open to all|tout le monde|toutes les personnes",
    "residents": r"habitant\w*|riverain\w*|bewoners?|buurtbewoners?|wijkbewoners?|residents?|inwoners?|voisins?|buren|neighbours?",
    "patients": r"patient\w*|personnes? malades?|malades|zieken|personnes? atteintes?",
    "service_users": r"usager\w*|beneficiaires?|gebruikers?|clienten|service users?|personnes? sans[- ](?:abri|chez[- ]soi)|dak- en thuislozen|daklozen|personnes? en (?:situation de )?(?:precarite|rue)|mensen in armoede|homeless|personnes precarisees|demandeurs? d aide",
    "families": r"familles?|proches(?! aidants)|entourage|famil\w+leden|gezinnen|familie|naasten|families|relatives|endeuille\w*|nabestaanden|bereaved",
    "carers": r"aidants?(?: |-)proches?|proches(?: |-)aidants?|aidants|mantelzorg\w*|(?:informal |family )?carers?|caregivers?",
    "parents": r"parents?|futurs? parents|ouders|mamans?|papas?|jeunes meres|femmes? enceintes?|zwangere\w*|mama s|papa s|aanstaande ouders|pregnant|grossesse",
    "young_people": r"jeunes|jongeren|adolescents?|ados|tieners|young people|teenagers?|etudiants?|studenten|\d{2} a 2\d ans|jongvolwassenen|enfants|kinderen|children",
    "older_people": r"aine\w*|seniors?|senioren|personnes agees|oudere|ouderen|ouder dan \d+|\d+ jaar en ouder|vanaf [67]\d jaar|older people|(?:over|aged) [67]\d|les plus ages|elderly|retraites|pensionnes|\+ ?6\d|6\d ans et plus|plus de [67]\d ans|[5-8]\d[ -]plus\w*|(?:na|vanaf) je \d\dste|6\d-plussers|55\+|60\+|65\+|gepensioneerden",
    "migrants": r"migrant\w*|refugie\w*|primo-arrivant\w*|exile\w*|sans[- ]papiers|demandeurs? d asile|vluchtelingen|nieuwkomers|migranten|asielzoekers|mensen zonder papieren|refugees|asylum seekers|newcomers|undocumented|(?:just|recently) arrived|recemment arrivees?|pas aangekomen",
    "people_with_disabilities": r"handicap\w*|beperking|disabilit\w+|personnes? (?:sourdes?|aveugles?|malentendantes?|malvoyantes?)|doven|slechtzienden|a mobilite reduite",
    "schools": r"ecoles?|scholen|scholaire|enseignants?|leerkrachten|schools?|teachers?|classes|professeurs|centres? pms|clb",
}
_PATTERNS = {name: re.compile(rf"(?<![a-z0-9])(?:{words})(?![a-z0-9])") for name, words in _WORDS.items()}
#: What comes before the people that something is for.
_CUE = re.compile(
    r"(?<![a-z])(?:(?:s adresse|s adressent|destinee?s?|reservee?s?|accessibles?|ouverte?s?|propose\w*|dediee?s?) (?:aussi |egalement |avant tout |principalement |exclusivement |gratuitement )?(?:a|aux?)|a destination (?:des?|d)|"
    r"a l (?:attention|intention) (?:des?|d)|pour (?:tou\w+ |toutes )?(?:les|des|tout|toute|le|la)|public cible|public|pour qui|voor wie|for whom|vous etes|tu es|ben je|bent u|je bent|u bent|are you|bedoeld voor|gericht (?:op|aan)|richt zich (?:op|tot)|richten zich (?:op|tot)|voor (?:de|het|alle|elke|iedere)|open voor|toegankelijk voor|"
    r"you are|(?:utilise\w*|a utiliser) par (?:les|des)|te gebruiken door|a remettre aux?|(?:used|for use) by|reunit (?:des|les)|rassemble (?:des|les)|brengt|"
    r"bienvenue aux?|bienvenue a (?:tou\w+ |toutes )?(?:les)?|welkom|welcome|tou(?:te)?s les|alle|aimed at|designed for|intended for|open to|for (?:the|all|any|every)|accueille\w*|accompagne\w*|soutien\w* (?:aux?|les)|soutient|ondersteunt|helpt|begeleidt|aide (?:aux?|les))(?![a-z])"
)
#: The same in one small word, which says many other things: only what follows at once counts.
_WEAK_CUE = re.compile(r"(?<![a-z])(?:pour(?! \w+(?:er|ir|re)(?![a-z]))|voor|for|met|avec)(?![a-z])")
_WEAK_REACH = 22
_REACH = 90  #: characters after a cue in which people are named
#: Where the naming of those it is for ends: the sentence, or a clause about them ("kinderen die een ouder verloren").
_END = re.compile(r"[.;:!?](?:\s|$)|(?<![a-z])(?:qui|dont|die|who|sans|zonder|without|decouvr\w+)(?![a-z])")
#: What tells by itself whom something is for: ages, "everyone", the reader's own clients.
_BY_ITSELF: Mapping[str, str] = {
    "older_people": r"(?:[6-8]\d|5[05]) ans et plus|plus de [6-8]\d ans|a partir de [6-8]\d ans|(?:vanaf|ouder dan) [6-8]\d(?: jaar)?|[5-8]\d-?plussers?|(?:over|aged?) [6-8]\d|[6-8]\d (?:and over|or older|jaar en ouder)",
    "young_people": r"(?:entre )?1\d (?:et|a|tot|en|to|-|–) ?(?:1[5-9]|2\d) (?:ans|jaar|years?)",
    "parents": r"(?:votre|ton|je|your) (?:tout-petit|bebe|baby|kindje|enfant|kind|child|nouveau-ne)|(?:\d+|six|zes|trois|drie) (?:a|tot|et|-) ?\d+ (?:mois|maanden|months)",
    "professionals": r"(?:votre|vos|je|jouw|uw|your) (?:patient\w*|usager\w*|beneficiaires?|client\w*|clienten|public|equipes?|teams?|eleves|leerlingen|residents)|(?:door te verwijzen|orienter (?:un|vos|les)|refer (?:your|clients|patients))|entre collegues|onder collega s|dans vos locaux|attestation de (?:presence|formation)|accreditation|accreditering",
    "residents": r"(?:iedereen|alle mensen|tous|tout le monde|everyone|anyone|chacun) (?:uit|du|from|van|in|de) (?:de |het |the |la |le |cette |deze |this )?(?:wijk|buurt|quartier|commune|gemeente|neighbou?rhood)|les habitant\w*|(?:de )?buurtbewoners",
    "volunteers": r"deven(?:ir|ez) (?:un |une )?(?:benevole|volontaire|marraine|parrain)\w*|word vrijwilliger|vrijwilliger worden|become a (?:volunteer|befriender)",
    "general_public": r"iedereen|toute personne|tout le monde|bienvenue a tou\w+|ouverte? a tou\w+|a toutes et (?:a )?tous|toutes et tous|everyone|anyone|open to all|grand public|vous avez perdu",
}  # fmt: skip
_ALONE = WordPatterns(_BY_ITSELF)
_ALONE_SIZE = 900  #: characters of text in which it does
_ALONE_LEAST = 1.4  #: points of a first paragraph's word that tells by itself
MAX_AUDIENCES = 4


#: Types that are for professionals unless the page says otherwise.
_PROFESSIONAL_TYPES = frozenset(
    ("training", "intervision", "supervision", "community_of_practice", "working_group", "immersion")
)
_EVERYONE_S = frozenset(("campaign", "pharmacy"))  #: types that address everyone unless the page says otherwise
#: Meetings of professionals by their name.
_PROFESSIONAL_MEETING = re.compile(
    r"(?<![a-z])(?:concertations?|themaoverleg|overleg|intervisi\w+|colloqu\w+|studiedag\w*|journees? d etude|study day|lunch reseau|netwerklunch|ateliers? du changement|symposium)(?![a-z])"
)
#: Named in a title, they are whom it is for; professionals and what they work with are not.
_TITLED = frozenset(("parents", "carers", "young_people", "older_people", "migrants", "volunteers", "residents"))


def find_audiences(
    title: str, lines: Sequence[Line], fields: Sequence[Labelled], *, type_: str | None = None
) -> Fact[list[str]] | None:
    """The audiences, in the taxonomy's words; None where the page does not say for whom it is."""
    labelled = [field for field in fields if field.name == "audience"]
    if labelled:
        text = " ".join(field.value for field in labelled[:4])
        if found := _named(spaced(text)):
            line = labelled[0].line
            return Fact(
                value=found[:MAX_AUDIENCES], quote=cut_quote(labelled[0].value), place=line.place, confidence=0.9
            )
    scores: dict[str, float] = {}
    where: dict[str, tuple[Line, int]] = {}
    heading = next((line for line in lines if line.level and line.text.casefold() == title.casefold()), None)
    for_them = type_ in _PROFESSIONAL_TYPES or _PROFESSIONAL_MEETING.search(spaced(title)) is not None
    size = 0
    for line in lines[:80]:
        if line.link_share > 0.8:
            continue
        folded = spaced(line.text)
        points = 2.0 if line is heading else 1.5 if size < 500 else 0.7
        size += len(folded)
        for cue in _CUE.finditer(folded):
            reach = _END.split(folded[cue.end() : cue.end() + _REACH].lstrip(" :?"))[0]
            for name in _named(reach):
                scores[name] = scores.get(name, 0.0) + points
                where.setdefault(name, (line, cue.start()))
        for cue in _WEAK_CUE.finditer(folded):
            reach = _END.split(folded[cue.end() : cue.end() + _REACH].partition(",")[0])[0]
            named = _placed(reach)
            if named and min(named.values()) <= _WEAK_REACH:
                for name in named:
                    if name not in scores:
                        scores[name] = points if cue.group() in {"pour", "voor", "for"} else 0.5 * points
                        where[name] = (line, cue.start())
        if size < _ALONE_SIZE:
            for name, hit in _ALONE.find(folded).items():
                if for_them and name not in {"professionals", "volunteers"}:
                    continue  # "how to talk with those over 65" is for those who talk with them
                if name not in scores and not (name in {"general_public", "residents"} and scores):
                    scores[name] = _ALONE_LEAST
                    where[name] = (line, hit.start())
    if type_ not in _PROFESSIONAL_TYPES and heading is not None:
        for name in _TITLED & set(_named(_END.split(spaced(title))[0])):
            scores.setdefault(name, 1.5)
            where.setdefault(name, (heading, 0))
    kept = [name for name in sorted(scores, key=lambda name: -scores[name]) if scores[name] >= 1.4][:MAX_AUDIENCES]
    if not kept and for_them and lines:
        return Fact(value=["professionals"], quote=cut_quote(title), place=(heading or lines[0]).place, confidence=0.55)
    if not kept and type_ in _EVERYONE_S and lines:
        return Fact(value=["general_public"], quote=cut_quote(title), place=(heading or lines[0]).place, confidence=0.4)
    if not kept:
        return None
    line, start = where[kept[0]]
    return Fact(value=kept, quote=cut_quote(line.text, start, start + 60), place=line.place, confidence=0.7)


def _named(folded: str) -> list[str]:
    """The audiences named in a text, in its order."""
    hits = _placed(folded)
    return sorted(hits, key=lambda name: hits[name])


def _placed(folded: str) -> dict[str, int]:
    """Where a text names each audience."""
    hits = {name: hit.start() for name, pattern in _PATTERNS.items() if (hit := pattern.search(folded))}
    if "carers" in hits and "families" in hits and abs(hits["carers"] - hits["families"]) < 10:
        del hits["families"]  # "proches aidants"
    return hits
