"""The second factor: a code of six digits that an app makes anew every 30 seconds (RFC 6238)."""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar

import pyotp
from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, Session, mapped_column

from records import ledger
from records.database import Base
from records.errors import DomainError
from records.people import Role, User
from records.recovery_codes import (
    forget_recovery_codes,
    make_recovery_codes,
    recovery_codes_left,
    use_recovery_code,
)
from records.sealed import Sealer

REQUIRED_OF = frozenset({Role.STAFF, Role.ADMINISTRATOR})
"""Who sees everybody's names, or gives others their rights."""

STEP_S = 30
EARLY_OR_LATE = 1
"""Steps by which a phone's clock may be wrong (RFC 6238, 5.2 advises one)."""

MOST_TRIES = 5
TRIES_WITHIN = timedelta(hours=1)
"""Who has the password and tries for a year without end guesses a code one time in eight."""


class WrongCode(DomainError):
    """It is neither the app's present code nor a recovery code, or it was used before."""

    code: ClassVar[str] = "wrong_code"
    status: ClassVar[int] = 403


class TooManyCodes(DomainError):
    """Too many wrong codes; in so many `minutes` the user may try again."""

    code: ClassVar[str] = "too_many_codes"
    status: ClassVar[int] = 403


class SecondFactorRequired(DomainError):
    """The user's `role` does not go without."""

    code: ClassVar[str] = "second_factor_required"
    status: ClassVar[int] = 409


class NoSecondFactor(DomainError):
    """The user `name` has none."""

    code: ClassVar[str] = "no_second_factor"
    status: ClassVar[int] = 409


class CodesUsed(DomainError):
    """All codes that are taken now were used; in so many `seconds` there is another."""

    code: ClassVar[str] = "codes_used"
    status: ClassVar[int] = 409


class SecondFactor(Base):
    """A user's app.

    Attributes:
        secret: sealed; None until the first code showed that the app has it.
        next_secret: sealed; shown to be read by an app, and not in force yet.
        since: when the present secret came in force.
        last_step: the step of the last code used; none before it is taken again.
        wrong_tries, tried_since: wrong codes within `TRIES_WITHIN` of that moment.
    """

    __tablename__ = "second_factors"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    secret: Mapped[bytes | None] = mapped_column(LargeBinary(200))
    next_secret: Mapped[bytes | None] = mapped_column(LargeBinary(200))
    since: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)
    wrong_tries: Mapped[int] = mapped_column(default=0)
    tried_since: Mapped[datetime | None]


def second_factor_of(session: Session, user: User) -> SecondFactor | None:
    """Return the user's second factor if it is in force."""
    factor = session.get(SecondFactor, user.id)
    return factor if factor and factor.secret else None


def must_have_second_factor(user: User) -> bool:
    """Return whether the user's role signs in with a second factor only."""
    return Role(user.role) in REQUIRED_OF


def begin_enrolment(session: Session, user: User, sealer: Sealer) -> None:
    """Make a secret for an app to read; a present one stays in force until it is confirmed."""
    factor = session.get(SecondFactor, user.id)
    if factor is None:
        factor = SecondFactor(user_id=user.id)
        session.add(factor)
    factor.next_secret = sealer.seal(pyotp.random_base32())
    session.flush()


def secret_to_enrol(session: Session, user: User, sealer: Sealer) -> str | None:
    """Return the secret that an app is to read now, base32, None where no enrolment is begun."""
    factor = session.get(SecondFactor, user.id)
    return sealer.open(factor.next_secret) if factor and factor.next_secret else None


def app_address(secret: str, user: User, issuer: str) -> str:
    """Return the address that an app scans (`otpauth://totp/…`)."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=user.name, issuer_name=issuer))


def finish_enrolment(
    session: Session, user: User, typed: str, *, sealer: Sealer, at: datetime
) -> list[str]:
    """Put the new secret in force by its first code, and return new recovery codes.

    Raises:
        WrongCode: the code is of another secret, or no enrolment is begun.
    """
    factor = session.get(SecondFactor, user.id, with_for_update=True)
    if factor is None or factor.next_secret is None:
        raise WrongCode
    step = _step_of(sealer.open(factor.next_secret), typed, after=0, at=at)
    if step is None:
        raise WrongCode
    factor.secret, factor.next_secret = factor.next_secret, None
    factor.since, factor.last_step, factor.wrong_tries = at, step, 0
    codes = make_recovery_codes(session, user, sealer)
    _enter(session, "user.second_factor_set", user, {}, user.actor, at)
    return codes


def check_code(session: Session, user: User, typed: str, *, sealer: Sealer, at: datetime) -> None:
    """Take a code of the app or a recovery code; each counts once.

    A wrong one is counted: commit after a refusal too.

    Raises:
        WrongCode: see there.
        TooManyCodes: after `MOST_TRIES` wrong ones, even for a right one.
    """
    factor = session.get(SecondFactor, user.id, with_for_update=True, populate_existing=True)
    if factor is None or factor.secret is None:
        raise WrongCode
    if factor.tried_since is None or at - factor.tried_since >= TRIES_WITHIN:
        factor.tried_since, factor.wrong_tries = at, 0
    if factor.wrong_tries >= MOST_TRIES:
        left = factor.tried_since + TRIES_WITHIN - at
        raise TooManyCodes(minutes=-(left // -timedelta(minutes=1)))
    step = _step_of(sealer.open(factor.secret), typed, after=factor.last_step, at=at)
    if step is not None:
        factor.last_step, factor.wrong_tries = step, 0
        session.flush()
    elif use_recovery_code(session, user, _plain(typed), sealer):
        factor.wrong_tries = 0
        details = {"left": recovery_codes_left(session, user)}
        _enter(session, "user.recovery_code_used", user, details, user.actor, at)
    else:
        factor.wrong_tries += 1
        raise WrongCode


def _plain(typed: str) -> str:
    """Return a code without what people put between its groups, full-width digits made narrow."""
    narrow = unicodedata.normalize("NFKC", typed).lower()
    return "".join(one for one in narrow if one.isalnum())


def _step_of(secret: str, typed: str, *, after: int, at: datetime) -> int | None:
    """Return the step whose code was typed, if there is one later than `after`."""
    present, code = _step(at), _plain(typed).encode()
    for step in range(max(present - EARLY_OR_LATE, after + 1), present + EARLY_OR_LATE + 1):
        if hmac.compare_digest(pyotp.TOTP(secret).generate_otp(step).encode(), code):
            return step
    return None


def _step(at: datetime) -> int:
    return int(at.timestamp()) // STEP_S


def present_code(session: Session, user: User, *, sealer: Sealer, at: datetime) -> tuple[str, int]:
    """Return a code that is taken now, and for how many seconds: one that was not used yet.

    Raises:
        NoSecondFactor: the user has none.
        CodesUsed: all that are taken now were used.
    """
    factor = second_factor_of(session, user)
    if factor is None or factor.secret is None:
        raise NoSecondFactor(name=user.name)
    step = max(_step(at), factor.last_step + 1)
    if step > _step(at) + EARLY_OR_LATE:
        raise CodesUsed(seconds=(step - EARLY_OR_LATE) * STEP_S - int(at.timestamp()))
    ends = (step + 1 + EARLY_OR_LATE) * STEP_S
    return pyotp.TOTP(sealer.open(factor.secret)).generate_otp(step), ends - int(at.timestamp())


def renew_recovery_codes(
    session: Session, user: User, *, sealer: Sealer, at: datetime
) -> list[str]:
    """Return new recovery codes; the caller has just taken a code (`check_code`)."""
    codes = make_recovery_codes(session, user, sealer)
    _enter(session, "user.recovery_codes_made", user, {}, user.actor, at)
    return codes


def remove_second_factor(session: Session, user: User, *, at: datetime) -> None:
    """Go on with the password alone; the caller has just taken a code (`check_code`).

    Raises:
        SecondFactorRequired: of staff and administrators.
    """
    if must_have_second_factor(user):
        raise SecondFactorRequired(role=user.role)
    forget_second_factor(session, user)
    _enter(session, "user.second_factor_removed", user, {}, user.actor, at)


def forget_second_factor(session: Session, user: User) -> None:
    """Forget app and recovery codes of a user."""
    factor = session.get(SecondFactor, user.id)
    if factor:
        session.delete(factor)
    forget_recovery_codes(session, user)


def _enter(
    session: Session, act: str, user: User, details: Mapping[str, object], actor: str, at: datetime
) -> None:
    session.flush()
    ledger.append(session, actor, [ledger.Act(act, f"user:{user.id}", details)], at)
