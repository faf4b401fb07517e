"""Names of private persons in text: they are recognised to be left out."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files

from crawler.html import word_set
from directory.geography import find_places
from directory.text import fold, words
from directory.thesaurus import thesaurus

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
    aaron abdel abdelkader abdoul abdoulaye abel achille adam adel adele adeline adil adrien agathe agnes ahmed aicha aida aissatou
    alban albert aldo alessandra alessandro alex alexia alexis alfred ali alicia alina aliou alix alma alphonse aly amadou amal amaury
    amelia amir amira anabelle anastasia anders andy angela angele angelique anja anneleen annemie annette anouck anouk anthony antonia
    antonio arend ariane arlette armand arne arno ashley asma assia astrid audrey auguste augustin aurelien awa axel ayoub aziz bachir
    barbara barbora bastien beatrijs berenice bilal bintou birgit bjorn blanche boris brahim brecht brenda brice britt brune caitlin
    camilla carlo carlos carmen caro casper cassandra catharina cathy cecilia cedrik celestin celia cesar chadia chaima charline chiara
    chris christa christele christiaan christof cilia cindy clara clarisse claudia claudio cleo cloe colette conny corentin cornelia
    cristina daan dalila danny dany daphne daria dave debora deborah denise derya diego dieter dimitri dina dirk djamila dominik donald
    donatienne dora doris dounia dylan eddy edgar edouard eefje efe elena eleonore eliane elias elie eline elio elisa elizabeth ella
    ellie elodie eloise elsa elsje emeline emiel emil emile emine emre enrico enzo erica erika erwin esmee etienne eugene eugenie
    evelyne evi ewa fabien fabio fabiola fadila fanny farah farid fatma fatou fatoumata faustine felicia felicien felix ferdinand
    fernand fernando ferre filip filiz fiona flavie florent florian floriane fons francesca francesco francine franck francky francoise
    frans franz fred freddy frederik frederike freek freya frieda friedel gabriel gabriela gabriella gabrielle gaelle gaetan gaetane
    gaston genevieve georges georgette gerda germaine gerrit ghislain ghislaine gilbert gilberte gina giulia giuseppe godelieve gregoire
    gregory greta grietje guido guilhem gulcan gunther guus guylaine gwen gwenaelle habib hadewijch hadrien hafid hajar hakim halima
    hamid hamza hana hanane hanne hannelore hannes harold harry hector hedwig hein helen hendrik henk henriette herman hermine herve
    hervé hicham hind honorine hortense houda hubert hugues huguette husna ibrahim ibtissam idris idriss ignace igor ikram ilham ilias
    ilke ilona ilyas imane imke ines ioana irene isa isaac isabel isabella ismael issam ivan ivo jaak jacky jamal jamila jana janet
    janine janne jaouad jasmien jasmine jasper javier jean-marie jeannine jef jelena jelle jennifer jens jeremie jeremy jerome jessica
    jessie jill jimmy joachim joan joanna joao jocelyne jochen joeri johanna johanne jolien jonathan joost jordan jorge josee josef
    josefien josette josiane joyce juan judith jules julia juliaan julian juliana jurgen justin justine kamal kamel kamila kaoutar kari
    karima karine karl karolien kasper kate kateri katherine katia katja katrijn kelly kenza khaled khalid kim kirsten kobe koenraad
    konrad kristel kristien kristin kristina laila lamia lana lara lars laureen laureline laurens laurie layla leandro leatitia leentje
    leila lena lenka leo leon leonard leonie leopold leticia liam lidia lieselotte lieven liliane lily lina linda lisa liselotte lisette
    liv livia lode loes loic lola loredana lorena lorenzo lorraine lotte loubna louisa louiza louna lucia lucien lucienne lucille
    ludivine ludo lutgard lutgarde luuk maaike maarten madeleine mado mael maelle maeva magali maggy mahmoud maia maissa maite majda
    malek malika malin mamadou manal manfred manoe manuel manuela marcel marcella marcelle marco margaux margot margriet marguerite
    maria mariam mariama mariame mariane marianne marie-claire mariella marielle mariette marijn marika marilyn marine mario marisa
    marjan marjorie marleen marlene marlies martha marthe martijn marwan maryam maryline maryse massimo mateo mathias mathijs mathis
    matteo matthias matthieu maurice mauricette mauro mehdi mehmet melike melissa mercedes merel meryem mia micheline mickael miet
    miguel mika mila milan milena milo mina miranda mirella mirjam moana mohammed moira mona monica mounia mourad moussa murielle
    mustafa mustapha myrtille nabil nabila nacer nadege nadir nadja nael najat naomi nassim nathan nathanael nawal nawel neil nel nelly
    nick nico nicola nicoletta niels nihad nina nisrine noa noah noelle noor nora norah norbert nour noura nur oceane odette odile
    odilon oksana olivia omar omer ophelie oriane orlane oscar oumar oumou ousmane oussama pablo paola paolo patricio patsy paula
    paulette paulien peggy petra philip philomene pieter pieterjan priscilla quinten rachel rachida radia rafael ralph ramon ramona
    raoul raymonde rebecca redouan reginald regine reine reinhilde rejane remi remy rene renee renilde riad richard rita robbe robin
    rodolphe rodrigue roger roland rolande romain romane romy ronald ronny rosalie rosanne rose-marie roxane ruben rudi rym sabrina
    safia safiya said saida salim salima sally salma salome salvatore sam samia samir samy sander sandy sanna sarra saul seb selim selma
    serena sergio severine shana sharon sibylle sidonie sien sigi sigrid siham silvana silvia simona sixtine sofia sofian sofiane
    solange soledad solene solveig sonja soraya souad soufiane soumaya stanislas stefaan stefania stefanie stefano steffi stephen steve
    sunniva susan susanna sybille sydney sylvain sylvia sylviane tanguy tania tara tarik tatjana ted teresa tess tessa thea theo
    theodore theresa therese theresia thibaut thijs thilde thomas tiago tiffany tijl tijs tilly timothy tobias tony toon tristan trui
    ulrike ulysse ursula vadim valentina valere vanessa vera vicky viktor vinciane viola virginia vladimir wafa wahid wallis wannes
    warre wassila wided wilfried wilhelm willy wilma wissam wivine wouter xander xandra yacine yael yanis yann yannick yara yasmin
    yasmine yassin yassine yentl ylva yoann yolanda yolande youri yousra youssef youssra yusuf yvan yves-marie zahra zakaria zara zeynep
    ziad zineb zita zohra zoubida
    """
)
_UPPER, _LOWER = "A-ZÀ-ÞĀ-ž", "a-zà-ÿĀ-ž"  #: Turkish, Polish and Croatian letters stand in one block, large and small
_NAME = rf"[{_UPPER}][{_LOWER}'’]+(?:-[{_UPPER}][{_LOWER}]+)?"
_SURNAME = (
    rf"(?:(?:d['’]|de |De |van |Van |den |der |Den |El |Ben |Le |La |du )*(?:{_NAME}|[A-ZÀ-Þ]{{2,}}(?:-[A-ZÀ-Þ]+)?))"
)
_FULL = re.compile(rf"(?<![\w-])({_NAME})\s+({_SURNAME})")
_TWO_NAMES = re.compile(rf"{_NAME}\s+{_SURNAME}")  #: without it none of the patterns with a first and a last name holds
_TITLED = re.compile(
    rf"(?<!\w)(?:M\.|Mr\.?|Mme\.?|Mmes|Mlle|Madame|Monsieur|Mevr(?:ouw|\.)?|[Dd]hr\.?|[Dd]e heer|[Dd]r\.?|[Dd]octeur|[Dd]okter|[Pp]rof\.?(?:\s[Dd]r\.?)?|[Pp]rofesseure?|[Pp]rofessor|Ma[iî]tre|Me\.?)\s+(?:{_NAME}\s+)?{_SURNAME}"
)


_JOBS = (
    r"psycholog\w*|psychiatre|psychiater|coordinat\w*|co[öo]rdinator|directeur|directrice|directie|infirmi\w*|m[ée]decin\w*|animat\w*|format(?:eur|rice)\w*|assistant\w*|"
    r"responsable|charg[ée]e? de|[ée]ducat\w*|sage-femme|kin[ée]\w*|travailleu\w* socia\w*|secr[ée]taire|juriste|di[ée]t[ée]ticien\w*|pr[ée]sident\w*|b[ée]n[ée]vole|superviseu\w*|"
    r"verpleegkundig\w*|maatschappelijk\w*|vroedvrouw|huisarts|consulent\w*|trainer|coach|lesgever|begeleid(?:er|ster)|voorzitter|medewerk\w*|stafmedewerk\w*|"
    r"psychologist|nurse|coordinator|director|manager|social worker|midwife|doctor|facilitator|conseill[eè]re?s?|bourgmestre|[ée]chevin\w*|burgemeester|schepen|"
    r"tr[ée]sori\w+|penningmeester|sociolog\w*|philosophe|filosoof|anthropolog\w*|g[ée]riatre|geriater|avocate?s?|advocaat|chercheu\w+|onderzoeker|auteure?|autrice|schrijver|schrijfster|com[ée]dien\w*|conteuse|coll[èe]gue|collega|colleague|ergoth\w+|logop[èe]de|marraine|t[ée]moin|mod[ée]rat\w+|administrat\w+|bestuurder|ombuds\w*|researcher|lawyer|counsellor|midwives|treasurer|chair\w*"
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
    "saint sainte sint infos tel fax rue avenue place mutualite mutualiteit observatoire fonds cellule pole conseil formation atelier groupe tele dokters artsen welzijnszorg welzijn vrouwen kinderen buurthuis lokaal sociaal brede samen radio theatre theater musee museum cinema bibliotheque bibliotheek ecole school parc park"
)
#: What is named after a person is no person: streets, houses, prizes.
_NAMED_AFTER = re.compile(
    r"(?:rue|avenue|av\.|place|square|boulevard|bd|chaussée|quai|clos|laan|straat|plein|steenweg|centre|centrum|maison|huis|"
    r"fondation|stichting|hôpital|hospitaal|ziekenhuis|clinique|institut|instituut|école|school|lycée|prix|prijs|asbl|vzw|salle|zaal|"
    r"résidence|résidences|bibliothèque|parc|park|stade|espace|site|campus)\s+(?:d['’]|de |du |de la )?$",
    re.IGNORECASE,
)


#: Two capitalised words that no text of the catalogue knows are a person where one is to be expected: after "by",
#: "with" or "talk of", or at the head of a byline or a contact.
_LED = re.compile(
    rf"(?:(?<!\w)(?i:par|avec|door|met|by|with|de la part de|aupr[èe]s de|bij|aan|chez|via|meet|demandez|vraag naar|[ée]d(?:iteur|\.)?\s?resp(?:onsable|\.)?|verantwoordelijke uitgever|v\.?u\.?|contacte[rz]|contacteer|contact|appele[rz]|bel(?:len)?(?: naar)?|mail(?:en|ez|er)? (?:naar|[àa])|[ée]cri(?:vez|re) [àa]|e-?mail|ask for|call|neem contact op met|adresse[rz](?:-vous)? [àa]|merci [àa]|dank aan|welkom aan|thanks to|cordialement|bien [àa] vous|vriendelijke groet\w*|hartelijke groet\w*|(?:kind )?regards|intervenante?s?|intervenants?|orateurs?|sprekers?|gastspreker|speakers?|animat\w+|[cC]oordin\w+|inscriptions?|infos?|(?:expos[ée]|conf[ée]rence|t[ée]moignage|intervention|lezing|getuigenis|uiteenzetting|talk|texte|tekst|photos?|foto['’]?s?|illustrations?|auteur(?:[·.]?e)?|author|autrice)\s?(?:de|van|of|by)?)\s?[:,]?\s+|(?<!\w)d['’])({_NAME}\s+{_SURNAME})(?![\w-]|\s+(?:asbl|vzw|ASBL|VZW))"
)
#: "Bel Mieke (0478 …)": a first name alone, with a number of its own.
_NUMBERED = re.compile(rf"(?<![\w-])({_NAME})\s*[(:,–-]?\s*(?=(?:\+32|0)\d)")
_BYLINE = re.compile(
    rf"^\W{{0,3}}(?:(?i:par|door|by|publi[ée] par|gepubliceerd door|posted by)\s+)?({_NAME}\s+{_SURNAME})(?=\s*(?:·|\||•|,|\(|–|-|:)\s*(?:\d|\+|il y a|(?i:le|op|on)\s\d|geleden|[\w.-]+@|t[ée]l))",
)


#: One more person of a list: "X et Y", "X (présidente), Y (trésorier)".
_ALSO = re.compile(
    rf"(?:\s?\([^()]{{1,60}}\))?\s?(?:,|;|/|&|\bet\b|\ben\b|\band\b)\s?({_NAME}\s+{_SURNAME})(?![\w-]|\s+(?:asbl|vzw|ASBL|VZW))"
)
#: "C. Lambrechts", "Séverin D.", "JANSSENS Marie-Ange", "Vandevelde Krista".
_INITIAL = re.compile(rf"(?<![\w.])(?:[{_UPPER}]\.[\s-]?){{1,2}}({_SURNAME})(?![\w-])")
_SHORTENED = re.compile(rf"(?<![\w-])({_NAME})\s+[{_UPPER}]\.(?!\w)")
_REVERSED = re.compile(rf"(?<![\w-])((?:[{_UPPER}]{{3,}}(?:-[{_UPPER}]+)?|{_NAME}))\s+({_NAME})(?![\w-])")
_OTHERWISE = re.compile(
    rf"(?<![\w.])[{_UPPER}]\.\s?[{_UPPER}]|[{_LOWER}]\s[{_UPPER}]\.|[{_UPPER}]{{3}}\s[{_UPPER}][{_LOWER}]"
)
_PAIR = re.compile(rf"(?<![\w-])({_NAME}\s+{_SURNAME})(?![\w-])")
_HOUSE_NUMBER = re.compile(r"[\w .-]{0,12},?\s[1-9]\d{0,3}(?![\d/.])")
_CALENDAR = word_set(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december "
    "every next from until free start when where who what how the our your this all"
)


@cache
def _vocabulary() -> frozenset[str]:
    """The words that the catalogue and the thesaurus know: what they name is no private person."""
    terms = (term for concept in thesaurus().values() for forms in concept.terms.values() for term in forms)
    known = {word.folded for term in terms for word in words(term)}
    for line in files("directory").joinpath("data", "catalogue.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        texts = [
            *entry["title"].values(),
            *entry.get("summary", {}).values(),
            *(one["name"] for one in entry["organisations"]),
        ]
        known |= {word.folded for text in texts for word in words(text)}
    return frozenset(known | _NOT_A_NAME)


def is_known_word(word: str) -> bool:
    """Whether the catalogue or the thesaurus uses a word (folded)."""
    return word in _vocabulary()


def _is_unknown(name: str) -> bool:
    """Whether a name is neither of a place nor of anything that the catalogue speaks of."""
    spoken = [word.folded for word in words(name)]
    known = any(word in _vocabulary() or _OF_HOUSES.search(word) for word in spoken if len(word) > 3)
    return not known and not find_places(spoken)


#: Parts of words that name houses and undertakings ("Wijkwerk", "Buurthuis", "Inforville").
_OF_HOUSES = re.compile(
    r"^(?:wijk|buurt|welzijn|zorg|samen|sociaal|gezond|jeugd|kinder|vrouwen|ouder|thuis|dienst|stads|volks|woon|info|inter|multi|medi|psy|soli|assoc|coop|euro|inno|proj)|"
    r"(?:werk|huis|zorg|punt|plein|dorp|netwerk|team|lab|bank|wijzer|winkel|centrum|groep|lijn|cafe|ville|aide|sante|club|action|logis|brussels?|bxl|bru)$"
)


def _overlapping(text: str) -> Iterator[re.Match[str]]:
    """Every pair of capitalised words: "Notaris Filip Verbruggen" holds two."""
    position = 0
    while match := _FULL.search(text, position):
        yield match
        position = match.start(2)


def find_people(text: str) -> list[tuple[int, int]]:
    """Where the text names a person: first and last name, or a title and a name."""
    return list(_people_of(text))


@lru_cache(maxsize=1024)  # a page's lines are asked about by its kind, its extract, its organisations and its contacts
def _people_of(text: str) -> Sequence[tuple[int, int]]:
    found = [match.span() for match in _TITLED.finditer(text)]
    if not any(pattern.search(text) for pattern in (_TWO_NAMES, _NUMBERED, _OTHERWISE)):
        return found
    for match in _overlapping(text):
        if _named_after(text, match.start()):
            continue
        if fold(match.group(1)).split("-")[0] in _FIRST_NAMES and not any(a <= match.start() < b for a, b in found):
            found.append(match.span())
    for pattern in (_WORKING, _CALLED):
        for match in pattern.finditer(text):
            first = fold(match.group(1)).split()[0].split("-")[0].split("'")[0].split("’")[0]
            if first not in _NOT_A_NAME and not any(a < match.end(1) and match.start(1) < b for a, b in found):
                found.append(match.span(1))
    for match in _NUMBERED.finditer(text):
        if is_first_name(match.group(1)) and not any(a < match.end(1) and match.start(1) < b for a, b in found):
            found.append(match.span(1))
    for pattern in (_LED, _BYLINE):
        for match in pattern.finditer(text):
            if not _overlaps(match.span(1), found) and _is_unknown(match.group(1)):
                found.append(match.span(1))
    if ":" in text or _OTHERWISE.search(text) is not None:
        found += [span for span in _written_otherwise(text) if not _overlaps(span, found)]
    return sorted(_with_neighbours(text, found))


def find_unknown_names(text: str, known: Collection[str]) -> list[tuple[int, int]]:
    """Where two capitalised words stand that nobody knows: neither the catalogue nor the page itself uses them as words.

    Wider than find_people, and wrong at times about houses: for what may be left out without harm. `known`: folded words
    that the page writes in small letters, or that name its organisations.
    """
    return [
        match.span(1)
        for match in _PAIR.finditer(text)
        if not _named_after(text, match.start())
        and _HOUSE_NUMBER.match(text, match.end()) is None
        and not any(
            word.folded in known or word.folded in _CALENDAR for word in words(match.group(1)) if len(word.folded) > 3
        )
        and _is_unknown(match.group(1))
    ]


def _overlaps(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in others)


def _written_otherwise(text: str) -> Iterator[tuple[int, int]]:
    """Names with an initial, and names with the surname first."""
    for match in _INITIAL.finditer(text):
        if not _named_after(text, match.start()) and not find_places([word.folded for word in words(match.group(1))]):
            yield match.span()
    for match in _SHORTENED.finditer(text):
        if is_first_name(match.group(1).split("-")[0]) and not _named_after(text, match.start()):
            yield match.span()
    for match in _REVERSED.finditer(text):
        listed = match.group(1).isupper() or text[: match.start()].rstrip().endswith(":")
        known = is_first_name(match.group(1)) or not is_first_name(match.group(2).split("-")[0])
        if listed and not known and not _named_after(text, match.start()) and _is_unknown(match.group(1)):
            yield match.span()


def _named_after(text: str, start: int) -> bool:
    return _NAMED_AFTER.search(text[max(0, start - 30) : start]) is not None


def _with_neighbours(text: str, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The persons found and those that a list goes on with."""
    spans = list(found)
    for _, end in spans:  # grows while it is walked: a list of five is five steps
        after = _ALSO.match(text, end)
        if after is not None and not _overlaps(after.span(1), spans) and _is_unknown(after.group(1)):
            spans.append(after.span(1))
    return spans


def names_person(text: str) -> bool:
    """Whether the text names a private person."""
    return bool(find_people(text))


def is_first_name(word: str) -> bool:
    """Whether a word is a person's first name."""
    return fold(word) in _FIRST_NAMES
