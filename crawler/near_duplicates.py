"""Texts that say nearly the same: 64-bit simhash over three-word runs.

Source: Charikar 2002, "Similarity estimation techniques from rounding algorithms". Different articles are 17 bits
apart at least, an added sentence or two moves 3 bits on average: within MAX_DISTANCE the texts are one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from directory.text import words

MAX_DISTANCE = 6
MIN_WORDS = 40  #: shorter texts are too alike by chance
_RUN = 3


def simhash(text: str) -> int | None:
    """The fingerprint of a text; None where it is too short to tell."""
    return simhash_of([word.folded for word in words(text)])


def simhash_of(spoken: Sequence[str]) -> int | None:
    """The same of a text that is given as its folded words."""
    if len(spoken) < MIN_WORDS:
        return None
    runs = {" ".join(spoken[first : first + _RUN]) for first in range(len(spoken) - _RUN + 1)}
    digests = b"".join(hashlib.blake2b(run.encode(), digest_size=8).digest() for run in runs)
    bits = np.unpackbits(np.frombuffer(digests, dtype=np.uint8).reshape(-1, 8), axis=1)
    return int.from_bytes(np.packbits(2 * bits.sum(axis=0, dtype=np.int64) > len(runs)).tobytes(), "big")


def distance(first: int, second: int) -> int:
    """How many bits two fingerprints differ in, 0 to 64."""
    return (first ^ second).bit_count()
