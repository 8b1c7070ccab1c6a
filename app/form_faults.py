"""What is wrong in a form that came back, for the summary above it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wtforms import Field, FieldList, Form, FormField, RadioField, SelectMultipleField


@dataclass(frozen=True)
class Fault:
    """One thing to mend.

    Attributes:
        target: the id of the element to mend it in, empty where it belongs to the whole form.
        label: what the field is called, as its form has it.
    """

    target: str
    label: str
    words: str


def form_faults(form: Form) -> list[Fault]:
    """Return what is wrong in a form, in the order of its fields."""
    found = [fault for field in form for fault in _faults(field)]
    return [*found, *(Fault("", "", str(error)) for error in form.form_errors)]


def _faults(field: Field) -> Iterator[Fault]:
    if isinstance(field, FormField | FieldList):
        for inner in field:
            yield from _faults(inner)
        return
    # A group of choices has no element with the field's own id; its first choice has one.
    is_group = isinstance(field, RadioField | SelectMultipleField)
    target = f"{field.id}-0" if is_group else field.id
    for error in field.errors:
        yield Fault(target, field.label.text, str(error))
