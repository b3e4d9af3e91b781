"""What cases need to know of an institution, put together from the parts of a web process."""

from functools import lru_cache

from config.files import CHARTERS, read_folder
from ivr.cases.institution import Institution
from ivr.charters.model import Charters
from ivr.charters.reading import load_charters
from ivr.lines.model import Line
from webhooks.switchboard import Switchboard


def institution_of(board: Switchboard, line: Line) -> Institution:
    """The institution of a line."""
    return Institution(line, board.calendar, installed_charters(), board.store.keyring)


@lru_cache(maxsize=1)
def installed_charters() -> Charters:
    """The charters of the installation, read once a process; raises `BadData`."""
    return load_charters(read_folder(CHARTERS))
