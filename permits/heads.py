"""Signing the ledger's head with what everybody may count beside it: permits in force."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from permits.permit import Permit, counted
from records import checkpoints
from records.checkpoints import SignedHead
from records.keys import KeyStore
from zones.communities import Community, Compound, hold


def sign_head(
    session: Session, community: Community, keys: KeyStore, *, at: datetime
) -> SignedHead:
    """Return the signed head of the ledger as it stands, made where it has grown.

    Raises:
        LedgerBroken, NoHeadKey, KeyMissing, KeyTooOpen: see `records.checkpoints.sign_head`.
    """
    hold(session, community.id)
    permits = dict(
        session.execute(
            select(Compound.letter, func.count(Permit.id))
            .outerjoin(Permit, (Permit.compound_id == Compound.id) & counted())
            .where(Compound.community_id == community.id)
            .group_by(Compound.letter)
        ).all()
    )
    return checkpoints.sign_head(session, keys, community=community.number, permits=permits, at=at)
