"""The fields of cases in the REST API."""

from marshmallow import fields, validate

from ivr.cases.lateness import REASONS
from ivr.cases.rating import FEWEST, MOST
from ivr.cases.rows import CaseState, Owed, ReplyBy
from ivr.cases.taking import CHANNELS, KINDS, LONGEST_ADDRESS, LONGEST_CONTENT, LONGEST_NAME
from webhooks.api.shapes import Number, Shape, Text, Time

WAYS = [way.value for way in ReplyBy]
TOLD_BY = ["phone", "post", "email", "fax"]
RATED_BY = ["web", "phone", "post", "email", "fax", "visit"]


class MatterShape(Shape):
    """A matter of a customer that reached the institution."""

    line = Text(longest=40, load_default=None)
    reference = Text(longest=100, required=True, metadata={"description": "The id of this matter in your system"})
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    topic = Text(longest=40, load_default=None, allow_none=True)
    content = Text(longest=LONGEST_CONTENT, required=True)
    name = Text(longest=LONGEST_NAME, load_default=None, allow_none=True)
    number = Number(load_default=None, allow_none=True)
    address = Text(longest=LONGEST_ADDRESS, load_default=None, allow_none=True)
    reply_by = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(WAYS))
    received_at = Time(load_default=None, metadata={"description": "Arrival at the institution; now if left out"})
    overdue_because = Text(longest=200, load_default="", shortest=0)
    about_officer = Text(longest=40, load_default=None, allow_none=True)
    is_test = fields.Boolean(load_default=False, truthy={True}, falsy={False})


class ToldShape(Shape):
    """How the customer was told by a person; left out, a text is sent."""

    told_by = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(TOLD_BY))


class DirectionShape(ToldShape):
    """Which direction a matter takes, and by when it is answered."""

    direction = Text(longest=300, required=True)
    until = Time(required=True)


class AnswerShape(ToldShape):
    """The answer."""

    result = Text(longest=700, required=True)


class SlipShape(ToldShape):
    """Why the answer is late, and by when it comes."""

    reason = fields.String(required=True, validate=validate.OneOf(REASONS))
    until = Time(required=True)


class RatingShape(Shape):
    """A customer's rating of the answer; `reason` where it corrects an earlier one."""

    points = fields.Integer(strict=True, required=True, validate=validate.Range(FEWEST, MOST))
    way = fields.String(load_default="web", validate=validate.OneOf(RATED_BY))
    reason = Text(longest=200, load_default="", shortest=0)


class ObjectionShape(Shape):
    """What a customer objects to."""

    content = Text(longest=LONGEST_CONTENT, required=True)
    channel = fields.String(load_default="web", validate=validate.OneOf(CHANNELS))


class CasesQuery(Shape):
    """Which cases: of one line, one state, one kind; those that are open, unless `closed` asks for all."""

    line = Text(longest=40)
    state = fields.String(validate=validate.OneOf([state.value for state in CaseState]))
    kind = fields.String(validate=validate.OneOf(KINDS))
    closed = fields.Boolean(load_default=False)
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))


class CaseShape(Shape):
    """A case as it stands; the number is masked, what the customer wrote is not shown."""

    id = fields.String(required=True)
    receipt = fields.String(required=True, attribute="receipt_number")
    line = fields.String(required=True)
    kind = fields.String(required=True)
    topic = fields.String(required=True, allow_none=True)
    channel = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf([state.value for state in CaseState]))
    owner = fields.String(required=True, metadata={"description": "The department that watches it"})
    handler = fields.String(required=True, allow_none=True, metadata={"description": "The one that answers it"})
    officer_id = fields.String(required=True, allow_none=True)
    number = Number(required=True, allow_none=True)
    reply_by = fields.String(required=True, validate=validate.OneOf(WAYS))
    received_at = Time(required=True)
    due_at = Time(required=True)
    first_due_at = Time(required=True)
    owed = fields.String(required=True, validate=validate.OneOf([owed.value for owed in Owed]))
    standard_id = fields.String(required=True, allow_none=True)
    slips = fields.Integer(required=True)
    answered_at = Time(required=True, allow_none=True)
    objects_to = fields.String(required=True, allow_none=True)
