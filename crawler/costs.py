"""What something costs, and what it costs people with increased reimbursement (BIM/RVV)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from crawler.fields import Labelled
from crawler.findings import Fact, Line, cut_quote
from directory.text import fold

_AMOUNT = re.compile(
    r"(?:€|eur\b|euros?\b)\s?(\d{1,3}(?:[ .]\d{3})+|\d{1,5})(?:[,.](\d{1,2}|-))?(?!\d)"
    r"|(?<![\d.,])(\d{1,3}(?:[ .]\d{3})+|\d{1,5})(?:[,.](\d{1,2}|-))?\s?(?:€|eur\b|euros?\b)(?:\s?(\d{2})(?!\d))?",
    re.IGNORECASE,
)
_FREE = re.compile(
    r"(?<!\w)(?:gratuit(?:e|s|es|ement)?|gratis|kosteloos|kosteloze|free(?: of charge| admission| entry)?|sans frais|entree libre|"
    r"acces libre|vrije toegang|no charge|zonder kosten|vrije bijdrage|participation libre|prix libre|a prix libre)(?!\w)"
)
_NOT_FREE = re.compile(
    r"(?:numero|nummer|appel|parking|newsletter|non|pas|niet|not|wifi|caution|not for|feel|smoke|drug|sugar|barrier)[ -]*(?:\w+ ){0,1}$"
    r"|(?:annulation|accueil|cafe|lunch|repas|sandwich|boisson) $"
)
_BIM = re.compile(
    r"(?<!\w)(?:bim|omnio|rvv|vt|intervention majoree|verhoogde tegemoetkoming|increased (?:reimbursement|intervention)|statut bim)(?!\w)"
)
_REDUCED = re.compile(
    r"(?<!\w)(?:reduit|reduite|reduction|verminderd|korting|reduced|etudiants?|studenten|students?|demandeurs? d emploi|werkzoekenden|cpas|ocmw|article 27|precaire)(?!\w)"
)
_CONTEXT = re.compile(
    r"(?<!\w)(?:prix|tarifs?|couts?|coute|paf|participation|frais|prijs|kost|kosten|kostprijs|tarief|bijdrage|inkom|entree|price|cost|costs|"
    r"fee|fees|admission|payant|payante|betalend|a charge|inscription|inschrijving|deelname|par personne|per persoon|per person|par seance|"
    r"per sessie|par consultation|par an|per jaar|quote-part|remgeld|ticket moderateur|membres?|leden|bim|rvv|consultation|vente|achat|acheter|commande|exemplaire|location|pret|par \w+|la seance|l heure|le module|per \w+|a partir de|vanaf|aankoop|verkoop|exemplaar|uitlenen|per stuk|compris\w*|inbegrepen|included|te bestellen|bestellen|a commander|betaal\w*|betalen|payez|paient|pay|le cycle|les \d+ seances|le jeu|le set|le repas|la journee|la nuit|de maaltijd|maaltijd|de reeks|de set|meal|(?:pour|voor|for|a|tegen) \d+(?:[,.]\d+)? ?(?:€|eur\w*))(?!\w)|^\W{0,3}(?:€ ?\d|\d+(?:[,.]\d+)? ?(?:€|eur))"
)
_NOT_PRICE = re.compile(
    r"(?<!\w)(?:subsid\w*|subvention\w*|budget\w*|dons?|gift\w*|montant de l (?:aide|allocation)|allocation\w*|toelage\w*|uitkering\w*|prime\w*|premie\w*|loyer\w*|huur|revenus?|inkomen|salaire|recois|recevez|ontvangt|amende\w*|funding|grant\w*|million\w*|miljoen|milliard\w*|fonds)(?!\w)"
)
_BY_INCOME = re.compile(
    r"(?<!\w)(?:(?:selon|en fonction d\w+|adapte\w* aux?|proportionn\w+ aux?) (?:les |vos |ses |leurs |des |de vos |de ses |de leurs )?(?:revenus?|moyens|ressources)|"
    r"(?:volgens|afhankelijk van|op basis van|naargelang) (?:het |je |uw |hun )?inkomen|inkomensgerelateerd|sliding scale|(?:based|depending) on (?:your |their )?income|according to (?:your |their )?(?:income|means))(?!\w)"
)
_KIND_CONFIDENCE = {"labelled": 0.92, "sentence": 0.78}


def find_cost(lines: Sequence[Line], fields: Sequence[Labelled]) -> Fact[dict[str, Any]] | None:
    """The cost in its outside shape; None where the page does not say. The labelled value wins over a sentence."""
    labelled = [field for field in fields if field.name == "cost"]
    if labelled:
        text = "\n".join(field.value for field in labelled)
        if cost := read_cost(text, priced=True):
            line = labelled[0].line
            return Fact(
                value=cost, quote=cut_quote(line.text), place=line.place, confidence=_KIND_CONFIDENCE["labelled"]
            )
    found: list[tuple[dict[str, Any], Line]] = []
    for line in lines:
        if line.link_share > 0.8 or len(line.text) > 3000:
            continue
        for sentence in _sentences(line.text):
            if cost := read_cost(sentence, priced=False):
                found.append((cost, line))
    if not found:
        return None
    cost, line = found[0]
    for other, _ in found[1:4]:
        cost = _merge(cost, other)
    return Fact(value=cost, quote=cut_quote(line.text), place=line.place, confidence=_KIND_CONFIDENCE["sentence"])


def _sentences(text: str) -> Iterator[str]:
    yield from re.split(r"(?<=[.!?;])\s+(?=[A-ZÀ-Þ€])|\n", text)


def read_cost(text: str, *, priced: bool) -> dict[str, Any] | None:
    """The cost that a text states; None where it states none. `priced`: the text is known to be about a price."""
    folded = _flat(text)
    free = [
        match
        for match in _FREE.finditer(folded)
        if not _NOT_FREE.search(folded[max(0, match.start() - 40) : match.start()])
    ]
    amounts = list(_amounts(folded))
    if amounts and not priced and not free and (not _CONTEXT.search(folded) or _NOT_PRICE.search(folded)):
        amounts = []
    if not amounts:
        if _BY_INCOME.search(folded):
            return {"kind": "partly"}
        if not free:
            return None
        if _BIM.search(folded) or re.search(
            r"(?<!\w)(?:pour les|voor|for) (?:membres|leden|members|affilies|etudiants|beneficiaires)(?!\w)", folded
        ):
            return {"kind": "partly", **({"bim_amount_eur": 0.0} if _BIM.search(folded) else {})}
        return {"kind": "free"}
    bim: float | None = None
    full: float | None = None
    for start, end, amount in amounts:
        if _about(_BIM, folded, start, end):
            bim = amount if bim is None else bim
        elif not _about(_REDUCED, folded, start, end):
            full = amount if full is None else full
    free_bim = any(_about(_BIM, folded, match.start(), match.end()) for match in free)
    if full is None and bim is None:
        full = amounts[0][2]
    if bim is None and free_bim:
        bim = 0.0
    cost: dict[str, Any] = {
        "kind": "partly" if free and (full or 0) > 0 else "free" if (full or 0) == 0 and not bim else "paid"
    }
    if full is not None and cost["kind"] != "free":
        cost["amount_eur"] = full
    if bim is not None and cost["kind"] != "free":
        cost["bim_amount_eur"] = bim
    return cost


def _flat(text: str) -> str:
    """Folded, apostrophes as spaces, euro signs kept."""
    return re.sub(r"['’`´]", " ", fold(text.replace("€", " € "))).replace("  ", " ")


def _amounts(folded: str) -> Iterator[tuple[int, int, float]]:
    for match in _AMOUNT.finditer(folded):
        whole = match.group(1) or match.group(3)
        cents = match.group(2) or match.group(4) or match.group(5) or "0"
        amount = int(re.sub(r"[ .]", "", whole)) + (0 if cents == "-" else int(cents.ljust(2, "0")) / 100)
        if amount <= 10_000:
            yield match.start(), match.end(), round(amount, 2)


def _about(pattern: re.Pattern[str], folded: str, start: int, end: int) -> bool:
    """Whether words stand by an amount: after it up to the next amount or comma, or right before it."""
    after = re.split(r"\d|[;/|,\n]| ou | of | or | et | en | and ", folded[end : end + 60], maxsplit=1)[0]
    before = re.split(r"\d|[;/|,\n)]| ou | of | or | € ", folded[max(0, start - 45) : start])[-1]
    if pattern.search(after):
        return True
    return bool(pattern.search(before)) and (
        "(" not in before or before.rstrip().endswith(("(", ":")) or ")" not in before
    )


def _merge(cost: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    merged = {**{key: value for key, value in other.items() if key != "kind"}, **cost}
    kinds = {cost["kind"], other["kind"]}
    if kinds == {"free", "paid"} or kinds == {"partly", "paid"}:
        merged["kind"] = "partly"
    return merged
