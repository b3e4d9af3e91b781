"""What an installation brings along by itself, and when it must not."""

import stat
from pathlib import Path

import pytest

from commands.installation import Installation, complete, make_folders, make_secrets
from config.settings import BadSettings, read_settings

REAL = {
    "CHARTERLINE_PUBLIC_BASE_URL": "https://hotline.example",
    "CHARTERLINE_TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "CHARTERLINE_TWILIO_AUTH_TOKEN": "token",
}


def installed(data_dir: Path, **settings: str) -> Installation:
    installation = complete({"CHARTERLINE_DATA_DIR": str(data_dir)} | settings)
    make_folders(installation)
    make_secrets(installation)
    return installation


def test_with_no_setting_at_all_the_demo_is_complete(folder: Path) -> None:
    installation = installed(folder / "data")
    settings = read_settings(installation.environment)
    assert installation.own_carrier
    assert installation.own_valkey
    assert settings.twilio_api_url == "http://127.0.0.1:8082"
    assert settings.database_url == f"sqlite:///{folder / 'data' / 'hotline.db'}"
    assert settings.always_open


def test_a_second_start_finds_the_same_secrets(folder: Path) -> None:
    first, second = (read_settings(installed(folder).environment) for _ in range(2))
    assert first == second


def test_secrets_and_sockets_are_closed_to_others(folder: Path) -> None:
    installation = installed(folder / "data")
    files = list(installation.secrets_dir.iterdir())
    assert len(files) == 5
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE(installation.sockets_dir.stat().st_mode) == 0o700


def test_a_started_process_knows_which_parts_are_our_own(folder: Path) -> None:
    first = complete({"CHARTERLINE_DATA_DIR": str(folder)})
    assert complete(first.environment) == first


def test_with_a_real_carrier_no_secret_is_made_up(folder: Path) -> None:
    installation = installed(folder, **REAL)
    assert not installation.own_carrier
    assert not installation.secrets_dir.exists()
    with pytest.raises(BadSettings, match="CHARTERLINE_SECRET_KEYS is missing"):
        read_settings(installation.environment)


def test_given_stores_are_used_and_not_started(folder: Path) -> None:
    installation = installed(folder, CHARTERLINE_REDIS_URL="redis://127.0.0.1:6379/3")
    assert not installation.own_valkey
    assert read_settings(installation.environment).redis_url == "redis://127.0.0.1:6379/3"


def test_a_secret_that_is_given_as_a_file_is_not_made_up(folder: Path) -> None:
    token = folder / "token"
    token.write_text("given\n", encoding="ascii")
    installation = installed(folder, CHARTERLINE_TWILIO_AUTH_TOKEN_FILE=str(token))
    assert read_settings(installation.environment).auth_tokens == ("given",)


def test_sockets_move_to_a_short_folder_where_the_path_is_too_long(folder: Path) -> None:
    installation = complete({"CHARTERLINE_DATA_DIR": str(folder / ("long" * 30))})
    assert len(str(installation.sockets_dir)) < 60
    assert str(installation.sockets_dir) in installation.environment["CHARTERLINE_REDIS_URL"]
