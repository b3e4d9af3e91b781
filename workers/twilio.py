"""Orders carried out through the official Twilio SDK, at whichever base URL speaks its REST API."""

from datetime import UTC, datetime, timedelta
from typing import Any, assert_never

import requests
import structlog
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http import HttpClient
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from ivr.orders import (
    NOT_FOUND,
    Accepted,
    Announce,
    AskCall,
    AskText,
    DeleteRecording,
    EndCall,
    FetchRecording,
    FindCall,
    FindRecording,
    FindTalk,
    FindText,
    Found,
    HoldParty,
    ListeningOrder,
    MoveCall,
    Order,
    PlaceCall,
    Receipt,
    Rejected,
    SeatParty,
    SendText,
    StartRecording,
    StopRecording,
    StopTranscription,
    TakeFromQueue,
    Unknown,
)

# Twilio's own client waits for ever by default.
SECONDS_FOR_AN_ANSWER = 10.0
LEG_EVENTS = ["initiated", "ringing", "answered", "completed"]
MESSAGES_TO_LOOK_THROUGH = 50
CALLS_TO_LOOK_THROUGH = 50
CLOCKS_DIFFER = timedelta(seconds=5)
RECORDINGS_TO_LOOK_THROUGH = 20
ROOMS_TO_LOOK_THROUGH = 5
# A minute of an opening has a megabyte (8 kHz, 16 bits).
LARGEST_SOUND = 16 * 1024 * 1024

log = structlog.get_logger(__name__)


class TwilioCarrier:
    """The carrier port on Twilio's REST API (version 2010-04-01)."""

    def __init__(
        self,
        account: str,
        token: str,
        api_url: str,
        http: HttpClient | None = None,
        web: requests.Session | None = None,
    ) -> None:
        """`http` and `web` are the ways to the REST API and to recorded sounds; left out, the network itself.

        `fallback_url` is what somebody whom we ring hears when nothing of ours answers; "" lets the carrier hang up.
        """
        http = http or TwilioHttpClient(timeout=SECONDS_FOR_AN_ANSWER)
        self._client = Client(account, token, http_client=http)
        self._client.api.base_url = api_url
        self._web = web or requests.Session()
        self.fallback_url = ""

    def do(self, order: Order) -> Receipt:
        """Carry out one order; what went wrong comes back as a receipt, never as an exception."""
        try:
            return self._do(order)
        except TwilioRestException as error:
            return _refusal(error)
        except (requests.exceptions.ConnectTimeout, requests.exceptions.ConnectionError) as error:
            never_sent = "NewConnectionError" in str(error) or isinstance(error, requests.exceptions.ConnectTimeout)
            if never_sent:
                return Rejected(0, "the carrier cannot be reached", permanent=False)
            return Unknown(type(error).__name__)
        except (requests.exceptions.RequestException, TwilioException) as error:
            return Unknown(type(error).__name__)

    def _do(self, order: Order) -> Receipt:
        match order:
            case FetchRecording() | DeleteRecording():
                return self._sound(order)
            case PlaceCall():
                return self._place(order)
            case SendText():
                return self._send(order)
            case MoveCall() | EndCall():
                return self._change(order)
            case StartRecording() | StopRecording() | FindRecording() | StopTranscription():
                return self._listen(order)
            case AskCall() | FindCall() | FindTalk() | AskText() | FindText():
                return self._look(order)
            case TakeFromQueue() | HoldParty() | SeatParty() | Announce():
                return self._arrange(order)
            case _:
                assert_never(order)

    def _change(self, order: MoveCall | EndCall) -> Receipt:
        match order:
            case MoveCall(sid, url):
                self._client.calls(sid).update(url=url, method="POST")
            case EndCall(sid):
                self._client.calls(sid).update(status="completed")
            case _:
                assert_never(order)
        return Accepted(order.sid)

    def _listen(self, order: ListeningOrder) -> Receipt:
        leg = self._client.calls(order.sid)
        match order:
            case StartRecording(_, events_url):
                # Only the agent's own channel; trimming would move the axis of time.
                made = leg.recordings.create(
                    recording_track="inbound",
                    recording_channels="mono",
                    trim="do-not-trim",
                    recording_status_callback=events_url,
                    recording_status_callback_method="POST",
                    recording_status_callback_event=["completed", "absent"],
                )
                return Accepted(str(made.sid))
            case StopRecording(_, recording_sid):
                leg.recordings(recording_sid).update(status="stopped")
                return Accepted(recording_sid)
            case FindRecording(_, since):
                made_by_us = [
                    one for one in leg.recordings.list(limit=RECORDINGS_TO_LOOK_THROUGH) if _is_ours(one, since)
                ]
                return _found_recording(made_by_us)
            case StopTranscription(sid, name):
                leg.transcriptions(name).update(status="stopped")
                return Accepted(sid)
            case _:
                assert_never(order)

    def _sound(self, order: FetchRecording | DeleteRecording) -> Receipt:
        match order:
            case FetchRecording(sid):
                return self._media(sid)
            case DeleteRecording(sid):
                self._client.recordings(sid).delete()
                return Accepted(sid)
            case _:
                assert_never(order)

    def _media(self, sid: str) -> Receipt:
        """The sound itself: the SDK reads every answer as text, so it is asked for beside it."""
        address = f"{self._client.api.base_url}/2010-04-01/Accounts/{self._client.account_sid}/Recordings/{sid}.wav"
        answer = self._web.get(
            address, auth=(self._client.username, self._client.password), timeout=SECONDS_FOR_AN_ANSWER, stream=True
        )
        with answer:
            if answer.status_code != requests.codes.ok:
                return _refusal(TwilioRestException(answer.status_code, address, "no sound was given"))
            sound = bytearray()
            for part in answer.iter_content(64 * 1024):
                sound += part
                if len(sound) > LARGEST_SOUND:
                    return Rejected(0, f"the recording has over {LARGEST_SOUND} bytes", permanent=True)
        return Found(sid, "completed", None, sound=bytes(sound))

    def _place(self, order: PlaceCall) -> Receipt:
        addresses: dict[str, object] = {}
        if order.status_url:
            addresses = {
                "status_callback": order.status_url,
                "status_callback_event": LEG_EVENTS,
                "status_callback_method": "POST",
            }
        if self.fallback_url:
            # A file on static hosting is not posted to.
            addresses |= {"fallback_url": self.fallback_url, "fallback_method": "GET"}
        call = self._client.calls.create(
            to=order.to,
            from_=order.shown,
            url=order.answer_url,
            method="POST",
            timeout=order.seconds,
            **addresses,
        )
        return Accepted(str(call.sid))

    def _send(self, order: SendText) -> Receipt:
        message = self._client.messages.create(
            to=order.to,
            from_=order.sender,
            body=order.body,
            status_callback=order.status_url,
            validity_period=order.seconds,
        )
        return Accepted(str(message.sid))

    def _arrange(self, order: TakeFromQueue | HoldParty | SeatParty | Announce) -> Receipt:
        match order:
            case TakeFromQueue(queue_sid, sid, url):
                self._client.queues(queue_sid).members(sid).update(url=url, method="POST")
                return Accepted(sid)
            case Announce(room_sid, sid, url):
                self._client.conferences(room_sid).participants(sid).update(announce_url=url, announce_method="POST")
                return Accepted(sid)
            case SeatParty(room_sid, sid, is_muted, coach):
                party = self._client.conferences(room_sid).participants(sid)
                coached = {"call_sid_to_coach": coach} if coach else {}
                party.update(muted=is_muted, coaching=bool(coach), **coached)
                return Accepted(sid)
            case HoldParty(room_sid, sid, music_url):
                party = self._client.conferences(room_sid).participants(sid)
                if music_url is None:
                    party.update(hold=False)
                else:
                    party.update(hold=True, hold_url=music_url, hold_method="GET")
                return Accepted(sid)
            case _:
                assert_never(order)

    def _find_talk(self, room: str, sid: str) -> Receipt:
        """The parties of a room that is over are no longer listed: the caller may have been one of them."""
        for conference in self._client.conferences.list(friendly_name=room, limit=ROOMS_TO_LOOK_THROUGH):
            is_over = conference.status == "completed"
            parties = [] if is_over else self._client.conferences(conference.sid).participants.list()
            if is_over or any(party.call_sid == sid for party in parties):
                return Found(sid, str(conference.status), None)
        return Rejected(NOT_FOUND, "the caller never was in this room", permanent=True)

    def _look(self, order: AskCall | FindCall | FindTalk | AskText | FindText) -> Receipt:
        match order:
            case FindTalk(room, sid):
                return self._find_talk(room, sid)
            case AskCall(sid):
                return _found_call(self._client.calls(sid).fetch())
            case FindCall(to=to, shown=shown):
                # A call that is still queued has no starting time yet, so the list is not narrowed by it.
                calls = self._client.calls.list(to=to, from_=shown, limit=CALLS_TO_LOOK_THROUGH)
                ours = [call for call in calls if _can_be_of(call, order)]
                if not ours:
                    return Rejected(NOT_FOUND, "no such call was placed", permanent=True)
                return _found_call(min(ours, key=lambda call: call.date_created))
            case AskText(sid):
                return _found_text(self._client.messages(sid).fetch())
            case FindText(to=to, body=body, since=since, others=others):
                # A message that is still queued has no sending date yet, so the list is not narrowed by it.
                recent = self._client.messages.list(to=to, limit=MESSAGES_TO_LOOK_THROUGH)
                alike = [m for m in recent if m.body == body and m.date_created >= since]
                same = next((m for m in alike if m.sid not in others), None)
                if same is None:
                    return Rejected(NOT_FOUND, "no such message was sent", permanent=True)
                return _found_text(same)
            case _:
                assert_never(order)


def _found_call(call: Any) -> Found:  # Any: the SDK has no types
    ended = call.end_time.astimezone(UTC) if call.end_time else None
    return Found(str(call.sid), str(call.status), ended)


def _can_be_of(call: Any, order: FindCall) -> bool:  # Any: as above
    """Whether the order can have made this call; the carrier's clock is not ours, and tells whole seconds."""
    earliest, latest = order.since - CLOCKS_DIFFER, order.until + CLOCKS_DIFFER
    return call.sid not in order.others and earliest <= call.date_created <= latest


def _found_text(message: Any) -> Found:  # Any: the SDK has no types
    error = str(message.error_code) if message.error_code else None
    arrived = message.date_updated if message.status in {"delivered", "read"} else None
    return Found(str(message.sid), str(message.status), arrived and arrived.astimezone(UTC), error=error)


def _is_ours(recording: Any, since: datetime) -> bool:  # Any: the SDK has no types
    """Whether an order like ours made it: the account may record calls by itself."""
    return bool(recording.source == "StartCallRecordingAPI" and recording.date_created >= since)


def _found_recording(recordings: list[Any]) -> Receipt:  # Any: as above
    if not recordings:
        return Rejected(NOT_FOUND, "no such recording was made", permanent=True)
    one = min(recordings, key=lambda recording: recording.date_created)
    seconds = int(one.duration) if one.duration not in {None, ""} else None
    return Found(str(one.sid), str(one.status), None, seconds)


def _refusal(error: TwilioRestException) -> Receipt:
    """What a refusal means: 429 was not processed, 5xx may have been, a bad token says nothing about the order."""
    log.info("carrier refused", status=error.status, code=error.code)
    if error.status == 429:
        return Rejected(error.code or 20429, "too many requests", permanent=False)
    if error.status >= 500:
        return Unknown(f"the carrier answered {error.status}")
    if error.status in {401, 403}:
        log.error("the carrier does not let us in: look at the account id and the auth token", code=error.code)
        return Rejected(error.code or 20003, "not let in", permanent=False)
    code = NOT_FOUND if error.status == 404 else error.code or error.status
    return Rejected(code, str(error.msg), permanent=True)
