"""The movements of a period with the slice of each account, for the explorer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from decade.months import add_months
from decade.ui import session
from decade.ui.fetch import fetch

SPANS = {"1": "Last month", "3": "Three months", "12": "Twelve months", "all": "The whole period"}


def chosen_months(months: Sequence[date], span: str) -> tuple[date, date]:
    """First and last month of the span that ends with the last month shown; both included."""
    first, last = months[0], months[-1]
    return (first if span == "all" else max(first, add_months(last, 1 - int(span)))), last


def moved_in(since: date, until: date, by: str) -> pd.DataFrame:
    """Movements of the months, each with the slice of its account."""
    return fetch("movements", scope=replace(session.scope(), from_month=since, to_month=until), by=by)


def in_words(since: date, until: date) -> str:
    """A month, or the first and the last."""
    return f"{since:%Y-%m}" if since == until else f"{since:%Y-%m} to {until:%Y-%m}"
