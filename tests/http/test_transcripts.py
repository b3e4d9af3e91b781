"""Every conversation under calls/: what is said, what is kept, and that repeating any step changes nothing."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from ivr.addresses import Address
from tests.http.transcript import Transcript
from tests.sizes import a_part

CALLS = sorted((Path(__file__).parent / "calls").glob("*.toml"))
# The telephone tests run the same statements on the second database: it has a part.
ON_A_STORE = [*(("sqlite", file) for file in CALLS), *(("postgresql", file) for file in a_part(CALLS, every=3))]


def _named(value: object) -> str:
    return value.stem if isinstance(value, Path) else str(value)


@pytest.mark.parametrize(("engine", "file"), ON_A_STORE, ids=_named, indirect=["engine"])
def test_a_conversation_goes_as_written_and_repeating_any_step_changes_nothing(file: Path, engine: Engine) -> None:
    Transcript(file, engine).run()


def test_every_address_is_visited_by_a_conversation() -> None:
    written = "\n".join(file.read_text(encoding="utf-8") for file in CALLS)
    missing = [entry.value for entry in Address if f'post = "{entry.value}' not in written]
    assert not missing
