"""Files that people take along: written whole before anything is sent, and closed whatever happens."""

from collections.abc import Callable
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Final, cast

from flask import Response, send_file

IN_MEMORY: Final = 4 * 1024 * 1024
TYPES: Final = {
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def download(name: str, ending: str, write: Callable[[BinaryIO], object]) -> Response:
    """The answer with the file `name` that `write` fills; a large one waits on the disk, and none is sent half."""
    file = cast(BinaryIO, SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115 - closed when it has been sent
    try:
        write(file)
        file.seek(0)
        answer = send_file(file, TYPES[ending], as_attachment=True, download_name=f"{name}{ending}")
    except BaseException:
        file.close()
        raise
    answer.call_on_close(file.close)
    return answer
