"""What `scenario` of the command line does: one scenario forwards, backwards, compared, doubted, kept."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from decade.charts.formats import sign
from decade.commands import flat, folder_of, known_scope, print_frame, say
from decade.errors import Refused
from decade.models import scenario as scenarios
from decade.models.finer import logo_groups, revenue_groups
from decade.models.logos import project_logos
from decade.models.revenue_projection import project_revenue
from decade.models.scenario_claims import claim_sentence, claims, evidence, needs_support, support
from decade.models.scenario_kept import as_text, checked_name, from_text
from decade.models.scenario_measured import Kept, filled, kept_of_all, kept_of_group, measured, missing_sentence
from decade.models.scenario_uncertain import CORRELATIONS, SPREADS, Doubt, simulate, tornado
from decade.models.scenario_words import money, percent
from decade.scope import Scope
from decade.warehouse import Workspace

LOOKS = ("years_table", "compare", "tornado", "simulate", "grid", "claims", "presets")
WHOLE = "All"
YEAR = 12


def scenario(options: argparse.Namespace) -> None:
    """The outputs of a scenario, or one look at it: years, comparison, tornado, draws, grid."""
    looks = [name for name in LOOKS if getattr(options, name) not in (None, False)]
    if len(looks) > 1:
        names = " and ".join(f"--{name.replace('_', '-')}" for name in looks)
        raise Refused(f"{names} do not go together", where="scenario", do="Ask for one at a time.")
    if options.delete:
        _delete(options)
        return
    if looks == ["claims"]:
        table = claims()
        _said(options, claim_sentence(table))
        print_frame(table, options.format)
        return
    if looks == ["presets"]:
        _list(options)
        return
    chosen = _chosen(options)
    if options.save:
        _save(options, chosen)
    sign = _sign(options)
    if not looks:
        rows = [(options.solve, getattr(chosen, options.solve), "solved", "")] if options.solve else []
        rows += scenarios.as_rows(scenarios.evaluate(chosen))
        _said(options, scenarios.sentence(chosen, sign))
        print_frame(pd.DataFrame(rows, columns=["name", "value", "unit", "note"]), options.format)
        return
    print_frame(_look(options, looks[0], chosen, sign), options.format)


def _look(options: argparse.Namespace, look: str, chosen: scenarios.Scenario, sign: str) -> pd.DataFrame:
    if look == "years_table":
        return scenarios.evaluate(chosen).years
    if look == "compare":
        others = [_named(options, name) for name in options.compare]
        return scenarios.compare([replace(chosen, name=chosen.name or "this scenario"), *others])
    if look == "grid":
        return _grid(options, chosen)
    doubt = Doubt({**SPREADS, **_numbers(options.spread, "--spread")}, {**CORRELATIONS, **_correlations(options)})
    if look == "tornado":
        return tornado(chosen, doubt, options.tornado)
    found = simulate(chosen, doubt, draws=options.simulate, seed=options.seed)
    _said(
        options,
        f"{options.simulate:,} draws, seed {options.seed}: the chance of a loss is {percent(found.loss)}; nine draws "
        f"in ten are worth a CAC of {money(found.affordable_cac, sign)}.",
    )
    answers = pd.DataFrame(
        {"kind": "answer", "name": ["loss", "affordable_cac"], "mean": [found.loss, found.affordable_cac]}
    )
    parts = [
        answers.assign(kind="answer"),
        found.table.rename(columns={"output": "name"}).assign(kind="output"),
        found.inputs.rename(columns={"input": "name"}).assign(kind="input"),
    ]
    return pd.concat(parts, ignore_index=True)[["kind", "name", "p10", "p50", "p90", "mean"]]


def _chosen(options: argparse.Namespace) -> scenarios.Scenario:
    """Where it starts from, the company's own values, then --set, then --solve; each goes over the one before."""
    if options.preset and options.saved:
        raise Refused("--preset and --saved do not go together", where="scenario", do="Give one of them.")
    chosen = scenarios.Scenario()
    if options.preset or options.saved:
        chosen = scenarios.preset(options.preset) if options.preset else _kept(options, options.saved)
    if options.measured:
        chosen = _with_own_values(options, chosen)
    chosen = chosen.with_settings(flat(options.set))
    if bool(options.solve) != bool(options.target):
        raise Refused(
            "--solve and --target go together", where="scenario", do="Write --solve nrr --target revenue=2000000."
        )
    if options.solve:
        name, _, value = options.target.partition("=")
        chosen = scenarios.solve(chosen, options.solve, name, _number(value, "--target", "revenue=2000000"))
    return chosen


def _with_own_values(options: argparse.Namespace, chosen: scenarios.Scenario) -> scenarios.Scenario:
    """The scenario with a segment's measured values; the sources, and what is missing, go to standard error."""
    workspace = _workspace(options)
    scope = known_scope(workspace, Scope.parse(flat(options.scope)))
    segment = options.measured
    by = "none" if segment == WHOLE else "segment"

    def last(name: str, **parameters: str) -> dict[str, Any]:
        frame = workspace.ask(name, scope, settings={"by": by, **parameters})
        rows = frame[frame["slice"] == segment]
        return {str(key): value for key, value in rows.iloc[-1].items()} if len(rows) else {}

    def kept(kind: str) -> Kept | str:
        frame = workspace.history(kind, scope, by=by)
        try:
            if by == "segment":
                return kept_of_group((logo_groups if kind == "logo" else revenue_groups)(frame, YEAR), segment)
            frame = frame.drop(columns="slice")
            return kept_of_all(project_logos(frame) if kind == "logo" else project_revenue(frame))
        except Refused as refused:
            return refused.sentence()

    retained = last("revenue_retention")
    if by == "segment" and not retained:
        known = sorted(set(workspace.ask("revenue_retention", scope, by=by)["slice"]))
        raise Refused(
            f"there is no segment {segment!r}", where="--measured", do=f"Choose {WHOLE} or: {', '.join(known)}."
        )
    acquired = last("acquisition", basis="fully_loaded", grain="twelve_months")
    found = measured(acquired, kept("logo"), kept("net"), retained)
    for each in found:
        if each.value is not None:
            print(f"note: {each.name} from {each.source}", file=sys.stderr)
    if missing := missing_sentence(found):
        print(f"note: {missing}", file=sys.stderr)
    result = filled(chosen, found)
    if needs_support(result):
        answers = workspace.ask("satisfaction", scope, by=by)
        said = support(result, evidence(retained, answers[answers["slice"] == segment]))
        print(f"note: {said[1] if said else ''}", file=sys.stderr)
    return result


def _grid(options: argparse.Namespace, chosen: scenarios.Scenario) -> pd.DataFrame:
    axes = []
    for text in options.grid:
        name, _, span = text.partition("=")
        ends = span.split(":")
        if len(ends) != 3 or not ends[2].isdigit() or not 2 <= int(ends[2]) <= 200:
            raise Refused(f"{text!r} is no axis", where="--grid", do="Write it as cac=0:200000:5, from:to:how many.")
        low, high = (_number(each, "--grid", "cac=0:200000:5") for each in ends[:2])
        axes.append((name, np.linspace(low, high, int(ends[2])).tolist()))
    return scenarios.grid(chosen, axes[0], axes[1], options.of).reset_index()


def _list(options: argparse.Namespace) -> None:
    rows = [(name, "preset", scenarios.preset_note(name)) for name in scenarios.presets()]
    if options.workspace:
        rows += [(name, "saved", "") for name in _workspace(options).saved("scenarios")]
    print_frame(pd.DataFrame(rows, columns=["name", "from", "note"]), options.format)


def _save(options: argparse.Namespace, chosen: scenarios.Scenario) -> None:
    name = checked_name(" ".join(options.save.split()))
    _workspace(options).save("scenarios", name, as_text(chosen))
    print(f"note: saved as {name}", file=sys.stderr)


def _delete(options: argparse.Namespace) -> None:
    _kept(options, options.delete)
    _workspace(options).save("scenarios", options.delete, None)
    print(f"note: deleted {options.delete}", file=sys.stderr)


def _named(options: argparse.Namespace, name: str) -> scenarios.Scenario:
    return scenarios.preset(name) if name in scenarios.presets() or not options.workspace else _kept(options, name)


def _kept(options: argparse.Namespace, name: str) -> scenarios.Scenario:
    kept = _workspace(options).saved("scenarios")
    if name not in kept:
        known = f"Choose one of: {', '.join(kept)}." if kept else "None is saved here."
        raise Refused(f"there is no saved scenario named {name!r}", where="scenario", do=known)
    return from_text(name, kept[name])


def _workspace(options: argparse.Namespace) -> Workspace:
    return Workspace.open(folder_of(options.workspace), create=False, heard=say)


def _sign(options: argparse.Namespace) -> str:
    """The sign of the workspace's currency; a dollar where no workspace is asked."""
    if not (options.workspace or options.measured or options.saved or options.save):
        return "$"
    currency = _workspace(options).conventions().reporting_currency or ""
    return sign(currency)


def _said(options: argparse.Namespace, sentence: str) -> None:
    if options.format == "table":
        print(sentence)


def _correlations(options: argparse.Namespace) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for names, value in _numbers(options.correlate, "--correlate").items():
        one, _, other = names.partition(",")
        found[(other, one) if (other, one) in CORRELATIONS else (one, other)] = value
    return found


def _numbers(groups: list[list[str]], where: str) -> dict[str, float]:
    pairs = (each.partition("=") for each in flat(groups))
    return {name: _number(value, where, "nrr=0.1") for name, _, value in pairs}


def _number(text: str, where: str, example: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Refused(f"{text!r} is no number", where=where, do=f"Write it as {example}.") from None
