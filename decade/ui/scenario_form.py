"""The inputs of a scenario as a form: a slider and a typed number each, kept in step, in the address."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from decade.charts.formats import money
from decade.errors import Refused
from decade.models.scenario import Scenario
from decade.models.scenario_inputs import LIMITS
from decade.ui import session
from decade.ui.page import choice

KINDS = {"constant": "Constant", "damped": "Damped", "path": "By year"}
BILLING = {"annual_prepaid": "A year ahead", "monthly": "Monthly"}
GROWTH = {"yearly": "At anniversaries", "monthly": "Every month"}
USUAL_DAMPING = 0.8
DECADE = np.array([1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0])


@dataclass(frozen=True)
class Field:
    """One numeric input: the slider's range and step, and how the number is written; `scale` 100 shows a rate as %."""

    label: str
    low: float
    high: float
    step: float
    shape: str = "%.0f"
    scale: float = 1.0
    is_money: bool = False
    help: str | None = None


FIELDS = {
    "acv": Field("ACV", 1e3, 1e7, 1000.0, is_money=True, help="What a customer pays in the first year."),
    "nrr": Field(
        "NRR a year, %", 50.0, 200.0, 1.0, "%.4g", 100.0,
        help="What a customer who stays pays from year to year; without churn, the cohort's NRR.",
    ),
    "damping": Field(
        "Damping ρ a year", 0.0, 1.0, 0.05, "%.4g",
        help="Each year's growth is this power of the growth before: at 0.8, 120 % is followed by 115.7 %.",
    ),
    "churn": Field("Logo churn a year, %", 0.0, 60.0, 1.0, "%.4g", 100.0, help="Share of customers lost in a year."),
    "gross_margin": Field("Gross margin, %", 0.0, 100.0, 1.0, "%.4g", 100.0),
    "cac": Field("CAC", 1e3, 1e7, 1000.0, is_money=True, help="What it costs to win the customer."),
    "years": Field("Years", 1, 15, 1, help="Ten years as a rule; up to fifteen."),
    "discount_rate": Field("Discount rate, %", 0.0, 40.0, 1.0, "%.4g", 100.0),
    "free_months": Field(
        "Free months", 0.0, 36.0, 1.0, "%.4g", help="Nothing is paid, the cost of goods and to serve is."
    ),
    "cost_to_serve": Field("Cost to serve a year", 1e2, 1e6, 500.0, is_money=True, help="Beside the cost of goods."),
    "price_steps": Field("Price step a year, %", -20.0, 30.0, 1.0, "%.4g", 100.0, help="On top of NRR."),
}  # fmt: skip


def key_of(name: str) -> str:
    """The key, in the session and in the address, of an input's number."""
    return f"s_{name}"


def take(scenario: Scenario, *, is_start: bool = False) -> None:
    """Callback: put a scenario's inputs into the form; `is_start`: it is what the form starts from."""
    values = shown(scenario)
    comes = {
        "damping": values["nrr_kind"] == "damped",
        "nrr_path": values["nrr_kind"] == "path",
        "churn_path": values["churn_by_year"],
        "growth": values["billing"] == "monthly",
    }
    for name, value in values.items():
        if comes.get(name, True):
            (session.put_new if name in comes and not is_start else session.put)(key_of(name), value)


def shown(scenario: Scenario) -> dict[str, Any]:
    """What each widget of the form shows for a scenario."""
    found: dict[str, Any] = {}
    for name, field in FIELDS.items():
        given = getattr(scenario, name)
        first = given if not isinstance(given, tuple) else given[0] if name in ("nrr", "churn") else 0.0
        found[name] = int(first) if name == "years" else round(float(first) * field.scale, 4)
    found["damping"] = USUAL_DAMPING if scenario.damping == 1 else found["damping"]
    has_path = isinstance(scenario.nrr, tuple)
    found["nrr_kind"] = "path" if has_path else "damped" if scenario.damping < 1 else "constant"
    found["nrr_path"] = _written(scenario.nrr)
    found["churn_by_year"] = isinstance(scenario.churn, tuple)
    found["churn_path"] = _written(scenario.churn)
    steps = scenario.price_steps if isinstance(scenario.price_steps, tuple) else ()
    found["steps"] = ", ".join(f"{year}:{100 * up:.6g}" for year, up in steps)
    for name in ("billing", "growth", "grows_while_free"):
        found[name] = getattr(scenario, name)
    return found


def form(start: Scenario, currency: str) -> Scenario:
    """The scenario of the form; `start` fills what the address does not say. Raises Refused on an impossible input."""
    first = shown(start)

    def number(name: str) -> float:
        return _pair(name, first[name], currency)

    given: dict[str, Any] = {"acv": number("acv")}
    kind = choice("NRR", KINDS, key="s_nrr_kind", default=first["nrr_kind"], on_change=_kind_changed)
    if kind == "path":
        given["nrr"] = _path("nrr", "NRR by year, %", first["nrr_path"])
    else:
        given["nrr"] = number("nrr")
    if kind == "damped":
        given["damping"] = number("damping")
    churn = st.container()
    for name in ("gross_margin", "cac", "years"):
        given[name] = number(name)
    with st.expander("More inputs", icon=":material/tune:"):
        for name in ("discount_rate", "free_months"):
            given[name] = number(name)
        given["grows_while_free"] = _toggle("Grows while free", "grows_while_free", first)
        given["cost_to_serve"] = number("cost_to_serve")
        given["billing"] = _select("Billing", BILLING, "billing", first)
        if given["billing"] == "monthly":
            given["growth"] = _select("Prices move", GROWTH, "growth", first)
        is_by_year = _toggle("Churn by year", "churn_by_year", first, _churn_changed)
        given["price_steps"] = number("price_steps")
        steps = _text("Price steps of single years, year:%", "steps", first["steps"], "3:5, 6:5")
    with churn:
        given["churn"] = _path("churn", "Logo churn by year, %", first["churn_path"]) if is_by_year else number("churn")
    if steps.strip():
        given["price_steps"] = _steps(steps)
    return Scenario(**given, name=start.name)


def _pair(name: str, value: float, currency: str) -> float:
    """A slider and a number for one input. The number holds the value; the slider is put where the number is."""
    field, key = FIELDS[name], key_of(name)
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    low, high = (limit * field.scale for limit in LIMITS[name])
    is_whole = name == "years"
    kind: Callable[[float], float] = int if is_whole else float
    typed = right.number_input(
        field.label, kind(low), kind(high), kind(value), kind(field.step), "%d" if is_whole else field.shape, key,
        label_visibility="collapsed", bind="query-params",
    )  # fmt: skip
    slide = f"{key}_slide"
    if field.is_money:
        options = _money_options(name, float(typed))
        session.put(slide, float(typed))
        left.select_slider(
            field.label,
            options,
            format_func=lambda each: money(each, currency),
            key=slide,
            on_change=_slid,
            args=(name,),
            help=field.help,
        )
    else:
        session.put(slide, kind(min(max(typed, field.low), field.high)))
        left.slider(
            field.label, kind(field.low), kind(field.high), step=kind(field.step), key=slide, on_change=_slid,
            args=(name,), help=field.help, format="%d" if is_whole else field.shape,
        )  # fmt: skip
    return float(typed) / field.scale


def _slid(name: str) -> None:
    """Callback of a slider: the number follows."""
    session.put(key_of(name), session.value(f"{key_of(name)}_slide"))


def _money_options(name: str, typed: float) -> list[float]:
    low, high = (int(np.log10(getattr(FIELDS[name], end))) for end in ("low", "high"))
    steps = [float(each) for power in range(low, high) for each in DECADE * 10**power] + [10.0**high]
    return sorted({*steps, typed, *([0.0] if LIMITS[name][0] == 0 else [])})


def _kind_changed() -> None:
    """Callback: what one way of giving NRR showed goes on in the other."""
    damping = float(session.value("s_damping", 1.0)) if session.value("s_nrr_kind") != "constant" else 1.0
    _carry("nrr", session.value("s_nrr_kind") == "path", damping)


def _churn_changed() -> None:
    _carry("churn", bool(session.value("s_churn_by_year")), 1.0)


def _carry(name: str, is_path: bool, damping: float) -> None:
    number, path = session.value(key_of(name)), str(session.value(f"s_{name}_path") or "")
    if is_path and number is not None:
        years = range(9 if damping < 1 else 1)
        session.put_new(f"s_{name}_path", ", ".join(f"{100 * (number / 100) ** damping**year:.5g}" for year in years))
    elif not is_path and path:
        with contextlib.suppress(Refused):
            session.put_new(key_of(name), round(100 * _parsed(path, name)[0], 4))


def _toggle(label: str, name: str, first: dict[str, Any], on_change: Callable[[], None] | None = None) -> bool:
    return bool(st.toggle(label, first[name], key=key_of(name), on_change=on_change, bind="query-params"))


def _select(label: str, options: dict[str, str], name: str, first: dict[str, Any]) -> str:
    names = list(options)
    return str(
        st.selectbox(
            label, names, names.index(first[name]), format_func=options.__getitem__, key=key_of(name),
            bind="query-params",
        )
    )  # fmt: skip


def _text(label: str, name: str, value: str, example: str) -> str:
    return str(st.text_input(label, value, 400, key_of(name), placeholder=example, bind="query-params") or "")


def _path(name: str, label: str, value: str) -> tuple[float, ...]:
    return _parsed(_text(label, f"{name}_path", value, "120, 115, 110"), label)


def _parsed(text: str, label: str) -> tuple[float, ...]:
    try:
        found = tuple(round(float(each) / 100, 8) for each in text.replace(";", ",").split(",") if each.strip())
    except ValueError:
        found = ()
    if not found:
        raise Refused(f"{label} cannot be read from {text!r}", do="Write one number a year, as 120, 115, 110.")
    return found


def _steps(text: str) -> tuple[tuple[int, float], ...]:
    try:
        pairs = (each.split(":") for each in text.split(",") if each.strip())
        return tuple((int(year), round(float(up) / 100, 8)) for year, up in pairs)
    except ValueError:
        raise Refused(f"price steps cannot be read from {text!r}", do="Write year:percent, as 3:5, 6:5.") from None


def _written(path: float | tuple[float, ...]) -> str:
    return ", ".join(f"{round(100 * each, 4):g}" for each in path) if isinstance(path, tuple) else ""
