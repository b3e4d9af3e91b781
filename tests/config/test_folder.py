"""What a killed process left half written does not lie in a folder for ever."""

import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from config.recordings import FOLDER as RECORDINGS
from config.recordings import Recordings
from config.uploads import FOLDER as UPLOADS
from config.uploads import Uploads

HOUR = 3600
Write = Callable[[Path], None]
NAME = "re0123456789"


def _write_sound(data_dir: Path) -> None:
    Recordings(data_dir).keep(f"{NAME}.wav", b"sealed")


def _write_upload(data_dir: Path) -> None:
    Uploads(data_dir).keep(NAME, BytesIO(b"rows"))


def _left(folder: Path, name: str, *, hours_ago: int) -> Path:
    """The beginning of a file whose process was killed."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(b"half")
    written = path.stat().st_mtime - hours_ago * HOUR
    os.utime(path, (written, written))
    return path


@pytest.mark.parametrize(("folder", "write"), [(RECORDINGS, _write_sound), (UPLOADS, _write_upload)])
def test_the_next_write_takes_away_what_was_left_half_written_a_day_ago(
    tmp_path: Path, folder: str, write: Write
) -> None:
    old = _left(tmp_path / folder, f"{NAME}.17.part", hours_ago=25)
    fresh = _left(tmp_path / folder, f"{NAME}.18.part", hours_ago=23)
    whole = _left(tmp_path / folder, "re1.wav", hours_ago=1000)
    write(tmp_path)
    assert (old.exists(), fresh.exists(), whole.exists()) == (False, True, True)
    assert len(list((tmp_path / folder).iterdir())) == 3


def test_a_process_that_goes_on_for_days_looks_again(tmp_path: Path) -> None:
    sounds = Recordings(tmp_path)
    sounds.keep("re1.wav", b"sealed")
    left = _left(tmp_path / RECORDINGS, "re2.17.part", hours_ago=25)
    sounds.keep("re3.wav", b"sealed")
    assert left.exists(), "the folder was looked through less than a day ago"
    # As if its first look were a day ago.
    sounds._cleared -= 24 * HOUR + 1
    sounds.keep("re4.wav", b"sealed")
    assert not left.exists()
