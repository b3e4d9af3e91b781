"""Files that people take along: whole or not at all, and closed either way."""

from typing import BinaryIO

import pytest
from flask import Flask

from console.downloads import IN_MEMORY, download

LARGE = b"x" * (IN_MEMORY + 1)


@pytest.mark.parametrize("content", [b"a,b\r\n", LARGE], ids=["in memory", "on the disk"])
def test_a_file_is_sent_whole_under_its_name_and_closed(content: bytes) -> None:
    files: list[BinaryIO] = []

    def write(file: BinaryIO) -> None:
        files.append(file)
        file.write(content)

    with Flask(__name__).test_request_context():
        answer = download("cases-kibo", ".csv", write)
        answer.direct_passthrough = False
        assert answer.get_data() == content
        assert "filename=cases-kibo.csv" in answer.headers["Content-Disposition"]
        assert answer.mimetype == "text/csv"
        answer.close()
    assert [file.closed for file in files] == [True]


def test_what_fails_halfway_is_closed_and_not_sent() -> None:
    files: list[BinaryIO] = []

    def write(file: BinaryIO) -> None:
        files.append(file)
        file.write(LARGE)
        raise OSError("the disk is full")

    with Flask(__name__).test_request_context(), pytest.raises(OSError, match="full"):
        download("cases-kibo", ".csv", write)
    assert [file.closed for file in files] == [True]
