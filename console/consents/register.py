"""The do-not-call register: how old its reading is, and a newer one sent as a file."""

import secrets
from datetime import UTC, datetime, timedelta
from pathlib import PurePath
from typing import Final

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from console.consents.room import blueprint
from console.finding import own
from console.office import office
from console.visitor import STAFF, allowed, visitor, wording
from ivr.accounts.rows import Role
from ivr.consents.register import REGISTER_LASTS, newest_reading
from ivr.errands.doing import Task, ask
from ivr.errands.rows import Errand, ErrandKind, Upload
from ivr.lines.hours import SEOUL
from ivr.promises import Promise, promise_all

KEPT_FOR: Final = timedelta(days=1)


@blueprint.get("/register")
@allowed(*STAFF)
def register() -> str:
    """Of when the newest reading is, and until when telephone sales may rely on it."""
    with office().store.reading() as session:
        reading = newest_reading(session)
    return render_template("consents/register.html", reading=reading, lasts=REGISTER_LASTS)


@blueprint.post("/register")
@allowed(Role.SUPERVISOR)
def send_register() -> Response | tuple[str, int]:
    """Keep the file and ask for its reading; until it is read to its end, the last reading counts."""
    here, person, sent = office(), visitor(), request.files.get("file")
    checked_at = _moment(request.form.get("checked_at", ""))
    if here.uploads is None:
        abort(404)
    if sent is None or not sent.filename or checked_at is None:
        flash(wording().say("consents.register_wrong"), "error")
        return register(), 422
    at, id = here.clock(), secrets.token_hex(16)
    name = PurePath(sent.filename.replace("\\", "/")).name[:200]
    size = here.uploads.keep(id, sent.stream)  # type: ignore[arg-type]  # werkzeug types it as IO[bytes]
    row = Upload(id=id, line=person.line.id, name=name, size=size, kept_by=person.account_id, kept_at=at, what={})
    with here.store.transaction() as session:
        session.add(row)
        session.flush()
        promise_all(session, [Promise("purge-upload", f"purge-upload:{id}", at + KEPT_FOR, {"upload": id})])
        args = {"checked_at": checked_at.isoformat()}
        errand = ask(session, Task(ErrandKind.REGISTER, person.line.id, id, person.account_id, args), at=at).id
    here.ring_bell()
    return redirect(url_for("consents.register_errand", id=errand), 303)


@blueprint.get("/register/errands/<int:id>")
@allowed(Role.SUPERVISOR)
def register_errand(id: int) -> str | Response:
    """How far the reading is; once it is read, the register's page."""
    with office().store.reading() as session:
        errand = own(session, Errand, id)
    if errand.result is not None:
        flash(wording().say("consents.register_read", entries=f"{errand.result['entries']:,}"), "good")
        return redirect(url_for("consents.register"), 303)
    return render_template("consents/register_errand.html", errand=errand)


def _moment(typed: str) -> datetime | None:
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=SEOUL).astimezone(UTC)
    except ValueError:
        return None
