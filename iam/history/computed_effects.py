"""Interpret calls that need more than a row: creations, versions, tags, attributes, single statements."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from iam.history.calls import ChangeCall, Does
from iam.history.change import (
    ABSENT,
    Effect,
    Entity,
    Known,
    Lifecycle,
    Part,
    Place,
    Proves,
    State,
    Unknown,
)
from iam.history.encoding import document_state, text_state
from iam.history.entities import partition_in

_Result = tuple[Lifecycle | None, tuple[Effect, ...]]
_Given = Mapping[str, Any]
_DEPENDS = Unknown("it depends on the policy before")
_DEFAULT_POLICY = Unknown("the record does not contain the default policy")


def special_effects(call: ChangeCall, record: _Given, given: _Given, entity: Entity) -> _Result:
    """Return the effects of a call that is marked as `Does.SPECIAL`."""
    return _FUNCTIONS[(call.source.partition(".")[0], call.event)](call, record, given, entity)


def statement_effect(call: ChangeCall, record: _Given, given: _Given, place: Place) -> Effect:
    """Return the effect of a call that adds a statement to a policy, or removes one."""
    sid = given.get(call.name)
    sid = sid if isinstance(sid, str) else ""
    if call.does is Does.REMOVES_STATEMENT:
        return Effect(place, Unknown("it depends on the policy before"), sid=sid)
    return Effect(
        place, Unknown("it depends on the policy before"), add=_statement(call, record, given, place), sid=sid
    )


def _statement(call: ChangeCall, record: _Given, given: _Given, place: Place) -> str | None:
    answer = record.get("responseElements")
    recorded = answer.get("statement") if isinstance(answer, dict) else None
    if isinstance(recorded, str):
        state = document_state(recorded)
        return state.value if isinstance(state, Known) else None
    service = call.source.partition(".")[0]
    if service == "lambda":
        return None
    partition = partition_in(record)
    accounts = given.get("aWSAccountIds") or given.get("aWSAccountId") or given.get("awsAccountIds")
    actions = given.get("actions") or given.get("actionName")
    if not isinstance(accounts, list) or not isinstance(actions, list):
        return None
    prefix = service.upper()
    return json.dumps(
        {
            "Sid": given.get(call.name),
            "Effect": "Allow",
            "Principal": {"AWS": [f"arn:{partition}:iam::{each}:root" for each in accounts]},
            "Action": [f"{prefix}:{each}" for each in actions],
            "Resource": place.entity.name,
        }
    )


def _holder_made(call: ChangeCall, record: _Given, given: _Given, entity: Entity) -> _Result:
    effects = []
    if call.event == "CreateRole":
        trust = given.get("assumeRolePolicyDocument")
        effects.append(Effect(Place(entity, Part.TRUST), document_state(trust)))
    boundary = given.get("permissionsBoundary")
    if boundary is not None:
        effects.append(Effect(Place(entity, Part.BOUNDARY), text_state(boundary)))
    return Lifecycle.CREATED, (*effects, *_tags(entity, given.get("tags")))


def _tags(entity: Entity, tags: Any) -> list[Effect]:
    effects = []
    for tag in tags if isinstance(tags, list) else ():
        if isinstance(tag, dict) and isinstance(tag.get("key"), str):
            value = tag.get("value")
            state: State = Known(value) if isinstance(value, str) else Unknown("the record leaves it out")
            effects.append(Effect(Place(entity, Part.TAG, tag["key"]), state))
    return effects


def _tagged(call: ChangeCall, record: _Given, given: _Given, entity: Entity) -> _Result:
    if call.event.startswith("Tag"):
        effects = _tags(entity, given.get("tags"))
    else:
        keys = given.get("tagKeys")
        effects = [
            Effect(Place(entity, Part.TAG, key), ABSENT)
            for key in (keys if isinstance(keys, list) else ())
            if isinstance(key, str)
        ]
    return (None, tuple(effects)) if effects else (Lifecycle.OPAQUE, ())


def _renamed(call: ChangeCall, record: _Given, given: _Given, entity: Entity) -> _Result:
    """Return the effect of UpdateUser or UpdateGroup: under a new name, the documents are unknown."""
    new = given.get("newUserName") or given.get("newGroupName")
    return (Lifecycle.OPAQUE, ()) if isinstance(new, str) and new != entity.name else (None, ())


def _linked_role_made(call: ChangeCall, record: _Given, given: _Given, entity: Entity) -> _Result:
    answer = record.get("responseElements")
    role = answer.get("role") if isinstance(answer, dict) else None
    trust = role.get("assumeRolePolicyDocument") if isinstance(role, dict) else None
    return Lifecycle.OPAQUE, (Effect(Place(entity, Part.TRUST), document_state(trust)),)


def _opaque(call: ChangeCall, record: _Given, given: _Given, entity: Entity) -> _Result:
    return Lifecycle.OPAQUE, ()


def _policy_made(call: ChangeCall, record: _Given, given: _Given, entity: Entity) -> _Result:
    document = document_state(given.get("policyDocument"))
    return Lifecycle.CREATED, (
        Effect(Place(entity, Part.VERSION, "v1"), document),
        Effect(Place(entity, Part.DEFAULT), Known("v1")),
    )


def _version_made(call: ChangeCall, record: _Given, given: _Given, entity: Entity) -> _Result:
    answer = record.get("responseElements")
    version = answer.get("policyVersion") if isinstance(answer, dict) else None
    number = version.get("versionId") if isinstance(version, dict) else None
    effects = []
    known = isinstance(number, str) and number.startswith("v")
    if known:
        document = document_state(given.get("policyDocument"))
        effects.append(Effect(Place(entity, Part.VERSION, str(number)), document, Proves.ABSENT))
    if given.get("setAsDefault") in (True, "true"):
        default: State = Known(str(number)) if known else Unknown("the record leaves out the version's number")
        effects.append(Effect(Place(entity, Part.DEFAULT), default))
    return (None if known else Lifecycle.OPAQUE), tuple(effects)


def _content_made(call: ChangeCall, record: _Given, given: _Given, entity: Entity) -> _Result:
    return Lifecycle.CREATED, (Effect(Place(entity, Part.POLICY), document_state(given.get("content"))),)


def _content_updated(call: ChangeCall, record: _Given, given: _Given, entity: Entity) -> _Result:
    """Return the effect of UpdatePolicy. The call may change only the name; its response always has the content."""
    content = given.get("content")
    answer = record.get("responseElements")
    policy = answer.get("policy") if isinstance(answer, dict) else None
    recorded = policy.get("content") if isinstance(policy, dict) else None
    state = document_state(content if content is not None else recorded)
    if content is None and not isinstance(state, Known):
        return None, ()
    if not isinstance(state, Known) and recorded is not None:
        state = document_state(recorded)
    before = None if content is not None else state
    proves = Proves.EXISTED if content is not None else Proves.THIS
    return None, (Effect(Place(entity, Part.POLICY), state, proves, before),)


def _made(call: ChangeCall, record: _Given, given: _Given, entity: Entity) -> _Result:
    return Lifecycle.CREATED, ()


def _key_made(call: ChangeCall, record: _Given, given: _Given, entity: Entity) -> _Result:
    policy = given.get("policy")
    state = document_state(policy) if policy else _DEFAULT_POLICY
    return Lifecycle.CREATED, (Effect(Place(entity, Part.POLICY), state),)


def _queue_made(call: ChangeCall, record: _Given, given: _Given, entity: Entity) -> _Result:
    """Return the effect of CreateQueue. It proves nothing: it also succeeds if a queue with these attributes exists."""
    attributes = _attributes(given)
    if "Policy" in attributes:
        return None, (Effect(Place(entity, Part.POLICY), document_state(attributes["Policy"])),)
    return Lifecycle.OPAQUE, ()


def _attributes(given: _Given) -> Mapping[str, Any]:
    value = given.get("attributes") or given.get("attribute")
    return value if isinstance(value, dict) else {}


def _queue_set(call: ChangeCall, record: _Given, given: _Given, entity: Entity) -> _Result:
    attributes = _attributes(given)
    if "Policy" not in attributes:
        return (Lifecycle.OPAQUE, ()) if not attributes else (None, ())
    return None, (Effect(Place(entity, Part.POLICY), document_state(attributes["Policy"])),)


def _topic_made(call: ChangeCall, record: _Given, given: _Given, entity: Entity) -> _Result:
    """Return the effect of CreateTopic. It also succeeds, with the same ARN, if the topic exists."""
    policy = _attributes(given).get("Policy")
    return None, ((Effect(Place(entity, Part.POLICY), document_state(policy)),) if policy is not None else ())


def _topic_set(call: ChangeCall, record: _Given, given: _Given, entity: Entity) -> _Result:
    if given.get("attributeName") is None:
        return Lifecycle.OPAQUE, ()
    if given.get("attributeName") != "Policy":
        return None, ()
    return None, (Effect(Place(entity, Part.POLICY), document_state(given.get("attributeValue"))),)


def _bus_permission(call: ChangeCall, record: _Given, given: _Given, entity: Entity) -> _Result:
    place = Place(entity, Part.POLICY)
    if given.get("policy") is not None:
        return None, (Effect(place, document_state(given["policy"])),)
    sid = given.get("statementId")
    sid = sid if isinstance(sid, str) else ""
    if call.event == "RemovePermission":
        if given.get("removeAllPermissions") in (True, "true"):
            return None, (Effect(place, ABSENT),)
        return None, (Effect(place, _DEPENDS, Proves.EXISTED, sid=sid),)
    principal, action = given.get("principal"), given.get("action")
    statement: str | None = None
    if isinstance(principal, str) and isinstance(action, str):
        partition = partition_in(record)
        who: Any = "*" if principal == "*" else {"AWS": f"arn:{partition}:iam::{principal}:root"}
        made: dict[str, Any] = {"Sid": sid, "Effect": "Allow", "Principal": who, "Action": action}
        made["Resource"] = entity.name
        condition = given.get("condition")
        if isinstance(condition, dict):
            made["Condition"] = {condition.get("type"): {condition.get("key"): condition.get("value")}}
        statement = json.dumps(made)
    return None, (Effect(place, _DEPENDS, Proves.ABSENT, add=statement, sid=sid),)


def _unwrapped(given: _Given) -> _Given:
    """Return EC2's parameters. Its newer records wrap them and spell them with capital letters."""
    inner = next((value for value in given.values() if isinstance(value, dict) and len(given) == 1), given)
    return {name[:1].lower() + name[1:]: value for name, value in inner.items()}


def _endpoint_made(call: ChangeCall, record: _Given, given: _Given, entity: Entity) -> _Result:
    policy = _unwrapped(given).get("policyDocument")
    state = document_state(policy) if policy else _DEFAULT_POLICY
    return Lifecycle.CREATED, (Effect(Place(entity, Part.POLICY), state),)


def _endpoint_modified(call: ChangeCall, record: _Given, given: _Given, entity: Entity) -> _Result:
    asked = _unwrapped(given)
    place = Place(entity, Part.POLICY)
    if asked.get("resetPolicy") in (True, "true"):
        return None, (Effect(place, _DEFAULT_POLICY),)
    policy = asked.get("policyDocument")
    return None, ((Effect(place, document_state(policy)),) if policy is not None else ())


def _set_made(call: ChangeCall, record: _Given, given: _Given, entity: Entity) -> _Result:
    return Lifecycle.CREATED, ()


_Function = Callable[[ChangeCall, _Given, _Given, Entity], _Result]
_FUNCTIONS: Mapping[tuple[str, str], _Function] = {
    **{("iam", f"Create{word}"): _holder_made for word in ("Role", "User", "Group")},
    **{("iam", f"{verb}{word}"): _tagged for verb in ("Tag", "Untag") for word in ("Role", "User")},
    ("iam", "UpdateUser"): _renamed,
    ("iam", "UpdateGroup"): _renamed,
    ("iam", "CreateServiceLinkedRole"): _linked_role_made,
    ("iam", "DeleteServiceLinkedRole"): _opaque,
    ("iam", "CreatePolicy"): _policy_made,
    ("iam", "CreatePolicyVersion"): _version_made,
    ("organizations", "CreatePolicy"): _content_made,
    ("organizations", "UpdatePolicy"): _content_updated,
    ("organizations", "EnablePolicyType"): _opaque,
    ("organizations", "DisablePolicyType"): _opaque,
    ("sso", "CreatePermissionSet"): _set_made,
    ("kms", "CreateKey"): _key_made,
    ("sqs", "CreateQueue"): _queue_made,
    ("sqs", "SetQueueAttributes"): _queue_set,
    ("sns", "CreateTopic"): _topic_made,
    ("sns", "SetTopicAttributes"): _topic_set,
    ("events", "PutPermission"): _bus_permission,
    ("events", "RemovePermission"): _bus_permission,
    ("ec2", "CreateVpcEndpoint"): _endpoint_made,
    ("ec2", "ModifyVpcEndpoint"): _endpoint_modified,
    ("ec2", "DeleteVpcEndpoints"): _opaque,
}
