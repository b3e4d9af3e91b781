"""What a callback looks like in the REST API: the wish that is sent, and what is given back."""

from marshmallow import fields, validate

from ivr.callbacks.memo import WhyNotNow
from ivr.callbacks.rows import CallbackOutcome, CallbackState, Origin
from webhooks.api.shapes import Number, Shape, Text, Time


class WishShape(Shape):
    """A wish to be called back; left out, the time is the line's rule (one working hour where it says nothing)."""

    line = Text(longest=40)
    team = Text(longest=40)
    number = Number(required=True)
    customer = Text(longest=60)
    content = Text(longest=1000)
    reason = fields.String(validate=validate.OneOf([why.value for why in WhyNotNow]))
    not_before = Time()
    due_at = Time()


class CallbackShape(Shape):
    """One callback; the number is masked, times are UTC."""

    id = fields.String()
    receipt_number = fields.String()
    line = fields.String()
    team = fields.String()
    origin = fields.Enum(Origin, by_value=True)
    state = fields.Enum(CallbackState, by_value=True)
    outcome = fields.Enum(CallbackOutcome, by_value=True, allow_none=True)
    number = Number()
    officer = fields.String(attribute="officer_id", allow_none=True)
    asked_at = Time()
    due_at = Time()
    first_due_at = Time()
    tries = fields.Integer()
    slips = fields.Integer()
    closed_at = Time(allow_none=True)
    closed_by = fields.String(allow_none=True)


class CallbacksQuery(Shape):
    """Which callbacks are listed, the newest first."""

    state = fields.String(validate=validate.OneOf([state.value for state in CallbackState]))
    number = Number()
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
