"""``rolescope create SPEC``: check and print the plan that creates a role, and carry it out on request.

SPEC is a file with a JSON object, or ``-`` for standard input. For several roles, created by one plan with one undo, it
contains a list of such objects, or {"providers": [{"url": "https://…", "audiences": ["…"]}], "roles": [...]} with the
identity providers to create first. The fields of an object:

==================== ==================================================================================================
name                 the role's name (required)
trust                who may assume it (required): a policy document; or a recipe with its answers, such as
                     ``{"service": "lambda"}``, ``{"account": "444455556666", "external_id": "…", "mfa": true}``,
                     ``{"github": {"organization": "…", "repository": "…", "branch": "main"}}``. Recipes: service,
                     pod-identity, irsa, account, github, gitlab, terraform, cognito, google, oidc, saml
permissions          a list of recipes, each for one inline policy: ``{"recipe": "read-bucket", "bucket": "…"}``;
                     ``"name"`` sets the policy's name. Recipes: read-bucket, write-bucket, read-table, write-table,
                     consume-queue, send-queue, publish-topic, put-events, read-stream, read-secret, read-parameter,
                     function-logs, write-logs, put-metrics, invoke-function, start-execution, pull-image, pass-role,
                     assume-role
inline               an object with the names and documents of inline policies
attach               a list of managed policies: ARNs, names of customer policies, or ``aws:`` and the name and path of
                     an AWS managed policy (``aws:service-role/AWSLambdaBasicExecutionRole``)
policies             a list of customer policies to create and attach: ``{"name": …, "document": …, "path": "/"}``
boundary             the permissions boundary: as in ``attach``
path, description    strings; the path begins and ends with a slash
tags                 an object of keys and values, or IAM's list of ``{"Key": …, "Value": …}``
max_session_seconds  3600 to 43200
instance_profile     its name, true for the role's name, or false for none; by default, a role for EC2 gets one
==================== ==================================================================================================

The keys of ``aws iam create-role --generate-cli-skeleton`` (RoleName, AssumeRolePolicyDocument, MaxSessionDuration …)
are accepted too. A policy document is an object, or a string that contains it.

SPEC can also be a CloudFormation template (JSON or YAML; the roles need a RoleName, and template functions are
evaluated as far as possible), or what ``terraform show -json`` prints for a plan or a state. The plan then makes the
account match the file. The reverse is --as file: it prints the file (a spec or a template) with the account's values
wherever the two differ.

If the role exists already, the plan changes it to match SPEC: fields that SPEC contains are changed if they differ, and
all others stay. Permissions count as one field: if SPEC contains permissions, inline, attach or policies, it must name
all policies of the role. If the plan may remove permissions from a role in use, --confirm and the role's name are
required.

Exit status: 0 the plan was printed or carried out completely, or there is nothing to do; 1 a check found an error (with
--as, which exports the plan for somebody else to apply, errors about your own permissions do not count), or the plan
was not carried out completely; 2 the usage is wrong, SPEC cannot be read, or IAM would reject it; 3 the account could
not be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from diagnostics.json_versions import versioned
from diagnostics.masking.kinds import without_credentials
from iam.account import Account, OIDCProvider, Role
from iam.creation.examples import EXAMPLES
from iam.foreign_text import json_text, visible
from iam.gate.finding import Level
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from tui.commands.given import given_text
from tui.commands.plans.output import (
    call_lines,
    carried_out,
    fails,
    finding_line,
    finding_values,
    follow,
    mark,
    outcomes_json,
    say_how_to_go_on,
    why_not,
)
from tui.exit_status import ANSWERED, CANNOT_TELL, CommandError, UsageError
from tui.open_account import open_account

if TYPE_CHECKING:
    from iam.changes.apply import CallOutcome
    from iam.changes.plan import Plan
    from iam.creation.after.tries import TryRequest, TryRequests
    from iam.creation.draft.role_draft import ChosenRecipe
    from iam.creation.recipes.recipe import AccountFacts
    from iam.creation.spec import RoleSpec
    from iam.gate.finding import GateFinding
    from iam.gate.verdict import Verdict


def run(options: argparse.Namespace) -> int:
    if options.spec_help:
        print((__doc__ or "").rstrip())
        return ANSWERED
    if options.example is not None:
        return _example(options.example)
    _check_usage(options)
    if options.resume or options.roll_back:
        return _take_up(options)
    text = given_text(options.spec, "role")
    account, reader = open_account(options)
    return _create(text, account, reader, options)


def _example(kind: str) -> int:
    if kind not in EXAMPLES:
        raise UsageError(f"There is no example {kind}. The examples are {', '.join(EXAMPLES)}.")
    print(json.dumps(EXAMPLES[kind], indent=2))
    return ANSWERED


def _check_usage(options: argparse.Namespace) -> None:
    again = options.resume or options.roll_back
    if again and (options.spec or options.export or options.apply or options.check):
        raise UsageError("--resume and --roll-back take the ID of a plan: leave out SPEC, --apply, --check and --as.")
    if again and options.demo:
        raise UsageError("The demo account ends with its process, so there is no earlier plan to resume.")
    if not again and not options.spec:
        raise UsageError("Name a SPEC: a JSON file, or - for standard input.")
    if options.export and (options.json or options.apply or options.check):
        raise UsageError(f"--as {options.export} prints the plan: leave out --json, --check and --apply.")
    if options.check and options.apply:
        raise UsageError("--check only checks, but --apply makes calls: leave out one of them.")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The content of SPEC: the role, the chosen recipes, and SPEC's own object."""

    spec: RoleSpec
    chosen: tuple[ChosenRecipe, ...]
    value: Mapping[str, Any]
    facts: AccountFacts

    several: bool

    def key(self, finding: GateFinding) -> GateFinding:
        """Return the finding with its field as named in SPEC, after the role's name if SPEC has several roles."""
        from iam.creation.spec_file import key_of

        name = self.spec.name
        if self.several and (not finding.field or finding.level.value == "ok"):
            return replace(finding, text=f"{name}: {finding.text}")
        if not finding.field:
            return finding
        key = key_of(finding.field, self.value, finding.value)
        return replace(finding, field=f"{name}.{key}" if self.several else key)


def _wanted(text: str, account: Account, options: argparse.Namespace) -> tuple[list[_Wanted], tuple[OIDCProvider, ...]]:
    """Return the roles in the order of creation, and the providers to create first.

    Raises `UsageError` if SPEC cannot be read or IAM would reject it.
    """
    from iam.creation.declared.read import declared
    from iam.creation.recipes.recipe import AccountFacts
    from iam.creation.several import in_order, role_file
    from iam.creation.spec_file import SpecError, chosen_recipes, key_of, spec_of

    where = "standard input" if options.spec == "-" else options.spec
    facts = AccountFacts.of(account)
    found: list[_Wanted] = []
    faults: list[str] = []
    try:
        value = declared(text, account, facts.region)
        file = role_file(value, account)
        for number, each in enumerate(file.roles, start=1):
            try:
                spec = spec_of(each, facts)
                found.append(_Wanted(spec, chosen_recipes(each, facts), each, facts, file.several))
            except SpecError as error:
                raise SpecError(f"Role {number}: {error}" if file.several else str(error)) from error
            role = f"{spec.name}." if file.several else ""
            faults += [
                f"{where}, {role}{key_of(field, each)}: {sentence}"
                for field, sentence in spec.field_faults()
                if field != "instance_profile" or field in each  # otherwise it is derived from the role's own name
            ]
        ordered = [each for _, each in in_order([(each.spec, each) for each in found], account)]
    except SpecError as error:
        raise UsageError(f"{where}: {error}") from error
    if faults:
        raise UsageError(*faults)
    return ordered, file.providers


def _create(text: str, account: Account, reader: AccountReader, options: argparse.Namespace) -> int:
    from diagnostics.check.run import judged
    from iam.changes.apply import NotWritable, writer_for
    from iam.changes.export.cli import written
    from iam.changes.plan import PlanError
    from iam.creation.after.next_steps import next_steps
    from iam.gate.checks.run import stops

    wanted, providers = _wanted(text, account, options)
    if options.export == "file":
        return _print_file(text, wanted, account, reader)
    planned: list[_PlannedRole] = []
    existing = False
    try:
        for each in wanted:
            # An exported plan is for somebody else, and creates the role even if it exists here.
            held = None if options.export else reader.role(each.spec.name).value
            existing = held is not None
            planned.append(_planned(each, held, account, reader))
        plan = _one_plan(planned, providers, account)
        exported = written(plan, options.export) if options.export else None
        if options.apply and plan.calls:
            writer_for(reader, writable=options.write)
    except NotWritable as error:
        raise UsageError(str(error)) from error
    except PlanError as error:
        if not existing:
            raise UsageError(str(error)) from error
        raise CommandError(str(error)) from error
    if not plan.calls and not options.check:
        _say_already(plan, options)
        return ANSWERED
    verdict = judged(plan, OpenedAccount(account, reader))
    findings = tuple(_by_key(verdict.findings, wanted))
    if exported is not None:
        return _export(exported, findings, options)
    # The findings are listed separately; only the dangerous ones are also shown first.
    plan = replace(plan, opens=verdict.plan.opens, type_name=verdict.plan.type_name)
    tries = _tries(wanted, account, reader)
    if options.apply:
        steps = tuple(
            step for each in planned if each.change is None for step in next_steps(each.wanted.spec, each.wanted.facts)
        )
        return _carry_out(verdict, plan, findings, tries, steps, reader, options)
    if options.json:
        _print_json(plan, findings, state="checked" if options.check else "planned", tries=tries)
    elif options.check:
        changes = [visible(f"{mark('–')} {each.change.sentence}") for each in planned if each.change is not None]
        print("\n".join((*changes, *map(finding_line, findings))))
    else:
        print("\n".join(plan_lines(plan, findings, tries)))
    return CANNOT_TELL if fails(findings, options) or stops(findings) else ANSWERED


def _tries(wanted: Sequence[_Wanted], account: Account, reader: AccountReader) -> TryRequests:
    """Return the requests with which the roles will be tested."""
    from iam.creation.after.tries import TryRequests, try_requests

    tried = [try_requests(each.spec, each.chosen, each.facts, account, reader) for each in wanted]
    return TryRequests(tuple(one for each in tried for one in each.tries), sum(each.left_out for each in tried))


def _print_file(text: str, wanted: Sequence[_Wanted], account: Account, reader: AccountReader) -> int:
    """Print SPEC with the account's values wherever the two differ."""
    from iam.changes.plan import PlanError
    from iam.creation.declared.rewrite import rewritten
    from iam.creation.spec_file import SpecError

    found: list[tuple[Role, Plan]] = []
    try:
        for each in wanted:
            reading = reader.role(each.spec.name)
            if reading.value is None:
                why = reading.why or f"There is no role {each.spec.name}, so its part of the file is kept unchanged."
                print(visible(why), file=sys.stderr)
                continue
            found.append((reading.value, _planned(each, reading.value, account, reader).plan))
        region = wanted[0].facts.region
        print(rewritten(text, found, account, reader, region), end="")
    except (PlanError, SpecError) as error:
        raise CommandError(str(error)) from error
    return ANSWERED


@dataclass(frozen=True, slots=True)
class _PlannedRole:
    """A role and its plan.

    If the role already exists, ``change`` is the plan that changes it, and ``plan`` is the same plan.
    """

    wanted: _Wanted
    plan: Plan
    change: Plan | None


def _planned(wanted: _Wanted, held: Role | None, account: Account, reader: AccountReader) -> _PlannedRole:
    """Return the plan that creates or changes a role. Raises `PlanError`."""
    from iam.creation.plan import create_role
    from iam.creation.reconcile import reconcile
    from iam.creation.spec_file import fields_of

    if held is not None and held.name == wanted.spec.name:
        change = reconcile(wanted.spec, fields_of(wanted.value), held, account, reader)
        return _PlannedRole(wanted, change, change)
    return _PlannedRole(wanted, create_role(wanted.spec, account, reader), None)


def _one_plan(planned: Sequence[_PlannedRole], providers: Sequence[OIDCProvider], account: Account) -> Plan:
    """Return one plan for all roles. Several plans are merged into one, which is undone as one."""
    from iam.changes.builders.policies import together
    from iam.creation.several import new_providers

    before = new_providers(providers, account)
    plans = [*before, *(each.plan for each in planned)]
    if len(plans) == 1:
        return plans[0]
    doing = [each for each in plans if each.calls] or plans[:1]
    names = ", ".join(each.wanted.spec.name for each in planned)
    return together(f"create roles {names}", doing, kind="create-roles")


def _by_key(findings: Iterable[GateFinding], wanted: Iterable[_Wanted]) -> Iterator[GateFinding]:
    """Return the findings with their fields as named in SPEC."""
    roles = {each.spec.name: each for each in wanted}
    for finding in findings:
        role = roles.get(finding.role)
        yield finding if role is None else role.key(finding)


def _export(text: str, findings: Sequence[GateFinding], options: argparse.Namespace) -> int:
    from iam.gate.checks.run import stops

    for finding in findings:
        if finding.level is not Level.OK:
            print(finding_line(finding), file=sys.stderr)
    print(text, end="")
    # Whoever applies the exported plan may have the permissions that this caller lacks.
    others = [each for each in findings if not each.of_caller]
    return CANNOT_TELL if fails(others, options) or stops(others) else ANSWERED


def _say_already(plan: Plan, options: argparse.Namespace) -> None:
    if options.json:
        _print_json(plan, (), [] if options.apply else None, "already")
        return
    for sentence in (f"{mark('–')} {plan.sentence}", *(f"! {warning}" for warning in plan.warnings)):
        print(visible(sentence))


def _carry_out(
    verdict: Verdict,
    plan: Plan,
    findings: tuple[GateFinding, ...],
    tries: TryRequests,
    steps: tuple[str, ...],
    reader: AccountReader,
    options: argparse.Namespace,
) -> int:
    why = why_not(verdict, findings, options)
    if not options.json:
        print("\n".join(plan_lines(plan, findings, tries)))
    elif why:
        _print_json(plan, findings, [], "refused", tries=tries)
    if why:
        print(visible(why), file=sys.stderr)
        return CANNOT_TELL
    outcomes = carried_out(verdict.passed(options.confirm), reader, options)
    good = bool(outcomes) and outcomes[-1].status in ("verified", "unverified")
    if options.json:
        _print_json(plan, findings, outcomes, "applied" if good else "stopped", steps if good else (), tries)
    elif good:
        print("\nNext steps")
        print("\n".join(f"  {visible(line)}" for step in steps for line in step.splitlines()))
    if good:
        return ANSWERED
    if outcomes:
        say_how_to_go_on(plan.id, reader)
    return CANNOT_TELL


def _take_up(options: argparse.Namespace) -> int:
    from diagnostics.check.run import judged_resume, judged_roll_back
    from iam.changes.apply import JournalError, NotWritable, resume, roll_back, writer_for
    from iam.changes.journal import damaged, journals, read_journal
    from iam.changes.plan import PlanError
    from iam.gate.passed import NotPassed

    wanted = options.resume or options.roll_back
    record = next((each for each in journals() if each.plan.id == wanted), None)
    if record is None:
        broken = [sentence for path, sentence in damaged() if path.stem == wanted]
        raise UsageError(
            *broken or [f"There is no plan {wanted} in the journal; `rolescope info` shows where the journal is."]
        )
    account, reader = open_account(options)
    go = resume if options.resume else roll_back
    judge = judged_resume if options.resume else judged_roll_back
    verdict = judge(record, OpenedAccount(account, reader))
    outcomes: list[CallOutcome] = []
    try:
        writer = writer_for(reader, writable=options.write, without_secrets=without_credentials)
        passed = verdict.passed(options.confirm)
        run = go(record.path, passed, reader, writable=options.write, writer=writer)
        follow(run, outcomes, len(record.plan.calls), quiet=options.json)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
    except NotPassed as error:
        for sentence in verdict.plan.opens:
            print(visible(f"! {sentence}"), file=sys.stderr)
        raise CommandError(why_not(verdict, (), options) or str(error)) from error
    except (NotWritable, JournalError, PlanError) as error:
        if not outcomes:
            raise UsageError(str(error)) from error
        print(visible(str(error)), file=sys.stderr)
    after = read_journal(record.path)
    # The journal of a plan that was carried out already has an end, which an interrupted roll-back does not change.
    ended = after.end is not None and not (outcomes and outcomes[-1].status == "failed")
    if options.json:
        _print_json(record.plan, (), outcomes, after.end.value if after.end and ended else "stopped")
    if not ended:
        say_how_to_go_on(record.plan.id, reader)
        return CANNOT_TELL
    if not options.json:
        print(f"{visible(record.plan.title)}: {after.sentence}")
    return ANSWERED


# Output.


def plan_lines(plan: Plan, findings: Iterable[GateFinding], tries: TryRequests) -> list[str]:
    """Return the plan as text: its effect, the checks' findings, each call with its undo, and the role's tests."""
    lines = [visible(plan.sentence), f"  {visible(plan.target)}"]
    lines += [f"  ! {visible(sentence)}" for sentence in plan.to_read_first]
    lines += ["", "Checked"]
    lines += [f"  {finding_line(finding)}" for finding in findings]
    lines += ["", "Calls", *call_lines(plan)]
    return [*lines, *_tries_lines(tries)]


def _tries_lines(tries: TryRequests) -> list[str]:
    """Return the tests of the new role as text; nothing if there are none."""
    lines = [f"  {_expected(each)}: {visible(each.action)} on {visible(each.resource)}" for each in tries.tries]
    lines += [f"  and {tries.left_out} more"] if tries.left_out else []
    return ["", "Tests of the new role", *lines] if lines else []


def _expected(each: TryRequest) -> str:
    return "allowed" if each.allowed else "denied"


def _print_json(
    plan: Plan,
    findings: Iterable[GateFinding],
    outcomes: Iterable[CallOutcome] | None = None,
    state: str = "planned",
    steps: Iterable[str] = (),
    tries: TryRequests | None = None,
) -> None:
    """Print the plan as JSON. ``steps``: the next steps with the new role; ``tries``: the role's permission tests."""
    from iam.changes.export.cli import to_json

    document = versioned("create", to_json(plan))
    document["state"] = state
    document["findings"] = finding_values(findings)
    if outcomes is not None:
        document["outcomes"] = outcomes_json(outcomes)
    document["next_steps"] = list(steps)
    document["tries"] = [
        {
            "action": each.action,
            "resource": each.resource,
            "context": {key: list(values) for key, values in each.context.items()},
            "expected": _expected(each),
        }
        for each in (tries.tries if tries is not None else ())
    ]
    print(json_text(document))
