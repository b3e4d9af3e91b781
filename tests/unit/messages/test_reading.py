"""Faults in message files: all found at once, each with its file and key."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from config.files import MESSAGES, UnreadableFiles, read_folder
from ivr.faults import BadData
from ivr.messages.reading import load_texts, read_texts

Documents = dict[str, Any]  # what TOML gives: tables of any depth, changed at will by these tests


@pytest.fixture
def documents() -> Documents:
    return deepcopy(read_folder(MESSAGES))


def test_the_delivered_messages_have_no_fault(documents: Documents) -> None:
    assert read_texts(documents)[1] == []


def test_every_fault_of_every_file_is_named_at_once(documents: Documents) -> None:
    documents["ko.toml"]["queue"]["position"] = "{place}번째"
    documents["ko.toml"]["queue"]["strange"] = "문장"
    del documents["ko.toml"]["farewell"]
    documents["en.toml"]["menu"]["agent"] = 5
    documents["sms.toml"]["receipt"]["text"] = "😀 {institution} {nickname}"
    documents["sms.toml"]["opinions"]["text"] = "(광고) {institution}"
    documents["sms.toml"]["branches"]["worth"] = "soon"
    documents["sms.toml"]["academy"] = {"version": "1", "kind": "letter", "subject": "교육"}
    faults = {(fault.file, fault.key): fault.message for fault in read_texts(documents)[1]}
    assert ("ko.toml", "queue.position") in faults
    assert ("ko.toml", "queue.strange") in faults
    assert {("ko.toml", "farewell.thanks"), ("ko.toml", "farewell.end")} <= faults.keys()
    assert ("en.toml", "menu.agent") in faults
    assert ("sms.toml", "receipt.text") in faults
    assert "(광고)" in faults["sms.toml", "opinions.text"]
    assert "20 minutes" in faults["sms.toml", "branches.worth"]
    assert {("sms.toml", f"academy.{key}") for key in ("version", "kind", "text", "subject")} <= faults.keys()


def test_a_template_of_a_menu_has_a_name_that_fits_into_the_id_of_a_message(documents: Documents) -> None:
    fine = {"version": 1, "kind": "service", "text": "[{institution}] 안내"}
    documents["sms.toml"] |= {"a" * 23: fine, "b" * 24: fine}
    assert [fault.key for fault in read_texts(documents)[1]] == ["b" * 24]


def test_a_template_says_each_thing_that_is_wrong_with_its_text(documents: Documents) -> None:
    documents["sms.toml"]["receipt"]["text"] = "😀 {institution} {nickname} {masked}" + "가" * 1001
    messages = " ".join(fault.message for fault in read_texts(documents)[1])
    assert "{nickname} is not a registered field" in messages
    assert "{masked} is not filled in for this template" in messages
    assert "{receipt} must stand in this template" in messages
    assert "'😀' cannot be sent" in messages
    assert "longer than 2,000 bytes" in messages


def test_faulty_messages_are_refused_as_a_whole(documents: Documents) -> None:
    del documents["sms.toml"]["receipt"]
    with pytest.raises(BadData, match=r"sms\.toml: receipt: is missing"):
        load_texts(documents)


def test_without_a_korean_catalogue_there_are_no_texts(documents: Documents) -> None:
    del documents["ko.toml"]
    with pytest.raises(BadData, match="ko-KR"):
        load_texts(documents)


def test_files_that_are_not_toml_are_all_named_and_the_others_still_read(tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text("key = 1")
    (tmp_path / "broken.toml").write_text("key = ")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UnreadableFiles) as caught:
        read_folder(tmp_path)
    assert caught.value.problems.keys() == {"broken.toml", "binary.toml"}
    assert caught.value.documents == {"good.toml": {"key": 1}}


def test_an_empty_folder_is_a_problem_and_not_an_empty_service(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFiles):
        read_folder(tmp_path)
