"""The settings: one frozen value, read from the environment once, at the entry point."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from directory.errors import SettingError


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an operator chooses. Everything else takes this value, or a part of it, as an argument."""

    data_dir: Path = Path("var")  #: SENNE_DATA_DIR: database, index and secret live here
    database_url: str | None = None  #: SENNE_DATABASE_URL; None means SQLite in data_dir
    port: int = 8000  #: SENNE_PORT
    base_url: str | None = None  #: SENNE_BASE_URL, without final slash; None means http://127.0.0.1:{port}
    secret_key: str | None = None  #: SENNE_SECRET_KEY; None means one made once in data_dir
    widget_origins: tuple[str, ...] = ()  #: SENNE_WIDGET_ORIGINS: origins that may frame /widget/*

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Read `SENNE_*`; an empty variable counts as absent. Raises SettingError naming the variable."""

        def text(name: str) -> str | None:
            return environ.get(name, "").strip() or None

        return cls(
            data_dir=Path(text("SENNE_DATA_DIR") or "var").absolute(),
            database_url=text("SENNE_DATABASE_URL"),
            port=_port(text("SENNE_PORT")),
            base_url=_origin("SENNE_BASE_URL", text("SENNE_BASE_URL"), path=True),
            secret_key=text("SENNE_SECRET_KEY"),
            widget_origins=tuple(
                filter(
                    None,
                    (
                        _origin("SENNE_WIDGET_ORIGINS", origin)
                        for origin in (text("SENNE_WIDGET_ORIGINS") or "").replace(",", " ").split()
                    ),
                )
            ),
        )

    @property
    def sqlalchemy_url(self) -> str:
        """The database's address for SQLAlchemy."""
        return self.database_url or f"sqlite:///{self.data_dir / 'senne.sqlite3'}"

    @property
    def public_url(self) -> str:
        """The address readers use, without final slash."""
        return self.base_url or f"http://127.0.0.1:{self.port}"

    @property
    def index_dir(self) -> Path:
        """Where the embedded engine keeps its generations."""
        return self.data_dir / "index"

    def load_secret_key(self) -> str:
        """The configured key, or one made once in the data folder, mode 0600. Safe against two first starts."""
        if self.secret_key:
            return self.secret_key
        path = self.data_dir / "secret_key"
        self.data_dir.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            draft = path.with_name(f"secret_key.{os.getpid()}")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(48))
            try:
                os.link(draft, path)  # fails where another process was first: its key counts
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return path.read_text().strip()


def _port(value: str | None) -> int:
    if value is None:
        return Settings.port
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= 65535:
        raise SettingError("SENNE_PORT", f"{value!r} is not a port; give a number from 1 to 65535.")
    return int(value)


def _origin(variable: str, value: str | None, *, path: bool = False) -> str | None:
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        valid = False
    if not valid or parts.query or parts.fragment or parts.username or (not path and parts.path.strip("/")):
        raise SettingError(variable, f"{value!r} is not an address such as https://senne.example.")
    return value.rstrip("/")
