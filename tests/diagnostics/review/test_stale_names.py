"""Names that only the organization shows to be of nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from diagnostics.review.reach import reach_into, reach_lines
from diagnostics.review.stale_names import stale_lines, stale_names
from iam.sources.organization.folder import open_folder
from tests.support.organizations.generate import MEMBERS, ORG, UNREAD, document, generate, role

DATA, OTHER = "200000000003", "200000000001"
HERE = f"{ORG}/r-plan/ou-plan-work1234"


def allow(principal: Any, **condition: Any) -> dict[str, Any]:
    more = {"Condition": condition} if condition else {}
    return {"Effect": "Allow", "Principal": principal, "Action": "s3:GetObject", "Resource": "*", **more}


def paths(*values: str) -> dict[str, Any]:
    return {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": list(values)}}


@pytest.mark.parametrize(
    ("statement", "kinds"),
    [
        (allow({"AWS": f"arn:aws:iam::{OTHER}:role/here"}), []),
        (allow({"AWS": f"arn:aws:iam::{OTHER}:role/gone"}), ["gone"]),
        (allow({"AWS": f"arn:aws:iam::{OTHER}:root"}), []),
        (allow({"AWS": f"arn:aws:iam::{UNREAD}:role/any"}), []),  # not read: nothing is known of its roles
        (allow({"AWS": "200000000009"}), ["closed"]),
        (allow({"AWS": "AROAGONEGONEGONEGONE1"}), []),  # an account was not read, which may have it
        (allow("*", **paths("*/ou-plan-unit0001/*")), []),
        (allow("*", **paths("o-elsewhere1/r-plan/ou-gone-12345678/*")), []),
        (allow("*", **paths(f"{ORG}/r-plan/ou-gone-12345678/*")), ["unit"]),
        (allow("*", **paths(f"{HERE}/*")), []),
        (allow("*", **paths(f"{HERE}/ou-plan-moved123/*")), ["moved-unit"]),
        (allow("*", StringEquals={"aws:PrincipalArn": f"arn:aws:iam::{OTHER}:role/gone"}), ["gone"]),
        (allow("*", ArnLike={"aws:PrincipalArn": f"arn:aws:iam::{OTHER}:role/gone*"}), []),
    ],
)
def test_names_of_what_is_gone(tmp_path: Path, statement: dict[str, Any], kinds: list[str]) -> None:
    made = generate(0)
    made.roles[OTHER] = [role(OTHER, "here", document(), {})]
    made.resources[DATA] = {"arn:aws:s3:::b": document(statement)}
    folder = made.write(tmp_path / "it")
    file = folder / "organization.json"
    tree = json.loads(file.read_text())
    tree["Units"] += [
        {"Id": "ou-plan-work1234", "Name": "w", "Parent": "r-plan"},
        {"Id": "ou-plan-moved123", "Name": "m", "Parent": "r-plan"},
    ]
    for each in tree["Accounts"]:
        each["Status"] = "SUSPENDED" if each["Id"] == "200000000009" else "ACTIVE"
    file.write_text(json.dumps(tree))
    accounts = open_folder(folder)
    opened = accounts.opened(DATA)
    assert opened is not None
    found = [one.json() for one in stale_names(opened, accounts)]
    assert [one["kind"] for one in found] == kinds
    assert len(list(stale_lines(found))) == (len(kinds) + 2 if kinds else 0)


def test_a_unique_id_that_no_account_has_was_deleted(tmp_path: Path) -> None:
    made = generate(0)
    made.resources[DATA] = {"arn:aws:s3:::b": document(allow({"AWS": "AROAGONEGONEGONEGONE1"}))}
    folder = made.write(tmp_path / "it")
    file = folder / "organization.json"
    tree = json.loads(file.read_text()) | {"Unread": []}
    tree["Accounts"] = [each for each in tree["Accounts"] if each["Id"] in MEMBERS]
    file.write_text(json.dumps(tree))
    accounts = open_folder(folder)
    opened = accounts.opened(DATA)
    assert opened is not None and [one.kind.name for one in stale_names(opened, accounts)] == ["DELETED"]


def test_a_vendor_is_named_with_its_page(tmp_path: Path) -> None:
    made = generate(0)
    made.resources[DATA] = {"arn:aws:s3:::b": document(allow({"AWS": "arn:aws:iam::464622532012:root"}))}
    accounts = open_folder(made.write(tmp_path / "it"))
    opened = accounts.opened(DATA)
    assert opened is not None
    (one,) = [each.json() for each in reach_into(opened, accounts)]
    assert one["vendor"]["name"] == "Datadog" and one["vendor"]["page"].startswith("https://docs.datadoghq.com/")
    assert "464622532012:root of Datadog to" in "\n".join(reach_lines([one]))
