"""The rows by which the types of an account are read from JSON and written to it."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest

from iam.account import Account, LastUsed, ManagedPolicy, Role
from iam.policy.document import Document
from iam.sources import json_evidence, json_objects
from iam.sources.json_objects import MANAGED_POLICY, ROLE, ROLE_SETTINGS, USER, read_role
from iam.sources.json_values import TEXT, TIME, JsonObject, JsonRow, MalformedJson, by_key, list_of
from iam.sources.reader.entities import LoginProfile
from iam.sources.snapshot import format as snapshot_format
from iam.sources.snapshot import format_evidence
from iam.sources.snapshot.contents import Contents

# Of these types a file has each field elsewhere, or makes it anew.
_MADE_ANEW = {
    Account: {
        *("source", "captured_at", "warnings", "progress", "in_organization"),
        *("roles", "users", "groups", "policies"),
    },
    Contents: {"account", "aws_managed", "organization_known"},
}


def test_every_field_of_every_type_has_a_row() -> None:
    rows: dict[Any, set[str]] = {}
    for module in (json_objects, json_evidence, snapshot_format, format_evidence):
        for shape in vars(module).values():
            if isinstance(shape, JsonObject) and dataclasses.is_dataclass(shape._make):
                rows.setdefault(shape._make, set()).update(row.attribute for row in shape.rows)
    assert len(rows) > 20
    for type_, attributes in rows.items():
        fields = {field.name for field in dataclasses.fields(type_)}
        assert fields - attributes == _MADE_ANEW.get(type_, set()), type_


def test_a_role_comes_back_as_it_was() -> None:
    role = Role(
        "a",
        "arn:aws:iam::111122223333:role/a",
        created=datetime(2026, 1, 2, tzinfo=UTC),
        trust=Document.from_value({"Statement": []}),
        inline=(),
        tags={"team": "ferry"},
        boundary_arn="arn:aws:iam::aws:policy/x",
        last_used=LastUsed(None),
        description="d",
        max_session_seconds=3600,
        source_template="arn:aws:iam::aws:role-template/x",
    )
    written = {**ROLE.write(role), **ROLE_SETTINGS.write(role)}
    assert written["RolescopeUnread"] == ["InstanceProfileList", "AttachedManagedPolicies"]
    assert read_role(written, detailed=True) == role


def test_an_absent_list_is_empty_only_where_all_details_are_known() -> None:
    assert USER.read({"UserName": "u"}).groups is None
    assert USER.read({"UserName": "u"}, detailed=True).groups == ()
    assert USER.read({"UserName": "u", "RolescopeUnread": ["GroupList"]}, detailed=True).groups is None


def test_a_password_that_has_to_be_changed_is_saved() -> None:
    profile = LoginProfile("ben", reset_required=True)
    assert json_evidence.LOGIN_PROFILE.read(json_evidence.LOGIN_PROFILE.write(profile)) == profile


def test_a_wrong_kind_is_named_with_its_place_in_lists_and_objects() -> None:
    shape = JsonObject(dict, JsonRow("When", "when", list_of(by_key(TIME))), JsonRow("Name", "name", TEXT))
    with pytest.raises(MalformedJson, match=r"^When\[1\]\['a b'\] is true or false, and should be a time$"):
        shape.read({"When": [{}, {"a b": True}]})
    with pytest.raises(MalformedJson, match=r"^Name is a number, and should be a text$"):
        shape.read({"Name": 3})
    with pytest.raises(MalformedJson, match=r"^The value is a list, and should be an object$"):
        shape.read([])  # type: ignore[arg-type]


def _policy(default: str | None, **flags: bool) -> ManagedPolicy:
    entries = [
        {"VersionId": version, "IsDefaultVersion": flag, "Document": {"Statement": [], "Id": version}}
        for version, flag in flags.items()
    ]
    told = {"DefaultVersionId": default} if default else {}
    return MANAGED_POLICY.read({"Arn": "arn:aws:iam::111122223333:policy/p", "PolicyVersionList": entries, **told})


@pytest.mark.parametrize(
    ("policy", "default"),
    [
        (_policy("v2", v1=False, v2=True), "v2"),
        (_policy("v2", v1=False, v2=False), "v2"),  # nothing is flagged
        (_policy("v2", v1=True, v2=False), "v2"),  # the flag says otherwise
        (_policy(None, v1=False, v2=True), "v2"),  # the flag alone
        (_policy("v9", v1=True), None),  # the version that counts was not read
        (_policy(None, v1=True, v2=True), None),
        (_policy(None, v1=False), None),
    ],
)
def test_which_version_of_a_policy_counts(policy: ManagedPolicy, default: str | None) -> None:
    document = policy.document
    assert (document.value["Id"] if document else None) == default
    assert [version.id for version in policy.versions if version.is_default] == ([default] if default else [])
