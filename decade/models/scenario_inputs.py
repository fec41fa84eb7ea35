"""The inputs of a scenario: one customer, what it costs and what it pays, every limit checked."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib.resources import files
from numbers import Real

from decade.errors import Refused

Path = tuple[float, ...]
Steps = tuple[tuple[int, float], ...]

LIMITS: dict[str, tuple[float, float]] = {
    "acv": (0.01, 1e12),
    "years": (1, 15),
    "gross_margin": (0.0, 1.0),
    "cac": (0.0, 1e12),
    "nrr": (0.01, 5.0),
    "damping": (0.0, 1.0),
    "churn": (0.0, 1.0),
    "discount_rate": (0.0, 2.0),
    "free_months": (0.0, 180.0),
    "cost_to_serve": (0.0, 1e12),
    "price_steps": (-0.5, 1.0),
}
CHOICES = {"billing": ("annual_prepaid", "monthly"), "growth": ("yearly", "monthly")}


@dataclass(frozen=True)
class Scenario:
    """One customer over `years`, as expected values. Money in one currency, rates as fractions (1.2, 0.8).

    `nrr` is the yearly factor of what a staying customer pays; the cohort's NRR is nrr x (1 - churn).
    `nrr` and `churn` may be paths, one value a year, of which the last goes on. `damping` multiplies the
    log growth each year (1 = constant). `price_steps` is a yearly uplift on top of `nrr`, or pairs
    (year, uplift), each from the start of that year on. `cost_to_serve` is money a year and customer
    beside the cost of goods. `growth` says whether prices move at anniversaries or every month.
    """

    acv: float = 100_000.0
    years: int = 10
    billing: str = "annual_prepaid"
    gross_margin: float = 0.8
    cac: float = 20_000.0
    nrr: float | Path = 1.0
    damping: float = 1.0
    churn: float | Path = 0.0
    discount_rate: float = 0.1
    free_months: float = 0.0
    grows_while_free: bool = True
    cost_to_serve: float = 0.0
    price_steps: float | Steps = 0.0
    growth: str = "yearly"
    name: str = ""

    def __post_init__(self) -> None:
        for name, allowed in CHOICES.items():
            if getattr(self, name) not in allowed:
                raise _refused(name, f"cannot be {getattr(self, name)!r}", f"Choose one of: {', '.join(allowed)}.")
        if not isinstance(self.grows_while_free, bool):
            raise _refused("grows_while_free", f"cannot be {self.grows_while_free!r}", "Give true or false.")
        for name in LIMITS:
            object.__setattr__(self, name, _checked(name, getattr(self, name)))
        if self.free_months > 12 * self.years:
            raise _refused(
                "free_months",
                f"cannot be {self.free_months:g} in a horizon of {12 * self.years} months",
                f"Give a number from 0 to {12 * self.years}.",
            )
        if isinstance(self.nrr, tuple) and self.damping != 1:
            raise _refused("damping", "cannot be applied to a path of nrr", "Leave damping at 1 or give one nrr.")
        if self.growth == "monthly" and self.billing == "annual_prepaid":
            raise _refused(
                "growth", "cannot be monthly when a year is prepaid", "Set billing=monthly or growth=yearly."
            )

    def with_settings(self, settings: Sequence[str]) -> Scenario:
        """The scenario with each `input=value` set; refused: an unknown input, an unreadable value.

        Paths are written 1.2,1.15,1.1 and price steps 3:0.05,6:0.05.
        """
        changes: dict[str, object] = {}
        for setting in settings:
            name, is_pair, text = setting.partition("=")
            if not is_pair or name not in INPUTS:
                raise Refused(
                    f"{setting!r} is not a scenario input",
                    where="scenario",
                    do=f"Write input=value with one of: {', '.join(INPUTS)}.",
                )
            changes[name] = _read(name, text.strip())
        return replace(self, **changes)  # type: ignore[arg-type]

    def settings(self, *, changed_only: bool = False) -> list[str]:
        """Every input as `input=value`, which `with_settings` reads back exactly; for links and saving."""
        plain = Scenario()
        return [
            f"{name}={_write(getattr(self, name))}"
            for name in INPUTS
            if not changed_only or getattr(self, name) != getattr(plain, name)
        ]


INPUTS = tuple(field.name for field in fields(Scenario) if field.name != "name")


@cache
def presets() -> dict[str, Scenario]:
    """The scenarios that come with the product, by name, in the order in which they are offered."""
    return {key: scenario for key, (scenario, _, _) in _preset_table().items()}


def preset(name: str) -> Scenario:
    """The preset of that name; refused when there is none."""
    if name not in presets():
        raise Refused(f"there is no scenario preset named {name!r}", do=f"Choose one of: {', '.join(presets())}.")
    return presets()[name]


def preset_note(name: str) -> str:
    """Where the numbers of a preset come from, in one sentence."""
    preset(name)
    return _preset_table()[name][1]


def preset_title(name: str) -> str:
    """A preset's name as people read it."""
    preset(name)
    return _preset_table()[name][2]


@cache
def _preset_table() -> dict[str, tuple[Scenario, str, str]]:
    table = tomllib.loads(files("decade.models").joinpath("presets.toml").read_text(encoding="utf-8"))
    return {key: (Scenario(name=key, **entry["inputs"]), entry["note"], entry["title"]) for key, entry in table.items()}


def _checked(name: str, value: object) -> float | int | Path | Steps:
    if name in ("nrr", "churn") and isinstance(value, tuple | list):
        if not value:
            raise _refused(name, "has an empty path", "Give one value, or one for each year.")
        return tuple(_number(name, each) for each in value)
    if name == "price_steps" and isinstance(value, tuple | list):
        return tuple(_step(each) for each in value)
    number = _number(name, value)
    if name == "years":
        if number != int(number):
            raise _refused(name, f"cannot be {number:g}", "Give a whole number from 1 to 15.")
        return int(number)
    return number


def _number(name: str, value: object) -> float:
    low, high = LIMITS[name]
    wanted = f"Give a number from {low:,g} to {high:,.12g}."
    if isinstance(value, bool) or not isinstance(value, Real):
        raise _refused(name, f"cannot be {value!r}", wanted)
    number = float(value)
    if not math.isfinite(number) or not low <= number <= high:
        raise _refused(name, f"cannot be {number:g}", wanted)
    return number


def _step(value: object) -> tuple[int, float]:
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise _refused("price_steps", f"cannot hold {value!r}", "Give pairs of year and uplift, as 3:0.05.")
    year, uplift = value
    if isinstance(year, bool) or not isinstance(year, int | float) or year != int(year) or not 2 <= year <= 15:
        raise _refused("price_steps", f"cannot start in year {year!r}", "Give a whole year from 2 to 15, as 3:0.05.")
    return int(year), _number("price_steps", uplift)


def _read(name: str, text: str) -> object:
    if name in CHOICES:
        return text
    if name == "grows_while_free":
        return {"true": True, "false": False}.get(text.lower(), text)
    try:
        if name == "price_steps" and (":" in text or text == ""):
            pairs = (each.split(":") for each in text.split(",") if each)
            return tuple((int(year), float(uplift)) for year, uplift in pairs)
        if name in ("nrr", "churn") and "," in text:
            return tuple(float(each) for each in text.split(","))
        return float(text)
    except ValueError:
        low, high = LIMITS[name]
        raise _refused(name, f"cannot be read from {text!r}", f"Give a number from {low:,g} to {high:,.12g}.") from None


def _write(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(f"{each[0]}:{_write(each[1])}" if isinstance(each, tuple) else _write(each) for each in value)
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _refused(name: str, what: str, do: str) -> Refused:
    return Refused(f"{name} {what}", where="scenario", do=do)
