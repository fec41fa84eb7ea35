"""Links made by hand between accounts of the CRM and of billing: kept, and asked before anything a file says."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from decade.errors import Refused


def link(cursor: duckdb.DuckDBPyConnection, pairs: Mapping[str, str | None]) -> None:
    """Keep that each id on the left stands for the account on the right, with all its other ids; None parts them.

    Raises Refused on an id that nothing names.
    """
    for crm_id, billing_id in pairs.items():
        if billing_id is None:
            unlink(cursor, crm_id)
            continue
        for each in (crm_id, billing_id):
            found = cursor.execute("select 1 from account_ids where own_id = $own_id", {"own_id": each}).fetchone()
            if found is None:
                raise Refused(f"there is no account {each!r}", where="links", do="Choose from the proposals.")
        unlink(cursor, crm_id)
        cursor.execute(
            "insert into account_links select alias_id, $billing_id from account_ids where own_id = $crm_id",
            {"billing_id": billing_id, "crm_id": crm_id},
        )


def unlink(cursor: duckdb.DuckDBPyConnection, alias_id: str) -> None:
    """Forget what was said of an id: that it, and those linked by way of it, stand for another account or product,

    or that it is not what it resembles.
    """
    cursor.execute(
        "delete from account_links where alias_id = $alias_id "
        "or alias_id in (select alias_id from account_ids where own_id = $alias_id)",
        {"alias_id": alias_id},
    )
    for question in ("delete from product_links where alias = $id", "delete from kept_apart where alias = $id"):
        cursor.execute(question, {"id": alias_id})
