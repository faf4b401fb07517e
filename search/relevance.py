"""What counts how much: the weights of a match, with their reasons. Data for every engine."""

from __future__ import annotations

from collections.abc import Mapping

#: Text fields of the index and the weight of a word found there. A title names the thing; keywords are what
#: people type; an organisation is often the whole query ("Brusano"); labels are the words of type, theme and
#: audience, which every such entry has, so they place a match but do not make it.
FIELD_WEIGHTS: Mapping[str, float] = {
    "title": 4.0,
    "keywords": 3.0,
    "organisations": 2.5,
    "summary": 1.6,
    "description": 0.8,
    "labels": 0.8,
}

#: The same for concepts: meant by the title or keywords, by the text, or by type, theme and audience.
CONCEPT_WEIGHTS: Mapping[str, float] = {"title_concepts": 4.0, "text_concepts": 1.6, "label_concepts": 0.8}

#: A synonym or a translation is worth a little less than the very word.
SYNONYM_FACTOR = 0.8
#: An unfinished word may go on in any way; engines score such matches flat, so this is an absolute score.
PREFIX_SCORE = 1.5
#: A mistyped word, likewise; it only counts where nobody writes it so.
TYPO_SCORE = 2.0
#: Of the other fields' scores, this much is added to the best one: found in title and summary beats title.
TIE_BREAKER = 0.3

#: A search first asks for every need; with fewer hits than a page of ten it asks for one need less…
ENOUGH_HITS = 10
#: …but never for less than this share of them.
REQUIRED_SHARE = 0.2
