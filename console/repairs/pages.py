"""The pages of repairs: the list with its filters, and one of them with its story."""

from flask import render_template, request

from console.centre import centre_line
from console.office import office
from console.paging import asked_after_moment, cut
from console.repairs import acting, taking
from console.repairs.opening import show
from console.repairs.room import ACTING, blueprint, choices
from console.visitor import allowed, visitor, wording
from ivr.lines.hours import SEOUL
from ivr.repairs.reading import PAGE, Sought, is_overdue, repairs_of, standing_of
from ivr.repairs.rows import Repair, RepairState, RepairWay

# Its forms are views of the same blueprint.
__all__ = ["acting", "blueprint", "taking"]
VIEWS = ("open", "overdue", "all")


@blueprint.get("/")
@allowed()
def page() -> str:
    """Repairs, the latest first; `?view=` is one of VIEWS."""
    line, _ = centre_line()
    given, today = request.args, office().clock().astimezone(SEOUL).date()
    view = given.get("view", "open") if given.get("view") in VIEWS else "open"
    state, way = given.get("state", ""), given.get("way", "")
    sought = Sought(
        state=RepairState(state) if state in set(RepairState) and view == "all" else None,
        way=RepairWay(way) if way in set(RepairWay) else None,
        partner=given.get("partner") or None,
        reference=given.get("reference", "").strip() or None,
        is_open=view == "open",
        overdue_on=today if view == "overdue" else None,
    )
    firm = given.get("firm") or None
    states = [(one.value, wording().say(f"repairs.state.{one.value}")) for one in RepairState]
    with office().store.reading() as session:
        rows = repairs_of(session, line.id, firm=firm, sought=sought, page=(asked_after_moment(), PAGE + 1))
        return render_template(
            "repairs/page.html",
            page=cut(rows, PAGE, _mark),
            view=view,
            views=VIEWS,
            sought=sought,
            firm=firm or "",
            standing=standing_of(session, line.id, today=today),
            late={repair.id for repair in rows if is_overdue(repair, today)},
            choices={**choices("common.all"), "states": [("", wording().say("common.all")), *states]},
            may_take=visitor().may(*ACTING),
        )


@blueprint.get("/<id>")
@allowed()
def one(id: str) -> str:
    """One repair: what is wrong with what, who does it by when, and what can be done."""
    return show(id)


def _mark(repair: Repair) -> tuple[str, str]:
    return repair.asked_at.isoformat(), repair.id
