"""Denials of an account that is not the demo's: each text against the cause that the definitions give."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from diagnostics.diagnosis import Confidence
from diagnostics.fix import UnreadLayer
from tests.support.accounts import alder
from tests.support.accounts.alder import ID, KEY, OPEN_KEY, OTHER, QUEUE, RECORDS, TABLE, TOPIC, arn, session
from tests.support.denials.invented import CLINICIAN, Read, denied, diagnosis_of, jwt, no, read
from tests.support.denials.invented import account as account


@dataclass(frozen=True)
class Invented:
    name: str
    text: str
    cause: str
    context: dict[str, str] = field(default_factory=dict)
    role: str | None = None
    fix: tuple[str, ...] = ()
    verified: bool | None = True
    hangs_on: tuple[str, ...] = ()


RECORD = f"arn:aws:s3:::{RECORDS}/2026/a.pdf"
INSTANCE = arn("ec2", "instance/i-0123456789abcdef0")
WEB = "Not authorized to perform sts:AssumeRoleWithWebIdentity"

TOKEN = jwt(
    iss="https://gitlab.alder.example",
    sub="project_path:clinic/portal:ref_type:branch:ref:dev",
    aud="https://gitlab.alder.example",
)

CASES = (
    Invented(
        "an earlier version allowed it",
        denied(session("intake-api"), "s3:GetObject", f'"{RECORD}"'),
        "identity.no-action",
        fix=("set-default-policy-version", "v1"),
        hangs_on=("aws:RequestedRegion",),
    ),
    Invented(
        "no statement names the action",
        denied(session("intake-api"), "dynamodb:Query", TABLE),
        "identity.no-action",
        fix=("dynamodb:Query", TABLE),
        hangs_on=("resource",),
    ),
    Invented(
        "another table",
        denied(session("intake-api"), "dynamodb:GetItem", arn("dynamodb", "table/visits")),
        "identity.resource-mismatch",
        fix=("table/visits",),
        hangs_on=("resource",),
    ),
    Invented(
        "a key policy that does not delegate",
        denied(session("intake-api"), "kms:Decrypt", KEY),
        "resource.principal-mismatch",
        fix=("intake-api", "kms:Decrypt"),
    ),
    Invented(
        "a key policy that delegates leaves it to identity policies",
        denied(session("intake-api"), "kms:Encrypt", OPEN_KEY),
        "identity.no-action",
        fix=("kms:Encrypt",),
    ),
    Invented(
        "a key policy that names the role grants by itself",
        denied(session("night-batch"), "kms:Decrypt", KEY),
        "allowed.now",
        verified=None,
    ),
    Invented(
        "a Deny beside an Allow of everything",
        denied(session("night-batch"), "s3:DeleteObject", f'"{RECORD}"'),
        "identity.explicit-deny",
        hangs_on=("aws:RequestedRegion",),
    ),
    Invented(
        "the boundary is narrower",
        denied(session("discharge-flow"), "lambda:InvokeFunction", arn("lambda", "function:letters")),
        "boundary.no-action",
        fix=("ceiling", "lambda:InvokeFunction"),
    ),
    Invented(
        "identity and boundary both lack it: identity comes first",
        denied(session("discharge-flow"), "lambda:InvokeFunction", arn("lambda", "function:bills")),
        "identity.resource-mismatch",
        verified=False,
    ),
    Invented(
        "… but the text names the boundary",
        denied(
            session("discharge-flow"),
            "lambda:InvokeFunction",
            arn("lambda", "function:bills"),
            no("permissions boundary", "lambda:InvokeFunction"),
        ),
        "boundary.no-action",
        verified=False,
    ),
    Invented(
        "a Deny in the boundary of a user in two groups",
        denied(alder.user_arn("olaf"), "ec2:TerminateInstances", INSTANCE),
        "boundary.explicit-deny",
    ),
    Invented(
        "a region that the organization denies",
        denied(alder.user_arn("olaf"), "ec2:StopInstances", INSTANCE.replace(alder.REGION, "us-west-2")),
        "scp.explicit-deny",
        fix=("eu-only", "eu-"),
        verified=False,  # elsewhere the boundary would still refuse it
    ),
    Invented(
        "what the group allows, the boundary does not",
        denied(alder.user_arn("olaf"), "iam:CreateUser", alder.user_arn("new")),
        "boundary.no-action",
    ),
    Invented(
        "the boundary wants itself on new roles",
        denied(alder.user_arn("olaf"), "iam:CreateRole", alder.role_arn("new")),
        "boundary.condition-unmet",
        fix=("--permissions-boundary", "ceiling"),
    ),
    Invented(
        "the trust policy wants MFA",
        denied(alder.user_arn("mira"), "sts:AssumeRole", CLINICIAN),
        "trust.condition-unmet",
        fix=("--serial-number", "--token-code"),
    ),
    Invented(
        "the caller's side lacks it",
        denied(alder.user_arn("vic"), "sts:AssumeRole", CLINICIAN),
        "identity.no-action",
        {"aws__MultiFactorAuthPresent": "true"},
        fix=("sts:AssumeRole", CLINICIAN),
    ),
    Invented(
        "the trust policy names another role",
        denied(session("night-batch"), "sts:AssumeRole", alder.role_arn("auditor")),
        "trust.principal-mismatch",
        fix=("night-batch",),
    ),
    Invented(
        "a variable without a value",
        denied(session("clinician"), "dynamodb:Query", TABLE),
        "identity.unresolved-variable",
        {"dynamodb__LeadingKeys": "west"},
        fix=("ward",),
        verified=None,
    ),
    Invented(
        "another account, no external ID",
        denied(session("feeder", "f1", OTHER), "sts:AssumeRole", alder.role_arn("partner-feed")),
        "trust.condition-unmet",
        fix=("--external-id", "alder-17"),
        hangs_on=("boundary", "identity", "scp"),
    ),
    Invented(
        "another account, another role",
        denied(session("snoop", "f1", OTHER), "sts:AssumeRole", alder.role_arn("partner-feed")),
        "trust.principal-mismatch",
        {"sts__ExternalId": "alder-17"},
        hangs_on=("boundary", "identity", "scp"),
    ),
    Invented(
        "a pasted token of another branch",
        f"{WEB}\nCI_JOB_JWT={TOKEN}",
        "trust.condition-unmet",
        fix=("ref:dev",),
        hangs_on=("resource",),  # one role trusts the issuer; the text does not say that it is the one
    ),
    Invented(
        "no token: the subject has to be told",
        f"gitlab-deploy: {WEB}",
        "trust.condition-unknown",
        verified=None,
    ),
    Invented(
        "a provider that does not exist",
        f"could not assume orphaned: {WEB}",
        "trust.provider-missing",
        fix=("create-open-id-connect-provider", "gone.example"),
        verified=None,
    ),
    Invented(
        "the ID of a deleted user",
        denied(alder.user_arn("tess"), "sts:AssumeRole", alder.role_arn("stale-link")),
        "trust.orphan-principal",
        fix=("tess",),
    ),
    Invented(
        "the right permission on the other role",
        denied(
            session("reader-task"),
            "secretsmanager:GetSecretValue",
            arn("secretsmanager", "secret:reader/db-Ab12Cd"),
        ),
        "identity.no-action",
        fix=("secretsmanager:GetSecretValue",),
        hangs_on=("resource",),
    ),
    Invented(
        "a scheduler presents its group",
        "ValidationException: The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
        "trust.condition-unmet",
        role="mail-scheduler",
        fix=("schedule-group/mail",),
        hangs_on=("aws:SourceArn",),
    ),
    Invented(
        "a service that the trust policy does not name",
        "An error occurred (InvalidParameterValueException) when calling the CreateFunction operation: The role "
        "defined for the function cannot be assumed by Lambda. (vault)",
        "trust.principal-mismatch",
        fix=("lambda.amazonaws.com",),
    ),
    Invented(
        "an address nobody told",
        denied(session("vault"), "s3:GetObject", '"arn:aws:s3:::alder-vault/k"'),
        "identity.condition-unknown",
        hangs_on=("aws:RequestedRegion",),
    ),
    Invented(
        "an address that is wrong",
        denied(session("vault"), "s3:GetObject", '"arn:aws:s3:::alder-vault/k"'),
        "identity.condition-unmet",
        {"aws__SourceIp": "198.51.100.7"},
        hangs_on=("aws:RequestedRegion",),
    ),
    Invented(
        "an endpoint's policy, as the text says",
        denied(
            session("night-batch"),
            "s3:GetObject",
            '"arn:aws:s3:::alder-vault/k"',
            no("VPC endpoint policy", "s3:GetObject"),
        ),
        "vpce.resource-mismatch",
        fix=("alder-vault", "night-batch"),
        hangs_on=("aws:SourceVpce",),
    ),
    Invented(
        "an endpoint's policy, by itself",
        denied(session("night-batch"), "s3:GetObject", '"arn:aws:s3:::alder-vault/k"'),
        "vpce.resource-mismatch",
        {"aws__RequestedRegion": "eu-central-1"},
        hangs_on=("aws:SourceVpce",),
    ),
    Invented(
        "a queue's Deny outweighs what else lacks",
        denied(session("pusher"), "sqs:SendMessage", QUEUE),
        "resource.explicit-deny",
        verified=False,  # identity policies refuse it too
    ),
    Invented("allowed by all", denied(session("pusher"), "sns:Publish", TOPIC), "allowed.now", verified=None),
    Invented(
        "a session policy that nobody saw",
        denied(session("pusher"), "sns:Publish", TOPIC, no("session policy", "sns:Publish")),
        "session.no-action",
        verified=None,
    ),
    Invented(
        "a role passed to another service",
        "An error occurred (AccessDeniedException) when calling the CreateFunction operation: "
        + denied(session("gitlab-deploy"), "iam:PassRole", alder.role_arn("intake-api", "/svc/")),
        "identity.condition-unmet",
        fix=("lambda.amazonaws.com", "intake-api"),
    ),
    Invented(
        "a service calls a function for a resource nobody told",
        denied("s3.amazonaws.com", "lambda:InvokeFunction", arn("lambda", "function:letters")),
        "resource.condition-unknown",
        verified=None,
    ),
    Invented(
        "a service that the function's policy does not name",
        denied("events.amazonaws.com", "lambda:InvokeFunction", arn("lambda", "function:letters")),
        "resource.principal-mismatch",
        fix=("events.amazonaws.com", ID),
    ),
    Invented(
        "somebody else's keys",
        denied(alder.user_arn("tess"), "iam:CreateAccessKey", alder.user_arn("vic")),
        "identity.resource-mismatch",
        fix=("a resource of aws:username tess",),
        verified=None,
    ),
    Invented(
        "a name in another case",
        denied(session("Intake-API"), "dynamodb:GetItem", TABLE),
        "principal.not-found",
        fix=("intake-api",),
        verified=None,
    ),
    Invented(
        "a user who is not there",
        denied(alder.user_arn("ghost"), "s3:ListAllMyBuckets", None),
        "principal.not-found",
        verified=None,
    ),
    Invented(
        "a role under another path",
        denied(alder.user_arn("mira"), "sts:AssumeRole", alder.role_arn("clinician", "/wards/")),
        "principal.not-found",
        verified=None,
    ),
    Invented(
        "a service that the organization does not allow",
        denied(session("night-batch"), "athena:StartQueryExecution", arn("athena", "workgroup/primary")),
        "scp.no-action",
        fix=("athena:StartQueryExecution",),
        verified=False,  # the boundary refuses it too
    ),
    Invented(
        "… but the text names identity policies",
        denied(
            session("night-batch"),
            "athena:StartQueryExecution",
            arn("athena", "workgroup/primary"),
            no("identity-based policy", "athena:StartQueryExecution"),
        ),
        "identity.no-action",
        verified=False,
    ),
    Invented(
        "a bucket that wants a header",
        denied(session("night-batch"), "s3:PutObject", f'"{RECORD}"'),
        "resource.explicit-deny",
        fix=("s3:x-amz-server-side-encryption",),
        hangs_on=("aws:RequestedRegion",),
    ),
    Invented(
        "another prefix",
        denied(alder.user_arn("vic"), "s3:GetObject", f'"arn:aws:s3:::{RECORDS}/private/x"'),
        "identity.resource-mismatch",
        fix=("private/*",),
        hangs_on=("aws:RequestedRegion",),
    ),
    Invented(
        "a Deny in a policy that the text names and the account does not have",
        denied(
            session("night-batch"),
            "s3:GetObject",
            f'"{RECORD}"',
            "with an explicit deny in a resource control policy: "
            f"arn:aws:organizations::{OTHER}:policy/{alder.ORG}/resource_control_policy/p-perimeter",
        ),
        "unreadable",
        fix=("p-perimeter",),
        verified=None,
    ),
    Invented(
        "an empty instance profile",
        "EC2RoleRequestError: no EC2 instance role found (i-00aa11bb22cc33dd4): "
        "Instance Profile does not contain a role",
        "instance-profile.empty",
        fix=("vault-blue", "vault"),
        verified=None,
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_cause_and_first_fix(case: Invented, account: Read) -> None:
    found = diagnosis_of(case.text, account, case.role, **case.context)
    assert found.verdict.cause == case.cause, found.verdict
    first = found.fixes[0]
    hay = f"{first.title} {first.target} {first.text}".lower()
    assert not [word for word in case.fix if word.lower() not in hay], first
    hangs_on = tuple(on.layer if isinstance(on, UnreadLayer) else on.key for on in first.hangs_on)
    assert hangs_on == case.hangs_on, first
    assert first.verified is (None if hangs_on else case.verified), first
    assert found.verdict.summary.endswith(".")
    assert len({step.id for step in found.steps}) == len(found.steps)


@pytest.mark.parametrize("case", [case for case in CASES if case.verified], ids=lambda case: case.name)
def test_the_smallest_change_allows_nothing_else(case: Invented, account: Read) -> None:
    fixes = diagnosis_of(case.text, account, case.role, **case.context).fixes
    smallest = [fix for fix in fixes if fix.verified and fix.kind.value in ("policy-statement", "trust-policy")]
    assert not smallest or smallest[0].gains == ()


def test_the_other_role_that_may_do_it_is_named(account: Read) -> None:
    text = denied(session("reader-task"), "secretsmanager:GetSecretValue", arn("secretsmanager", "secret:reader/x"))
    found = diagnosis_of(text, account)
    assert "reader-exec" in found.verdict.summary
    assert any("reader-exec" in fix.title for fix in found.fixes)


def test_what_is_asked_for_says_what_would_satisfy_it(account: Read) -> None:
    found = diagnosis_of(denied(session("vault"), "s3:GetObject", '"arn:aws:s3:::alder-vault/k"'), account)
    (question,) = found.verdict.questions
    assert (question.key, question.wanted) == ("aws:SourceIp", ("10.20.0.0/16",))


def test_a_plain_file_claims_nothing_of_an_organization(tmp_path: Path) -> None:
    content = alder.snapshot()
    del content["Rolescope"]
    account = read(tmp_path / "plain.json", content)
    found = diagnosis_of(denied(session("intake-api"), "dynamodb:Query", TABLE), account)
    assert found.verdict.cause == "identity.no-action"
    found = diagnosis_of(denied(session("intake-api"), "kms:Decrypt", KEY), account)
    assert (found.verdict.cause, found.verdict.confidence) == ("unreadable", Confidence.UNKNOWN)
