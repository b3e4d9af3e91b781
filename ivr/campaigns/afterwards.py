"""A dial that is over, and whose questions were answered afterwards on the web form, or by a step told late."""

from datetime import datetime

from sqlalchemy.orm import Session

from ivr.base import ROW_LOCK
from ivr.campaigns import money, quotas
from ivr.campaigns.beginning import NO_CALLS_LEFT
from ivr.campaigns.rows import Dial, DialOutcome, Target, TargetState
from ivr.surveys.rows import Disposition, Interview

QUOTA_FULL = "quota-full"
# What the person said herself after the dial was closed counts more than how the telephone call ended.
_SAID = frozenset(
    {
        Disposition.COMPLETED,
        Disposition.REFUSED,
        Disposition.INELIGIBLE,
        Disposition.PARTIAL,
        Disposition.BREAKOFF,
    }
)


def catch_up(session: Session, dial: Dial, *, at: datetime) -> None:
    """Bring target, quota and bill of a closed, locked dial to what its interview came to since; repeatable.

    A completed answer takes its place in the quota and one of the firm's calls again; where either has none left it
    is kept, but neither counted nor billed (`rejected`). Nobody is rung again after it.
    """
    interview = session.get(Interview, dial.id, with_for_update=ROW_LOCK, populate_existing=True)
    target = session.get(Target, (dial.campaign_id, dial.person_id), with_for_update=ROW_LOCK)
    if interview is None or target is None or interview.disposition not in _SAID:
        return
    if target.disposition in {interview.disposition, Disposition.REJECTED} or target.state is TargetState.DIALLING:
        return
    target.disposition, target.state = interview.disposition, TargetState.DONE
    target.next_at = target.lease_until = None
    target.why = DialOutcome.ANSWERED.value
    if interview.disposition is not Disposition.COMPLETED:
        return
    if not quotas.take(session, dial.campaign_id, target.group):
        target.disposition, target.why = Disposition.REJECTED, QUOTA_FULL
    elif not money.settle_late(session, dial, at=at):
        quotas.give_back(session, dial.campaign_id, target.group)
        target.disposition, target.why = Disposition.REJECTED, NO_CALLS_LEFT
