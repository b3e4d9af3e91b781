"""The page on which an agent works, and its parts that are asked for again whenever something has changed."""

from flask import Response, render_template, request

from console.desk import acts, phone, presence, stream
from console.desk.room import blueprint, shown
from console.desk.showing import look
from console.office import office
from console.visitor import allowed, visitor
from ivr.accounts.rows import Role

# The views of these belong to the blueprint, too.
__all__ = ["acts", "blueprint", "phone", "presence", "stream"]


@blueprint.get("/")
@allowed(Role.AGENT)
def page() -> str:
    """The desk; whoever takes no calls is told whom to ask."""
    if visitor().agent_id is None:
        return render_template("desk/unlinked.html")
    with office().store.reading() as session:
        sight = look(session)
    return render_template("desk/page.html", **shown(sight))


@blueprint.get("/live")
@allowed(Role.AGENT)
def live() -> str | Response:
    """Presence and the present work; 204 where the page shows them already (`mark`)."""
    with office().store.reading() as session:
        sight = look(session)
    if request.args.get("mark") == sight.mark:
        return Response(status=204)
    return render_template("desk/live.html", **shown(sight))


@blueprint.get("/tools")
@allowed(Role.AGENT)
def tools() -> str:
    """The tools beside the present work."""
    with office().store.reading() as session:
        sight = look(session)
    return render_template("desk/tools.html", **shown(sight))
