"""Machines at a gate (barriers, number-plate cameras) and the calls out to other systems."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from records.database import Base
from zones.communities import Gate


class GateDevice(Base):
    """A machine at one gate. It proves itself by a token of which only the SHA-256 is kept.

    Plates that it reads with less confidence than `least_confidence` (0 to 1) become `check`.
    """

    __tablename__ = "gate_devices"
    __table_args__ = (
        CheckConstraint("least_confidence BETWEEN 0 AND 1", name="confidence_is_a_share"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    gate_id: Mapped[int] = mapped_column(ForeignKey("gates.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    direction: Mapped[str | None] = mapped_column(String(3))
    least_confidence: Mapped[float] = mapped_column(default=0.8)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    gate: Mapped[Gate] = relationship(lazy="joined", innerjoin=True)

    @property
    def community_id(self) -> int:
        """The gate's community."""
        return self.gate.community_id


class Webhook(Base):
    """An address that is told of events, each call signed with the webhook's secret."""

    __tablename__ = "webhooks"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"), index=True)
    url: Mapped[str] = mapped_column(String(300))
    secret_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    events: Mapped[list[Any]]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class WebhookDelivery(Base):
    """One call to one webhook: tried until it is taken, or given up.

    `subject` is the UUID of the pass or report that it tells of: each is told once.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("webhook_id", "subject"),
        Index("ix_webhook_deliveries_webhook", "webhook_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhooks.id"))
    event: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(36))
    body: Mapped[dict[str, Any]]
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(String(200), default="")

    webhook: Mapped[Webhook] = relationship(lazy="joined", innerjoin=True)
