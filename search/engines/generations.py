"""Index generations on disk: each rebuild fills a new folder, and one small file says which one counts.

index/identity        under which this folder follows the outbox
index/current         name of the generation in use, replaced in one step
index/v1-…-…/         a generation
index/broken-…/       one that could not be trusted, kept for whoever wants to know why
"""

from __future__ import annotations

import os
import secrets
import shutil
import uuid
from pathlib import Path

_KEEP_BROKEN = 1


class Generations:
    """The folder of generations; `layout` is what a trusted generation's name starts with, `kind` what its own does."""

    def __init__(self, folder: Path, layout: str, kind: str = "embedded") -> None:
        self.folder, self.layout, self._kind = folder, layout, kind
        self._pointer = folder / "current"

    def identity(self) -> str:
        """A name for this folder, made once; a copy or a fresh folder of another machine has another one."""
        path = self.folder / "identity"
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            draft = self.folder / f"identity.{secrets.token_hex(4)}"
            draft.write_text(f"{self._kind}-{uuid.uuid4().hex[:12]}")
            try:
                os.link(draft, path)
            except FileExistsError:
                pass  # another process was first: its name counts
            finally:
                draft.unlink()
        return path.read_text()

    def current(self) -> Path | None:
        """The generation in use; None where there is none, or it was laid out by other rules."""
        try:
            name = self._pointer.read_text()
        except FileNotFoundError:
            return None
        path = self.folder / name
        return path if name.startswith(f"{self.layout}-") and path.parent == self.folder and path.is_dir() else None

    def pointer_state(self) -> tuple[int, int] | None:
        """Changes whenever another generation is switched to; costs one look at the disk."""
        try:
            state = self._pointer.stat()
        except FileNotFoundError:
            return None
        return state.st_ino, state.st_mtime_ns

    def create(self) -> Path:
        """An empty folder for the next generation."""
        path = self.folder / f"{self.layout}-{secrets.token_hex(6)}"
        path.mkdir(parents=True)
        return path

    def switch_to(self, generation: Path) -> None:
        """Make a filled generation the one in use, in one step that survives a power cut; tidy up the others."""
        previous = self.current()
        draft = self._pointer.with_name(f"current.{secrets.token_hex(4)}")
        with draft.open("w") as file:
            file.write(generation.name)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._pointer)
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self._tidy(keep={generation, previous})

    def set_aside(self, generation: Path) -> None:
        """Take a generation that cannot be trusted out of use, but keep it to look at."""
        generation.rename(self.folder / f"broken-{secrets.token_hex(6)}")

    def _tidy(self, keep: set[Path | None]) -> None:
        """Delete what is not in use. The generation before stays: a reader may be about to open it."""
        folders = [path for path in self.folder.iterdir() if path.is_dir() and path not in keep]
        broken = sorted((path for path in folders if path.name.startswith("broken-")), key=lambda p: p.stat().st_mtime)
        for path in {*folders} - {*broken[-_KEEP_BROKEN:]}:
            shutil.rmtree(path, ignore_errors=True)
