from sqlalchemy import select

from records.people import Role
from records.second_factor import SecondFactor, check_code
from tests.app.commands.conftest import document_of
from tests.factories import AT, SEALER, give_second_factor, make_user


def test_whoever_has_the_machine_reads_the_present_code(run, session, town):
    user = make_user(session, town.community, Role.STAFF, name="li.min")
    give_second_factor(session, user)
    session.commit()
    answer = document_of(run("users", "code", "Li.Min", "--json"))
    check_code(session, user, answer["code"], sealer=SEALER, at=AT)


def test_the_last_administrator_gets_in_again_by_a_command(run, session, town, kept):
    admin = make_user(session, town.community, Role.ADMINISTRATOR, name="chen")
    give_second_factor(session, admin)
    session.commit()
    assert document_of(run("users", "reset-second-factor", "chen", "--json")) == {"user": "chen"}
    assert kept(select(SecondFactor)) == []
    again = run("users", "reset-second-factor", "chen", "--json")
    assert (again.exit_code, document_of(again)["error"]) == (1, "no_second_factor")
    nobody = run("users", "code", "nobody", "--json")
    assert (nobody.exit_code, document_of(nobody)["error"]) == (1, "no_such_user")
