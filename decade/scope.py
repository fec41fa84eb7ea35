"""Which accounts and months a page is about: SQL parameters, a URL and a sentence of one frozen object."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from decade.errors import Refused
from decade.months import parse_month, written

ATTRIBUTES = ("segment", "lane", "region", "plan", "channel", "owner")
NOT_KNOWN = "(not known)"
NAMED = 10  # values that a refusal lists


@dataclass(frozen=True)
class Scope:
    """A filter; empty means everything. `from_month` and `to_month` bound what is shown, both included."""

    from_month: date | None = None
    to_month: date | None = None
    segment: tuple[str, ...] = ()
    lane: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    plan: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    big_logos_only: bool = False

    def parameters(self) -> dict[str, object]:
        """The SQL parameters `$scope` (a struct), `$from_month` and `$to_month`."""
        struct = {name: list(getattr(self, name)) for name in ATTRIBUTES}
        return {
            "scope": {**struct, "big_logos_only": self.big_logos_only},
            "from_month": self.from_month,
            "to_month": self.to_month,
        }

    @classmethod
    def parse(cls, settings: Iterable[str]) -> Scope:
        """A scope from `key=value` texts, as in a URL; a repeated key adds a value.

        Raises Refused on an unknown key, or on a month that is none.
        """
        result = cls()
        for setting in settings:
            key, _, value = setting.partition("=")
            key = {"from": "from_month", "to": "to_month", "big_logos": "big_logos_only"}.get(key, key)
            if key in ATTRIBUTES:
                changed: dict[str, Any] = {key: (*getattr(result, key), value)}
                result = replace(result, **changed)
            elif key in ("from_month", "to_month"):
                changed = {key: _month(value)}
                result = replace(result, **changed)
            elif key == "big_logos_only":
                result = replace(result, big_logos_only=value.lower() in ("", "1", "true", "yes"))
            else:
                known = ", ".join(field.name for field in fields(cls))
                raise Refused(f"there is no filter {key!r}", where="scope", do=f"Choose one of: {known}.")
        return result

    def must_be_among(self, known: Mapping[str, Sequence[str]]) -> None:
        """Raises Refused on a value of an attribute that is not among the `known` ones."""
        for name in ATTRIBUTES:
            values = known.get(name, ())
            for each in getattr(self, name):
                if each not in values:
                    more = f" and {len(values) - NAMED:,} more" if len(values) > NAMED else ""
                    raise Refused(
                        f"no account has {name} {each!r}",
                        where="scope",
                        do=f"Choose one of: {', '.join(values[:NAMED])}{more}." if values else "",
                    )

    def sentence(self) -> str:
        """The filter in English, for the line under a chart."""
        parts = [f"{name} {_either(getattr(self, name))}" for name in ATTRIBUTES if getattr(self, name)]
        accounts = "big logos only" if self.big_logos_only else "all accounts"
        if parts:
            accounts = ("big logos" if self.big_logos_only else "accounts") + " with " + " and ".join(parts)
        if self.from_month and self.to_month:
            period = f"{written(self.from_month)} to {written(self.to_month)}"
        elif self.from_month:
            period = f"from {written(self.from_month)}"
        elif self.to_month:
            period = f"up to {written(self.to_month)}"
        else:
            period = "all months"
        return f"{accounts[0].upper()}{accounts[1:]}, {period}"


def _month(value: str) -> date:
    try:
        return parse_month(value)
    except ValueError:
        raise Refused(f"{value!r} is no month", where="scope", do="Write it as 2026-03.") from None


def _either(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else ", ".join(values[:-1]) + " or " + values[-1]
