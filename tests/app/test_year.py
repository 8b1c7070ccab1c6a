"""One year of four compounds with 3,000 households, and at its end every count agrees."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import VENDOR
from permits.approving import approve, settle_conflict
from permits.counts import counts_of
from permits.ending import expire
from permits.granting import grant
from permits.handover.writing import Source, write_handover
from permits.heads import sign_head
from permits.issuing import hand_over, issue
from permits.permit import IN_FORCE, Permit, PermitState, counted
from permits.plate_list import ConflictDecision, Outcome
from permits.print_batch import PrintSettings, choose, record
from permits.printing import PrintResult
from permits.relocating import move_car
from permits.renewing import renew
from permits.request import CarRequest, WhyLost
from permits.requesting import (
    ask_for_new_card,
    ask_for_other_plate,
    ask_for_second_car,
    ask_to_leave,
)
from permits.temporary import issue_temporary
from permits.vehicles import Vehicle, VehicleState
from records import ledger
from records.ledger import LedgerEntry
from records.people import Role
from tests.app.conftest import SignIn
from tests.app.pages import words_of
from tests.factories import (
    AT,
    OFFICE,
    REPRESENTATIVE,
    SEALER,
    Town,
    list_csv,
    make_town,
    submit_list,
)

LETTERS = "ABCD"
HOUSEHOLDS = 750
"""Of each compound: 3,000 in all."""

SECOND_CARS = 150
MONTH = timedelta(days=30)


@pytest.fixture
def town(session: Session, tmp_path) -> Town:
    session.expire_on_commit = False
    return make_town(session, tmp_path, LETTERS, quota=2)


class Year:
    """What happens, act by act, and beside it what a notebook would say: whose each car is.

    Attributes:
        cars: the compound's letter and the flat of each plate that is registered.
    """

    def __init__(self, session: Session, town: Town) -> None:
        self.session, self.town, self.at = session, town, AT
        self.chance = random.Random(2026)
        self.cars: dict[str, tuple[str, str]] = {}
        self._plates: Iterator[str] = (f"粤E{number:05d}" for number in range(1, 99_999))

    def play(self) -> None:
        """Play the year: the lists, ten months with their acts, the renewal, and its end."""
        for letter in LETTERS:
            self._first_list(letter)
        self._hand_out(all_but=0.05)
        for _month in range(10):
            self.at += MONTH
            for letter in LETTERS:
                self._month_of(letter)
            self._hand_out()
            self.session.commit()
        self.at += MONTH
        for letter in LETTERS:
            compound = self.town.compound(letter)
            renew(self.session, compound, keys=self.town.keys, actor=OFFICE, at=self.at)
        self._hand_out(all_but=0.3)
        self.at += 2 * MONTH
        expire(self.session, self.town.community, actor=OFFICE, at=self.at)
        self.session.commit()

    def _first_list(self, letter: str) -> None:
        flats = [f"{number // 100 + 1}-{number % 100 + 101}" for number in range(HOUSEHOLDS)]
        self._approve(letter, [*flats, *self.chance.sample(flats, SECOND_CARS)])

    def _approve(self, letter: str, flats: list[str], claimed: str | None = None) -> None:
        """Hand in and approve a list of new cars, perhaps with a plate of another compound."""
        new = {next(self._plates): flat for flat in flats}
        rows = [(plate, flat, "陈伟", "13800138000") for plate, flat in new.items()]
        rows += [(claimed, "29-901")] if claimed else []
        compound = self.town.compound(letter)
        content = list_csv(*rows)
        handed_in = submit_list(self.session, compound, content, files=self.town.files, at=self.at)
        approve(self.session, handed_in, SEALER, actor=OFFICE, at=self.at)
        self.cars |= {plate: (letter, flat) for plate, flat in new.items()}
        for row in handed_in.rows if claimed else ():
            if row.outcome == Outcome.CONFLICT:
                decision = self.chance.choice(list(ConflictDecision))
                settle_conflict(self.session, row, decision, "x", actor=OFFICE, at=self.at)
                if decision is ConflictDecision.MOVE:
                    self.cars[row.plate] = (letter, "29-901")

    def _month_of(self, letter: str) -> None:
        rival = self._car_of(self.chance.choice(LETTERS.replace(letter, "")))
        self._approve(letter, [f"21-{self.at:%m%d}", f"22-{self.at:%m%d}"], rival.plate)
        act = {"actor": REPRESENTATIVE, "at": self.at}
        card = self._grant(
            ask_for_new_card(self.session, self._car_of(letter, True), WhyLost.LOST, **act)
        )
        issue_temporary(self.session, card, keys=self.town.keys, actor=OFFICE, at=self.at)
        changed, plate = self._car_of(letter), next(self._plates)
        self._grant(ask_for_other_plate(self.session, changed, plate, **act))
        self.cars[plate] = self.cars.pop(changed.plate)
        flat, plate = self._flat_with_one_car(letter), next(self._plates)
        asked = {"household": flat, "plate": plate, "owner": "", "phone": "", "sealer": SEALER}
        self._grant(ask_for_second_car(self.session, self.town.compound(letter), **asked, **act))
        self.cars[plate] = (letter, flat)
        leaving = self._car_of(letter)
        self._grant(ask_to_leave(self.session, leaving, with_all=False, **act))
        del self.cars[leaving.plate]
        self._move(self._car_of(letter), self.chance.choice(LETTERS.replace(letter, "")))

    def _move(self, vehicle: Vehicle, letter: str) -> None:
        day = self.town.community.local_day(self.at) + timedelta(days=7)
        flat = f"23-{self.at:%m%d}{vehicle.compound.letter}"
        move_car(
            self.session,
            vehicle,
            self.town.compound(letter),
            household=flat,
            day=day,
            keys=self.town.keys,
            actor=OFFICE,
            at=self.at,
        )
        self.cars[vehicle.plate] = (letter, flat)

    def _grant(self, asked: CarRequest) -> Permit | None:
        return grant(self.session, asked, keys=self.town.keys, actor=OFFICE, at=self.at)

    def _car_of(self, letter: str, with_card: bool = False) -> Vehicle:
        """Return a car of a compound by chance, perhaps one whose owner has the card."""
        ours = [plate for plate, (whose, _flat) in self.cars.items() if whose == letter]
        while True:
            query = select(Vehicle).where(
                Vehicle.plate == self.chance.choice(ours), Vehicle.state == VehicleState.ACTIVE
            )
            vehicle = self.session.scalars(query).one()
            card = select(Permit.id).where(
                Permit.vehicle_id == vehicle.id, Permit.state == PermitState.HANDED_OVER
            )
            stays = vehicle.added_at <= self.at
            if stays and (not with_card or self.session.scalar(card) is not None):
                return vehicle

    def _flat_with_one_car(self, letter: str) -> str:
        count = Counter(self.cars.values())
        return self.chance.choice(
            sorted(flat for (whose, flat), cars in count.items() if (whose, cars) == (letter, 1))
        )

    def _hand_out(self, all_but: float = 0) -> None:
        """Issue what is missing, print what is new and hand it out, but for some of it."""
        community, keys = self.town.community, self.town.keys
        issue(self.session, community, keys=keys, actor=OFFICE, at=self.at)
        settings = PrintSettings(
            self.town.folder / "prints", VENDOR / "fonts", "https://p.example", keys
        )
        batch = choose(
            self.session, community, settings, layout="sticker", at=self.at, only_new=True
        )
        # What is drawn is tested elsewhere, and 7,000 stickers take their time.
        settings.out.mkdir(exist_ok=True)
        sheets = settings.out / "sheets.pdf"
        sheets.write_bytes(b"%PDF-1.7")
        count = len(batch.ids)
        drawn = PrintResult(sheets, f"{self.at:%Y%m%d}" * 8, count, count // 8 + 1, count)
        record(self.session, community, settings, batch, drawn, actor=OFFICE, at=self.at)
        printed = select(Permit).where(counted(), Permit.state == PermitState.PRINTED)
        waiting = self.session.scalars(printed.order_by(Permit.number)).all()
        fetched = [one for one in waiting if self.chance.random() >= all_but]
        hand_over(self.session, fetched, actor=OFFICE, at=self.at)


def permits_by_ledger(session: Session) -> Counter[str]:
    """Return by letter the permits that are good at a gate, as the ledger's acts add up."""
    good: set[str] = set()
    for entry in session.scalars(select(LedgerEntry).order_by(LedgerEntry.number)):
        serial = entry.subject.removeprefix("permit:")
        if entry.act == "permit.issued":
            assert serial not in good
            good.add(serial)
        elif entry.act in ("permit.revoked", "permit.replaced", "permit.expired"):
            good.remove(serial)
    return Counter(serial[0] for serial in good)


def rows_of(handed: Path, table: str) -> list[dict[str, str]]:
    """Return the rows of a table in a handover."""
    with zipfile.ZipFile(handed) as archive, archive.open(f"tables/{table}.csv") as file:
        return list(csv.DictReader(io.TextIOWrapper(file, "utf-8-sig", newline="")))


def test_after_a_year_the_counts_on_pages_in_the_register_the_ledger_and_the_handover_agree(
    app: Flask,
    session: Session,
    town: Town,
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    year = Year(session, town)
    year.play()
    monkeypatch.setitem(app.extensions, "clock", lambda: year.at)

    # The register against the notebook: each car once, in its compound, with one permit.
    cars = Counter(letter for letter, _flat in year.cars.values())
    permits = session.execute(select(Permit.plate, Permit.serial).where(counted())).all()
    assert Counter({plate: serial[0] for plate, serial in permits}.values()) == cars
    assert len(permits) == len(year.cars)
    counts = {one.compound.letter: one for one in counts_of(session, town.community, None)}
    assert {letter: one.vehicles for letter, one in counts.items()} == cars
    assert {letter: one.permits_in_force for letter, one in counts.items()} == cars
    flats = Counter(letter for letter, _flat in set(year.cars.values()))
    assert {letter: one.households for letter, one in counts.items()} == flats

    # The ledger: its chain, its head's counts, and its acts added up.
    head = sign_head(session, town.community, town.keys, at=year.at)
    session.commit()
    assert head.permits == cars
    standing = ledger.verify(ledger.export(session))
    assert (standing.number, standing.hash) == (head.number, head.hash)
    in_force = session.scalars(select(Permit.serial).where(Permit.state.in_(IN_FORCE)))
    assert permits_by_ledger(session) == Counter(serial[0] for serial in in_force)

    # Every page that counts, and the command line.
    office, board = sign_in(Role.STAFF), app.test_client()
    rows = [
        f"{one.households:,} {one.vehicles:,} {one.own_spaces:,} {one.permits_in_force:,}"
        for one in counts.values()
    ]
    pages = {"office": office.get("/office/")}
    for letter in LETTERS:
        pages[letter] = sign_in(Role.REPRESENTATIVE, letter).get("/compound/")
    for page in pages.values():
        words = words_of(page)
        assert [row for row in rows if row not in words] == []
    words = words_of(board.get("/"))
    for one in counts.values():
        assert re.search(rf"{one.vehicles:,} \S+ {one.permits_in_force:,} ", words)
    said = {}
    for command in (("ledger", "verify"), ("permits", "issue"), ("permits", "expire")):
        done = app.test_cli_runner().invoke(args=[*command, "--json"])
        said[command[1]] = json.loads(done.stdout)
    assert said["verify"]["entries"] == head.number
    assert (said["issue"]["issued"], said["expire"]["expired"]) == (0, 0)

    # What is handed over says the same, and holds the same ledger.
    handed = tmp_path / "year.zip"
    manifest = write_handover(Source(session.get_bind(), SEALER, town.files), handed, at=year.at)
    assert (manifest.head.number, manifest.head.hash) == (head.number, head.hash)
    ours = {str(one.id): one.letter for one in town.community.compounds}
    kept = [one for one in rows_of(handed, "permits") if one["state"] in IN_FORCE]
    counting = [one for one in kept if not one["gives_way_to_id"]]
    assert Counter(ours[one["compound_id"]] for one in counting) == cars
    living = [one for one in rows_of(handed, "vehicles") if one["state"] == VehicleState.ACTIVE]
    assert Counter(ours[one["compound_id"]] for one in living) == cars
