"""Every text the service can say or send, by its id, with the fields that the service fills in for it."""

from collections.abc import Mapping

SPEECHES: Mapping[str, frozenset[str]] = {
    id: frozenset(fields.split())
    for id, fields in {
        "key.digit": "key",
        "key.star": "",
        "key.pound": "",
        "menu.entry": "label key",
        "menu.between": "",
        "menu.sentence": "entries",
        "menu.agent": "",
        "menu.back": "",
        "menu.repeat": "",
        "menu.call_me": "",
        "input.wrong": "",
        "input.silence": "",
        "input.to_agent": "",
        "input.too_many_steps": "",
        "closed.night": "opens",
        "closed.weekend": "opens",
        "closed.holiday": "holiday opens",
        "closed.lunch": "opens",
        "closed.unknown": "",
        "queue.welcome": "team",
        "queue.position": "position",
        "queue.next": "",
        "queue.estimate": "low high",
        "queue.estimate_unknown": "",
        "queue.please_wait": "",
        "queue.too_long": "",
        "callback.offer": "",
        "callback.confirm": "number",
        "callback.ask_number": "",
        "callback.check_number": "number",
        "callback.bad_number": "",
        "callback.accepted": "number",
        "failure.apology": "",
        "failure.transfer": "",
        "failure.after_transfer": "",
        "whisper.offer": "institution team",
        "whisper.offer_waited": "institution team seconds",
        "whisper.again": "",
        "whisper.taken": "",
        "whisper.gone": "",
        "whisper.late": "",
        "whisper.declined": "",
        "whisper.connecting": "",
        "whisper.asked": "department name",
        "whisper.consulting": "",
        "whisper.awaits": "",
        "whisper.back": "",
        "whisper.released": "",
        "reconnect.offer": "",
        "reconnect.queued": "",
        "number.transfer": "",
        "transfer.next": "number",
        "transfer.told": "department name number",
        "transfer.told_title": "department name number title",
        "transfer.failed": "",
        "text.sent": "",
        "text.impossible": "",
        "farewell.thanks": "",
        "farewell.end": "",
        "conduct.abuse_first": "",
        "conduct.abuse_second": "",
        "conduct.abuse_last": "",
        "conduct.harassment": "",
        "conduct.time": "minutes",
        "conduct.time_only": "minutes",
        "conduct.ended_abuse": "institution number",
        "conduct.ended_harassment": "institution number",
        "conduct.ended_time": "institution number",
        "clip.unknown_agent": "",
        "clip.instruction": "example",
        "clip.hear": "",
        "clip.choice": "",
        "clip.again": "",
        "clip.saved": "",
        "clip.nothing": "",
        "line.unknown": "",
    }.items()
}

TEMPLATE_FIELDS = frozenset({"institution", "receipt", "department", "name", "title", "number", "date", "masked"})
TEMPLATES: Mapping[str, frozenset[str]] = {
    "transfer": frozenset({"institution", "department", "name", "title", "number"}),
    "receipt": frozenset({"institution", "receipt", "department", "name", "title", "number", "date"}),
    "callback-wish": frozenset({"institution", "receipt", "masked", "number"}),
}
INFORMATION_FIELDS = frozenset({"institution", "number"})
"""The fields of templates which a menu sends: known without a conversation."""

ANNOUNCEMENT_FIELDS = frozenset({"institution", "department", "name", "title"})

LONGEST_SAMPLE: Mapping[str, str] = {
    "institution": "중소기업 공동 A/S센터",
    "receipt": "261121-0001-AB",
    "department": "투자종합상담센터 외국인투자상담팀",
    "name": "NGUYEN THI HOA",
    "title": "책임상담사",
    "number": "042-1000-0001",
    "date": "2026-11-21 14:30",
    "masked": "010-****-0001",
}
"""Long but real values, to judge how large a template becomes."""
