"""Dutch compounds, taken apart and put together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.text import fold
from search.analysis import kin, parts
from search.compounds import split
from search.wordforms import family, normalise

#: compound = its parts, as somebody who writes them apart types them. From the sector's everyday Dutch.
PAIRS = """
zorgplanning=zorg planning; mantelzorg=mantel zorg; levenseinde=leven einde; kaartspel=kaart spel
griepvaccin=griep vaccin; griepprik=griep prik; griepvaccinatie=griep vaccinatie; thuiszorg=thuis zorg
thuishulp=thuis hulp; thuisverpleging=thuis verpleging; gezondheidszorg=gezondheid zorg
gezondheidsvaardigheden=gezondheid vaardigheden; gezondheidscentrum=gezondheid centrum
gezondheidsraad=gezondheid raad; gezondheidspromotie=gezondheid promotie; gezondheidsgids=gezondheid gids
gezondheidsdossier=gezondheid dossier; gezondheidswerker=gezondheid werker; huisarts=huis arts
huisartsen=huis artsen; huisdokter=huis dokter; ziekenhuis=ziek huis; ziekenhuisopname=ziekenhuis opname
ziekenhuisfactuur=ziekenhuis factuur; ziekteverzekering=ziekte verzekering; kinderopvang=kinderen opvang
kinderpsychiater=kinderen psychiater; jeugdhulp=jeugd hulp; jeugdzorg=jeugd zorg; jongerencentrum=jongeren centrum
ouderenmishandeling=ouderen mishandeling; ouderenplan=ouderen plan; seniorenwoningen=senioren woningen
buurthuis=buurt huis; buurtwerk=buurt werk; buurtcomité=buurt comité; buurtrestaurant=buurt restaurant
buurtmoestuin=buurt moestuin; wijkoverleg=wijk overleg; wijkcentrum=wijk centrum; wijkpraktijk=wijk praktijk
zorgwijkoverleg=zorg wijkoverleg; zorgcoördinatie=zorg coördinatie; zorgtraject=zorg traject; zorgverlener=zorg verlener
zorgzone=zorg zone; zorgbudget=zorg budget; zorgcentrum=zorg centrum; woonzorgcentrum=woonzorg centrum
dagcentrum=dag centrum; dagopvang=dag opvang; nachtopvang=nacht opvang; noodopvang=nood opvang; noodnummer=nood nummer
crisisopvang=crisis opvang; crisishulp=crisis hulp; crisisteam=crisis team; winteropvang=winter opvang
rouwgroep=rouw groep; rouwverwerking=rouw verwerking; rouwproces=rouw proces; rouwbegeleiding=rouw begeleiding
praatgroep=praat groep; zelfhulpgroep=zelfhulp groep; steungroep=steun groep; werkgroep=werk groep; doelgroep=doel groep
risicogroep=risico groep; wilsverklaring=wil verklaring; stervensbegeleider=sterven begeleider
levensboek=leven boek; levensverhaal=leven verhaal; levenskwaliteit=leven kwaliteit; wenskaarten=wens kaarten
wensenboekje=wensen boekje; borstkanker=borst kanker; darmkanker=darm kanker; darmkankerscreening=darmkanker screening
bevolkingsonderzoek=bevolking onderzoek; bloeddruk=bloed druk; suikerziekte=suiker ziekte; pijnbestrijding=pijn bestrijding
pijnkliniek=pijn kliniek; hartinfarct=hart infarct; slaapproblemen=slaap problemen; drankprobleem=drank probleem
gameverslaving=game verslaving; verslavingszorg=verslaving zorg; schuldbemiddeling=schuld bemiddeling
schuldhulpverlening=schuld hulpverlening; huurwaarborg=huur waarborg; huurtoelage=huur toelage; huurcontract=huur contract
woningaanpassing=woning aanpassing; energiefactuur=energie factuur; voedselbank=voedsel bank; voedselhulp=voedsel hulp
voedselpakket=voedsel pakket; kledingwinkel=kleding winkel; taallessen=taal lessen; tolkdienst=tolk dienst
spoeddienst=spoed dienst; poetshulp=poets hulp; gezinshulp=gezin hulp; gezinsplanning=gezin planning; kraamzorg=kraam zorg
kraamhulp=kraam hulp; zwangerschapsgym=zwangerschap gym; borstvoeding=borst voeding; opvoedingsondersteuning=opvoeding ondersteuning
schoolarts=school arts; schooluitval=school uitval; leerlingenbegeleiding=leerlingen begeleiding; gebarentaal=gebaren taal
telefoonlijn=telefoon lijn; luisterlijn=luister lijn; hulplijn=hulp lijn; zelfmoordlijn=zelfmoord lijn
vaccinatiekaart=vaccinatie kaart; vaccinatiecentrum=vaccinatie centrum; vaccinatietwijfel=vaccinatie twijfel
familievereniging=familie vereniging; patiëntenvereniging=patiënten vereniging; patiëntenrechten=patiënten rechten
vertrouwenspersoon=vertrouwen persoon; vrijwilligerswerk=vrijwilligers werk; cultuurcentrum=cultuur centrum
documentatiecentrum=documentatie centrum; dienstencentrum=diensten centrum; preventieoverleg=preventie overleg
projectoproep=project oproep; ervaringsdeskundige=ervaring deskundige; vluchthuis=vlucht huis; partnergeweld=partner geweld
"""
TABLE = [tuple(pair.strip().split("=")) for line in PAIRS.splitlines() for pair in line.split(";") if "=" in pair]


def folded(word: str) -> str:
    return fold(word)


def test_the_table_is_long_enough() -> None:
    assert len(TABLE) >= 100


@pytest.mark.parametrize(("compound", "apart"), TABLE)
def test_a_compound_and_its_parts_written_apart_find_each_other(compound: str, apart: str) -> None:
    for word in apart.split():  # "zorg planning" finds "zorgplanning", "woonzorg centrum" finds "woonzorgcentrum"
        asked = {kin(folded(word))[0]} if kin(folded(word))[0] in kin(folded(compound)) else set(parts(folded(word)))
        assert asked
        assert asked <= set(kin(folded(compound)))
    told_apart = {root for word in apart.split() for root in kin(folded(word))}
    assert parts(folded(compound))
    assert set(parts(folded(compound))) <= told_apart  # and the other way round


@pytest.mark.parametrize(
    "word",
    ["gezondheid", "begeleiding", "palliatief", "vaccinatie", "formation", "communication", "professionnel",
     "accompagnement", "interprète", "information", "vulnérabilité", "psychologue", "bereavement", "helpline"],
)  # fmt: skip
def test_a_word_that_is_no_compound_stays_whole(word: str) -> None:
    assert split(folded(word)) == ()


@given(st.text() | st.text(st.sampled_from("zorgplanisedu"), max_size=60))
def test_whatever_is_typed_comes_apart_into_pieces_of_itself(word: str) -> None:
    for part in split(word):
        assert part in word
        assert part != word


@given(st.text(st.sampled_from("zorghuisplanes"), max_size=45))
def test_the_family_of_a_family_is_met_by_the_word(word: str) -> None:
    assert family(normalise(word)) in kin(word)
