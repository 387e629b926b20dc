"""A change as a value: ordered write calls, each with the call that undoes it.

A plan is shown before, journaled during, and verified after it is carried out (`iam.changes.apply`). Building one
makes no call that writes.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from iam.changes.call import AnswerValue as AnswerValue
from iam.changes.call import Call as Call
from iam.changes.entity_facts import DOCUMENTED, Entity, EntityFacts, facts_of
from iam.changes.operations.operation import ParameterKind
from iam.changes.operations.table import OPERATIONS, parameters_of
from iam.foreign_text import shortened
from iam.words import joined


@dataclass(frozen=True, slots=True)
class AccessGrant:
    """Actions that somebody gains or loses: ``actions`` are the first of ``action_count``, ``conditions`` a sentence
    each. ``kind`` is that of `iam.questions.change.compare.KINDS`; ``rolescope-probe`` represents any name.
    """

    who: str
    kind: str
    actions: tuple[str, ...]
    action_count: int
    resource: str
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanEffects:
    """Who gains and who loses what through a plan.

    ``said`` holds sentences; only these are kept in the journal. ``complete`` is False where there may be more.
    """

    said: tuple[str, ...] = ()
    gained: tuple[AccessGrant, ...] = ()
    lost: tuple[AccessGrant, ...] = ()
    complete: bool = True

    def to_value(self) -> dict[str, Any]:
        sides = {"gained": self.gained, "lost": self.lost}
        return {
            **{side: [_grant_value(each) for each in grants] for side, grants in sides.items()},
            "said": list(self.said),
            "complete": self.complete,
        }


def _grant_value(grant: AccessGrant) -> dict[str, Any]:
    value = asdict(grant)
    return {key: list(each) if isinstance(each, tuple) else each for key, each in value.items()}


NO_EFFECTS = PlanEffects()


@dataclass(frozen=True, slots=True)
class Plan:
    """A change.

    ``sentence`` says what it will do; ``type_name`` is the name to be typed before a plan that destroys something, or
    opens it to strangers, is carried out, and None for the others.

    To be read first, a sentence each: what the gate finds dangerous or refused (``opens``), the ``effects``, who uses
    what it changes (``in_use``), and the ``warnings``.

    ``found`` is what the entities that it changes were like when it was made: it is not carried out over what others
    changed since. ``kind`` is ``create-role``, ``delete-role``, ``adopt``, ``change`` …; ``target`` the ARN of what is
    changed. ``made`` is when it was made, None where that is unknown. ``moment`` is the text of a time in its calls
    that means the present: it is set again when the plan is carried out. ``undoes`` is the id of the plan that this
    one takes back, "" for the others.
    """

    id: str
    title: str
    sentence: str
    calls: tuple[Call, ...]
    kind: str = "change"
    target: str = ""
    account_id: str = ""
    type_name: str | None = None
    warnings: tuple[str, ...] = ()
    found: tuple[EntityFacts, ...] = ()
    effects: PlanEffects = NO_EFFECTS
    in_use: tuple[str, ...] = ()
    made: datetime | None = None
    moment: str = ""
    opens: tuple[str, ...] = ()
    undoes: str = ""

    @property
    def destructive(self) -> bool:
        return self.type_name is not None

    @property
    def to_read_first(self) -> tuple[str, ...]:
        return (*self.opens, *self.effects.said, *self.in_use, *self.warnings)


class PlanError(ValueError):
    """A change that cannot be planned. ``str()`` is one sentence that says why, and what to do."""


class NothingToDo(PlanError):
    """Nothing to do: the account already is as the change would make it."""


def new_id(title: str) -> str:
    """An id that sorts by time (UTC, to the microsecond), says what it is about, and is a safe file name."""
    words = re.sub(r"[^A-Za-z0-9]+", "-", title).strip("-").lower()[:40].rstrip("-")
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S-%f}-{words or 'plan'}-{os.urandom(4).hex()}"


def make_plan(
    title: str,
    sentence: str,
    calls: Iterable[Call],
    *,
    kind: str = "change",
    target: str = "",
    account_id: str = "",
    type_name: str | None = None,
    warnings: Iterable[str] = (),
    found: Iterable[Entity] = (),
) -> Plan:
    """A plan with a new id.

    ``found`` are the entities that it changes, as they were read for it. Raises `PlanError` for a call that no plan may
    hold.
    """
    listed = tuple(calls)
    for call in listed:
        check_call(call)
        if call.undo is not None:
            check_call(call.undo)
    facts = tuple(map(facts_of, found))
    unseen = (sentence for each in facts if (sentence := _unseen(each)))
    return Plan(
        new_id(title),
        title,
        sentence,
        listed,
        kind,
        target,
        account_id,
        type_name,
        tuple(dict.fromkeys((*warnings, *unseen))),
        facts,
        made=datetime.now(UTC),
    )


def moment_after(now: datetime) -> str:
    """Return the time 30 seconds later, as policies write it, so that calls in flight are covered."""
    return f"{now + timedelta(seconds=30):%Y-%m-%dT%H:%M:%SZ}"


def at_moment(plan: Plan, moment: str) -> Plan:
    """Return the plan with its moment set to this time, if it has a moment."""
    if not plan.moment:
        return plan

    def new(value: Any) -> Any:
        return value.replace(plan.moment, moment) if isinstance(value, str) else value

    calls = tuple(
        replace(call, why=new(call.why), parameters={name: new(each) for name, each in call.parameters.items()})
        for call in plan.calls
    )
    return replace(plan, calls=calls, moment=moment)


def _unseen(facts: EntityFacts) -> str:
    """Return the parts in which a change by others would go unnoticed, because they could not be read."""
    parts = [f"{part.removesuffix('y')}ies" for part in DOCUMENTED if part in facts.parts and facts.parts[part] is None]
    if not parts:
        return ""
    return (
        f"The {joined(parts)} of {shortened(facts.name)} could not be read, so changes by others there are not noticed."
    )


_TYPES: Mapping[ParameterKind, tuple[type, ...]] = {
    ParameterKind.TEXT: (str,),
    ParameterKind.DOCUMENT: (str,),
    ParameterKind.NUMBER: (int,),
    ParameterKind.FLAG: (bool,),
    ParameterKind.LIST: (tuple,),
    ParameterKind.TAGS: (dict,),
    ParameterKind.PROFILE: (str,),
}


def check_call(call: Call) -> None:
    """Raises `PlanError` unless the call is one of `OPERATIONS`, with the parameters that it takes."""
    operation = OPERATIONS.get(call.operation)
    if operation is None or call.service != operation.service:
        raise PlanError(f"A plan cannot contain the call {call.service}:{call.operation}.")
    for name, value in call.parameters.items():
        kind = operation.parameters.get(name)
        if kind is None:
            raise PlanError(f"{call.operation} has no parameter {name}.")
        if not isinstance(value, (*_TYPES[kind], AnswerValue)):
            raise PlanError(f"{call.operation} needs a {kind} as {name}, not a {type(value).__name__}.")
    missing = [name for name in operation.required if name not in call.parameters]
    if missing:
        raise PlanError(f"{call.operation} needs {', '.join(missing)}.")


def shifted(calls: Iterable[Call], by: int) -> tuple[Call, ...]:
    """Return the calls with their references to earlier answers shifted by ``by``, for calls inserted before them."""
    return tuple(
        replace(call, parameters=_shift(call.parameters, by), undo=_shift_undo(call.undo, by)) for call in calls
    )


def _shift(parameters: Mapping[str, Any], by: int) -> dict[str, Any]:
    return {
        name: AnswerValue(value.call + by, value.path) if isinstance(value, AnswerValue) else value
        for name, value in parameters.items()
    }


def _shift_undo(undo: Call | None, by: int) -> Call | None:
    return None if undo is None else replace(undo, parameters=_shift(undo.parameters, by))


def resolve(
    call: Call, answers: Mapping[int, Mapping[str, str]], places: Mapping[int, int] = MappingProxyType({})
) -> Call:
    """Return the call with each `AnswerValue` replaced from an earlier answer.

    ``places`` are the new places of calls that are made again: what no answer told yet is theirs to tell. Raises
    `PlanError` where neither knows it.
    """
    parameters = dict(call.parameters)
    for name, value in call.parameters.items():
        if not isinstance(value, AnswerValue):
            continue
        known = answers.get(value.call, {}).get(value.path)
        if known is None and value.call not in places:
            raise PlanError(
                f"{call.operation} needs {value.path} of call {value.call + 1}, which did not return it: check the "
                "entity and make this call by hand."
            )
        parameters[name] = AnswerValue(places[value.call], value.path) if known is None else known
    return replace(call, parameters=parameters)


# What is kept of a call's answer: never anything secret, only what undo and later calls need.
KEPT_OF_ANSWERS = (
    "PolicyVersion.VersionId",
    "Policy.Arn",
    "Role.Arn",
    "Role.RoleId",
    "OpenIDConnectProviderArn",
    "IamInstanceProfileAssociation.AssociationId",
)


def kept_answer(answer: Mapping[str, Any]) -> dict[str, str]:
    kept = {}
    for path in KEPT_OF_ANSWERS:
        value: Any = answer
        for part in path.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        if isinstance(value, str):
            kept[path] = value
    return kept


# To JSON and back: for the journal and for export.


def call_to_value(call: Call) -> dict[str, Any]:
    value: dict[str, Any] = {
        "operation": call.operation,
        "parameters": {name: _plain(each) for name, each in call.parameters.items()},
        "why": call.why,
    }
    for name in ("target", "undo_note", "caution"):
        if getattr(call, name):
            value[name] = getattr(call, name)
    if call.undo is not None:
        value["undo"] = call_to_value(call.undo)
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, AnswerValue):
        return {"$answer": [value.call, value.path]}
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value


def call_from_value(value: Mapping[str, Any]) -> Call:
    operation = str(value["operation"])
    call = Call(
        operation=operation,
        parameters={name: _typed(each) for name, each in value["parameters"].items()},
        why=str(value.get("why", "")),
        target=str(value.get("target", "")),
        undo=call_from_value(value["undo"]) if value.get("undo") else None,
        undo_note=str(value.get("undo_note", "")),
        caution=str(value.get("caution", "")),
        service=OPERATIONS[operation].service if operation in OPERATIONS else "iam",
    )
    check_call(call)
    return call


def _typed(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(str, value))
    if isinstance(value, dict):
        if "$answer" in value:
            index, path = value["$answer"]
            return AnswerValue(int(index), str(path))
        return {str(key): str(each) for key, each in value.items()}
    return value


def plan_to_value(plan: Plan) -> dict[str, Any]:
    """Return the complete plan as JSON values; `plan_from_value` is the inverse."""
    return {
        "id": plan.id,
        "title": plan.title,
        "sentence": plan.sentence,
        "kind": plan.kind,
        "target": plan.target,
        "account": plan.account_id,
        "type_name": plan.type_name,
        "warnings": list(plan.warnings),
        "effects": list(plan.effects.said),
        "in_use": list(plan.in_use),
        "made": plan.made.isoformat() if plan.made is not None else None,
        "moment": plan.moment,
        "opens": list(plan.opens),
        **({"undoes": plan.undoes} if plan.undoes else {}),
        "found": [facts.to_value() for facts in plan.found],
        "calls": [call_to_value(call) for call in plan.calls],
    }


def plan_from_value(value: Mapping[str, Any]) -> Plan:
    """Raises `PlanError` for what is no plan."""
    try:
        return Plan(
            id=str(value["id"]),
            title=str(value["title"]),
            sentence=str(value["sentence"]),
            calls=tuple(call_from_value(call) for call in value["calls"]),
            kind=str(value.get("kind", "change")),
            target=str(value.get("target", "")),
            account_id=str(value.get("account", "")),
            type_name=None if value.get("type_name") is None else str(value["type_name"]),
            warnings=tuple(map(str, value.get("warnings", ()))),
            found=tuple(map(EntityFacts.from_value, value.get("found", ()))),
            effects=PlanEffects(said=tuple(map(str, value.get("effects", ())))),
            in_use=tuple(map(str, value.get("in_use", ()))),
            made=None if value.get("made") is None else datetime.fromisoformat(value["made"]),
            moment=str(value.get("moment", "")),
            opens=tuple(map(str, value.get("opens", ()))),
            undoes=str(value.get("undoes", "")),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise PlanError(f"This is not a plan of rolescope: {type(error).__name__} {error}.") from error


def api_parameters(call: Call) -> dict[str, Any]:
    """The parameters as boto3 takes them."""
    kinds = parameters_of(call.operation)
    given: dict[str, Any] = {}
    for name, value in call.parameters.items():
        if kinds[name] is ParameterKind.TAGS:
            given[name] = [{"Key": key, "Value": each} for key, each in value.items()]
        elif kinds[name] is ParameterKind.PROFILE:
            given[name] = {"Name": value}
        elif kinds[name] is ParameterKind.LIST:
            given[name] = list(value)
        else:
            given[name] = value
    return given


def document_text(value: Any) -> str:
    """Return a policy as it is sent: formatted as people write it, with statements on separate lines."""
    return json.dumps(value, indent=2, ensure_ascii=False)
