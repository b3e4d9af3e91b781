"""Quotas: how many completed answers a group, and the campaign, may still get; taken at the second of dialling.

The rows of one campaign are always locked together and in the same order: no two transactions wait for each other.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from ivr.campaigns.plan import Plan
from ivr.campaigns.rows import Quota
from ivr.promises import insert_for

WHOLE = ""


def open_quotas(session: Session, campaign_id: int, plan: Plan) -> None:
    """Write the quotas of a plan as the campaign is launched; those that are there stay as they are."""
    wanted: Mapping[str, int] = {**plan.groups, **({WHOLE: plan.cut_off} if plan.cut_off else {})}
    adding = insert_for(session.get_bind().dialect.name, Quota)
    rows = [{"campaign_id": campaign_id, "group": group, "wanted": most, "taken": 0} for group, most in wanted.items()]
    if rows:
        session.execute(adding.values(rows).on_conflict_do_nothing(index_elements=["campaign_id", "group"]))


def take(session: Session, campaign_id: int, group: str) -> bool:
    """Take one place of the group and of the whole; False, and nothing taken, where either has none left."""
    concerned = [quota for quota in _locked(session, campaign_id) if quota.group in {WHOLE, group}]
    if any(quota.taken >= quota.wanted for quota in concerned):
        return False
    for quota in concerned:
        quota.taken += 1
    return True


def take_all(session: Session, campaign_id: int, groups: Sequence[str]) -> list[bool]:
    """`take` for people of these groups who are begun together, one after the other."""
    quotas = list(_locked(session, campaign_id)) if groups else []
    taken: list[bool] = []
    for group in groups:
        concerned = [quota for quota in quotas if quota.group in {WHOLE, group}]
        has_place = all(quota.taken < quota.wanted for quota in concerned)
        for quota in concerned:
            quota.taken += has_place
        taken.append(has_place)
    return taken


def give_back(session: Session, campaign_id: int, group: str) -> None:
    """Give back the place of a dial that did not end with a completed answer."""
    for quota in _locked(session, campaign_id):
        if quota.group in {WHOLE, group}:
            quota.taken = max(0, quota.taken - 1)


def full_groups(session: Session, campaign_id: int) -> frozenset[str]:
    """The groups of which no place is left at this moment; '' when there is none of the whole."""
    return frozenset(quota.group for quota in session.scalars(_quotas(campaign_id)) if quota.taken >= quota.wanted)


def quotas_of(session: Session, campaign_id: int) -> Mapping[str, tuple[int, int]]:
    """Taken and wanted of each group, '' being the whole."""
    return {quota.group: (quota.taken, quota.wanted) for quota in session.scalars(_quotas(campaign_id))}


def _quotas(campaign_id: int) -> Select[Quota]:
    return select(Quota).where(Quota.campaign_id == campaign_id).order_by(Quota.group)


def _locked(session: Session, campaign_id: int) -> Iterable[Quota]:
    locking = _quotas(campaign_id).with_for_update(key_share=True).execution_options(populate_existing=True)
    # What was taken before in this transaction must not be read over.
    session.flush()
    return session.scalars(locking).all()
