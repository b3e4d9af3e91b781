"""The wall of the visitor's line, drawn once with the page and again every five seconds."""

from flask import Blueprint, abort, render_template, url_for
from sqlalchemy.orm import Session

from console.office import office
from console.visitor import STAFF, allowed, open_to_all, visitor
from console.wall.links import links_of
from console.wall.screens import MAY_HANG, line_of, new_key
from console.wall.tiles import tiles_of
from ivr.lines.model import Line
from ivr.wall.picture import AgentNow
from ivr.wall.reading import agents_now, now

blueprint = Blueprint("wall", __name__, url_prefix="/wall")
# More people than that nobody reads on a wall; the directory has them all.
MOST_AGENTS = 60


@blueprint.get("/")
@allowed(*STAFF)
def page() -> str:
    """The whole page."""
    return render_template("wall/page.html", may_hang=visitor().may(*MAY_HANG), **_own())


@blueprint.get("/now")
@allowed(*STAFF)
def piece() -> str:
    """The part of the page that changes."""
    return render_template("wall/now.html", **_own())


@blueprint.post("/screens")
@allowed(*MAY_HANG)
def hang() -> str:
    """An address for a screen in the room."""
    key, until = new_key()
    address = office().console_url + url_for("wall.screen", key=key)
    return render_template("wall/hung.html", address=address, until=until)


@blueprint.get("/screens/<key>")
@open_to_all
def screen(key: str) -> str:
    """The wall of the line that the key is for, and nothing else."""
    return render_template("wall/page.html", may_hang=False, **_hung(key))


@blueprint.get("/screens/<key>/now")
@open_to_all
def screen_piece(key: str) -> str:
    """The part of such a page that changes."""
    return render_template("wall/now.html", **_hung(key))


def _own() -> dict[str, object]:
    line, at = visitor().line, office().clock()
    with office().store.reading() as session:
        agents = agents_now(session, line, at, limit=MOST_AGENTS)
        picture = _picture(session, line, agents)
    return {**picture, "address": url_for("wall.piece"), "links": links_of(line, at)}


def _hung(key: str) -> dict[str, object]:
    """Names of agents are not for whoever passes by."""
    with office().store.reading() as session:
        line = line_of(session, key)
        if line is None:
            abort(404)
        return {**_picture(session, line, None), "address": url_for("wall.screen_piece", key=key), "links": {}}


def _picture(session: Session, line: Line, agents: list[AgentNow] | None) -> dict[str, object]:
    wall = now(session, line, office().clock())
    return {
        "line": line,
        "wall": wall,
        "tiles": tiles_of(wall, line),
        "agents": agents,
        "unseen": wall.staff.total - len(agents or ()),
    }
