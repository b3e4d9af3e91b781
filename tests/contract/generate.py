"""Regenerates the contract tables from two pinned npm packages; run by a developer, never by the checks.

Usage: python -m tests.contract.generate (needs npm and a network).
"""

import base64
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .spec_tables import trim_rest
from .twiml_tables import parse_twiml

TABLES = Path(__file__).parent / "tables"


@dataclass(frozen=True)
class Package:
    """One npm package at one version; `integrity` is base64 SHA-512 as the registry states it."""

    name: str
    version: str
    integrity: str

    @property
    def label(self) -> str:
        """Name and version as npm writes them, kept in the table as its source."""
        return f"{self.name}@{self.version}"


REST_PACKAGE = Package(
    "@twilio/cli-core",
    "8.3.2",
    "qRTAZS15i/nseKHu2zZIb1BD78WFRVOWM65iC9JqjZdNpz5KQaiEI1klsLcWDi1pwXH9JG6pbFXJrIiYRJw/dw==",
)
TWIML_PACKAGE = Package(
    "twilio",
    "6.2.0",
    "zuwVhRa8gGIvaTjXIkRNcf7cPPQCeghMukMcG9WnhWmm7SLnregVpdIoYOSrOvlqMUYf6xP9A2ivsJNf6URoSg==",
)


def fetch(package: Package, directory: Path) -> bytes:
    """The package's tarball; raises ValueError when its SHA-512 is not the pinned one."""
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("npm is not on the PATH: install Node.js to regenerate the tables")
    packed = subprocess.run(
        [npm, "pack", package.label, "--json", "--ignore-scripts"],
        cwd=directory,
        check=True,
        capture_output=True,
        text=True,
    )
    filename = str(json.loads(packed.stdout)[0]["filename"])
    tarball = (directory / filename).read_bytes()
    found = base64.b64encode(hashlib.sha512(tarball).digest()).decode()
    if found != package.integrity:
        raise ValueError(f"{package.label}: SHA-512 is {found}, pinned {package.integrity}; do not use it")
    return tarball


def member(tarball: bytes, path: str) -> str:
    """The text of one file of an npm tarball; raises KeyError when it is not there."""
    with tarfile.open(fileobj=io.BytesIO(tarball), mode="r:gz") as archive:
        entry = archive.extractfile(f"package/{path}")
        if entry is None:
            raise KeyError(f"{path} is not a file in the package")
        return entry.read().decode()


def write(name: str, table: object) -> None:
    """Writes one table with one key per line at the outer levels and sorted keys, so that diffs are small."""
    text = json.dumps(table, ensure_ascii=False, indent=1, sort_keys=True)
    (TABLES / name).write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(f"{name}: {len(text.encode()) // 1000} kB\n")


def main() -> None:
    """Fetches both packages and rewrites `tables/rest.json` and `tables/twiml.json`."""
    with tempfile.TemporaryDirectory() as scratch:
        spec = fetch(REST_PACKAGE, Path(scratch))
        declarations = fetch(TWIML_PACKAGE, Path(scratch))
    document = json.loads(member(spec, "src/services/twilio-api/twilio_api_v2010.json"))
    write("rest.json", {"source": REST_PACKAGE.label, **trim_rest(document)})
    voice = parse_twiml(member(declarations, "lib/twiml/VoiceResponse.d.ts"))
    messaging = parse_twiml(member(declarations, "lib/twiml/MessagingResponse.d.ts"))
    write("twiml.json", {"source": TWIML_PACKAGE.label, "voice": voice, "messaging": messaging})


if __name__ == "__main__":
    main()
