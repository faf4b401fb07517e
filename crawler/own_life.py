"""Pages about the organisation's own life: news of the house, yearly reports, ways to support or rent it.

They use the words of its work and show its phone, so that they look like what it offers; a directory of help has no
use for them. Told by what the title announces, else by what the opening tells of. Patterns over folded text, with
apostrophes as spaces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from crawler.document import Document
from crawler.page_names import last_segment
from crawler.resource_types import spaced

_YEARS = (
    r"(?:\d{1,3}|cinq|dix|quinze|vingt|vingt-cinq|trente|quarante|cinquante|cent|vijf|tien|vijftien|twintig|vijfentwintig|dertig|"
    r"veertig|vijftig|honderd|five|ten|fifteen|twenty|twenty-five|thirty|forty|fifty|a hundred) ?(?:ans|jaar|years)"
)
#: What a title announces, by kind of news; words that also name an offer ("rapport", "stage") stand with their company.
_TITLES: Mapping[str, str] = {
    "anniversary": rf"^{_YEARS}(?: d| de| van| of|,| et| en| and|$)|(?:feter?|fetons|celebr\w+|souffle\w*|viert|vieren|vierden|bestaat|celebrat\w+) .{{0,40}}(?:{_YEARS}|bougies|kaarsjes)|"
    rf"{_YEARS} (?:deja|d existence|d engagement|jong|bestaan|of service)|terugblik op {_YEARS}|anniversaire d(?:e (?:l|notre|la)|u)|jubiles?|jubileum\w*|\d+(?:e|eme|ste|de|th|st) (?:anniversaire|verjaardag|anniversary)",
    "governance": r"assemblees? generales?|algemene vergadering|general assembly|nouve(?:l|lle|au|aux) (?:bureau|locaux|conseil|presidente?|directeurs?|directrice|collegue|coordinat\w+|site|logo|visages?|recrues?|identite|adresse|nom)(?! (?:des |de la )?(?:social|medical))|"
    r"nieuwe? (?:bestuur\w*|voorzitter|directeur|directie|leidend|coordinator|logo|huisstijl|gezicht\w*|naam|adres|kantoor|kantoren|website|collega\w*|medewerk\w*)|new (?:chair\w*|board|president|director|website|logo|colleagues?|staff|office|offices|address|premises|name)|nomination|benoemd|appointed|prend sa (?:pension|retraite)|bonne retraite|^au revoir|in memoriam|hommage a",
    "move": r"demenage(?:ment|ons|nt)?|verhuist|verhuizing|(?:we|wij) verhuizen|we are moving|we (?:ve|have) moved|changement d adresse|adreswijziging",
    "closure": r"fermetures?|fermee?s? (?:du|le|pour|pendant)|sluiting\w*|gesloten|closed|closure|(?:horaires?|openingsuren|opening hours|heures d ouverture|permanences?) (?:pendant|durant|tijdens|over|during|de fin|d ete|in de|des) .{0,20}(?:fetes|vacances|conges|kerst\w*|feestdagen|eindejaar|zomer\w*|vakantie|holidays|fin d annee|ete)|horaires? d ete|voeux|bonne annee|joyeuses fetes|meilleurs voeux|gelukkig nieuwjaar|nieuwjaarswensen|beste wensen|season s greetings|happy new year",
    "report": r"rapports? (?:annuels?|d activites?|moral|financier)|(?:jaar|activiteiten|werkings)verslag\w*|(?:annual|activity|impact|yearly) reports?|beleidsplan\w*|plan strategique|strategic plan|comptes annuels|jaarrekening|(?:annee|jaar|year) (?:20\d\d )?(?:en chiffres|in cijfers|in (?:numbers|figures)|in review|in beeld|en images)|20\d\d (?:en chiffres|in cijfers|in (?:numbers|figures))|bilan (?:de l annee|20\d\d|annuel)|retrospective|jaaroverzicht",
    "history": r"(?:deux|trois|quatre|cinq) decennies|(?:twee|drie|vier|vijf) decennia|(?:two|three|four|five) decades|un peu d histoire",
    "award": r"(?:avons|a) (?:gagne|remporte|recu) (?:le|un)|remport\w+ (?:le|un)|prix .{0,40}(?:decerne|remis|attribue)|laureate? du|(?:prijs|award) .{0,30}(?:gewonnen|won)|(?:winnen|wonnen|wint) (?:de|een) |we (?:have )?won|wins? (?:the )?.{0,30}(?:award|prize)",
    "funding": r"(?:erkenning|agrement|reconnaissance|recognition|convention) .{0,40}(?:verlengd|hernieuwd|renouvele\w*|prolonge\w*|obtenu\w*|renewed)|subsides? (?:accorde|obtenu|voor|pour)\w*|subsidie (?:verkregen|toegekend|voor)",
    "press": r"communiques?(?: de presse)?|persbericht\w*|press releases?|dans la presse|in de pers|in the press|revue de presse|persoverzicht|reagit|reageert|carte blanche|opiniestuk|opinie|edito\w*|lettre ouverte|open brief|mot d[ue] (?:la )?(?:president|directeur|directrice)\w*|woord van de|voorwoord|a word from",
    "job": r"vacatures?|offres? d emploi|recrut\w+|(?:nous|on) (?:engageons|recherchons|cherchons)|engageons|engage une?|cherche une? (?!logement|place|aide)|poste vacant|recherche un|werft aan|werven aan|wij werven|gezocht:|jobs?|job offer|zoekt een|zoeken een|on engage|we are hiring|vacanc\w+|(?:h|m|f|v|w)\/(?:f|v|m|h|w)(?:\/x|\/d)?|\d,\d\d? ?(?:etp|vte|fte)|\d\/5 ?(?:etp|temps)|stage lopen|stageplaats\w*|accueil de stagiaires|internships?",
    "support": r"(?:faire|faites) un don|dons et legs|legs|steun ons\w*|soutenez[- ](?:nous|notre|l)|doe een gift|donate|make a donation|support us|devenir membre|devenez membre|adhesions?|adherer|cotisations?|lid worden|word lid|lidmaatschap|lidgeld|become a member|membership",
    "premises": r"(?:louer|location d\w*|huur\w*|verhuur) .{0,25}(?:salles?|zalen|zaal|locaux|lokalen)|zaalverhuur|(?:room|hall) (?:hire|rental)|appels? d offres?|marches? publics?|cahier (?:special )?des charges|offerteaanvraag|overheidsopdracht\w*|aanbesteding|call for tenders",
    "thanks": r"^(?:un grand |grand |mille )?merci|(?:^|[:!,–-] ?)(?:un grand |grand |mille )?merci(?: a (?:tou\w+|nos|vous|celles).*)?$|^bedankt|^dank|[:!,–-] ?(?:hartelijk )?(?:bedankt|dank(?: u| je)?)$|^thank|[:!,–-] ?thank you$",
    "letter": r"^(?:lettre d info\w*|infolettre|newsletter|nieuwsbrief)|(?:lettre d info\w*|infolettre|newsletter|nieuwsbrief|news ?flash) .{0,14}\d+",
    "portrait": r"^(?:portrait|interview|getuigenis|temoignage|in de kijker)s?(?: \w+)? ?:",
}  # fmt: skip
_TITLE = re.compile(rf"(?<![a-z])(?:{'|'.join(_TITLES.values())})(?![a-z])")
#: Titles that are nothing else: what the house is, a greeting, the site in another language.
_WHOLE = re.compile(
    r"(?:(?:nos|notre|les|l|onze|ons|our|the) )?(?:valeurs|waarden|values|vision|visie|charte|charter|handvest|gouvernance|governance|strategie|ambitions?|philosophie|financements?|donateurs|soutiens|subsides|locaux|objet social|projet associatif)|"
    r"(?:in |en )?(?:english|anglais|engels)(?: (?:version|summary|page|info\w*))?|(?:about us )?in english|(?:information|infos?)? ?(?:in|en) (?:other languages|d autres langues|andere talen)|(?:andere|other) (?:talen|languages)|autres langues|nederlands\w*|(?:in het|en) (?:nederlands|neerlandais)|(?:en )?francais|version francaise|"
    r"welcome(?: to .{1,40})?|bienvenue(?: (?:a|chez|sur) .{1,40})?|welkom(?: (?:bij|op) .{1,40})?|presentation(?: (?:de l|du|de la|de notre) .{1,40})?|(?:korte )?voorstelling|wie (?:we|wij) zijn|wie is wie|qui est qui|who is who|who we are|what we do|wat (?:doen we|we doen)|ce que nous faisons|"
    r"(?:formulaire|bulletin) d inscription.{0,60}|inschrijvingsformulier.{0,60}|registration form.{0,60}|glossaire|lexique|woordenlijst|glossary"
)
#: What the opening of such a page tells of; two of them, where the page offers little, make one.
_OPENINGS: Mapping[str, str] = {
    "founded": rf"fondee?s? en|creee?s? en \d{{4}}|opgericht in|founded in|il y a {_YEARS}|{_YEARS} (?:plus tard|geleden|later|ago)|depuis sa (?:creation|fondation)|sinds de oprichting",
    "gratitude": r"merci a|nous remercions|remercie\w*|(?:we|wij) danken|bedankt|dankwoord|thanks to (?:all|our)|we thank",
    "colleagues": r"(?:toute )?l equipe (?:lui|leur|vous) souhaite|(?:prend|prit) sa (?:pension|retraite)|(?:gaat|ging) met pensioen|fakkel|passe le flambeau|notre (?:nouvelle? )?collegue|onze (?:nieuwe )?collega|(?:nos|onze|our) (?:equipes|medewerkers|teams) (?:ont|hebben|have)",
    "governance": r"assemblee generale|algemene vergadering|general assembly|conseil d administration|raad van bestuur|(?:nieuw|nouveau) (?:bestuur|bureau)|board of",
    "report": r"rapport (?:annuel|d activites)|jaarverslag|annual report|werkjaar|exercice 20\d\d|en 20\d\d, (?:nos|notre|l)|budget",
    "funding": r"subsid\w+|erkenning|agrement|pouvoirs publics|renouvel\w+ (?:notre|l)",
    "history": r"tout (?:a )?commenc\w+ en|grandes etapes|het begon (?:allemaal )?in|it all started|au fil des ans|door de jaren heen",
    "memories": r"(?:les|revoyez|regardez|bekijk|see) (?:les |de |the )?(?:photos|foto s|pictures)|album photo\w*|plus de \d+ (?:visiteurs|participants|personnes) (?:ont|sont|se)|was een succes|succes de foule|was a success",
    "politics": r"^[^.]{0,120}(?:opinion|opinie)\W|carte blanche|(?:la|le|les|de|the) ministres?|minister|gouvernement|regering|accord de majorite|deplore|regrette|betreurt|dringt aan|appelle les autorites|revendic\w+",
    "members": r"(?:nos|ses|onze|our) (?:membres|leden|members|sponsors|donateurs)|organisations membres|cotisation|lidgeld|lidmaatschap",
}  # fmt: skip
_OPENING = {name: re.compile(rf"(?<![a-z])(?:{words})(?![a-z])") for name, words in _OPENINGS.items()}
_OPENING_SIZE = 600  #: characters
#: Three of these are a vacancy, whatever its title.
_JOB = re.compile(
    r"(?<![a-z])(?:cv|curriculum|lettre de motivation|contrat a duree|cdi|cdd|mi-temps|temps plein|temps partiel|equivalent temps|entree en fonction|commission paritaire|bareme|etp|vte|(?:cp|pc|scp|psc) \d{3}|master|votre mission|votre profil|notre offre|jouw (?:profiel|taken|opdracht)|wat (?:we|wij) (?:vragen|bieden)|your profile|meal vouchers|cheques-repas|maaltijdcheques|annees d experience|ans d experience|jaar ervaring|bachelier|heures par semaine|h\/semaine|profil recherche|"
    r"voltijds|deeltijds|halftijds|contract van|sollicit\w+|motivatiebrief|indiensttreding|paritair comite|uren per week|wij bieden|full[- ]time|part[- ]time|cover letter|salary|we offer|motivation letter)(?![a-z])"
)
#: Where sites keep what they say of themselves.
_FOLDER = re.compile(
    r"/(?:emplois?|offres?-d-?emploi|jobs?|vacatures?|vacancies|careers?|recrutement|travailler-(?:chez|avec)-nous|werken-bij\w*|presse|pers|press|a-propos|over-ons|about-us|qui-sommes-nous|wie-zijn-we)/."
)
#: A feast that is over, with thanks to those who came; minutes of a meeting give none.
_IS_TOLD = re.compile(
    r"^(?:retour sur|terugblik|echos? d|looking back|en images|fotoverslag|merci|bedankt)(?![a-z])|(?<![a-z])(?:fete|feest|buurtfeest|wijkfeest|barbecue|party|anniversaire)(?![a-z])"
)
_THANKS = re.compile(
    r"(?<![a-z])(?:merci (?:a tou|aux|a vous|a nos)\w*|(?:hartelijk )?(?:bedankt|dank) (?:aan|allemaal|voor)|dankjewel|thank(?:s| you) to|on a fete|avons fete|vierden|gevierd)(?![a-z])"
)
_SHORT_LINE = 90  #: characters of a first line that may be the real heading


def is_own_life(document: Document, named: str, *, signs: int) -> bool:
    """Whether a page is about the organisation itself. `named`: its folded title; `signs`: as in decide_kind."""
    if _FOLDER.search(document.path.lower()):
        return True
    said = (named, _first_heading(document), "" if document.is_pdf else last_segment(document))
    if any(_TITLE.search(text) or _WHOLE.fullmatch(text) for text in said if text):
        return True
    text = spaced(document.text[:4000])
    if len({hit.group() for hit in _JOB.finditer(text)}) >= 3:
        return True
    if _IS_TOLD.search(named) and _THANKS.search(text):
        return True
    told = _tells_of(text[: _OPENING_SIZE + len(named)])
    return len(told) >= 3 or (len(told) == 2 and signs < 4)


def _first_heading(document: Document) -> str:
    """The first line, where it may be the heading of a page whose title says nothing ("Rapport", "Page 3")."""
    text = document.first.text
    return spaced(text).strip(" .:!?-–|") if len(text) <= _SHORT_LINE else ""


def _tells_of(opening: str) -> Sequence[str]:
    return [name for name, pattern in _OPENING.items() if pattern.search(opening)]
