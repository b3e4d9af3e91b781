"""No number of a person and no secret is in a log line, an address, a figure, a file or a plain column."""

import gzip
import zipfile
import zlib
from base64 import b64encode
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.fuzz.leaks import Sought, in_files
from tests.fuzz.life import CALLING, WISHING, Life
from tests.http.board import CALLER
from tests.log_lines import operators_log
from tests.store_fixtures.databases import ON_SQLITE

NUMBER, SECRET = "+821023456789", b"a secret/of+ours"
SPELT = ("+821023456789", "010-2345-6789", "01023456789", "82 10 2345 6789", "(010) 2345.6789", "%2B821023456789")


def sought() -> Sought:
    made = Sought()
    made.number(NUMBER)
    made.secret(SECRET, "a secret")
    return made


@pytest.mark.parametrize("spelt", SPELT)
def test_a_number_is_found_however_it_is_spelt(spelt: str) -> None:
    assert [leak.where for leak in sought().found_in([("here", f"called {spelt} today".encode())])] == ["here"]
    assert sought().found_in([("here", b"called +821023456780 at 2026-11-23T10:23:45.6789")]) == []


@pytest.mark.parametrize("before", ["", "a", "ab"])
def test_what_is_encoded_or_packed_is_found(tmp_path: Path, before: str) -> None:
    texts = (SECRET, NUMBER.encode())
    forms = [b64encode(before.encode() + text) for text in texts] + [text.hex().encode() for text in (SECRET,)]
    packed = [gzip.compress(SECRET), zlib.compress(NUMBER.encode()), _zipped(SECRET)]
    for form in (*forms, *packed):
        (tmp_path / "file").write_bytes(form)
        assert sought().found_in(in_files(tmp_path)), form
    (tmp_path / "file").unlink()
    (tmp_path / "01023456789.csv").touch()
    assert sought().found_in(in_files(tmp_path)), "its name"


def test_what_is_too_short_to_prove_anything_is_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        sought().secret("abc", "a pin")


@ON_SQLITE
def test_a_whole_run_leaves_no_number_and_no_secret_behind(engine: Engine, tmp_path: Path) -> None:
    with operators_log() as lines:
        life = Life.over(engine, tmp_path)
    log = lines.getvalue().encode()
    assert log.count(b"\n") > 20
    assert life.sought.found_in([("the log", log), *life.pieces()]) == []
    for number in (CALLING, WISHING, CALLER):
        assert life.sought.found_in([("the log", log + f"rung {number}".encode())]), "the search is no blind one"


def _zipped(raw: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet.xml", raw)
    return out.getvalue()
