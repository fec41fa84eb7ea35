"""What joins and what does not: ids that arriving files name, what is known, and the pairs that a person decided."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pandas as pd

from decade.queries import in_folder
from decade.warehouse.staged import Staged, Twin

NAMING = ("charges", "deals", "contacts", "activities", "surveys", "usage")  # tables that name accounts
BILLING, PRODUCTS = "billing", "products"  # places beside them: accounts that name a billing id, deals a product
WITH_MONEY = ("charges", "deals", PRODUCTS)
EARLIER = -1  # the place in a list of files of what earlier imports brought
COLUMNS = ["file_at", "place", "id", "currency", "row_count", "amount"]


def unmatched(cursor: duckdb.DuckDBPyConnection, staged: Sequence[Staged]) -> pd.DataFrame:
    """Ids of typed files that nothing knows, most money first: file_at (the position in `staged`, or EARLIER),
    place (one of NAMING, BILLING or PRODUCTS), id, currency, row_count and amount in that currency.

    Ids of earlier imports are among them where the files bring something that they could mean.
    """
    there = {each.table_name for each in staged}
    is_alone = there <= {"charges", ""} and not cursor.table("accounts").limit(1).fetchall()
    if is_alone or not there & {*NAMING, "accounts", "products"}:
        return pd.DataFrame(columns=COLUMNS)
    cursor.execute(in_folder("load")["arriving_ids"].sql)
    for at, each in enumerate(staged):
        if each.typed_path is not None:
            _remember(cursor.read_parquet(str(each.typed_path)), at, each.table_name)
    for name in NAMING if "accounts" in there else NAMING[1:] if "charges" in there else ():
        _count(cursor.table(name), EARLIER, name, "account_id")
    if "products" in there:
        _count(cursor.table("deals"), EARLIER, PRODUCTS, "product")
    return cursor.execute(in_folder("load")["unmatched_ids"].sql).df()


def known(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """What an id could mean: kind (organisation, billed or product), name, and the id that it stands for.

    To be asked on the cursor that was asked what is unmatched: what arrives is known too.
    """
    return cursor.execute(in_folder("load")["known_ids"].sql).df()


def kept_apart(cursor: duckdb.DuckDBPyConnection) -> set[tuple[str, str, str]]:
    """Pairs of which a person said that they are two things: kind, alias and twin."""
    return set(cursor.execute("select kind, alias, twin from kept_apart").fetchall())


def decide(cursor: duckdb.DuckDBPyConnection, twins: Sequence[Twin]) -> None:
    """Keep what a person said of pairs, in the caller's transaction; it replaces what was said of them before."""
    if not twins:
        return
    cursor.execute(
        "create or replace temp table decided as select unnest($kinds) as kind, unnest($aliases) as alias, "
        "unnest($twins) as twin, unnest($same) as is_same",
        {
            "kinds": [each.kind for each in twins],
            "aliases": [each.alias for each in twins],
            "twins": [each.twin for each in twins],
            "same": [each.is_same for each in twins],
        },
    )
    cursor.execute(in_folder("load")["decide_twins"].sql)


def _remember(rows: duckdb.DuckDBPyRelation, at: int, table_name: str) -> None:
    column = duckdb.ColumnExpression
    if table_name in NAMING:
        _count(rows, at, table_name, "account_id")
    if table_name == "deals":
        _count(rows, at, PRODUCTS, "product")
    if table_name == "products":
        rows.select(column("product")).insert_into("arriving_products")
    if table_name == "accounts":
        _count(rows, at, BILLING, "billing_account_id")
        rows.select(column("account_id"), column("billing_account_id"), column("name")).insert_into("arriving_accounts")


def _count(rows: duckdb.DuckDBPyRelation, at: int, place: str, named: str) -> None:
    """Adds each id with its rows and its money to what arrives: once through the rows, however many they are."""
    column, constant, function = duckdb.ColumnExpression, duckdb.ConstantExpression, duckdb.FunctionExpression
    has_money = place in WITH_MONEY
    currency, amount = column("currency"), function("sum", column("amount"))
    if not has_money:
        currency, amount = constant(None).cast("VARCHAR"), constant(None).cast("DECIMAL(38,4)")
    measures = [constant(at), constant(place), column(named), currency, function("count_star"), amount]
    groups = f"{named}, currency" if has_money else named
    rows.filter(column(named).isnotnull()).aggregate(measures, groups).insert_into("arriving_ids")
