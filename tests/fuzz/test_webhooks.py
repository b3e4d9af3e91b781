"""Whatever is signed or opened from outside: a useful document or page, never an error, and no number in the log."""

from functools import partial

from sqlalchemy import Engine

from tests.fuzz.pages import Public, attack_a_page
from tests.fuzz.strange import PERSON
from tests.fuzz.trying import try_often
from tests.fuzz.webhooks import attack_a_conversation, attack_every_entry
from tests.http.board import Moment, Signed, board_over
from tests.log_lines import operators_log
from tests.sizes import examples
from tests.store_fixtures.databases import ON_SQLITE


@ON_SQLITE
def test_spoilt_requests_in_the_midst_of_conversations_are_answered_with_documents(engine: Engine) -> None:
    with operators_log() as lines:
        try_often(lambda data: attack_a_conversation(engine, data), examples=examples(40))
    assert PERSON[3:] not in lines.getvalue().replace("-", "")


def test_every_entry_answers_whatever_is_signed(engine: Engine) -> None:
    wire = Signed.to(board_over(engine, Moment()))
    with operators_log() as lines:
        try_often(lambda data: attack_every_entry(wire, data), examples=examples(10))
    assert PERSON[3:] not in lines.getvalue().replace("-", "")


def test_a_public_page_answers_whatever_is_asked(engine: Engine) -> None:
    public = Public.over(engine)
    with operators_log() as lines:
        for ordinal, (rule, method) in enumerate(public.rules()):
            try_often(partial(attack_a_page, public, rule, method), examples=examples(25), by_seed=ordinal)
    assert PERSON[3:] not in lines.getvalue().replace("-", "")
