"""Gather: keys, speech, barge-in, silence and the rules of its end."""

from tests.carrier.stage import BASE, Stage, heard

MENU = "<Gather numDigits='1' action='/menu'><Say>가나다라마바사가나다라마바사</Say></Gather><Say>입력이 없습니다</Say>"


def test_a_key_interrupts_the_prompt_and_reaches_the_action() -> None:
    stage = Stage({"/in": MENU, "/menu": "<Say>예</Say>"})
    call = stage.dial("2", press_after=0.5)
    stage.run(10)
    assert stage.forms("/menu")[0]["Digits"] == "2"
    prompt = next(piece for piece in call.heard if piece.kind == "say")
    assert not prompt.complete
    assert heard(call, "say")[-1] == "예"


def test_without_a_key_the_document_goes_on_after_the_timeout_which_counts_from_the_end_of_the_prompt() -> None:
    """timeout 5 by default; actionOnEmptyResult=false falls through silently to the next verb."""
    stage = Stage({"/in": MENU})
    call = stage.dial()
    stage.run(20)
    says = [piece for piece in call.heard if piece.kind == "say"]
    assert [piece.text for piece in says][-1] == "입력이 없습니다"
    assert says[0].until is not None
    assert (says[1].at - says[0].until).total_seconds() == 5
    assert stage.forms("/menu") == []


def test_action_on_empty_result_asks_the_action_with_empty_digits() -> None:
    stage = Stage({"/in": "<Gather actionOnEmptyResult='true' timeout='3' action='/menu'/>", "/menu": "<Hangup/>"})
    stage.dial()
    stage.run(10)
    assert stage.forms("/menu")[0]["Digits"] == ""


def test_the_finishing_key_ends_it_and_is_not_part_of_the_digits() -> None:
    """finishOnKey # by default; the empty string switches it off."""
    stage = Stage({"/in": "<Gather action='/menu'/>", "/menu": "<Hangup/>"})
    stage.dial("123#4")
    stage.run(10)
    form = stage.forms("/menu")[0]
    assert (form["Digits"], form["FinishedOnKey"]) == ("123", "#")


def test_with_an_empty_finishing_key_a_hash_is_a_digit_like_any_other() -> None:
    stage = Stage({"/in": "<Gather finishOnKey='' numDigits='2' action='/menu'/>", "/menu": "<Hangup/>"})
    stage.dial("1#")
    stage.run(10)
    assert stage.forms("/menu")[0]["Digits"] == "1#"


def test_each_key_starts_the_timeout_anew() -> None:
    stage = Stage(
        {"/in": "<Gather timeout='2' action='/menu'/>", "/menu": "<Hangup/>"},
    )
    call = stage.dial()
    stage.run(2)
    stage.network.handset(call.route.from_).press("1")
    stage.run(1.5)
    stage.network.handset(call.route.from_).press("2")
    stage.run(5)
    assert stage.forms("/menu")[0]["Digits"] == "12"


def test_without_an_action_the_present_document_is_asked_again() -> None:
    """action default: the current URL."""
    stage = Stage({"/in": "<Redirect>/menu</Redirect>", "/menu": "<Gather numDigits='1'/>"})
    stage.dial("1", "2", press_after=0.2)
    stage.run(3)
    assert [form.get("Digits") for form in stage.forms("/menu")] == [None, "1", "2"]


def test_a_sentence_comes_as_speech_result_when_speech_is_asked_for() -> None:
    stage = Stage({"/in": "<Gather input='speech dtmf' action='/said'/>", "/said": "<Hangup/>"})
    stage.dial(says=("상담원",))
    stage.run(10)
    form = stage.forms("/said")[0]
    assert form["SpeechResult"] == "상담원"
    assert float(form["Confidence"]) > 0.5


def test_keys_mean_nothing_when_only_speech_is_asked_for() -> None:
    stage = Stage({"/in": "<Gather input='speech' action='/said' timeout='3'/><Say>끝</Say>"})
    call = stage.dial("1")
    stage.run(10)
    assert heard(call) == ["끝"]
    assert stage.forms("/said") == []


def test_the_handset_says_whether_a_key_is_waited_for() -> None:
    stage = Stage({"/in": MENU, "/menu": "<Pause length='9'/>"})
    stage.dial("1", press_after=3)
    stage.run(2)
    assert stage.web.get("/handsets/01010000001").get_json()["gather"] is True
    stage.run(4)
    assert stage.web.get("/handsets/01010000001").get_json()["gather"] is False


def test_files_inside_a_gather_are_resolved_against_the_document() -> None:
    stage = Stage({"/in": "<Gather><Play>menu.mp3</Play></Gather>"})
    call = stage.dial()
    stage.run(3)
    assert heard(call, "play") == [f"{BASE}/menu.mp3"]
