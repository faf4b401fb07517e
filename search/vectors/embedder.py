"""What turns a text into a vector, whichever model does it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]  #: (dimensions,), of length 1
Matrix = NDArray[np.float32]  #: (texts, dimensions), rows of length 1


class Embedder(Protocol):
    """A sentence model. Vectors have length 1, so that their dot product is their cosine.

    Texts may hold anything a person can type; what is too long is cut. Safe to use from several threads.
    """

    @property
    def name(self) -> str:
        """Of the model, for people."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    @property
    def model_version(self) -> str:
        """Vectors of different versions cannot be compared. Raises EmbedderAbsent."""

    def load(self) -> None:
        """Make it ready; repeating it costs nothing. Raises EmbedderAbsent, EmbedderUnavailable."""

    def embed_query(self, text: str) -> Vector:
        """The vector of what someone looks for. Loads first where needed; raises as `load` does."""

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """The vectors of texts that can be found, in their order. Loads first where needed; raises as `load` does."""
