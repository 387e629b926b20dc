"""A folder of iam-collect is read as an organization: the same answers as from our own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from diagnostics.review.reach import ours
from iam.organization.place import Place
from iam.sources.organization.folder import FolderAccounts, open_folder
from iam.sources.source_error import SourceError
from tests.support.organizations.generate import MANAGEMENT, MEMBERS, ORG, ROOT, UNITS, UNREAD, Generated, generate
from tests.support.organizations.judge import diagnosed


def write(made: Generated, folder: Path) -> Path:
    """The organization as iam-collect lays it out."""

    def put(place: str, **parts: Any) -> None:
        for name, value in parts.items():
            path = folder / "aws" / "aws" / place.lower() / f"{name.replace('_', '-')}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(value))

    def at(target: str, kind: str) -> list[str]:
        return [each["Arn"] for each in made.at(target, kind)]

    for account in MEMBERS:
        put(f"accounts/{account}", organization={"organizationId": ORG})
        for role in made.roles.get(account, ()):
            boundary = role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
            about = {"arn": role["Arn"], "name": role["RoleName"], "id": role["RoleId"], "path": "/"}
            put(
                f"accounts/{account}/iam/role/{quote(role['RoleName'], safe='')}",
                metadata={**about, "permissionBoundary": boundary},
                trust_policy=role["AssumeRolePolicyDocument"],
                inline_policies=role["RolePolicyList"],
            )
        for policy in made.policies.get(account, ()):
            about = {"arn": policy["Arn"], "name": policy["PolicyName"], "defaultVersionId": "v1"}
            place = f"accounts/{account}/iam/policy/{policy['PolicyName']}"
            put(place, metadata=about, current_policy=policy["PolicyVersionList"][0]["Document"])
        for arn, policy in made.resources.get(account, {}).items():
            _, _, service, region, _, name = arn.split(":", 5)
            put(
                f"accounts/{account}/{service}/{region or 'x'}/{quote(name, safe='')}",
                metadata={"arn": arn},
                policy=policy,
            )
    units = {id: {"parent": parent} for id, parent in {**UNITS, ROOT: None}.items()}
    accounts = {id: {"ou": parent} for id, parent in {**MEMBERS, UNREAD: "ou-plan-infra"}.items()}
    for id, entry in (*units.items(), *accounts.items()):
        entry |= {"scps": at(id, "scp"), "rcps": at(id, "rcp")}  # type: ignore[dict-item]
        for kind in ("scp", "rcp"):
            for each in made.at(id, kind):
                place = f"organizations/{ORG}/{kind}s/{each['Arn'].rpartition('/')[2]}"
                put(place, metadata={"arn": each["Arn"], "name": each["Name"]}, policy=each["Document"])
    features = {"SERVICE_CONTROL_POLICY": True, "RESOURCE_CONTROL_POLICY": True}
    about = {"id": ORG, "rootOu": ROOT, "rootAccountId": MANAGEMENT, "features": features}
    put(f"organizations/{ORG}", metadata=about, accounts=accounts, ous=units)
    return folder


def test_the_answers_are_those_of_our_own_folder(tmp_path: Path) -> None:
    made = generate(12, 21)
    theirs: FolderAccounts = open_folder(write(made, tmp_path / "theirs"))
    ours = open_folder(made.write(tmp_path / "ours"))
    assert set(theirs.ids) == set(MEMBERS) and theirs.tree is not None and theirs.tree.complete
    assert theirs.standing(UNREAD).place is Place.UNREAD
    for planted in made.denials:
        if planted.owner in MEMBERS:
            found, wanted = (diagnosed(planted, each).verdict for each in (theirs, ours))
            assert (found.cause, found.account) == (wanted.cause, wanted.account), planted.text


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (f"organizations/{ORG.lower()}/accounts.json", "[1]"),
        (f"organizations/{ORG.lower()}/metadata.json", '"x"'),
        (f"organizations/{ORG.lower()}/ous.json", '{"r-plan": 1}'),
        ("accounts/200000000001/iam/role/x/metadata.json", "[]1"),
        ("accounts/200000000001/iam/role/x/metadata.json", "[1]"),
    ],
)
def test_what_is_malformed_is_said_in_a_sentence(tmp_path: Path, place: str, text: str) -> None:
    write(generate(0), tmp_path)
    file = tmp_path / "aws" / "aws" / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    try:
        accounts = open_folder(tmp_path)
    except SourceError as error:
        said = str(error)
    else:
        assert accounts.opened("200000000001") is None
        said = accounts.standing("200000000001").why
    assert "JSON" in said and str(tmp_path) in said


def test_two_organizations_are_told_apart(tmp_path: Path) -> None:
    write(generate(0), tmp_path)
    other, lone = "o-otherother1", "500000000001"
    for place, value in {
        f"accounts/{lone}/organization.json": {"organizationId": other},
        f"accounts/{lone}/iam/role/x/metadata.json": {"arn": f"arn:aws:iam::{lone}:role/x", "name": "x", "path": "/"},
        f"organizations/{other}/metadata.json": {"id": other, "rootOu": "r-othe", "rootAccountId": lone},
        f"organizations/{other}/accounts.json": {lone: {"ou": "r-othe"}},
        f"organizations/{other}/ous.json": {"r-othe": {"parent": None}},
    }.items():
        path = tmp_path / "aws" / "aws" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value))
    accounts = open_folder(tmp_path)
    assert accounts.tree is not None and accounts.tree.id == ORG
    found = accounts.standing(lone)
    assert found.place is Place.READ and found.organization is not None and found.organization.id == other
    assert accounts.standing("200000000001").organization.id == ORG  # type: ignore[union-attr]
    assert ours(accounts, lone) == {lone} and lone not in ours(accounts, "200000000001")


def test_a_policy_that_iam_collect_was_denied_is_not_taken_for_none(tmp_path: Path) -> None:
    """It writes nothing where there is no policy, and nothing where it was refused."""
    write(generate(0), tmp_path)
    account = "200000000001"
    allow = {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"},
    }
    key, topic, queue = (f"arn:aws:{each}:eu-west-1:{account}:x" for each in ("kms", "sns", "sqs"))
    buckets = {name: f"arn:aws:s3:::{name}" for name in ("with", "without", "denied", "blocked")}
    parts: dict[str, dict[str, Any]] = {
        "iam/role/x": {"metadata": {"arn": f"arn:aws:iam::{account}:role/x", "name": "x", "path": "/"}},
        "s3/with": {"metadata": {"arn": buckets["with"], "name": "with"}, "policy": allow, "encryption": []},
        "s3/without": {"metadata": {"arn": buckets["without"], "name": "without"}, "encryption": []},
        "s3/denied": {"metadata": {"arn": buckets["denied"], "name": "denied"}},
        "s3/blocked": {"metadata": {"arn": buckets["blocked"], "name": "blocked"}, "bpa": {"BlockPublicPolicy": True}},
        "kms/eu-west-1/key/y": {"metadata": {"arn": f"{key}y"}, "policy": allow},
        "kms/eu-west-1/key/x": {"metadata": {"arn": key}},
        "sns/eu-west-1/x": {"metadata": {"arn": topic}},
        "sqs/eu-west-1/y": {"metadata": {"arn": f"{queue}y"}, "policy": allow},
        "sqs/eu-west-1/x": {"metadata": {"arn": queue}},
    }
    for place, files in parts.items():
        for name, value in files.items():
            path = tmp_path / "aws" / "aws" / "accounts" / account / place / f"{name}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(value))
    opened = open_folder(tmp_path).opened(account)
    assert opened is not None
    policies = opened.reader.resource_policies().value or {}
    assert set(policies) == {buckets["with"], f"{key}y", f"{queue}y"}
    for arn in (buckets["without"], queue):
        reading = opened.reader.resource_policy(arn)
        assert reading.value is None and not reading.unreadable, arn
    for arn in (buckets["denied"], key, topic):
        assert opened.reader.resource_policy(arn).unreadable, arn
    block = opened.reader.public_access_block("blocked").value
    assert block is not None and block.block_public_policy and opened.reader.public_access_block("denied").unreadable
    assert open_folder(tmp_path).owner_of(buckets["blocked"]) == account


def test_of_two_partitions_one_is_to_be_opened(tmp_path: Path) -> None:
    write(generate(0), tmp_path)
    (tmp_path / "aws" / "aws-cn" / "accounts" / "200000000001" / "iam").mkdir(parents=True)
    for place in (tmp_path, tmp_path / "aws"):
        with pytest.raises(SourceError, match="2 AWS partitions: open one of"):
            open_folder(place)
    assert open_folder(tmp_path / "aws" / "aws").ids
