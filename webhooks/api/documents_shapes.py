"""The fields of papers in the REST API."""

from typing import Any

from marshmallow import fields, validate

from ivr.documents.changing import Lack, What
from ivr.documents.rows import Channel, Contact, DocumentState
from webhooks.api.shapes import Number, Shape, Text, Time

MOST_PAPERS = 30
MOST_PAGES = 10_000


def one_of(words: Any) -> validate.OneOf:  # any enumeration of words
    """A check that a field holds one of these words."""
    return validate.OneOf([word.value for word in words])


class MissingShape(Shape):
    """A paper that is missing, by its code in the line's file, and why."""

    paper = Text(longest=40, required=True)
    lack = fields.String(load_default=Lack.ABSENT.value, validate=one_of(Lack))


class LackingShape(Shape):
    """What is missing, and the last day (in Seoul) on which it may come; by the line's rule where none is given."""

    missing = fields.List(fields.Nested(MissingShape), required=True, validate=validate.Length(min=1, max=MOST_PAPERS))
    until = fields.Date(format="iso", load_default=None)


class ArrivalShape(Shape):
    """Papers that reached the institution."""

    line = Text(longest=40, load_default=None)
    channel = fields.String(required=True, validate=one_of(Channel))
    reference = Text(longest=100, required=True, metadata={"description": "The id of this event in your system"})
    kind = Text(longest=40, required=True, metadata={"description": "A code of [documents.kinds] of the line's file"})
    received_at = Time(required=True)
    pages = fields.Integer(strict=True, load_default=None, allow_none=True, validate=validate.Range(1, MOST_PAGES))
    sender = Text(longest=60, load_default=None, allow_none=True)
    number = Number(load_default=None, allow_none=True)
    missing = fields.List(fields.Nested(MissingShape), load_default=list, validate=validate.Length(max=MOST_PAPERS))
    until = fields.Date(format="iso", load_default=None)
    is_test = fields.Boolean(load_default=False, truthy={True}, falsy={False})


class TellingShape(Shape):
    """What a person told the sender, how and when."""

    what = fields.String(required=True, validate=one_of(What))
    by = fields.String(required=True, validate=validate.OneOf(["phone", "post", "fax", "email"]))
    on = Time(load_default=None)


class DocumentsQuery(Shape):
    """Which papers: of one state, of one line; the oldest first after the id `after`."""

    line = Text(longest=40)
    state = fields.String(validate=one_of(DocumentState))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
    after = Text(longest=40, metadata={"description": "The id of the last one of the page before"})


class MissingShown(Shape):
    """A paper that is missing, as it is shown."""

    paper = fields.String(required=True)
    lack = fields.String(required=True)


class DocumentShape(Shape):
    """Papers as they stand; the number is masked, the sender's name is not shown."""

    id = fields.String(required=True)
    receipt = fields.String(required=True, metadata={"description": "The number that the sender was told"})
    line = fields.String(required=True)
    channel = fields.String(required=True, validate=one_of(Channel))
    reference = fields.String(required=True)
    kind = fields.String(required=True)
    pages = fields.Integer(required=True, allow_none=True)
    number = Number(required=True, allow_none=True)
    contact = fields.String(required=True, validate=one_of(Contact))
    no_contact = fields.String(required=True, allow_none=True)
    received_at = Time(required=True)
    state = fields.String(required=True, validate=one_of(DocumentState))
    officer_id = fields.String(required=True, allow_none=True)
    missing = fields.List(fields.Nested(MissingShown), required=True)
    missing_until = Time(required=True, allow_none=True)
