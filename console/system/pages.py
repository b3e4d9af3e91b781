"""The system page, for those who look after the installation."""

import platform
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, current_app, render_template, request

from console.office import office
from console.visitor import allowed, visitor
from ivr.accounts.access_review import overdue_reviews
from ivr.accounts.rows import Role
from ivr.health.database import database_state
from ivr.health.promises import due_promises, kept_promises, receipts, troubled_promises

blueprint = Blueprint("system", __name__, url_prefix="/system")
# Below this share of the disk, recordings and the database's own growth have no room for long.
LITTLE_ROOM = 0.1


@dataclass(frozen=True, slots=True)
class Disk:
    """Room in bytes, where the console's own files lie."""

    free: int
    total: int

    @property
    def is_full(self) -> bool:
        """Whether somebody should make room."""
        return self.free < self.total * LITTLE_ROOM


@blueprint.get("")
@allowed(Role.ADMINISTRATOR, Role.SUPERVISOR)
def page() -> str:
    """How the installation fares, renewed every five seconds."""
    here = office()
    at = here.clock()
    is_piece = request.headers.get("HX-Target") == "now"
    with here.store.reading() as session:
        kept = kept_promises(session)
        seen = {
            "due": due_promises(session, at=at),
            "kept": kept,
            "receipts": receipts(kept),
            "troubles": troubled_promises(session),
            "database": database_state(session, at=at),
            "reviews": [] if is_piece else overdue_reviews(session, [visitor().line.id], at=at),
        }
    used = shutil.disk_usage(Path(current_app.root_path))
    template = "system/now.html" if is_piece else "system/page.html"
    return render_template(
        template, disk=Disk(used.free, used.total), python=platform.python_version(), system=sys.platform, **seen
    )
