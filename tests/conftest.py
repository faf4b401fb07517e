"""What tests of every folder may ask for: databases of both kinds, compiled translations; and what was left out.

PostgreSQL's programs are taken from the folder SENNE_POSTGRESQL_BIN, else from the path, else from Debian's place for
them. Where there are none the tests that need them are skipped, unless SENNE_REQUIRE_POSTGRESQL=1: then they fail.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from itertools import count
from pathlib import Path

import pytest
from babel.messages.frontend import CommandLineInterface

from directory.database import Database

#: kind of test (a marker of pyproject.toml) → how to have those that were left out
WAYS = {
    "browser": "install Chromium (Debian: apt-get install chromium libatomic1), or name it in SENNE_CHROMIUM",
    "postgresql": "install PostgreSQL's server (Debian: apt-get install postgresql), or name its folder in "
    "SENNE_POSTGRESQL_BIN",
    "meilisearch": "start a Meilisearch and name it in SENNE_MEILI_URL",
    "long": "make check-long",
}
ACCOUNT = "postgres"  #: the account that runs the server where the tests run as root, which PostgreSQL refuses


@pytest.fixture(scope="session", autouse=True)
def translations() -> None:
    """Compiles the interface's texts that changed since they were last compiled."""
    for source in Path(str(files("web").joinpath("translations"))).glob("*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            CommandLineInterface().run(["pybabel", "--quiet", "compile", "-i", str(source), "-o", str(compiled)])


@dataclass(frozen=True)
class PostgreSQL:
    """A running server of our own, on loopback. `url` has no final slash and no database."""

    url: str
    databases: Iterator[int]

    def execute(self, statement: str) -> None:
        """Runs one statement outside a transaction."""
        import psycopg  # an extra: runtime installs do without it

        with psycopg.connect(f"{self.url}/postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSQL]:
    """One server for all tests, in a folder of its own; gone when they end."""
    programs, missing = find_programs()
    if programs is None:
        if os.environ.get("SENNE_REQUIRE_POSTGRESQL") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    folder = Path(tempfile.mkdtemp(prefix="senne-postgresql-"))  # pytest's own is closed to other accounts
    try:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        password = secrets.token_hex(16)
        (folder / "password").write_text(password, encoding="ascii")
        if os.geteuid() == 0:
            for path in (folder, folder / "password"):
                shutil.chown(path, ACCOUNT, ACCOUNT)
        data = folder / "data"
        run(programs / "initdb", "-D", data, "-U", ACCOUNT, "-A", "scram-sha-256", f"--pwfile={folder / 'password'}",
            "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")  # fmt: skip
        options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} "
            "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=200"
        )
        run(programs / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", folder / "log", "-o", options, "start")
        try:
            yield PostgreSQL(f"postgresql://{ACCOUNT}:{password}@127.0.0.1:{port}", count(1))
        finally:
            run(programs / "pg_ctl", "-D", data, "-w", "-m", "fast", "stop")
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def postgresql_url(postgresql_server: PostgreSQL) -> Iterator[str]:
    """The address of a fresh, empty PostgreSQL database."""
    name = f"senne_test_{next(postgresql_server.databases)}"
    postgresql_server.execute(f"CREATE DATABASE {name}")
    yield f"{postgresql_server.url}/{name}"
    postgresql_server.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Emptied:
    """One migrated database for test after test: deleting the rows takes a millisecond, a database of its own a second."""

    def __init__(self, url: str) -> None:
        import psycopg

        database = Database(url)
        database.migrate()
        database.close()
        self._url = url
        self._connection = psycopg.connect(url, autocommit=True)
        find = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
        tables = [row[0] for row in self._connection.execute(find) if row[0] != "alembic_version"]
        version = self._connection.execute("SELECT version_num FROM alembic_version").fetchone()
        assert version
        self._emptying = "; ".join(
            [
                "SET session_replication_role = replica",  # neither triggers nor foreign keys
                *(f"DELETE FROM {table}" for table in tables),
                "SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'",
                f"UPDATE alembic_version SET version_num = '{version[0]}'",
            ]
        )

    def url(self) -> str:
        """Its address, once it is empty; whoever is still connected from the test before is cut off."""
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        self._connection.execute(cut)
        self._connection.execute(self._emptying.encode())
        return self._url

    def close(self) -> None:
        """Its server is about to stop."""
        self._connection.close()


@pytest.fixture(scope="session")
def emptied_postgresql(postgresql_server: PostgreSQL) -> Iterator[Emptied]:
    """The database that tests share one after the other."""
    postgresql_server.execute("CREATE DATABASE senne_emptied")
    emptied = Emptied(f"{postgresql_server.url}/senne_emptied")
    yield emptied
    emptied.close()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("migrated") / "catalogue.sqlite3"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.close()
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, migrated_file: Path) -> str:
    """The address of a migrated, empty database of either kind; of SQLite it is that of `Settings(data_dir=tmp_path)`."""
    if request.param == "sqlite":
        path = tmp_path / "senne.sqlite3"
        shutil.copy(migrated_file, path)
        return f"sqlite:///{path}"
    emptied: Emptied = request.getfixturevalue("emptied_postgresql")
    return emptied.url()


def find_programs() -> tuple[Path | None, str]:
    """The folder of PostgreSQL's programs, or None and a sentence that says what is missing."""
    named = os.environ.get("SENNE_POSTGRESQL_BIN")
    on_path = shutil.which("initdb") or shutil.which("pg_ctl")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    found = Path(named) if named else Path(on_path).resolve().parent if on_path else None
    place = found or (debian[-1] if debian else None)
    if place is None or not all((place / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
        return None, f"PostgreSQL's server is missing: {WAYS['postgresql']}."
    if os.geteuid() == 0:
        try:
            pwd.getpwnam(ACCOUNT)
        except KeyError:
            return None, f"PostgreSQL does not run as root, and there is no account {ACCOUNT} to run it."
    return place, ""


def run(*command: str | Path) -> None:
    """Runs one of PostgreSQL's programs, not as root; a failure shows what it said."""
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["runuser", "-u", ACCOUNT, "--", *words]
    # Output goes to a file: the server that pg_ctl leaves behind would hold a pipe open.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/", check=False)
        output.seek(0)
        assert done.returncode == 0, f"{' '.join(words)}:\n{output.read()}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says which kinds of tests were left out, and how to have them."""
    left_out: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        left_out.update(kind for kind in WAYS if kind in report.keywords)
    for item in terminalreporter.stats.get("deselected", []):
        left_out.update(kind for kind in ("long",) if item.get_closest_marker(kind))
    for kind, number in sorted(left_out.items()):
        terminalreporter.write_line(f"Left out: {number} {kind} test(s). To have them: {WAYS[kind]}.", yellow=True)
