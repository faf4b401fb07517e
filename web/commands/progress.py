"""How far a command is, on standard error: a bar on a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType

import click
from tqdm import tqdm

_LINE_EVERY_S = 5.0


class Counter:
    """Counts up to no known end. `with Counter("lines") as count: count(500)`."""

    def __init__(self, what: str) -> None:
        self._what, self._done, self._said_at = what, 0, time.monotonic()
        self._on_terminal = sys.stderr.isatty()
        self._bar = tqdm(desc=what, unit="", file=sys.stderr, disable=not self._on_terminal)

    def __enter__(self) -> Counter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()

    def __call__(self, more: int) -> None:
        self._done += more
        self._bar.update(more)
        if not self._on_terminal and time.monotonic() - self._said_at >= _LINE_EVERY_S:
            self._said_at = time.monotonic()
            click.echo(f"{self._done} {self._what}", err=True)
