"""Numbers that are not to be rung, whatever was agreed to: added, and lifted again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Insert, Select, select, text
from sqlalchemy.orm import Session

from ivr.consents.rows import Suppression, SuppressionScope
from ivr.people.rows import Person
from ivr.promises import Promise, insert_for, promise_all

# Reasons of our own making; whoever suppresses by the command line gives others.
WITHDRAWN, ERASED = "withdrawn", "erased"


@dataclass(frozen=True, slots=True)
class Ban:
    """Whom nobody, one institution or one campaign may ring; `line` is empty for everybody."""

    scope: SuppressionScope
    number_index: str
    why: str
    line: str = ""
    campaign_id: int = 0

    def __post_init__(self) -> None:
        fits = {
            SuppressionScope.EVERYBODY: not self.line and not self.campaign_id,
            SuppressionScope.INSTITUTION: bool(self.line) and not self.campaign_id,
            SuppressionScope.CAMPAIGN: bool(self.campaign_id),
        }
        if not fits[self.scope]:
            raise ValueError(
                f"a suppression of scope {self.scope.value} does not go with line {self.line!r} and campaign"
                f" {self.campaign_id}: give a line for an institution, a campaign for a campaign, nothing for everybody"
            )


def suppressing(dialect: str, ban: Ban, *, by: str, at: datetime) -> Insert:
    """The statement that adds a suppression, or leaves the one that stands as it is."""
    return (
        insert_for(dialect, Suppression)
        .values(
            scope=ban.scope,
            line=ban.line,
            campaign_id=ban.campaign_id,
            number_index=ban.number_index,
            why=ban.why,
            added_at=at,
            added_by=by,
        )
        .on_conflict_do_nothing(
            index_elements=["number_index", "scope", "line", "campaign_id"], index_where=text("lifted_at IS NULL")
        )
    )


def suppress(session: Session, ban: Ban, *, by: str, at: datetime) -> None:
    """Add a suppression, and promise that whoever is being rung at that number is rung no longer."""
    held = select(Person.id).where(Person.number_index == ban.number_index).order_by(Person.id)
    if ban.line:
        held = held.where(Person.line == ban.line)
    people = session.scalars(held.with_for_update(key_share=True)).all()
    session.execute(suppressing(session.get_bind().dialect.name, ban, by=by, at=at))
    stop_dials(session, people, at=at)


def stop_dials(session: Session, person_ids: Sequence[int], *, at: datetime) -> None:
    """Promise to end the calls by which these people are being rung at this moment."""
    named = at.isoformat()
    promise_all(session, [Promise("stop-dials", f"stop-dials:{id}:{named}", at, {"person": id}) for id in person_ids])


def lift(session: Session, standing: Select[Suppression], *, at: datetime) -> list[Suppression]:
    """Lift the suppressions that a query of `standing_bans` finds; gives them."""
    rows = list(session.scalars(standing.with_for_update()))
    for row in rows:
        row.lifted_at = at
    return rows


def standing_bans(number_index: str) -> Select[Suppression]:
    """The suppressions of a number that are not lifted."""
    query = select(Suppression).where(Suppression.number_index == number_index, Suppression.lifted_at.is_(None))
    return query.order_by(Suppression.added_at, Suppression.id)
