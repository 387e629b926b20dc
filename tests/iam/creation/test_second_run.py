"""Specifications of every kind, created on a plain moto: read back as planned, and a second run has nothing to do.

``python -m tests.iam.creation.test_second_run`` prints how many, and what differs.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from iam.account import Account
from iam.changes.apply import CallStatus
from iam.changes.plan import PlanError
from iam.creation.examples import EXAMPLES
from iam.creation.plan import create_role
from iam.creation.recipes.recipe import AccountFacts
from iam.creation.reconcile import reconcile
from iam.creation.spec_file import FIELDS, spec_of
from iam.sources.aws.reader import AwsReader
from tests.support.changes.recipes import PERMISSIONS, TRUSTS
from tests.support.gate.let_through import apply

LAMBDA = {"service": "lambda"}
READ = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::b/*"]}
DOCUMENT = {"Version": "2012-10-17", "Statement": [READ]}
SINGLE = {"Version": "2012-10-17", "Statement": {**READ, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}}
DENY = {"Version": "2012-10-17", "Id": "guard", "Statement": [{**READ, "Sid": "No", "Effect": "Deny"}]}
ENTITIES: dict[str, Mapping[str, Any]] = {
    "a path": {"path": "/team/app/"},
    "a description of accents and signs": {"description": "Für die Bestellungen, naïve café & <b>"},
    "tags, one without a value": {"tags": {"team": "ferry", "cost center": "12/3 = a+b", "empty": ""}},
    "fifty tags": {"tags": {f"key-{number}": f"value {number}" for number in range(50)}},
    "the longest session": {"max_session_seconds": 43_200},
    "a name of every letter that IAM takes": {"name": "a+b=c,d.e@f_g-h"},
    "the longest name": {"name": "n" * 64},
    "a boundary of AWS's": {"boundary": "aws:PowerUserAccess"},
    "an inline policy of one statement": {"inline": {"one": SINGLE}},
    "several inline policies": {"inline": {f"p{number}": DOCUMENT for number in range(4)}},
    "a Deny with Sid and Id": {"inline": {"guard": DENY}},
    "nine attached policies": {"attach": ["aws:ReadOnlyAccess", *(f"aws:Amazon{name}ReadOnlyAccess" for name in (
        "S3", "EC2", "SQS", "SNS", "DynamoDB", "RDS", "VPC", "Kinesis"))]},
    "two new policies": {"policies": [
        {"name": "first", "document": DOCUMENT},
        {"name": "second", "document": DENY, "path": "/team/", "description": "Keeps out"}]},
    "a profile of its own name": {"trust": {"service": "ec2"}, "instance_profile": True},
    "a profile of another name": {"trust": {"service": "ec2"}, "instance_profile": "other-profile"},
    "EC2 without a profile": {"trust": {"service": "ec2"}, "instance_profile": False},
    "a trust policy as a document": {"trust": {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "sts:AssumeRole"},
        {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole",
         "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}},
    "everything at once": {
        "path": "/all/", "description": "all", "tags": {"a": "b"}, "max_session_seconds": 7200,
        "boundary": "aws:PowerUserAccess", "trust": {"service": "ec2"}, "instance_profile": "all-of-it",
        "permissions": [{"recipe": "read-bucket", "bucket": "harbor-assets"}],
        "inline": {"own": DOCUMENT},
        "attach": ["aws:SecurityAudit"], "policies": [{"name": "new-with-all", "document": DOCUMENT}]},
}  # fmt: skip


def specifications() -> Iterator[tuple[str, dict[str, Any]]]:
    """A title and a specification each, of names of their own."""
    for number, (title, value) in enumerate(_values()):
        yield title, {"name": f"role-{number}", "trust": LAMBDA, **value}


def _values() -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield from ENTITIES.items()
    services = ("apigateway", "states", "scheduler", "codebuild", "glue", "eks")
    yield from ((f"service {service}", {"trust": {"service": service}}) for service in services)
    for number, (recipe, answers) in enumerate(TRUSTS):
        if recipe != "service":
            yield f"trust {recipe} {number}", {"trust": {recipe: dict(answers)}}
    for number, (recipe, answers) in enumerate(PERMISSIONS):
        listed = {key: value.splitlines() if "\n" in value else value for key, value in answers.items()}
        yield f"permission {recipe} {number}", {"permissions": [{"recipe": recipe, **listed}]}
    for kind, example in EXAMPLES.items():
        roles = example.get("roles", [example]) if isinstance(example, dict) else example
        yield from ((f"example {kind}", {**role, "name": f"{kind}-{role['name']}"}) for role in roles)


def differences(value: dict[str, Any], account: Account, reader: AwsReader, directory: Path) -> str:
    """Create the role, read it back and run again; return what is not as it should be, or ""."""
    spec = spec_of(value, AccountFacts.of(account))
    if faults := spec.faults():
        return faults[0]
    *_, last = apply(create_role(spec, account, reader), reader, writable=True, directory=directory)
    if last.status is not CallStatus.VERIFIED:
        return last.sentence
    role = reader.role(spec.name).value
    if role is None:
        return "it is not there"
    try:
        again = reconcile(spec, [each for each in FIELDS if each in value], role, account, reader)
    except PlanError as error:
        return str(error)
    return ", ".join(call.operation for call in again.calls)


@pytest.fixture(scope="module")
def reader() -> Iterator[AwsReader]:
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
        yield AwsReader(boto3.Session("AKIAEXAMPLE", "secret", region_name="us-east-1"), kind="aws")


def test_a_second_run_has_nothing_to_do(reader: AwsReader, tmp_path: Path) -> None:
    *_, account = reader.accounts()
    cases = list(specifications())
    assert len(cases) >= 43
    wrong = {title: found for title, value in cases if (found := differences(value, account, reader, tmp_path))}
    assert not wrong


def main() -> None:
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder, mock_aws():
        patch.setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
        own = AwsReader(boto3.Session("AKIAEXAMPLE", "secret", region_name="us-east-1"), kind="aws")
        *_, account = own.accounts()
        cases = list(specifications())
        found = {title: differences(value, account, own, Path(folder)) for title, value in cases}
    for title, words in found.items():
        if words:
            print(f"{title}: {words}")
    print(f"{len(cases)} specifications created; {sum(map(bool, found.values()))} differ on the second run")


if __name__ == "__main__":
    main()
