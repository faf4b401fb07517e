"""The linguistics of French, Dutch and English, once for every engine: text → comparable forms.

Used alike on documents, on queries and on the terms of the thesaurus, so that what is equal for one is equal
for all. Forms never leave the index; people always see the original text.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from directory.text import Word, words
from directory.thesaurus import ConceptFinder, Found, thesaurus
from search.spelling import Vocabulary

#: Grows when the same text gives other forms than before: an index built by older rules is then rebuilt.
VERSION = 1

#: Words that say nothing about a need, folded. A query of nothing else still searches for them.
STOP_WORDS = frozenset(
    # French
    [
        "a",
        "afin",
        "ai",
        "alors",
        "apres",
        "as",
        "au",
        "aucun",
        "aussi",
        "autre",
        "aux",
        "avant",
        "avec",
        "avoir",
        "ca",
        "car",
        "ce",
        "ceci",
        "cela",
        "celle",
        "celles",
        "celui",
        "ces",
        "cet",
        "cette",
        "ceux",
        "chez",
        "ci",
        "comme",
        "comment",
        "dans",
        "de",
        "depuis",
        "des",
        "dois",
        "doit",
        "donc",
        "du",
        "elle",
        "elles",
        "en",
        "entre",
        "es",
        "est",
        "et",
        "etaient",
        "etait",
        "etant",
        "ete",
        "etre",
        "eu",
        "eux",
        "faire",
        "fait",
        "faut",
        "ici",
        "il",
        "ils",
        "j",
        "je",
        "l",
        "la",
        "le",
        "les",
        "leur",
        "leurs",
        "lors",
        "lui",
        "ma",
        "mais",
        "me",
        "meme",
        "mes",
        "moi",
        "mon",
        "ne",
        "ni",
        "nos",
        "notre",
        "nous",
        "on",
        "ont",
        "ou",
        "oui",
        "par",
        "pas",
        "peut",
        "peuvent",
        "plus",
        "pour",
        "pourquoi",
        "pouvez",
        "puis",
        "qu",
        "quand",
        "que",
        "quel",
        "quelle",
        "quelles",
        "quels",
        "qui",
        "quoi",
        "sa",
        "sans",
        "se",
        "sera",
        "ses",
        "si",
        "son",
        "sont",
        "sous",
        "sur",
        "ta",
        "te",
        "tes",
        "toi",
        "ton",
        "tous",
        "tout",
        "toute",
        "toutes",
        "tres",
        "tu",
        "un",
        "une",
        "va",
        "vais",
        "vers",
        "voici",
        "voir",
        "vos",
        "votre",
        "vous",
        "vu",
        "y",
        "aan",
        "al",
        "alle",
        "als",
        "bent",
        "bij",
        "daar",
        "dan",
        "dat",
        "de",
        "den",
        "der",
        "deze",
        "die",
        "dit",
        "doe",
        "doet",
        "door",
        "dus",
        "een",
        "eens",
        "er",
        "ge",
        "geen",
        "had",
        "heb",
        "hebben",
        "heeft",
        "hem",
        "het",
        "hier",
        "hij",
        "hoe",
        "hun",
        "iemand",
        "iets",
        "ik",
        "in",
        "is",
        "ja",
        "je",
        "jij",
        "jou",
        "jullie",
        "kan",
        "kunnen",
        "maar",
        "me",
        "meer",
        "men",
        "met",
        "mij",
        "mijn",
        "moet",
        "na",
        "naar",
        "niet",
        "niets",
        "nog",
        "nu",
        "of",
        "om",
        "omdat",
        "onder",
        "ons",
        "onze",
        "ook",
        "op",
        "over",
        "te",
        "tegen",
        "toch",
        "toen",
        "tot",
        "u",
        "uit",
        "uw",
        "van",
        "veel",
        "voor",
        "waar",
        "wat",
        "we",
        "wel",
        "welke",
        "wie",
        "wij",
        "wil",
        "word",
        "worden",
        "wordt",
        "zal",
        "ze",
        "zelf",
        "zich",
        "zij",
        "zijn",
        "zo",
        "zonder",
        "zou",
        "about",
        "an",
        "and",
        "are",
        "at",
        "be",
        "been",
        "but",
        "by",
        "can",
        "do",
        "does",
        "for",
        "from",
        "get",
        "has",
        "have",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "me",
        "my",
        "no",
        "not",
        "of",
        "on",
        "or",
        "our",
        "she",
        "should",
        "so",
        "that",
        "the",
        "their",
        "them",
        "there",
        "they",
        "this",
        "to",
        "us",
        "was",
        "what",
        "when",
        "where",
        "which",
        "who",
        "why",
        "will",
        "with",
        "you",
        "your",
    ]
)


def forms(text: str) -> list[Word]:
    """The words of a text with `folded` replaced by the comparable form. Linear time, never raises."""
    return [Word(normalise(word.folded), word.start, word.end) for word in words(text)]


@lru_cache(maxsize=65_536)
def normalise(folded: str) -> str:
    """The comparable form of a folded word: its plural ending taken off. Doing it twice changes nothing.

    French -s, -x, -aux → -al; Dutch 's and English -s alike. "ss" is no plural (stress); short words stay.
    """
    if len(folded) < 4 or folded.isdigit():
        return folded
    if folded.endswith("aux") and len(folded) > 4 and not folded.endswith("eaux"):
        return folded[:-3] + "al"
    stripped = folded.rstrip("sx")
    if folded[-1] in "sx" and not folded.endswith(("ss", "us", "is")) and len(stripped) >= 3:
        return stripped
    return folded


@cache
def concept_finder() -> ConceptFinder:
    """Finds the shipped concepts in text, by the forms of this module."""
    return ConceptFinder(thesaurus(), normalise)


def concepts_asked(text: str, text_words: Sequence[Word] | None = None) -> list[Found]:
    """The concepts of a query: a long term hides the shorter ones inside it ("soins palliatifs" hides "soins")."""
    return concept_finder().find(text, text_words)


def concepts_told(text: str) -> list[Found]:
    """The concepts of a document: the shorter terms inside longer ones count too, as their words do."""
    return concept_finder().find_all(text)


@cache
def concept_vocabulary() -> Vocabulary:
    """Every form that occurs in a term of the thesaurus: what a mistyped word may have meant."""
    return Vocabulary(
        {
            normalise(word.folded)
            for concept in thesaurus().values()
            for terms in concept.terms.values()
            for term in terms
            for word in words(term)
        }
    )
