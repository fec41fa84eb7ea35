"""DataFrame in, figure out: what is drawn, what is left out, and what a click hands over."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from decade.charts import account, bridge, cohort_lines, cohorts, deals, retention
from decade.charts.formats import count, money, percent, ratio
from decade.charts.theme import MOVEMENTS
from decade.models.cohorts import weighted_mean


def months(*names: str) -> pd.Series:
    return pd.to_datetime(pd.Series([f"{each}-01" for each in names]))


@pytest.fixture
def bridged() -> pd.DataFrame:
    """Three months, the last of them not complete, nothing lost in the second."""
    return pd.DataFrame(
        {
            "month": months("2025-01", "2025-02", "2025-03"),
            "new": [100.0, 50.0, 0.0],
            "reactivation": [0.0, 0.0, 10.0],
            "expansion": [20.0, 5.0, 0.0],
            "contraction": [-10.0, 0.0, -1.0],
            "churn": [-30.0, 0.0, -2.0],
            "quick_ratio": [3.0, np.nan, 3.3],
            "is_full": pd.array([True, True, False], dtype="boolean"),
        }
    )


@pytest.fixture
def cells() -> pd.DataFrame:
    """Two cohorts; the second has three accounts and has not reached age 2."""
    rows = [
        ("2023", 0, 10, 10, 10, 1.0, True),
        ("2023", 1, 10, 8, 10, 0.8, True),
        ("2023", 2, 10, 5, 10, 0.5, True),
        ("2024", 0, 3, 3, 3, 1.0, True),
        ("2024", 1, 3, 1, 3, 1 / 3, True),
        ("2024", 2, 1, 0, 1, 0.0, False),
    ]
    frame = pd.DataFrame(rows, columns=["cohort", "age", "n", "numerator", "denominator", "rate", "is_mature"])
    frame["is_mature"] = frame["is_mature"].astype("boolean")
    return frame.assign(low=0.1, high=0.9, late_entries=0, at=frame["age"].astype("str"))


def ages(oldest: int) -> list[str]:
    return [str(age) for age in range(oldest + 1)]


def values(raw: object) -> np.ndarray:
    return np.array(raw, dtype=float)


def by_month(bridged: pd.DataFrame, currency: str = "") -> go.Figure:
    """The bridge drawn by month."""
    names = bridged["month"].dt.strftime("%Y-%m")
    named = bridged.assign(period=names, first_month=bridged["month"], is_full=bridged["is_full"].fillna(True))
    return bridge.by_period(named, currency=currency)


def test_bridge_losses_lie_below_zero_and_colours_are_fixed(bridged: pd.DataFrame) -> None:
    figure = by_month(bridged, currency="EUR")
    drawn = {trace.name.lower(): trace for trace in figure.data}
    assert list(drawn) == ["new", "reactivation", "expansion", "contraction", "churn"]
    assert figure.layout.barmode == "relative"
    for name, trace in drawn.items():
        assert list(trace.y) == bridged[name].tolist()
        assert trace.marker.color == MOVEMENTS[name]
        assert "€" in trace.hovertemplate
    assert figure.layout.hovermode == "closest", "else a click reports every bar of its month"


def test_bridge_draws_a_partial_month_faint(bridged: pd.DataFrame) -> None:
    opacity = by_month(bridged).data[0].marker.opacity
    assert opacity[0] == opacity[1] == 1
    assert opacity[2] < 0.6


def test_a_bar_of_the_bridge_hands_over_month_movement_and_view(bridged: pd.DataFrame) -> None:
    churn = next(trace for trace in by_month(bridged).data if trace.name == "Churn")
    assert [list(each) for each in churn.customdata][1] == ["2025-02", "churn", "moved"]


def test_quick_ratio_leaves_out_partial_months_and_gaps_where_nothing_was_lost(bridged: pd.DataFrame) -> None:
    figure = bridge.quick_ratio(bridged)
    bars = figure.data[0]
    assert list(bars.x) == ["2025-01-01", "2025-02-01"]
    assert np.isnan(values(bars.y)).tolist() == [False, True]
    assert [shape.y0 for shape in figure.layout.shapes] == [1, 4]


def test_quick_ratio_is_cut_off_and_says_its_value(bridged: pd.DataFrame) -> None:
    bars = bridge.quick_ratio(bridged.assign(quick_ratio=[250.0, 0.5, 1.0])).data[0]
    assert list(bars.y) == [bridge.MOST, 0.5]
    assert list(bars.hovertext) == ["250.00", "0.50"]
    assert list(bars.marker.color) == [MOVEMENTS["expansion"], MOVEMENTS["churn"]]


def rates(*slices: str) -> pd.DataFrame:
    parts = [
        pd.DataFrame(
            {
                "month": months("2025-01", "2025-02", "2025-03"),
                "slice": each,
                "nrr": [np.nan, 1.1, 1.2],
                "grr": [np.nan, 0.9, 0.8],
                "logo_retention": [np.nan, 0.95, 0.9],
            }
        )
        for each in slices
    ]
    return pd.concat(parts, ignore_index=True)


def test_a_missing_rate_is_a_gap() -> None:
    for trace in retention.over_time(rates("All")).data:
        assert np.isnan(values(trace.y)[0])
        assert trace.connectgaps is False


def test_one_slice_gives_three_rates_and_several_give_a_line_each() -> None:
    alone = retention.over_time(rates("All"))
    assert [trace.name for trace in alone.data] == [
        "Net revenue retention",
        "Gross revenue retention",
        "Logo retention",
    ]
    many = retention.over_time(rates(*(f"Slice {k}" for k in range(9))))
    assert [trace.name for trace in many.data] == [f"Slice {k}" for k in range(9)]
    assert len({(trace.line.color, trace.line.dash) for trace in many.data}) == 9, "told apart without a legend"


@pytest.mark.parametrize("behind", ["kept", "moved"])
def test_a_point_of_a_rate_hands_over_month_and_view(behind: str) -> None:
    trace = retention.over_time(rates("All"), behind=behind).data[0]
    assert list(trace.customdata[2]) == ["2025-03", behind]


def test_immature_cells_are_absent(cells: pd.DataFrame) -> None:
    few, shown, squares = cohorts.heatmap(cells, kind="logo", across=ages(10), title="Age").data
    assert np.array(shown.z, dtype=float).shape == (2, 11)
    assert np.isnan(values(shown.z)[0, 3:]).all()
    assert np.isnan(values(shown.z)[1]).all()
    assert np.isnan(values(few.z)[1, 2:]).all()
    assert ["2024", 2] not in [list(each) for each in squares.customdata]


def test_fewer_than_five_are_grey(cells: pd.DataFrame) -> None:
    few, shown, squares = cohorts.heatmap(cells, kind="logo", across=ages(10), title="Age").data
    assert {stop[1] for stop in few.colorscale} == {cohorts.FEW}
    assert values(few.z)[1, :2].tolist() == [1, 1]
    assert np.isnan(values(few.z)[0]).all()
    assert values(shown.z)[0, :3].tolist() == [1.0, 0.8, 0.5]
    assert list(squares.text) == ["100%", "80%", "50%", "100%", "33%"]


def test_a_cell_hands_over_cohort_and_age(cells: pd.DataFrame) -> None:
    squares = cohorts.heatmap(cells, kind="logo", across=ages(10), title="Age").data[2]
    assert [list(each) for each in squares.customdata] == [
        ["2023", 0, "this"],
        ["2023", 1, "this"],
        ["2023", 2, "this"],
        ["2024", 0, "this"],
        ["2024", 1, "this"],
    ]
    assert "n = 10; 8 of 10" in squares.hovertext[1]


def test_axes_are_categories_so_that_years_stay_names(cells: pd.DataFrame) -> None:
    figure = cohorts.heatmap(cells, kind="net", across=ages(40), title="Age")
    assert (figure.layout.xaxis.type, figure.layout.yaxis.type) == ("category", "category")
    assert list(figure.data[1].y) == ["2023", "2024"]
    assert (figure.data[1].zmin + figure.data[1].zmax) / 2 == 1, "what is kept in full is neutral"


def test_many_small_cells_carry_no_text(cells: pd.DataFrame) -> None:
    wide = pd.concat([cells.assign(cohort=cells["cohort"] + f"-{k}") for k in range(20)], ignore_index=True)
    squares = cohorts.heatmap(wide, kind="logo", across=ages(120), title="Age").data[2]
    assert squares.mode == "markers"
    assert squares.text is None


def test_curves_end_where_a_cohort_ends_and_the_mean_is_on_top(cells: pd.DataFrame) -> None:
    mean = weighted_mean(cells)
    figure = cohort_lines.curves(cells, {"": mean}, title="Age", records=("2023", "2024"), picked=("2024", 1))
    assert [list(trace.x) for trace in figure.data[:2]] == [[0, 1, 2], [0, 1]]
    assert list(figure.data[0].customdata[2]) == ["2023", 2, "this"]
    assert [trace.name for trace in figure.data] == ["Best: 2023", "Worst: 2024", "Weighted mean", "Median"]
    assert list(figure.data[1].marker.size) == [5, 11]
    assert values(figure.data[-2].y)[1] == pytest.approx(9 / 13, abs=1e-5)
    assert values(figure.data[-1].y)[1] == pytest.approx((0.8 + 1 / 3) / 2, abs=1e-5)


def test_the_chosen_cell_and_its_cohort_are_outlined(cells: pd.DataFrame) -> None:
    drawn = cohorts.heatmap(cells, kind="logo", across=ages(3), title="Age", picked=("2024", 1))
    whole, one = drawn.layout.shapes
    assert (whole.x0, whole.x1, whole.y0, whole.y1) == (-0.5, 1.5, 0.5, 1.5)
    assert (one.x0, one.x1) == (0.5, 1.5)
    assert not cohorts.heatmap(cells, kind="logo", across=ages(3), title="Age", picked=("2030", 1)).layout.shapes


def test_cells_that_cannot_be_back_tested_are_hatched(cells: pd.DataFrame) -> None:
    ahead = pd.DataFrame(
        {
            "cohort": ["2024", "2024"], "age": [2, 3], "at": ["2", "3"], "rate": [0.3, 0.2], "low": [0.2, 0.1],
            "high": [0.4, 0.3], "is_back_tested": [True, False],
        }
    )  # fmt: skip
    drawn = cohorts.heatmap(cells, kind="logo", across=ages(3), title="Age", projected=ahead)
    hatch, around, thin = drawn.layout.shapes
    assert around.path == thin.path
    assert around.path.count("M") == 6, "around both cells, and not between them"
    assert hatch.path.count("M") == 3
    assert all(2.4 < float(each.split(",")[0]) < 3.6 for each in hatch.path.replace("L", "M").split("M")[1:])
    assert values(drawn.data[1].z)[1, 2] == pytest.approx(0.3)
    assert np.isnan(values(drawn.data[1].z)[1, 3])


def test_a_point_of_who_leaves_says_how_many() -> None:
    frame = pd.DataFrame(
        {
            "slice": ["Big logos", "Big logos"], "age": [1, 2], "at_risk": [10.0, 3.0], "lost": [2.0, 1.0],
            "rate": [0.2, 1 / 3], "low": [0.05, 0.06], "high": [0.5, 0.8],
        }
    )  # fmt: skip
    (line,) = cohort_lines.leaving(frame, unit="Year").data
    assert list(line.marker.symbol) == ["circle", "circle-open"]
    assert list(line.customdata[0])[:4] == ["Big logos", 1, 10, 2]
    assert line.error_y.array[0] == pytest.approx(0.3)


@pytest.fixture
def sizes() -> pd.DataFrame:
    """Three bins; big logos in the first and the last."""
    return pd.DataFrame(
        {
            "size_from": [1000.0, 1000.0, 1778.28, 3162.28],
            "size_to": [1778.28, 1778.28, 3162.28, 5623.41],
            "is_big_logo": [True, False, False, True],
            "deals": [2, 5, 7, 1],
            "amount": [2500.0, 6000.0, 15000.0, 4000.0],
        }
    )


def test_a_bar_of_the_histogram_hands_over_a_bin_that_can_be_chosen(sizes: pd.DataFrame) -> None:
    big, rest = deals.histogram(sizes, currency="USD").data
    bins = deals.bins(sizes, "USD")
    assert list(big.y) == [2, 1]
    assert list(rest.y) == [5, 7]
    assert [list(each)[1] for each in (*big.customdata, *rest.customdata)] == ["big", "big", "rest", "rest"]
    for part in (big, rest):
        assert all(each[0] in bins for each in part.customdata)
    assert bins[rest.customdata[1][0]] == (1778.28, 3162.28)


def test_bins_stand_in_order_and_hold_money_or_deals(sizes: pd.DataFrame) -> None:
    figure = deals.histogram(sizes.iloc[::-1], measure="amount", currency="USD")
    assert list(figure.layout.xaxis.categoryarray) == ["$1.0k", "$1.8k", "$3.2k"]
    assert sorted([*figure.data[0].y, *figure.data[1].y]) == [2500, 4000, 6000, 15000]


def test_unknown_penetration_is_a_bar_of_its_own() -> None:
    frame = pd.DataFrame(
        {
            "penetration": [0.005, 0.1, 1.4, np.nan],
            "acv": [1.0, 2.0, 3.0, 4.0],
            "is_big_logo": [True, True, False, False],
        }
    )
    big, rest = deals.penetration(frame).data
    assert dict(zip(big.x, big.y, strict=True)) | {} == {
        "0%-1%": 1, "1%-2%": 0, "2%-5%": 0, "5%-10%": 0, "10%-20%": 1, "20%-50%": 0, "50%-100%": 0, "over 100%": 0,
        "unknown": 0,
    }  # fmt: skip
    assert (rest.y[-2], rest.y[-1]) == (1, 1)


def test_the_course_of_an_account_is_held_to_as_of() -> None:
    frame = pd.DataFrame({"month": months("2025-01", "2025-04"), "closing": [100.0, 0.0]})
    line = account.steps(frame, pd.Timestamp("2025-12-31").date(), currency="USD").data[0]
    assert list(line.x) == ["2025-01-01", "2025-04-01", "2025-12-31"]
    assert list(line.y) == [100, 0, 0]
    assert line.line.shape == "hv"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "–"), (float("nan"), "–"), (0.0, "$0"), (87.0, "$87"), (12.5, "$12.50"), (999.6, "$1.00k"),
        (1234.0, "$1.23k"), (950_000.0, "$950k"), (999_999.0, "$1.00M"), (1.234e6, "$1.23M"), (2.5e9, "$2.50B"),
        (-1234.0, "-$1.23k"),
    ],
)  # fmt: skip
def test_money_in_words(value: float | None, written: str) -> None:
    assert money(value, "USD") == written


def test_missing_numbers_are_dashes_everywhere() -> None:
    for write in (percent, ratio, count, money):
        for missing in (None, float("nan"), pd.NA):
            assert write(missing) == "–"
    assert percent(0.7009) == "70.1 %"
    assert money(5.0, "XXX") == "5"
    assert money(5.0, "CHF") == "CHF 5"
