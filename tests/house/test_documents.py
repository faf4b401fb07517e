"""README, CONTRIBUTING and docs/ tell the truth: what they name exists, and what exists is named."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
PACKAGES = ("directory", "search", "crawler", "web")
#: kept by the design for what is being built; README says so in one sentence
PLANNED = re.compile(r"^These names are kept for what is being built: (.*?\.)\s*$", re.M | re.S)


def text_of(name: str) -> str:
    """A document of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text: str) -> list[str]:
    """What stands in a document's fenced blocks."""
    return re.findall(r"^```\w*\n(.*?)^```", text, re.M | re.S)


def prose(text: str) -> str:
    """A document without its fenced blocks."""
    return re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)


@pytest.fixture(scope="module")
def cli() -> click.Group:
    """The `senne` command with all its commands."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["senne", "--help"])
        from web import commands

        with pytest.raises(SystemExit) as ended:
            commands.main()
    assert ended.value.code == 0
    return commands.cli


def find_command(cli: click.Group, words: list[str]) -> tuple[click.Command | None, list[str]]:
    """The command that words name, and the words after its name."""
    command: click.Command = cli
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.commands.get(words[0])
        if found is None:
            return None, words
        command, words = found, words[1:]
    return command, words


def test_the_first_thing_in_the_readme_is_the_two_commands_then_a_picture() -> None:
    first = blocks(text_of("README.md"))[0]
    assert [line.split("#")[0].strip() for line in first.splitlines()] == ["make run", "make test"]
    assert "](docs/images/" in text_of("README.md").split("```")[2].strip().splitlines()[0]


def test_every_command_of_the_readme_exists_and_every_command_is_in_it(cli: click.Group) -> None:
    listed = set(re.findall(r"^\| `senne ([\w-]+)` \|", text_of("README.md"), re.M))
    assert listed == set(cli.commands)


def test_the_parts_of_a_command_that_the_readme_names_exist(cli: click.Group) -> None:
    for name, does in re.findall(r"^\| `senne ([\w-]+)` \| (.*) \|$", text_of("README.md"), re.M):
        command = cli.commands[name]
        if isinstance(command, click.Group):
            named = [word for word in re.findall(r"`([a-z-]+)`", does) if " " not in word]
            assert not set(named) - set(command.commands), name


def examples() -> Iterator[tuple[str, str]]:
    """Every line of a block, and every piece of code in the text, that calls `senne`."""
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        lines = [line for block in blocks(text) for line in block.splitlines()]
        for line in [*lines, *re.findall(r"`([^`\n]+)`", prose(text))]:
            call = re.search(r"(?:^|/bin/|\s(?=senne senne ))(?:senne )?senne( [a-z].*)?$", line.split("#")[0].strip())
            if call and call[1] and not line.lstrip().startswith("docker run --detach"):
                yield path.name, call[1].strip()


def test_every_example_of_the_command_is_one_that_the_command_takes(cli: click.Group) -> None:
    wrong, seen = [], 0
    for name, line in examples():
        command, rest = find_command(cli, shlex.split(line))
        known = {option for parameter in (command.params if command else []) for option in parameter.opts}
        unknown = [word for word in rest if word.startswith("--") and word != "--help" and word not in known]
        seen += 1
        if command is None or unknown:
            wrong.append(f"{name}: senne {line}")
    assert seen > 10
    assert not wrong


def test_every_setting_in_the_code_is_in_the_readme_and_the_other_way_round() -> None:
    read = {
        name
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for name in re.findall(r"\bSENNE_[A-Z_]+\b", path.read_text(encoding="utf-8"))
    }
    readme = text_of("README.md")
    planned = PLANNED.search(readme)
    listed = set(re.findall(r"^\| `(SENNE_[A-Z_]+)` \|", readme, re.M))
    assert listed == read
    assert not listed & set(re.findall(r"SENNE_[A-Z_]+", planned[1] if planned else ""))


def test_every_make_target_that_a_document_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.M))
    named: set[str] = set()
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        code = [*re.findall(r"`([^`\n]+)`", prose(text)), *blocks(text)]
        named |= set(re.findall(r"^make (?:-C \S+ )?([a-z][a-z-]*)", "\n".join(code), re.M))
    assert {"run", "test", "check", "lock"} <= named
    assert not named - targets


def links() -> Iterator[tuple[Path, str]]:
    """Every link to a file of the repository."""
    for path in DOCUMENTS:
        for target in re.findall(r"\]\(([^)\s]+)\)", prose(path.read_text(encoding="utf-8"))):
            if "://" not in target and not target.startswith(("#", "mailto:")):
                yield path, target


@pytest.mark.parametrize(
    ("document", "target"), [pytest.param(*link, id=f"{link[0].name}-{link[1]}") for link in links()]
)
def test_every_link_leads_to_a_file(document: Path, target: str) -> None:
    assert (document.parent / target.split("#")[0]).exists()


def test_every_file_that_contributing_names_exists() -> None:
    tables = [line for line in text_of("CONTRIBUTING.md").splitlines() if line.startswith("|")]
    named = [name for line in tables for name in re.findall(r"`([\w./*-]+/[\w.*-]*|[\w-]+\.(?:md|toml|py))`", line)]
    missing = [name for name in named if not any(ROOT.glob(name)) and not any(ROOT.glob(f"*/{name}"))]
    assert len(named) > 40
    assert not missing


def test_no_secret_file_is_ever_committed(tracked: list[Path]) -> None:
    secret = {".env", "var/secret_key"}
    names = [str(path.relative_to(ROOT)) for path in tracked]
    command = ["git", "check-ignore", *secret]
    ignored = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert set(ignored.stdout.split()) == secret
    assert not secret & set(names)
