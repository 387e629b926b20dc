"""A cause is told only where the text has its sign, and what the text refutes is not told."""

from __future__ import annotations

import json

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Diagnosis

ACCOUNT = "210987654321"


def diagnosed(text: str) -> Diagnosis:
    return collect_offline(read_text(text)[0])


def causes(text: str) -> str:
    return " ".join(each.cause for each in diagnosed(text).first_look)


def refused(action: str, resource: str, role: str = "app", session: str = "x", why: str = "") -> str:
    caller = f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}"
    return f"User: {caller} is not authorized to perform: {action} on resource: {resource}{why}"


TARGET = f"arn:aws:iam::{ACCOUNT}:role/writer"


@pytest.mark.parametrize("role", ["billing-worker", "queue-worker", "order-node"])
def test_kube2iam_needs_a_sign_of_kubernetes(role: str) -> None:
    text = refused("sts:AssumeRole", TARGET, role, "i-0a1b2c3d4e5f60718")
    assert "kube2iam" not in causes(text)
    assert "kube2iam" in causes(f"{text}\nthe pod's annotation iam.amazonaws.com/role is set")


KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/0f3c1d2e-aaaa-4bbb-8ccc-1234567890ab"
NO_IDENTITY = " because no identity-based policy allows the kms:Decrypt action"


def test_a_condition_on_the_network_needs_a_sign() -> None:
    text = refused("kms:Decrypt", KEY, why=NO_IDENTITY)
    assert "condition on the network" not in causes(text)
    assert "condition on the network" in causes(f"{text}\nthe bucket policy has aws:SourceVpce")


def test_nextflow_without_batch_is_not_told_of_batch() -> None:
    text = "nextflow: operation error S3: PutObject, https response error StatusCode: 403, api error AccessDenied: No"
    assert "batch:" not in causes(text)
    assert "batch:RegisterJobDefinition" in causes(f"process.executor = 'awsbatch'\n{text}")


@pytest.mark.parametrize(
    ("sign", "how"),
    [
        ("using anonymous credentials to connect", "where it runs"),
        ("Fusion: using anonymous credentials", "fusion.export"),
    ],
)
def test_a_program_without_credentials_is_told_so_alone(sign: str, how: str) -> None:
    text = (
        f"WARN {sign}\noperation error S3: PutObject, https response error StatusCode: 403, api error AccessDenied: x"
    )
    (look,) = diagnosed(text).first_look
    assert "has no credentials where it runs" in look.cause
    assert how in look.cause


@pytest.mark.parametrize("path", ["settings/batch", "profiles/aws/prod"])
def test_a_path_that_is_taken_for_a_role_is_not_allowed(path: str) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/{path}"
    text = (
        "An error occurred (AccessDeniedException) when calling the RegisterJobDefinition operation: "
        f'{refused("iam:PassRole", role)}\n# {path}/config.yaml\nbatch-job-role: ""'
    )
    (look,) = diagnosed(text).first_look
    assert look.cause.startswith(f"No role is called {path}: it is a path")
    assert "batch-job-role, which is empty" in look.cause
    assert f"Do not allow iam:PassRole on {role}" in look.cause
    assert look.cause.endswith("iam:PassRole to ecs-tasks.amazonaws.com.")


def test_a_role_with_a_path_is_a_role() -> None:
    text = refused("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/service-role/app")
    assert "it is a path" not in causes(f"{text}\npolicy/service-role/other")


def test_a_session_policy_says_who_made_it_and_what_to_change() -> None:
    why = " because no session policy allows the bedrock:InvokeModel action"
    text = refused("bedrock:InvokeModel", "*", "gateway", "proxy", why)
    (look,) = diagnosed(
        f"{text}\naws_web_identity_token: oidc\n# the role's own policy allows bedrock:InvokeModel"
    ).first_look
    assert "called AssumeRoleWithWebIdentity for gateway (session proxy)" in look.cause
    assert "The role's own policies are not at fault" in look.cause


def test_a_policy_that_allows_it_leaves_a_session_policy() -> None:
    why = " because no identity-based policy allows the bedrock:Rerank action"
    statement = {"Effect": "Allow", "Action": ["bedrock:InvokeModel", "bedrock:Rerank"], "Resource": "*"}
    text = f"{refused('bedrock:Rerank', '*', why=why)}\n{json.dumps(statement)}"
    assert "supports no resources" not in causes(text)
    assert "may have passed a session policy" in causes(f"{text}\nAWS_WEB_IDENTITY_TOKEN_FILE=/var/run/token")
