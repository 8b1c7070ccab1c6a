import hashlib
import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from permits.ending import revoke
from permits.issuing import issue
from permits.own_layout import UnknownLayout
from permits.permit import IN_FORCE, Permit, PermitState
from permits.print_batch import (
    NoPlanInForce,
    NothingToPrint,
    PrintSettings,
    choose,
    print_batch,
)
from permits.print_rules import change_print_rules
from permits.print_run import PrintRun, WhyAgain, times_printed
from permits.printer import Measured, save_printer
from permits.printing import LAYOUTS, Offset
from permits.printing.typefaces import FontMissing
from records import ledger
from records.keys import KeyMissing, KeyStore
from tests.at_once import at_once
from tests.factories import AT, OFFICE, make_town, make_vehicle
from zones.communities import Community

FONTS = Path(__file__).parents[2] / "app" / "static" / "vendor" / "fonts"


@pytest.fixture
def town(session, tmp_path):
    """A town with two cars of A and one of B, all with permits that wait for the printer."""
    town = make_town(session, tmp_path)
    for letter in "AAB":
        make_vehicle(session, town.compound(letter))
    issue(session, town.community, keys=town.keys, actor=OFFICE, at=AT)
    session.commit()
    return town


@pytest.fixture
def settings(town, tmp_path):
    return PrintSettings(tmp_path / "prints", FONTS, "https://p.example.cn", town.keys)


def printed(session, town, settings, layout="card", at=AT, **choice):
    return print_batch(
        session, town.community, settings, layout=layout, actor=OFFICE, at=at, **choice
    )


def states(session):
    session.expire_all()
    return session.scalars(select(Permit.state).order_by(Permit.number)).all()


def files_in(folder):
    return sorted(path.name for path in folder.rglob("*")) if folder.exists() else []


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_a_run_is_recorded_with_its_files_sha256_and_its_permits(session, town, settings, layout):
    run = printed(session, town, settings, layout)
    session.flush()
    content = (settings.out / run.file_name).read_bytes()
    assert run.sha256 == hashlib.sha256(content).hexdigest()
    assert (run.layout, run.permit_count, len(run.permits)) == (layout, 3, 3)
    assert files_in(settings.out) == [run.file_name]
    entry = list(ledger.export(session))[-1]
    assert (entry["act"], entry["subject"]) == ("permits.printed", f"run:{run.id}")
    assert (entry["details"]["sha256"], entry["details"]["permits"]) == (run.sha256, 3)


def test_issued_permits_become_printed_and_others_stay_what_they_are(session, town, settings):
    first = session.scalars(select(Permit).order_by(Permit.number)).first()
    first.state, first.handed_over_at = PermitState.HANDED_OVER, AT
    printed(session, town, settings)
    assert states(session) == [
        PermitState.HANDED_OVER,
        PermitState.PRINTED,
        PermitState.PRINTED,
    ]


def test_the_same_permits_under_the_same_plan_give_the_same_bytes(session, town, settings):
    one = printed(session, town, settings)
    other = printed(session, town, settings, at=AT + timedelta(hours=3))
    assert (one.sha256, one.file_name) == (other.sha256, other.file_name)
    assert one.id != other.id


def test_only_new_prints_what_was_never_printed(session, town, settings):
    printed(session, town, settings, compound=town.compound("A"))
    run = printed(session, town, settings, only_new=True)
    assert [permit.compound.letter for permit in run.permits] == ["B"]
    with pytest.raises(NothingToPrint):
        printed(session, town, settings, only_new=True)


def test_chosen_permits_are_printed_and_no_others(session, town, settings):
    chosen = session.scalars(select(Permit).order_by(Permit.number)).all()[1]
    assert printed(session, town, settings, permit_ids=[chosen.id]).permits == [chosen]
    with pytest.raises(NothingToPrint):
        printed(session, town, settings, permit_ids=[])


def test_a_spoiled_card_is_printed_again_and_only_the_count_and_the_ledger_change(
    session, town, settings
):
    printed(session, town, settings)
    spoiled, *others = session.scalars(select(Permit).order_by(Permit.number))
    before = (spoiled.number, spoiled.serial, spoiled.signature)
    again = {"permit_ids": [spoiled.id], "why_again": WhyAgain.DAMAGED}
    run = printed(session, town, settings, **again)
    assert (run.permits, run.why_again) == ([spoiled], WhyAgain.DAMAGED)
    assert (spoiled.number, spoiled.serial, spoiled.signature) == before
    assert [times_printed(session, one) for one in (spoiled, *others)] == [2, 1, 1]
    entry = list(ledger.export(session))[-1]
    assert (entry["act"], entry["subject"]) == ("permit.reprinted", f"permit:{spoiled.serial}")
    assert entry["details"] == {"letter": spoiled.serial[0], "run": run.id, "why": "damaged"}


def test_the_communitys_rule_and_the_printers_offsets_go_into_every_run(session, town, settings):
    rules = {"names_compound": False, "names_space": True}
    change_print_rules(session, town.community, **rules, actor=OFFICE, at=AT)
    crosses = {"portrait_front": Measured(51.5, 50)}
    printer = save_printer(session, town.community.id, "HP", crosses)
    batch = choose(
        session, town.community, settings, layout="sticker", at=AT, printer=printer, most=2
    )
    assert (batch.options.names_compound, batch.options.front) == (False, Offset(-1.5, 0))
    assert len(batch.printed) == 2


def test_permits_that_ended_or_whose_days_are_over_are_not_printed(session, town, settings):
    revoked, over, good = session.scalars(select(Permit).order_by(Permit.number))
    revoke(session, revoked, "why", actor=OFFICE, at=AT)
    over.valid_from, over.valid_to = over.valid_from - timedelta(9), over.valid_from - timedelta(1)
    assert printed(session, town, settings).permits == [good]


def test_an_unknown_layout_is_named_with_those_there_are(session, town, settings):
    with pytest.raises(UnknownLayout) as refused:
        printed(session, town, settings, "poster")
    assert refused.value.facts == {"layout": "poster", "known": sorted(LAYOUTS)}


def test_without_a_plan_in_force_nothing_is_printed(session, town, settings):
    before_the_first_day = AT - timedelta(days=1)
    with pytest.raises(NoPlanInForce):
        printed(session, town, settings, at=before_the_first_day)
    assert files_in(settings.out) == []


def without_kept_signatures(session):
    """Let the permits be ones that were issued before signatures were kept."""
    session.execute(update(Permit).values(signature=None))
    session.commit()


def break_the_key(session, town, settings, monkeypatch):
    without_kept_signatures(session)
    return PrintSettings(settings.out, FONTS, settings.public_url, KeyStore(town.folder / "none"))


def break_the_fonts(session, town, settings, monkeypatch):
    from reportlab.pdfbase import pdfmetrics

    # Fonts that an earlier test registered are still known to the process.
    monkeypatch.setattr(pdfmetrics, "_fonts", {})
    return PrintSettings(settings.out, town.folder / "none", settings.public_url, town.keys)


def fill_the_disk(session, town, settings, monkeypatch):
    """Let the last step fail as on a full disk: the PDF cannot get its name."""
    real = os.replace

    def refuse(source, target, **how):
        if Path(target).parent == settings.out:
            raise OSError(28, "No space left on device")
        real(source, target, **how)

    monkeypatch.setattr(os, "replace", refuse)
    return settings


@pytest.mark.parametrize(
    ("obstacle", "error"),
    [
        (break_the_key, KeyMissing),
        (break_the_fonts, FontMissing),
        (fill_the_disk, OSError),
    ],
)
def test_a_failure_half_way_leaves_everything_as_it_was(
    session, town, settings, monkeypatch, obstacle, error
):
    head = ledger.head(session)
    broken = obstacle(session, town, settings, monkeypatch)
    with pytest.raises(error):
        printed(session, town, broken)
    session.rollback()
    assert set(states(session)) == {PermitState.ISSUED}
    assert session.scalar(select(func.count()).select_from(PrintRun)) == 0
    assert ledger.head(session) == head
    assert files_in(settings.out) == []


def test_a_permit_prints_to_the_same_bytes_whether_its_signature_was_kept_or_not(
    session, town, settings
):
    kept = printed(session, town, settings)
    without_kept_signatures(session)
    assert printed(session, town, settings).sha256 == kept.sha256


def test_an_error_while_drawing_leaves_everything_as_it_was(session, town, settings):
    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        printed(session, town, settings, progress=stop)
    session.rollback()
    assert set(states(session)) == {PermitState.ISSUED}
    assert files_in(settings.out) == []


def test_two_clerks_who_print_new_permits_at_once_print_each_once(engine, session, town, settings):
    community_id = town.community.id
    session.commit()
    results = at_once(
        engine,
        lambda one: one.get_one(Community, community_id),
        *[
            lambda one, community: (
                print_batch(
                    one, community, settings, layout="card", actor=OFFICE, at=AT, only_new=True
                ).permit_count
            )
        ]
        * 2,
    )
    printed, refused = sorted(results, key=lambda one: not isinstance(one, int))
    assert printed == 3
    # Who comes last finds nothing left, or that it was printed while he was drawing.
    assert refused.code in ("nothing_to_print", "permits_changed")


def test_a_printed_permit_is_still_in_force(session, town, settings):
    printed(session, town, settings)
    assert set(states(session)) <= set(IN_FORCE)
