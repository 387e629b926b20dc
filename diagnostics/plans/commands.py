"""Commands of the AWS CLI as a plan: the calls that a fix spells out, without those that are done already."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from diagnostics.already_exists.wanted.cli import commands_in, tags_in
from diagnostics.diagnosis import Fix
from diagnostics.plans.deletion import DELETIONS, deletion_plan
from iam.account import Account, Group, Role, User
from iam.changes.builders.policies import new_version
from iam.changes.compare import same_document
from iam.changes.in_use import denies_all, taking_rights
from iam.changes.operations.effects import Once, State, look
from iam.changes.operations.table import OPERATIONS, Kind, cli_name, from_cli_name, is_optional
from iam.changes.operations.undo import Held, whole_update, with_undo
from iam.changes.plan import Call, Plan, PlanError, make_plan
from iam.policy.document import Document
from iam.sources.reader import AccountReader, Reading

_COMMAND = re.compile(r"^[ \t]*(aws|terraform)[ \t]+([\w-]+)(?:[ \t]+([\w-]+))?", re.MULTILINE)
_PLACEHOLDER = re.compile(r"[A-Z]{3,}(?:-[A-Z]+)*")
READS = ("get-", "list-", "simulate-", "generate-", "wait", "describe-")


def found(reading: Reading[Role] | Reading[User] | Reading[Group], words: str) -> Role | User | Group:
    if reading.value is None:
        raise PlanError(reading.why or f"{words} is not there any more: diagnose again.")
    return reading.value


def unchanged(before: Document | None, now: Document | None, what: str) -> None:
    if not same_document(before, now):
        raise PlanError(f"{what} changed since the diagnosis: diagnose again, so that the change is not lost.")


def plan_of_commands(fix: Fix, account: Account, reader: AccountReader) -> Plan:
    """The plan of what ``fix.change`` spells out, without what is there already. Raises `PlanError`. May block."""
    calls: list[Call] = []
    for operation, options in commands_in(fix.change):
        known = from_cli_name(operation)
        if known is not None:
            calls += _calls(known, options, fix, account)
        elif not operation.startswith(READS):
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
    for call in calls:
        if call.operation in DELETIONS:
            return deletion_plan(call, account, reader)
    trust = next((call for call in calls if call.operation == "UpdateAssumeRolePolicy"), None)
    if trust is not None and fix.before is not None:
        role = found(reader.role(trust.text("RoleName")), f"The role {trust.text('RoleName')}")
        assert isinstance(role, Role)
        unchanged(fix.before, role.trust, f"The trust policy of {role.name}")
    once = Once(reader)
    left = [call for call in calls if look(call, once).state is not State.DONE]
    if not left:
        raise PlanError(f"There is nothing to do: {_subject(calls[0])} is as this would make it.")
    made = {call.text("RoleName") for call in left if call.operation == "CreateRole"}
    held = [_held(call, account, reader, made) for call in left]
    planned = [_whole(call, each, index) for index, (call, each) in enumerate(zip(left, held, strict=True))]
    destroyed = next((call.text("PolicyArn") for call in left if call.operation == "DeletePolicy"), None)
    plan = make_plan(
        fix.title,
        " ".join(call.why for call in planned),
        planned,
        target=fix.target,
        account_id=account.id,
        type_name=destroyed.rpartition("/")[2] if destroyed else None,
        warnings=warnings,
        found={entity.arn: entity for each in held for entity in each.entities}.values(),
    )
    silenced = next((call.text("RoleName") for call in left if denies_all(call)), None)
    holder = reader.role(silenced).value if silenced else None
    return plan if holder is None else taking_rights(plan, holder, account, reader)


def _whole(call: Call, held: Held, index: int) -> Call:
    if call.operation == "UpdateRole" and isinstance(held.holder, Role):
        call = whole_update(call, held.holder)
    return with_undo(call, held, index=index)


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
        elif service != "iam" and not operation.startswith(READS):
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
    if operation not in ("TagRole", "TagUser"):
        call = Call(operation, parameters, "", target)
        return [replace(call, why=_why(call))]
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
    for word, part in (("Role", "role"), ("User", "user"), ("Group", "group"), ("InstanceProfile", "instance-profile")):
        if operation == f"Create{word}":
            return f"{head}{part}{path}{parameters[f'{word}Name']}"
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


def _subject(call: Call) -> str:
    """What a call is about: the names in its parameters, the most particular first."""
    listed = [str(call.parameters[name]) for name in _SUBJECTS if name in call.parameters]
    return " of ".join(each.rpartition("/")[2] if each.startswith("arn:") else each for each in listed) or "it"


def _why(call: Call) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", call.operation).lower().replace("open idconnect", "OIDC")
    return f"{words[:1].upper()}{words[1:]}: {_subject(call)}."


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


def _held(call: Call, account: Account, reader: AccountReader, made: set[str]) -> Held:
    """What the call finds, read now: the undo is made from it. Raises `PlanError` where it is not there, unless it is
    one of the roles that the plan makes."""
    creating = call.operation.startswith("Create") and call.operation != "CreatePolicyVersion"
    if creating or call.text("RoleName") in made:
        return Held()
    if call.text("InstanceProfileName"):
        if call.operation.startswith("Add") and reader.role(call.text("RoleName")).absent:
            raise PlanError(f"The role {call.text('RoleName')} is not there yet: create it first, then put it in.")
        return Held(profile=reader.instance_profile(call.text("InstanceProfileName")).value)
    if call.text("RoleName"):
        return Held(found(reader.role(call.text("RoleName")), f"The role {call.text('RoleName')}"))
    if call.text("UserName"):
        return Held(found(reader.user(call.text("UserName")), f"The user {call.text('UserName')}"))
    if call.text("GroupName"):
        return Held(found(reader.group(call.text("GroupName")), f"The group {call.text('GroupName')}"))
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
