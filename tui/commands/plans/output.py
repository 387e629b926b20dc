"""Print a plan on the command line, with its calls and outcomes as text or JSON, and carry it out."""

from __future__ import annotations

import argparse
import contextlib
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from diagnostics.masking.kinds import without_credentials
from iam.foreign_text import visible
from iam.gate.table import page_of
from iam.own_command import own_command
from iam.sources.reader.account_reader import AccountReader
from tui.exit_status import UsageError

if TYPE_CHECKING:
    from iam.changes.apply import CallOutcome, WayBack
    from iam.changes.plan import Plan
    from iam.gate.finding import GateFinding
    from iam.gate.passed import Passed
    from iam.gate.verdict import Verdict

_MARKS = {
    "done": "✓",
    "already": "–",
    "failed": "✗",
    "verified": "✓",
    "unverified": "!",
    "waiting": "…",
    "started": "…",
}
_FINDING_MARKS = {"error": "✗", "warning": "!", "unknown": "?", "ok": "✓"}
_ASCII = {"✓": "+", "–": "-", "✗": "x", "…": "."}


def mark(symbol: str) -> str:
    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    return symbol if encoding.startswith("utf") else _ASCII.get(symbol, symbol)


def finding_line(finding: GateFinding) -> str:
    way = f" {finding.way_out}" if finding.way_out else ""
    at = f"{finding.field}: " if finding.field and finding.level.value != "ok" else ""
    return f"{mark(_FINDING_MARKS[finding.level.value])} {visible(at + finding.text + way)}"


def fails(findings: Iterable[GateFinding], options: argparse.Namespace) -> bool:
    """Whether --check or --fail-on makes the exit status 1 because of these findings."""
    found = list(findings)
    if options.check and any(each.outcome.stops for each in found):
        return True
    at_least = _SEVERITIES.index(options.fail_on) if options.fail_on else -1
    return any(_SEVERITIES.index(_SEVERITY[each.outcome.value]) <= at_least for each in found if each.outcome.found)


_SEVERITIES = ("critical", "high", "medium", "low", "info")
_SEVERITY = {"refused": "critical", "dangerous": "critical", "unusable": "high", "note": "medium"}
"""The severity of each gate outcome, on the scale of a review. ``--fail-on`` is compared to it."""


def why_not(verdict: Verdict, findings: Iterable[GateFinding], options: argparse.Namespace) -> str:
    """Return why the plan is not carried out, worded the same for every command; "" if it may be."""
    if verdict.refused:
        return f"No calls were made: {verdict.refused[0].text}"
    plan = verdict.plan
    if plan.type_name not in (None, options.confirm):
        what = "Read the warnings" if plan.opens else "The plan removes access that is in use: read who uses it"
        return f"No calls were made. {what}, then add --confirm {shlex.quote(plan.type_name or '')}."
    if fails(findings, options):
        return f"No calls were made, because of --fail-on {options.fail_on}."
    return ""


def outcome_line(outcome: CallOutcome, total: int) -> str:
    number = f"{outcome.index + 1}/{total}" if outcome.index < total else "check"
    name = "" if outcome.index >= total else f" {outcome.call.operation}"
    line = f"  {mark(_MARKS[outcome.status.value])} {number}{name}: {visible(outcome.sentence)}"
    if outcome.failure is not None and outcome.status == "failed" and outcome.failure.text:
        line += f"\n      AWS said: {visible(outcome.failure.text)}"
    return line


def call_lines(plan: Plan) -> list[str]:
    """Return lines of text that show each call with its parameters and the call that undoes it."""
    lines = []
    for index, call in enumerate(plan.calls, start=1):
        lines.append(f"  {index} {call.operation}: {visible(call.why)}")
        for name, value in call.parameters.items():
            lines += _parameter_lines(name, value)
        undo = call.undo
        lines.append(
            f"      undo: {undo.operation if undo else 'none'}. {visible(undo.why if undo else call.undo_note)}"
        )
    return lines


def _parameter_lines(name: str, value: Any) -> list[str]:
    if isinstance(value, str) and "\n" in value:
        return [f"      {name}:", *(f"        {visible(line)}" for line in value.splitlines())]
    if isinstance(value, dict):
        value = ", ".join(f"{key}={each}" for key, each in value.items())
    return [f"      {name}: {visible(str(value))}"]


def carried_out(
    passed: Passed,
    reader: AccountReader,
    options: argparse.Namespace,
    way_back: WayBack | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> list[CallOutcome]:
    """Carry out a plan that passed the gate, print the outcomes and errors, and return the outcomes.

    If ``stop`` returns True, no further call is made. Raises `UsageError` if nothing was started.
    """
    from iam.changes.apply import JournalError, NotWritable, apply, writer_for
    from iam.changes.plan import PlanError

    if not options.json:
        print("\nCarried out", flush=True)
    outcomes: list[CallOutcome] = []
    try:
        writer = writer_for(reader, writable=options.write, without_secrets=without_credentials)
        run = apply(passed, reader, writable=options.write, writer=writer, way_back=way_back)
        follow(run, outcomes, len(passed.plan.calls), quiet=options.json, stop=stop)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
    except PlanError as error:
        print(visible(f"No calls were made. {error}"), file=sys.stderr)
    except (NotWritable, JournalError) as error:
        if not outcomes:
            raise UsageError(str(error)) from error
        print(visible(str(error)), file=sys.stderr)
    return outcomes


def say_how_to_go_on(plan_id: str, reader: AccountReader) -> None:
    if reader.kind == "demo":
        print("The demo account ends here, and with it everything that was created.", file=sys.stderr)
        return
    print(f"To resume: {own_command('create', '--resume', plan_id, '--write')}", file=sys.stderr)
    print(f"To undo it: {own_command('create', '--roll-back', plan_id, '--write')}", file=sys.stderr)


def follow(
    run: Iterator[CallOutcome],
    outcomes: list[CallOutcome],
    total: int,
    *,
    quiet: bool,
    stop: Callable[[], bool] = lambda: False,
) -> None:
    """Append every outcome to ``outcomes`` as it arrives, and print it.

    If the run ends early, the outcomes until then are kept. If ``stop`` returns True, no further call is made.
    """
    for outcome in run:
        outcomes.append(outcome)
        if outcome.status == "started":
            continue
        if not quiet:
            with contextlib.suppress(OSError):  # the terminal may be gone
                print(outcome_line(outcome, total), flush=True)
        if stop():
            getattr(run, "close", lambda: None)()
            return


def outcomes_json(outcomes: Iterable[CallOutcome]) -> list[dict[str, Any]]:
    """Return the outcome of each call as JSON, without calls that are still in progress."""
    return [
        {
            "call": each.index,
            "operation": each.call.operation,
            "undo": each.undoing,
            "status": each.status.value,
            "text": each.sentence,
            "error": None
            if each.failure is None
            else {"code": each.failure.code, "message": each.failure.message, "text": each.failure.text},
        }
        for each in outcomes
        if each.status not in ("started", "waiting")
    ]


def finding_values(findings: Iterable[GateFinding]) -> list[dict[str, Any]]:
    """Return the gate's findings as JSON."""
    return [
        {
            "level": each.level.value,
            "outcome": each.outcome.value,
            "code": each.code,
            "text": each.text,
            "way_out": each.way_out,
            "field": each.field or None,
            "value": each.value or None,
            "page": page_of(each.code),
        }
        for each in findings
    ]
