import re

from records.people import Role


def summary_of(page):
    return re.search(r'<section class="notice bad faults".*?</section>', page, re.DOTALL)


def test_a_form_that_comes_back_says_above_all_what_is_to_be_mended(sign_in):
    sent = sign_in(Role.ADMINISTRATOR).post("/set-up/compounds/new", data={"name": "新小区"})
    page = sent.text
    summary = summary_of(page)
    assert summary
    assert summary.start() < page.index("<h1")
    assert "autofocus" in summary[0]
    targets = re.findall(r'<a href="#([^"]+)">', summary[0])
    assert "code" in targets
    assert len(targets) > 1
    for target in targets:
        assert f'id="{target}"' in page
    assert f"{len(targets)} things are to be mended" in summary[0]


def test_fields_within_fields_are_named_too(sign_in):
    page = sign_in(Role.STAFF).post("/office/permits/printers/new", data={"name": "HP"}).text
    summary = summary_of(page)
    assert summary
    assert 'href="#portrait_front-left_mm"' in summary[0]


def test_a_form_nobody_sent_has_no_summary(sign_in):
    assert not summary_of(sign_in(Role.ADMINISTRATOR).get("/set-up/compounds/new").text)
