"""``rolescope right-size ROLE --watch TIME``: carry out the plan, then watch the role for denials during TIME.

If the role is denied something that it was allowed before, an inline policy immediately allows it again. If the
terminal is lost or the process ends, the change stays: `rolescope create --roll-back ID` undoes all of it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from iam.foreign_text import visible
from iam.own_command import own_command
from iam.sources.reader.opened import OpenedAccount
from iam.sources.source_error import SourceError
from iam.words import plural
from tui.commands.plans.output import carried_out, outcomes_json, say_how_to_go_on, why_not
from tui.exit_status import UsageError

if TYPE_CHECKING:
    from diagnostics.right_size.run import RightSized
    from diagnostics.right_size.watch import LostCall, Watching
    from iam.changes.apply import CallOutcome
    from iam.changes.plan import Plan

EVERY = 60.0
"""Seconds between reads of the event history."""


@dataclass
class Watched:
    """The result of the watch.

    ``why`` is a sentence that says why nothing was done, or why the watch ended early; otherwise "".
    """

    why: str = ""
    outcomes: list[CallOutcome] = field(default_factory=list)
    since: datetime | None = None
    given_back: list[LostCall] = field(default_factory=list)
    not_given_back: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not self.why and not self.not_given_back and not self.problems

    def as_json(self) -> dict[str, Any]:
        return {
            "since": self.since.isoformat() if self.since is not None else None,
            "outcomes": outcomes_json(self.outcomes),
            "given_back": [
                {"action": each.action, "resource": each.resource, "time": each.time, "statement": dict(each.statement)}
                for each in self.given_back
            ],
            "not_given_back": list(self.not_given_back),
            "problems": list(self.problems),
            "why": self.why or None,
        }


def carry_out_and_watch(
    found: RightSized,
    plan: Plan,
    opened: OpenedAccount,
    options: argparse.Namespace,
    *,
    sleep: Callable[[float], None] = time.sleep,
    now: Callable[[], float] = time.monotonic,
) -> Watched:
    """Carry out the plan and watch the role. Blocks until the time is over, or until ctrl+c.

    Raises `UsageError` if the account may not be changed.
    """
    from diagnostics.check.run import judged
    from diagnostics.right_size.layers import role_layers
    from diagnostics.right_size.watch import Watching
    from iam.changes.apply import NotWritable, writer_for

    if found.replay.refused:
        calls = plural(found.replay.refused_calls, "recorded call")
        return Watched(f"No calls were made: AWS would deny {calls}.")
    try:
        writer_for(opened.reader, writable=options.write)
    except NotWritable as error:
        raise UsageError(str(error)) from error
    verdict = judged(plan, opened)
    if why := why_not(verdict, verdict.findings, options):
        return Watched(why)
    before = role_layers(found.role, opened.account, opened.reader)
    done = Watched(since=opened.reader.clock())
    done.outcomes = carried_out(verdict.passed(options.confirm), opened.reader, options)
    if not done.outcomes or done.outcomes[-1].status not in ("verified", "unverified"):
        done.why = "The plan was not carried out completely."
        if done.outcomes:
            say_how_to_go_on(plan.id, opened.reader)
        return done
    _say(options, f"\nWatching CloudTrail's event history for denials of {found.role.name}; ctrl+c stops watching.")
    _say(options, "The event history shows only management events, minutes late. Denied data events do not appear.")
    watching = Watching(before, found.draft.identity(), done.since or opened.account.now)
    end = now() + options.watch.total_seconds()
    try:
        while True:
            _look(watching, found.role.name, opened, options, done)
            left = end - now()
            if left <= 0:
                break
            sleep(min(EVERY, left))
    except KeyboardInterrupt:
        done.why = "The watch was stopped early; the change remains in effect."
    done.problems = watching.problems
    for problem in done.problems:
        _say(options, f"Not read: {problem}")
    if opened.reader.kind != "demo":
        _say(options, f"To undo everything: {own_command('create', '--roll-back', plan.id, '--write')}")
    return done


def _look(
    watching: Watching, role_name: str, opened: OpenedAccount, options: argparse.Namespace, done: Watched
) -> None:
    """Read the event history once, and grant the denied actions again."""
    from diagnostics.check.run import judged
    from diagnostics.right_size.watch import GIVEN_BACK, give_back_plan
    from iam.changes.plan import PlanError
    from iam.policy.document import PolicyError

    try:
        lost = watching.look()
        if not lost:
            return
        for each in lost:
            _say(options, f"{each.time} denied: {each.action} on {each.resource}")
        verdict = judged(give_back_plan(watching.lost, role_name, opened), opened)
        why = why_not(verdict, verdict.findings, options)
        outcomes = [] if why else carried_out(verdict.passed(options.confirm), opened.reader, options)
    except (PlanError, PolicyError, SourceError) as error:
        why, outcomes = str(error), []
    done.outcomes += outcomes
    if outcomes and outcomes[-1].status in ("verified", "unverified"):
        done.given_back += lost
        _say(options, f"{plural(len(lost), 'permission')} restored by the inline policy {GIVEN_BACK}.")
        return
    done.not_given_back.append(why or "The permission was not restored: its plan was not carried out completely.")
    _say(options, f"Not restored. {done.not_given_back[-1]}")


def _say(options: argparse.Namespace, sentence: str) -> None:
    print(visible(sentence) if not sentence.startswith("\n") else f"\n{visible(sentence[1:])}",
          file=sys.stderr if options.json else sys.stdout, flush=True)  # fmt: skip


def watch_time(text: str) -> timedelta:
    """Return a duration such as ``30m``, ``8h`` or ``7d``. Raises ValueError, as argparse expects."""
    from tui.commands.plans.timed import duration

    number, unit = text[:-1], text[-1:]
    if unit == "d" and number.isdigit() and 1 <= int(number) <= 14:
        return timedelta(days=int(number))
    try:
        return duration(text)
    except ValueError:
        raise ValueError(f"{text} is not a time between 1s and 14d, such as 30m, 8h or 7d.") from None
