"""The write calls that change managed policies and their versions."""

from __future__ import annotations

from collections.abc import Callable

from iam.account import ManagedPolicy
from iam.arn import name_of
from iam.changes.call import AnswerValue, Call
from iam.changes.compare import canonical, same_document
from iam.changes.operations.operation import Existing, Look, Operation, ParameterKind, Parts, inverse, put
from iam.changes.operations.seen import NOT_DONE, EntityReader, Seen, State, done_if, unread


def _look(see: Callable[[Call, ManagedPolicy], Seen], *, gone: bool = False, weak: State | None = None) -> Look:
    """Return a function that checks a call's effect with ``see``, called with the policy that the call names.

    If the policy does not exist, the effect counts as existing if ``gone``. ``weak`` is the state that must not be
    concluded if not all versions of the policy could be read.
    """

    def look(call: Call, reader: EntityReader) -> Seen:
        reading = reader.managed_policy(call.text("PolicyArn") or call.target)
        if reading.unreadable:
            return unread(reading)
        seen = done_if(gone) if reading.value is None else see(call, reading.value)
        return Seen(State.UNKNOWN, reading.note) if reading.found and reading.note and seen.state is weak else seen

    return look


def _see_created(call: Call, policy: ManagedPolicy) -> Seen:
    if same_document(policy.document, call.text("PolicyDocument")):
        return Seen(State.DONE, answer={"Policy.Arn": policy.arn})
    return Seen(State.OTHER, f"A policy {policy.name} exists with another document.")


def _see_version_deleted(call: Call, policy: ManagedPolicy) -> Seen:
    return done_if(call.text("VersionId") not in {each.id for each in policy.versions})


def _see_version(call: Call, policy: ManagedPolicy) -> Seen:
    for version in policy.versions:
        if same_document(version.document, call.text("PolicyDocument")):
            return Seen(State.DONE, answer={"PolicyVersion.VersionId": version.id})
    return NOT_DONE


def _delete(call: Call, held: Existing, index: int) -> Call:
    why = f"Delete the new policy {call.text('PolicyName')}."
    return inverse(call, "DeletePolicy", why, PolicyArn=call.target)


def _create_again(call: Call, held: Existing, index: int) -> Call | None:
    policy = held.policy
    if policy is None or policy.document is None:
        return None
    given: dict[str, object] = {"PolicyName": policy.name, "Path": policy.path}
    given["PolicyDocument"] = policy.document.stored
    if policy.description:
        given["Description"] = policy.description
    if policy.tags:
        given["Tags"] = dict(policy.tags)
    return inverse(call, "CreatePolicy", f"Create the policy {name_of(call.text('PolicyArn'))} as it was.", **given)


def _delete_version(call: Call, held: Existing, index: int) -> Call:
    arn = call.text("PolicyArn")
    why = f"Delete the new version of {name_of(arn)}."
    version = AnswerValue(index, "PolicyVersion.VersionId")
    return inverse(call, "DeletePolicyVersion", why, PolicyArn=arn, VersionId=version)


def _save_version_again(call: Call, held: Existing, index: int) -> Call | None:
    arn, versions = call.text("PolicyArn"), held.policy.versions if held.policy else ()
    old = next((each for each in versions if each.id == call.text("VersionId")), None)
    if old is None:
        return None
    why = f"Save the text of {old.id} of {name_of(arn)} as a new version."
    return inverse(call, "CreatePolicyVersion", why, PolicyArn=arn, PolicyDocument=old.document.stored)


def _former_default(call: Call, held: Existing, index: int) -> Call | None:
    arn, former = call.text("PolicyArn"), held.policy.default_version_id if held.policy else None
    if not former:
        return None
    why = f"Make {former} the default version of {name_of(arn)} again."
    return inverse(call, call.operation, why, PolicyArn=arn, VersionId=former)


def _new_default(call: Call, parts: Parts) -> None:
    if call.parameters.get("SetAsDefault"):
        put(parts, "default version", canonical(call.text("PolicyDocument")))


def _unknown_default(call: Call, parts: Parts) -> None:
    parts["default version"] = None  # the call names a version, whose content is unknown here


OPERATIONS = (
    Operation(
        "CreatePolicy",
        {
            "PolicyName": ParameterKind.TEXT,
            "Path": ParameterKind.TEXT,
            "PolicyDocument": ParameterKind.DOCUMENT,
            "Description": ParameterKind.TEXT,
            "Tags": ParameterKind.TAGS,
        },
        _look(_see_created, weak=State.OTHER),
        _delete,
        optional=frozenset({"Path", "Description", "Tags"}),
        creates="policy",
        tag_action="iam:TagPolicy",
    ),
    Operation(
        "DeletePolicy",
        {"PolicyArn": ParameterKind.TEXT},
        _look(lambda call, policy: NOT_DONE, gone=True),
        _create_again,
        deletes="policy",
    ),
    Operation(
        "CreatePolicyVersion",
        {"PolicyArn": ParameterKind.TEXT, "PolicyDocument": ParameterKind.DOCUMENT, "SetAsDefault": ParameterKind.FLAG},
        _look(_see_version, weak=State.NOT_DONE),
        _delete_version,
        {"policy": _new_default},
        optional=frozenset({"SetAsDefault"}),
    ),
    Operation(
        "DeletePolicyVersion",
        {"PolicyArn": ParameterKind.TEXT, "VersionId": ParameterKind.TEXT},
        _look(_see_version_deleted, gone=True, weak=State.DONE),
        _save_version_again,
    ),
    Operation(
        "SetDefaultPolicyVersion",
        {"PolicyArn": ParameterKind.TEXT, "VersionId": ParameterKind.TEXT},
        _look(lambda call, policy: done_if(policy.default_version_id == call.text("VersionId"))),
        _former_default,
        {"policy": _unknown_default},
        takes_rights=True,
    ),
)
