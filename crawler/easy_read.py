"""Whether a resource is written in easy-to-read language (FALC, eenvoudige taal), and tested by those it is for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.findings import Fact, Line, cut_quote
from crawler.resource_types import spaced

_MARK = re.compile(
    r"(?<![a-z])(?:falc|facile a lire(?: et a comprendre)?|eenvoudige taal|makkelijk (?:te )?le(?:esbaar|zen)|easy[- ]to[- ]read|easy read|klare taal|langage simplifie|taal voor allemaal)(?![a-z])"
)
_WRITTEN = re.compile(
    r"(?<![a-z])(?:en|version|versions|versie|versies|redige\w*|ecrit\w*|traduit\w*|disponible\w*|existe\w*|document\w*|brochure\w*|livret|guide|texte|geschreven|beschikbaar|bestaat|opgesteld|in|written|available|page|pagina|fiche\w*|logo)(?: \w+){0,4} (?:en |in |le )?$"
)
_NOT_ITSELF = re.compile(
    r"(?:adapter|adapt\w*|formation\w*|vorming\w*|ecrire|apprendre a|schrijven in|leren|besoin|manque|importance|idee|faut|devrai\w+|projet de|methode|regles|principes|atelier\w* d ecriture|traduire|vertalen|training)(?: \S+){0,6} ?$"
)
_TESTED = re.compile(
    r"(?<![a-z])(?:(?:re)?lue?s? par (?:des|les) (?:personnes|usager\w*|patient\w*|lecteur\w*)|(?:re)?lue?s? et (?:valide|corrige)\w* par|testee?s? (?:par|aupres)|validee?s? par des personnes|comite de lecture|testlezers|nagelezen door|getest (?:door|met|bij)|proofread by|tested (?:by|with)|checked by)(?![a-z])"
)


def find_easy_read(title: str, lines: Sequence[Line]) -> Fact[str] | None:
    """`written` or `tested`; None where the page does not say that the resource itself is easy to read."""
    for index, line in enumerate(lines):
        folded = spaced(line.text)
        for mark in _MARK.finditer(folded):
            before = folded[max(0, mark.start() - 70) : mark.start()]
            if _NOT_ITSELF.search(before):
                continue
            in_title = line.level > 0 and line.text.casefold() == title.casefold()
            if not (in_title or _WRITTEN.search(before) or len(line.text) < 40):
                continue
            around = " ".join(spaced(one.text) for one in lines[index : index + 2])
            value = "tested" if _TESTED.search(around) else "written"
            return Fact(
                value=value,
                quote=cut_quote(line.text, *mark.span()),
                place=line.place,
                confidence=0.85 if value == "tested" else 0.8,
            )
    return None
