"""Colours that mean one thing everywhere and can be told apart without hue, and the common layout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

# Okabe and Ito's palette, which colour-blind readers can tell apart.
BLUE, SKY, GREEN, ORANGE, VERMILION, PURPLE, GREY = (
    "#0072B2",
    "#56B4E9",
    "#009E73",
    "#E69F00",
    "#D55E00",
    "#CC79A7",
    "#8A8F98",
)
SERIES = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILION, GREY)
MOVEMENTS = {
    "new": BLUE,
    "reactivation": SKY,
    "expansion": GREEN,
    "contraction": ORANGE,
    "churn": VERMILION,
    "fx": GREY,
}
# One hue, light to dark: share kept from 0 to 100 %.
KEPT = ((0.0, "#f7e9e1"), (0.35, "#e8c9a8"), (0.6, "#b9d3d8"), (0.8, "#5f9fc0"), (1.0, "#0b5a8a"))
# Neutral at the middle (100 %), orange below, blue above.
AROUND_ONE = ((0.0, "#b35806"), (0.25, "#f1a340"), (0.5, "#f7f7f7"), (0.75, "#67a9cf"), (1.0, "#08519c"))
FADED = "rgba(138,143,152,0.35)"


Drawn = dict[str, Any]


class Drawing(go.Figure):  # type: ignore[misc]
    """A figure that is sent as it was drawn; Plotly's own objects are made only when somebody asks for them."""

    def __init__(self, whole: Drawn) -> None:
        self._drawn = whole

    def to_dict(self) -> Drawn:
        """Its data and layout; not to be changed."""
        return self._drawn

    @property
    def data(self) -> Any:
        """The traces as Plotly's objects."""
        return self._whole().data

    @property
    def layout(self) -> Any:
        """The layout as Plotly's object."""
        return self._whole().layout

    def _whole(self) -> go.Figure:
        return go.Figure(self._drawn, _validate=False)


def drawn(
    traces: Sequence[Drawn],
    *,
    height: int,
    y_title: str = "",
    y_format: str = "",
    legend: bool = True,
    levels: Sequence[float] = (),
    x: Drawn | None = None,
    y: Drawn | None = None,
    **layout: object,
) -> go.Figure:
    """Traces in the house's layout: margins, legend on top, quiet grid, a dotted line at each of `levels`.

    `x`, `y` and `layout` add to the axes and the layout. Plotly's check of every property takes ten times as
    long as the drawing itself: it is left to the tests, which check each figure whole.
    """
    whole: Drawn = {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 28 if legend else 8, "b": 8},
        "legend": {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
        "showlegend": legend,
        "hovermode": "x unified",
        "hoverlabel": {"namelength": -1},
        "dragmode": False,
        "bargap": 0.15,
        "shapes": [_level(each) for each in levels],
        "xaxis": {"showgrid": False, "automargin": True, "fixedrange": True, **(x or {})},
        "yaxis": {
            "tickformat": y_format,
            "automargin": True,
            "zeroline": True,
            "fixedrange": True,
            "nticks": 7,
            **({"title": {"text": y_title}} if y_title else {}),
            **(y or {}),
        },
        **layout,
    }
    return Drawing({"data": list(traces), "layout": whole})


def _level(value: float) -> Drawn:
    line = {"color": GREY, "width": 1, "dash": "dot"}
    return {"type": "line", "xref": "x domain", "x0": 0, "x1": 1, "yref": "y", "y0": value, "y1": value, "line": line}
