import io

import pytest
from openpyxl import load_workbook

from permits.reading import EXAMPLE_SHEETS, read_list
from permits.reading_errors import EmptyList
from records.people import Role

CARS = [
    ("粤E·12345", "3", "2", "501", "陈伟", "013800138000"),
    ("粤ED12345", "3-2", "", "0501", "", ""),
]


@pytest.fixture(params=["zh", "en"])
def content(sign_in, request):
    client = sign_in(Role.REPRESENTATIVE)
    return client.get(f"/compound/lists/template.xlsx?language={request.param}").data


def test_a_template_that_nobody_filled_in_is_an_empty_list_whatever_its_examples_say(content):
    book = load_workbook(io.BytesIO(content))
    assert [sheet.max_row for sheet in book] == [1, 5]
    assert book.sheetnames[1].upper() in EXAMPLE_SHEETS
    with pytest.raises(EmptyList):
        read_list(content)


def test_what_is_filled_in_is_read_back_and_the_examples_are_not(content):
    book, file = load_workbook(io.BytesIO(content)), io.BytesIO()
    for car in CARS:
        book.worksheets[0].append(car)
    book.save(file)
    read = read_list(file.getvalue())
    assert [(one.row, one.raw, one.building, one.unit, one.room) for one in read.rows] == [
        (2, "粤E·12345", "3", "2", "501"),
        (3, "粤ED12345", "3-2", "", "501"),
    ]
    assert read.rows[0].phone == "013800138000"
    assert read.ignored == (book.sheetnames[1],)


def test_every_column_is_text_and_checked_by_a_rule_that_excel_takes(content):
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert {sheet.column_dimensions[letter].number_format for letter in "ABCDEF"} == {"@"}
    checks = sheet.data_validations.dataValidation
    assert [str(one.sqref) for one in checks] == [f"{letter}2:{letter}2001" for letter in "ABCDEF"]
    # Of a longer formula Excel says that the file is broken; of a longer prompt or error, too.
    assert max(len(one.formula1) for one in checks) <= 255
    assert max(len(one.prompt) for one in checks) <= 255
    assert max(len(one.error) for one in checks) <= 225
    assert {one.errorStyle for one in checks} == {"warning"}
