"""What runs with a role: every call, parameter and place in the table is one of botocore's."""

from __future__ import annotations

import re
from typing import Any

import botocore.session
import pytest

from diagnostics.review.escalation.ways import PASSING, RUNNING, RUNNING_BY_KIND, PassingWay, RunningWay
from iam.facts.workloads import BOUND, KINDS, WORKLOAD_KINDS, WorkloadKind
from iam.service_reference import action

SESSION = botocore.session.Session()


def inside(shape: Any, path: str) -> Any:
    """The shape at a JMESPath of names, lists and one filter."""
    for part in re.findall(r"\[[^\]]*\]|[^.\[\]]+", path.replace("@", "")):
        if part == "[]":
            shape = shape.member if shape.type_name == "list" else shape
        elif part.startswith("[?"):
            key = part[2:].split()[0]
            shape = shape.member
            assert key in shape.members
        else:
            shape = shape.members[part]
    return shape


def items(kind: WorkloadKind) -> list[Any]:
    """The shape of the items of each call."""
    return [
        inside(SESSION.get_service_model(service).operation_model(operation).output_shape, path)
        for service, operation, path in kind.operations()
    ]


def at(shapes: list[Any], place: str) -> Any:
    number, _, path = place.partition("=")[0].partition(".")
    return inside(shapes[int(number)], path)


@pytest.mark.parametrize("kind", WORKLOAD_KINDS, ids=lambda kind: kind.id)
def test_every_place_is_in_the_answers(kind: WorkloadKind) -> None:
    shapes = items(kind)
    for place in (each for several in (*kind.roles, *kind.profiles) for each in several.split("|")):
        assert at(shapes, place).type_name == "string", place
    for place in kind.traits.values():
        at(shapes, place)
    arns = re.findall(r"\{(\d[^}]*)\}", kind.arn) or [kind.arn]
    assert all(at(shapes, place).type_name == "string" for place in arns)
    assert kind.page.startswith("https://docs.aws.amazon.com/") and (kind.roles or kind.profiles)


@pytest.mark.parametrize("kind", WORKLOAD_KINDS, ids=lambda kind: kind.id)
def test_every_parameter_is_one_of_the_operations(kind: WorkloadKind) -> None:
    shapes = items(kind)
    for number, (call, (service, operation, _)) in enumerate(zip(kind.calls, kind.operations(), strict=True)):
        given = SESSION.get_service_model(service).operation_model(operation).input_shape
        assert set(given.required_members) <= set(call.given) and set(call.given) <= set(given.members)
        for parameter, value in call.given.items():
            if isinstance(value, str) and value[0].isdigit():
                assert int(value[0]) < number and at(shapes, value).type_name == "string"
                assert given.members[parameter].type_name == (
                    "list" if call.at_once > 1 and value == str(number - 1) else "string"
                )


def test_every_way_names_a_kind_and_actions_of_aws() -> None:
    kinds = {*KINDS, *(kind for kind, _ in BOUND.values())}
    assert {way.kind for way in RUNNING} <= kinds and {way.exists for way in PASSING if way.exists} <= set(KINDS)
    ways: tuple[PassingWay | RunningWay, ...] = (*PASSING, *RUNNING)
    for name in {name for way in ways for name in way.actions}:
        known = action(name)
        assert known is not None and known.name == name
    for way in ways:
        assert way.id or way.page.startswith("https://docs.aws.amazon.com/")
    for kind, several in RUNNING_BY_KIND.items():
        traits = KINDS[kind].traits if kind in KINDS else {}
        assert all({way.requires, way.hopes} <= {"", *traits} for way in several)
