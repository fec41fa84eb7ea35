"""The choices on which respected tools disagree: one frozen object, its presets, their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from decade.errors import Refused

UNSTATED = "XXX"  # ISO 4217: no currency


@dataclass(frozen=True)
class Conventions:
    """How charges become MRR and movements. Days are days, money is in the reporting currency."""

    name: str = "decade"
    as_of: date | None = None
    reporting_currency: str | None = None
    grace_days: int = 31
    bridge_days: int = 3
    churn_recognised: str = "period_end"
    reactivation_window_days: int | None = None
    reactivation_after_months: int = 0
    past_due_counts: bool = True
    zero_is_active: bool = False
    discounts: str = "always"
    fx: str = "one_rate"
    same_month_new_and_churn: str = "both"
    parents_roll_up: bool = False
    big_logo_employees: int = 1000
    big_logo_revenue: float = 1_000_000_000.0
    small_penetration: float = 0.10

    def __post_init__(self) -> None:
        for name, allowed in CHOICES.items():
            if getattr(self, name) not in allowed:
                raise Refused(
                    f"{name} cannot be {getattr(self, name)!r}",
                    where="conventions",
                    do=f"Choose one of: {', '.join(allowed)}.",
                )
        for name in ("grace_days", "bridge_days", "reactivation_window_days", "reactivation_after_months"):
            if (getattr(self, name) or 0) < 0:
                raise Refused(f"{name} cannot be negative", where="conventions", do="Give a number from 0 up.")

    def with_settings(self, settings: Sequence[str]) -> Conventions:
        """These conventions with each `NAME` (a preset) or `key=value` applied in turn."""
        result = self
        for setting in settings:
            key, is_pair, value = setting.partition("=")
            if not is_pair:
                result = result.preset(key)
            else:
                changed: dict[str, Any] = {key: _parse(key, value)}
                result = replace(result, **changed).named()
        return result

    def preset(self, name: str) -> Conventions:
        """These conventions with the switches of a named preset; dates, currency and thresholds stay."""
        if name not in PRESETS:
            raise Refused(f"there is no convention named {name!r}", do=f"Choose one of: {', '.join(PRESETS)}.")
        switches: dict[str, Any] = {**PRESETS["decade"], **PRESETS[name], "name": name}
        return replace(self, **switches)

    def named(self) -> Conventions:
        """The same under the name of the preset whose switches they are; `own` when they are none's."""
        names = (self.name, *PRESETS) if self.name in PRESETS else PRESETS
        return replace(self, name=next((name for name in names if not self.differing(self.preset(name))), "own"))

    def differing(self, others: Conventions) -> list[str]:
        """The switches that others set another way, in the order in which a charge meets them."""
        return [name for name in SWITCHES if getattr(self, name) != getattr(others, name)]

    def steps_to(self, others: Conventions) -> list[tuple[str, Conventions]]:
        """From these to the switches of others, one switch after another: (switch, conventions after it)."""
        found: list[tuple[str, Conventions]] = []
        reached = self
        for name in self.differing(others):
            changed: dict[str, Any] = {name: getattr(others, name)}
            reached = replace(reached, **changed)
            found.append((name, reached))
        return found

    def row(self) -> dict[str, object]:
        """The one row of the table `conventions`."""
        return asdict(self)


CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "churn_recognised": ("period_end", "cancellation_date"),
        "discounts": ("always", "forever_only", "never"),
        "fx": ("one_rate", "monthly"),
        "same_month_new_and_churn": ("both", "ignore"),
    }
)
# In the order in which a charge meets them: its worth, whether it counts, from when to when, what its change is called.
SWITCHES: Mapping[str, str] = MappingProxyType(
    {
        "discounts": "Discounts",
        "zero_is_active": "Zero plans",
        "fx": "Exchange rates",
        "past_due_counts": "Past due",
        "churn_recognised": "Churn date",
        "bridge_days": "Gap bridging",
        "reactivation_window_days": "Reactivation window",
        "reactivation_after_months": "Shortest absence",
        "same_month_new_and_churn": "New and lost in one month",
    }
)

_DECADE: dict[str, object] = {
    "bridge_days": 3,
    "churn_recognised": "period_end",
    "reactivation_window_days": None,
    "reactivation_after_months": 0,
    "past_due_counts": True,
    "zero_is_active": False,
    "discounts": "always",
    "fx": "one_rate",
    "same_month_new_and_churn": "both",
}
# What each vendor's own documentation says of its MRR; docs/decisions/0002-convention-presets.md gives the reasons.
PRESETS: Mapping[str, dict[str, object]] = MappingProxyType(
    {
        "decade": _DECADE,
        "chartmogul": {
            "bridge_days": 0,
            "churn_recognised": "cancellation_date",
            "zero_is_active": True,
            "fx": "monthly",
        },
        "stripe": {
            "bridge_days": 0,
            "churn_recognised": "cancellation_date",
            "discounts": "forever_only",
            "fx": "monthly",
        },
        "profitwell": {"bridge_days": 0, "same_month_new_and_churn": "ignore"},
        "recurly": {"bridge_days": 0, "reactivation_after_months": 1, "fx": "monthly"},
        "maxio": {"bridge_days": 0, "churn_recognised": "cancellation_date", "reactivation_window_days": 90},
    }
)


def _parse(key: str, value: str) -> object:
    kinds = {field.name: str(field.type) for field in fields(Conventions)}
    if key not in kinds:
        raise Refused(f"there is no convention {key!r}", do=f"Choose one of: {', '.join(kinds)}.")
    kind = kinds[key]
    if value.lower() in ("", "none", "null") and "None" in kind:
        return None
    try:
        if kind.startswith("bool"):
            return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[value.lower()]
        if kind.startswith("int"):
            return int(value)
        if kind.startswith("float"):
            return float(value)
        if kind.startswith("date"):
            return date.fromisoformat(value)
    except (ValueError, KeyError):
        raise Refused(f"{key} cannot be {value!r}", where="conventions", do=f"Give a {kind.split()[0]}.") from None
    return value
