"""The pages of kept forecasts: keeping one, the list of them, and one against what came."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from console.finding import own
from console.office import office
from console.paging import asked_after, cut
from console.shell import SUPERVISING
from console.staffing.room import blueprint, picked, team_name, week_of
from console.visitor import STAFF, allowed, visitor, wording
from ivr.staffing.keeping import NothingToKeep, compare, forecasts_of, keep_forecast
from ivr.staffing.rows import Forecast
from ivr.staffing.slots import written_slot

SIZE = 50
LARGEST_ID = 2**31 - 1


@blueprint.get("/forecasts")
@allowed(*STAFF)
def kept() -> str:
    """Every forecast that was kept, the newest first."""
    after = asked_after(1)
    last_id = min(int(after[0]), LARGEST_ID) if after and after[0].isdecimal() else None
    with office().store.reading() as session:
        found = forecasts_of(session, visitor().line, after=last_id, limit=SIZE + 1)
    page = cut(found, SIZE, lambda one: [str(one.id)])
    return render_template("staffing/kept.html", page=page, team_name=team_name)


@blueprint.post("/forecasts")
@allowed(*SUPERVISING)
def keep() -> Response:
    """Keep the forecast of a week as it is now."""
    asked, here = picked(request.form), office()
    with here.store.reading() as session:
        week = week_of(session, asked)
    if week.planning is None:
        flash(wording().say("staffing.too_little"), "error")
        return redirect(url_for("staffing.page", **asked.query), 303)
    row = Forecast(
        line=visitor().line.id,
        team=asked.team,
        first_day=asked.monday,
        last_day=asked.sunday,
        history_from=week.planning.history.first,
        made_by=visitor().account_id,
    )
    try:
        with here.store.transaction() as session:
            id = keep_forecast(session, week.plans, row, at=here.clock()).id
    except NothingToKeep:
        flash(wording().say("staffing.all_closed"), "error")
        return redirect(url_for("staffing.page", **asked.query), 303)
    flash(wording().say("staffing.is_kept"), "good")
    return redirect(url_for("staffing.one_kept", id=id), 303)


@blueprint.get("/forecasts/<int:id>")
@allowed(*STAFF)
def one_kept(id: int) -> str:
    """A kept forecast against what came."""
    with office().store.reading() as session:
        forecast = own(session, Forecast, min(id, LARGEST_ID))
        found = compare(session, visitor().line, forecast, today=picked().today)
    return render_template(
        "staffing/compared.html",
        forecast=forecast,
        found=found,
        team_name=team_name,
        written_slot=written_slot,
        target=picked().target,
    )
