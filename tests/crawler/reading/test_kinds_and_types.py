"""Whole small pages of many kinds: which are resources, of which type, about what, and which are the house's own life.

Sentences written for these tests, in three languages; the frame around them is that of any site.

Longer than 300 lines: one table of pages.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crawler.page import Reading

Reader = Callable[..., Reading]

#: (path, language, title, paragraphs, types that are right, themes that must be told)
RESOURCES: list[tuple[str, str, str, str, set[str], set[str]]] = [
    (
        "/que-faire/cafe-numerique",
        "fr",
        "Le café numérique du jeudi",
        "Vous n’arrivez pas à prendre rendez-vous chez le médecin sur internet ? Un volontaire s’assied à côté de vous et vous montre comment faire.|Chaque jeudi de 14h à 16h, à la bibliothèque communale de Forest. Sans inscription, gratuit.|Pour les personnes de plus de 60 ans, débutantes ou presque.",
        {"event", "service"},
        {"older_people"},
    ),
    (
        "/formations/parler-du-suicide",
        "fr",
        "Oser parler du suicide",
        "Cette journée s’adresse aux travailleurs sociaux, aux soignants et aux accueillants qui craignent de ne pas trouver les mots.|Objectifs : repérer les signaux d’alerte, poser la question, construire un plan de sécurité.|Le mardi 9 février 2027 de 9h à 16h30, à Ixelles. 85 €, repas compris. Attestation de présence.",
        {"awareness", "training"},
        {"mental_health"},
    ),
    (
        "/nl/aanbod/samen-koken",
        "nl",
        "Samen aan tafel in Kuregem",
        "Elke woensdag koken we met buren uit de Dierenartsenschoolwijk een gezonde maaltijd met overschotten van de markt. Daarna eten we samen.|Iedereen uit de wijk is welkom, alleen of met het gezin. Je betaalt wat je kan.|Van 10 tot 14 uur, Bergensesteenweg 212, 1070 Anderlecht.",
        {"event", "project", "service"},
        {"food"},
    ),
    (
        "/outils/roue-des-emotions",
        "fr",
        "La roue des émotions",
        "Un support en bois, à fabriquer ou à emprunter, pour aider un enfant à dire ce qu’il ressent.|La roue peut être utilisée par les éducateurs et les enseignants, en groupe de six à dix enfants. Durée : 30 minutes.|Téléchargez le plan et la fiche d’animation (PDF, 2 pages).",
        {"tool"},
        {"children_youth", "mental_health"},
    ),
    (
        "/nos-services/interpretes",
        "fr",
        "Un interprète pour votre consultation",
        "Vous êtes médecin, infirmière ou assistante sociale et votre patient ne parle pas français ? Nous vous envoyons un interprète, sur place ou par vidéo.|Les demandes se font trois jours à l’avance au 02 555 01 20, du lundi au vendredi de 9h à 17h.|Tarif : 15 € l’heure pour les services agréés.",
        {"service"},
        {"access_to_care"},
    ),
    (
        "/intervision",
        "fr",
        "On se parle de nos situations",
        "Six rencontres par an, huit participants, une méthode : chacun apporte à son tour une situation qui le bloque, les autres questionnent puis proposent.|Cette intervision réunit des aides-soignants et des infirmiers à domicile du sud de Bruxelles. Elle n’est pas une supervision : il n’y a pas d’expert extérieur.|Prochaine date : 14 janvier 2027, de 13h à 15h30.",
        {"intervision"},
        set(),
    ),
    (
        "/nl/lerend-netwerk",
        "nl",
        "Van elkaar leren over wonen en zorg",
        "Vijf keer per jaar komen medewerkers van OCMW’s, sociale verhuurkantoren en thuiszorgdiensten samen om hun praktijk rond wonen te delen en er samen nieuwe werkwijzen uit te halen.|Een praktijkgemeenschap blijft lang genoeg samen om vertrouwen te krijgen: je engageert je voor een jaar.",
        {"community_of_practice"},
        {"housing"},
    ),
    (
        "/groupe-sans-chez-soi",
        "fr",
        "GT Hiver : coordonner les places d’accueil",
        "Le groupe de travail rassemble les maraudes, les hébergements d’urgence et les CPAS autour d’un même tableau des places.|Réunion le premier lundi du mois. Le PV est envoyé aux membres. Intéressé ? Écrivez à hiver@coordination.example.",
        {"working_group"},
        {"housing"},
    ),
    (
        "/supervision-equipes",
        "fr",
        "Un tiers pour votre équipe",
        "Quand l’équipe tourne en rond, un superviseur extérieur peut aider à reprendre du recul. Nos superviseurs sont formés à l’analyse institutionnelle.|Séances de deux heures, toutes les six semaines, dans vos locaux. Devis sur demande.",
        {"supervision"},
        set(),
    ),
    (
        "/nl/inleefdag",
        "nl",
        "Een dag mee op huisbezoek",
        "Studenten en starters kunnen een dag meelopen met een wijkverpleegkundige in Evere of Schaarbeek.|Je ziet hoe een dag verloopt en stelt al je vragen. Inschrijven via inleef@wijk.example, minstens drie weken vooraf.",
        {"immersion"},
        set(),
    ),
    (
        "/ecoute-nuit",
        "fr",
        "Quelqu’un au bout du fil, la nuit",
        "De 22h à 7h, des bénévoles formés répondent au 0800 55 012. L’appel est gratuit et anonyme.|Vous pouvez appeler parce que vous n’arrivez pas à dormir, que l’angoisse monte, ou simplement pour entendre une voix.",
        {"helpline"},
        {"mental_health"},
    ),
    (
        "/nl/kindertelefoon",
        "nl",
        "Babyvragen? Bel een vroedvrouw",
        "Op het nummer 02 555 88 10 krijg je elke werkdag van 8 tot 20 uur een vroedvrouw aan de lijn. Borstvoeding, krampjes, slapeloze nachten: geen vraag is te klein.|Voor ouders van baby’s tot zes maanden. De oproep kost een zonaal tarief.",
        {"helpline"},
        {"perinatal"},
    ),
    (
        "/publications/douleurs-chroniques",
        "fr",
        "Vivre avec une douleur qui dure",
        "Vingt-quatre pages pour comprendre la douleur chronique, adapter ses activités et en parler à son médecin. Écrit avec des patients.|Brochure gratuite, à commander par dix exemplaires ou à télécharger.",
        {"brochure", "guide"},
        set(),
    ),
    (
        "/guide-ainés-logement",
        "fr",
        "Rester chez soi : aides, primes et adaptations",
        "Ce guide passe en revue, pièce par pièce, les adaptations possibles du logement et les primes régionales pour les aînés.|Il s’adresse aux personnes âgées et à leurs proches. Édition 2026, 48 pages, PDF.",
        {"guide"},
        {"housing", "older_people"},
    ),
    (
        "/nl/sociale-kruideniers",
        "nl",
        "Waar vind ik een sociale kruidenier?",
        "Overzicht van de 14 sociale kruideniers en voedselbanken in het Brussels gewest, met openingsuren, voorwaarden en telefoonnummers.|Handig om cliënten door te verwijzen. Laatst nagekeken in oktober 2026.",
        {"directory"},
        {"food", "poverty"},
    ),
    (
        "/campagne/boire-moins",
        "fr",
        "Janvier sec : relevez le défi",
        "Du 1er au 31 janvier 2027, des milliers de Bruxellois font une pause d’alcool. Et vous ?|La campagne propose des affiches, des défis par équipe et un test en ligne pour faire le point sur sa consommation.",
        {"campaign"},
        {"addiction"},
    ),
    (
        "/nl/bevolkingsonderzoek-borst",
        "nl",
        "Mammotest: laat je borsten nakijken",
        "Ben je tussen 50 en 69? Dan krijg je om de twee jaar een uitnodiging voor een gratis mammotest. De opsporing van borstkanker loopt in elf erkende centra.|Geen uitnodiging ontvangen? Bel 02 555 77 77.",
        {"campaign", "service"},
        {"prevention"},
    ),
    (
        "/projets/jardin-des-simples",
        "fr",
        "Les Simples : un jardin qui soigne",
        "Depuis 2025, les habitants des blocs de la rue du Pré cultivent ensemble une parcelle de plantes aromatiques et médicinales. Le projet est né d’une question posée au comité de quartier.|Il est soutenu par la Région jusqu’en 2028. Rejoignez-nous les samedis matin.",
        {"project"},
        {"community_action"},
    ),
    (
        "/pharmacie-du-parvis",
        "fr",
        "Vaccination contre la grippe à la Pharmacie du Parvis",
        "La Pharmacie du Parvis vaccine sans rendez-vous contre la grippe et la covid, du lundi au samedi.|Apportez votre carte d’identité. Parvis Saint-Antoine 4, 1190 Forest. Tél. 02 555 43 21.",
        {"pharmacy"},
        {"vaccination"},
    ),
    (
        "/agenda/cine-debat-alzheimer",
        "fr",
        "Ciné-débat : « Ma mémoire s’envole »",
        "Projection suivie d’un échange avec une neurologue et une proche aidante. La maladie d’Alzheimer vue par une fille de quinze ans.|Jeudi 21 janvier 2027 à 19h30, Centre culturel d’Uccle. Entrée 5 €. Bienvenue à toutes et tous.",
        {"awareness", "event"},
        {"older_people"},
    ),
    (
        "/en/warm-rooms",
        "en",
        "Warm rooms this winter",
        "Five community centres in Brussels keep a heated room open every weekday for anyone who is cold at home or sleeping outside. Tea, phone charging and a social worker on site.|Open from 10 am to 6 pm until 31 March. No questions asked, no papers needed.",
        {"service"},
        {"poverty"},
    ),
    (
        "/en/breathing-space",
        "en",
        "Breathing Space: a monthly group for people who care for a partner",
        "Looking after a husband or wife who is ill can be lonely. Once a month, eight to ten carers meet over coffee with a psychologist.|Every second Tuesday, 2 pm to 4 pm, in Etterbeek. Free.",
        {"event", "service"},
        {"carers"},
    ),
    (
        "/nl/infoavond-wilsverklaring",
        "nl",
        "Infoavond: je wensen op papier",
        "Wie beslist er als jij het zelf niet meer kan zeggen? Een arts en een jurist leggen de voorafgaande zorgplanning en de wilsverklaringen in gewone taal uit.|Dinsdag 2 maart 2027, 19.30 uur, GC De Zeyp, Ganshoren. Gratis voor iedereen.",
        {"awareness", "event"},
        {"end_of_life"},
    ),
    (
        "/fr/stand-vaccins",
        "fr",
        "Marché de Noël : venez poser vos questions sur les vaccins",
        "Nos promoteurs de santé tiennent un stand au marché de la place Dumon. Vrai ou faux ? On démonte ensemble les idées reçues sur les vaccins.|Samedi 12 décembre 2026 de 10h à 17h, Woluwe-Saint-Pierre.",
        {"awareness", "event"},
        {"misinformation", "vaccination"},
    ),
    (
        "/webinaire-secret-professionnel",
        "fr",
        "Webinaire : le secret professionnel partagé",
        "Que peut-on dire à un collègue d’un autre service ? Une juriste répond aux questions des intervenants du social et de la santé.|En ligne, le vendredi 5 février 2027, de 12h à 13h30. Gratuit sur inscription.",
        {"awareness", "event", "training"},
        set(),
    ),
    (
        "/logement/permanence-juridique",
        "fr",
        "Permanence juridique des locataires",
        "Un juriste vous reçoit sans rendez-vous pour lire votre bail, contester une expulsion ou récupérer une garantie locative.|Les mardis et jeudis de 9h à 12h, chaussée de Wavre 88, 1050 Ixelles. Gratuit.",
        {"service"},
        {"housing"},
    ),
    (
        "/nl/stappenclub",
        "nl",
        "Stappenclub Laken",
        "Elke zaterdag wandelen we een uur, op ieders tempo. Stevige schoenen aan, de rest komt vanzelf.|Vertrek om 10 uur aan de ingang van het Ossegempark. Gratis, ook voor wie nog nooit aan sport deed. Voor alle inwoners van Laken.",
        {"event", "service"},
        {"physical_activity"},
    ),
    (
        "/jeunes/consultation-ados",
        "fr",
        "Espace Ados : parler sans les parents",
        "Tu as entre 12 et 19 ans et quelque chose ne va pas ? Une psychologue te reçoit gratuitement, sans que tes parents le sachent.|Le mercredi de 13h à 18h, rue du Collège 12, 1050 Ixelles. Tél. 02 555 60 60.",
        {"service"},
        {"children_youth"},
    ),
    (
        "/concertation-perinatalite",
        "fr",
        "Invitation : concertation « Périnatalité et précarité »",
        "Les professionnels de la petite enfance et du social du bassin se retrouvent pour échanger sur le suivi des femmes enceintes en situation précaire.|Jeudi 28 janvier 2027, 9h - 12h30, maison communale de Molenbeek. Inscription gratuite mais obligatoire.",
        {"event"},
        {"perinatal", "poverty"},
    ),
    (
        "/compte-rendu-perinatalite",
        "fr",
        "Retour sur la concertation « Périnatalité et précarité »",
        "Quarante-deux personnes ont participé à la rencontre du 28 octobre. Voici les constats et les pistes retenues.|Le manque de places chez les sages-femmes, l’absence de couverture médicale et la barrière de la langue reviennent partout. Compte rendu complet à télécharger (PDF).",
        {"brochure"},
        {"perinatal"},
    ),
    (
        "/en/doctor-without-papers",
        "en",
        "Seeing a doctor without papers",
        "This guide explains step by step how to get urgent medical assistance in Brussels when you have no residence permit: which CPAS, which documents, what to do if they refuse.|Available in English, French, Arabic and Tigrinya.",
        {"brochure", "guide"},
        {"access_to_care"},
    ),
    (
        "/nl/rouwgroep-kinderen",
        "nl",
        "Als mama of papa er niet meer is",
        "Een groep voor kinderen van 6 tot 12 jaar die een ouder verloren. Tekenen, spelen, vertellen: elk kind op zijn manier.|Zes woensdagnamiddagen vanaf 13 januari 2027, van 14 tot 16 uur, in Jette. 30 euro.",
        {"event", "service"},
        {"children_youth", "grief"},
    ),
    (
        "/valise-exil",
        "fr",
        "Valise « Exil »",
        "Une mallette de 60 photos et de 12 récits pour parler du parcours d’exil et de la santé mentale en groupe.|À emprunter au centre de documentation, pour les animateurs et les équipes d’accueil. Durée du prêt : trois semaines.",
        {"tool"},
        {"mental_health"},
    ),
    (
        "/jeu-cartes-fin-de-vie",
        "fr",
        "« Si un jour » : 52 cartes pour parler de la suite",
        "Tirez une carte, répondez, ou passez votre tour : le jeu aide les familles à parler de ce qui compte à la fin de la vie.|25 € la boîte, à commander en ligne ou à emprunter dans les bibliothèques.",
        {"card_game"},
        {"end_of_life"},
    ),
    (
        "/mes-droits-be",
        "fr",
        "MaSantéBxl : le site qui explique vos droits",
        "Un site en sept langues pour comprendre l’assurance maladie, le tiers payant et le dossier médical, avec des vidéos en langue simple.|Pour les nouveaux arrivants et ceux qui les accompagnent.",
        {"website"},
        {"health_literacy"},
    ),
    (
        "/nl/vrijwilligers-palliatief",
        "nl",
        "Vrijwilliger worden in de palliatieve zorg: basisvorming",
        "Vijf avonden om te leren luisteren, aanwezig te zijn en je eigen grenzen te kennen. Na de vorming word je gekoppeld aan een team.|Start op 18 februari 2027, telkens van 19 tot 22 uur, in Wemmel. Gratis voor vrijwilligers van onze partners.",
        {"training"},
        {"end_of_life"},
    ),
    (
        "/equipe-mobile-assuetudes",
        "fr",
        "Équipe mobile Cap Relais",
        "L’équipe se déplace chez les personnes dont la consommation d’alcool ou de médicaments inquiète l’entourage ou le médecin.|Toute demande peut être introduite par un professionnel, un proche ou la personne elle-même : 02 555 32 10.",
        {"service"},
        {"addiction"},
    ),
    (
        "/bilan-memoire",
        "fr",
        "Bilan mémoire à la maison de quartier",
        "Une neuropsychologue propose un premier bilan gratuit aux personnes de 65 ans et plus qui s’inquiètent de leur mémoire.|Sur rendez-vous, le lundi après-midi, au 02 555 14 14.",
        {"service"},
        {"older_people"},
    ),
    (
        "/nl/vorming/omgaan-met-agressie",
        "nl",
        "Omgaan met agressie aan de balie",
        "Twee dagen oefenen op rustig blijven, grenzen stellen en napraten. Met rollenspel en een actrice.|Voor onthaalmedewerkers van OCMW’s, ziekenfondsen en wijkgezondheidscentra.|8 en 15 maart 2027, telkens van 9.30 tot 16.30 uur, Huis van de Sociale Economie, Brussel. 140 euro per persoon.",
        {"training"},
        set(),
    ),
    (
        "/ateliers/massage-bebe",
        "fr",
        "Massage bébé au Nid",
        "Un moment de douceur pour vous et votre tout-petit de 1 à 8 mois. Une puéricultrice vous guide pas à pas.|Les vendredis de 10h à 11h30, rue du Noyer 5, Schaerbeek. 3 € par séance, gratuit avec le statut BIM.",
        {"awareness", "event", "service"},
        {"perinatal"},
    ),
    (
        "/aide-alimentaire",
        "fr",
        "Distribution de colis",
        "Chaque mardi dès 9h30, nous remettons un colis de produits frais et secs aux ménages envoyés par un service social.|Apportez l’attestation de votre assistante sociale et un sac. Rue des Tanneurs 65, 1000 Bruxelles.",
        {"service"},
        set(),
    ),
    (
        "/outils/calculateur-droits",
        "fr",
        "Mes droits en trois clics",
        "Un questionnaire anonyme qui indique à quelles aides financières votre usager pourrait prétendre : BIM, tarif social, allocations d’études.|Développé avec des assistants sociaux de CPAS. Utilisable en entretien, sur tablette.",
        {"tool", "website"},
        {"poverty"},
    ),
    (
        "/nl/publicaties/draaiboek-hitte",
        "nl",
        "Draaiboek hittegolf voor dienstencentra",
        "Wat doe je bij code oranje? Dit draaiboek helpt centrumleiders om kwetsbare ouderen te bereiken, koele ruimtes te openen en vrijwilligers in te zetten.|36 pagina’s, gratis te downloaden.",
        {"guide", "tool"},
        {"older_people", "prevention"},
    ),
    (
        "/en/course/mental-health-first-response",
        "en",
        "When a colleague breaks down: first response",
        "A half-day course for staff of shelters and reception centres. You will learn to recognise panic, dissociation and suicidal thoughts, and to refer safely.|Thursday 4 March 2027, 9 am to 1 pm, Brussels. €45.",
        {"training"},
        {"mental_health"},
    ),
    (
        "/nl/app-roken",
        "nl",
        "Rookvrij-app: elke dag een duwtje",
        "Download de app, kies je stopdatum en krijg drie maanden lang elke dag een bericht van een tabakoloog. Gratis in de App Store.|Voor iedereen die wil stoppen met roken.",
        {"tool", "website"},
        {"addiction"},
    ),
    (
        "/sante-mentale/groupe-entendeurs",
        "fr",
        "Entendre des voix : un groupe entre pairs",
        "Vous entendez des voix que les autres n’entendent pas ? Ici, pas de diagnostic : on partage ce qui aide.|Le groupe se réunit tous les quinze jours, le jeudi à 18h, à Saint-Gilles. Participation libre.",
        {"event", "service"},
        set(),
    ),
    (
        "/logement/guide-humidite",
        "fr",
        "Humidité et moisissures : que faire ?",
        "D’où viennent les taches noires ? Qui doit payer : le locataire ou le propriétaire ? Huit fiches illustrées pour agir étape par étape.|Guide gratuit, également disponible en néerlandais et en arabe.",
        {"brochure", "guide"},
        {"housing"},
    ),
    (
        "/nl/buurtkamer",
        "nl",
        "De Buurtkamer",
        "In de buurtkamer op het gelijkvloers van de sociale woontoren drinken bewoners samen koffie, lezen ze de krant en lossen ze samen problemen op.|Open elke werkdag van 10 tot 16 uur. Locquenghienstraat 16, 1000 Brussel.",
        {"project", "service"},
        set(),
    ),
    (
        "/journee-etude-sans-abrisme",
        "fr",
        "Journée d’étude : mourir en rue",
        "Chercheurs, maraudeurs et médecins croisent leurs regards sur la mort des personnes sans chez-soi et sur l’hommage qui leur est rendu.|Vendredi 26 février 2027, ULB Erasme, 9h-16h30. 30 €, étudiants 10 €.",
        {"event"},
        set(),
    ),
    (
        "/nl/huiswerkbegeleiding",
        "nl",
        "Huiswerkklas De Vlieger",
        "Leerlingen van het derde tot het zesde leerjaar maken hier in alle rust hun taken, met hulp van vrijwilligers.|Maandag, dinsdag en donderdag van 15.45 tot 17.30 uur. 10 euro per trimester.",
        {"service"},
        {"children_youth"},
    ),
    (
        "/en/map-of-showers",
        "en",
        "Free showers and laundry: the map",
        "Where can you wash, do your laundry or leave your bags in Brussels? This online directory lists 23 places with opening hours and conditions.|Updated every month by the street outreach teams.",
        {"directory", "website"},
        {"poverty"},
    ),
    (
        "/campagnes/vaccin-papillomavirus",
        "fr",
        "HPV : se protéger avant 15 ans",
        "Une campagne de vaccination dans les écoles secondaires bruxelloises, de janvier à mars 2027. Les parents reçoivent une lettre et un formulaire d’accord.|Toutes les réponses aux questions des élèves dans la vidéo.",
        {"campaign"},
        {"vaccination"},
    ),
    (
        "/intergenerationnel",
        "fr",
        "Un toit, deux âges",
        "Le projet met en relation des étudiants à la recherche d’une chambre et des seniors qui disposent d’un espace libre. Loyer modéré contre petits services et présence.|Contact : 02 555 66 07.",
        {"project", "service"},
        {"older_people"},
    ),
    (
        "/commission-ethique",
        "fr",
        "Commission « éthique du domicile »",
        "Un groupe de travail mensuel où soignants, philosophes et patients partenaires rédigent des repères communs sur la contrainte et le consentement.|Il reste deux places. Prochaine réunion le 18 janvier 2027 à 14h.",
        {"working_group"},
        set(),
    ),
    (
        "/nl/praatcafe-dementie",
        "nl",
        "Praatcafé dementie Ganshoren",
        "Een gast vertelt, daarna is er tijd voor vragen en een babbel. Voor mensen met dementie, hun familie en mantelzorgers.|Elke laatste donderdag van de maand, 14 uur, LDC Heydeken. Gratis.",
        {"event", "service"},
        {"carers", "older_people"},
    ),
    (
        "/ligne-deuil",
        "fr",
        "Allô Deuil",
        "Vous avez perdu quelqu’un et vous avez besoin d’en parler ? Des bénévoles formés vous écoutent le lundi et le jeudi de 18h à 21h au 02 555 90 90.|Anonyme, au prix d’un appel local.",
        {"helpline"},
        {"grief"},
    ),
    (
        "/nl/gezondheidswandeling",
        "nl",
        "Gezondheidswandeling in het Zoniënwoud",
        "Een huisarts en een boswachter wandelen mee: vijf kilometer, vier haltes, vier tips om meer te bewegen.|Zondag 11 april 2027, 10 uur, Rood Klooster, Oudergem. Gratis voor alle buurtbewoners.",
        {"awareness", "event"},
        {"physical_activity"},
    ),
    (
        "/brochures/alcool-grossesse",
        "fr",
        "Zéro alcool pendant la grossesse",
        "Un dépliant en huit langues à remettre aux femmes enceintes lors des consultations. Il répond simplement aux questions les plus fréquentes.|Commande gratuite pour les sages-femmes et gynécologues.",
        {"brochure"},
        {"addiction", "perinatal"},
    ),
    (
        "/consultation-voyage",
        "fr",
        "Consultation de médecine des voyages",
        "Vaccin contre la fièvre jaune, prévention du paludisme : prenez rendez-vous au moins six semaines avant le départ.|Centre médical du Heysel, tél. 02 555 71 71, du lundi au vendredi de 8h à 12h. 35 €.",
        {"service"},
        {"prevention", "vaccination"},
    ),
    (
        "/nl/intervisie-brugfiguren",
        "nl",
        "Intervisie voor brugfiguren in het onderwijs",
        "Brugfiguren komen vier keer per jaar samen om lastige situaties met gezinnen te bespreken volgens de incidentmethode.|Groep van maximaal tien. Data in onderling overleg.",
        {"intervision"},
        set(),
    ),
]
#: (path, language, title, paragraphs)
OWN_LIFE: list[tuple[str, str, str, str]] = [
    (
        "/news/jubile",
        "fr",
        "Notre asbl souffle ses quinze bougies",
        "En mars 2011, trois voisines ouvraient une permanence dans un garage. Quinze ans plus tard, l’association compte vingt-deux travailleurs et reçoit 1.800 familles par an.|Merci à celles et ceux qui nous soutiennent depuis le début. La fête a eu lieu le 14 juin : revoyez les photos.",
    ),
    (
        "/nieuws/nieuw-bestuur",
        "nl",
        "Nieuwe voorzitter voor de vzw",
        "De algemene vergadering van 12 mei verkoos een nieuw bestuur. De vorige voorzitter geeft na acht jaar de fakkel door.|We danken haar voor haar inzet voor de zorgverleners van de wijk.",
    ),
    (
        "/news/new-office",
        "en",
        "We are moving!",
        "From 1 February our office will be at Rue du Progrès 80. The phone number and email stay the same. During the move we are closed for three days.|We look forward to welcoming you in a brighter space, close to the station.",
    ),
    (
        "/publications/ra-2025",
        "fr",
        "L’année 2025 en chiffres",
        "En 2025, nos équipes ont accompagné 2.340 personnes, dont 61 % de femmes, et réalisé 5.120 visites à domicile. Le budget s’élevait à 1,9 million d’euros.|Retrouvez tous nos résultats dans le rapport annuel (PDF, 64 pages).",
    ),
    (
        "/nl/publicaties/activiteitenverslag-2024",
        "nl",
        "Activiteitenverslag 2024",
        "Een terugblik op het voorbije werkjaar: 48 vormingen, 612 deelnemers, 7 nieuwe medewerkers. Lees het volledige verslag in PDF.",
    ),
    (
        "/en/",
        "en",
        "Welcome",
        "Our association supports families in Brussels. Most of our website is in French and Dutch. Here you find a short overview of what we do: training for professionals, a documentation centre and a helpline.|Contact: info@asso.example, 02 555 00 00.",
    ),
    (
        "/en/about-us-in-english",
        "en",
        "In English",
        "Founded in 1998, the association brings together forty organisations active in mental health in Brussels. We train, inform and advocate.|Our team works mainly in French and Dutch; do not hesitate to write to us in English.",
    ),
    (
        "/info-in-other-languages",
        "nl",
        "Andere talen",
        "Our organisation helps older people in Brussels. Notre organisation aide les personnes âgées à Bruxelles. Most information is only available in Dutch; call 02 555 09 09 for help in another language.",
    ),
    (
        "/emploi/psychologue-mi-temps",
        "fr",
        "Psychologue (h/f/x) – mi-temps",
        "Le centre de santé mentale recherche un·e psychologue pour renforcer son équipe adultes. Contrat de remplacement de six mois, CP 330.|Envoyez CV et lettre de motivation avant le 15 décembre à rh@csm.example.",
    ),
    (
        "/nl/stage",
        "nl",
        "Stage lopen bij ons",
        "Elk jaar ontvangen we stagiairs maatschappelijk werk en ergotherapie. Wij bieden een boeiende leerplek en begeleiding op maat. Stuur je cv en motivatiebrief voor 1 april.",
    ),
    (
        "/actualites/retour-journee-portes-ouvertes-2024",
        "fr",
        "Portes ouvertes 2024 : merci !",
        "Plus de 300 visiteurs ont poussé la porte de la maison médicale le 5 octobre 2024. Petits et grands ont pu visiter les cabinets et goûter la soupe. Merci aux bénévoles pour leur aide !",
    ),
    (
        "/blog/edito-decembre",
        "fr",
        "Édito : une année sous tension",
        "Restrictions budgétaires, pénurie de personnel, listes d’attente : l’année a été rude pour le secteur. Notre fédération continuera de porter la voix de ses membres auprès des ministres.|Bonnes fêtes à toutes et tous.",
    ),
    (
        "/nl/nieuws/subsidie",
        "nl",
        "Erkenning voor vijf jaar verlengd",
        "Goed nieuws: de Vlaamse Gemeenschapscommissie verlengt onze erkenning tot 2031. Dankzij die steun kunnen onze medewerkers hun werk voor de Brusselaars verderzetten.",
    ),
    (
        "/presse/2026-11-03",
        "fr",
        "La ligue réagit à l’accord de gouvernement",
        "Communiqué. La ligue regrette l’absence de moyens pour la santé mentale des jeunes dans l’accord annoncé ce matin. Elle demande à être reçue par la ministre.|Contact presse : presse@ligue.example",
    ),
    (
        "/actu/depart",
        "fr",
        "Au revoir Colette !",
        "Après 27 ans passés à l’accueil, notre collègue prend sa pension. Toute l’équipe lui souhaite une belle retraite et la remercie pour sa bonne humeur.",
    ),
    (
        "/nl/steun",
        "nl",
        "Steun ons werk",
        "Met een gift van 40 euro help je ons om ouderen te bezoeken die alleen zijn. Je krijgt een fiscaal attest. Rekeningnummer BE12 3456 7890 1234.",
    ),
    (
        "/adhesion",
        "fr",
        "Devenir membre de la fédération",
        "Votre organisation partage nos valeurs ? La cotisation annuelle est de 120 €. Les membres reçoivent la lettre d’information et participent à l’assemblée générale.",
    ),
    (
        "/conditions-location",
        "fr",
        "Louer notre salle polyvalente",
        "La salle de 80 m² peut être louée aux associations du quartier pour 60 € la demi-journée. Cuisine équipée, projecteur, accès pour les personnes à mobilité réduite.",
    ),
    (
        "/nos-valeurs",
        "fr",
        "Nos valeurs",
        "Nous croyons à une santé accessible à tous, à la participation des habitants et au travail en réseau. Notre charte a été adoptée en 2019 par les vingt associations membres.",
    ),
    (
        "/nl/wie-is-wie",
        "nl",
        "Wie is wie",
        "Ons team bestaat uit twaalf medewerkers: maatschappelijk werkers, verpleegkundigen en een coördinator. Je bereikt ons van maandag tot vrijdag.",
    ),
    (
        "/news/studiedag-2023",
        "nl",
        "Terugblik op 25 jaar Buurtpunt",
        "Op 16 november 2023 vierden we ons jubileum met partners en buren. Bekijk de foto’s en lees het dankwoord van de voorzitter.",
    ),
    (
        "/prix-federal-2026",
        "fr",
        "Nous avons gagné le Prix fédéral de lutte contre la pauvreté !",
        "Le jury a salué notre approche participative. Le prix de 10.000 € a été remis le 17 octobre en présence de la Reine. Bravo à toute l’équipe.",
    ),
    (
        "/horaires-fetes",
        "fr",
        "Horaires pendant les fêtes",
        "Le secrétariat est fermé du 24 décembre au 3 janvier. La permanence sociale reprend le lundi 4 janvier à 9h. Belles fêtes !",
    ),
    (
        "/en/vacancies/nurse",
        "en",
        "Community nurse (full-time)",
        "We are looking for a nurse to join our street team. We offer an open-ended contract and meal vouchers. Apply with CV and cover letter by 10 January.",
    ),
    (
        "/newsletter-42",
        "fr",
        "Lettre d’info n° 42",
        "Au sommaire : une nouvelle collègue, trois formations à ne pas manquer, un appel à projets et l’agenda des partenaires. Pour vous abonner, cliquez ici.",
    ),
    (
        "/videos/vox-pop",
        "fr",
        "Revue de presse de novembre",
        "Le Soir, Bruzz et la RTBF ont parlé de nous ce mois-ci. Retrouvez les articles et l’interview radio de notre coordinatrice.",
    ),
    (
        "/marche-public",
        "fr",
        "Appel d’offres : nettoyage de nos bureaux",
        "L’asbl lance un marché public pour l’entretien de ses locaux à Schaerbeek. Le cahier des charges peut être demandé avant le 20 décembre.",
    ),
    (
        "/old-page-2019",
        "nl",
        "Buurtfeest 15 juni 2019",
        "Kom zaterdag 15 juni 2019 naar ons buurtfeest, met springkasteel, barbecue en muziek. Gratis voor alle bewoners!",
    ),
    (
        "/nieuws/kerstgroet",
        "nl",
        "Warme groeten van het team",
        "Het was een jaar vol ontmoetingen. We kijken uit naar 2027 en wensen jullie een gezond nieuw jaar. Ons kantoor is dicht van 24 december tot 3 januari.",
    ),
    (
        "/actualites/visite-ministre",
        "fr",
        "Visite de la ministre dans nos locaux",
        "Ce lundi, la ministre de la Santé a rencontré nos équipes et visité la nouvelle aile. Elle a salué le travail accompli avec les familles précarisées du quartier.",
    ),
    (
        "/en/impact-report",
        "en",
        "Impact report 2025",
        "Last year we reached 12,400 people, trained 830 professionals and opened two new sites. Download the full report (PDF).",
    ),
    (
        "/actualites/rejoignez-ca",
        "fr",
        "Rejoignez notre organe d’administration",
        "Nous cherchons trois administrateurs bénévoles, de préférence avec des compétences financières. Cinq réunions par an. Candidatures jusqu’au 31 janvier.",
    ),
    (
        "/nl/nieuws/verbouwing",
        "nl",
        "Werken aan ons gebouw",
        "Vanaf 11 januari wordt de lift vernieuwd. De ingang verhuist tijdelijk naar de Zennestraat. Onze excuses voor het ongemak.",
    ),
    (
        "/nos-financeurs",
        "fr",
        "Avec le soutien de",
        "Nos activités sont rendues possibles grâce à la COCOF, à la Région, à Viva for Life et à de nombreux donateurs privés.",
    ),
    (
        "/histoire",
        "fr",
        "Trois décennies au service des aidants",
        "Tout commence en 1994 autour d’une table de cuisine. De la première permanence à l’équipe d’aujourd’hui, retour sur les grandes étapes de l’association.",
    ),
    (
        "/blog/carte-blanche-aidants",
        "fr",
        "Les aidants proches méritent mieux qu’une semaine",
        "Opinion. Chaque année, on les célèbre pendant sept jours. Et le reste du temps ? Il est urgent que le gouvernement revoie leur statut.",
    ),
    (
        "/nl/jaarplan",
        "nl",
        "Beleidsplan 2026-2030",
        "Waar willen we staan in 2030? De raad van bestuur keurde onze vijf strategische doelstellingen goed. Lees het volledige plan.",
    ),
    (
        "/fr/welkom",
        "nl",
        "Bienvenue chez nous",
        "Onze website is vooral in het Nederlands. Vous trouverez ici un aperçu de nos activités en français. Écrivez-nous pour plus d’informations.",
    ),
    (
        "/emploi/coordinateur",
        "fr",
        "Coordinateur·trice de projet (0,8 ETP)",
        "Votre mission : piloter le réseau local d’aide aux personnes âgées isolées. Vous disposez d’un master et de trois ans d’expérience. Entrée en fonction immédiate, barème CP 319.",
    ),
    (
        "/agenda/marche-2025",
        "fr",
        "Marche gourmande du 18 mai 2025",
        "Cinq kilomètres, cinq haltes et un concert pour soutenir nos activités. Rendez-vous le 18 mai 2025 à 10h sur la place Communale. 20 €.",
    ),
    (
        "/pers/interview",
        "nl",
        "Onze coördinator in De Standaard",
        "In het weekendkatern vertelt zij over tien jaar straathoekwerk en eenzaamheid bij jongeren. Lees het interview op de website van de krant.",
    ),
    (
        "/faq",
        "fr",
        "Vos questions, nos réponses",
        "Comment m’inscrire ? Puis-je annuler ? Acceptez-vous les chèques-formation ? Où puis-je me garer ?",
    ),
    (
        "/en/thank-you",
        "en",
        "Thank you for registering",
        "Your registration has been received. You will get a confirmation by email within two working days.",
    ),
    (
        "/charte-vie-privee",
        "fr",
        "Comment nous traitons vos données",
        "Votre nom et votre adresse ne servent qu’à vous envoyer nos invitations. Vous pouvez demander leur suppression à tout moment.",
    ),
]


def page(language: str, title: str, text: str) -> str:
    """A page with a menu and a footer that shows a phone, as every page of a site does."""
    paragraphs = "".join(f"<p>{part}</p>" for part in text.split("|"))
    menu = "".join(
        f'<li><a href="/m{number}">{name}</a></li>' for number, name in enumerate(("Home", "Agenda", "Contact"))
    )
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset=utf-8><title>{title} | Relais du Canal</title></head>'
        f"<body><header><a href=/>Relais du Canal</a><nav><ul>{menu}</ul></nav></header><main><h1>{title}</h1>{paragraphs}</main>"
        "<footer><p>Relais du Canal, rue du Canal 12, 1000 Bruxelles - 02 555 10 10 - info@relais.example</p></footer></body></html>"
    )


@pytest.mark.parametrize(
    ("path", "language", "title", "text", "types", "themes"), RESOURCES, ids=[row[0] for row in RESOURCES]
)
def test_what_is_offered_is_a_resource_of_its_type_and_themes(
    read_page: Reader, path: str, language: str, title: str, text: str, types: set[str], themes: set[str]
) -> None:
    found = read_page(page(language, title, text), url=f"https://www.relais.example{path}")
    assert found.kind == "resource"
    assert found.resource["type"] in types
    assert themes <= set(found.resource.get("themes", []))


@pytest.mark.parametrize(("path", "language", "title", "text"), OWN_LIFE, ids=[row[0] for row in OWN_LIFE])
def test_the_house_s_own_life_is_no_resource(
    read_page: Reader, path: str, language: str, title: str, text: str
) -> None:
    assert read_page(page(language, title, text), url=f"https://www.relais.example{path}").kind != "resource"
