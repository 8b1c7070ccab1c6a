from permits.print_rules import change_print_rules, names_compound
from records import ledger
from tests.factories import AT, OFFICE, make_community


def test_a_community_may_leave_the_compounds_name_off_and_the_ledger_says_so(session):
    community = make_community(session)
    assert names_compound(session, community.id)
    change_print_rules(
        session, community, names_compound=False, names_space=True, actor=OFFICE, at=AT
    )
    assert not names_compound(session, community.id)
    [entry] = ledger.export(session)
    assert (entry["act"], entry["details"]) == (
        "printing.rules_changed",
        {"names_compound": False, "names_space": True},
    )
