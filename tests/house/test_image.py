"""The image: what Dockerfile promises, and that its steps do what they should, without Docker."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

ROOT = Path(__file__).parents[2]
PACKAGES = ("directory", "search", "crawler", "web")
#: used by those who develop, not by those who run
NOT_SHIPPED = {"directory/migrations/script.py.mako"}


@pytest.fixture(scope="module")
def stages() -> list[list[str]]:
    """The instructions of each stage, one line each."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = [line for line in re.sub(r"\\\n\s*", "", text).splitlines() if line and not line.startswith("#")]
    starts = [number for number, line in enumerate(lines) if line.startswith("FROM ")]
    return [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]


def argument(stage: list[str], instruction: str) -> str:
    """What follows an instruction that stands once in a stage."""
    (line,) = [line for line in stage if line.startswith(f"{instruction} ")]
    return line.removeprefix(f"{instruction} ").strip()


def test_both_stages_start_from_one_python_with_its_version(stages: list[list[str]]) -> None:
    bases = {stage[0].split()[1] for stage in stages}
    assert len(stages) == 2
    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.11[\w.-]*-slim[\w.-]*", bases.pop())


def test_it_runs_as_an_account_of_its_own(stages: list[list[str]]) -> None:
    last = stages[-1]
    user = argument(last, "USER")
    assert any(line.startswith("RUN useradd") and line.endswith(f" {user}") for line in last)
    after = last[next(i for i, line in enumerate(last) if line.startswith("USER ")) :]
    assert not [line for line in after if line.startswith(("RUN", "COPY", "ADD"))]


def test_what_runs_has_no_installer_or_source_tree(stages: list[list[str]]) -> None:
    copies = [line for line in stages[-1] if line.startswith(("COPY", "ADD"))]
    assert copies == ["COPY --from=build /opt/senne /opt/senne"]
    assert not re.search(r"apt-get|pip|uv |gcc|build-essential", " ".join(stages[-1]))
    assert any("venv --without-pip /opt/senne" in line for line in stages[0])


def test_data_is_kept_outside_the_container(stages: list[list[str]]) -> None:
    assert f"SENNE_DATA_DIR={argument(stages[-1], 'VOLUME')}" in argument(stages[-1], "ENV")


def test_the_program_gets_the_signals_itself(stages: list[list[str]]) -> None:
    assert json.loads(argument(stages[-1], "ENTRYPOINT")) == ["senne"]
    assert json.loads(argument(stages[-1], "CMD"))[0] == "serve"


def check_health(stages: list[list[str]], port: int) -> int:
    """Runs the image's own health check against a port of this machine."""
    command = json.loads(argument(stages[-1], "HEALTHCHECK").split("CMD ", 1)[1])
    assert command[0] == "python"
    environment = {**os.environ, "SENNE_PORT": str(port)}
    return subprocess.run([sys.executable, *command[1:]], env=environment, capture_output=True, check=False).returncode


def test_its_health_check_tells_a_living_site_from_an_ill_one(stages: list[list[str]], httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request("/healthz").respond_with_json({"status": "ok"})
    httpserver.expect_ordered_request("/healthz").respond_with_data("", status=500)
    assert check_health(stages, httpserver.port) == 0
    assert check_health(stages, httpserver.port) != 0


def test_its_health_check_tells_when_nothing_answers(stages: list[list[str]], unused_port: int) -> None:
    assert check_health(stages, unused_port) != 0


@pytest.fixture
def unused_port() -> int:
    """A port that nobody listens on."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def allowed(name: str) -> bool:
    """Whether .dockerignore lets a file of the repository into the build."""
    kept = False
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        pattern = line.strip().removeprefix("!").removesuffix("/")
        if not pattern or line.startswith("#"):
            continue
        path = Path(name)
        anywhere = pattern.startswith("**/") and any(part.match(pattern[3:]) for part in (path, *path.parents))
        if pattern == "*" or anywhere or name == pattern or Path(pattern) in path.parents:
            kept = line.startswith("!")
    return kept


def test_the_build_sees_what_it_needs_and_no_more(tracked: list[Path]) -> None:
    names = {str(path.relative_to(ROOT)) for path in tracked if ROOT in path.parents}
    seen = {name for name in names if allowed(name)}
    tops = {name.split("/")[0] for name in seen}
    assert tops == {"LICENSE", "README.md", "pyproject.toml", "requirements", *PACKAGES}
    assert not allowed(".env")
    assert not allowed("var/senne.sqlite3")


@pytest.fixture(scope="module")
def wheel(tracked: list[Path], tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The files of Senne's wheel, built from a copy of what the image is built from."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for path in tracked:
        name = str(path.relative_to(ROOT))
        if allowed(name):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, source / name)
    for texts in source.glob("web/translations/*/LC_MESSAGES/messages.po"):
        shutil.copy(texts, texts.with_suffix(".mo"))  # stands for the compiled file: only its way into the wheel counts
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(source)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = out.glob("*.whl")
    return set(zipfile.ZipFile(path).namelist())


def test_the_wheel_holds_every_file_of_the_packages(wheel: set[str], tracked: list[Path]) -> None:
    ours = {str(path.relative_to(ROOT)) for path in tracked}
    ours = {name for name in ours if name.startswith(tuple(f"{package}/" for package in PACKAGES))} - NOT_SHIPPED
    assert len(ours) > 100
    assert not ours - wheel, "name the package, or its data, in pyproject.toml"


def test_the_wheel_holds_the_licence_and_the_compiled_translations(wheel: set[str]) -> None:
    assert any(name.endswith("licenses/LICENSE") for name in wheel)
    assert {name for name in wheel if name.endswith(".mo")} >= {
        f"web/translations/{language}/LC_MESSAGES/messages.mo" for language in ("fr", "nl")
    }
