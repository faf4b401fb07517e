"""What the forms of words make equal in French, Dutch and English, and what they keep apart."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import analysis
from search.wordforms import family, normalise

#: written = also written so: elision, inclusive writing, accents, ligatures, number and gender.
FRENCH = """
l'écoute=écoute; l’écoute=ecoute; L'ÉCOUTE=écoute; d'aide=aide; qu’une=une; jusqu'à=a; s'occuper=occuper; n’avoir=avoir
l'alimentation=alimentations; d’hébergement=hebergements; l’hôpital=hopitaux; lorsqu'un=un; c'est=est; j’aide=aide
professionnel·les=professionnelles; professionnel.les=professionnels; professionnel-les=professionnel
professionnel(le)s=professionnelle; professionnel·le·s=professionnels; usager·ère·s=usagers; usager-ère-s=usagère
usager.ère.s=usagères; travailleur·euse·s=travailleuses; travailleur(euse)s=travailleurs; acteur·rice·s=acteurs
acteur.trice.s=acteurs; infirmier·ère·s=infirmières; patient(e)s=patientes; patient·e·s=patients; aidant-e-s=aidantes
aidant.e.s=aidants; citoyen·ne·s=citoyennes; citoyen-ne-s=citoyens; étudiant(e)=étudiantes; endeuillé·es=endeuillées
actif·ve·s=actifs; bénévole·s=bénévoles; médiateur·rice=médiatrices; animateur(trice)=animatrices
précarité=precarite; cœur=coeur; CŒUR=cœurs; œuvre=oeuvres; vulnérabilité=VULNERABILITE; déjà=deja
soin=soins; hôpital=hôpitaux; journal=journaux; travail=travaux; jeu=jeux; réseau=réseaux; prix=prix; gratuit=gratuites
social=sociaux; sociale=social; mental=mentale; mentales=mentaux; périnatal=périnatales; palliatif=palliatives
actif=active; sportif=sportives; malade=malades; isolé=isolée; isolés=isolées; âgé=âgées; enceinte=enceintes
travailleur=travailleuse; vendeuse=vendeurs; heureux=heureuse; animateur=animatrice; directrice=directeurs
infirmier=infirmière; étranger=étrangères; gratuit=gratuite; nouveau=nouveaux; général=générales; maternel=maternelle
citoyen=citoyenne; ancien=anciennes; aidant=aidante; demandeur=demandeuse; bénéficiaire=bénéficiaires
"""
DUTCH = """
vraag=vragen; plan=plannen; groep=groepen; huis=huizen; brief=brieven; richtlijn=richtlijnen; vrouw=vrouwen
activiteit=activiteiten; mogelijkheid=mogelijkheden; therapie=therapieën; foto=foto's; apotheker=apothekers
mantelzorger=mantelzorgers; kind=kinderen; stad=steden; lid=leden; gesprek=gesprekken; vereniging=verenigingen
sociaal=sociale; palliatief=palliatieve; kwetsbaar=kwetsbare; patiënt=patiënten; coördinatie=coordinatie; oudere=ouderen
jongere=jongeren; school=scholen; taal=talen; adres=adressen; wens=wensen; centrum=centra; opleiding=opleidingen
"""
ENGLISH = "carer=carers; service=services; therapy=therapies; child=children; woman=women; nurse=nurses; stress=stress"


def table(*texts: str) -> list[tuple[str, ...]]:
    return [
        tuple(pair.strip().split("=")) for text in texts for pair in text.replace("\n", ";").split(";") if "=" in pair
    ]


def form(text: str) -> str:
    [word] = [word for word in analysis.forms(text) if word.folded]
    return word.folded


def test_the_french_table_is_long_enough() -> None:
    assert len(table(FRENCH)) >= 60


@pytest.mark.parametrize(("one", "other"), list(table(FRENCH, DUTCH, ENGLISH)))
def test_spelling_number_and_gender_do_not_matter(one: str, other: str) -> None:
    assert form(one) == form(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("gezondheid", "zon"), ("gezin", "zin"), ("gemeente", "meen"), ("voedsel", "voed"), ("ouders", "ouderen"),
     ("répit", "repas"), ("stress", "stre"), ("107", "1077"), ("intervision", "intervention"), ("care", "car"),
     ("intervision", "supervision"), ("mort", "maure"), ("deuil", "œil"), ("rouw", "rauw"), ("aide", "sida")],
)  # fmt: skip
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert form(one) != form(other)
    assert family(form(one)) != family(form(other))


@pytest.mark.parametrize(
    "relatives",
    ["vaccination vaccinale vacciner vaccinent vaccin vaccinatie vaccineren", "hésitation hésiter hésite hésitant",
     "alimentation alimentaire aliment", "accompagnement accompagner accompagnant", "suicide suicidaire",
     "psychologue psychologie psycholoog", "vulnérable vulnérabilité", "dépression dépressif depressie depressief",
     "begeleiding begeleiden", "schizophrène schizophrénie schizofrenie", "palliatif palliatieve palliative",
     "solidaire solidarité", "préventif prévention preventie", "adolescent adolescence"],
)  # fmt: skip
def test_relatives_share_a_family(relatives: str) -> None:
    assert len({family(form(word)) for word in relatives.split()}) == 1


@pytest.mark.parametrize(
    ("written", "plain"),
    [("+32 2 513 45 67", "025134567"), ("0032 2 513 45 67", "025134567"), ("(02) 513.45.67", "025134567"),
     ("02/513.45.67", "025134567"), ("0800 32 123", "080032123"), ("0800/32.123", "080032123"), ("080032123", "080032123"),
     ("+32 (0)470 12 34 56", "0470123456"), ("B-1060", "1060"), ("BE 1060", "1060"), ("1060", "1060"), ("107", "107")],
)  # fmt: skip
def test_a_number_is_one_word_however_it_is_written(written: str, plain: str) -> None:
    assert [word.folded for word in analysis.raw_words(f"appelez le {written}, merci")] == [
        "appelez",
        "le",
        plain,
        "merci",
    ]


def test_numbers_that_are_no_telephone_stay_as_they_are() -> None:
    assert [word.folded for word in analysis.raw_words("50 69 ans en 2025-2026")] == [
        "50",
        "69",
        "ans",
        "en",
        "2025",
        "2026",
    ]


@given(st.text() | st.text(st.sampled_from("aeinrstxzvéœ"), max_size=14))
def test_normalising_twice_changes_nothing_and_nothing_grows(text: str) -> None:
    for word in analysis.raw_words(text):
        once = normalise(word.folded)
        assert normalise(once) == once
        assert len(once) <= len(word.folded) + 1  # travaux → travail is as long; oudere → ouderen one longer
        assert family(once)


@given(st.text() | st.text(st.sampled_from("0123456789 +/.-()B")))
def test_words_with_numbers_stand_where_they_say(text: str) -> None:
    end = 0
    for word in analysis.raw_words(text):
        assert end <= word.start < word.end <= len(text)
        end = word.end


@pytest.mark.parametrize("pattern", ["0", "0 1", "l'a·e ", "(e)s", ".e.s", "zorg", "-e", "+32", "a's "])
def test_a_long_text_takes_no_more_steps_a_character_than_a_short_one(pattern: str) -> None:
    def steps(repeats: int) -> int:
        taken = 0

        def count(*_: object) -> None:
            nonlocal taken
            taken += 1

        analysis.forms(pattern * repeats)  # fills the caches
        sys.setprofile(count)
        try:
            analysis.forms(pattern * repeats)
        finally:
            sys.setprofile(None)
        return taken

    assert steps(2000) <= 5 * steps(500) + 200
