"""What the commands that change firms share: one transaction of work on the centre that is meant, and a day of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

import click

from commands.centre import centre_of
from commands.shared import by_option, opened
from config.clock import system_clock
from ivr.base import Refused
from ivr.firms.working import Work
from ivr.lines.model import UnknownLine

BY = by_option("--by", text="Who does it")
DAY = click.DateTime(["%Y-%m-%d"])


@contextmanager
def working(line_id: str | None, by: str) -> Iterator[Work]:
    """One transaction of work; what cannot be done is told in words, with exit status 1."""
    here = opened()
    try:
        with here.store.transaction() as session:
            yield Work(session, centre_of(here, line_id), by, system_clock())
    except (Refused, UnknownLine) as error:
        raise click.ClickException(str(error)) from None


def day_of(given: datetime | None, work: Work) -> date:
    """The day that was given; today without one."""
    return given.date() if given else work.today
