"""More denials of the invented account: rarer elements, other accounts, texts that state, mis-state or lack things."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from diagnostics.diagnosis import Confidence
from tests.support.accounts import alder
from tests.support.accounts.alder import (
    ID,
    KEY,
    OPEN_KEY,
    OTHER,
    QUEUE,
    RECORDS,
    REGION,
    TABLE,
    TOPIC,
    allow,
    arn,
    deny,
    document,
    role,
    role_arn,
    service,
    session,
    trust,
    user,
    user_arn,
)
from tests.support.denials.invented import CLINICIAN, Read, denied, diagnosis_of, no, read

GITLAB = alder.GITLAB


def content() -> dict[str, Any]:
    c = alder.snapshot()
    c["RoleDetailList"] += [
        role(
            "tagger",
            service("lambda"),
            inline={"t": document(allow("ec2:CreateTags", "*", "T", StringEquals={"aws:RequestTag/owner": "clinic"}))},
        ),
        role(
            "homes",
            trust({"AWS": f"arn:aws:iam::{ID}:root"}),
            inline={"h": document(allow("s3:GetObject", "arn:aws:s3:::homes/${aws:username}/*", "Home"))},
        ),
        role(
            "wide",
            service("lambda"),
            inline={
                "w": document({"Sid": "NotIam", "Effect": "Allow", "NotAction": ["iam:*", "kms:*"], "Resource": "*"})
            },
        ),
        role(
            "spare",
            service("lambda"),
            inline={
                "w": document(
                    {
                        "Sid": "NotVault",
                        "Effect": "Allow",
                        "Action": "s3:*",
                        "NotResource": ["arn:aws:s3:::alder-vault", "arn:aws:s3:::alder-vault/*"],
                    }
                )
            },
        ),
        role(
            "denied-trust",
            document(
                {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ID}:root"}, "Action": "sts:AssumeRole"},
                {"Sid": "NotVic", "Effect": "Deny", "Principal": {"AWS": user_arn("vic")}, "Action": "sts:AssumeRole"},
            ),
        ),
        role("tagsess", trust({"AWS": user_arn("mira")})),
        role(
            "xkms",
            service("lambda"),
            inline={
                "k": document(
                    allow("kms:Decrypt", f"arn:aws:kms:{REGION}:{OTHER}:key/abc", "K"),
                    allow("sqs:SendMessage", f"arn:aws:sqs:{REGION}:{OTHER}:their", "Q"),
                )
            },
        ),
        role("orgtrust", trust({"AWS": "*"}, StringEquals={"aws:PrincipalOrgID": "o-other"})),
        role("podrole", trust({"Service": "pods.eks.amazonaws.com"}, ["sts:AssumeRole"])),
        role("irsa", trust({"Federated": f"arn:aws:iam::{ID}:oidc-provider/{GITLAB}"}, "sts:AssumeRole")),
        role("sched2", service("scheduler", StringEquals={"aws:SourceAccount": "999999999999"})),
        role(
            "timed", trust({"AWS": f"arn:aws:iam::{ID}:root"}, DateLessThan={"aws:CurrentTime": "2026-01-01T00:00:00Z"})
        ),
    ]
    c["GroupDetailList"].append(
        {
            "GroupName": "nodelete",
            "Arn": f"arn:aws:iam::{ID}:group/nodelete",
            "Path": "/",
            "GroupId": "AGPANODELETE00000001",
            "CreateDate": "2026-01-01T00:00:00Z",
            "GroupPolicyList": [{"PolicyName": "nd", "PolicyDocument": document(deny("s3:DeleteBucket", "*", "ND"))}],
            "AttachedManagedPolicies": [],
        }
    )
    c["UserDetailList"].append(user("zed", groups=("nodelete",), inline={"a": document(allow("*", "*"))}))
    return c


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Read:
    return read(tmp_path_factory.mktemp("alder") / "alder.json", content())


SCHEDULER = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."


EVENT = json.dumps(
    {
        "eventVersion": "1.08",
        "userIdentity": {"type": "AssumedRole", "arn": session("intake-api"), "accountId": ID},
        "eventTime": "2026-11-20T08:00:00Z",
        "eventSource": "dynamodb.amazonaws.com",
        "eventName": "DeleteTable",
        "awsRegion": REGION,
        "errorCode": "AccessDenied",
        "errorMessage": denied(
            session("intake-api"), "dynamodb:DeleteTable", TABLE, no("identity-based policy", "dynamodb:DeleteTable")
        ),
        "requestParameters": {"tableName": "patients"},
    }
)


def case(name: str, text: str, causes: str, role: str | None = None) -> tuple[str, str, str, str | None]:
    return name, text, causes, role


CASES: tuple[tuple[str, str, str, str | None], ...] = (
    case(
        "requesttag",
        denied(session("tagger"), "ec2:CreateTags", arn("ec2", "instance/i-1")),
        "identity.condition-unmet",
    ),
    case(
        "username for role",
        denied(session("homes"), "s3:GetObject", '"arn:aws:s3:::homes/mira/x"'),
        "identity.unresolved-variable",
    ),
    case("notaction", denied(session("wide"), "kms:Decrypt", OPEN_KEY), "identity.no-action"),
    case(
        "notresource",
        denied(session("spare"), "s3:GetObject", '"arn:aws:s3:::alder-vault/k"'),
        "identity.resource-mismatch",
    ),
    case("trust deny", denied(user_arn("vic"), "sts:AssumeRole", role_arn("denied-trust")), "trust.explicit-deny"),
    case(
        "trust deny stated",
        denied(
            user_arn("vic"),
            "sts:AssumeRole",
            role_arn("denied-trust"),
            "with an explicit deny in the role trust policy",
        ),
        "trust.explicit-deny",
    ),
    case(
        "trust implicit stated",
        denied(
            user_arn("mira"),
            "sts:AssumeRole",
            CLINICIAN,
            "because no role trust policy allows the sts:AssumeRole action",
        ),
        "trust.condition-unmet",
    ),
    case(
        "trust as resource stated",
        denied(user_arn("mira"), "sts:AssumeRole", CLINICIAN, no("resource-based policy", "sts:AssumeRole")),
        "trust.condition-unmet",
    ),
    case("tagsession", denied(user_arn("mira"), "sts:TagSession", role_arn("tagsess")), "trust.no-action"),
    case(
        "setsourceidentity", denied(user_arn("mira"), "sts:SetSourceIdentity", role_arn("tagsess")), "trust.no-action"
    ),
    case("cross kms", denied(session("xkms"), "kms:Decrypt", f"arn:aws:kms:{REGION}:{OTHER}:key/abc"), "unreadable"),
    case(
        "cross kms stated",
        denied(
            session("xkms"),
            "kms:Decrypt",
            f"arn:aws:kms:{REGION}:{OTHER}:key/abc",
            no("resource-based policy", "kms:Decrypt"),
        ),
        "unreadable",
    ),
    case(
        "cross sqs other",
        denied(session("xkms"), "sqs:SendMessage", f"arn:aws:sqs:{REGION}:{OTHER}:other"),
        "identity.resource-mismatch",
    ),
    case(
        "foreign caller queue",
        denied(session("feeder", "x", OTHER), "sqs:SendMessage", QUEUE),
        "resource.principal-mismatch",
    ),
    case(
        "foreign caller topic action",
        denied(session("feeder", "x", OTHER), "sns:Subscribe", TOPIC),
        "resource.no-action",
    ),
    case(
        "foreign caller no policy",
        denied(session("feeder", "x", OTHER), "s3:GetObject", f'"arn:aws:s3:::{RECORDS}/x"'),
        "resource.no-action|unreadable",
    ),
    case("orgtrust", denied(user_arn("mira"), "sts:AssumeRole", role_arn("orgtrust")), "trust.condition-unmet"),
    case("pod", denied("pods.eks.amazonaws.com", "sts:TagSession", role_arn("podrole")), "trust.no-action"),
    case("irsa action", "irsa: Not authorized to perform sts:AssumeRoleWithWebIdentity", "trust.no-action"),
    case(
        "sched2",
        "ValidationException: The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
        "trust.condition-unmet",
        role="sched2",
    ),
    case("timed", denied(user_arn("mira"), "sts:AssumeRole", role_arn("timed")), "trust.condition-unmet"),
    case("group deny", denied(user_arn("zed"), "s3:DeleteBucket", '"arn:aws:s3:::x"'), "identity.explicit-deny"),
    case(
        "group deny explicit unk",
        denied(user_arn("zed"), "s3:DeleteBucket", '"arn:aws:s3:::x"', "with an explicit deny"),
        "identity.explicit-deny",
    ),
    case(
        "role NAME",
        denied(session("night-batch"), "iam:GetRole", "role clinician", no("identity-based policy", "iam:GetRole")),
        "identity.no-action",
    ),
    case("policy NAME", denied(session("night-batch"), "iam:CreatePolicy", "policy newone"), "identity.no-action"),
    case(
        "list *",
        denied(user_arn("vic"), "ec2:DescribeInstances", None, no("identity-based policy", "ec2:DescribeInstances")),
        "identity.no-action",
    ),
    case("no resource", denied(session("intake-api"), "dynamodb:PutItem", None), "unreadable|allowed.now"),
    case(
        "bare assume",
        "An error occurred (AccessDenied) when calling the AssumeRole operation: "
        "Not authorized to perform sts:AssumeRole",
        "unreadable",
    ),
    case(
        "session stated expl",
        denied(session("pusher"), "sns:Publish", TOPIC, "with an explicit deny in a session policy"),
        "session.explicit-deny",
    ),
    case(
        "boundary stated none",
        denied(session("pusher"), "sns:Publish", TOPIC, no("permissions boundary", "sns:Publish")),
        "allowed.now",
    ),
    case(
        "scp stated not matching",
        denied(session("pusher"), "sns:Publish", TOPIC, "with an explicit deny in a service control policy"),
        "scp.explicit-deny|allowed.now",
    ),
    case(
        "scp implicit stated",
        denied(
            session("night-batch"),
            "athena:StartQueryExecution",
            arn("athena", "workgroup/primary"),
            no("service control policy", "athena:StartQueryExecution"),
        ),
        "scp.no-action",
    ),
    case(
        "redacted acct",
        denied("arn:aws:sts::xxxxxxxx:assumed-role/intake-api/i", "dynamodb:Query", TABLE),
        "identity.no-action",
    ),
    case(
        "federated",
        denied(
            f"arn:aws:sts::{ID}:federated-user/bob", "dynamodb:Query", TABLE, no("session policy", "dynamodb:Query")
        ),
        "session.no-action",
    ),
    case(
        "root",
        denied(f"arn:aws:iam::{ID}:root", "s3:PutObject", f'"arn:aws:s3:::{RECORDS}/x"'),
        "resource.explicit-deny",
    ),
    case(
        "block public access",
        denied(
            user_arn("zed"),
            "s3:PutBucketPolicy",
            '"arn:aws:s3:::x"',
            "because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access",
        ),
        "resource.explicit-deny",
    ),
    case(
        "missing action",
        denied(
            session("wide"),
            "ec2:CreateVpcEndpoint",
            arn("ec2", "vpc-endpoint/*"),
            "because no identity-based policy allows the iam:CreateServiceLinkedRole action",
        ),
        "identity.no-action",
    ),
    case(
        "s3 list on object arn",
        denied(user_arn("vic"), "s3:ListBucket", f'"arn:aws:s3:::{RECORDS}"'),
        "identity.no-action",
    ),
    case(
        "stated identity but kms key",
        denied(session("intake-api"), "kms:Decrypt", KEY, no("identity-based policy", "kms:Decrypt")),
        "resource.principal-mismatch|identity.no-action",
    ),
    case(
        "lambda via wrong case action",
        denied(session("intake-api"), "dynamodb:putitem", arn("dynamodb", "table/visits")),
        "identity.resource-mismatch",
    ),
    case("a CloudTrail event", EVENT, "identity.no-action"),
)


def test_a_resource_that_is_no_arn_is_no_mismatch(account: Read) -> None:
    found = diagnosis_of(denied(session("pusher"), "sns:Publish", "+358401234567"), account)
    assert found.verdict.cause == "unreadable"
    assert [question.key for question in found.verdict.questions] == ["resource"]
    found = diagnosis_of(denied(session("pusher"), "sns:Subscribe", "+358401234567"), account)
    assert found.verdict.cause == "identity.no-action"


def test_a_redacted_account_number_says_nothing_of_where_a_role_is(account: Read) -> None:
    who = "arn:aws:sts::xxxxxxxxxxxx:assumed-role/somebody-elses/job"
    found = diagnosis_of(denied(who, "dynamodb:Query", TABLE), account)
    assert (found.verdict.cause, found.verdict.confidence) == ("unreadable", Confidence.UNKNOWN)
    found = diagnosis_of(denied(who, "dynamodb:Query", TABLE, no("identity-based policy", "dynamodb:Query")), account)
    assert (found.verdict.cause, found.verdict.confidence) == ("identity.no-action", Confidence.LIKELY)


def test_a_stated_layer_of_an_unnamed_resource_is_not_allowed_now(account: Read) -> None:
    foreign = f"arn:aws:iam::{OTHER}:user/kim"
    action = "secretsmanager:GetSecretValue"
    found = diagnosis_of(denied(foreign, action, None, no("resource-based policy", action)), account)
    assert found.verdict.cause == "unreadable"
    found = diagnosis_of(denied(foreign, action, None, "with an explicit deny in a resource-based policy"), account)
    assert found.verdict.cause == "resource.explicit-deny"


def test_the_nearest_statement_is_one_of_the_same_service(account: Read) -> None:
    found = diagnosis_of(denied(session("intake-api"), "kms:Encrypt", OPEN_KEY), account)
    identity = next(step for step in found.steps if step.id == "identity")
    assert identity.evidence[0].policy == "key"


def test_foreign_text_runs_nothing_in_a_shell(account: Read) -> None:
    evil = "a;touch$(id)`id`'&&x"
    texts = (
        denied(f"arn:aws:sts::{OTHER}:assumed-role/feeder/{evil}", "sts:AssumeRole", role_arn("partner-feed")),
        denied(user_arn("olaf"), "iam:CreateRole", role_arn(evil)),
        denied(user_arn("olaf"), "iam:CreateRole", f"role {evil}"),
        denied(session("clinician", evil), "dynamodb:Query", TABLE),
    )
    for text in texts:
        for fix in diagnosis_of(text, account, dynamodb__LeadingKeys="west").fixes:
            if fix.kind.value != "command":
                continue
            for line in fix.text.splitlines():
                words = shlex.split(line, comments=True)
                bare = shlex.split(line.replace("'\"'\"'", ""), comments=True, posix=False)
                assert not [word for word in bare if word[:1] not in "'\"" and set(word) & set(";$`&")], line
                assert not words or words[0] in ("aws", "--tags"), line


def test_a_policy_changed_a_moment_ago_may_not_be_everywhere(tmp_path: Path) -> None:
    changed = content()
    records = next(policy for policy in changed["Policies"] if policy["PolicyName"] == "records-read")
    records["DefaultVersionId"] = "v1"
    for version in records["PolicyVersionList"]:
        version["IsDefaultVersion"] = version["VersionId"] == "v1"
    records["UpdateDate"] = "2026-11-20T08:59:30Z"
    text = denied(session("intake-api"), "s3:GetObject", f'"arn:aws:s3:::{RECORDS}/a"')
    found = diagnosis_of(text, read(tmp_path / "alder.json", changed), aws__RequestedRegion="eu-central-1")
    assert found.verdict.cause == "allowed.now"
    assert "30 s ago" in found.verdict.summary
    assert "wait" in found.fixes[0].title.lower()


@pytest.mark.parametrize(("name", "text", "causes", "role"), CASES, ids=[entry[0] for entry in CASES])
def test_cause(name: str, text: str, causes: str, role: str | None, account: Read) -> None:
    found = diagnosis_of(text, account, role)
    assert found.verdict.cause in causes.split("|"), found.verdict
    assert found.fixes
    assert found.verdict.cause != "unreadable" or found.verdict.confidence is Confidence.UNKNOWN
    for fix in found.fixes:
        if fix.kind.value in ("policy-statement", "trust-policy"):
            # AWS grants some actions on every resource alone.
            assert '"Resource": "*"' not in fix.text or '"Action": "ec2:DescribeInstances"' in fix.text
            assert '"Action": "*"' not in fix.text
