"""A step touches few of our files between request and commit, so that it can be read at a sitting."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import FrameType

from sqlalchemy import Connection, Engine, event
from werkzeug.test import TestResponse

from tests.guards.tree import ROOT
from tests.http.board import Signed
from tests.http.transcript import Transcript
from tests.store_fixtures.databases import empty

ROOMS = ("ivr", "config", "webhooks")
MOST_FILES = 5
# What every step runs through; each is one of the few mechanisms, read once and known for all steps.
SHARED = {
    "webhooks/edge.py": "the one guarded edge",
    "ivr/addresses.py": "the addresses of the webhooks, and which of them are events",
    "webhooks/outage.py": "whether the database is known to be away",
    "webhooks/signature.py": "whether the carrier signed",
    "webhooks/heard.py": "the carrier's parameter names",
    "webhooks/answers.py": "the two kinds of answer",
    "webhooks/measuring.py": "how answers are counted and timed",
    "config/tracing.py": "what goes into a trace, where there is one",
    "webhooks/switchboard.py": "the parts a view is given",
    "ivr/store.py": "how a database is used",
    "ivr/calls/facts.py": "telling, the one statement",
    "ivr/promises.py": "promising, beside the telling",
    "ivr/base.py": "how times and words are kept",
    "ivr/identifiers.py": "ids made out of the carrier's",
    "ivr/sealing.py": "numbers are kept sealed",
    "ivr/numbers.py": "numbers are one value",
    "ivr/lines/model.py": "the line, as its file says it",
    "ivr/messages/texts.py": "the words, those of the line where it has its own",
    "ivr/deadlines.py": "how every limit is counted",
}
CALLS = ROOT / "tests" / "http" / "calls"
CONVERSATIONS = (
    "greeting-and-queue",
    "withheld-number",
    "callback-out-of-the-queue",
    "clip-recording",
    "consult-completed",
    "consult-cancelled",
    "transfer-not-answered",
    "menus-of-kibo",
    "opening-heard",
    "dialled-and-reached",
    "dialled-and-cut-off",
)


@cache
def _own(file: str) -> str | None:
    """The name of a file of ours from the root of the tree, if it is in one of the rooms."""
    path = Path(file)
    if path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in ROOMS:
        return str(path.relative_to(ROOT))
    return None


@dataclass
class Watched:
    """Posts as the carrier does, and notes in which of our files a function ran before the last commit."""

    wire: Signed
    engine: Engine
    files: dict[str, set[str]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def post(self, address: str, form: Mapping[str, str] | None = None, *, attempt: str = "token-1") -> TestResponse:
        if address in self.seen:
            # A repetition runs through the same files, and watching takes time.
            return self.wire.post(address, form, attempt=attempt)
        self.seen.add(address)
        seen: set[str] = set()
        kept: set[str] = set()

        def watch(frame: FrameType, what: str, _argument: object) -> None:
            if what == "call" and (name := _own(frame.f_code.co_filename)):
                seen.add(name)

        def committed(_connection: Connection) -> None:
            kept.update(seen)

        event.listen(self.engine, "commit", committed)
        sys.setprofile(watch)
        try:
            answer = self.wire.post(address, form, attempt=attempt)
        finally:
            sys.setprofile(None)
            event.remove(self.engine, "commit", committed)
        self.files.setdefault(address.partition("#")[0].partition("?")[0], set()).update(kept)
        return answer


def test_a_step_touches_at_most_five_files_besides_the_mechanisms_that_all_steps_share(sqlite_engine: Engine) -> None:
    files: dict[str, set[str]] = {}
    for name in CONVERSATIONS:
        empty(sqlite_engine)
        transcript = Transcript(CALLS / f"{name}.toml", sqlite_engine)
        transcript.wire = Watched(transcript.wire, sqlite_engine, files)  # type: ignore[assignment]  # posts, and watches
        transcript.run()
    own = {step: sorted(touched - set(SHARED)) for step, touched in files.items()}
    assert {step: touched for step, touched in own.items() if len(touched) > MOST_FILES} == {}
