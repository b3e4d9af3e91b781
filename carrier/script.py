"""Runs TwiML on one leg: fetches a document, carries out verb after verb, goes on to the next document."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin

from carrier.fetching import Cookies, Fetch, Fetched, Unfetched, Wanted
from carrier.outgoing import Form
from carrier.twiml import model
from carrier.twiml.model import Document, Verb
from carrier.twiml.reading import read_document
from carrier.twiml.xml import Unparsable
from carrier.verbs.activity import Activity

if TYPE_CHECKING:
    from carrier.calls import Call

_PROMPTS = (model.Say, model.Play, model.Pause, model.Redirect)
# What each kind of document may hold (docs voice/twiml/enqueue, queue, conference, number).
_ALLOWED: Mapping[str, tuple[type[Verb], ...]] = {
    "wait": (*_PROMPTS, model.Gather, model.Hangup, model.Leave),
    "queue-url": _PROMPTS,
    "noun-url": (*_PROMPTS, model.Gather, model.Hangup),
    "conference-wait": _PROMPTS,
    "announce": _PROMPTS,
}
_TWIML_TYPES = ("text/xml", "application/xml", "text/html", "")


class Script:
    """What a leg is told to do. `place` says where the document stands: voice, wait, queue-url, noun-url,
    conference-wait or announce.

    `ended` is called once when the script ends of itself: "done", "hangup", "leave", "rejected", "busy" or
    "failed" (no usable document). It is not called after `stop`.
    """

    def __init__(
        self,
        call: Call,
        *,
        ended: Callable[[str], None],
        place: str = "voice",
        form: Callable[[], Form] = tuple,
    ) -> None:
        self.call, self.network, self.place = call, call.network, place
        self._ended, self._form = ended, form
        self._verbs: deque[Verb] = deque()
        self._activity: Activity | None = None
        self._fetch: Fetch | None = None
        self._tried_fallback = place != "voice"
        self._over = False
        self._url, self._fragment = "", ""

    @property
    def wants_keys(self) -> bool:
        """Whether keys or speech are being waited for."""
        return self._activity is not None and self._activity.wants_keys

    @property
    def running(self) -> bool:
        """Whether the script has neither ended nor been stopped."""
        return not self._over

    def load(self, url: str, method: str, form: Form = ()) -> None:
        """Fetch a document and run it; `url` may be relative to the present one and "" means that one itself."""
        self._put_away("redirect")
        address = self.absolute(url) or self._url + self._fragment
        if not address.startswith(("http://", "https://")):
            self._fail(11100, f"{url!r} is not an absolute URL and there is no document to resolve it against", url)
            return
        fields = dict(self.call.form()) | dict(self._form()) | dict(form)
        wanted = Wanted(method, address, tuple(fields.items()), self.network.dice.token())
        self._fragment = address[len(urldefrag(address).url) :]
        self._fetch = Fetch(self.network, wanted, self.call.cookies, self._arrived)
        self._maybe_twice(wanted)

    def notify(self, url: str, method: str, form: Form) -> None:
        """Tell an action URL how a verb ended though the leg is gone: the answer is not carried out."""
        address = self.absolute(url) or self._url + self._fragment
        fields = dict(self.call.form()) | dict(self._form()) | dict(form)
        Fetch(self.network, Wanted(method, address, tuple(fields.items())), self.call.cookies, lambda _: None)

    def absolute(self, url: str) -> str:
        """Resolve a URL that a verb names against the present document; "" stays ""."""
        return urljoin(self._url, url) if url and self._url else url

    def read(self, body: bytes) -> None:
        """Run a document that is already here; every URL in it must be absolute."""
        try:
            self._run(read_document(body))
        except Unparsable as error:
            self._fail(12100, str(error), "")

    def proceed(self) -> None:
        """Go on to the next verb, or end when there is none."""
        self._activity = None
        if self._over:
            return
        if not self._verbs:
            self.finish("done")
            return
        verb = self._verbs.popleft()
        allowed = _ALLOWED.get(self.place)
        if allowed is not None and not isinstance(verb, allowed):
            self.warn(12200, f"<{type(verb).__name__}> is not allowed in a {self.place} document")
            self.network.after(0, self.proceed)
            return
        self._activity = self.network.activity(self, verb)
        self._activity.start()

    def finish(self, ending: str) -> None:
        """End the script of itself."""
        if not self._over:
            self._put_away("hangup")
            self._over = True
            self._ended(ending)

    def stop(self, why: str) -> None:
        """End the script from outside; `why` is hangup (the leg is gone) or redirect (it goes elsewhere)."""
        if not self._over:
            self._over = True
            self._put_away(why)

    def digit(self, key: str) -> None:
        """Hand a key press to what is going on."""
        if self._activity is not None:
            self._activity.digit(key)

    def speech(self, text: str) -> None:
        """Hand a sentence to what is going on."""
        if self._activity is not None:
            self._activity.speech(text)

    def warn(self, code: int, message: str) -> None:
        """Record a warning about the present document."""
        self.network.alert(code, message, call=self.call.sid, url=self._url, level="warning")

    def _put_away(self, why: str) -> None:
        self._verbs.clear()
        fetch, self._fetch = self._fetch, None
        if fetch is not None:
            fetch.stop()
        activity, self._activity = self._activity, None
        if activity is not None:
            activity.stop(why)

    def _maybe_twice(self, wanted: Wanted) -> None:
        faults, dice = self.network.faults, self.network.dice
        for chance, token in (
            (faults.webhook_duplicate_same_token, wanted.token),
            (faults.webhook_duplicate_new_token, dice.token()),
        ):
            if dice.happens(chance):
                again = Wanted(wanted.method, wanted.url, wanted.form, token)
                self.network.after(dice.between(0.0, 0.05), partial(self._send_again, again))

    def _send_again(self, wanted: Wanted) -> None:
        Fetch(self.network, wanted, Cookies(), lambda _: None)

    def _arrived(self, result: Fetched | Unfetched) -> None:
        self._fetch = None
        if isinstance(result, Unfetched):
            self._fail(result.code, result.message, result.url)
            return
        self._url = result.url
        kind = result.response.header("Content-Type").split(";")[0].strip().lower()
        try:
            document = _document(result, kind)
        except Unparsable as error:
            self._fail(12300 if kind not in (*_TWIML_TYPES, "text/plain") else 12100, str(error), result.url)
            return
        self._run(document)

    def _run(self, document: Document) -> None:
        for warned in document.warnings:
            self.warn(warned.code, warned.message)
        self._verbs = deque(document.verbs)
        self.proceed()

    def _fail(self, code: int, message: str, url: str) -> None:
        self.network.alert(code, message, call=self.call.sid, url=url)
        entry = self.call.entry
        if self._tried_fallback or not entry.fallback_url:
            self.finish("failed")
            return
        self._tried_fallback = True
        self.load(entry.fallback_url, entry.fallback_method, (("ErrorCode", str(code)), ("ErrorUrl", url)))


def _document(result: Fetched, kind: str) -> Document:
    body = result.response.body
    if kind.startswith("audio/"):
        return Document((model.Play(content=result.url),))
    if kind == "text/plain":
        try:
            return read_document(body)
        except Unparsable:
            return Document((model.Say(content=body.decode("utf-8", "replace")),))
    if kind not in _TWIML_TYPES:
        raise Unparsable(f"content type {kind} is not TwiML: answer text/xml")
    return read_document(body) if body.strip() else Document()
