"""Single sign-on against a provider over real HTTP: an account is linked once, and a proof that lies opens nothing."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from console.app import create_app
from console.office import Office, SingleSignOn
from ivr.accounts.keeping import Hand, NewAccount, disable, grant, make_account
from ivr.accounts.rows import Account, AccountChange, AccountEntry, ConsoleSession, Role
from tests.console.identity_provider import CLIENT, SECRET, Provider, served_provider
from tests.console.people import office_over
from tests.console.strangers import PASSWORD, Stranger, known, stranger
from tests.http.board import Moment
from tests.store_fixtures.databases import ON_SQLITE

OWN = "http://console.example"


@pytest.fixture
def provider(moment: Moment) -> Iterator[Provider]:
    """The provider of the institution."""
    with served_provider(moment) as one:
        yield one


@pytest.fixture
def office(engine: Engine, moment: Moment, provider: Provider) -> Office:
    """A console that knows the provider, with an account that waits for its person."""
    sign_on = SingleSignOn(provider.issuer, CLIENT, SECRET)
    office, hand = office_over(engine, moment, single_sign_on=sign_on, console_url=OWN), Hand("command", moment())
    with office.store.transaction() as session:
        account = make_account(session, NewAccount("hanjiwon", "한지원"), hand)
        grant(session, account, ("kibo", Role.SUPERVISOR), hand=hand)
    return office


@pytest.fixture
def browser(office: Office) -> Stranger:
    """A browser that was never here."""
    return stranger(create_app(office))


def go(browser: Stranger, wanted: str = "/account") -> TestResponse:
    """To the provider and back with what it says, as a browser does."""
    sent = browser.get(f"/sign-in/provider?next={wanted}").location
    back = httpx.get(sent).headers["Location"]
    assert back.startswith(f"{OWN}/sign-in/provider/back?")
    return browser.get(back.removeprefix(OWN))


def said(browser: Stranger) -> str:
    """The sign-in page after a refusal."""
    return browser.get("/sign-in").text


def test_somebody_comes_in_and_the_account_is_linked_once(
    browser: Stranger, office: Office, provider: Provider
) -> None:
    assert "기관 통합 로그인" in said(browser)
    assert go(browser).location == "/account"
    shown = browser.get("/account").text
    assert "통합 로그인으로만" in shown
    provider.claims = {"sub": "u-1", "preferred_username": "renamed"}
    assert go(stranger(browser.client.application)).location == "/account"
    with office.store.reading() as session:
        assert session.get_one(Account, "hanjiwon").subject == f"{provider.issuer} u-1"
        linked = select(AccountEntry).where(AccountEntry.change == AccountChange.LINKED)
        assert len(session.scalars(linked).all()) == 1
    provider.claims = {"sub": "u-2", "preferred_username": "hanjiwon"}
    other = stranger(browser.client.application)
    assert go(other).location == "/sign-in"
    assert "연결된 계정이 없습니다" in said(other)


@ON_SQLITE
def test_an_account_with_a_password_is_nobodys_to_take(browser: Stranger, office: Office, provider: Provider) -> None:
    known(office, "boss", role=Role.ADMINISTRATOR)
    provider.claims = {"sub": "u-9", "preferred_username": "boss"}
    assert go(browser).location == "/sign-in"
    assert browser.sign_in("boss", PASSWORD).status_code == 303


@ON_SQLITE
@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"iss": "https://elsewhere.example"},
        {"exp": 1},
        {"exp": None},
        {"iat": 4102444800},
        {"sub": None},
    ],
)
def test_a_proof_that_does_not_hold_opens_nothing(
    browser: Stranger, office: Office, provider: Provider, changes: dict[str, object]
) -> None:
    provider.changes = changes
    assert go(browser).location == "/sign-in"
    assert "마치지 못했습니다" in said(browser)
    with office.store.reading() as session:
        assert session.query(ConsoleSession).count() == 0
        assert session.get_one(Account, "hanjiwon").subject is None


@ON_SQLITE
@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_proof_signed_by_nobody_or_with_what_both_know_opens_nothing(
    browser: Stranger, provider: Provider, algorithm: str
) -> None:
    provider.algorithm = algorithm
    assert go(browser).location == "/sign-in"


@ON_SQLITE
def test_a_proof_signed_with_another_key_opens_nothing(browser: Stranger, provider: Provider) -> None:
    provider.signing_key = RSAKey.generate_key(2048, {"kid": "k1"})
    assert go(browser).location == "/sign-in"


@ON_SQLITE
def test_a_way_back_that_this_browser_did_not_begin_leads_nowhere(browser: Stranger, office: Office) -> None:
    sent = browser.get("/sign-in/provider").location
    back = httpx.get(sent).headers["Location"].removeprefix(OWN)
    assert stranger(browser.client.application).get(back).location == "/sign-in"
    state = parse_qs(urlsplit(back).query)["state"][0]
    assert browser.get(f"/sign-in/provider/back?code=x&state={state}x").location == "/sign-in"
    assert browser.get(back).location == "/sign-in"
    assert go(browser).location == "/account"
    with office.store.reading() as session:
        assert session.query(ConsoleSession).count() == 1


@ON_SQLITE
def test_a_way_back_counts_once(browser: Stranger) -> None:
    sent = browser.get("/sign-in/provider").location
    back = httpx.get(sent).headers["Location"].removeprefix(OWN)
    assert browser.get(back).location == "/"
    assert browser.get(back).location == "/sign-in"


@ON_SQLITE
def test_who_refuses_there_and_who_is_disabled_here_stays_outside(
    browser: Stranger, office: Office, provider: Provider, moment: Moment
) -> None:
    provider.refuses = True
    assert go(browser).location == "/sign-in"
    assert "마치지 못했습니다" in said(browser)
    provider.refuses = False
    with office.store.transaction() as session:
        disable(session, session.get_one(Account, "hanjiwon"), Hand("command", moment()))
    assert go(browser).location == "/sign-in"


@ON_SQLITE
def test_a_provider_that_does_not_answer_is_told_and_one_that_is_another_too(
    office: Office, provider: Provider
) -> None:
    silent = replace(office, single_sign_on=SingleSignOn("http://127.0.0.1:9", CLIENT, SECRET))
    browser = stranger(create_app(silent))
    assert browser.get("/sign-in/provider").location == "/sign-in"
    assert "응답하지 않습니다" in said(browser)
    provider.told_issuer = "https://elsewhere.example"
    assert stranger(create_app(office)).get("/sign-in/provider").location == "/sign-in"


@ON_SQLITE
@pytest.mark.parametrize(("is_verified", "comes_in"), [(True, "/account"), (False, "/sign-in"), (None, "/sign-in")])
def test_an_address_of_mail_counts_only_where_the_provider_has_verified_it(
    office: Office, provider: Provider, is_verified: bool | None, comes_in: str
) -> None:
    by_mail = replace(office, single_sign_on=SingleSignOn(provider.issuer, CLIENT, SECRET, "email"))
    provider.claims = {"sub": "u-1", "email": "hanjiwon", "email_verified": is_verified}
    assert go(stranger(create_app(by_mail))).location == comes_in


@ON_SQLITE
def test_without_a_provider_there_is_no_such_page(office: Office) -> None:
    browser = stranger(create_app(replace(office, single_sign_on=None)))
    assert browser.get("/sign-in/provider").status_code == 404
    assert browser.get("/sign-in/provider/back?state=x").status_code == 404
    assert "기관 통합 로그인" not in said(browser)
