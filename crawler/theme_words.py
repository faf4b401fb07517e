"""Everyday words of the themes, beside the thesaurus: pages say "balade" and "potager" where it says "activité physique".

Patterns over folded text with apostrophes as spaces. Here stand words that no search should be widened by, but that
tell what a page speaks of.
"""

from __future__ import annotations

from collections.abc import Mapping

from crawler.word_patterns import WordPatterns

_WORDS: Mapping[str, str] = {
    "physical_activity": r"marches?(?! (?:a suivre|public))|marcher|balades?|randonnees?|bouger|bougez|sporti\w+|gym\w*|velos?|danses?|danser|natation|nager|stretching|pilates|yoga|tai ?chi|qi ?gong|petanque|wandel\w+|beweeg\w*|fiets(?:en|tocht\w*)|zwemmen|sporten|turnen|dansen|walks?|walking|cycling|dancing|fitness|parcours (?:de )?(?:sante|marche)|activites? physiques?",
    "food": r"potagers?|cuisin\w+|repas|recettes?|manger|mange|nutrition\w*|dieteti\w+|legumes|fruits|petit[- ]dejeuner|frigos?|soupes?|epicerie|denrees|invendus|moestuin\w*|koken|kook\w+|maaltijd\w*|recepten|groenten|ontbijt|eten|soep|voedsel\w*|cooking|meals?|recipes?|vegetables|nutrition|kitchen|fridge",
    "social_isolation": r"papot\w+|rompre la solitude|se sentir seul\w*|tables? de conversation|conversation tables?|visites? (?:a domicile|d amitie|amicales?)|visiteurs?|faire connaissance|nouer des liens|creer (?:du|des) liens?|liens sociaux|lien social|babbel\w*|praatcafe|vriendschap\w*|huisbezoek\w*|sociaal contact|contacten leggen|buren ontmoeten|lunch entre voisins|meet (?:new )?people|make friends|feeling alone|companionship",
    "community_action": r"habitant\w* (?:du quartier )?(?:decident|agissent|organisent|s organisent|construisent|imaginent)|entre voisins|fete des voisins|collectif (?:de quartier|citoyen|d habitant\w*)|projets? (?:de quartier|citoyens?)|avec les habitant\w*|jardins? partages?|potagers? (?:collectifs?|partages?|de quartier)|compost\w*|participati\w+|co ?construi\w+|wijkproject\w*|buurtproject\w*|burgerinitiatief|buurtbewoners (?:beslissen|organiseren|maken)|samen met (?:de )?(?:buurt)?bewoners|samentuin\w*|wijkcomite|community[- ](?:led|project|garden)|mobilisation (?:des|communautaire)",
    "older_people": r"vieilli\w*|troisieme age|retraite\w*|pensionne\w*|maisons? de repos|senioren\w*|bejaard\w*|ageing|aging|older adults|gepensioneerd\w*",
    "children_youth": r"ecoliers?|eleves|adolescen\w+|creches?|maternelle|enfance|leerlingen|tieners|kleuters?|pupils|teenage\w*|parascolaire|ecole des devoirs|huiswerk\w*",
    "perinatal": r"futures? (?:mamans?|meres?)|jeunes? (?:mamans?|meres?)|nouveaux?-nes?|post-?partum|maternite|tout-petits?|0 a 3 ans|0-3 ans|pasgeboren\w*|kraam\w*|jonge moeders?|newborns?|expecting|midwives",
    "grief": r"endeuill\w*|perte d un (?:proche|enfant|parent|etre cher)|perdu un (?:proche|enfant|etre cher)|deces|funerailles|absence d un proche|rouwen\w*|nabestaand\w*|verlies van|overlijden\w*|bereave\w*|loss of a loved one|mourning|someone (?:who )?(?:has )?died",
    "end_of_life": r"mourir|derniers (?:jours|moments|souhaits)|souhaits de fin de vie|volontes (?:anticipees|dernieres)|directives anticipees|dernieres volontes|testament de vie|palliati\w+|laatste (?:levensfase|wensen)|stervend\w*|last wishes|hospice",
    "mental_health": r"psychologi\w+|psychiatr\w+|psychiqu\w+|psychisch\w*|psycholoog|psychologen|angoiss\w+|mal-?etre|souffrance|traumatis\w*|crise suicidaire|emotions?|somber\w*|angst\w*|sante mentale|mental",
    "wellbeing": r"sommeil|dormir|slaap|slapen|bien-?etre|epuisement|prendre soin de soi|detente|relax\w*|sophrologie|pleine conscience|mindfulness|ontspann\w*|welbevinden|zelfzorg|sleep|self-?care|massage\w*|respirer|ademhaling\w*|burn-?out",
    "health_literacy": r"(?:parler|ecrire|expliquer|ecriture|communiquer) (?:simple|simplement|clair|clairement)|langage simple|facile a (?:lire|comprendre)|comprehensible\w*|vulgaris\w+|alphabetis\w+|traduit\w* en \w+ langues|pictogramm\w*|eenvoudig (?:uitleg|schrijv|prat|taal)\w*|begrijpelijk\w*|duidelijk (?:schrijv|communic|uitleg)\w*|plain words|easy words|understand(?:ing)? (?:your|health|medical)|comprendre (?:son|sa|ses|les|l) (?:sante|ordonnance|medecin|information|traitement|soins)\w*|preparer (?:son|votre|sa) (?:rendez-vous|consultation|visite)",
    "misinformation": r"idees? recues?|fausses? (?:informations?|nouvelles?|idees?)|vrai ou faux|vrai\/faux|on dit que|prejuges?|fact-?check\w*|verifier (?:une|l|les) informations?|esprit critique|valse (?:informatie|berichten|nieuwtjes)|feiten en fabels|waar of niet|klopt het|misverstand\w*|true or false|rumou?rs?",
    "vaccination": r"vaccin\w*|gevaccineerd\w*|inent\w+|boosters?",
    "prevention": r"prevention|preventi\w+|depist\w+|promotion de la sante|gezondheidspromotie|gezondheidsbevordering|diabet\w*|risques? (?:cardio\w*|pour la sante)|mesures d hygiene|canicules?|chaleurs?|hitte\w*|fraicheur|screening|heatwave|check-?up|bilan de sante|hygiene",
    "addiction": r"depend\w+ (?:a l |au |aux )|consommation (?:d alcool|de drogues?|problematique)|consommations?|consommateurs?|arreter de fumer|tabac\w*|fumeurs?|ivresse|sevrage|ecrans|jeux? (?:video|d argent|de hasard)|rookstop|roken|gamen|gokken|schermtijd|quit(?:ting)? smoking|gaming|substances?",
    "housing": r"logements?|loyers?|locataires?|proprietaires?|bail|expuls\w+|humidite|moisissures?|hebergement\w*|sans[- ]abri\w*|maisons? d accueil|huurders?|huurcontract\w*|huur(?:prijs|waarborg)?|woning\w*|wonen|vochtproblem\w*|schimmel|thuislo\w+|tenants?|landlords?|rent|eviction|homeless\w*",
    "poverty": r"precari\w+|pauvre\w*|petits? (?:budgets?|revenus?)|faibles? revenus?|endett\w*|factures?|fins? de mois|aide sociale|droits? socia\w+|colis alimentaires?|banques? alimentaires?|moyens limites|klein budget|laag inkomen|armoede\w*|schuld(?:en|bemiddeling)|rekeningen|voedselpakket\w*|voedselbank\w*|low incomes?|food banks?|debts?|small budget|on a budget",
    "access_to_care": r"acces aux? (?:soins|droits|sante)|trouver un (?:medecin|service|psy\w*)|orient(?:er|ation) (?:vers|des)|remboursement\w*|sans (?:papiers|couverture|mutuelle)|soins (?:urgents|gratuits|accessibles)|droits? (?:a la sante|du patient|des patients)|de weg (?:vinden|wijzen)|doorverwij\w+|terugbetal\w*|zonder papieren|ziekteverzekering|find a doctor|health insurance|medical card|carte medicale|register with a doctor|first line care|acces a la sante",
    "carers": r"aidant\w*|proches aidants|aider un proche|s occupe\w* d un proche|prendre soin d un proche|mantelzorg\w*|zorg(?:t|en) voor (?:een|je) (?:naaste|ouder|partner)|caring for (?:a|someone)|carers?|caregiv\w+",
}  # fmt: skip
PATTERNS = WordPatterns(_WORDS)
