"""What becomes of every table and column in a handover: one decision each, read by both sides.

`undecided` says what is missing here; a test fails until it is nothing. Whoever adds a column names
it in the row of its table, whoever adds a table adds a row or names it in `LEFT_OUT`.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Column, Table

from records.database import Base

SEALED = "_sealed"
"""How the names of sealed columns end; the files name such a column without it."""


class Way(enum.StrEnum):
    """How a column travels."""

    PLAIN = "plain"
    """As it is."""
    PERSONAL = "personal"
    """As it is, but only where people are handed over; empty otherwise."""
    SEALED = "sealed"
    """Opened where people are handed over, and sealed with the receiver's key; empty otherwise, an
    empty text where NULL is not possible."""
    COMPUTED = "computed"
    """Not handed over: the receiver computes it from other columns (`DIGESTS`)."""
    RENEWED = "renewed"
    """A secret, not handed over: the receiver gets a fresh one (`permits.handover.renewing`)."""
    DROPPED = "dropped"
    """Not handed over; empty at the receiver's."""


@dataclass(frozen=True)
class Kept:
    """A table that is handed over: the names of its columns, by how they travel."""

    plain: str
    personal: str = ""
    sealed: str = ""
    computed: str = ""
    renewed: str = ""
    dropped: str = ""

    @cached_property
    def ways(self) -> dict[str, Way]:
        """How each column travels."""
        return {name: way for way in Way for name in getattr(self, way.value).split()}


TABLES: Mapping[str, Kept] = {
    "ledger": Kept("number at actor act subject details previous hash"),
    "signing_keys": Kept("id public_pem created_at retired_at"),
    "signed_heads": Kept("number community hash at permits key_id signature"),
    "communities": Kept("id number name name_en province time_zone permit_days temporary_days"),
    "compounds": Kept(
        "id community_id number code name name_en letter colour_key vehicles_per_household"
        " visits_per_month"
    ),
    "gates": Kept("id community_id code name name_en"),
    "users": Kept(
        "id community_id compound_id name shown_name role active created_at term_ends",
        renewed="password_hash",
    ),
    "seen_heads": Kept("user_id number hash at before_number before_at wrong_number wrong_fault"),
    "gate_guards": Kept("gate_id user_id"),
    "zones": Kept("id community_id code name name_en spaces"),
    "responsibilities": Kept("id zone_id compound_id name phone"),
    "site_plans": Kept("id community_id sha256 width_px height_px created_by created_at"),
    "site_maps": Kept("id community_id number site_plan_id features created_by created_at"),
    "zone_plans": Kept(
        "id community_id number state note first_day site_map_id created_at proposed_at"
        " decided_at proposed_by voting_rule base_id amends_id"
    ),
    "plan_openings": Kept("id plan_id zone_id compound_id starts ends spaces"),
    "plan_votes": Kept("id plan_id compound_id user_id consents reason at"),
    "plan_sayings": Kept("id plan_id compound_id user_id consents reason at"),
    "needed_consents": Kept("plan_id compound_id"),
    "meeting_papers": Kept("id plan_id kind name sha256 size_bytes added_by added_at"),
    "rule_changes": Kept("id community_id rule state proposed_by proposed_at decided_at"),
    "rule_answers": Kept("id change_id compound_id user_id consents at"),
    "walking_distances": Kept("compound_id zone_id metres"),
    "limit_rules": Kept("compound_id counts_by first_cars_first places"),
    "households": Kept("id compound_id building unit room"),
    "vehicles": Kept(
        "id community_id compound_id household_id plate kind state added_at removed_at changed",
        sealed="owner_sealed phone_sealed",
        computed="details_digest",
        # Filled by `permits.people_index.index_people` within the hour.
        dropped="owner_index phone_index",
    ),
    "own_spaces": Kept(
        "id community_id vehicle_id garage number cars tenure paper_kind first_day last_day"
        " added_at ended_at",
        sealed="paper_sealed",
    ),
    "waiting_cars": Kept(
        "id community_id compound_id household_id plate kind since state ended_at place_since",
        sealed="owner_sealed phone_sealed",
        computed="details_digest",
    ),
    "plate_lists": Kept(
        "id compound_id meaning file_name file_sha256 state removals created_by created_at"
        " submitted_at decided_at decided_by decision_note"
    ),
    "plate_list_rows": Kept(
        "id list_id sheet row raw plate kind building unit room outcome reason remarks facts"
        " claimed_by_id decision decision_reason decided_at mended_at",
        sealed="owner_sealed phone_sealed",
        computed="details_digest",
        # A car that comes by such a row is indexed within the hour, too.
        dropped="owner_index phone_index",
    ),
    "row_messages": Kept("id row_id kind by at answered_at", sealed="text_sealed"),
    "requests": Kept(
        "id community_id compound_id kind state vehicle_id permit_id household_id plate why"
        " created_by created_at decided_by decided_at reason made_id",
        sealed="owner_sealed phone_sealed",
        computed="details_digest",
    ),
    "permits": Kept(
        "id community_id compound_id vehicle_id number serial plate key_id valid_from valid_to"
        " state issued_at printed_at handed_over_at ended_at end_reason replaced_by_id"
        " gives_way_to_id is_temporary suspended_from suspended_until signature changed"
    ),
    "print_rules": Kept("community_id names_compound names_space"),
    "print_layouts": Kept(
        "id community_id name design paper is_landscape columns rows left_tenths top_tenths"
        " across_tenths down_tenths hidden"
    ),
    "printers": Kept("id community_id name"),
    "printer_shifts": Kept("printer_id side right_tenths down_tenths"),
    "print_runs": Kept(
        "id community_id layout file_name sha256 permit_count sheets pages ink flip why_again"
        " created_by created_at"
    ),
    "print_run_permits": Kept("run_id permit_id"),
    "public_notices": Kept(
        "id community_id head_number plan_number compound_id file_sha256 pages created_by"
        " created_at"
    ),
    "joint_meetings": Kept(
        "id community_id number plan_id held_on attended note created_by created_at"
    ),
    "paper_votes": Kept(
        "id meeting_id compound_id consents reason sheet_sha256 state answered_by answered_at"
    ),
    "gate_devices": Kept(
        "id gate_id name direction least_confidence created_at closed_at", renewed="token_sha256"
    ),
    "visitor_passes": Kept(
        "id uuid community_id compound_id household_id number key_id plate kind valid_from"
        " valid_to created_by created_at received_at cancelled_at"
    ),
    "gate_events": Kept(
        "id uuid gate_id guard_id device_id permit_id visitor_pass_id compound_id kind plate"
        " direction verdict reasons known_verdict known_reasons differs offline let_through at"
        " received_at reviewed_at reviewed_by"
    ),
    "shift_notes": Kept("id uuid gate_id guard_id text at received_at"),
    "infringement_reports": Kept(
        "id uuid community_id zone_id compound_id plate kind note photo_sha256 reported_by at"
        " received_at state look_back_due times_reopened closed_at closed_by confirmed_at"
        " confirmed_by",
        # The code is short, so its digest is as good as the code.
        personal="code_sha256",
        sealed="contact_sealed",
    ),
    "report_steps": Kept("id report_id kind words photo_sha256 by at"),
    "warnings": Kept(
        "id community_id vehicle_id report_id plate step count seen_at at withdrawn_at"
        " withdrawn_reason"
    ),
    "suspensions": Kept(
        "id community_id vehicle_id permit_id warning_id plate starts ends reason contested_at"
        " contest_reason paused_at upheld_at lifted_at decision_reason"
    ),
    "message_texts": Kept("community_id kind language subject body"),
    "watch_rules": Kept(
        "community_id look_back_hours fire_lane_hours warning_at suspension_at within_days"
        " suspension_days contest_pauses"
    ),
}
"""The tables that are handed over."""

LEFT_OUT: Mapping[str, str] = {
    "evidence": "pictures of papers are for the decision alone and are erased after it",
    "bulk_acts": "only say what can still be undone here",
    "sign_ins": "who is signed in here is not signed in there",
    "second_factors": "secrets of phones: whoever has to sets the second step up anew",
    "recovery_codes": "of the second factors",
    "invitations": "links that would lead to the old address",
    "password_links": "links that would lead to the old address",
    "messages": "tell people what they have read, or can read in the pages themselves",
    "deliveries": "go with the messages",
    "contacts": "an address is confirmed with whoever writes to it",
    "webhooks": "addresses and secrets of other people's systems",
    "webhook_deliveries": "go with the webhooks",
}
"""Tables that are not, and why."""

DIGESTS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("vehicles", "details_digest"): ("owner_sealed", "phone_sealed"),
    ("waiting_cars", "details_digest"): ("owner_sealed", "phone_sealed"),
    ("plate_list_rows", "details_digest"): ("owner_sealed", "phone_sealed"),
    ("requests", "details_digest"): ("owner_sealed", "phone_sealed"),
}
"""Computed columns: keyed digests (`records.sealed.Sealer.digest`) of the sealed texts of others,
NULL where none of them has one."""


def undecided() -> list[str]:
    """Return the tables and columns of the models that nobody decided on, or that are no more."""
    tables = Base.metadata.tables
    there = {
        f"{table.name}.{column.name}"
        for table in tables.values()
        if table.name not in LEFT_OUT
        for column in table.columns
    }
    decided = {f"{table}.{name}" for table, kept in TABLES.items() for name in kept.ways}
    return sorted((there ^ decided) | (LEFT_OUT.keys() - tables.keys()))


def tables_in_order() -> list[Table]:
    """Return the tables that are handed over, in an order in which rows can be inserted."""
    return [table for table in Base.metadata.sorted_tables if table.name in TABLES]


def handed_over(table: Table, with_people: bool) -> list[Column[object]]:
    """Return a table's columns that its file has, in their order."""
    ways = TABLES[table.name].ways
    taken = {Way.PLAIN} | ({Way.PERSONAL, Way.SEALED} if with_people else set())
    return [column for column in table.columns if ways.get(column.name) in taken]


def heading(column: Column[object]) -> str:
    """Return what the files call a column."""
    return column.name.removesuffix(SEALED)


def is_sealed(column: Column[object]) -> bool:
    """Return whether a column is opened and sealed again on its way."""
    return TABLES[column.table.name].ways[column.name] is Way.SEALED
