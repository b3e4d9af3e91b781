"""Makes the webhooks of a test: a switchboard over the test's database, a clock in hand, and a signing carrier."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from config.files import HOLIDAYS, LINES, MESSAGES, SURVEYS, read_file, read_folder
from ivr.lines.calendar import Calendar, load_calendar
from ivr.lines.model import Lines
from ivr.lines.reading import load_lines
from ivr.messages.reading import load_texts
from ivr.messages.texts import Texts
from ivr.store import Store
from ivr.surveys.model import Questionnaires
from ivr.surveys.reading import load_questionnaires
from webhooks.app import create_app
from webhooks.switchboard import Switchboard

TOKEN = "the token of the tests"
OTHER_TOKEN = "the token of somebody else"
BASE_URL = "https://hotline.example"
FORM = "application/x-www-form-urlencoded"
# A weekday morning in Korea, all lines open.
MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
CALL_SID = "CA" + "a" * 32
CALLER = "+821010000001"
KIBO = "+827010000001"


@cache
def words() -> tuple[Texts, Lines, Calendar]:
    """Texts, lines and holidays as installed, read once."""
    texts = load_texts(read_folder(MESSAGES))
    return texts, load_lines(read_folder(LINES), texts), load_calendar(read_file(HOLIDAYS))


@cache
def installed_surveys() -> Questionnaires:
    """The questionnaires as installed, read once."""
    return load_questionnaires(read_folder(SURVEYS))


class Moment:
    """A clock that a test sets."""

    def __init__(self, at: datetime = MORNING) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def pass_time(self, seconds: float) -> None:
        """Move on."""
        self.at += timedelta(seconds=seconds)


def no_bell() -> None:
    """A relay that looks by itself needs no bell."""


def board_over(engine: Engine, clock: Moment, **changes: object) -> Switchboard:
    """The switchboard of the tests; `changes` replace its parts."""
    texts, lines, calendar = words()
    board = Switchboard(
        lines=lines,
        texts=texts,
        calendar=calendar,
        store=Store(engine),
        clock=clock,
        ring_bell=no_bell,
        public_base_url=BASE_URL,
        auth_tokens=(TOKEN,),
        surveys=installed_surveys(),
    )
    return replace(board, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Signed:
    """A carrier that posts forms to the webhooks, signed over `base_url` with `token`."""

    client: FlaskClient
    base_url: str = BASE_URL
    token: str = TOKEN

    @classmethod
    def to(cls, board: Switchboard, *, base_url: str | None = None, token: str = TOKEN) -> "Signed":
        """Signed requests to the app of a switchboard, over its own public address unless told otherwise."""
        app: Flask = create_app(board)
        return cls(app.test_client(), board.public_base_url if base_url is None else base_url, token)

    def post(
        self, address: str, form: Mapping[str, str] | None = None, *, attempt: str = "token-1", **headers: str
    ) -> TestResponse:
        """Post a form to an address of ours (path and query; a fragment stays at the carrier)."""
        path, given = address.partition("#")[0], dict(form or {})
        signature = RequestValidator(self.token).compute_signature(self.base_url + path, given)
        return self.client.post(
            path,
            data=urlencode(given).encode(),
            content_type=FORM,
            headers={"X-Twilio-Signature": signature, "I-Twilio-Idempotency-Token": attempt, **headers},
        )


def arriving(**changes: str) -> dict[str, str]:
    """The form of a call that arrives at the KIBO line; `changes` replace or add parameters."""
    return {"CallSid": CALL_SID, "From": CALLER, "To": KIBO, "CallStatus": "ringing", **changes}
