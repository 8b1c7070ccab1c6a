import pytest
from argon2 import PasswordHasher
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from records import passwords
from records.passwords import MIN_PASSWORD_LENGTH, PasswordTooShort, hash_password
from records.people import NameTaken, Role, UnknownUser, User, add_user, sign_in
from tests.at_once import at_once
from tests.factories import AT, PASSWORD, compound_of, make_community, make_user


@pytest.fixture
def community(session):
    return make_community(session)


def add(session, community_id, name="Li.Min", password=PASSWORD):
    return add_user(
        session,
        community_id=community_id,
        name=name,
        shown_name=" 李敏 ",
        role=Role.STAFF,
        password=password,
        at=AT,
    )


def test_a_password_is_kept_as_an_argon2id_hash_that_never_repeats():
    one, other = hash_password(PASSWORD), hash_password(PASSWORD)
    assert one.startswith("$argon2id$")
    assert one != other
    assert PASSWORD not in one


def test_a_short_password_is_refused_with_the_length_it_needs():
    with pytest.raises(PasswordTooShort) as refused:
        hash_password("x" * (MIN_PASSWORD_LENGTH - 1))
    assert refused.value.facts == {"minimum": MIN_PASSWORD_LENGTH}


def test_a_user_signs_in_by_name_whatever_its_case(session, community):
    user = add(session, community.id)
    assert (user.name, user.shown_name) == ("li.min", "李敏")
    assert sign_in(session, " LI.min ", PASSWORD) is user


@pytest.mark.parametrize(
    ("name", "password"),
    [("li.min", "wrong horse battery"), ("nobody", PASSWORD), ("li\0.min", PASSWORD), ("", "")],
)
def test_a_wrong_name_and_a_wrong_password_are_refused_alike(session, community, name, password):
    add(session, community.id)
    with pytest.raises(UnknownUser) as refused:
        sign_in(session, name, password)
    assert refused.value.facts == {}


def test_an_unknown_name_costs_one_verification_as_a_known_one_does(
    session, community, monkeypatch
):
    add(session, community.id)
    verified = []

    class Counting(PasswordHasher):
        def verify(self, hash_, password):
            verified.append(password)
            return super().verify(hash_, password)

    monkeypatch.setattr(passwords, "hasher", Counting())
    for name in ("li.min", "nobody"):
        with pytest.raises(UnknownUser):
            sign_in(session, name, "wrong horse battery")
    assert len(verified) == 2


def test_a_user_who_is_not_active_cannot_sign_in(session, community):
    add(session, community.id).active = False
    with pytest.raises(UnknownUser):
        sign_in(session, "li.min", PASSWORD)


def test_a_hash_of_weaker_settings_is_renewed_at_sign_in(session, community):
    user = add(session, community.id)
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    user.password_hash = weak
    sign_in(session, "li.min", PASSWORD)
    assert user.password_hash != weak
    assert sign_in(session, "li.min", PASSWORD) is user


def test_a_name_is_taken_whatever_its_case(session, community):
    add(session, community.id)
    with pytest.raises(NameTaken) as refused:
        add(session, community.id, name="LI.MIN ")
    assert refused.value.facts == {"name": "li.min"}
    # The refusal leaves the transaction usable.
    assert sign_in(session, "li.min", PASSWORD).shown_name == "李敏"


def test_one_name_asked_for_twice_at_once_is_given_once(engine, session, community):
    community_id = community.id
    session.commit()
    results = at_once(
        engine,
        lambda one: one.scalars(select(User)).all(),
        *[lambda one, _users: add(one, community_id).name] * 2,
    )
    assert sorted(type(result).__name__ for result in results) == ["NameTaken", "str"]


@pytest.mark.parametrize(
    "changes",
    [
        {"role": "king"},
        {"role": Role.REPRESENTATIVE},
        {"name": "office"},
        {"community_id": 999},
        {"compound": "own", "role": Role.STAFF},
        {"compound": "foreign", "role": Role.REPRESENTATIVE},
    ],
    ids=str,
)
def test_the_database_refuses_a_user_that_cannot_be(session, community, changes):
    other = make_community(session, number=2)
    make_user(session, community, name="office")
    compounds = {"own": community, "foreign": other}
    changes = dict(changes)
    of = changes.pop("compound", None)
    row = {
        "community_id": community.id,
        "compound_id": compound_of(compounds[of], "A").id if of else None,
        "name": "guard",
        "shown_name": "",
        "role": Role.GUARD,
        "password_hash": "",
        "active": True,
        "created_at": AT,
        **changes,
    }
    with pytest.raises(IntegrityError):
        session.execute(insert(User).values(**row))


def test_a_user_is_named_by_number_in_the_ledger(session, community):
    user = make_user(session, community)
    assert user.actor == f"user:{user.id}"
    assert (user.is_active, user.is_authenticated, user.is_anonymous) == (True, True, False)
