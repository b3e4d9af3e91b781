"""Where the processes of one host put their figures, so that the page of one of them shows those of all."""

import os
import re
from pathlib import Path

FOLDER = "metrics"
# prometheus-client looks for this once, as it is imported: with it, figures go to files that several processes share.
SHARED = "PROMETHEUS_MULTIPROC_DIR"
UNNAMED = "process"
NO_NAME = re.compile(r"[^\w-]")


def process_name() -> str:
    """What this process is called in figures and log lines: as the Procfile names it."""
    return os.environ.get("CHARTERLINE_PROCESS") or os.environ.get("SUPERVISOR_PROCESS_NAME") or UNNAMED


def share_figures(data_dir: Path, process: str) -> None:
    """Put the figures of this process, from 0, into DATA_DIR/metrics/PROCESS; call it before anything counts.

    The name must be the process's own on its host. Where the folder cannot be made, figures stay in the process:
    nobody is to be without a hotline for them.
    """
    os.environ.setdefault("CHARTERLINE_PROCESS", process)
    folder = data_dir.absolute() / FOLDER / NO_NAME.sub("-", process_name())
    try:
        # The data folder itself is made by whoever installs, with its rights.
        for made in (folder.parent, folder):
            made.mkdir(mode=0o700, exist_ok=True)
        for old in folder.glob("*.db"):
            old.unlink(missing_ok=True)
    except OSError:
        return
    os.environ[SHARED] = str(folder)


def shared_files() -> list[str] | None:
    """The files of all processes of this host; None where this process keeps its figures to itself."""
    own = os.environ.get(SHARED)
    return None if own is None else sorted(str(path) for path in Path(own).parent.glob("*/*.db"))
