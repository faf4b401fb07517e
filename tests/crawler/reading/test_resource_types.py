"""Types by title and first sentence: what professionals keep apart, in three languages. Written by reading."""

from __future__ import annotations

import pytest

from crawler.findings import Line
from crawler.resource_types import Shape, find_type

#: (title, first sentence, type, what the page holds besides)
ROWS = [
    (
        "Carte des lieux d’écoute",
        "Cherchez sur la carte un lieu d’écoute près de chez vous, par commune ou par public.",
        "directory",
        "",
    ),
    ("Wegwijzer mantelzorg", "In deze wegwijzer lees je stap voor stap welke hulp je kunt vragen.", "guide", ""),
    ("Adressenboekje voor nieuwe ouders", "Alle adressen in Anderlecht voor wie een kind verwacht.", "directory", ""),
    (
        "Babbelkaarten voor thuis",
        "Dertig kaarten met vragen om in het gezin over gevoelens te praten.",
        "card_game",
        "",
    ),
    ("Spel: de gezonde wijk", "Een bordspel voor groepen van 4 tot 8 spelers over gezondheid in de buurt.", "tool", ""),
    ("Carnet de suivi de grossesse", "Un carnet à remplir avec votre sage-femme, mois après mois.", "tool", ""),
    (
        "Kit d’animation « Bien dormir »",
        "Tout le matériel pour animer un atelier sur le sommeil : affiches, fiches, jeu.",
        "tool",
        "",
    ),
    ("Affiches : se laver les mains", "Cinq affiches à commander gratuitement, en six langues.", "tool", ""),
    (
        "Dépliant : la vaccination pendant la grossesse",
        "Un dépliant de quatre pages à remettre aux futures mamans.",
        "brochure",
        "",
    ),
    ("Folder valpreventie", "Een folder met tien tips om vallen te voorkomen.", "brochure", ""),
    (
        "Verslag van het buurtoverleg",
        "Het verslag van het overleg van 12 maart 2026: aanwezig 22 deelnemers.",
        "brochure",
        "",
    ),
    ("Guide du retour à la maison", "Pas à pas, ce qu’il faut prévoir avant de quitter la maternité.", "guide", ""),
    ("Mode d’emploi de la carte médicale", "Comment la demander, comment l’utiliser, à qui s’adresser.", "guide", ""),
    (
        "Vorming: motiverende gespreksvoering",
        "Een driedaagse vorming waarin je leert om weerstand om te buigen.",
        "training",
        "dated",
    ),
    ("Formation de base à l’écoute", "Au terme des trois jours, vous saurez mener un entretien.", "training", "dated"),
    ("Webinaire : les perturbateurs endocriniens", "Une heure en ligne pour découvrir le sujet.", "awareness", "dated"),
    ("Infoavond: erfrecht en levenseinde", "Een notaris geeft uitleg en beantwoordt vragen.", "awareness", "dated"),
    (
        "Atelier de sensibilisation au harcèlement",
        "Une demi-journée pour ouvrir les yeux des équipes.",
        "awareness",
        "",
    ),
    (
        "Intervisie voor brugfiguren",
        "Om de twee maanden bespreken collega’s situaties onder elkaar.",
        "intervision",
        "recurs",
    ),
    (
        "Analyse de pratiques pour équipes",
        "Une intervenante extérieure aide votre équipe à analyser sa pratique.",
        "supervision",
        "",
    ),
    ("Supervisie op maat", "Een externe supervisor begeleidt je team, zes keer per jaar.", "supervision", ""),
    (
        "Lerend netwerk eerste lijn",
        "Twaalf professionals volgen een jaar lang een cyclus van tien bijeenkomsten.",
        "community_of_practice",
        "recurs",
    ),
    (
        "Communauté de pratiques périnatalité",
        "Un groupe stable suit un cycle de dix rencontres.",
        "community_of_practice",
        "dated",
    ),
    (
        "Groupe de travail logement",
        "Nous écrivons ensemble une note pour la Région, en quatre réunions.",
        "working_group",
        "dated",
    ),
    ("Werkgroep toegankelijkheid", "De werkgroep stelt tegen juni een advies op.", "working_group", "dated"),
    (
        "Vis ma vie : une journée dans un autre service",
        "Passez une journée chez un collègue d’un autre service.",
        "immersion",
        "",
    ),
    ("Kijkstage in een wijkgezondheidscentrum", "Loop een dag mee met een ander team.", "immersion", ""),
    ("Opendeurdag voor hulpverleners", "Twintig diensten ontvangen collega’s.", "immersion", "dated"),
    ("Permanence juridique", "Un juriste répond à vos questions, le mardi de 9h à 12h.", "service", "phone"),
    ("Consultation sociale", "Une assistante sociale vous reçoit sur rendez-vous.", "service", "phone"),
    ("Inloophuis De Drempel", "Een plek om binnen te lopen, koffie te drinken en hulp te vragen.", "service", "phone"),
    ("Maison des parents", "Un lieu d’accueil pour les parents et leurs enfants.", "service", "phone"),
    ("Groupe d’entraide pour endeuillés", "Un groupe ouvert, une fois par mois.", "service", "recurs phone"),
    ("Praatgroep voor jonge moeders", "Elke week komen moeders samen om te praten.", "service", "recurs phone"),
    ("Halte-garderie Les Poussins", "Pour souffler quelques heures.", "service", "phone"),
    ("Boodschappendienst", "Vrijwilligers doen boodschappen voor wie niet meer buiten kan.", "service", "phone"),
    ("Ligne d’écoute pour parents", "Appelez le 0800 12 345, chaque soir de 18h à 22h.", "helpline", "phone"),
    ("Numéro vert violences", "Un numéro gratuit et anonyme, jour et nuit.", "helpline", "phone"),
    ("Chat voor jongeren", "Chat anoniem met een hulpverlener, elke avond.", "helpline", "phone"),
    ("Opvoedingslijn", "Bel met je vragen over opvoeding.", "helpline", "phone"),
    ("Pharmacie du Canal : vaccination sans rendez-vous", "Le pharmacien vaccine contre la grippe.", "pharmacy", ""),
    ("Apotheek De Linde vaccineert", "De apotheker vaccineert je tegen griep en covid.", "pharmacy", ""),
    ("Colloque : naître à Bruxelles", "Une journée d’exposés et de débats.", "event", "dated"),
    ("Studiedag armoede en geboorte", "Lezingen en werkwinkels.", "event", "dated"),
    ("Fête de quartier", "Musique, stands, repas.", "event", "dated"),
    ("Buurtontbijt", "Ontbijt met je buren.", "event", "dated"),
    ("Matinée d’échange entre services", "Faire connaissance et se dire bonjour.", "event", "dated"),
    ("Semaine mondiale de l’allaitement", "Affiches, vidéos et stands pendant toute la semaine.", "campaign", "dated"),
    ("Campagne « Bouge à la maison »", "Une campagne d’affichage et de vidéos.", "campaign", ""),
    ("Bevolkingsonderzoek borstkanker", "Vrouwen van 50 tot 69 krijgen een uitnodiging.", "campaign", ""),
    ("Projet pilote : marraines de quartier", "Avec cinq associations, nous formons des marraines.", "project", ""),
    ("Samentuin Zenne", "Buren en diensten leggen samen een tuin aan.", "project", ""),
    ("Zorgzame buurt Oud-Molenbeek", "Een project van bewoners en zorgverleners om elkaar te helpen.", "project", ""),
    ("Initiative : frigo solidaire", "Un frigo partagé, géré par des habitants.", "project", ""),
    (
        "grossesse.example, le site d’information",
        "Un site pour s’informer sur la grossesse, en cinq langues.",
        "website",
        "",
    ),
    ("Portaal jong ouderschap", "Op deze website vind je informatie over zwangerschap en geboorte.", "website", ""),
    ("Annuaire des services périnataux", "Une base de données de 120 services.", "directory", ""),
    ("Conversation cards about birth", "Forty cards to open a conversation between parents.", "card_game", ""),
    ("Training: trauma-informed care", "After two days you will be able to recognise trauma.", "training", "dated"),
    ("Helpline for newcomers", "Call us in six languages.", "helpline", "phone"),
    ("Support group for bereaved parents", "We meet every month.", "service", "recurs phone"),
]


@pytest.mark.parametrize(("title", "lead", "wanted", "holds"), ROWS, ids=[row[0] for row in ROWS])
def test_a_page_is_of_the_type_that_a_reader_would_say(title: str, lead: str, wanted: str, holds: str) -> None:
    shape = Shape(dated="dated" in holds, recurs="recurs" in holds, has_phone="phone" in holds)
    assert find_type(title, [Line(title, "h1", 1), Line(lead)], shape=shape).value == wanted
