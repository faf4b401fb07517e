"""Names of private persons in text: they are recognised to be left out."""

from __future__ import annotations

import re

from crawler.html import word_set
from directory.text import fold

#: First names common in Belgium, folded; those that are also words or places are left out.
_FIRST_NAMES = word_set(
    """
    alain alexandre alexandra alice aline amandine amelie amina anais andre andrea anissa anita anke ann anna anne annelies annick antoine
    arnaud arthur aurelie axelle bart beatrice benedicte benjamin benoit bernadette bernard bert bram brigitte bruno camille carine carla
    carole caroline catherine cecile cedric celine chantal charles charlotte chloe christel christian christiane christine christophe
    christopher claire claude claudine clement coralie corinne cynthia damien daniel danielle david delphine denis didier dirk dominique
    dorien edith elisabeth elise elke ellen els emilie emma emmanuel eric erik ersilia estelle esther eva evelien fabienne fabrice
    fatima fatiha florence francois francoise frank frederic frederique gauthier genevieve geert geoffrey gerard gert gilles griet
    guillaume guy hannah hans hassan heidi helena helene henri hilde hugo ilse ine inge ingrid isabelle jacqueline jacques jan jean jeanne
    jeroen jo joelle johan john jonas joris jose joseph julie julien juliette kaat karel karen karim karin kathleen kathy katleen katrien
    kevin khadija koen kris kristof laetitia laura laurence laurent lea leen leila lien lies lieve liesbeth lieselot lise lore louis louise luc
    lucas lucie ludovic lut lydia manon marc marie marieke marijke marina marion marjolein mark martine mathieu mathilde maud maxime melanie
    michael michel michele mieke mireille mohamed monique muriel myriam nadia nadine naima nancy natacha natalie nathalie nele nicolas
    nicole noemie olivier pascal pascale patricia patrick paul pauline peter philippe piet pierre quentin rachid rania raphael raymond
    renaud rita robert roel roger rudy ruth sabine said samira samuel sandra sandrine sanne sara sarah sasha saskia sebastien serge silke
    simon simone sofie sonia sophie stef stefan stephane stephanie steven stijn suzanne sven sylvie tamara tatiana thibault thierry thomas
    tim tine tinne tom valentin valentine valerie veerle veronique victor victoria vincent virginie viviane walter wendy werner willem
    wim wouter xavier yasmina yves yvette yvonne zoe
    """
)
_NAME = r"[A-ZÀ-Þ][a-zà-ÿ'’]+(?:-[A-ZÀ-Þ][a-zà-ÿ]+)?"
_SURNAME = (
    rf"(?:(?:d['’]|de |De |van |Van |den |der |Den |El |Ben |Le |La |du )*(?:{_NAME}|[A-ZÀ-Þ]{{2,}}(?:-[A-ZÀ-Þ]+)?))"
)
_FULL = re.compile(rf"(?<![\w-])({_NAME})\s+({_SURNAME})")
_TWO_NAMES = re.compile(rf"{_NAME}\s+{_SURNAME}")  #: without it none of the patterns with a first and a last name holds
_TITLED = re.compile(
    rf"(?<!\w)(?:M\.|Mr\.?|Mme\.?|Mmes|Mlle|Madame|Monsieur|Mevr(?:ouw|\.)?|Dhr\.?|De heer|Dr\.?|Docteur|Dokter|Prof\.?|Me)\s+(?:{_NAME}\s+)?{_SURNAME}"
)


_JOBS = (
    r"psycholog\w*|psychiatre|psychiater|coordinat\w*|co[öo]rdinator|directeur|directrice|directie|infirmi\w*|m[ée]decin\w*|animat\w*|format(?:eur|rice)\w*|assistant\w*|"
    r"responsable|charg[ée]e? de|[ée]ducat\w*|sage-femme|kin[ée]\w*|travailleu\w* socia\w*|secr[ée]taire|juriste|di[ée]t[ée]ticien\w*|pr[ée]sident\w*|b[ée]n[ée]vole|superviseu\w*|"
    r"verpleegkundig\w*|maatschappelijk\w*|vroedvrouw|huisarts|consulent\w*|trainer|coach|lesgever|begeleid(?:er|ster)|voorzitter|medewerk\w*|stafmedewerk\w*|"
    r"psychologist|nurse|coordinator|director|manager|social worker|midwife|doctor|facilitator|conseill[eè]re?s?|bourgmestre|[ée]chevin\w*|burgemeester|schepen"
)
_WORKING = re.compile(
    rf"(?<![\w-])({_NAME}\s+{_SURNAME})(?=\s*(?:,|\(|–|-|:|est|is)\s*(?:(?:la|le|de|het|the|notre|onze|votre|une?|een|a)\s)?(?i:{_JOBS}))"
)
_CALLED = re.compile(
    rf"(?:(?:(?i:{_JOBS})|[Cc]ontact(?:persoon)?|[Aa]nim[ée]e? par|[Aa]nimation|[Bb]egeleiding|[Bb]egeleid door|[Dd]onn[ée]e? par|[Ff]acilitated by|[Ll]ed by|[Pp]ersonne de contact|[Aa]vec la participation d[eu'’]|[Oo]rateur|[Oo]ratrice|[Ss]preker|[Ss]peaker)\s*:?\s+)({_NAME}\s+{_SURNAME})(?!\s+(?:asbl|vzw|ASBL|VZW))"
)
#: Capitalised words that begin names of houses, not of people.
_NOT_A_NAME = word_set(
    "maison centre service equipe bassin zorgzone planning ligue croix rode kruis huis centrum dienst wijk sante gezondheid ville stad commune gemeente "
    "region bruxelles brussel brussels reseau netwerk plateforme platform federation institut haute ecole hopital ziekenhuis espace medecins la le les de het the "
    "saint sainte sint infos tel fax rue avenue place mutualite mutualiteit observatoire fonds cellule pole conseil formation atelier groupe tele"
)
#: What is named after a person is no person: streets, houses, prizes.
_NAMED_AFTER = re.compile(
    r"(?:rue|avenue|av\.|place|square|boulevard|bd|chaussée|quai|clos|laan|straat|plein|steenweg|centre|centrum|maison|huis|"
    r"fondation|stichting|hôpital|hospitaal|ziekenhuis|clinique|institut|instituut|école|school|lycée|prix|prijs|asbl|vzw|salle|zaal|"
    r"résidence|résidences|bibliothèque|parc|park|stade|espace|site|campus)\s+(?:d['’]|de |du |de la )?$",
    re.IGNORECASE,
)


def find_people(text: str) -> list[tuple[int, int]]:
    """Where the text names a person: first and last name, or a title and a name."""
    found = [match.span() for match in _TITLED.finditer(text)]
    if _TWO_NAMES.search(text) is None:
        return found
    for match in _FULL.finditer(text):
        if _NAMED_AFTER.search(text[max(0, match.start() - 30) : match.start()]):
            continue
        if fold(match.group(1)).split("-")[0] in _FIRST_NAMES and not any(a <= match.start() < b for a, b in found):
            found.append(match.span())
    for pattern in (_WORKING, _CALLED):
        for match in pattern.finditer(text):
            first = fold(match.group(1)).split()[0].split("-")[0].split("'")[0].split("’")[0]
            if first not in _NOT_A_NAME and not any(a < match.end(1) and match.start(1) < b for a, b in found):
                found.append(match.span(1))
    return sorted(found)


def names_person(text: str) -> bool:
    """Whether the text names a private person."""
    return bool(find_people(text))


def is_first_name(word: str) -> bool:
    """Whether a word is a person's first name."""
    return fold(word) in _FIRST_NAMES
