"""What an agent does in a talk: memo and code, callback, case, text, transfer, ticks and steps against abuse."""

from datetime import timedelta

from sqlalchemy import Engine, func, select

from ivr.accounts.rows import Role
from ivr.agents.rows import AgentState
from ivr.callbacks.rows import Callback
from ivr.cases.rows import Case
from ivr.conduct.ticks import ticked_parts
from ivr.directory.rows import Officer
from ivr.messages.rows import Message
from ivr.numbers import PhoneNumber
from ivr.optouts.rows import OptOut, Scope, Way
from ivr.sealing import index_of
from ivr.transfers.rows import Transfer, TransferState
from tests.console.people import add_account, sign_in
from tests.console.talk_stage import PIECE, Talking, absent, colleague, talking
from tests.people import agent_phone, picks_up
from tests.store_fixtures.databases import ON_SQLITE


def count(stage: Talking, kind: type[Callback] | type[Case] | type[Message] | type[Transfer]) -> int:
    with stage.desk.world.store.reading() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


# Memo and code


def test_a_memo_is_kept_while_it_is_typed_and_is_there_after_a_reload(engine: Engine) -> None:
    stage = talking(engine)
    assert stage.post("/memo", memo=" ", version="0").status_code == 200
    assert stage.wrap() is None
    assert stage.post("/memo", memo="기한 <b>연장</b> 문의", version="0").status_code == 200
    kept = stage.wrap()
    assert kept is not None
    assert (kept.memo, kept.version, kept.code) == ("기한 <b>연장</b> 문의", 1, None)
    assert stage.post("/memo", memo="기한 <b>연장</b> 문의", version="1").status_code == 200
    assert stage.post("/memo", memo="기한 <b>연장</b> 문의 2", version="1").status_code == 200
    page = stage.get().text
    assert "&lt;function" not in page
    assert "기한 &lt;b&gt;연장&lt;/b&gt; 문의 2</textarea>" in page
    # Another page, opened before any of this, must show what stands before it replaces it.
    late = stage.post("/memo", memo="둘째 창", version="1")
    assert late.status_code == 409
    assert "문의 2</blockquote>" in late.text
    assert 'name="version" value="2"' in late.text
    assert stage.post("/memo", memo="둘째 창", version="2").status_code == 200


@ON_SQLITE
def test_the_wrap_up_needs_a_code_of_the_line_and_lets_the_next_call_come(engine: Engine) -> None:
    stage = talking(engine)
    stage.ends()
    assert stage.post("/wrap-up", memo="안내함", version="0").status_code == 422
    assert stage.post("/wrap-up", memo="안내함", version="0", code="made-up").status_code == 422
    assert stage.wrap() is None
    answer = stage.post("/wrap-up", memo="안내함", version="0", code="answered", then="finish")
    assert (answer.status_code, answer.headers["HX-Trigger"]) == (200, "desk")
    assert stage.desk.agent.state is AgentState.READY
    again = stage.post("/wrap-up", memo="안내함", version="1", code="answered", then="finish")
    assert again.status_code == 200
    kept = stage.wrap()
    assert kept is not None
    assert (kept.memo, kept.code, kept.version) == ("안내함", "answered", 1)


@ON_SQLITE
def test_a_late_memo_is_taken_on_the_same_day_and_only_read_on_the_next(engine: Engine) -> None:
    stage = talking(engine)
    stage.ends()
    stage.desk.until(lambda: stage.desk.agent.state is AgentState.READY)
    assert stage.post("/wrap-up", memo="늦게 적음", version="0", code="answered").status_code == 200
    stage.desk.world.run_for(timedelta(hours=16).total_seconds())
    person = sign_in(stage.desk.console, stage.desk.person.account_id)
    refused = person.post(f"/talk/of/{stage.subject}/memo", {"memo": "다음 날", "version": "1"}, **PIECE)
    assert refused.status_code == 422
    assert "textarea" not in person.get(f"/talk/talks/{stage.subject}").text
    kept = stage.wrap()
    assert kept is not None
    assert kept.memo == "늦게 적음"


# Callback and case


def test_a_callback_is_promised_once_to_the_number_of_the_caller(engine: Engine) -> None:
    stage = talking(engine)
    form = {"cb_mark": "abcd1234", "cb_name": "홍길동", "cb_content": "서류 문의", "cb_why": "needs_checking"}
    first, second = stage.post("/callback", **form), stage.post("/callback", **form)
    assert (first.status_code, second.status_code) == (200, 200)
    with stage.desk.world.store.reading() as session:
        (made,) = session.scalars(select(Callback)).all()
    assert (made.number.e164, made.customer, made.reason) == ("+821010000001", "홍길동", "needs_checking")
    assert made.receipt_number in first.text
    assert stage.get().text.count(made.receipt_number) == 1
    assert "010-****-0001" in first.text
    assert "+8210" not in first.text
    assert "1010000001" not in first.text


WRONG = (
    ({"cb_number": "12"}, "cb_number"),
    ({"cb_until": "2026-11-22T10:00"}, "cb_until"),
    ({"cb_until": "2026-11-23T23:30", "cb_from": "2026-11-23T23:00"}, "cb_until"),
    ({"cb_from": "2026-11-23T15:00"}, "cb_until"),
    ({"cb_name": ""}, "cb_no_name"),
    ({"cb_content": ""}, "cb_content"),
)


@ON_SQLITE
def test_a_callback_that_cannot_be_is_told_at_its_field(engine: Engine) -> None:
    stage = talking(engine)
    for typed, field in WRONG:
        form = {"cb_mark": "abcd1234", "cb_name": "홍길동", "cb_content": "서류 문의", **typed}
        answer = stage.post("/callback", **form)
        assert (answer.status_code, f'id="{field}-fault"' in answer.text) == (422, True)
        assert ('value="홍길동"' in answer.text) == bool(form["cb_name"])
    assert count(stage, Callback) == 0
    stage.post("/memo", memo="메모에 적은 문의", version="0")
    assert stage.post("/callback", cb_mark="abcd1234", cb_no_name="declined").status_code == 200
    with stage.desk.world.store.reading() as session:
        assert session.scalars(select(Callback)).one().content == "메모에 적은 문의"


def test_a_case_shows_its_due_date_before_it_is_taken_in_and_is_taken_in_once(engine: Engine) -> None:
    stage = talking(engine)
    due = stage.get("/case/due?case_kind=complaint&case_topic=").text
    form = {
        "case_mark": "abcd1234",
        "case_kind": "complaint",
        "case_content": "설명이 달랐습니다.",
        "case_name": "홍길동",
    }
    done = stage.post("/case", **form)
    assert done.status_code == 200
    assert stage.post("/case", **form).status_code == 200
    with stage.desk.world.store.reading() as session:
        (made,) = session.scalars(select(Case)).all()
    assert (made.call_id, made.channel, made.content) == (stage.desk.offer().call_id, "phone", "설명이 달랐습니다.")
    told = f"{made.due_at.astimezone(stage.desk.world.now().tzinfo):%Y-%m-%d}"
    assert made.receipt_number in done.text
    assert told[:7] in due
    assert stage.post("/case", case_mark="ffff0000", case_kind="gossip", case_content="말").status_code == 422
    assert count(stage, Case) == 1


# Texts


@ON_SQLITE
def test_a_text_is_seen_as_it_will_read_and_sent_once(engine: Engine) -> None:
    stage = talking(engine)
    form = stage.get("/text?sms_template=receipt").text
    assert "문의 1544-1120" in form
    assert "바이트 · " in form
    typed = {"sms_template": "receipt", "sms_mark": "0123abcd", "sms_department": "보증사업부"}
    seen = stage.post("/text/preview", **typed).text
    assert "담당 보증사업부" in seen
    assert count(stage, Message) == 0
    assert stage.post("/text", **typed).status_code == 200
    assert stage.post("/text", **typed).status_code == 200
    with stage.desk.world.store.reading() as session:
        (sent,) = session.scalars(select(Message)).all()
    assert (sent.recipient.e164, sent.id) == ("+821010000001", f"{stage.subject}-receipt-0123abcd")
    assert "담당 보증사업부" in sent.body


@ON_SQLITE
def test_who_refused_texts_or_takes_none_is_sent_none_and_the_agent_is_told_why(engine: Engine) -> None:
    stage = talking(engine)
    at = stage.desk.world.now()
    with stage.desk.world.store.transaction() as session:
        number = PhoneNumber.parse("+821010000001")
        index = index_of(session, number)
        refused = {
            "id": "o1",
            "line": "kibo",
            "number": number,
            "number_index": index,
            "way": Way.AGENT,
            "asked_at": at,
        }
        session.add(OptOut(scope=Scope.INFORMATION, **refused))
    typed = {"sms_template": "guarantee-documents", "sms_mark": "0123abcd"}
    answer = stage.post("/text", **typed)
    assert answer.status_code == 422
    assert "수신을 거부" in answer.text
    assert stage.post("/text", **typed, sms_number_to="02-1000-0001").status_code == 422
    assert stage.post("/text", **typed, sms_number_to="12").status_code == 422
    assert stage.post("/text", sms_template="survey-link-advertisement", sms_mark="0123abcd").status_code == 404
    assert count(stage, Message) == 0


# Transfer


@ON_SQLITE
def test_colleagues_are_found_as_one_types_with_where_they_stand(engine: Engine) -> None:
    stage = talking(engine)
    colleague(stage.desk, 2, duties="보증료 환급")
    colleague(stage.desk, 3, state=AgentState.AWAY, duties="기한 연장")
    with stage.desk.world.store.transaction() as session:
        session.get_one(Officer, "kibo-3").deputy_id = "kibo-2"
        marked = {"line": "kibo", "department": "보증사업부", "title": "과장", "name": "<i>장</i>", "duties": "환급"}
        session.add(Officer(id="x1", **marked))
    absent(stage.desk, "kibo-3")
    assert "이서연" in stage.get("/colleagues?q=환급 보증료").text
    assert "&lt;i&gt;장&lt;/i&gt;" in stage.get("/colleagues?q=환급").text
    away = stage.get("/colleagues?q=연장").text
    assert "휴가" in away
    assert "대행자 이서연" in away
    assert '"agent": "kibo-2"' in away
    assert (
        "보증사업부" in stage.get("/colleagues?q=1000-0002").text
        or "이서연" in stage.get("/colleagues?q=1000-0002").text
    )
    assert "찾는 직원이 없습니다" in stage.get("/colleagues?q=%25").text
    assert "김민수" not in stage.get("/colleagues?q=").text


def test_a_consultation_is_asked_for_cancelled_and_a_second_click_changes_nothing(engine: Engine) -> None:
    stage = talking(engine)
    colleague(stage.desk, 2)
    asked = stage.post("/transfer", agent="kibo-2", manner="consult")
    assert "이서연 님의 전화가 울리고" in asked.text
    assert "진행되고 있습니다" in stage.post("/transfer", agent="kibo-2", manner="consult").text
    assert "아직 받지 않았습니다" in stage.post("/transfer/complete").text
    assert stage.post("/transfer/cancel").status_code == 200
    assert "취소할 연결이 없습니다" in stage.post("/transfer/cancel").text
    with stage.desk.world.store.reading() as session:
        (made,) = session.scalars(select(Transfer)).all()
    assert (made.state, made.outcome) == (TransferState.OVER, "cancelled")


@ON_SQLITE
def test_after_a_consultation_the_caller_is_told_and_brought_to_the_colleague(engine: Engine) -> None:
    stage = talking(engine)
    colleague(stage.desk, 2)
    stage.desk.world.carrier.network.handset(agent_phone(2)).plan = picks_up(2.0, linger=None)
    stage.post("/transfer", agent="kibo-2", manner="consult")
    stage.desk.world.run_for(12)
    shown = stage.get("/live?seen=x").text
    assert "이서연 님과 상의하고" in shown
    assert "이서연" in shown.split("<q>")[1]
    assert stage.post("/transfer/complete").status_code == 200
    stage.desk.world.run_for(25)
    with stage.desk.world.store.reading() as session:
        (made,) = session.scalars(select(Transfer)).all()
    assert (made.state, made.outcome) == (TransferState.OVER, "completed")
    # The caller talks with somebody else by now: what is clicked late meets nobody's talk.
    for name, form in (("/warn", {"cause": "abuse"}), ("/transfer", {"agent": "kibo-2", "manner": "blind"})):
        assert "통화하고 있지 않" in stage.post(name, **form).text
    assert stage.promised("warn") == []


@ON_SQLITE
def test_a_caller_is_passed_on_only_to_who_can_take_the_call(engine: Engine) -> None:
    stage = talking(engine)
    colleague(stage.desk, 2, state=AgentState.AWAY)
    for agent, said in (
        ("kibo-2", "자리를 비웠습니다"),
        ("kibo-1", "본인에게는"),
        ("nobody", "그런 상담원이 없습니다"),
    ):
        assert said in stage.post("/transfer", agent=agent, manner="blind").text
    assert count(stage, Transfer) == 0
    stage.ends()
    assert "통화하고 있지 않습니다" in stage.post("/transfer", agent="kibo-2", manner="blind").text


# Ticks and steps against abuse


@ON_SQLITE
def test_ticks_are_kept_and_settled_and_unsettled_are_one_question(engine: Engine) -> None:
    stage = talking(engine)
    mark = stage.get().text.split("seen=")[1].split('"')[0]
    assert stage.get(f"/live?seen={mark}").status_code == 204
    assert 'aria-pressed="true"' in stage.post("/tick", part="thanks", said="yes").text
    assert stage.get(f"/live?seen={mark}").status_code == 200
    stage.post("/tick", part="unresolved", said="yes")
    stage.post("/tick", part="resolved", said="yes")
    assert ticked_parts(stage.desk.facts(stage.made), stage.subject) == {"thanks", "resolved"}
    stage.post("/tick", part="thanks", said="no")
    assert ticked_parts(stage.desk.facts(stage.made), stage.subject) == {"resolved"}
    assert "알 수 없는 항목" in stage.post("/tick", part="<b>", said="yes").text


@ON_SQLITE
def test_a_call_is_ended_only_after_the_warnings_it_needs(engine: Engine) -> None:
    stage = talking(engine)
    assert "3회 가운데 0회" in stage.post("/end", cause="abuse").text
    stage.post("/warn", cause="harassment")
    assert "경고 안내가 나가고" in stage.post("/warn", cause="harassment").text
    assert len(stage.promised("warn")) == 1
    stage.desk.world.run_for(40)
    assert "1회 모두" in stage.post("/warn", cause="harassment").text
    assert "3회 가운데 0회" in stage.post("/end", cause="abuse").text
    stage.post("/end", cause="harassment")
    assert len(stage.promised("end-call")) == 1
    stage.post("/end", cause="harassment")
    assert len(stage.promised("end-call")) == 1
    assert stage.post("/warn", cause="made-up").status_code == 200
    assert len(stage.promised("warn")) == 1


# Who may


@ON_SQLITE
def test_nobody_elses_talk_is_there(engine: Engine) -> None:
    stage = talking(engine)
    colleague(stage.desk, 2)
    at = stage.desk.world.now()
    with stage.desk.world.store.transaction() as session:
        other = add_account(session, Role.AGENT, name="이서연", at=at, officer="kibo-2").id
        strange = add_account(session, Role.AGENT, name="남", line="dcgf", at=at, officer="dcgf-9").id
        lead = add_account(session, Role.SUPERVISOR, name="팀장", at=at, officer="kibo-9").id
    for account, status in ((other, 404), (strange, 404), (lead, 403)):
        person = sign_in(stage.desk.console, account)
        for name in ("", "/live", "/colleagues", "/text?sms_template=receipt", "/case", "/callback"):
            assert person.get(f"/talk/of/{stage.subject}{name}").status_code == status
        for name in ("memo", "wrap-up", "callback", "text", "transfer", "tick", "warn", "end"):
            form = {"cb_mark": "abcd1234", "cb_name": "가", "code": "answered", "sms_template": "receipt"}
            assert person.post(f"/talk/of/{stage.subject}/{name}", form).status_code == status
        assert person.get(f"/talk/talks/{stage.subject}").status_code == status
        assert ("상담원 계정이 아닙니다" in person.get("/talk/").text) == (account == strange)
    assert stage.wrap() is None
    assert count(stage, Callback) == count(stage, Message) == 0
