"""``rolescope change ROLE …``: print the plan of a change to an existing role, and carry it out on request.

With ``--json``, one document: the plan (``calls`` with ``undo``, ``effects`` with who ``gained`` and ``lost`` which
access, ``in_use``, ``needs_name`` and ``name_to_type``), ``state`` (``planned``, ``checked``, ``already``, ``refused``,
``applied``, ``stopped``; with ``--keep-within`` also ``kept``, ``rolled-back``, ``pending``), the gate's ``findings``,
``text`` that explains the state, and ``outcomes`` of the calls.

Exit status: 0 the plan was printed or carried out completely, or there is nothing to do; 1 AWS would reject it, a name
that it requires was not given, or it was not carried out completely; 2 wrong usage or unreadable input; 3 the account
cannot be read.
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from difflib import unified_diff
from typing import TYPE_CHECKING, Any

from diagnostics.json_versions import versioned
from iam.account import Account, Role
from iam.arn import Arn
from iam.foreign_text import json_text, visible
from iam.own_command import own_command
from iam.policy.document import Document
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from tui.commands.given import given_text
from tui.commands.plans.output import (
    call_lines,
    carried_out,
    fails,
    finding_line,
    finding_values,
    mark,
    outcomes_json,
    say_how_to_go_on,
    why_not,
)
from tui.commands.plans.timed import TimedChange, keep_change
from tui.exit_status import ANSWERED, CANNOT_TELL, UsageError
from tui.open_account import open_account

if TYPE_CHECKING:
    from diagnostics.plans.changes import Change
    from iam.changes.apply import CallOutcome
    from iam.changes.plan import Call, Plan
    from iam.gate.verdict import Verdict


def run(options: argparse.Namespace) -> int:
    from iam.changes.plan import NothingToDo, PlanError

    if options.keep:
        return keep_change(options)
    if not options.change_role or not options.change:
        raise UsageError("Name a ROLE and a CHANGE, or --keep ID: rolescope change --help lists the changes.")
    if (options.keep_within or options.undo_profile) and not options.apply:
        raise UsageError("--keep-within and --undo-profile need a change that is carried out: add --apply.")
    if options.undo_profile and not options.keep_within:
        raise UsageError("--undo-profile undoes the change of --keep-within TIME: add --keep-within.")
    try:
        if options.export and (options.json or options.apply):
            raise UsageError(f"--as {options.export} prints the plan: leave out --json and --apply.")
        document = Document(given_text(options.file, "policy")) if hasattr(options, "file") else Document("")
        account, reader = open_account(options)
        return _planned(document, account, reader, options)
    except NothingToDo as nothing:
        _say_no_plan("already", str(nothing), options)
        return ANSWERED
    except PlanError as error:
        _say_no_plan("refused", str(error), options)
        return CANNOT_TELL


def _planned(document: Document, account: Account, reader: AccountReader, options: argparse.Namespace) -> int:
    from diagnostics.check.run import judged
    from diagnostics.plans.role_change import change_plan
    from iam.changes.apply import NotWritable, writer_for
    from iam.changes.export.cli import written
    from iam.changes.plan import PlanError

    names = [_name(each, account) for each in (options.change_role, *options.also)]
    reading = reader.role(names[0])
    if reading.value is None:
        raise PlanError(reading.why or f"There is no role {names[0]} in account {account.id}.")
    change = change_of(document, reading.value, account, options)
    opened = OpenedAccount(account, reader)
    verdict = judged(change_plan(names, change, opened), opened)
    plan = verdict.plan
    if options.export:
        for sentence in plan.to_read_first:
            print(visible(sentence), file=sys.stderr)
        print(written(plan, options.export), end="")
        # Another caller may have the permissions that this one lacks.
        others = [each for each in verdict.findings if not each.of_caller]
        refused = any(each in verdict.refused for each in others)
        return CANNOT_TELL if refused or fails(others, options) else ANSWERED
    failed = bool(verdict.refused) or fails(verdict.findings, options)
    if options.check and not options.json:
        print("\n".join(finding_line(each) for each in verdict.findings))
        return CANNOT_TELL if failed else ANSWERED
    if not options.apply:
        _print(verdict, options, "checked" if options.check else "planned")
        return CANNOT_TELL if failed else ANSWERED
    try:
        writer_for(reader, writable=options.write)
    except NotWritable as error:
        raise UsageError(str(error)) from error
    if why := why_not(verdict, verdict.findings, options):
        _print(verdict, options, "refused", why)
        return CANNOT_TELL
    timed = TimedChange(verdict, opened, options) if options.keep_within else None
    return _carry_out(verdict, reader, options, timed)


def _name(role: str, account: Account) -> str:
    """Return a role's name, given the name or the ARN. Raises `UsageError` for an ARN of another entity."""
    if not role.startswith("arn:"):
        return role
    arn = Arn.parse_entity(role, "role")
    if arn is None or arn.account != account.id or arn.partition != account.partition:
        raise UsageError(f"{role} is not a role of account {account.id}.")
    return arn.name


def change_of(document: Document, role: Role, account: Account, options: argparse.Namespace) -> Change:
    """Return the change that the options request. Raises `UsageError` or `PlanError`."""
    from diagnostics.plans import changes
    from diagnostics.plans.rename import Rename

    def arn() -> str:
        return changes.policy_arn(options.policy, role, account)

    makers: dict[str, Callable[[], Change]] = {
        "trust": lambda: changes.EditTrust(document),
        "inline": lambda: changes.PutInline(options.name, document),
        "delete-inline": lambda: changes.DeleteInline(options.name),
        "attach": lambda: changes.Attach(arn()),
        "detach": lambda: changes.Detach(arn()),
        "own-copy": lambda: changes.ReplaceByCopy(arn(), options.name),
        "boundary": lambda: changes.SetBoundary(arn()),
        "no-boundary": changes.RemoveBoundary,
        "policy": lambda: changes.EditPolicy(arn(), document),
        "version": lambda: changes.SetVersion(arn(), options.version),
        "profile": lambda: (changes.AddToProfile if options.way == "add" else changes.RemoveFromProfile)(options.name),
        "instance": lambda: changes.AttachToInstance(options.instance, options.name),
        "tag": lambda: changes.SetTags(_tags(options.tags)),
        "untag": lambda: changes.SetTags(remove=tuple(options.tags)),
        "description": lambda: changes.Describe(options.text),
        "session": lambda: changes.SessionLength(options.seconds),
        "disable": changes.Disable,
        "enable": changes.Enable,
        "revoke": changes.Revoke,
        "audience": lambda: changes.AddAudience(options.provider, options.audience),
        "provider": lambda: changes.CreateProvider(options.provider, tuple(options.audiences)),
        "rename": lambda: Rename(options.name),
        "copy": lambda: changes.CopyAs(options.name),
    }
    return makers[options.change]()


def _tags(given: Sequence[str]) -> dict[str, str]:
    pairs = [each.partition("=") for each in given]
    without = next((key for key, sign, _ in pairs if not sign), None)
    if without is not None:
        raise UsageError(f"{without} is not a tag: write KEY=VALUE.")
    return {key: value for key, _, value in pairs}


def _carry_out(verdict: Verdict, reader: AccountReader, options: argparse.Namespace, timed: TimedChange | None) -> int:
    plan = verdict.plan
    if not options.json:
        print("\n".join(plan_lines(plan)))
    passed = verdict.passed(options.confirm)
    if timed is not None:
        outcomes, state = timed.carry_out(passed, reader)
        if options.json:
            print(_json(verdict, state, outcomes=outcomes))
        return ANSWERED if state == "kept" else CANNOT_TELL
    outcomes = carried_out(passed, reader, options)
    good = bool(outcomes) and outcomes[-1].status in ("verified", "unverified")
    if options.json:
        print(_json(verdict, "applied" if good else "stopped", outcomes=outcomes))
    elif good and reader.kind != "demo":
        print(f"\nTo undo it: {own_command('create', '--roll-back', plan.id, '--write')}")
    if outcomes and not good:
        say_how_to_go_on(plan.id, reader)
    return ANSWERED if good else CANNOT_TELL


# Output.


def _print(verdict: Verdict, options: argparse.Namespace, state: str, why: str = "") -> None:
    plan = verdict.plan
    if options.json:
        print(_json(verdict, state, why))
    else:
        print("\n".join(plan_lines(plan)))
        if state == "planned" and verdict.refused:
            print("\nNo calls were made: AWS would reject the change.")
        elif state == "planned" and not options.snapshot:
            name = f" --confirm {shlex.quote(plan.type_name)}" if plan.type_name else ""
            print(f"\nNo calls were made. To carry it out, add: --apply{'' if options.demo else ' --write'}{name}")
    if why:
        print(visible(why), file=sys.stderr)


def _json(verdict: Verdict, state: str, why: str = "", outcomes: Sequence[CallOutcome] | None = None) -> str:
    from iam.changes.export.cli import to_json

    value = {**versioned("change", to_json(verdict.plan)), "state": state, "findings": finding_values(verdict.findings)}
    if why:
        value["text"] = why
    if outcomes is not None:
        value["outcomes"] = outcomes_json(outcomes)
    return json_text(value)


def _say_no_plan(state: str, sentence: str, options: argparse.Namespace) -> None:
    if options.json:
        nothing: dict[str, Any] = {"state": state, "text": sentence, "calls": [], "in_use": [], "needs_name": False}
        nothing["effects"] = {"gained": [], "lost": [], "said": [], "complete": True}
        print(json_text(versioned("change", nothing)))
    elif state == "already":
        print(visible(f"{mark('–')} {sentence}"))
    if state != "already":
        print(visible(sentence), file=sys.stderr)


def plan_lines(plan: Plan) -> list[str]:
    """Return the plan as lines of text.

    They say who gains and loses access, what uses the role, which lines of documents change, and which calls are made.
    """
    lines = [visible(f"! {sentence}") for sentence in plan.opens]
    lines += [visible(sentence) for sentence in plan.effects.said or (plan.sentence,)]
    lines += [visible(f"! {sentence}") for sentence in (*plan.in_use, *plan.warnings)]
    lines += [visible(f"! {call.caution}") for call in plan.calls if call.caution]
    for call in plan.calls:
        lines += _difference(call)
    return [*lines, "", "Calls", *call_lines(plan)]


def _difference(call: Call) -> Iterator[str]:
    """Return the differing lines of a document that is replaced."""
    undo = call.undo
    if undo is None or undo.operation != call.operation or not call.text("PolicyDocument"):
        return
    before, after = (_written(each.text("PolicyDocument")) for each in (undo, call))
    yield ""
    yield from (visible(line) for line in unified_diff(before, after, "before", "after", lineterm="", n=2))


def _written(document: str) -> list[str]:
    try:
        return json_text(json.loads(document)).splitlines()
    except (ValueError, RecursionError):
        return document.splitlines()
