"""A scenario as it is kept under a name: what a name may be, and the text that is stored."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any

from decade.errors import Refused
from decade.models.scenario_inputs import Scenario, preset_title, presets

NAME = re.compile(r"[^<>\[\]`*$\\|~\x00-\x1f]{1,60}")


def as_text(scenario: Scenario) -> str:
    """Every input, as stored."""
    return json.dumps({"inputs": scenario.settings()})


def from_text(name: str, text: str) -> Scenario:
    """The scenario that was stored under a name; inputs unknown then have their usual values."""
    held: Any = json.loads(text)
    return Scenario(name=name).with_settings([str(each) for each in held["inputs"]])


def checked_name(name: str, taken: Collection[str] = ()) -> str:
    """A name for a scenario; refused when empty, taken, a preset's, or with a character that marks text up."""
    if not NAME.fullmatch(name):
        raise Refused("a scenario needs a name of up to 60 characters", do="Leave out < > [ ] ` * $ \\ | ~.")
    if name in {*taken, *presets(), *(preset_title(each) for each in presets())}:
        raise Refused(f"there is a scenario named {name!r} already", do="Choose another name.")
    return name
