"""The office does one thing to many: chosen on a table, asked once more, and undone at a stroke."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from app import context
from app.extensions import db
from app.forms import ActForm, ReasonForm
from app.pages import done
from app.progress import run
from app.rights import Right, needs, own, own_community
from app.words import BULK_DONE, Words
from permits.bulk import hand_over_many, remove_many, revoke_many
from permits.bulk_act import MOST_AT_ONCE, BulkAct, BulkKind, TooManyChosen, last_bulk_act
from permits.permit import Permit
from permits.plate_list import PlateList
from permits.undoing import undo
from permits.vehicles import Vehicle
from records.database import Base

APPROVE = "approve"
"""Approving many lists: a job, and no bulk act that could be undone."""


@dataclass(frozen=True)
class Bulk:
    """What can be done to many things of one kind.

    Attributes:
        title, button: what is asked, and what the button says.
        warning: what it means, and whether it can be undone.
        act: does it, given the session, the community, the things and a reason where one is asked.
        back: where the things are chosen.
    """

    model: type[Base]
    title: Words
    button: Words
    warning: Words
    needs_reason: bool
    act: Callable[..., BulkAct] | None
    back: Callable[[], str]


_UNDONE = _l("You can undo it as long as nothing else has changed.")

BULKS: Mapping[str, Bulk] = {
    BulkKind.HAND_OVER: Bulk(
        Permit,
        _l("Mark these permits as handed over?"),
        _l("Mark as handed over"),
        _UNDONE,
        False,
        hand_over_many,
        lambda: url_for("permits.all_permits", state="printed"),
    ),
    BulkKind.REVOKE: Bulk(
        Permit,
        _l("Revoke these permits?"),
        _l("Revoke"),
        _l("Every gate refuses them from now on. You can undo it as long as nothing else changed."),
        True,
        revoke_many,
        lambda: url_for("permits.all_permits"),
    ),
    BulkKind.REMOVE: Bulk(
        Vehicle,
        _l("Remove these cars from the register?"),
        _l("Remove"),
        _l("Their permits are revoked. You can undo it as long as nothing else has changed."),
        True,
        remove_many,
        lambda: url_for("office.vehicles"),
    ),
    APPROVE: Bulk(
        PlateList,
        _l("Approve these lists?"),
        _l("Approve"),
        _l(
            "It cannot be undone: permits may be printed on it at once. Open conflicts stay open, "
            "and of a whole list the cars that it leaves out lose their permits."
        ),
        False,
        None,
        lambda: url_for("office.lists"),
    ),
}
"""By the word that a button sends."""


@needs(Right.END_PERMIT)
def bulk() -> str | Response | tuple[str, int]:
    """Ask once more about what was chosen, or do it where that was answered."""
    name = request.form.get("kind", "")
    kind = BULKS.get(name) or abort(400)
    keys = list(dict.fromkeys(request.form.getlist("item", type=int)))
    if len(keys) > MOST_AT_ONCE:
        raise TooManyChosen(limit=MOST_AT_ONCE)
    things: Sequence[Any] = [own(kind.model, key) for key in keys]
    if not things:
        done(_("Nothing was chosen. Tick the rows first."))
        return redirect(kind.back())
    form = ReasonForm()
    is_answered = "answered" in request.form
    is_complete = not kind.needs_reason or (is_answered and form.validate_on_submit())
    if not (is_answered and is_complete):
        page = render_template("office/bulk.html", kind=kind, name=name, things=things, form=form)
        return page, 422 if is_answered else 200
    if kind.act is None:
        return run("approve_many", list_ids=keys)
    given = (form.reason.data or "",) if kind.needs_reason else ()
    act = kind.act(
        db.session,
        own_community(),
        things,
        *given,
        actor=current_user.actor,
        at=context.now(),
    )
    db.session.commit()
    return redirect(url_for("office.bulk_act", bulk_act_id=act.id))


@needs(Right.END_PERMIT)
def bulk_act(bulk_act_id: int) -> str:
    """Show what was done to many, and let who did it undo it."""
    act = own(BulkAct, bulk_act_id)
    return render_template(
        "office/bulk_act.html",
        bulk_act=act,
        done_words=BULK_DONE[BulkKind(act.kind)],
        back=BULKS[act.kind].back(),
        things=_things(act),
        may_undo=last_bulk_act(db.session, own_community(), current_user.actor) is act,
        form=ActForm(),
    )


def _things(act: BulkAct) -> list[Any]:
    if act.kind == BulkKind.REMOVE:
        return [db.session.get_one(Vehicle, key) for key in act.vehicle_ids]
    return [db.session.get_one(Permit, key) for key in act.permit_ids]


@needs(Right.END_PERMIT)
def undo_bulk(bulk_act_id: int) -> Response:
    """Undo the own last bulk act."""
    act = own(BulkAct, bulk_act_id)
    undo(db.session, own_community(), act, actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("Undone: everything is as it was before. The ledger has both."))
    return redirect(url_for("office.bulk_act", bulk_act_id=act.id))
