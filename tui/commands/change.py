"""``rolescope change ROLE …``: a change of an existing role as a plan, printed, and carried out on request.

With ``--json``, one document: the plan (``calls`` with ``undo``, ``effects`` with who ``gained`` and ``lost`` what,
``in_use``, ``needs_name`` and ``name_to_type``), ``state`` (``planned``, ``already``, ``refused``, ``applied``,
``stopped``), ``text`` where it says why, and ``outcomes`` of what was called.

Exit status: 0 the plan was printed, or carried out to its end, or all is so already; 1 AWS would refuse it, a name
that it asks for was not given, or it was not carried out to its end; 2 wrong usage or unreadable input; 3 the account
could not be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Any

from iam.account import Account, Role
from iam.arn import Arn
from iam.policy.document import Document
from iam.sources.reader import AccountReader, OpenedAccount, SourceError
from tui.cli import ACCOUNT_UNREADABLE, ANSWERED, CANNOT_TELL, WRONG_USAGE, UsageError
from tui.commands.create import call_lines, carried_out, mark, outcomes_json, printable, say_how_to_go_on
from tui.open_account import open_account

if TYPE_CHECKING:
    from diagnostics.plans.changes import Change
    from iam.changes.apply import CallOutcome
    from iam.changes.plan import Call, Plan

LARGEST = 1024 * 1024


def run(options: argparse.Namespace) -> int:
    from iam.changes.plan import NothingToDo, PlanError

    try:
        if options.export and (options.json or options.apply):
            raise UsageError(f"--as {options.export} prints the plan: leave out --json and --apply.")
        document = _document(options.file) if hasattr(options, "file") else Document("")
        account, reader = open_account(options)
        return _planned(document, account, reader, options)
    except UsageError as error:
        print("\n".join(map(printable, error.args)), file=sys.stderr)
        return WRONG_USAGE
    except SourceError as error:
        print(printable(str(error)), file=sys.stderr)
        return ACCOUNT_UNREADABLE
    except NothingToDo as nothing:
        _say_no_plan("already", str(nothing), options)
        return ANSWERED
    except PlanError as error:
        _say_no_plan("refused", str(error), options)
        return CANNOT_TELL


def _document(name: str) -> Document:
    """Raises `UsageError` for what cannot be read, or is no JSON."""
    try:
        raw = sys.stdin.buffer.read(LARGEST + 1) if name == "-" else _read(Path(name))
        text = raw.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        raise UsageError(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    if len(raw) > LARGEST:
        raise UsageError(f"{name} is larger than 1 MB: that is no policy.")
    return Document(text)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _planned(document: Document, account: Account, reader: AccountReader, options: argparse.Namespace) -> int:
    from diagnostics.plans.role_change import change_plan
    from iam.changes.apply import NotWritable, writer_for
    from iam.changes.export.cli import written
    from iam.changes.plan import PlanError

    names = [_name(each, account) for each in (options.change_role, *options.also)]
    reading = reader.role(names[0])
    if reading.value is None:
        raise PlanError(reading.why or f"There is no role {names[0]} in account {account.id}.")
    change = _change(document, reading.value, account, options)
    plan = change_plan(names, change, OpenedAccount(account, reader))
    if options.export:
        for sentence in plan.to_read_first:
            print(printable(sentence), file=sys.stderr)
        print(written(plan, options.export), end="")
        return ANSWERED
    if not options.apply:
        _print(plan, options, "planned")
        return ANSWERED
    try:
        writer_for(reader, writable=options.write)
    except NotWritable as error:
        raise UsageError(str(error)) from error
    if plan.type_name not in (None, options.confirm):
        why = f"It takes something from what is in use: read who uses it, then add --confirm {_quoted(plan.type_name)}."
        _print(plan, options, "refused", why)
        return CANNOT_TELL
    return _carry_out(plan, reader, options)


def _quoted(text: str | None) -> str:
    import shlex

    return shlex.quote(text or "")


def _name(role: str, account: Account) -> str:
    """A role's name, also where its ARN was given. Raises `UsageError` for an ARN of something else."""
    if not role.startswith("arn:"):
        return role
    arn = Arn.parse_entity(role, "role")
    if arn is None or arn.account != account.id or arn.partition != account.partition:
        raise UsageError(f"{role} is no role of account {account.id}.")
    return arn.name


def _change(document: Document, role: Role, account: Account, options: argparse.Namespace) -> Change:
    from diagnostics.plans import changes

    def arn() -> str:
        return changes.policy_arn(options.policy, role, account)

    match options.change:
        case "trust":
            return changes.EditTrust(document)
        case "inline":
            return changes.PutInline(options.name, document)
        case "delete-inline":
            return changes.DeleteInline(options.name)
        case "attach":
            return changes.Attach(arn())
        case "detach":
            return changes.Detach(arn())
        case "own-copy":
            return changes.ReplaceByCopy(arn(), options.name)
        case "boundary":
            return changes.SetBoundary(arn())
        case "no-boundary":
            return changes.RemoveBoundary()
        case "policy":
            return changes.EditPolicy(arn(), document)
        case "version":
            return changes.SetVersion(arn(), options.version)
    return _other_change(options)


def _other_change(options: argparse.Namespace) -> Change:
    from diagnostics.plans import changes
    from diagnostics.plans.rename import Rename

    match options.change:
        case "profile" if options.way == "add":
            return changes.AddToProfile(options.name)
        case "profile":
            return changes.RemoveFromProfile(options.name)
        case "instance":
            return changes.AttachToInstance(options.instance, options.name)
        case "tag":
            return changes.SetTags(_tags(options.tags))
        case "untag":
            return changes.SetTags(remove=tuple(options.tags))
        case "description":
            return changes.Describe(options.text)
        case "session":
            return changes.SessionLength(options.seconds)
        case "disable":
            return changes.Disable()
        case "enable":
            return changes.Enable()
        case "revoke":
            return changes.Revoke()
        case "audience":
            return changes.AddAudience(options.provider, options.audience)
        case "provider":
            return changes.CreateProvider(options.provider, tuple(options.audiences))
        case "rename":
            return Rename(options.name)
    return changes.CopyAs(options.name)


def _tags(given: Sequence[str]) -> dict[str, str]:
    pairs = [each.partition("=") for each in given]
    without = next((key for key, sign, _ in pairs if not sign), None)
    if without is not None:
        raise UsageError(f"{without} is no tag: write KEY=VALUE.")
    return {key: value for key, _, value in pairs}


def _carry_out(plan: Plan, reader: AccountReader, options: argparse.Namespace) -> int:
    if not options.json:
        print("\n".join(plan_lines(plan)))
    outcomes = carried_out(plan, reader, options)
    good = bool(outcomes) and outcomes[-1].status in ("verified", "unverified")
    if options.json:
        print(_json(plan, "applied" if good else "stopped", outcomes=outcomes))
    elif good and reader.kind != "demo":
        print(f"\nTo take it back: rolescope create --roll-back {plan.id} --write")
    if outcomes and not good:
        say_how_to_go_on(plan.id, reader)
    return ANSWERED if good else CANNOT_TELL


# What is shown.


def _print(plan: Plan, options: argparse.Namespace, state: str, why: str = "") -> None:
    if options.json:
        print(_json(plan, state, why))
    else:
        print("\n".join(plan_lines(plan)))
        if state == "planned" and not options.snapshot:
            name = f" --confirm {_quoted(plan.type_name)}" if plan.type_name else ""
            print(f"\nNothing was called. To carry it out, add: --apply{'' if options.demo else ' --write'}{name}")
    if why:
        print(printable(why), file=sys.stderr)


def _json(plan: Plan, state: str, why: str = "", outcomes: Sequence[CallOutcome] | None = None) -> str:
    from iam.changes.export.cli import to_json

    value = {**to_json(plan), "state": state}
    if why:
        value["text"] = why
    if outcomes is not None:
        value["outcomes"] = outcomes_json(outcomes)
    return json.dumps(value, indent=2, ensure_ascii=False)


def _say_no_plan(state: str, sentence: str, options: argparse.Namespace) -> None:
    if options.json:
        nothing: dict[str, Any] = {"state": state, "text": sentence, "calls": [], "in_use": [], "needs_name": False}
        nothing["effects"] = {"gained": [], "lost": [], "said": [], "complete": True}
        print(json.dumps(nothing, indent=2, ensure_ascii=False))
    elif state == "already":
        print(printable(f"{mark('–')} {sentence}"))
    if state != "already":
        print(printable(sentence), file=sys.stderr)


def plan_lines(plan: Plan) -> list[str]:
    """The plan as text: for whom it changes what, who uses it, the documents as differences, the calls."""
    lines = [printable(sentence) for sentence in plan.effects.said or (plan.sentence,)]
    lines += [printable(f"! {sentence}") for sentence in (*plan.in_use, *plan.warnings)]
    lines += [printable(f"! {call.caution}") for call in plan.calls if call.caution]
    for call in plan.calls:
        lines += _difference(call)
    return [*lines, "", "Calls", *call_lines(plan)]


def _difference(call: Call) -> Iterator[str]:
    """Of a document that another takes the place of, the lines that differ."""
    undo = call.undo
    if undo is None or undo.operation != call.operation or not call.text("PolicyDocument"):
        return
    before, after = (_written(each.text("PolicyDocument")) for each in (undo, call))
    yield ""
    yield from (printable(line) for line in unified_diff(before, after, "before", "after", lineterm="", n=2))


def _written(document: str) -> list[str]:
    try:
        return json.dumps(json.loads(document), indent=2, ensure_ascii=False).splitlines()
    except (ValueError, RecursionError):
        return document.splitlines()
