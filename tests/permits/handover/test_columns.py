import pytest

import permits.models  # noqa: F401 - makes the metadata complete
from permits.handover.columns import DIGESTS, TABLES, Way, undecided
from permits.handover.kept_files import NO_FILE, SHOWS_PEOPLE
from permits.handover.reading import RENEWED
from records.database import Base

pytestmark = pytest.mark.anywhere


def ways(way):
    return {
        (table, name) for table in TABLES for name, its in TABLES[table].ways.items() if its is way
    }


def test_it_is_decided_for_every_table_and_column_how_it_is_handed_over():
    assert undecided() == [], (
        "Decide in permits/handover/columns.py how each of these is handed over: name a new column"
        " in the row of its table (plain; sealed for personal data under a seal; personal where"
        " only a handover with people has it; computed for keyed digests, with DIGESTS; renewed"
        " for secrets, with RENEWED in reading.py; dropped), give a new table a row of its own or"
        " name it in LEFT_OUT with the reason."
    )


def test_every_column_that_names_a_kept_file_says_whether_the_file_shows_people():
    named = {
        (table, name) for table in TABLES for name in TABLES[table].ways if name.endswith("sha256")
    }
    assert named == SHOWS_PEOPLE.keys() | NO_FILE, (
        "Say in permits/handover/kept_files.py whether the files of a new column show people"
        " (SHOWS_PEOPLE), or that it names no kept file (NO_FILE)."
    )


def test_what_is_made_at_the_receivers_is_made_for_each_such_column():
    assert ways(Way.RENEWED) == RENEWED.keys()
    assert ways(Way.COMPUTED) == DIGESTS.keys()


def test_what_is_not_handed_over_without_people_may_be_empty():
    for table, name in ways(Way.PERSONAL) | ways(Way.COMPUTED) | ways(Way.DROPPED):
        assert Base.metadata.tables[table].columns[name].nullable, f"{table}.{name}"


def test_nothing_under_a_seal_is_handed_over_as_it_is():
    sealed = {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        if table.name in TABLES
        for column in table.columns
        if column.name.endswith("_sealed")
    }
    assert sealed == ways(Way.SEALED)
