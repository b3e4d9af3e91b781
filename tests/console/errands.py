"""The clerk of the tests: does what was asked for at the console, in this thread."""

from sqlalchemy import select

from console.office import Office
from ivr.errands.rows import Errand
from workers.clerk import Clerk, Desk
from workers.errand_kinds import KINDS


def clerk_of(office: Office) -> Clerk:
    """A clerk over the office's store and folder."""
    assert office.uploads is not None
    desk = Desk(office.store, office.uploads, office.clock, office.ring_bell, lambda: office.calendar)
    return Clerk(desk, KINDS)


def do_errands(office: Office) -> list[Errand]:
    """Do every errand that is not over; all of them as they stand afterwards."""
    clerk = clerk_of(office)
    for errand in _errands(office):
        if errand.over_at is None:
            clerk.carry_out(errand.id)
    return _errands(office)


def _errands(office: Office) -> list[Errand]:
    with office.store.reading() as session:
        return list(session.scalars(select(Errand).order_by(Errand.id)))
