"""The fields of bookings in the REST API."""

from marshmallow import fields, validate

from ivr.bookings.rows import BookingState
from webhooks.api.shapes import Number, Shape, Text, Time


class WantedShape(Shape):
    """A consultation that a customer wants to book."""

    line = Text(longest=40, load_default=None)
    starts_at = Time(required=True, metadata={"description": "The start of a slot, as /api/bookings/slots gives it"})
    number = Number(required=True)
    customer = Text(longest=60, load_default=None, allow_none=True)
    topic = Text(longest=500, load_default=None, allow_none=True)


class MovedShape(Shape):
    """Another time for a booking."""

    starts_at = Time(required=True)


class SlotsQuery(Shape):
    """Whose slots."""

    line = Text(longest=40)


class SlotShape(Shape):
    """A slot that can be booked, and how many places of it are free."""

    team = fields.String(required=True)
    starts_at = Time(required=True)
    ends_at = Time(required=True)
    free = fields.Integer(required=True)


class BookingShape(Shape):
    """A booking as it stands; the number is masked, name and topic are not shown."""

    id = fields.String(required=True)
    receipt = fields.String(required=True, metadata={"description": "The number that the customer was told"})
    line = fields.String(required=True)
    team = fields.String(required=True)
    starts_at = Time(required=True)
    ends_at = Time(required=True)
    number = Number(required=True)
    state = fields.String(required=True, validate=validate.OneOf([state.value for state in BookingState]))
    callback_id = fields.String(required=True, allow_none=True)
