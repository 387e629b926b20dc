"""Where a finding of the check is put right: in the field that the faulty part of the spec comes from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iam.creation.action_table import action_table
from iam.creation.preflight.documents import document_findings
from iam.creation.recipes.recipe import AccountFacts
from screens.create.builder import NAME
from screens.create.draft import Draft
from screens.create.faults import permission_faults

if TYPE_CHECKING:
    from iam.sources.aws.reader import AwsReader

FACTS = AccountFacts("111122223333", region="us-east-1")
WIDE = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]})
TRUST = {"trust.kind": "service", "trust.service.service": "lambda", "name": "x"}
BUILT = {
    "perm.statement.0": "Allow",
    "perm.built.0.action.0": "s3:GetObject",
    "perm.built.0.resource.0": "arn:aws:s3:::harbor-assets/*",
    "perm.statement.2": "Allow",
    "perm.built.2.action.0": "sqs:SendMessage",
    "perm.built.2.action.1": "sqs:ReceiveMessage",
    "perm.built.2.resource.0": "arn:aws:sqs:us-east-1:111122223333:a",
    "perm.built.2.resource.3": "arn:aws:sqs:us-east-1:111122223333:b",
    "perm.built.2.key.1": "aws:SourceVpc",
    "perm.built.2.value.1": "vpc-1",
}


def draft(**values: str) -> Draft:
    return Draft({**TRUST, **values}, table=action_table())


@pytest.mark.parametrize(
    ("part", "field"),
    [
        ("harbor-assets", "perm.built.0.resource.0"),
        ("sqs:ReceiveMessage", "perm.built.2.action.1"),
        (':b"', "perm.built.2.resource.3"),
        ("SourceVpc", "perm.built.2.key.1"),
        ("StringEquals", "perm.built.2.key.1"),
    ],
)
def test_a_line_of_the_statements_leads_to_its_field(part: str, field: str) -> None:
    made = draft(**BUILT)
    [policy] = made.inline(FACTS)
    line = next(at for at, text in enumerate(policy.document.text.split("\n"), 1) if part in text)
    assert made.inline_place("statements", line, FACTS) == field


def test_a_finding_leads_to_the_policy_that_it_is_about(demo_reader: AwsReader) -> None:
    wide_one = {"perm.built.0.action.0": "s3:*", "perm.built.0.resource.0": "*", "perm.json": WIDE}
    recipe = {"perm.recipe.0": "read-bucket", "perm.0.read-bucket.bucket": "harbor-assets"}
    made = draft(**{**BUILT, **wide_one, **recipe})
    wide = [each for each in document_findings(made.spec(FACTS), demo_reader) if each.code == "permission.wide"]
    found = [made.inline_place(each.value, each.line, FACTS) for each in wide]
    assert found == ["perm.statement.0", "perm.json"]
    assert made.inline_place("read-bucket", 3, FACTS) == "perm.0.read-bucket.bucket"


def test_a_part_of_the_trust_policy_leads_to_its_answer() -> None:
    made = Draft({"trust.kind": "account", "trust.account.principals": "arn:aws:iam::111122223333:role/nobody"})
    assert made.trust_place("arn:aws:iam::111122223333:role/nobody") == "trust.account.principals"
    assert made.trust_place("elsewhere") == "trust.kind"


def test_policies_of_one_name_are_told_at_a_name_that_can_be_changed() -> None:
    made = draft(**{**BUILT, NAME: "read-bucket", "perm.recipe.0": "read-bucket", "perm.0.read-bucket.bucket": "b-1"})
    assert [each.field for each in permission_faults(made, FACTS, None)] == [NAME]
    # A document that is too large with the others is told where it comes from.
    large = {f"perm.built.0.resource.{n}": f"arn:aws:s3:::{'b' * 60}/{'p' * 600}{n}" for n in range(18)}
    made = draft(**{**BUILT, **large})
    assert [each.field for each in permission_faults(made, FACTS, None)] == ["perm.statement.0"]
