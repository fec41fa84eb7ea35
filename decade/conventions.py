"""The choices on which respected tools disagree: one frozen object, its presets, their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from decade.errors import Refused


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
    past_due_counts: bool = True
    discounts: str = "always"
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
        for name in ("grace_days", "bridge_days"):
            if getattr(self, name) < 0:
                raise Refused(f"{name} cannot be negative", where="conventions", do="Give days from 0 up.")

    def with_settings(self, settings: Sequence[str]) -> Conventions:
        """These conventions with each `NAME` (a preset) or `key=value` applied in turn."""
        result = self
        for setting in settings:
            key, is_pair, value = setting.partition("=")
            if not is_pair:
                result = result.preset(key)
            else:
                changed: dict[str, Any] = {key: _parse(key, value)}
                result = replace(result, **changed)
        return result

    def preset(self, name: str) -> Conventions:
        """These conventions with the switches of a named preset; dates, currency and thresholds stay."""
        if name not in PRESETS:
            raise Refused(f"there is no convention named {name!r}", do=f"Choose one of: {', '.join(PRESETS)}.")
        switches: dict[str, Any] = {**PRESETS["decade"], **PRESETS[name], "name": name}
        return replace(self, **switches)

    def row(self) -> dict[str, object]:
        """The one row of the table `conventions`."""
        return asdict(self)


CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "churn_recognised": ("period_end", "cancellation_date"),
        "discounts": ("always", "never"),
        "same_month_new_and_churn": ("both", "ignore"),
    }
)

_DECADE: dict[str, object] = {
    "bridge_days": 3,
    "churn_recognised": "period_end",
    "reactivation_window_days": None,
    "past_due_counts": True,
    "discounts": "always",
    "same_month_new_and_churn": "both",
}
# What each vendor's own documentation says of its MRR; docs/decisions/0002-convention-presets.md gives the reasons.
PRESETS: Mapping[str, dict[str, object]] = MappingProxyType(
    {
        "decade": _DECADE,
        "chartmogul": {"bridge_days": 0, "churn_recognised": "cancellation_date"},
        "stripe": {"bridge_days": 0, "churn_recognised": "cancellation_date", "past_due_counts": True},
        "profitwell": {"bridge_days": 0, "churn_recognised": "cancellation_date", "past_due_counts": True},
        "recurly": {"bridge_days": 0, "past_due_counts": True, "reactivation_window_days": None},
        "maxio": {"bridge_days": 0, "reactivation_window_days": 90, "same_month_new_and_churn": "ignore"},
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
