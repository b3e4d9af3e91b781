"""What fields of the REST API are made of: tables without strangers, clean texts, telephone numbers, aware times."""

import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields

from ivr.numbers import BadNumber, PhoneNumber


class Shape(Schema):
    """A table of fields; a field that is not in it is refused, so that a misspelt one is noticed."""

    class Meta:
        """How every shape reads."""

        unknown = RAISE


class Text(fields.String):
    """A text in composed form (NFC) without control signs, at most `longest` characters after trimming."""

    def __init__(self, *, longest: int, shortest: int = 1, **settings: Any) -> None:  # as marshmallow's own
        settings["metadata"] = {"minLength": shortest, "maxLength": longest, **settings.get("metadata", {})}
        super().__init__(**settings)
        self.longest, self.shortest = longest, shortest

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **settings: Any) -> str:
        text = unicodedata.normalize("NFC", super()._deserialize(value, attr, data, **settings)).strip()
        if not self.shortest <= len(text) <= self.longest:
            raise ValidationError(f"Must have {self.shortest} to {self.longest} characters, has {len(text)}.")
        if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\n\t" for sign in text):
            raise ValidationError("Must not hold control signs.")
        return text


class Number(fields.String):
    """A telephone number, written in any usual way; shown masked."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **settings: Any) -> str | None:
        return value.masked if isinstance(value, PhoneNumber) else None

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **settings: Any) -> Any:
        try:
            return PhoneNumber.parse(super()._deserialize(value, attr, data, **settings))
        except BadNumber as error:
            raise ValidationError(f"Is no telephone number: {error.why}; {error.remedy}.") from None


class Time(fields.AwareDateTime):
    """A moment in ISO 8601 with its offset from UTC; shown in UTC."""

    def __init__(self, **settings: Any) -> None:  # as marshmallow's own
        super().__init__(format="iso", **settings)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **settings: Any) -> str | None:
        return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else None

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **settings: Any) -> Any:
        if not isinstance(value, str):
            raise ValidationError("Must be a text such as 2026-11-23T10:00:00+09:00.")
        try:
            moment = super()._deserialize(value, attr, data, **settings)
            return moment.astimezone(UTC)
        except OverflowError:
            raise ValidationError("Lies outside the calendar.") from None


class ProblemFault(Schema):
    """One fault of what was sent."""

    field = fields.String(required=True)
    message = fields.String(required=True)


class ProblemShape(Schema):
    """A refusal (RFC 9457)."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    errors = fields.List(fields.Nested(ProblemFault))
