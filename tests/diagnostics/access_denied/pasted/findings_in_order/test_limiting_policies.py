"""Session policies and boundaries in a text, and where they are changed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.denials.pasted import BUCKET, allow, diagnosed, policy, refused


def test_a_document_that_the_text_calls_a_boundary_is_one() -> None:
    text = refused("s3:GetObject", f"{BUCKET}/x", "because no permissions boundary allows the s3:GetObject action")
    document = policy(allow("s3:GetObject", "arn:aws:s3:::other/*"))
    assert diagnosed(f"{text}\nthe boundary: {document}").verdict.cause == "boundary.resource-mismatch"


OF_SESSION = policy(allow(["ecr:BatchCheckLayerAvailability", "ecr:PutImage"], "*"))


PUSH = refused(
    "ecr:InitiateLayerUpload",
    "arn:aws:ecr:eu-west-1:210987654321:repository/web",
    "because no session policy allows the ecr:InitiateLayerUpload action",
)


ASSUMES = "aws sts assume-role --role-arn arn:aws:iam::210987654321:role/exporter --role-session-name job-18"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"{ASSUMES} --policy file://scope.json\n{PUSH}\n$ cat scope.json\n{OF_SESSION}", "scope.json, "),
        (f"{ASSUMES} \\\n  --policy file://./iam/scope.json\n{PUSH}\nscope.json:\n{OF_SESSION}", "scope.json, "),
        (
            f'sts.assume_role(RoleArn=A, Policy=open("tenant.json"))\n{PUSH}\ntenant.json\n```\n{OF_SESSION}\n```',
            "tenant.json, ",
        ),
        (
            f"aws-actions/configure-aws-credentials@v4\nwith:\n  inline-session-policy: |\n    {OF_SESSION}\n{PUSH}",
            "inline-session-policy of the workflow, ",
        ),
    ],
)
def test_the_session_policy_of_the_own_call_or_workflow_is_the_place_to_change(text: str, place: str) -> None:
    answer = diagnosed(text)
    change: Any = answer.fixes[0].change
    assert answer.verdict.summary.startswith("The session policy in the text does not allow ecr:InitiateLayerUpload")
    assert change.target.startswith(place)
    assert "Also add ecr:UploadLayerPart, ecr:CompleteLayerUpload and ecr:BatchGetImage" in change.text


IN_PYTHON = (
    'policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ecr:PutImage", '
    '"Resource": f"arn:aws:ecr:eu-west-1:{account}:repository/*"}]}\n'
    'creds = sts.assume_role(RoleArn=role, RoleSessionName="job-18", Policy=json.dumps(policy))\n'
)


def test_a_policy_that_a_variable_passes_to_sts_is_the_session_s() -> None:
    answer = diagnosed(f"{IN_PYTHON}{PUSH}")
    assert answer.verdict.summary.startswith("The session policy in the text does not allow ecr:InitiateLayerUpload")


@pytest.mark.parametrize(
    "before",
    [
        "aws iam put-role-policy --role-name exporter --policy-document file://scope.json",
        f"{ASSUMES} --policy file://other.json",
    ],
)
def test_a_file_that_no_call_of_sts_takes_is_no_session_policy(before: str) -> None:
    answer = diagnosed(f"{before}\n{PUSH}\n$ cat scope.json\n{OF_SESSION}")
    assert not answer.fixes and "in the text" not in answer.verdict.summary
