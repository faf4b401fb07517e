"""People with accounts, and browsers of theirs, for the tests of curation."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory import accounts
from web.curation.login import RESET_THREAD
from web.wiring import Services, get_services

PASSWORD = "une rivière sous la ville"
ORIGIN = {"Origin": "https://senne.example"}
TOKEN = re.compile(r'name="token" value="([^"]+)"')


@dataclass
class Clock:
    """What time it is for the app."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 25, 9, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **time: float) -> None:
        """Let time pass."""
        self.at += timedelta(**time)


@dataclass
class Browser:
    """One person's browser. Forms go out with the token of the page that they were on."""

    client: FlaskClient
    lang: str = "fr"

    def get(self, path: str, **options: Any) -> TestResponse:
        """A page; `path` after /{lang}/curation/."""
        return self.client.get(self._address(path), **options)

    def post(self, path: str, on: str | None = None, **values: Any) -> TestResponse:
        """A form that stands on the page `on` (the login page where None is given)."""
        page = self.get(on or "connexion", follow_redirects=True)
        found = TOKEN.search(page.text)
        assert found, page.text
        data = {"token": found[1], **values}
        return self.client.post(self._address(path), data=data, headers=ORIGIN)

    def log_in(self, email: str, password: str = PASSWORD, **values: Any) -> TestResponse:
        """By the form."""
        return self.post("connexion", email=email, password=password, **values)

    def _address(self, path: str) -> str:
        return path if path.startswith("/") else f"/{self.lang}/curation/{path}"


@dataclass
class Desk:
    """An app with its clock."""

    app: Flask
    clock: Clock

    def close(self) -> None:
        """Give back its connections, once the mails that it sends beside are on their way."""
        for thread in threading.enumerate():
            if thread.name == RESET_THREAD:
                thread.join()
        self.services.database.close()

    @property
    def services(self) -> Services:
        with self.app.app_context():
            return get_services()

    def add(self, email: str, role: str = "curator", basins: tuple[str, ...] = (), name: str = "Alice") -> str:
        """A person with the password above."""
        with self.services.database.write() as session:
            row = accounts.add_account(
                session, email=email, name=name, role=role, basins=basins, language="fr", by="tests"
            )
            accounts.set_password(session, row, PASSWORD)
        return email

    def browser(self, email: str | None = None, lang: str = "fr") -> Browser:
        """A fresh browser; logged in where an address is given."""
        made = Browser(self.app.test_client(), lang)
        made.client.environ_base["HTTP_HOST"] = "senne.example"
        made.client.environ_base["wsgi.url_scheme"] = "https"
        if email:
            assert made.log_in(email).status_code == 303
        return made
