"""Refusals as Twilio writes them: HTTP status, code, message, more_info."""

from collections.abc import Mapping

MESSAGES: Mapping[int, str] = {
    20001: "A parameter is not valid",
    20003: "Authenticate",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    20500: "An internal server error has occurred",
    21201: "No 'To' number is specified",
    21205: "Url is not a valid URL",
    21210: "'From' phone number not verified: use a number of the account",
    21211: "The 'To' number is not a valid phone number",
    21212: "The 'From' number is not a valid phone number",
    21213: "'From' phone number is required",
    21214: "'To' phone number cannot be reached",
    21215: "Account not authorized to call that destination: geographic permission",
    21216: "Account not allowed to call that number",
    21217: "Phone number does not appear to be valid",
    21220: "Call is not in-progress. Cannot redirect",
    21408: "Permission to send a message to that region has not been enabled",
    21421: "PhoneNumber is not valid: use E.164",
    21422: "PhoneNumber is not available: the account has it already",
    21602: "Message body is required",
    21603: "A 'From' number or a MessagingServiceSid is required",
    21604: "'To' phone number is required to send a message",
    21606: "The 'From' number is not a message-capable number of the account",
    21610: "Attempt to send to an unsubscribed recipient",
    21611: "This 'From' number has exceeded the maximum number of queued messages",
    21612: "The 'To' number is not reachable from this 'From' number",
    21614: "'To' number is not a mobile number",
    21617: "The message body is longer than 1600 characters",
    21623: "A parameter must be a whole number, or true or false",
    22003: "A queue with this friendly name exists already",
    22002: "The queue is not empty",
    35114: "SendAt must lie between 300 seconds and 35 days ahead",
    35118: "A MessagingServiceSid is required to schedule a message",
    35126: "ScheduleType must be 'fixed', together with SendAt",
}


class RestError(Exception):
    """A request that is refused; `status` is the HTTP status."""

    def __init__(self, code: int, *, status: int = 400, detail: str = "") -> None:
        self.code, self.status = code, status
        self.message = f"{MESSAGES.get(code, 'Refused')}{': ' + detail if detail else ''}"
        super().__init__(self.message)

    def as_json(self) -> dict[str, object]:
        """Return the body that Twilio would send."""
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


def gone(what: str) -> RestError:
    """Return the refusal for a resource that does not exist, or no longer (20404)."""
    return RestError(20404, status=404, detail=what)
