"""A fix as a plan: the same change as calls that are shown, journaled, verified and undone.

Not every fix is one: notes, reads, calls of other services and what is somebody else's to do raise `PlanError`, whose
sentence says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from diagnostics.already_exists.wanted.cli import commands_in, tags_in
from diagnostics.diagnosis import Fix, FixKind
from iam.account import Account, Group, Role, User
from iam.changes.compare import same_document
from iam.changes.operations import OPERATIONS, Kind, cli_name, from_cli_name, is_optional
from iam.changes.plan import Call, Plan, PlanError, make_plan
from iam.changes.policies import new_version, put_inline
from iam.changes.roles import delete_role, update_trust
from iam.changes.undo import Held, with_undo
from iam.policy.document import Document
from iam.sources.reader import AccountReader, Reading

_INLINE = re.compile(r"(?P<arn>arn:\S+) \((?P<new>new )?inline policy (?P<name>.+)\)")
_HOLDER = re.compile(r"arn:[^:]+:iam::(?P<account>\d{12}):(?P<kind>role|user|group)/(?:.*/)?(?P<name>[^/]+)")
_POLICY = re.compile(r"arn:[^:]+:iam::\d{12}:policy/.+")
_COMMAND = re.compile(r"^[ \t]*(aws|terraform)[ \t]+([\w-]+)(?:[ \t]+([\w-]+))?", re.MULTILINE)
_PLACEHOLDER = re.compile(r"[A-Z]{3,}(?:-[A-Z]+)*")
_READS = ("get-", "list-", "simulate-", "generate-", "wait", "describe-")


def plan_for_fix(fix: Fix, account: Account, reader: AccountReader) -> Plan:
    """The plan that carries a fix out. What it changes is read now, so that its undo is right and nothing that changed
    since the diagnosis is overwritten. Raises `PlanError`. May block: call it in a worker."""
    match fix.kind:
        case FixKind.NOTE:
            raise PlanError("This fix is a note for whoever can act on it, and no change that can be made from here.")
        case FixKind.POLICY_STATEMENT:
            plan = _policy_plan(fix, account, reader)
        case FixKind.TRUST_POLICY:
            plan = _trust_plan(fix, account, reader)
        case FixKind.COMMAND:
            plan = _command_plan(fix, account, reader)
    return replace(plan, title=_short(fix.title))


def can_be_planned(fix: Fix) -> bool:
    """Whether a fix may be one that can be planned, without a look at the account: for showing the key or not."""
    match fix.kind:
        case FixKind.NOTE:
            return False
        case FixKind.POLICY_STATEMENT:
            iam = _INLINE.fullmatch(fix.target) or _POLICY.fullmatch(fix.target)
            return iam is not None and fix.after is not None
        case FixKind.TRUST_POLICY:
            return fix.after is not None
    return any(from_cli_name(operation) for operation, _ in commands_in(fix.change))


def _short(title: str) -> str:
    return title if len(title) <= 160 else f"{title[:159]}…"


def _after(fix: Fix) -> Document:
    if fix.after is None:
        raise PlanError("The document that this would change could not be read, so it is not replaced unseen.")
    return fix.after


def _unchanged(fix: Fix, now: Document | None, what: str) -> None:
    if not same_document(fix.before, now):
        raise PlanError(f"{what} changed since the diagnosis: diagnose again, so that the change is not lost.")


def _found(reading: Reading[Role] | Reading[User] | Reading[Group], words: str) -> Role | User | Group:
    if reading.value is None:
        raise PlanError(reading.why or f"{words} is not there any more: diagnose again.")
    return reading.value


def _holder(arn: str, account: Account, reader: AccountReader) -> Role | User | Group:
    match = _HOLDER.fullmatch(arn)
    if match is None or match["account"] != account.id:
        raise PlanError(f"{arn[:120]} is not a role, user or group of this account.")
    kind, name = match["kind"], match["name"]
    reading: Reading[Role] | Reading[User] | Reading[Group] = reader.role(name)
    if kind != "role":
        reading = reader.user(name) if kind == "user" else reader.group(name)
    return _found(reading, f"The {kind} {name}")


# Policies.


def _policy_plan(fix: Fix, account: Account, reader: AccountReader) -> Plan:
    inline = _INLINE.fullmatch(fix.target)
    if inline is not None:
        holder = _holder(inline["arn"], account, reader)
        held = next((each.document for each in holder.inline or () if each.name == inline["name"]), None)
        if inline["new"] and held is not None:
            raise PlanError(f"{holder.name} has an inline policy {inline['name']} by now: diagnose again.")
        _unchanged(fix, held, f"The inline policy {inline['name']} of {holder.name}")
        return put_inline(holder, inline["name"], _after(fix).text, account)
    if not _POLICY.fullmatch(fix.target):
        raise PlanError(
            f"{fix.target[:120]} is not changed by IAM's calls: hand the statement to whoever keeps it, as it is shown."
        )
    reading = reader.managed_policy(fix.target)
    if reading.value is None:
        raise PlanError(reading.why or f"The policy {fix.target} is not there any more: diagnose again.")
    _unchanged(fix, reading.value.document, f"The policy {reading.value.name}")
    return new_version(reading.value, _after(fix).text, account)


def _trust_plan(fix: Fix, account: Account, reader: AccountReader) -> Plan:
    role = _holder(fix.target, account, reader)
    if not isinstance(role, Role):
        raise PlanError(f"{fix.target[:120]} has no trust policy: only roles have one.")
    _unchanged(fix, role.trust, f"The trust policy of {role.name}")
    return update_trust(role, _after(fix).text, account)


# Commands.


def _command_plan(fix: Fix, account: Account, reader: AccountReader) -> Plan:
    calls: list[Call] = []
    for operation, options in commands_in(fix.change):
        known = from_cli_name(operation)
        if known is not None:
            calls += _calls(known, options, fix, account)
        elif not operation.startswith(_READS):
            raise PlanError(f"No plan can hold aws iam {operation}: make the call as it is shown.")
    warnings = tuple(_besides(fix.change))
    if not calls:
        raise PlanError("This fix is a command for the caller or a look at the account, and changes nothing in IAM.")
    version = next((call for call in calls if call.operation == "CreatePolicyVersion"), None)
    if version is not None:
        reading = reader.managed_policy(version.text("PolicyArn"))
        if reading.value is None:
            raise PlanError(reading.why or f"The policy {version.text('PolicyArn')} is not there any more.")
        return new_version(reading.value, version.text("PolicyDocument"), account)
    deleted = next((call.text("RoleName") for call in calls if call.operation == "DeleteRole"), None)
    if deleted is not None:
        role = _found(reader.role(deleted), f"The role {deleted}")
        assert isinstance(role, Role)
        profile = any(call.operation == "DeleteInstanceProfile" for call in calls)
        return delete_role(role, account, with_profile=profile, warnings=warnings)
    planned = [with_undo(call, _held(call, account, reader), index=index) for index, call in enumerate(calls)]
    destroyed = next((call.text("PolicyArn") for call in calls if call.operation == "DeletePolicy"), None)
    return make_plan(
        fix.title,
        " ".join(call.why for call in planned),
        planned,
        target=fix.target,
        account_id=account.id,
        type_name=destroyed.rpartition("/")[2] if destroyed else None,
        warnings=warnings,
    )


def _besides(text: str) -> Iterator[str]:
    """What the commands do besides IAM's writes, which stays for the person to do. Raises `PlanError` for writes of
    other services: half of such a change helps nobody."""
    for match in _COMMAND.finditer(text):
        program, service, operation = match[1], match[2], match[3] or ""
        line = text[match.start() :].splitlines()[0].strip()
        if program == "terraform":
            yield f"Afterwards run: {line}"
        elif service == "sts":
            continue
        elif service != "iam" and not operation.startswith(_READS):
            raise PlanError(
                f"aws {service} {operation} is a call of another service: run the commands as they are shown."
            )


def _calls(operation: str, options: Mapping[str, list[str]], fix: Fix, account: Account) -> list[Call]:
    parameters: dict[str, object] = {}
    named = {cli_name(name): name for name in OPERATIONS[operation]}
    for option, words in options.items():
        if option in ("profile", "region", "output", "query", "no-cli-pager"):
            continue
        name = named.get(option)
        if name is None:
            raise PlanError(f"The option --{option} of {cli_name(operation)} is not known here: run it as it is shown.")
        parameters[name] = _value(name, OPERATIONS[operation][name], words, account)
    missing = [name for name in OPERATIONS[operation] if name not in parameters and not is_optional(operation, name)]
    if missing:
        raise PlanError(f"The command {cli_name(operation)} lacks --{cli_name(missing[0])}.")
    target = _target(operation, parameters, fix, account)
    why = _why(operation, parameters)
    if operation != "TagRole" and operation != "TagUser":
        return [Call(operation, parameters, why, target)]
    return _tag_calls(operation, parameters, target, account)


def _value(name: str, kind: Kind, words: list[str], account: Account) -> object:
    text = " ".join(words)
    if text.startswith(("file://", "fileb://")):
        raise PlanError(f"--{cli_name(name)} is a file of yours ({text}): run the command with it.")
    if kind is Kind.FLAG:
        return True
    if _PLACEHOLDER.fullmatch(text) and account.role(text) is None:
        raise PlanError(f"{text} in the command stands for a value of yours: run it with that value.")
    match kind:
        case Kind.NUMBER:
            if not text.isdigit():
                raise PlanError(f"--{cli_name(name)} is a whole number, and the command has {text[:40]}.")
            return int(text)
        case Kind.LIST:
            return tuple(words)
        case Kind.TAGS:
            tags = tags_in(words)
            if not tags:
                raise PlanError("The tags of the command could not be read.")
            return tags
    return text


def _target(operation: str, parameters: Mapping[str, object], fix: Fix, account: Account) -> str:
    head = f"arn:{account.partition}:iam::{account.id}:"
    path = str(parameters.get("Path") or "/")
    if operation == "CreateOpenIDConnectProvider":
        return f"{head}oidc-provider/{str(parameters['Url']).removeprefix('https://').rstrip('/')}"
    if operation == "CreatePolicy":
        return f"{head}policy{path}{parameters['PolicyName']}"
    if operation == "CreateRole":
        return f"{head}role{path}{parameters['RoleName']}"
    if operation == "CreateInstanceProfile":
        return f"{head}instance-profile{path}{parameters['InstanceProfileName']}"
    for name in ("PolicyArn", "OpenIDConnectProviderArn"):
        if name in parameters and "RoleName" not in parameters and "UserName" not in parameters:
            return str(parameters[name])
    role = parameters.get("RoleName")
    if role is not None and "InstanceProfileName" not in parameters:
        held = account.role_ignoring_case(str(role))
        return held.arn if held else f"{head}role/{role}"
    return fix.target


_SUBJECTS = (
    "VersionId",
    "PolicyName",
    "PolicyArn",
    "ClientID",
    "Url",
    "InstanceProfileName",
    "RoleName",
    "UserName",
    "GroupName",
)


def _why(operation: str, parameters: Mapping[str, object]) -> str:
    subject = " of ".join(
        str(parameters[name]).rpartition("/")[2] if name == "PolicyArn" else str(parameters[name])
        for name in (
            "VersionId",
            "PolicyName",
            "PolicyArn",
            "ClientID",
            "Url",
            "InstanceProfileName",
            "RoleName",
            "UserName",
        )
        if name in parameters
    )
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", operation).lower().replace("open idconnect", "OIDC")
    return f"{words[:1].upper()}{words[1:]}: {subject or 'as shown'}."


def _tag_calls(operation: str, parameters: Mapping[str, object], target: str, account: Account) -> list[Call]:
    """New tags and changed ones apart, so that each call has one undo."""
    word = operation.removeprefix("Tag")
    name = str(parameters[f"{word}Name"])
    holder = account.role(name) if word == "Role" else account.user(name)
    held = (holder.tags if holder is not None else None) or {}
    tags = parameters["Tags"]
    assert isinstance(tags, dict)
    parts = (
        {key: value for key, value in tags.items() if key not in held},
        {key: value for key, value in tags.items() if key in held},
    )
    why = f"Tag the {word.lower()} {name}: {', '.join(tags)}."
    return [Call(operation, {f"{word}Name": name, "Tags": part}, why, target) for part in parts if part]


def _held(call: Call, account: Account, reader: AccountReader) -> Held:
    """What the call finds, read now: the undo is made from it. Raises `PlanError` where it is not there."""
    creating = call.operation.startswith("Create") and call.operation != "CreatePolicyVersion"
    if creating:
        return Held()
    if call.text("InstanceProfileName"):
        if call.operation.startswith("Add") and reader.role(call.text("RoleName")).absent:
            raise PlanError(f"The role {call.text('RoleName')} is not there yet: create it first, then put it in.")
        return Held(profile=reader.instance_profile(call.text("InstanceProfileName")).value)
    if call.text("RoleName"):
        return Held(_found(reader.role(call.text("RoleName")), f"The role {call.text('RoleName')}"))
    if call.text("UserName"):
        return Held(_found(reader.user(call.text("UserName")), f"The user {call.text('UserName')}"))
    if call.text("GroupName"):
        return Held(_found(reader.group(call.text("GroupName")), f"The group {call.text('GroupName')}"))
    if call.text("PolicyArn"):
        policy = reader.managed_policy(call.text("PolicyArn")).value
        if policy is None:
            raise PlanError(f"The policy {call.text('PolicyArn')} is not there any more: diagnose again.")
        if call.operation == "DeletePolicyVersion" and call.text("VersionId") == policy.default_version_id:
            raise PlanError(
                f"{call.text('VersionId')} is the default version of {policy.name}, which cannot be deleted."
            )
        return Held(policy=policy)
    return Held()
