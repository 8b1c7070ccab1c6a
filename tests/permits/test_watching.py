import io

import pytest
from PIL import Image

from permits.answering import PhotoMissing
from permits.infringement import RESIDENT, InfringementKind
from permits.watching import followed, grouped, report_as_resident
from tests.factories import AT, SEALER, make_report, make_town, photo_file

CONTACT = "13577771234"
_GPS = 0x8825
"""The tag under which a camera writes where it was (Exif 2.32, 4.6.3)."""


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path)


@pytest.fixture
def report(session, town):
    def report(**changes):
        given = {
            "zone": None,
            "plate": "",
            "kind": InfringementKind.FIRE_LANE,
            "note": "",
            "photo": photo_file(),
            "contact": "",
            "form_key": "one form",
        }
        return report_as_resident(
            session,
            town.community,
            files=town.files,
            sealer=SEALER,
            at=AT,
            **{**given, **changes},
        )

    return report


def located():
    """A photo that says where it was taken."""
    exif = Image.Exif()
    exif.get_ifd(_GPS)[1] = "N"
    exif[_GPS] = {1: "N", 2: (23.0, 1.0, 7.0), 3: "E", 4: (113.0, 7.0, 11.0)}
    return photo_file(exif=exif.tobytes())


def test_the_photo_is_kept_without_the_place_where_it_was_taken(town, report):
    photo = located()
    assert _GPS in Image.open(io.BytesIO(photo)).getexif()
    made, _code = report(photo=photo)
    kept = Image.open(io.BytesIO(town.files.read(made.photo_sha256)))
    assert dict(kept.getexif()) == {}


def test_the_code_leads_to_the_report_however_it_is_copied(session, town, report):
    make_report(session, town.community)
    made, code = report()
    for typed in (code, grouped(code), f" {code.lower()} "):
        assert followed(session, typed) is made
    assert followed(session, code[:-1]) is followed(session, "") is None


def test_neither_the_code_nor_the_contact_is_kept_in_clear(session, report):
    made, code = report(contact=CONTACT)
    assert made.reported_by == RESIDENT
    kept = repr([getattr(made, column.key) for column in made.__table__.columns])
    assert code not in kept
    assert CONTACT not in kept
    assert SEALER.open(made.contact_sealed) == CONTACT


def test_a_form_that_is_sent_twice_is_one_report_with_one_code(report):
    first, code = report(contact=CONTACT)
    again, same_code = report(contact="another")
    assert (again.id, same_code) == (first.id, code)
    assert SEALER.open(again.contact_sealed) == CONTACT
    other, other_code = report(form_key="another form")
    assert other.id != first.id
    assert other_code != code


def test_a_report_without_a_name_needs_a_photo(report):
    with pytest.raises(PhotoMissing):
        report(photo=None, plate="粤E12345")
