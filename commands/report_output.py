"""Where a report goes: to standard output, or to a file that is replaced as a whole or not at all."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

STANDARD = "-"
NEW_FILE = 0o666


@contextmanager
def opened_output(output: str) -> Iterator[BinaryIO]:
    """A file to write to; an existing one stays as it is until the new one is complete. Refusals are in words."""
    if output == STANDARD:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(output)
    if path.is_dir():
        raise click.ClickException(f"{path} is a folder: name a file in it with --output")
    try:
        number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with _removed_on_failure(Path(name)), os.fdopen(number, "wb") as file:
            yield file
            file.flush()
            os.fsync(number)
            _permit(name, path)
            Path(name).replace(path)
    except OSError as error:
        raise click.ClickException(
            f"{path} cannot be written ({error.strerror or error}): choose another --output"
        ) from error


@contextmanager
def _removed_on_failure(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _permit(made: str, path: Path) -> None:
    """Give a file that was made for its owner alone the permissions of the one it replaces, or the usual ones."""
    if path.exists():
        mode = path.stat().st_mode & 0o777
    else:
        mask = os.umask(0)
        os.umask(mask)
        mode = NEW_FILE & ~mask
    Path(made).chmod(mode)
