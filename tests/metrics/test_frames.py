"""An answer out of Arrow is the one that went by way of objects, to the last digit, and can be written to."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import duckdb
import numpy as np
import pandas as pd
import pytest

from decade.queries import Column, catalogue
from decade.scope import Scope
from decade.warehouse import Workspace
from decade.warehouse.frames import KINDS, SMALL, framed, normalise

UNITS = {"money": "money", "count": "count", "flag": "flag", "month": "month", "text": "text", "rate": "rate"}


ROWS = """
    select * from (values
        (1.2345::decimal(18, 4), 1::hugeint, true, date '2025-01-01', 'a <b>', 0.1::double),
        (-9.99, 2, false, date '2025-02-01', 'ü', null),
        (null, null, null, null, null, null),
        (99999999999999.9999, 9007199254740992, true, date '1900-01-01', '', 'nan'::double)
    ) as t(money, count, flag, month, text, rate)
"""


def alike(frame: pd.DataFrame) -> pd.DataFrame:
    """Texts held as those of a small answer are, whoever set the option of pandas before."""
    return frame.astype({name: SMALL for name, kind in frame.dtypes.items() if isinstance(kind, pd.StringDtype)})


@pytest.mark.parametrize("where", ["", "where text is null", "where false"], ids=["all", "missing", "none"])
@pytest.mark.parametrize("column", ["money", "money * 10000000000::decimal(20, 0)", "money::double", "42"])
def test_every_kind_is_the_same_either_way(where: str, column: str) -> None:
    shape = catalogue()["mrr_bridge"]
    question = replace(shape, columns=tuple(Column(name, unit, "") for name, unit in UNITS.items()))
    cursor = duckdb.connect()
    asked = f"select {column} as money, count, flag, month, text, rate from ({ROWS}) {where}"
    new = framed(cursor.execute(asked).to_arrow_reader().read_all(), question)
    old = normalise(cursor.execute(asked).df(), question)
    pd.testing.assert_frame_equal(new, alike(old), check_exact=True)
    assert [str(each) for each in new.dtypes] == [KINDS[unit] for unit in UNITS.values()]
    new["money"] *= 2
    if len(new):
        new.loc[0, ["text", "count"]] = ["written", 7]
        assert new["text"].iloc[0] == "written"


def test_decimals_are_the_nearest_floats() -> None:
    question = replace(catalogue()["mrr_bridge"], columns=(Column("money", "money", ""),))
    cents = np.random.default_rng(1).integers(-(10**12), 10**12, 2_000)
    cursor = duckdb.connect()
    cursor.execute("create table t (money decimal(18, 2))")
    cursor.executemany("insert into t values (?)", [[Decimal(int(each)) / 100] for each in cents])
    found = framed(cursor.execute("from t").to_arrow_reader().read_all(), question)["money"]
    assert found.tolist() == [int(each) / 100 for each in cents]


@pytest.mark.parametrize("name", ["account_list", "mrr_bridge", "movements", "stakeholders", "deal_list", "renewals"])
def test_questions_answer_as_before(acme: Workspace, name: str) -> None:
    question, cursor = catalogue()[name], acme.cursor()
    values = question.values(Scope().parameters(), None)
    old = normalise(cursor.execute(question.sql, values).df(), question)
    pd.testing.assert_frame_equal(acme.ask(name), alike(old), check_exact=True)
