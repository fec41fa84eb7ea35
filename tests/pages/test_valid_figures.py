"""Every figure on every page is one that Plotly itself accepts, property by property."""

from __future__ import annotations

import json

import plotly.graph_objects as go
import pytest

from decade.warehouse import Workspace
from support.screens import PAGES, visit


@pytest.mark.parametrize("page", PAGES)
def test_plotly_accepts_each_figure(sample: Workspace, page: str) -> None:
    for each in visit(page).get("plotly_chart"):
        spec = json.loads(each.proto.spec)
        assert go.Figure(spec).data
