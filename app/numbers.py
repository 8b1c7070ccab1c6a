"""The numbers that steer the rules: how many cars there really are, and what a limit would do."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, abort, render_template, request

from app import context, number_tables
from app.extensions import db
from app.rights import Right, needs, own_community
from app.table_files import PageTable, as_csv, as_xlsx
from permits.stocktaking import Stock, first_pass_day, take_stock, vehicles_by_month
from permits.what_if import LIMITS, fullness, permits_under, sharing_under
from zones.communities import Community
from zones.plans import ZonePlan, plan_in_force

blueprint = Blueprint("numbers", __name__, url_prefix="/numbers")

FILES = {
    "csv": (as_csv, "text/csv"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
"""How a table becomes a file of each kind, and what it is called on the wire."""


def _chosen_limits(stocks: list[Stock]) -> dict[int, int | None]:
    """Return the limit of each compound by its id: as the address says, else the present one."""
    chosen: dict[int, int | None] = {}
    for one in stocks:
        asked = request.args.get(one.compound.letter, "")
        if asked == "none":
            chosen[one.compound.id] = None
        elif asked.isdecimal() and int(asked) in LIMITS:
            chosen[one.compound.id] = int(asked)
        else:
            chosen[one.compound.id] = one.compound.vehicles_per_household
    return chosen


def _figures(
    community: Community,
    plan: ZonePlan | None,
    stocks: list[Stock],
    limits: dict[int, int | None],
    at: datetime,
) -> dict[str, number_tables.Figure]:
    sharing = {one.compound.id: sharing_under(one, limits[one.compound.id]) for one in stocks}
    full = fullness(plan.openings if plan else (), sharing)
    figures = (
        number_tables.households(stocks),
        number_tables.use(stocks, first_pass_day(db.session, community, at)),
        number_tables.energy(stocks),
        number_tables.demand(stocks),
        number_tables.months(stocks, vehicles_by_month(db.session, community, at)),
        number_tables.zones(full),
    )
    return {one.table.name: one for one in figures}


@blueprint.get("/")
@needs(Right.SEE_NUMBERS)
def all_numbers() -> str:
    """Show every compound's numbers, and what the limits in the address would do."""
    community, at = own_community(), context.now()
    plan = plan_in_force(db.session, community.id, community.local_day(at))
    stocks = take_stock(db.session, community, plan, at)
    limits = _chosen_limits(stocks)
    return render_template(
        "numbers/numbers.html",
        stocks=stocks,
        figures=_figures(community, plan, stocks, limits, at),
        limits_table=number_tables.limits(stocks),
        limits=limits,
        choices=LIMITS,
        permits={one.compound.id: permits_under(one, limits[one.compound.id]) for one in stocks},
        at=at,
    )


@blueprint.get("/table")
@needs(Right.SEE_NUMBERS)
def download() -> Response:
    """Give one of the page's tables as a file, under the same limits."""
    table, ending = request.args.get("name", "demand"), request.args.get("kind", "xlsx")
    community, at = own_community(), context.now()
    plan = plan_in_force(db.session, community.id, community.local_day(at))
    stocks = take_stock(db.session, community, plan, at)
    tables: dict[str, PageTable] = {
        name: figure.table
        for name, figure in _figures(community, plan, stocks, _chosen_limits(stocks), at).items()
    }
    tables["limits"] = number_tables.limits(stocks)
    if table not in tables or ending not in FILES:
        abort(404)
    write, media_type = FILES[ending]
    response = Response(write(tables[table]), mimetype=media_type)
    name = f"{table}-{community.local_day(at)}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
