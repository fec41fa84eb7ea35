"""What somebody typed: big logos by name, and people at an account; kept in the workspace, whatever is imported."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

import pandas as pd

from decade.conventions import Conventions
from decade.errors import Refused
from decade.queries import in_folder
from decade.warehouse import marts
from decade.warehouse.workspace import Workspace

ROLES = ("economic_buyer", "champion", "user", "technical", "procurement", "cio_office", "other")
LONGEST = 200
OF_PEOPLE = ("people", "account_touches")


def named_big_logos(workspace: Workspace) -> list[str]:
    """Ids of the accounts that count as big logos whatever their size."""
    found = workspace.cursor().execute("select distinct account_id from named_big_logos order by account_id").fetchall()
    return [str(row[0]) for row in found]


def define_logos(workspace: Workspace, conventions: Conventions, named: Sequence[str]) -> None:
    """Put limits and names of big logos in force, in one transaction; everything is rebuilt."""
    with workspace.change() as cursor:
        cursor.execute("delete from named_big_logos")
        for account_id in dict.fromkeys(named):
            cursor.execute("insert into named_big_logos values ($account_id)", {"account_id": account_id})
        marts.rebuild(cursor, conventions)


def typed_people(workspace: Workspace) -> pd.DataFrame:
    """The people typed by hand: person_id, account_id, name, title, role, last_touch_on; by account and name."""
    return (
        workspace.cursor()
        .execute(
            """
            select person_id, account_id, name, title, role, last_touch_on
            from stakeholders_by_hand
            order by account_id, name
            """
        )
        .df()
    )


def add_person(
    workspace: Workspace,
    account_id: str,
    name: str,
    *,
    title: str = "",
    role: str = "other",
    last_touch_on: date | None = None,
) -> str:
    """Keep a person at an account; the id given to it. Raises Refused on no name, no such account or role."""
    name, title = " ".join(name.split()), " ".join(title.split())
    if not name or len(name) > LONGEST or len(title) > LONGEST:
        raise Refused("a person needs a name of at most 200 letters", where="stakeholder", do="Type one.")
    if role not in ROLES:
        raise Refused(f"there is no role {role!r}", where="stakeholder", do=f"Choose one of: {', '.join(ROLES)}.")
    person_id = f"by-hand-{uuid.uuid4().hex[:12]}"
    with workspace.change() as cursor:
        found = cursor.execute("select 1 from account_ids where alias_id = $id limit 1", {"id": account_id}).fetchone()
        if found is None:
            raise Refused(f"there is no account {account_id!r}", where="stakeholder", do="Choose one of the list.")
        cursor.execute(
            "insert into stakeholders_by_hand values ($person_id, $account_id, $name, $title, $role, $last_touch_on)",
            {
                "person_id": person_id,
                "account_id": account_id,
                "name": name,
                "title": title or None,
                "role": role,
                "last_touch_on": last_touch_on,
            },
        )
        for each in OF_PEOPLE:
            cursor.execute(in_folder("marts")[each].sql)
    return person_id


def forget_person(workspace: Workspace, person_id: str) -> None:
    """Forget a person typed by hand."""
    with workspace.change() as cursor:
        cursor.execute("delete from stakeholders_by_hand where person_id = $person_id", {"person_id": person_id})
        for each in OF_PEOPLE:
            cursor.execute(in_folder("marts")[each].sql)
