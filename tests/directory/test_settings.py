"""What an operator chooses."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from directory.errors import SettingError
from directory.settings import Settings
from tests.directory.samples import at_once


def test_nothing_needs_to_be_set() -> None:
    settings = Settings.from_env({})
    assert settings.port == 8000
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.data_dir.is_absolute()
    assert settings.sqlalchemy_url == f"sqlite:///{settings.data_dir}/senne.sqlite3"
    assert settings.widget_origins == ()
    assert (settings.meili_url, settings.meili_key, settings.meili_index) == (None, None, "senne")


def test_an_empty_variable_counts_as_absent() -> None:
    names = ["DATA_DIR", "DATABASE_URL", "PORT", "BASE_URL", "SECRET_KEY", "WIDGET_ORIGINS", "MEILI_URL", "MEILI_KEY"]
    names += ["MEILI_INDEX", "VECTORS"]
    assert Settings.from_env({f"SENNE_{name}": " " for name in names}) == Settings.from_env({})


def test_everything_can_be_set(tmp_path: Path) -> None:
    settings = Settings.from_env(
        {
            "SENNE_DATA_DIR": str(tmp_path),
            "SENNE_DATABASE_URL": "postgresql://db/senne",
            "SENNE_PORT": "9000",
            "SENNE_BASE_URL": "https://senne.example/annuaire/",
            "SENNE_SECRET_KEY": "known to us alone",
            "SENNE_WIDGET_ORIGINS": "https://a.example, https://b.example:8443/ http://[::1]:5000",
            "SENNE_MEILI_URL": "http://127.0.0.1:7700/",
            "SENNE_MEILI_KEY": "scoped-key",
            "SENNE_MEILI_INDEX": "senne_test_1",
        }
    )
    assert settings.sqlalchemy_url == "postgresql://db/senne"
    assert (settings.port, settings.public_url) == (9000, "https://senne.example/annuaire")
    assert settings.widget_origins == ("https://a.example", "https://b.example:8443", "http://[::1]:5000")
    assert settings.meili_url == "http://127.0.0.1:7700"
    assert (settings.meili_key, settings.meili_index) == ("scoped-key", "senne_test_1")
    assert settings.load_secret_key() == "known to us alone"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        *[("SENNE_PORT", value) for value in ("http", "0", "65536", "-1", "80.5", "８０００", "9" * 5000, "0x50")],
        *[
            (variable, value)
            for variable in ("SENNE_BASE_URL", "SENNE_WIDGET_ORIGINS", "SENNE_MEILI_URL")
            for value in (
                "senne.example",
                "ftp://senne.example",
                "https://",
                "https://user:secret@senne.example",
                "https://senne.example?x=1",
                "https://senne.example#x",
                "https://senne.example:port",
                "https://senne.example:99999",
                "https://[::1",
                "https://senne.example;script-src",
                "https://*",
                "*",
                "'self'",
            )
        ],
        ("SENNE_WIDGET_ORIGINS", "https://good.example https://bad.example/path"),
        ("SENNE_BASE_URL", "https://senne.example/a b"),
        *[("SENNE_MEILI_KEY", value) for value in ("two words", "clé", "line\nbreak")],
        *[("SENNE_MEILI_INDEX", value) for value in ("a/b", "a b", "é", "x" * 201, "a?b", "..")],
    ],
)
def test_a_wrong_value_names_its_variable(variable: str, value: str) -> None:
    with pytest.raises(SettingError) as error:
        Settings.from_env({variable: value})
    assert error.value.variable == variable
    assert str(error.value).startswith(f"{variable}: ")


def test_the_key_of_the_search_server_is_never_shown() -> None:
    assert "hush" not in repr(Settings.from_env({"SENNE_MEILI_KEY": "hush"}))
    with pytest.raises(SettingError) as error:
        Settings.from_env({"SENNE_MEILI_KEY": "hush hush"})
    assert "hush" not in str(error.value)


def test_a_secret_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    key = Settings(data_dir=folder).load_secret_key()
    assert len(key) >= 43
    assert Settings(data_dir=folder).load_secret_key() == key
    [file] = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_first_starts_at_the_same_moment_agree_on_one_key(tmp_path: Path) -> None:
    for number in range(20):
        settings = Settings(data_dir=tmp_path / str(number))
        keys = at_once(*[settings.load_secret_key] * 8)
        assert len(set(keys)) == 1, keys
        assert isinstance(keys[0], str), keys
        assert [file.name for file in settings.data_dir.iterdir()] == ["secret_key"]


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe"])
def test_a_spoilt_secret_key_is_never_used(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secret_key").write_bytes(content)
    with pytest.raises(SettingError, match="SENNE_DATA_DIR"):
        Settings(data_dir=tmp_path).load_secret_key()


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingError, match="SENNE_DATA_DIR"):
        Settings(data_dir=tmp_path / "file" / "data").load_secret_key()


def test_search_by_meaning_can_be_switched_off() -> None:
    assert Settings.from_env({}).vectors
    assert Settings.from_env({"SENNE_VECTORS": "On"}).vectors
    assert not Settings.from_env({"SENNE_VECTORS": "off"}).vectors
    with pytest.raises(SettingError, match="SENNE_VECTORS: 'no' is neither on nor off"):
        Settings.from_env({"SENNE_VECTORS": "no"})
