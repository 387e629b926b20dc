"""The next steps with a role, by its trust policy alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from iam.account import InlinePolicy
from iam.creation.after.next_steps import next_steps
from iam.creation.recipes.recipe import AccountFacts
from iam.creation.spec import RoleSpec
from iam.policy.document import Document

FACTS = AccountFacts("111122223333")
WEB = "sts:AssumeRoleWithWebIdentity"


def provider(issuer: str) -> dict[str, str]:
    return {"Federated": f"arn:aws:iam::111122223333:oidc-provider/{issuer}"}


def trust(*principals: dict[str, Any], action: str = "sts:AssumeRole", **condition: dict[str, str]) -> Document:
    more = {"Condition": condition} if condition else {}
    statements = [{"Effect": "Allow", "Principal": each, "Action": action, **more} for each in principals]
    return Document(json.dumps({"Version": "2012-10-17", "Statement": statements}))


def steps(document: Document, **spec: Any) -> str:
    return "\n".join(next_steps(RoleSpec("tried", document, **spec), FACTS))


@pytest.mark.parametrize(
    ("issuer", "condition", "words"),
    [
        ("git.harbor.example/_services/token", {"sub": "repo:harbor/site:*"}, "role-to-assume: arn:aws:iam"),
        ("gitlab.harbor.example", {"sub": "project_path:a/b:*", "aud": "https://x"}, "aud: https://x"),
        (
            "tfe.harbor.example",
            {"sub": "organization:a:project:b:workspace:c:run_phase:*", "aud": "tfe"},
            "TFC_AWS_WORKLOAD_IDENTITY_AUDIENCE=tfe",
        ),
        ("oidc.eks.eu-west-1.amazonaws.com/id/A", {"sub": "system:serviceaccount:shop:api"}, "-n shop api "),
        ("oidc.eks.eu-west-1.amazonaws.com/id/A", {"sub": "system:serviceaccount:$(id):x"}, "-n '$(id)' x "),
        ("idp.harbor.example", {"sub": "robot"}, "aws sts assume-role-with-web-identity"),
    ],
)
def test_providers_under_other_names_are_known_by_their_subjects(
    issuer: str, condition: dict[str, str], words: str
) -> None:
    keys = {f"{issuer}:{claim}": value for claim, value in condition.items()}
    assert words in steps(trust(provider(issuer), action=WEB, StringLike=keys))


def test_a_role_with_two_uses_has_both() -> None:
    found = steps(trust({"Service": ["lambda.amazonaws.com", "ecs-tasks.amazonaws.com"]}, {"AWS": "999988887777"}))
    assert "update-function-configuration" in found
    assert '"taskRoleArn"' in found
    assert "Account 999988887777 must also allow the call" in found


def test_who_may_pull_images_starts_containers() -> None:
    statement = {"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}
    pull = InlinePolicy("pull", Document(json.dumps({"Version": "2012-10-17", "Statement": statement})))
    document = trust({"Service": "ecs-tasks.amazonaws.com"})
    assert '"executionRoleArn"' in steps(document, inline=(pull,))
    assert '"taskRoleArn"' in steps(document)


def test_an_instance_profile_is_attached_and_without_one_it_is_said() -> None:
    document = trust({"Service": "ec2.amazonaws.com"})
    assert "--iam-instance-profile Name=tried" in steps(document, instance_profile="tried")
    assert "no instance profile contains this role" in steps(document)


def test_a_document_that_cannot_be_read_still_has_the_arn() -> None:
    assert "arn:aws:iam::111122223333:role/tried" in steps(Document("{"))
