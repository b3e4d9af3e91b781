"""Every conversation under calls/: what is said, what is kept, and that repeating any step changes nothing."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from ivr.addresses import Address
from tests.http.transcript import Transcript

CALLS = sorted((Path(__file__).parent / "calls").glob("*.toml"))


@pytest.mark.parametrize("file", CALLS, ids=lambda file: file.stem)
def test_a_conversation_goes_as_written_and_repeating_any_step_changes_nothing(file: Path, engine: Engine) -> None:
    Transcript(file, engine).run()


def test_every_address_is_visited_by_a_conversation() -> None:
    written = "\n".join(file.read_text(encoding="utf-8") for file in CALLS)
    missing = [entry.value for entry in Address if f'post = "{entry.value}' not in written]
    assert not missing
