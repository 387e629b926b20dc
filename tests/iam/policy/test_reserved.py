"""What AWS keeps for itself: no policy allows it, and some of it no RCP forbids."""

from __future__ import annotations

import pytest

from iam.policy.decision import Outcome
from iam.policy.evaluate import evaluate
from iam.policy.layer import Layer
from iam.policy.unknown_keys import possible
from tests.support.accounts.policies import (
    ACCOUNT,
    ALLOW_ALL,
    DENY_ALL,
    DENY_EVERYONE,
    EVERYONE,
    FEDERATED,
    KEY,
    ROLE,
    ROOT,
    SESSION,
    TARGET,
    USER,
    identity,
    request,
)

LINKED = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
RESERVED = f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef"
ALIAS = f"arn:aws:kms:us-east-1:{ACCOUNT}:alias/aws/s3"

KEPT = [
    ("iam:AttachRolePolicy", RESERVED, True),
    ("IAM:UPDATEROLE", RESERVED, True),
    ("iam:TagRole", RESERVED, True),
    ("iam:GetRole", RESERVED, False),
    ("iam:PutRolePolicy", LINKED, True),
    ("iam:UpdateAssumeRolePolicy", LINKED, True),
    ("iam:UpdateRoleDescription", LINKED, False),
    ("iam:CreateServiceLinkedRole", LINKED, False),
    ("iam:DeleteServiceLinkedRole", LINKED, False),
    ("iam:AttachRolePolicy", ROLE, False),
    ("iam:AttachRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/Aws-Reserved/x", False),
    ("iam:CreatePolicyVersion", "arn:aws:iam::aws:policy/ReadOnlyAccess", True),
    ("iam:SetDefaultPolicyVersion", "ARN:AWS-CN:IAM::aws:policy/job-function/Billing", True),
    ("iam:GetPolicy", "arn:aws:iam::aws:policy/ReadOnlyAccess", False),
    ("iam:DeletePolicy", f"arn:aws:iam::{ACCOUNT}:policy/mine", False),
    ("kms:UpdateAlias", ALIAS, True),
    ("kms:DeleteAlias", f"arn:aws:kms:us-east-1:{ACCOUNT}:alias/mine", False),
]


@pytest.mark.parametrize(("action", "resource", "kept"), KEPT)
def test_what_no_policy_allows(action: str, resource: str, kept: bool) -> None:
    asked = request(action=action, resource=resource)
    decision = evaluate(asked, identity(ALLOW_ALL))
    assert decision.by_aws is kept
    assert decision.outcome is (Outcome.IMPLICIT_DENY if kept else Outcome.ALLOWED)
    assert not kept or (decision.decided_by is None and "whatever the policies allow" in decision.rule)
    assert possible(asked, identity(ALLOW_ALL)).allowed is not kept
    denied, nothing = evaluate(asked, identity(ALLOW_ALL, DENY_ALL)), evaluate(asked, identity())
    assert (denied.outcome, denied.by_aws) == (Outcome.EXPLICIT_DENY, False)
    assert (nothing.decided_by, nothing.by_aws) == (Layer.IDENTITY, False)


def test_the_root_user_assumes_no_role() -> None:
    """ "You cannot use AWS account root user credentials to call AssumeRole" (STS API Reference)."""
    decision = evaluate(request(ROOT, "sts:AssumeRole", TARGET), identity(ALLOW_ALL, resource=EVERYONE))
    assert (decision.outcome, decision.by_aws) == (Outcome.IMPLICIT_DENY, True)
    assert evaluate(request(ROOT, "s3:GetObject"), identity()).allowed


@pytest.mark.parametrize(
    ("principal", "action", "allowed"),
    [
        # IAM User Guide, "Compare AWS STS credentials", who can call.
        (USER, "sts:AssumeRole", True),
        (SESSION, "sts:AssumeRole", True),
        (FEDERATED, "sts:AssumeRole", False),
        (USER, "sts:GetFederationToken", True),
        (ROOT, "sts:GetFederationToken", True),
        (SESSION, "sts:GetFederationToken", False),
        (ROLE, "sts:GetSessionToken", False),
        (FEDERATED, "sts:GetSessionToken", False),
        (FEDERATED, "sts:GetCallerIdentity", True),
    ],
)
def test_who_can_call_sts(principal: str, action: str, allowed: bool) -> None:
    assert evaluate(request(principal, action, TARGET), identity(ALLOW_ALL, resource=EVERYONE)).allowed is allowed


@pytest.mark.parametrize("principal", [USER, ROOT])
def test_no_policy_denies_a_session_token(principal: str) -> None:
    """ "You cannot use policies to control authentication operations" (IAM User Guide, GetSessionToken)."""
    decision = evaluate(request(principal, "sts:GetSessionToken", "*"), identity(DENY_ALL))
    assert (decision.outcome, decision.decided_by) == (Outcome.ALLOWED, None)


@pytest.mark.parametrize(
    ("principal", "action", "resource", "reached"),
    [
        # AWS Organizations User Guide, "Resources and entities not restricted by RCPs".
        (USER, "kms:RetireGrant", KEY, False),
        (USER, "KMS:retiregrant", KEY, False),
        (USER, "kms:RevokeGrant", KEY, True),
        (USER, "kms:Decrypt", ALIAS, False),
        (LINKED, "kms:Decrypt", KEY, False),
        (SESSION, "kms:Decrypt", KEY, True),
        ("ecs.amazonaws.com", "sts:AssumeRole", LINKED, False),
        ("ecs.amazonaws.com", "sts:AssumeRole", TARGET, True),
    ],
)
def test_what_no_rcp_forbids(principal: str, action: str, resource: str, reached: bool) -> None:
    held = identity(ALLOW_ALL, resource=EVERYONE, rcps=((DENY_EVERYONE,),))
    assert evaluate(request(principal, action, resource), held).allowed is not reached
