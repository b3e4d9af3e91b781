"""The directory as an operator uses it by command."""

import json
from collections.abc import Callable

import pytest
from click.testing import Result
from sqlalchemy import Engine

from commands.demo import add_officers, agent_row, read_demo
from config.files import LINES, MESSAGES, read_folder
from ivr.lines.reading import load_lines
from ivr.messages.reading import load_texts
from ivr.store import Store
from tests.http.board import MORNING

Run = Callable[..., Result]


@pytest.fixture
def run(command_line: Run, engine: Engine, installed: None) -> Run:
    """Commands over a database that holds the people of the demo."""
    demo, lines = read_demo(), load_lines(read_folder(LINES), load_texts(read_folder(MESSAGES)))
    with Store(engine).transaction() as session:
        session.add_all(agent_row(agent, lines.by_id(agent.line), MORNING) for agent in demo.agents)
        session.flush()
        add_officers(session, demo.agents, demo.supervisors)
        add_officers(session, demo.agents, demo.supervisors)
    return lambda *words: command_line("directory", *words)


def test_everybody_of_the_demo_can_be_found_by_duty(run: Run) -> None:
    listed = run("list", "--json")
    assert listed.exit_code == 0, listed.output
    everybody = json.loads(listed.stdout)
    assert len(everybody) == 20
    found = json.loads(run("search", "기술평가", "--json").stdout)
    assert [(one["officer"], one["deputy"], one["absent"]) for one in found] == [("kibo-3", "kibo-1", None)]
    assert "김민수" in run("search", "신규 보증", "--line", "kibo").stdout


def test_an_absence_is_planned_shown_and_ended(run: Run) -> None:
    planned = run("absent", "kibo-1", "--to", "2099-01-01", "--reason", "training")
    assert planned.exit_code == 0
    shown = json.loads(run("show", "kibo-1", "--json").stdout)
    assert (shown["absent"], shown["stands_in"], len(shown["absences"])) == ("training", "kibo-3", 1)
    assert "training" in run("show", "kibo-1").stdout
    assert run("back", "kibo-1").exit_code == 0
    assert run("back", "kibo-1").exit_code == 1
    later = run("absent", "kibo-1", "--from", "2099-01-02T09:00", "--to", "2099-01-01", "--reason", "leave")
    assert (later.exit_code, "before its beginning" in later.stderr) == (1, True)


def test_reminder_numbers_are_never_shown_whole(run: Run) -> None:
    assert run("show", "kibo-lead", "--json").stdout.count("010-****-0109") == 1


def test_an_officer_is_added_and_given_a_deputy(run: Run) -> None:
    who = ("--line", "kibo", "--name", "한결", "--department", "재기지원부", "--title", "대리")
    added = run("add", "kibo-9", *who, "--duties", "재기지원팀", "--number", "051-1000-0190")
    assert added.exit_code == 0, added.stderr
    assert run("deputy", "kibo-9", "kibo-1").exit_code == 0
    shown = json.loads(run("show", "kibo-9", "--json").stdout)
    assert (shown["deputy"], shown["number"], shown["duties"]) == ("kibo-1", "051-1000-0190", ["재기지원팀"])
    assert run("deputy", "kibo-9", "daejeon-1").exit_code == 1
    assert run("add", "kibo-9", *who, "--agent", "daejeon-1").exit_code == 1
    assert run("add", "kibo-9", *who, "--number", "12").exit_code == 1
    assert run("show", "nobody").exit_code == 1


def test_what_is_left_out_of_a_change_stays(run: Run) -> None:
    who = ("--line", "kibo", "--name", "한결", "--department", "재기지원부", "--title")
    more = ("--role", "supervisor", "--number", "051-1000-0190", "--reminders", "010-1000-0190")
    assert run("add", "kibo-9", *who, "대리", "--duties", "재기지원팀", *more).exit_code == 0
    changed = run("add", "kibo-9", *who, "과장")
    assert changed.exit_code == 0, changed.stderr
    shown = json.loads(run("show", "kibo-9", "--json").stdout)
    assert (shown["title"], shown["duties"], shown["role"]) == ("과장", ["재기지원팀"], "supervisor")
    assert (shown["number"], shown["reminders"]) == ("051-1000-0190", "010-****-0190")


def test_two_officers_never_take_calls_as_one_agent(run: Run) -> None:
    who = ("--line", "kibo", "--name", "한결", "--department", "재기지원부", "--title", "대리")
    taken = run("add", "kibo-9", *who, "--agent", "kibo-1")
    assert (taken.exit_code, "kibo-1 takes calls as kibo-1 already" in taken.stderr) == (1, True)
