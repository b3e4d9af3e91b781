"""Whether somebody is on the telephone with us, or being rung: each way in which that can be, as a condition."""

from typing import TypeAlias

from sqlalchemy import ColumnElement, SQLColumnExpression, exists

from ivr.calls.rows import Call
from ivr.campaigns.rows import Dial
from ivr.dialling.rows import Attempt, AttemptState
from ivr.voicing.rows import Reading

NumberIndex: TypeAlias = str | SQLColumnExpression[str] | SQLColumnExpression[str | None]


def is_calling(number_index: NumberIndex) -> ColumnElement[bool]:
    """Whether this number is in a call to any line of ours."""
    return exists().where(Call.caller_index == number_index, Call.ended_at.is_(None))


def is_attempted(number_index: NumberIndex) -> ColumnElement[bool]:
    """Whether an agent's attempt to call back goes on."""
    return exists().where(Attempt.number_index == number_index, Attempt.state != AttemptState.OVER)


def is_read_to(number_index: NumberIndex) -> ColumnElement[bool]:
    """Whether a text is being read out to this number."""
    return exists().where(Reading.number_index == number_index, Reading.closed_at.is_(None))


def is_dialled(number_index: NumberIndex) -> ColumnElement[bool]:
    """Whether a campaign is ringing this number, or talking to it."""
    return exists().where(Dial.number_index == number_index, Dial.ended_at.is_(None))


def is_with_us(number_index: NumberIndex) -> ColumnElement[bool]:
    """Whether this number is on the telephone with us in any way but an agent's attempt."""
    return is_calling(number_index) | is_read_to(number_index) | is_dialled(number_index)
