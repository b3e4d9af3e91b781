"""Makes a client of the REST API for tests: a token with scopes, over the app of a switchboard."""

import itertools
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ivr.access.scopes import SCOPES
from ivr.access.tokens import Grant, make_token
from webhooks.app import create_app
from webhooks.switchboard import Switchboard

KEYS = itertools.count(1)


@dataclass
class Client:
    """Asks the API as another system does; a new key for each request that writes, unless one is given."""

    board: Switchboard
    scopes: tuple[str, ...] = SCOPES
    line: str | None = "dcgf"
    days: int = 30
    token: str = field(init=False)
    token_id: str = field(init=False)
    http: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        with self.board.store.transaction() as session:
            grant = Grant("a system of the tests", self.line, self.scopes, self.days)
            row, self.token = make_token(session, grant, at=self.board.clock())
            self.token_id = row.id
        self.http = create_app(self.board).test_client()

    @property
    def headers(self) -> dict[str, str]:
        """What every request carries."""
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, path: str, **query: str | int) -> TestResponse:
        """Read something."""
        return self.http.get(path, query_string=query, headers=self.headers)

    def post(self, path: str, json: Any = None, *, key: str | None = None, **headers: str) -> TestResponse:  # JSON
        """Make or change something; `json` is an empty object where nothing is given."""
        keyed = self.headers | {"Idempotency-Key": key or f"key-{next(KEYS)}"} | headers
        return self.http.post(path, json={} if json is None else json, headers=keyed)

    def send(self, path: str, body: bytes, content_type: str = "application/json") -> TestResponse:
        """Send bytes as they are."""
        headers = self.headers | {"Idempotency-Key": f"key-{next(KEYS)}"}
        return self.http.post(path, data=body, content_type=content_type, headers=headers)
