"""What goes in and out of the API, as marshmallow checks it and OpenAPI describes it."""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from permits.gate import Reason, Verdict
from permits.passes import Direction
from zones.colours import PALETTE

MOST_PASSES = 1000
"""Passes in one batch."""

LONGEST_PLATE = 20
LONGEST_SCAN = 600
"""Characters of a symbol; a permit's has about 230."""


class Share(fields.Float):
    """A number from 0 to 1, and no text that looks like one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(0, 1), **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> float:
        if isinstance(value, str):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, *args, **kwargs)


class Flag(fields.Boolean):
    """True or false, and no number or text that may mean one."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


def _said(text: str, **more: Any) -> dict[str, Any]:
    return {"description": text, **more}


class Strict(Schema):
    """Fields that are not known are refused: a misspelt one would be lost."""

    class Meta:
        """Options of marshmallow."""

        unknown = RAISE
        ordered = True


class QuestionSchema(Strict):
    """What a machine read. `plate`, `scanned`, or both, which must then belong together."""

    plate = fields.String(
        validate=validate.Length(1, LONGEST_PLATE),
        metadata=_said(
            "As read: separators, width and case do not matter.", examples=["粤E·12345"]
        ),
    )
    scanned = fields.String(
        validate=validate.Length(1, LONGEST_SCAN),
        metadata=_said("The text of a permit's or visitor pass's symbol."),
    )
    at = fields.AwareDateTime(
        format="iso",
        metadata=_said(
            "When the car stood there, with its offset (RFC 3339), from 2020 on and at most a day"
            " ahead. Now, if left out.",
        ),
    )
    confidence = Share(
        metadata=_said(
            "How surely the plate was read. Below the device's limit an admit becomes a check."
        )
    )

    @validates_schema
    def something_was_read(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a question without plate and symbol."""
        if not data.get("plate") and not data.get("scanned"):
            raise ValidationError("plate or scanned is needed.", "plate")


class PassSchema(QuestionSchema):
    """A car that passed, and what was read of it."""

    uuid = fields.UUID(
        required=True,
        metadata=_said("Given by the machine: a pass that is sent again is recorded once."),
    )
    direction = fields.Enum(
        Direction, by_value=True, metadata=_said("Needed where the device has none of its own.")
    )
    let_through = Flag(
        metadata=_said("Whether the barrier opened. As the verdict says, if left out.")
    )
    verdict = fields.Enum(
        Verdict,
        by_value=True,
        metadata=_said("What the machine decided by itself. Decided here, if left out."),
    )
    reasons = fields.List(
        fields.Enum(Reason, by_value=True),
        validate=validate.Length(max=len(Reason)),
        metadata=_said("Why, the gravest first, with a verdict of its own."),
    )
    offline = Flag(
        metadata=_said("Whether the machine had no network. Told by the moment, if left out.")
    )


class PassesSchema(Strict):
    """Passes that a machine kept, in any order."""

    passes = fields.List(
        fields.Nested(PassSchema),
        required=True,
        validate=validate.Length(1, MOST_PASSES),
    )


class WindowSchema(Schema):
    """A zone that is open to the colour, all day or between two local times."""

    zone = fields.String(required=True)
    starts = fields.String(required=True, allow_none=True, metadata=_said("HH:MM, null: all day"))
    ends = fields.String(required=True, allow_none=True, metadata=_said("HH:MM, null: all day"))
    open_now = fields.Boolean(required=True)


class DecisionSchema(Schema):
    """What the gate decides; `docs/gate-decision.md` explains each reason."""

    verdict = fields.Enum(Verdict, by_value=True, required=True)
    reasons = fields.List(
        fields.Enum(Reason, by_value=True),
        required=True,
        metadata=_said("At least one, the gravest first."),
    )
    colour = fields.String(required=True, allow_none=True, metadata=_said("#RRGGBB"))
    colour_key = fields.String(
        required=True,
        allow_none=True,
        metadata=_said("One of " + ", ".join(colour.key for colour in PALETTE)),
    )
    letter = fields.String(required=True, allow_none=True)
    compound = fields.String(required=True, allow_none=True)
    compound_en = fields.String(required=True, allow_none=True)
    shape = fields.String(required=True, allow_none=True)
    zones = fields.List(fields.String(), required=True, metadata=_said("Codes, open today."))
    windows = fields.List(fields.Nested(WindowSchema), required=True)
    plan = fields.Integer(required=True, allow_none=True)
    plate = fields.String(required=True, allow_none=True, metadata=_said("Canonical: 粤E12345"))
    plate_shown = fields.String(required=True, allow_none=True, metadata=_said("粤E·12345"))
    serial = fields.String(required=True, allow_none=True)
    valid_from = fields.String(required=True, allow_none=True, metadata=_said("A day, included."))
    valid_to = fields.String(required=True, allow_none=True, metadata=_said("A day, included."))
    replaced_by = fields.String(required=True, allow_none=True)
    suspended_until = fields.AwareDateTime(required=True, allow_none=True)
    data_age_s = fields.Integer(required=True)


class RecordedSchema(Schema):
    """A pass that is kept, now or since it was sent before, and the decision on it."""

    uuid = fields.String(required=True)
    at = fields.String(required=True, metadata=_said("The moment of the pass."))
    decision = fields.Nested(DecisionSchema, required=True)


class RefusedSchema(Schema):
    """A pass that is not kept: sending it again does not help."""

    uuid = fields.String(required=True)
    code = fields.String(required=True)
    title = fields.String(required=True)


class BatchSchema(Schema):
    """What became of a batch. What is taken or refused can leave the machine's queue."""

    taken = fields.List(fields.String(), required=True)
    refused = fields.List(fields.Nested(RefusedSchema), required=True)


class CameraAnswerSchema(Schema):
    """The passes that a camera's message told of; none where it is about something else."""

    passes = fields.List(fields.Nested(RecordedSchema), required=True)


class DeviceSchema(Schema):
    """The device that asks, as the administrator set it up."""

    name = fields.String(required=True)
    gate = fields.String(required=True, metadata=_said("The gate's code."))
    direction = fields.Enum(Direction, by_value=True, required=True, allow_none=True)
    least_confidence = fields.Float(required=True)
    time = fields.String(required=True, metadata=_said("The server's, to set a clock by."))


class FieldProblemSchema(Schema):
    """One field that is wrong."""

    field = fields.String(required=True, metadata=_said("Its path, such as passes.3.uuid"))
    detail = fields.String(required=True)


class ProblemSchema(Schema):
    """A problem document (RFC 9457)."""

    type = fields.String(required=True)
    title = fields.String(required=True, metadata=_said("For people, in Chinese or English."))
    status = fields.Integer(required=True)
    code = fields.String(required=True, metadata=_said("Stable, for programs."))
    errors = fields.List(fields.Nested(FieldProblemSchema), metadata=_said("Fields to mend."))
