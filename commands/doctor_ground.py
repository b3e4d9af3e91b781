"""The ground an installation stands on: its folder, its disk, the files of its secrets, and the files of its lines."""

import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from commands.doctor_findings import Finding, fine, soon, wrong
from commands.line import all_faults
from config.files import LINES, MESSAGES, UnreadableFiles, read_folder
from config.settings import PREFIX, Settings
from ivr.messages.reading import read_texts

# As the console's page of the system: below this share of a disk there is no room for long.
LITTLE_ROOM, NO_ROOM_BYTES = 0.1, 200 * 1024 * 1024
MEBIBYTE = 1024 * 1024
CONSOLE = MESSAGES.parent / "console"


def look_at_folder(settings: Settings) -> Iterator[Finding]:
    """The data folder: there, ours, closed to others, and with room."""
    folder, where = settings.data_dir.absolute(), f"{PREFIX}DATA_DIR={settings.data_dir.absolute()}"
    if not folder.is_dir():
        remedy = "make it, owned by the account of the processes, with mode 0700"
        yield wrong("data folder", "is not there", where=where, remedy=remedy)
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        remedy = "chown it to the account that the processes run as, or run this command as that account"
        yield wrong("data folder", "cannot be written to by this account", where=where, remedy=remedy)
    elif folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        remedy = f"chmod 700 {folder}: recordings and uploads of people lie in it"
        yield soon("data folder", "is open to other accounts", where=where, remedy=remedy)
    else:
        yield fine("data folder", "is ours and closed to others", where)
    yield _room(folder, where)


def _room(folder: Path, where: str) -> Finding:
    used = shutil.disk_usage(folder)
    what = f"{used.free // MEBIBYTE:,} MiB of {used.total // MEBIBYTE:,} MiB are free"
    remedy = "make room on this disk, or give DATA_DIR a larger one; recordings and the log grow"
    if used.free < NO_ROOM_BYTES:
        return wrong("disk", what, where=where, remedy=remedy)
    if used.free < used.total * LITTLE_ROOM:
        return soon("disk", what, where=where, remedy=remedy)
    return fine("disk", what, where)


def look_at_secrets(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Files that hold secrets are nobody else's to read."""
    names = [f"{PREFIX}{name.upper()}_FILE" for name, field in Settings.model_fields.items() if _is_secret(field)]
    open_files = [name for name in names if environment.get(name) and _is_open(Path(environment[name]))]
    for name in open_files:
        remedy = f"chmod 600 {environment[name]}, owned by the account of the processes"
        yield soon("secrets", "other accounts can read the file", where=f"{name}={environment[name]}", remedy=remedy)
    if not open_files:
        yield fine(
            "secrets", "no file of a secret can be read by others", ", ".join(n for n in names if n in environment)
        )


def _is_secret(field: object) -> bool:
    return "SecretStr" in str(getattr(field, "annotation", ""))


def _is_open(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))
    except OSError:
        return False


def look_at_files() -> Iterator[Finding]:
    """The files of lines, words, surveys, providers and holidays, and registrations of senders that end."""
    faults = all_faults(LINES)
    for fault in faults:
        say = wrong if fault.severity == "error" else soon
        remedy = "correct the file; charterline line check names every fault"
        yield say("files", fault.message, where=f"{fault.file}: {fault.key or '(whole file)'}", remedy=remedy)
    if not faults:
        yield fine("files", "lines, words, surveys, providers and holidays fit together", str(LINES.parent))
    yield _languages()


def _languages() -> Finding:
    """Callers hear what stands in the catalogues; the console needs every page in each of its languages."""
    try:
        spoken, _ = read_texts(read_folder(MESSAGES))
    except UnreadableFiles as error:
        return wrong("languages", str(error), where=str(MESSAGES), remedy="correct the files of words")
    pages = {folder.name: {path.name for path in folder.glob("*.toml")} for folder in _console_folders()}
    every = set().union(*pages.values())
    missing = [f"{language}/{name}" for language, names in sorted(pages.items()) for name in sorted(every - names)]
    if missing:
        remedy = "put the files of this release back"
        return wrong("languages", f"{', '.join(missing)} is missing", where=str(CONSOLE), remedy=remedy)
    heard = ", ".join(sorted(spoken.catalogues)) if spoken else "none"
    return fine("languages", f"callers hear {heard}; the console reads {', '.join(sorted(pages))}", str(CONSOLE))


def _console_folders() -> list[Path]:
    return [folder for folder in CONSOLE.iterdir() if folder.is_dir()]
