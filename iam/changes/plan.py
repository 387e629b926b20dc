"""A plan: a change as a value, made of ordered write calls, each with the call that undoes it.

A plan is shown before it is carried out, journaled while it is, and verified afterwards (`iam.changes.apply`). Building
a plan makes no write calls.
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
    """Actions that a principal gains or loses.

    ``actions`` are the first of ``action_count`` actions; ``conditions`` contains one sentence for each condition.
    ``kind`` is one of `iam.questions.change.compare.KINDS`; ``rolescope-probe`` in a resource represents any name.
    """

    who: str
    kind: str
    actions: tuple[str, ...]
    action_count: int
    resource: str
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanEffects:
    """The access that principals gain and lose if a plan is carried out.

    ``said`` contains sentences; only these are written to the journal. ``lead`` contains the first of them about what
    is lost and the first about what is gained, in this order. ``complete`` is False if there may be more effects.
    """

    said: tuple[str, ...] = ()
    gained: tuple[AccessGrant, ...] = ()
    lost: tuple[AccessGrant, ...] = ()
    complete: bool = True
    lead: tuple[str, ...] = ()

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
    """A change to an account, as an ordered list of calls.

    ``sentence`` says what it will do. ``type_name`` is the name that the user must type to confirm a plan that destroys
    something or opens it to strangers; None for other plans.

    To be read before applying, one sentence each: what the gate finds dangerous or rejected (``opens``), the
    ``effects``, what currently uses the entities that it changes (``in_use``), and the ``warnings``.

    ``found`` records the entities as they were when the plan was made: if others have changed them since, the plan is
    not carried out. ``kind`` is ``create-role``, ``delete-role``, ``adopt``, ``change`` …; ``target`` is the ARN of the
    changed entity. ``made`` is when the plan was made, or None if unknown. ``moment`` is the text of a time in the
    plan's calls that represents the present; it is updated when the plan is carried out. ``undoes`` is the ID of the
    plan that this one undoes, or "".
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
    """Raised if a change cannot be planned. ``str()`` is one sentence that says why, and what to do."""


class NothingToDo(PlanError):
    """Raised if the change would have no effect, because the account is already in that state."""


def new_id(title: str) -> str:
    """Return a new plan ID.

    IDs sort by creation time (UTC, microseconds), contain words of the title, and are safe file names.
    """
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
    """Return a plan with a new ID.

    ``found`` are the entities that it changes, as they were just read. Raises `PlanError` for a call that a plan must
    not contain.
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
    """Return the time 30 seconds after ``now`` in the form for policies. The margin covers calls in progress."""
    return f"{now + timedelta(seconds=30):%Y-%m-%dT%H:%M:%SZ}"


def at_moment(plan: Plan, moment: str) -> Plan:
    """Return the plan with the time in its calls set to ``moment``, if it contains such a time."""
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
    """Return a sentence that lists unreadable parts, in which changes by others would not be noticed, or ""."""
    parts = [f"{part.removesuffix('y')}ies" for part in DOCUMENTED if part in facts.parts and facts.parts[part] is None]
    if not parts:
        return ""
    return (
        f"The {joined(parts)} of {shortened(facts.name)} could not be read, so changes that others make to them are "
        "not noticed."
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
    """Raise `PlanError` unless the call is one of `OPERATIONS` and has valid parameters."""
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
    """Return the calls with references to earlier calls increased by ``by``, because calls are inserted before them."""
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
    """Return the call with each `AnswerValue` replaced by the value that an earlier call returned.

    ``places`` maps calls that are made again to their new indexes: a value that is not known yet then refers to the new
    call. Raises `PlanError` if a value is neither known nor returned by such a call.
    """
    parameters = dict(call.parameters)
    for name, value in call.parameters.items():
        if not isinstance(value, AnswerValue):
            continue
        known = answers.get(value.call, {}).get(value.path)
        if known is None and value.call not in places:
            raise PlanError(
                f"{call.operation} needs {value.path}, which call {value.call + 1} did not return: check the entity "
                "and make this call by hand."
            )
        parameters[name] = AnswerValue(places[value.call], value.path) if known is None else known
    return replace(call, parameters=parameters)


# The values of responses that are stored: only those that undo and later calls need, and no secrets.
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


# Conversion to JSON and back, for the journal and for export.


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
    """Return the complete plan as a JSON object. `plan_from_value` is the inverse."""
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
    """Return the plan that a JSON object describes. Raises `PlanError` if it does not describe a plan."""
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
    """Return the call's parameters in boto3's form."""
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
    """Return a policy as it is sent: indented JSON."""
    return json.dumps(value, indent=2, ensure_ascii=False)
