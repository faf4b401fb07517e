"""docker-compose.yml: valid by the Compose Specification's own schema, healthy by design, and without a secret.

The schema (Apache-2.0, its licence beside it) is that of github.com/compose-spec/compose-spec, schema/compose-spec.json.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((Path(__file__).parent / "compose-spec" / "compose-spec.json").read_text(encoding="utf-8"))
SECRET = re.compile(r"(KEY|PASSWORD|SECRET|TOKEN)$")
REQUIRED = re.compile(r"\$\{[A-Z_]+:\?[^}]+\}")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The file as YAML reads it."""
    document: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return document


def is_one_shot(service: dict[str, Any]) -> bool:
    """It ends by itself, so nobody asks it for its health."""
    return bool(service.get("restart") == "no")


def test_it_follows_the_specification(compose: dict[str, Any]) -> None:
    errors = list(jsonschema.Draft202012Validator(SCHEMA).iter_errors(compose))
    assert not [f"{list(error.path)}: {error.message}" for error in errors]


def test_the_schema_would_notice_a_mistake(compose: dict[str, Any]) -> None:
    wrong = json.loads(json.dumps(compose))
    wrong["services"]["web"]["helthcheck"] = {"test": ["NONE"]}
    assert list(jsonschema.Draft202012Validator(SCHEMA).iter_errors(wrong))


def test_it_has_the_processes_that_operating_describes(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {"init", "web", "worker", "crawler", "postgresql", "meilisearch"}


def test_no_secret_stands_in_it(compose: dict[str, Any]) -> None:
    secrets = {
        f"{service}.{name}": value
        for service, parts in compose["services"].items()
        for name, value in parts.get("environment", {}).items()
        if SECRET.search(name)
    }
    assert len(secrets) >= 5
    assert not [name for name, value in secrets.items() if not REQUIRED.fullmatch(value)]


def test_every_setting_of_the_readme_reaches_senne(compose: dict[str, Any]) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    settings = set(re.findall(r"^\| `(SENNE_[A-Z_]+)` \|", readme, re.M))
    of_the_image = set(re.findall(r"\b(SENNE_[A-Z_]+)=", (ROOT / "Dockerfile").read_text(encoding="utf-8")))
    assert len(settings) > 10
    for name in ("init", "web", "worker"):
        assert set(compose["services"][name]["environment"]) == settings - of_the_image, name


def test_senne_is_sent_to_the_search_server_that_runs_beside_it(compose: dict[str, Any]) -> None:
    environment = compose["services"]["web"]["environment"]
    assert environment["SENNE_MEILI_URL"] == "http://meilisearch:7700"
    key, master = environment["SENNE_MEILI_KEY"], compose["services"]["meilisearch"]["environment"]["MEILI_MASTER_KEY"]
    assert key.startswith("${SENNE_MEILI_KEY:?")
    assert master.startswith("${MEILI_MASTER_KEY:?")


def test_no_password_stands_in_an_address(compose: dict[str, Any]) -> None:
    values = [value for parts in compose["services"].values() for value in parts.get("environment", {}).values()]
    passwords = [match[1] for value in values if (match := re.search(r"://[^:/\s]+:(.+)@", value))]
    assert passwords
    assert all(REQUIRED.fullmatch(password) for password in passwords)


def test_the_document_tells_every_variable_that_must_be_set(compose: dict[str, Any]) -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    must = set(re.findall(r"\$\{([A-Z_]+):\?", text))
    told = re.search(
        r"^cat > \.env <<END\n(.*?)^END$", (ROOT / "docs/operating.md").read_text(encoding="utf-8"), re.M | re.S
    )
    assert told
    assert {line.split("=")[0] for line in told[1].splitlines()} == must


def test_every_service_that_stays_says_how_it_is(compose: dict[str, Any]) -> None:
    image_has_one = "HEALTHCHECK" in (ROOT / "Dockerfile").read_text(encoding="utf-8")
    for name, service in compose["services"].items():
        if not is_one_shot(service):
            own = service.get("healthcheck", {}).get("test")
            assert own or (service.get("build") and image_has_one), name


def test_nothing_starts_before_what_it_needs_is_ready(compose: dict[str, Any]) -> None:
    for name in ("init", "web", "worker"):
        for needed, how in compose["services"][name]["depends_on"].items():
            ends = is_one_shot(compose["services"][needed])
            expected = "service_completed_successfully" if ends else "service_healthy"
            assert how["condition"] == expected, f"{name} → {needed}"


def test_data_outlives_its_container(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        volumes = [volume.split(":")[0] for volume in service.get("volumes", [])]
        assert volumes, name
        assert set(volumes) <= set(compose["volumes"]), name


def test_images_are_named_with_their_version(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        if "build" not in service:
            assert re.fullmatch(r"[\w./-]+:v?\d[\w.-]*", service["image"]), name


def test_only_the_site_is_reached_from_outside_and_only_on_this_machine(compose: dict[str, Any]) -> None:
    published = {name: service["ports"] for name, service in compose["services"].items() if service.get("ports")}
    assert list(published) == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in published["web"])


def test_meilisearch_sends_no_statistics(compose: dict[str, Any]) -> None:
    assert compose["services"]["meilisearch"]["environment"]["MEILI_NO_ANALYTICS"] == "true"


@pytest.mark.parametrize("name", ["init", "web", "worker"])
def test_its_commands_are_ones_that_senne_has(
    name: str, compose: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from web import commands

    service = compose["services"][name]
    lines = [service["command"]]
    if service.get("healthcheck", {}).get("test"):
        lines.append(service["healthcheck"]["test"][2:])
    for line in lines:
        monkeypatch.setattr("sys.argv", ["senne", *line, "--help"])
        with pytest.raises(SystemExit) as ended:
            commands.main()
        assert ended.value.code == 0, capsys.readouterr().err
