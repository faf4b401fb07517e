"""What counts how much: the weights of a match, with their reasons. Data for every engine.

A need gives a document at most 1 × its rarity; how near it comes to 1 is said here. A title names the thing.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Text fields of the index and the weight of a word found there. Keywords are what people type; an organisation
#: is often the whole query ("Brusano"); labels are the words of type, theme and audience, which every such entry
#: has, so they place a match but do not make it.
FIELD_WEIGHTS: Mapping[str, float] = {
    "title": 1.0,
    "keywords": 0.9,
    "organisations": 0.8,
    "summary": 0.6,
    "description": 0.3,
    "labels": 0.3,
}

#: The same for concepts: meant by the title or keywords, by the text, or by type, theme and audience. A synonym or
#: a translation is worth a little less than the very word.
CONCEPT_WEIGHTS: Mapping[str, float] = {"title_concepts": 0.9, "text_concepts": 0.65, "label_concepts": 0.55}

#: The same for relatives of a word and parts of a compound: less again, they may be strangers.
KIN_WEIGHTS: Mapping[str, float] = {"title_kin": 0.65, "text_kin": 0.4}

#: A word by itself of a term of several words ("soins" of "soins palliatifs").
PARTIAL_FACTOR = 0.3
#: A word that nearly every entry could be called by ("aide", "service"), beside one that is as rare but says more.
COMMON_FACTOR = 0.5
#: In a sentence, a word that is no subject of ours says less than one that is, however rare it is ("sort", "man"): its
#: rarity is that of a word of everyday language in a small catalogue. A sentence asks for so many things or more.
PLAIN_FACTOR, SENTENCE_NEEDS = 0.6, 3
#: People who may need anything ("ma mère", "un jeune"), beside what they need: the concepts that would lift the themes
#: of children and of birth for a mother who is 80.
PEOPLE = frozenset({"parents", "children", "families", "young_people", "older_people", "school"})
PEOPLE_FACTOR = 0.5
#: Whom it is for: entries for everybody suit them too.
AUDIENCE_FACTOR = 0.4
#: What is offered in the basin that the text names.
BASIN_FACTOR = 0.5
#: An unfinished word may go on in any way.
PREFIX_FACTOR = 0.6
#: A mistyped word; it only counts where nobody writes it so.
TYPO_FACTOR = 0.7
#: Of the other fields' scores, this much is added to the best one: found in title and summary beats title.
TIE_BREAKER = 0.2
#: A document of the theme that a need belongs to.
THEME_FACTOR = 0.45
#: The themes of the first hits say what the query is about; the rest should share them (pseudo-relevance feedback).
FEEDBACK_FACTOR, FEEDBACK_HITS = 0.5, 10
#: Among more hits than this the first ones share a subject anyway, and a second search costs too much.
FEEDBACK_MOST = 500
#: A document in the reader's language, of the whole of what is asked.
LANGUAGE_FACTOR = 0.2

#: The tools that a misconception names, when a text says it: before what merely has the same words…
TOOL_LIFT = 1.0
#: …then what deals with misconceptions of its theme.
DEALING_LIFT = 0.7

#: A search first asks for every need; with fewer hits than a page of ten it asks for one need less…, down to one.
ENOUGH_HITS = 10

#: What the catalogue can meet at all must be this share of what is asked, by worth, unless it is a subject of ours.
MIN_COVERAGE = 0.5
#: What people look for elsewhere must be met nearly in full, subject or not.
ELSEWHERE_COVERAGE = 0.8
#: Entries of a theme stand in for a subject that none of them treats only where it is half of what is asked.
THEME_COVERAGE = 0.5
