"""Settings: where they come from, what is refused, and what an operator is shown."""

import stat
from pathlib import Path

import pytest

from eosvolt.config import ConfigError, Settings, load


def test_without_any_setting_the_defaults_hold(tmp_path: Path) -> None:
    assert load({}, tmp_path) == Settings()
    assert Settings().base_url == "http://127.0.0.1:8000"
    assert (Settings().log_level, Settings().log_format) == ("info", "auto")


def test_the_environment_is_read_by_type(tmp_path: Path) -> None:
    settings = load({"EOSVOLT_PORT": "9000", "EOSVOLT_OCPP_CALL_TIMEOUT": "2.5", "PATH": "/bin"}, tmp_path)
    assert (settings.port, settings.ocpp_call_timeout) == (9000, 2.5)


def test_the_environment_wins_over_the_file_in_the_directory(tmp_path: Path) -> None:
    (tmp_path / "eosvolt.toml").write_text('port = 7000\nhost = "0.0.0.0"\nEOSVOLT_LOG = "debug"\n')
    settings = load({"EOSVOLT_PORT": "9000"}, tmp_path)
    assert (settings.port, settings.host, settings.log) == (9000, "0.0.0.0", "debug")  # noqa: S104 - only read


def test_another_file_can_be_named_and_must_then_exist(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text("port = 7001\n")
    assert load({"EOSVOLT_CONFIG": str(file)}, tmp_path).port == 7001
    with pytest.raises(ConfigError, match=r"EOSVOLT_CONFIG names missing\.toml"):
        load({"EOSVOLT_CONFIG": "missing.toml"}, tmp_path)


def test_a_file_that_is_not_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "eosvolt.toml").write_text("port: 7000\n")
    with pytest.raises(ConfigError, match=r"eosvolt\.toml cannot be read as TOML"):
        load({}, tmp_path)


def test_an_empty_variable_is_as_good_as_none(tmp_path: Path) -> None:
    assert load({"EOSVOLT_PORT": "", "EOSVOLT_DATABASE_URL": ""}, tmp_path) == Settings()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("EOSVOLT_PORT", "eighty", "EOSVOLT_PORT must be a whole number from 1 to 65535, not 'eighty'."),
        ("EOSVOLT_PORT", "70000", "EOSVOLT_PORT must be a whole number from 1 to 65535, not '70000'."),
        ("EOSVOLT_LOG", "loud", "EOSVOLT_LOG must be a level (debug, info, warning, error), a format"),
        ("EOSVOLT_PUBLIC_URL", "example", "EOSVOLT_PUBLIC_URL must be an address like https://"),
        ("EOSVOLT_OCPP_CALL_TIMEOUT", "0", "EOSVOLT_OCPP_CALL_TIMEOUT must be a number of seconds above 0"),
    ],
)
def test_an_ill_typed_setting_is_named_with_what_it_should_be(
    tmp_path: Path, name: str, value: str, sentence: str
) -> None:
    with pytest.raises(ConfigError) as refusal:
        load({name: value}, tmp_path)
    assert str(refusal.value).startswith(sentence)


@pytest.mark.parametrize(
    ("name", "value"), [("EOSVOLT_SECRET_KEY", "too-short"), ("EOSVOLT_DATABASE_URL", "mysql://u:hush@h/d")]
)
def test_a_refused_secret_is_not_repeated(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        load({name: value}, tmp_path)
    assert name in str(refusal.value)
    assert value not in str(refusal.value)


def test_a_wrong_type_in_the_file_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "eosvolt.toml").write_text("data_dir = 5\n")
    with pytest.raises(ConfigError, match=r"data_dir in .*eosvolt\.toml must be"):
        load({}, tmp_path)


def test_an_unknown_setting_is_refused_with_the_one_that_was_meant(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"EOSVOLT_PROT is not a setting\. Was EOSVOLT_PORT meant\?"):
        load({"EOSVOLT_PROT": "1"}, tmp_path)
    (tmp_path / "eosvolt.toml").write_text("colour = 1\n")
    with pytest.raises(ConfigError, match=r"colour in .* is not a setting"):
        load({}, tmp_path)


def test_settings_of_the_test_suite_do_not_concern_the_program(tmp_path: Path) -> None:
    assert load({"EOSVOLT_TEST_DATABASE_URL": "postgresql:///x"}, tmp_path) == Settings()


@pytest.mark.parametrize(
    ("log", "level", "look"),
    [
        ("debug", "debug", "auto"),
        ("json", "info", "json"),
        ("warning,console", "warning", "console"),
        ("error,json", "error", "json"),
    ],
)
def test_the_log_setting_holds_a_level_and_a_format(log: str, level: str, look: str) -> None:
    settings = Settings(log=log)
    assert (settings.log_level, settings.log_format) == (level, look)


def test_the_public_address_replaces_the_one_listened_on() -> None:
    assert Settings(public_url="https://charging.example/").base_url == "https://charging.example"
    assert Settings(host="::1", port=81).base_url == "http://[::1]:81"


def test_a_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    first = settings.secret()
    assert len(first) >= 48
    assert settings.secret() == first
    assert [file.name for file in (tmp_path / "data").iterdir()] == ["secret_key"]
    assert stat.S_IMODE((tmp_path / "data" / "secret_key").stat().st_mode) == 0o600


def test_a_given_secret_is_used_and_nothing_is_written(tmp_path: Path) -> None:
    given = "k" * 32
    assert Settings(secret_key=given, data_dir=tmp_path / "data").secret() == given
    assert not (tmp_path / "data").exists()


def test_what_an_operator_is_shown_holds_no_secret() -> None:
    settings = Settings(
        database_url="postgresql://eosvolt:hush@db.example/eosvolt?sslmode=require&password=hush",
        secret_key="hush" * 10,
        demo_api_key="hush",
        geocoder_url="https://geocoder.example/search?apiKey=hush&language=de",
    )
    shown = settings.described()
    assert "hush" not in str(shown)
    assert shown["EOSVOLT_DATABASE_URL"].startswith("postgresql://eosvolt:…@db.example/eosvolt")
    assert shown["EOSVOLT_PORT"] == "8000"
    assert set(shown) == {f"EOSVOLT_{name.upper()}" for name in Settings.__struct_fields__}


def test_a_map_file_has_to_be_there_and_to_be_a_map(tmp_path: Path) -> None:
    file = tmp_path / "town.pmtiles"
    with pytest.raises(ConfigError, match="EOSVOLT_MAP_FILE cannot be read: No such file"):
        load({"EOSVOLT_MAP_FILE": str(file)}, tmp_path)
    file.write_bytes(b"<html>")
    with pytest.raises(ConfigError, match="EOSVOLT_MAP_FILE must be a map in the PMTiles format"):
        load({"EOSVOLT_MAP_FILE": str(file)}, tmp_path)
    vector, png = (b"PMTiles\x03".ljust(99, b"\0") + bytes([kind]) for kind in (1, 2))
    file.write_bytes(vector)
    with pytest.raises(ConfigError, match="must be a map of pictures"):
        load({"EOSVOLT_MAP_FILE": str(file)}, tmp_path)
    file.write_bytes(png)
    assert load({"EOSVOLT_MAP_FILE": str(file)}, tmp_path).map_file == str(file)
