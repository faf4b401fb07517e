"""What a page calls itself by its title and address: contact, legal, team, listing, home, not found; its place in the site."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote

from crawler.document import Document
from crawler.resource_types import spaced

NOT_FOUND = re.compile(
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
    r"(?:een |onze )?(?:zaal|zalen|lokaal) huren|huren(?: van)? (?:een |onze )?(?:zaal|zalen)|louer (?:une |nos |la )?salles?|word (?:vrijwilliger|lid)(?: bij .*)?|vrijwilliger worden|(?:devenir|deviens|devenez) (?:benevole|volontaire|membre)|become a (?:volunteer|member)|"
    r"(?:onze |ons )?(?:missie|visie|waarden)(?:,? (?:en|&) (?:onze )?(?:missie|visie|waarden))*|(?:nos |notre )?(?:missions?|vision|valeurs)(?:,? (?:et|&) (?:nos |notre )?(?:missions?|vision|valeurs))*|our (?:mission|vision|values).*|wie is wie|who is who|qui est qui|(?:notre |l )organigramme|comment venir|hoe kom je hier|route(?:beschrijving)?|onze subsidies|nos subsides|nos financeurs|"
    r"(?:nous )?ecrire(?: a .*)?|ecrivez[- ]nous|schrijf(?: ons)?|schrijven naar .*|contacter .*|write to .*|"
    r"plan du site|sitemap|site ?map|login|connexion|se connecter|inloggen|aanmelden|mon compte|mijn account|my account|inscription newsletter|newsletter|nieuwsbrief|accessibilite(?: du site)?|declaration d accessibilite|toegankelijkheidsverklaring|accessibility(?: statement)?|partenaires|nos partenaires|partners|onze partners|subsid\w+|pouvoirs subsidiants|rapports? annuels?|rapports? d activites?|jaarverslag(?:en)?|annual reports?|statuts|statuten|merci|bedankt|thank you|devenir membre|lid worden|nos membres|onze leden|liens(?: utiles)?|links|credits?|impressum|colofon|plan d acces|bereikbaarheid|horaires? d ouverture|heures d ouverture|openingsuren|opening hours|organigramme|panier|winkelmandje|cart|checkout|plainte|klachten|signaler un probleme"
)
OTHER = re.compile(rf"(?:{_OTHER_WORDS})")
_LISTING_WORDS = (
    r"(?:l |notre |onze )?agenda(?: .*)?|calendrier(?: .*)?|kalender|calendar|(?:tous les |toutes les |nos |les |alle |onze |all |our )?(?:actualites?|actus|nouvelles|news|nieuws|nieuwsberichten|blog|articles?|artikels?|artikelen|evenements?|evenementen|activites|activiteiten|events|formations|vormingen|opleidingen|vormingsaanbod|trainings?|outils|tools|ressources|resources|publicaties|publications|aanbod|offre|brochures?|documents|documenten|documentation|documentatie|telechargements?|downloads?|materiaal|materiel|projets|projecten|projects|services|diensten|centre de documentation|bibliotheque|videos?|podcasts?)|"
    r"archives?(?: .*)?|archief|categorie ?:? .*|category ?:? .*|etiquette ?:? .*|tag ?:? .*|auteur ?:? .*|author ?:? .*|(?:resultats? (?:de (?:la )?)?recherche|zoekresultaten|search results|recherche|zoeken|search)(?: .*)?|catalogue des? .*|catalogue|catalogus|outiltheque|mediatheque|ressourcerie|offre de formations?|catalogue de formations|formations? et .*|outils et .*|nos outils.*|nos formations.*|onze vormingen.*|page \d+"
)
LISTING = re.compile(rf"(?:{_LISTING_WORDS})")
LISTING_PATH = re.compile(
    r"/(?:category|categorie|tag|tags|author|auteur|page/\d+|archives?|search|recherche|zoeken|rubriques?|mots?-cles?|themes?|thematiques?)(?:/|$)|/(?:19|20)\d\d/(?:[01]?\d/?)?$|[?&](?:s|q|search|start|debut_articles|page|paged|cat|tag)="
)
HOME_PATH = re.compile(
    r"/(?:(?:fr|nl|en|fr-be|nl-be)/?)?(?:index\.\w+|accueil/?|home/?|homepage/?|startpagina/?|welkom/?|bienvenue/?)?$"
)
_SIGNS_IN_PATH = re.compile(r"^(?:fr|nl|en|fr-be|nl-be|www|index|page|pages|node|content|spip\.php|site|be)$")


def name_of(title: str) -> str:
    return re.sub(r"\s+(?:19|20)\d\d(?:\s?[-–/]\s?(?:20)?\d\d)?$|\s+", " ", spaced(title)).strip(" .:!?-–|")


def last_segment(document: Document) -> str:
    segments = [part for part in unquote(document.path).lower().split("/") if part and not _SIGNS_IN_PATH.match(part)]
    last = re.sub(r"\.(?:html?|php|aspx?)$", "", segments[-1]) if segments else ""
    return re.sub(r"[-_+\s]+", " ", last).strip()


def section_words(document: Document) -> str:
    """Where a page stands in its site, as words: breadcrumb and the folders of its address."""
    folders = [part for part in unquote(document.path).split("/")[:-1] if part and not _SIGNS_IN_PATH.match(part)]
    crumbs: Sequence[str] = document.head.breadcrumbs[:-1]
    return " | ".join(
        [*(crumb for crumb in crumbs if len(crumb) < 60), *(re.sub(r"[-_]+", " ", folder) for folder in folders)]
    )
