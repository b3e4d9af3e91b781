"""`charterline accounts` as an operator uses it: the first administrator, roles, a lost password, a look at the log."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select, text

from commands.main import cli
from config.clock import system_clock
from ivr.accounts.access_log import Access, log_access
from ivr.accounts.passwords import Passwords
from ivr.accounts.rows import Account, AccountEntry, Act, Role
from ivr.accounts.sessions import From, begin_session
from ivr.billing.months import before, begin_of, month_at
from ivr.store import Store
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.accounts.people import AT

Run = Callable[..., Result]
MAKE = ("make", "admin", "--role", "administrator", "--line", "kibo", "--line", "dcgf")


@pytest.fixture
def run(engine: Engine, installed: None, command_line: Run) -> Run:
    """The command over the database of the test."""
    return lambda *words: command_line("accounts", *words)


def printed(result: Result) -> Any:  # Any: the JSON of the command
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_first_administrator_is_made_by_command_with_a_temporary_password(run: Run, engine: Engine) -> None:
    made = run(*MAKE, "--name", "운영자")
    assert made.exit_code == 0, made.output
    told, password = made.stdout.splitlines()
    assert told == "admin is administrator on kibo, dcgf"
    assert "not shown again" in made.stderr
    with Store(engine).reading() as session:
        account = session.get_one(Account, "admin")
        assert Passwords().fits(account.password, password)
        assert account.password_is_temporary
        assert set(session.scalars(select(AccountEntry.done_by))) == {"command"}
    (entry,) = printed(run("list", "--line", "kibo", "--json"))
    assert entry["roles"] == ["administrator@dcgf", "administrator@kibo"]
    assert (entry["standing"], entry["second_factor"]) == ("temporary", False)
    assert printed(run("list", "--line", "kotra", "--json")) == []
    again = run(*MAKE)
    assert again.exit_code == 1
    assert "already" in again.stderr


@ON_SQLITE
def test_a_password_is_asked_for_without_being_shown_and_a_weak_one_is_refused(run: Run, engine: Engine) -> None:
    words = ["accounts", *MAKE, "--ask"]
    weak = CliRunner().invoke(cli, words, input="qwerty1234\nqwerty1234\n")
    assert weak.exit_code == 1
    assert "common" in weak.output
    good = CliRunner().invoke(cli, words, input="maple-bench-7\nmaple-bench-7\n")
    assert good.exit_code == 0, good.output
    assert "maple-bench-7" not in good.output
    with Store(engine).reading() as session:
        assert not session.get_one(Account, "admin").password_is_temporary


@ON_SQLITE
def test_roles_are_given_and_taken_but_a_line_keeps_an_administrator(run: Run) -> None:
    run(*MAKE)
    role = ("--role", "auditor", "--line", "kibo")
    assert "is now auditor" in run("grant", "admin", *role).stdout
    assert "was already auditor" in run("grant", "admin", *role).stdout
    assert "is no longer auditor" in run("revoke", "admin", *role).stdout
    assert "was not auditor" in run("revoke", "admin", *role).stdout
    refused = run("revoke", "admin", "--role", "administrator", "--line", "kibo")
    assert refused.exit_code == 1
    assert "last administrator" in refused.stderr
    assert run("disable", "admin").exit_code == 1
    assert "'nowhere'" in run("grant", "admin", "--role", "auditor", "--line", "nowhere").stderr
    assert "no account nobody" in run("grant", "nobody", *role).stderr
    assert run("grant", "admin", "--role", "king", "--line", "kibo").exit_code == 2


def test_a_new_password_ends_sessions_and_acts_are_told(run: Run, engine: Engine) -> None:
    run("make", "kim", "--role", "supervisor", "--line", "kibo")
    with Store(engine).transaction() as session:
        account = session.get_one(Account, "kim")
        begin_session(session, "secret", account=account, came=From("10.0.0.1", "Chrome"), at=AT)
        account.failures = 4
    assert run("unlock", "kim").stdout == "kim may try at once\n"
    assert run("password", "kim").exit_code == 0
    assert printed(run("sessions", "kim", "--json")) == []
    for act, said in {"disable": "is disabled", "enable": "may sign in again", "end": "is signed out"}.items():
        assert said in run(act, "kim").stdout
    assert "has no second factor" in run("reset-factor", "kim").stdout
    assert "there is nobody" in run("link", "kim", "kibo-9").stderr
    with Store(engine).reading() as session:
        assert session.get_one(Account, "kim").failures == 0


@ON_SQLITE
def test_the_log_of_access_is_checked(run: Run, engine: Engine) -> None:
    with Store(engine).transaction() as session:
        log_access(session, Access("kim", "kibo", Act.PLAY, "recording:R1", "품질 점검"), at=AT)
    assert printed(run("check-log", "--line", "kibo", "--json")) == [{"line": "kibo", "broken_at": None}]
    with Store(engine).transaction() as session:
        session.execute(text("UPDATE access_entry SET reason = ''"))
    broken = run("check-log")
    assert broken.exit_code == 1
    assert "kibo         broken from entry 1 on" in broken.stdout


@ON_SQLITE
def test_who_comes_by_single_sign_on_gets_no_password(run: Run, engine: Engine) -> None:
    made = run("make", "lee", "--role", Role.AGENT.value, "--line", "kibo", "--provider")
    assert made.stdout == "lee is agent on kibo\n"
    with Store(engine).reading() as session:
        assert session.get_one(Account, "lee").password is None


def test_a_month_of_the_access_log_is_reviewed_and_signed_by_command(
    run: Run, command_line: Run, engine: Engine
) -> None:
    run(*MAKE)
    # The last month that is over, whenever this runs.
    month = before(month_at(system_clock()))
    with Store(engine).transaction() as session:
        log_access(session, Access("other", "kibo", Act.EXPORT, "cases", "월간 보고"), at=begin_of(month))
    review = ("review", "--line", "kibo", "--json")
    seen = printed(command_line("access", *review))
    assert (seen["month"], seen["state"], seen["entries"], seen["broken_at"]) == (str(month), "open", 1, None)
    assert seen["people"][0]["standing_out"] == {"export": 1, "night": 1}
    (owed,) = printed_owed(command_line("access", "owed", "--json"))
    assert (owed["line"], owed["month"]) == ("kibo", str(month))
    signing = ("sign", "--line", "kibo", "--remark", "모두 확인함")
    assert "no auditor or administrator" in command_line("access", *signing, "--by", "other").stderr
    signed = command_line("access", *signing, "--by", "admin")
    assert signed.exit_code == 0, signed.output
    assert printed(command_line("access", *review))["state"] == "done"
    assert printed(command_line("access", "owed", "--json")) == []


def printed_owed(result: Result) -> Any:  # Any: the JSON of the command
    """What is owed is printed whether or not it is overdue, which the status tells."""
    owed = json.loads(result.stdout)
    assert result.exit_code == int(any(one["overdue"] for one in owed))
    return owed
