"""What an installation brings along when it is told nothing: a database, a Valkey, a carrier, secrets."""

import hashlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL

from config.settings import PREFIX, BadSettings, Settings, new_secret_keys, read_settings
from ivr.accounts.passwords import temporary_password

ROOT = Path(__file__).resolve().parent.parent
# sun_path holds 107 bytes; the supervisor binds a name up to 25 bytes longer than the folder.
LONGEST_SOCKET_FOLDER = 80
# Tells a started process, whose environment is complete, which parts the installation runs itself.
EMBEDDED = "CHARTERLINE_EMBEDDED"


@dataclass(frozen=True)
class Installation:
    """A complete environment for the rooms, and which parts of it are our own to start."""

    environment: dict[str, str]
    data_dir: Path
    own_carrier: bool
    own_valkey: bool

    @property
    def secrets_dir(self) -> Path:
        """Folder of generated secrets; only the demo has any."""
        return self.data_dir / "secrets"

    @property
    def sockets_dir(self) -> Path:
        """Folder of unix sockets; a short one under /tmp where DATA_DIR is too long for them."""
        return _sockets_dir(self.data_dir)


def complete(environment: Mapping[str, str]) -> Installation:
    """Fill in what was not given. The local carrier, and with it every made-up secret, comes in only when
    neither TWILIO_API_URL nor TWILIO_ACCOUNT_SID is set."""
    given = {
        name: value for name, value in environment.items() if value or name == EMBEDDED or not name.startswith(PREFIX)
    }
    data_dir = Path(given.get(PREFIX + "DATA_DIR") or ROOT / "data").expanduser().absolute()
    own_carrier, own_valkey = _own_parts(given)
    defaults = {
        "DATABASE_URL": URL.create("sqlite", database=str(data_dir / "hotline.db")).render_as_string(),
        "REDIS_URL": f"unix://{quote(str(_sockets_dir(data_dir) / 'valkey.sock'))}",
    }
    if own_carrier:
        defaults |= _demo(given, data_dir)
    for name, value in defaults.items():
        if not _has(given, name.removesuffix("_FILE")):
            given[PREFIX + name] = value
    given[PREFIX + "DATA_DIR"] = str(data_dir)
    given[EMBEDDED] = ",".join(name for name, own in (("carrier", own_carrier), ("valkey", own_valkey)) if own)
    return Installation(given, data_dir, own_carrier, own_valkey)


def installed_settings() -> Settings:
    """Read the settings of the installation that `charterline up` made or that the environment describes.

    Raises `BadSettings`, also when the demo was never started.
    """
    installation = complete(os.environ)
    if installation.own_carrier and not _has_own(os.environ) and not installation.secrets_dir.is_dir():
        raise BadSettings([f"nothing is installed in {installation.data_dir}: start it once with ./bin/up"])
    return read_settings(installation.environment)


def make_folders(installation: Installation) -> None:
    """Make the folders of an installation, closed to others; raises OSError where that is impossible."""
    for folder in (installation.data_dir, installation.sockets_dir):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = installation.sockets_dir.stat()
    if found.st_uid != os.geteuid():
        raise PermissionError(
            f"{installation.sockets_dir} belongs to user {found.st_uid}: remove it or shorten DATA_DIR"
        )
    installation.sockets_dir.chmod(0o700)


def make_secrets(installation: Installation) -> None:
    """Write the demo's secrets where they are missing; an installation with a real carrier gets none."""
    if not installation.own_carrier:
        return
    installation.secrets_dir.mkdir(mode=0o700, exist_ok=True)
    made = {
        "twilio_auth_token": secrets.token_hex(16),
        "aggregator_secret": secrets.token_hex(16),
        "softphone_key_secret": secrets.token_hex(32),
        "demo_password": temporary_password(),
        "secret_keys": new_secret_keys(secrets.token_bytes(64)),
    }
    for name, value in made.items():
        path = installation.secrets_dir / name
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(value + "\n", encoding="ascii")


def _own_parts(given: Mapping[str, str]) -> tuple[bool, bool]:
    if EMBEDDED in given:
        parts = given[EMBEDDED].split(",")
        return "carrier" in parts, "valkey" in parts
    own_carrier = not (_has(given, "TWILIO_API_URL") or _has(given, "TWILIO_ACCOUNT_SID"))
    return own_carrier, not _has(given, "REDIS_URL")


def _demo(given: Mapping[str, str], data_dir: Path) -> dict[str, str]:
    webhooks = given.get(PREFIX + "WEBHOOKS_PORT", "8080")
    carrier = given.get(PREFIX + "CARRIER_PORT", "8082")
    return {
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{webhooks}",
        "TWILIO_API_URL": f"http://127.0.0.1:{carrier}",
        "TWILIO_ACCOUNT_SID": "AC" + hashlib.sha256(str(data_dir).encode()).hexdigest()[:32],
        "TWILIO_AUTH_TOKEN_FILE": str(data_dir / "secrets" / "twilio_auth_token"),
        "SECRET_KEYS_FILE": str(data_dir / "secrets" / "secret_keys"),
        "ALWAYS_OPEN": "true",
        "CALLS_PER_SECOND": "5",
        "TRANSCRIBER": "twilio",
        "LOG_FORMAT": "text",
        **_aggregator(given, data_dir, carrier),
        **_softphone(given, data_dir),
    }


def _aggregator(given: Mapping[str, str], data_dir: Path, port: str) -> dict[str, str]:
    """The stand-in beside the local carrier; who brings all secrets along is asked for no further one."""
    if _has_own(given):
        return {}
    return {
        "AGGREGATOR_URL": f"http://127.0.0.1:{port}",
        "AGGREGATOR_KEY": hashlib.sha256(f"aggregator {data_dir}".encode()).hexdigest()[:16],
        "AGGREGATOR_SECRET_FILE": str(data_dir / "secrets" / "aggregator_secret"),
    }


def _softphone(given: Mapping[str, str], data_dir: Path) -> dict[str, str]:
    """The key that the console signs tokens of softphones with, and that the local carrier knows."""
    if _has_own(given):
        return {}
    return {
        "SOFTPHONE": "local",
        "TWILIO_API_KEY_SID": "SK" + hashlib.sha256(f"softphone {data_dir}".encode()).hexdigest()[:32],
        "TWILIO_API_KEY_SECRET_FILE": str(data_dir / "secrets" / "softphone_key_secret"),
    }


def _has(given: Mapping[str, str], name: str) -> bool:
    return bool(given.get(PREFIX + name) or given.get(PREFIX + name + "_FILE"))


def _has_own(given: Mapping[str, str]) -> bool:
    return _has(given, "TWILIO_AUTH_TOKEN") and _has(given, "SECRET_KEYS")


def _sockets_dir(data_dir: Path) -> Path:
    if len(os.fsencode(data_dir / "run")) <= LONGEST_SOCKET_FOLDER:
        return data_dir / "run"
    mark = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return Path(f"/tmp/charterline-{os.geteuid()}-{mark}")  # noqa: S108 - owner and mode are checked
