"""After many rows the database knows how many there are, and plans by that."""

from __future__ import annotations

from sqlalchemy import inspect, text

from records.database import is_sqlite
from records.signing_keys import SigningKey
from records.statistics import MANY, count_anew
from tests.factories import AT

_KNOWN = text("SELECT reltuples FROM pg_class WHERE oid = 'signing_keys'::regclass")


def test_what_was_counted_anew_is_known_at_once_and_sqlite_is_left_alone(session):
    session.add_all(SigningKey(id=number, public_pem="x", created_at=AT) for number in range(1, 61))
    session.flush()
    count_anew(session, MANY, "signing_keys")
    if is_sqlite(session):
        assert "sqlite_stat1" not in inspect(session.connection()).get_table_names()
    else:
        assert session.scalar(_KNOWN) == 60
