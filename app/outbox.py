"""What a guard's device kept while it had no network: each item is taken or refused for itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from app.outbox_item import Item, ItemUnreadable
from app.rights import LAST_ID
from permits.infringement import InfringementKind
from permits.passes import Direction, PassKind
from permits.recording import DevicePass, NotYourGate, record_passes
from permits.reporting import report_car
from permits.shift_notes import write_note
from permits.verdicts import Verdict
from permits.visiting import DROP_OFF, register_drop_off, register_visit
from permits.visitor_pass import VisitKind
from records.errors import DomainError
from records.file_store import FileStore
from records.people import Role, User
from zones.areas import Zone, zones_of
from zones.communities import Community, Compound, Gate, gates_of

MOST_ITEMS = 1000
MOST_PHOTOS = 10
MOST_BYTES = 2 * 1024 * 1024
"""Of one request; a device sends what is left in the next."""

LONGEST_SCAN = 600
"""Characters of a symbol that are looked at; a permit's has about 230."""


class OutboxTooLarge(DomainError):
    """One request holds more than `items` items, `photos` photos or `limit_mb` MB."""

    code: ClassVar[str] = "outbox_too_large"
    status: ClassVar[int] = 413


def too_large() -> OutboxTooLarge:
    """Return the refusal with its limits."""
    return OutboxTooLarge(
        items=MOST_ITEMS, photos=MOST_PHOTOS, limit_mb=MOST_BYTES // (1024 * 1024)
    )


@dataclass
class Outbox:
    """Takes what one guard's phone kept, his own items and those of who had the phone before.

    Attributes:
        guard: who sends.
        received_at: the server's time.
        taken: UUIDs of the items that are kept, now or since before.
        refused: UUIDs of the others, as far as they can be read, and why.
    """

    session: Session
    guard: User
    files: FileStore
    received_at: datetime
    taken: list[str] = field(default_factory=list)
    refused: list[tuple[str, DomainError]] = field(default_factory=list)

    def take(self, contents: Sequence[Any]) -> None:
        """Take every item that can be taken; `taken` and `refused` then say which.

        Raises:
            OutboxTooLarge: there are too many at once; none is taken.
        """
        with_photo = sum(1 for one in contents if isinstance(one, dict) and one.get("photo"))
        if len(contents) > MOST_ITEMS or with_photo > MOST_PHOTOS:
            raise too_large()
        self.community = self.session.get_one(Community, self.guard.community_id)
        self._gates_of: dict[int, dict[int, Gate]] = {}
        items = [Item(one if isinstance(one, dict) else {}) for one in contents]
        for item in items:
            if item.kind != "pass":
                self._take_one(item)
        # Last: whoever holds the community never waits for one that waits for a pass.
        self._take_passes([item for item in items if item.kind == "pass"])

    def _take_one(self, item: Item) -> None:
        acts: Mapping[str, Callable[[Item], None]] = {
            "visit": self._visit,
            "note": self._note,
            "report": self._report,
        }
        try:
            if item.kind not in acts:
                raise ItemUnreadable(field="kind")
            # What is refused half way leaves nothing behind.
            with self.session.begin_nested():
                acts[item.kind](item)
            self.taken.append(item.uuid)
        except DomainError as error:
            self._refuse(item, error)
        except (IntegrityError, DataError):
            # Its UUID is another community's, or a text is longer than its column.
            self._refuse(item, ItemUnreadable(field=item.kind))

    def _take_passes(self, items: Sequence[Item]) -> None:
        passes: dict[int, list[DevicePass]] = {}
        for item in items:
            try:
                passes.setdefault(self._owner(item).id, []).append(self._pass(item))
            except DomainError as error:
                self._refuse(item, error)
        # In one order, for the same reason as the passes of each.
        for guard_id, own in sorted(passes.items()):
            recorded = record_passes(
                self.session,
                self.community.id,
                own,
                gates=self._gates(guard_id).keys(),
                guard_id=guard_id,
                received_at=self.received_at,
            )
            self.taken += recorded.taken
            self.refused += recorded.refused.items()

    def _refuse(self, item: Item, error: DomainError) -> None:
        named = item.content.get("uuid")
        self.refused.append((named[:36] if isinstance(named, str) else "", error))

    def _owner(self, item: Item) -> User:
        """Return the guard who made an item: he may have left the phone to the next shift."""
        owner_id = item.whole("owner", otherwise=self.guard.id)
        if owner_id == self.guard.id:
            return self.guard
        owner = self.session.get(User, owner_id) if 0 < owner_id <= LAST_ID else None
        if owner is None or (owner.community_id, owner.role) != (self.community.id, Role.GUARD):
            raise ItemUnreadable(field="owner")
        return owner

    def _gates(self, owner_id: int) -> dict[int, Gate]:
        """Return the gates at which an item of a guard can have been made.

        Those of the sender too: the owner may have been posted elsewhere since.
        """
        if owner_id not in self._gates_of:
            posted = {gate.id: gate for gate in gates_of(self.session, owner_id)}
            self._gates_of[owner_id] = posted
            if owner_id != self.guard.id:
                posted |= self._gates(self.guard.id)
        return self._gates_of[owner_id]

    def _gate(self, item: Item) -> Gate:
        gate = self._gates(self._owner(item).id).get(item.whole("gate"))
        if gate is None:
            raise NotYourGate(gate=item.content["gate"])
        return gate

    def _compound(self, item: Item) -> Compound:
        number = item.whole("compound")
        for one in self.community.compounds:
            if one.number == number:
                return one
        raise ItemUnreadable(field="compound")

    def _zone(self, item: Item) -> Zone | None:
        code = item.text("zone")
        if not code:
            return None
        for one in zones_of(self.session, self.community.id):
            if one.code == code:
                return one
        raise ItemUnreadable(field="zone")

    def _pass(self, item: Item) -> DevicePass:
        return DevicePass(
            uuid=item.uuid,
            gate_id=item.whole("gate"),
            direction=item.choice("direction", Direction),
            at=item.moment(),
            let_through=item.flag("let_through"),
            verdict=item.choice("verdict", Verdict),
            reasons=item.reasons(),
            scanned=item.text("scanned", LONGEST_SCAN) or None,
            plate=item.text("plate") or None,
            offline=item.flag("offline", otherwise=True),
            kind=item.choice("pass_kind", PassKind, PassKind.CAR),
        )

    def _visit(self, item: Item) -> None:
        self._gate(item)
        kind, at = item.choice("visit_kind", VisitKind), item.moment()
        common: dict[str, Any] = {
            "plate": item.text("plate"),
            "actor": self._owner(item).actor,
            "at": at,
            "uuid": item.uuid,
            "received_at": self.received_at,
        }
        if kind is VisitKind.DROP_OFF:
            lasts = item.hours(otherwise=DROP_OFF)
            register_drop_off(self.session, self.community, lasts=lasts, **common)
            return
        register_visit(
            self.session,
            self._compound(item),
            household=item.text("household"),
            kind=kind,
            valid_from=at,
            valid_to=at + item.hours(),
            **common,
        )

    def _note(self, item: Item) -> None:
        write_note(
            self.session,
            self._gate(item),
            item.text("text"),
            guard_id=self._owner(item).id,
            at=item.moment(),
            uuid=item.uuid,
            received_at=self.received_at,
        )

    def _report(self, item: Item) -> None:
        report_car(
            self.session,
            self.community,
            zone=self._zone(item),
            plate=item.text("plate"),
            kind=item.choice("report_kind", InfringementKind),
            note=item.text("note"),
            photo=item.photo(),
            files=self.files,
            actor=self._owner(item).actor,
            at=item.moment(),
            uuid=item.uuid,
            received_at=self.received_at,
        )
