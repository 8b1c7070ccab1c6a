"""A town with something in every kind of column, and the way of its record from place to place."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from permits.handover.manifest import Manifest
from permits.handover.reading import TakenIn, take_in
from permits.handover.writing import Source, enter_handover, write_handover
from permits.permit import PermitState
from permits.plate_list import PlateListRow
from permits.request import CarRequest, RequestKind
from permits.row_message import RowMessage
from records.database import Base
from records.file_store import FileStore
from records.people import Role
from records.sealed import Sealer
from records.signing_keys import make_key
from tests.conftest import Database
from tests.factories import (
    AT,
    OFFICE,
    SEALER,
    Town,
    approve_list,
    list_csv,
    make_device,
    make_meeting,
    make_pass,
    make_permit,
    make_report,
    make_town,
    make_user,
    make_vehicle,
    make_visit,
    make_warning,
    make_webhook,
)
from zones.communities import Compound

PASSPHRASE = "four words nobody guesses"
RECEIVER = Sealer(bytes(range(32, 64)))

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Handed:
    """A handover that was made, and what was handed over."""

    path: Path
    manifest: Manifest
    rows: Rows
    files: FileStore


@pytest.fixture
def hand_over(
    session: Session, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Handed]:
    """Return a handover of a town, made once a process: the database need not hold it then."""

    def hand_over(passphrase: str | None = None) -> Handed:
        if passphrase not in _made:
            folder = tmp_path_factory.mktemp("town")
            _made[passphrase] = _hand_over(session, make_record(session, folder), passphrase)
        made = _made[passphrase]
        copy = Path(shutil.copy(made.path, tmp_path / "handover.zip"))
        return dataclasses.replace(made, path=copy)

    return hand_over


_made: dict[str | None, Handed] = {}


def _hand_over(session: Session, town: Town, passphrase: str | None) -> Handed:
    people = passphrase is not None
    enter_handover(session, town.community, town.keys, with_people=people, actor=OFFICE, at=AT)
    session.commit()
    engine, path = session.get_bind(), town.folder / "handover.zip"
    manifest = write_handover(
        Source(engine, SEALER, town.files), path, at=AT, passphrase=passphrase
    )
    return Handed(path, manifest, rows_of(engine), town.files)


def make_record(session: Session, folder: Path) -> Town:
    """Make two compounds at the end of a year, with something in every kind of column."""
    town = make_town(session, folder)
    community, compound = town.community, town.compound("A")
    make_user(session, community, Role.ADMINISTRATOR, name="chief")
    make_user(session, community, Role.STAFF, name="clerk")
    rows = ("粤E12345", "3-501", "=陈伟", "13800138000"), ("粤E12346", "3-502", "", "")
    approve_list(session, compound, list_csv(*rows), files=town.files)
    _asked(session, compound)
    lost = make_vehicle(session, compound, "粤E54321", owner="'林", phone="+86 138")
    first, second = make_permit(session, lost, PermitState.REPLACED), make_permit(session, lost)
    first.replaced_by_id, first.end_reason = second.id, ""
    make_pass(session, community.gates[0], "粤E54321", permit=second)
    make_device(session, community.gates[0])
    make_visit(session, compound)
    make_webhook(session, community)
    report = make_report(session, community, "粤E54321")
    report.note, report.contact_sealed = "@夜里，\r\n“堵门”", SEALER.seal("13900139000")
    make_warning(session, lost)
    make_meeting(session, community, town.files, "AB")
    make_key(session, town.keys, actor=OFFICE, at=AT)
    session.commit()
    return town


def _asked(session: Session, compound: Compound) -> None:
    row = session.scalars(select(PlateListRow.id).order_by(PlateListRow.id)).first()
    question = SEALER.seal("陈伟的电话？")
    session.add(RowMessage(row_id=row, kind="question", text_sealed=question, by=OFFICE, at=AT))
    session.add(
        CarRequest(
            community_id=compound.community_id,
            compound=compound,
            kind=RequestKind.SECOND_CAR,
            plate="粤E99999",
            owner_sealed=SEALER.seal("陈伟"),
            details_digest=SEALER.digest("陈伟", ""),
            created_by=OFFICE,
            created_at=AT,
        )
    )


@pytest.fixture
def hand_on(
    engine: Engine, session: Session, migrated_database: Database, tmp_path: Path
) -> Callable[..., TakenIn]:
    """Take a handover into a database that is empty again, by default this test's own."""

    def hand_on(path: Path, into: Engine | None = None, **more: Any) -> TakenIn:
        if into is None:
            session.close()
            engine.dispose()
            migrated_database.end()
            migrated_database.begin()
        files = FileStore(tmp_path / "received")
        return take_in(into or engine, path, sealer=RECEIVER, files=files, **more)

    return hand_on


def rows_of(engine: Engine) -> Rows:
    """Return what a database holds."""
    with engine.connect() as connection:
        return {
            table.name: [
                dict(row)
                for row in connection.execute(
                    table.select().order_by(*table.primary_key.columns)
                ).mappings()
            ]
            for table in Base.metadata.sorted_tables
        }


def opened(rows: Rows, sealer: Sealer) -> Rows:
    """Return rows with their seals opened; digests are keyed, so they are only there or not."""

    def shown(name: str, value: Any) -> Any:
        if value is None:
            return None
        if name.endswith("_sealed"):
            return sealer.open(value)
        return "digest" if name.endswith("_digest") else value

    return {
        table: [{name: shown(name, value) for name, value in row.items()} for row in found]
        for table, found in rows.items()
    }


def without(rows: Rows, dropped: dict[str, set[str]]) -> Rows:
    """Return rows without some columns, and without tables of which nothing is left."""
    return {
        table: [
            {name: value for name, value in row.items() if name not in dropped.get(table, set())}
            for row in found
        ]
        for table, found in rows.items()
        if "*" not in dropped.get(table, set())
    }
