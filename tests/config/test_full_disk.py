"""A disk without space: a file is there whole or not at all, and nothing is left lying."""

import resource
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from config.recordings import Recordings
from config.uploads import Uploads

SPACE, TOO_MUCH = 1000, b"x" * 5000
NAME = "re0123456789"


@pytest.fixture
def little_space() -> Iterator[None]:
    """No file of this process can have more bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SPACE, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def _files(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


@pytest.mark.usefixtures("little_space")
def test_a_sound_for_which_there_is_no_space_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="large"):
        Recordings(tmp_path).keep(f"{NAME}.wav", TOO_MUCH)
    assert _files(tmp_path) == []


@pytest.mark.usefixtures("little_space")
def test_an_upload_for_which_there_is_no_space_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="large"):
        Uploads(tmp_path).keep(NAME, BytesIO(TOO_MUCH))
    assert _files(tmp_path) == []
