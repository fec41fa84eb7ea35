"""The app as a test drives it: any page through app.py at an address, and what a person reads there."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
from streamlit.testing.v1 import AppTest

from support.sample import APP

PAGES = {
    "overview": "pages/board/overview.py",
    "movements": "pages/board/movements.py",
    "net_revenue_retention": "pages/board/net_revenue_retention.py",
    "cohorts": "pages/customers/cohorts.py",
    "lifetimes": "pages/customers/lifetimes.py",
    "back_test": "pages/customers/back_test.py",
    "big_logos": "pages/customers/big_logos.py",
    "small_deals": "pages/customers/small_deals.py",
    "landing": "pages/customers/landing.py",
    "stakeholders": "pages/customers/stakeholders.py",
    "capacity": "pages/customers/capacity.py",
    "renewals": "pages/customers/renewals.py",
    "account": "pages/customers/account.py",
    "acquisition": "pages/growth/acquisition.py",
    "payback": "pages/growth/payback.py",
    "lifetime_value": "pages/growth/lifetime_value.py",
    "scenarios": "pages/growth/scenarios.py",
    "import_data": "pages/data/import_data.py",
    "data_health": "pages/data/data_health.py",
    "workspace": "pages/data/workspace.py",
    "definitions": "pages/data/definitions.py",
    "conventions_compared": "pages/data/conventions_compared.py",
}


def visit(page: str, **query: str | list[str]) -> AppTest:
    """A page opened in a new session at an address with this query; fails when anything went wrong."""
    app = AppTest.from_file(str(APP), default_timeout=120)
    for name, value in query.items():
        app.query_params[name.rstrip("_")] = value
    return run(app.switch_page(PAGES[page]))


def run(app: AppTest) -> AppTest:
    """The app after one more run in which nothing went wrong, and the one that a browser asks for by itself."""
    app.run()
    if app.get("skeleton"):
        app.run()
        assert not app.get("skeleton"), "what follows does not come"
    assert not app.exception, [each.value for each in app.exception]
    assert not app.error, [each.value for each in app.error]
    return app


def choose(app: AppTest, key: str, value: object) -> AppTest:
    """The app after a person chose a value of the widget with this key."""
    for kind in (
        "selectbox", "multiselect", "toggle", "number_input", "text_input", "button_group", "slider", "select_slider",
    ):  # fmt: skip
        for widget in app.get(kind):
            if widget.key == key:
                widget.set_value(value)
                return run(app)
    raise KeyError(f"this page shows no widget {key!r}")


def press(app: AppTest, label: str) -> AppTest:
    """The app after a person pressed the button with this label."""
    next(each for each in app.button if each.label == label).click()
    return run(app)


def shows(app: AppTest, key: str) -> bool:
    """True when a widget with this key is on the page."""
    kinds = ("selectbox", "multiselect", "toggle", "number_input", "text_input", "button_group", "pills")
    return any(widget.key == key for kind in kinds for widget in app.get(kind))


def tiles(app: AppTest) -> dict[str, str]:
    """The headline numbers by label, as written."""
    return {each.label: each.value for each in app.metric}


def tables(app: AppTest) -> list[pd.DataFrame]:
    """The tables of the page, in its order."""
    return [each.value for each in app.dataframe]


def table(app: AppTest, *columns: str) -> pd.DataFrame:
    """The one table that has all these columns."""
    found = [each for each in tables(app) if set(columns) <= set(each.columns)]
    assert len(found) == 1, [list(each.columns) for each in tables(app)]
    return found[0]


def chart(app: AppTest, key: str) -> dict[str, Any]:
    """The Plotly figure with this key: its `data` and `layout`."""
    return json.loads(next(each for each in app.get("plotly_chart") if each.key == key).proto.spec)


def captions(app: AppTest) -> str:
    """Everything that stands in small print."""
    return "\n".join(each.value for each in app.caption)


def numbers(app: AppTest) -> tuple[dict[str, str], list[str], list[str]]:
    """What moves when the data behind a page do: tiles, tables and charts."""
    return tiles(app), [each.to_csv() for each in tables(app)], drawn(app)


def drawn(app: AppTest) -> list[str]:
    """The charts of the page, as they are sent."""
    return [each.proto.spec for each in app.get("plotly_chart")]


def everything(app: AppTest) -> str:
    """All that the page sends to a person's eyes."""
    kinds = ("markdown", "caption", "text", "code", "info", "success", "warning", "title", "header", "subheader")
    said = [str(element.value) for kind in kinds for element in app.get(kind)]
    options = [
        str(option) for kind in ("selectbox", "multiselect") for each in app.get(kind) for option in each.options
    ]
    return "\n".join([*said, *options, *map(str, numbers(app))])


def pick_row(app: AppTest, key: str, row: int) -> AppTest:
    """The app after a person chose a row of a table."""
    app.session_state[key] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    return run(app)


def pick_cell(app: AppTest, key: str, row: int, column: str) -> AppTest:
    """The app after a person chose a cell of a grid."""
    app.session_state[key] = {"selection": {"rows": [], "columns": [], "cells": [[row, column]]}}
    return run(app)
