"""A file's roles are made when they are asked for, and are the same as those that are made at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from iam.kept_roles import KeptRoles
from iam.sources.json_objects import ROLE, ROLE_SETTINGS, is_role, read_role
from iam.sources.snapshot.reader import open_snapshot
from iam.sources.source_error import SourceError
from tests.support.accounts.scale import make


def saved(path: Path, value: dict[str, Any]) -> Path:
    file = path / "saved.json"
    file.write_text(json.dumps(value), encoding="utf-8")
    return file


def test_they_are_the_same(tmp_path: Path) -> None:
    snapshot, _ = make(30)
    snapshot["RoleDetailList"] += [None, {"RoleName": ""}, {"RoleName": "bare"}]
    file = saved(tmp_path, snapshot)
    at_once, later = open_snapshot(file).account, open_snapshot(file, roles_later=True).account
    assert isinstance(later.roles, KeptRoles) and not isinstance(at_once.roles, KeptRoles)
    assert later == at_once and at_once.roles[3:5] == later.roles[3:5] and later.roles[-1].name == "bare"
    assert list(later.role_names) == [role.name for role in at_once.roles] == list(at_once.role_names)
    assert list(later.role_arns) == [role.arn for role in at_once.roles] == list(at_once.role_arns)
    for role in at_once.roles:
        assert later.role(role.arn or role.name) == role == later.role_ignoring_case(role.name.upper())
    assert later.partition == at_once.partition and later.role("nobody") is None
    with pytest.raises(IndexError):
        later.roles[len(at_once.roles)]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("Path", 7),
        ("CreateDate", "yesterday"),
        ("AssumeRolePolicyDocument", []),
        ("InstanceProfileList", [7]),
        ("RolePolicyList", [{"PolicyName": "without"}]),
        ("AttachedManagedPolicies", [{"PolicyArn": None}, "x"]),
        ("PermissionsBoundary", "arn"),
        ("Tags", [{"Key": 1}]),
        ("RoleLastUsed", {"LastUsedDate": True}),
        ("Description", []),
        ("MaxSessionDuration", True),
    ],
)
def test_what_is_broken_is_said_although_nobody_asks_for_it(tmp_path: Path, key: str, value: object) -> None:
    for settings in (False, True):
        snapshot, _ = make(10)
        name = snapshot["RoleDetailList"][6]["RoleName"]
        part = snapshot["Rolescope"]["Roles"].setdefault(name, {}) if settings else snapshot["RoleDetailList"][6]
        part[key] = value
        file = saved(tmp_path, snapshot)
        if settings and key not in ("Description", "MaxSessionDuration"):
            assert open_snapshot(file, roles_later=True).account == open_snapshot(file).account
            continue
        said = []
        for later in (False, True):
            with pytest.raises(SourceError) as caught:
                open_snapshot(file, roles_later=later)
            said.append(str(caught.value))
        assert said[0] == said[1] and key in said[0]


ODD: tuple[Any, ...] = (
    None, True, 0, 1.5, "", "x", "2026-01-31", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00", [], {},
    [None], [[]], [{}], [{"Key": None}], [{"PolicyDocument": None}], [{"PolicyName": "a", "PolicyDocument": {}}],
    [{"PolicyName": "a", "PolicyDocument": "%7B"}], {"LastUsedDate": "x"}, {"LastUsedDate": None, "Region": 1},
    {"PermissionsBoundaryArn": None}, {"PermissionsBoundaryArn": 1}, [{"InstanceProfileName": None}], ["a"],
    {"TemplateArn": 1},
)  # fmt: skip


def test_what_fits_can_be_read() -> None:
    keys = {row.key for row in (*ROLE.rows, *ROLE_SETTINGS.rows)} | {"SourceRoleTemplate", "RolescopeUnread", "Other"}
    fitted = 0
    for key in keys:
        for value in ODD:
            entry = {"RoleName": "a", "Arn": "arn:aws:iam::111122223333:role/a", key: value}
            if is_role(entry):
                fitted += 1
                assert read_role(entry, detailed=True).arn in (entry["Arn"] or "", "")
    assert fitted > 100
