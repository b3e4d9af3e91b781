"""`charterline documents` and `charterline tokens`, as they are typed."""

import json
from collections.abc import Callable

import pytest
from click.testing import Result
from sqlalchemy import Engine

from ivr.documents.rows import Document
from ivr.store import Store
from tests.store_fixtures.databases import ON_SQLITE

pytestmark = pytest.mark.usefixtures("installed")
Type = Callable[..., Result]
RECEIVED = ("documents", "receive", "--line", "dcgf", "--channel", "post", "--kind", "guarantee")


def receive(command_line: Type, *more: str) -> str:
    """Papers are received; returns their id."""
    result = command_line(*RECEIVED, "--reference", "p1", *more)
    assert result.exit_code == 0, result.output
    return result.output.split()[0]


def test_papers_are_received_listed_and_shown(command_line: Type, engine: Engine) -> None:
    id = receive(command_line, "--from", "010-1000-0001", "--sender", "홍길동", "--pages", "2")
    assert receive(command_line, "--from", "010-1000-0001", "--sender", "홍길동", "--pages", "2") == id
    listed = json.loads(command_line("documents", "list", "--json").output)
    assert [(one["document"], one["number"], one["state"]) for one in listed] == [(id, "010-****-0001", "received")]
    shown = json.loads(command_line("documents", "show", id, "--json").output)
    assert [fact["kind"] for fact in shown["facts"]] == ["received"]
    assert shown["messages"] == []
    assert json.loads(command_line("documents", "list", "--officer", "choi", "--json").output) == []
    assert len(json.loads(command_line("documents", "list", "--state", "received", "--json").output)) == 1
    assert "홍길동" not in command_line("documents", "show", id).output
    with Store(engine).reading() as session:
        assert session.get_one(Document, id).sender == "홍길동"


def test_missing_papers_are_owed_until_a_person_explained_them(command_line: Type) -> None:
    id = receive(command_line, "--from", "010-1000-0001")
    assert command_line("documents", "missing", id, "--paper", "tax", "--paper", "lease:unreadable").exit_code == 0
    owed = json.loads(command_line("documents", "list", "--owed", "--json").output)
    assert [one["owed"] for one in owed] == [["missing"]]
    assert command_line("documents", "told", id, "--what", "missing", "--by", "phone").exit_code == 0
    assert json.loads(command_line("documents", "list", "--owed", "--json").output) == []
    assert command_line("documents", "complete", id).exit_code == 0
    refused = command_line("documents", "withdraw", id)
    assert refused.exit_code == 1
    assert "not allowed from 'complete'" in refused.output


@ON_SQLITE
@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("documents", "show", "nobody"), 1, "documents list"),
        (("documents", "complete", "nobody"), 1, "documents list"),
        ((*RECEIVED[:7], "nonsense", "--reference", "p"), 1, "known are guarantee"),
        ((*RECEIVED, "--reference", "p", "--at", "2126-01-01"), 1, "future"),
        ((*RECEIVED, "--reference", "p", "--from", "12"), 1, "not a telephone number"),
        (("documents", "receive", "--line", "nowhere", *RECEIVED[4:], "--reference", "p"), 1, "no line"),
        (("documents", "receive", "--channel", "pigeon"), 2, "pigeon"),
        (("tokens", "add", "x", "--line", "nowhere", "--scope", "documents:read"), 1, "no line"),
        (("tokens", "add", "x", "--scope", "everything"), 2, "everything"),
        (("tokens", "add", " ", "--scope", "documents:read"), 1, "name is empty"),
        (("tokens", "revoke", "nobody"), 1, "tokens list"),
    ],
)
def test_what_cannot_be_done_is_told(command_line: Type, words: tuple[str, ...], status: int, message: str) -> None:
    result = command_line(*words)
    assert result.exit_code == status
    assert message in result.output


def test_a_token_is_shown_once_and_revoked(command_line: Type) -> None:
    made = command_line("tokens", "add", "fax server", "--line", "dcgf", "--scope", "documents:write", "--days", "7")
    token = made.output.splitlines()[0]
    listed = json.loads(command_line("tokens", "list", "--json").output)
    assert [(one["name"], one["line"], one["state"]) for one in listed] == [("fax server", "dcgf", "valid")]
    assert token.split("_", 2)[2] not in command_line("tokens", "list").output
    assert command_line("tokens", "revoke", listed[0]["token"]).exit_code == 0
    assert json.loads(command_line("tokens", "list", "--json").output)[0]["state"] == "revoked"
