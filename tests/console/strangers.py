"""People who are not signed in yet: a browser without scripts that reads the token of the page it has open."""

import re
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from console.office import Office
from ivr.accounts.keeping import Hand, NewAccount, grant, make_account
from ivr.accounts.rows import Role

TOKEN = re.compile(r'<meta name="csrf" content="([^"]+)">')
PASSWORD = "maple-bench-7"
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"


@dataclass(frozen=True)
class Stranger:
    """A browser with an empty jar of cookies, at an address."""

    client: FlaskClient
    address: str = "10.0.0.1"

    def get(self, page: str, **headers: str) -> TestResponse:
        """Open a page."""
        return self.client.get(page, headers=headers, environ_base=self._environment)

    def post(self, page: str, form: dict[str, str], *, seen: str = "/sign-in") -> TestResponse:
        """Send a form with the token of a page that was `seen` before."""
        shown = self.client.get(seen, environ_base=self._environment, follow_redirects=True).text
        found = TOKEN.search(shown)
        assert found is not None, shown
        return self.client.post(page, data={"csrf": found[1], **form}, environ_base=self._environment)

    def sign_in(self, name: str, password: str = PASSWORD, **more: str) -> TestResponse:
        """Send name and password."""
        return self.post("/sign-in", {"name": name, "password": password, **more})

    @property
    def _environment(self) -> dict[str, str]:
        return {"REMOTE_ADDR": self.address, "HTTP_USER_AGENT": AGENT}


def stranger(app: Flask, address: str = "10.0.0.1") -> Stranger:
    """A browser that has never been here."""
    return Stranger(app.test_client(), address)


def known(office: Office, id: str = "hanjiwon", *, role: Role = Role.SUPERVISOR, by: str = "command") -> str:
    """An account with a password of its own and one role; returns its log-in name."""
    hand = Hand(by, office.clock())
    new = NewAccount(id, "한지원", office.passwords.hashed(PASSWORD), is_temporary=False)
    with office.store.transaction() as session:
        grant(session, make_account(session, new, hand), ("kibo", role), hand=hand)
    return id
