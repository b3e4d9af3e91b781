"""The ways in and out as the doctor tries them: the carrier's REST API with one GET, and our own public address."""

from collections.abc import Iterator, Mapping

import httpx
from twilio.request_validator import RequestValidator

from commands.doctor_findings import Finding, fine, soon, wrong
from config.settings import PREFIX, Settings
from ivr.addresses import Address
from ivr.lines.model import Lines

PATIENCE_SECONDS = 10.0
MOST_NUMBERS = 1000
# An event about no call of ours: it is answered, and leaves nothing behind.
STRANGE_EVENT = {"CallStatus": "doctor"}


def look_at_carrier(settings: Settings, lines: Lines | None) -> Iterator[Finding]:
    """One GET: does it answer, does it let us in, and do the numbers of the lines lead to us."""
    url = f"{settings.twilio_api_url}/2010-04-01/Accounts/{settings.twilio_account_sid}/IncomingPhoneNumbers.json"
    where = f"{PREFIX}TWILIO_API_URL={settings.twilio_api_url}"
    try:
        answer = httpx.get(
            url,
            params={"PageSize": str(MOST_NUMBERS)},
            auth=(settings.twilio_account_sid, settings.auth_tokens[0]),
            timeout=PATIENCE_SECONDS,
        )
        numbers = answer.json().get("incoming_phone_numbers", []) if answer.is_success else []
    except (httpx.HTTPError, ValueError) as error:
        remedy = "let this host out to it (firewall, proxy), or correct the setting; status.twilio.com tells of outages"
        yield wrong("carrier", f"does not answer ({type(error).__name__})", where=where, remedy=remedy)
        return
    if answer.status_code in {401, 403}:
        where = f"{PREFIX}TWILIO_ACCOUNT_SID, {PREFIX}TWILIO_AUTH_TOKEN"
        remedy = "give the id and the token of the same account; while a token is rotated, the new one stands first"
        yield wrong("carrier", f"does not let us in ({answer.status_code})", where=where, remedy=remedy)
        return
    if not answer.is_success:
        remedy = "look at the carrier's status page, and whether the account is active"
        yield wrong("carrier", f"answers {answer.status_code}", where=where, remedy=remedy)
        return
    yield fine("carrier", f"answers and lets us in; {len(numbers)} numbers", where)
    if lines is not None:
        # After a # stands how often the carrier tries again; it asks for what stands before.
        told = {str(one.get("phone_number")): str(one.get("voice_url")).partition("#")[0] for one in numbers}
        yield from _numbers(told, lines, settings.public_base_url)


def _numbers(told: Mapping[str, str], lines: Lines, base_url: str) -> Iterator[Finding]:
    wanted = base_url + Address.INCOMING.value
    for line in lines:
        missing = [number for number in line.numbers if number not in told]
        astray = [number for number in line.numbers if number in told and told[number] != wanted]
        where = f"line {line.id}"
        if len(missing) == len(line.numbers):
            remedy = (
                "rent or port the number, then set its VoiceUrl as docs/operations.md says; or remove the line's file"
            )
            yield soon("numbers", f"the account has no number of {line.id}", where=where, remedy=remedy)
        elif astray:
            what = f"{len(astray)} of its numbers lead elsewhere than to {wanted}"
            yield wrong("numbers", what, where=where, remedy=f"set their VoiceUrl to {wanted} (POST)")
        else:
            yield fine("numbers", f"lead to {wanted}", where)


def look_at_public_url(settings: Settings) -> Iterator[Finding]:
    """Our own address as the carrier uses it: is it this app, and do signatures fit the URL that arrives."""
    where = f"{PREFIX}PUBLIC_BASE_URL={settings.public_base_url}"
    try:
        described = httpx.get(f"{settings.public_base_url}/api/openapi.json", timeout=PATIENCE_SECONDS)
        if _is_ours(described):
            yield _signature(settings, where)
            return
    except httpx.HTTPError as error:
        remedy = (
            "start the webhooks and the proxy before them, and look at name, certificate and firewall; where this host "
            "cannot reach its own public address, try it from elsewhere"
        )
        yield wrong("public url", f"does not answer ({type(error).__name__})", where=where, remedy=remedy)
        return
    remedy = "let the proxy pass /voice, /messages, /api and the public pages on to the webhooks unchanged"
    yield wrong("public url", f"something else answers ({described.status_code})", where=where, remedy=remedy)


def _is_ours(described: httpx.Response) -> bool:
    try:
        return described.is_success and described.json()["info"]["title"] == "Charterline"
    except (ValueError, KeyError, TypeError):
        return False


def _signature(settings: Settings, where: str) -> Finding:
    url = settings.public_base_url + Address.STATUS.value
    signature = RequestValidator(settings.auth_tokens[0]).compute_signature(url, STRANGE_EVENT)
    answer = httpx.post(url, data=STRANGE_EVENT, headers={"X-Twilio-Signature": signature}, timeout=PATIENCE_SECONDS)
    if answer.status_code == 403:
        remedy = (
            f"the webhooks run with another {PREFIX}PUBLIC_BASE_URL or {PREFIX}TWILIO_AUTH_TOKEN than this command: "
            "give all processes the same, and restart them"
        )
        return wrong("public url", "our own signature is refused: every call would be", where=where, remedy=remedy)
    if not answer.is_success:
        remedy = "read the log of the webhooks; /readyz on the inner network says whether the database answers"
        return wrong("public url", f"an event is answered {answer.status_code}", where=where, remedy=remedy)
    return fine("public url", "our app answers, and takes our signature", where)
