"""The settings: one frozen value, read from the environment once, at the entry point."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from directory.errors import SettingError

#: Host and port as they may stand in a header (widget origins do, in Content-Security-Policy).
_AUTHORITY = re.compile(r"([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?", re.ASCII)
_NO_PATH = re.compile("/?")
_PATH = re.compile(r"(/[A-Za-z0-9._~-]*)*", re.ASCII)
_INDEX = re.compile("[A-Za-z0-9_-]{1,200}", re.ASCII)  #: Meilisearch's alphabet; a rebuild adds a few characters
_KEY = re.compile("[!-~]{1,1000}", re.ASCII)  #: what an HTTP header carries


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an operator chooses. Everything else takes this value, or a part of it, as an argument."""

    data_dir: Path = Path("var")  #: SENNE_DATA_DIR: database, index and secret live here
    database_url: str | None = None  #: SENNE_DATABASE_URL; None means SQLite in data_dir
    port: int = 8000  #: SENNE_PORT
    base_url: str | None = None  #: SENNE_BASE_URL, without final slash; None means http://127.0.0.1:{port}
    secret_key: str | None = None  #: SENNE_SECRET_KEY; None means one made once in data_dir
    widget_origins: tuple[str, ...] = ()  #: SENNE_WIDGET_ORIGINS: origins that may frame /widget/*
    vectors: bool = False  #: SENNE_VECTORS: search by meaning, where its part is installed; the environment says on

    meili_url: str | None = None  #: SENNE_MEILI_URL, without final slash; None means the embedded engine alone
    meili_key: str | None = field(default=None, repr=False)  #: SENNE_MEILI_KEY; None for a server without keys
    meili_index: str = "senne"  #: SENNE_MEILI_INDEX

    smtp_url: str | None = field(default=None, repr=False)  #: SENNE_SMTP_URL, smtp(s)://user:password@host:port
    mail_from: str | None = None  #: SENNE_MAIL_FROM: the address that mail comes from; needed with smtp_url

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Read `SENNE_*`; an empty variable counts as absent. Raises SettingError naming the variable."""

        def text(name: str) -> str | None:
            return environ.get(name, "").strip() or None

        return cls(
            data_dir=Path(text("SENNE_DATA_DIR") or "var").absolute(),
            database_url=text("SENNE_DATABASE_URL"),
            port=_port(text("SENNE_PORT")),
            base_url=_address("SENNE_BASE_URL", base, _PATH) if (base := text("SENNE_BASE_URL")) else None,
            secret_key=text("SENNE_SECRET_KEY"),
            widget_origins=tuple(
                _address("SENNE_WIDGET_ORIGINS", origin, _NO_PATH)
                for origin in (text("SENNE_WIDGET_ORIGINS") or "").replace(",", " ").split()
            ),
            meili_url=_address("SENNE_MEILI_URL", url, _PATH) if (url := text("SENNE_MEILI_URL")) else None,
            meili_key=_meili_key(text("SENNE_MEILI_KEY")),
            meili_index=_meili_index(text("SENNE_MEILI_INDEX")),
            smtp_url=_smtp(text("SENNE_SMTP_URL"), text("SENNE_MAIL_FROM")),
            mail_from=text("SENNE_MAIL_FROM"),
            vectors=_switch("SENNE_VECTORS", text("SENNE_VECTORS"), default=True),
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
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                _make_secret(path)
            key = path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingError("SENNE_DATA_DIR", f"the secret key {path} cannot be kept there: {error}.") from error
        if not key:
            raise SettingError("SENNE_DATA_DIR", f"the secret key {path} is empty; delete the file to have a new one.")
        return key


def _make_secret(path: Path) -> None:
    """Write a new key, whole or not at all; where another process was first, its key stays."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix="secret_key.")  # mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        Path(draft).unlink()


def _port(value: str | None) -> int:
    if value is None:
        return Settings.port
    if not re.fullmatch(r"[0-9]{1,5}", value, re.ASCII) or not 1 <= int(value) <= 65535:
        raise SettingError("SENNE_PORT", f"{value!r} is not a port; give a number from 1 to 65535.")
    return int(value)


def _meili_key(value: str | None) -> str | None:
    if value is not None and not _KEY.fullmatch(value):
        raise SettingError("SENNE_MEILI_KEY", "a key holds no spaces and no accents.")  # never show it
    return value


def _meili_index(value: str | None) -> str:
    if value is None:
        return Settings.meili_index
    if not _INDEX.fullmatch(value):
        raise SettingError("SENNE_MEILI_INDEX", f"{value[:80]!r} is no name of an index; use letters, digits, - and _.")
    return value


def _smtp(value: str | None, sender: str | None) -> str | None:
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        valid = parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:  # never show it: it may hold a password
        raise SettingError(
            "SENNE_SMTP_URL", "give the mail server as smtp://host:25 or smtps://user:password@host:465."
        )
    if sender is None or not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", sender):
        raise SettingError("SENNE_MAIL_FROM", "give the address that mail comes from, such as senne@example.org.")
    return value


def _switch(variable: str, value: str | None, *, default: bool) -> bool:
    if value is None:
        return default
    if value.lower() not in {"on", "off"}:
        raise SettingError(variable, f"{value!r} is neither on nor off.")
    return value.lower() == "on"


def _address(variable: str, value: str, path: re.Pattern[str]) -> str:
    """The address without final slash. Raises SettingError."""
    try:
        parts = urlsplit(value)
        valid = parts.scheme in {"http", "https"} and bool(_AUTHORITY.fullmatch(parts.netloc)) and parts.port != 0
    except ValueError:
        valid = False
    if not valid or "?" in value or "#" in value or not path.fullmatch(parts.path):
        raise SettingError(variable, f"{value!r} is not an address such as https://senne.example.")
    return value.rstrip("/")
