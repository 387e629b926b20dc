"""What the demo account's failures must be explained by: the step that decides, its evidence, the words of the fix.

The table of `tests.support.demo.failures` says which cause; this one says why, and what to do, close to the account's
own description as words allow. Words are looked for without regard to case and blanks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tests.support.demo.failures import FAILURES, DemoFailure


@dataclass(frozen=True, slots=True)
class Proof:
    """``step`` is the id of the step that decides, ``shows`` the words of its summary and evidence, ``element`` the
    part of the statement at fault. ``fix`` are words of the first fix, ``further`` of the fixes together. ``besides``
    holds words that other steps, by their ids, must say. ``answers`` are told in place where the text cannot tell."""

    step: str
    shows: tuple[str, ...]
    fix: tuple[str, ...]
    element: str | None = None
    further: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    besides: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


DEMO = "arn:aws:iam::111122223333"

PROOFS: Mapping[str, Proof] = {
    "F01": Proof(
        "identity",
        ("app-assets-read", "ReadAssets", "not s3:PutObject"),
        ("s3:PutObject", "arn:aws:s3:::harbor-assets/", "app-assets-read"),
        element="Action",
        never=('"Resource": "*"',),
    ),
    "F02": Proof(
        "profile",
        ("report-worker contains no role", "iam:GetInstanceProfile"),
        ("add-role-to-instance-profile --instance-profile-name report-worker", "report-worker-ec2", "stop and start"),
        further=("report-worker-profile",),
    ),
    "F03": Proof(
        "identity",
        ("orders-table-rw", "Orders", "table/orders, not ", "table/orders/index/by-customer"),
        ("dynamodb:Query", "table/orders/index/*"),
        element="Resource",
        further=("table/orders/index/*",),
    ),
    "F04": Proof(
        "trust",
        ("names ec2.amazonaws.com, not lambda.amazonaws.com",),
        ("Replace ec2.amazonaws.com by lambda.amazonaws.com",),
        element="Principal",
        besides={"changes": "the latest DetachRolePolicy 18 h ago"},
    ),
    "F05": Proof(
        "identity",
        ("AmazonECSTaskExecutionRolePolicy", "not secretsmanager:GetSecretValue"),
        ("orders-ecs-execution", "secretsmanager:GetSecretValue", "secret:orders/"),
        element="Action",
        further=("orders-ecs-task, which is already allowed to perform the action",),
    ),
    "F06": Proof(
        "trust",
        (
            ":sub to be system:serviceaccount:inventory:inventory-api",
            "system:serviceaccount:inventory-v2:inventory-api",
        ),
        ("system:serviceaccount:inventory-v2:inventory-api",),
        element="Condition",
        further=("call from system:serviceaccount:inventory:inventory-api",),
    ),
    "F07": Proof(
        "trust",
        ("names sts:AssumeRole, not sts:TagSession",),
        ("sts:TagSession", "sts:AssumeRole", "pods.eks.amazonaws.com"),
        element="Action",
    ),
    "F08": Proof(
        "trust",
        ("MainBranchOnly", "repo:harbor-demo@5550101/storefront@90210077:ref:refs/heads/main"),
        (
            "repo:harbor-demo@5550101/storefront@90210077:ref:refs/heads/main",
            "repo:harbor-demo/storefront:ref:refs/heads/main",
            "the same names with IDs",
        ),
        element="Condition",
        never=("harbor-demo/*", "repo:*"),
    ),
    "F09": Proof(
        "boundary",
        ("DeveloperBoundary", "RolesOnlyWithThisBoundary", "iam:PermissionsBoundary"),
        ("aws iam create-role --role-name new", f"--permissions-boundary {DEMO}:policy/DeveloperBoundary"),
        element="Condition",
    ),
    "F10": Proof(
        "trust",
        ("sts:ExternalId", "hl-7Q2-audit"),
        ("--external-id hl-7Q2-audit", "Keep the condition, which keeps out other customers"),
        element="Condition",
        besides={"call": "it carries no external ID"},
    ),
    "F11": Proof(
        "trust",
        ("SAML:aud", "https://eu-west-1.signin.aws.amazon.com/saml"),
        ("https://eu-west-1.signin.aws.amazon.com/saml", "https://signin.aws.amazon.com/saml"),
        element="Condition",
    ),
    "F12": Proof(
        "trust",
        ("cognito-identity.amazonaws.com:amr", "authenticated, and it is unauthenticated"),
        ("role for unauthenticated users", "Keep this condition"),
        element="Condition",
        answers={"cognito-identity.amazonaws.com:amr": ("unauthenticated",)},
    ),
    "F13": Proof(
        "trust",
        ("aws:MultiFactorAuthPresent",),
        (f"--serial-number {DEMO}:mfa/ben", "--token-code", "mfa_serial"),
        element="Condition",
    ),
    "F14": Proof(
        "identity",
        ("guard-region", "OnlyHomeRegions", "aws:RequestedRegion"),
        ("allowed Region (us-east-1 and eu-west-1)", "no Allow can help", "policy/guard-region"),
        element="Condition",
    ),
    "F15": Proof(
        "identity",
        ("abac-project", "${aws:PrincipalTag/project}, which has no value"),
        ("--tags Key=project,Value=ferry", "trust policy must allow sts:TagSession"),
        element="Condition",
        further=("aws iam tag-role --role-name project-developer",),
    ),
    "F16": Proof(
        "trust",
        ("aws:SourceArn", "schedule/prod/*", "schedule-group/prod"),
        ("schedule-group/prod", "which scheduler.amazonaws.com presents"),
        element="Condition",
        never=("schedule/prod",),
    ),
    "F17": Proof(
        "identity",
        ("operate-all-but-identity", "OnlyOurBuckets", "everything except arn:aws:s3:::harbor-*"),
        ("add arn:aws:s3:::vendor-drop/x to the NotResource of statement OnlyOurBuckets", "guardrail"),
        element="NotResource",
    ),
    "F18": Proof(
        "identity",
        ("iam:PassedToService to be lambda.amazonaws.com, and it is ecs-tasks.amazonaws.com",),
        ("ecs-tasks.amazonaws.com only", f'"Resource": "{DEMO}:role/app/orders-ecs-task"', "iam:PassedToService"),
        element="Condition",
    ),
    "F19": Proof(
        "resource",
        ("key/K1", "KeyAdmins", "role/human/saml-admin"),
        ("kms:Decrypt for kms-reports-reader to the key policy of K1",),
        element="Principal",
        besides={"identity": "allows it"},
    ),
    "F20": Proof(
        "resource",
        ("cannot be read from here", "s3:GetBucketPolicy"),
        ("perhaps account 444455556666", "Please check whether the policy denies the request or does not allow it"),
        further=("bucket policy of shared-tools-exports", f'"AWS": "{DEMO}:role/app/shared-bucket-exporter"'),
        besides={"identity": "allows it"},
        answers={"resource": ("arn:aws:s3:::shared-tools-exports/harbor/2026-11-20.csv",)},
    ),
    "F21": Proof(
        "vpce",
        ("vpce-0aa11bb22cc33dd44", "TwoBuckets", "harbor-lake", "not arn:aws:s3:::harbor-models/m"),
        ("arn:aws:s3:::harbor-models/m", "policy of endpoint vpce-0aa11bb22cc33dd44"),
        element="Resource",
    ),
    "F22": Proof(
        "scp",
        ("deny-leave-regions", "NoOtherRegions", "ap-south-1"),
        ("allowed Region (us-east-1 and eu-west-1)", "service_control_policy/p-denyregions1", "no Allow can help"),
        element="Condition",
    ),
    "F23": Proof(
        "session",
        ("session policy", "KestrelMayTest", "not lambda:UpdateFunctionCode"),
        ("assumed-role/broker/kestrel", "wider session policy", "The role itself is allowed to perform the action"),
        element="Action",
        besides={"session-made": "passed a session policy when it created the session"},
    ),
    "F24": Proof("owner", ("/aws-service-role/",), ("its permissions are autoscaling.amazonaws.com's own",)),
    "F25": Proof("owner", ("/aws-reserved/",), ("Edit the permission set DataAnalyst",)),
    "F26": Proof(
        "duration",
        ("role chaining", "itself an assumed role"),
        ("3600 seconds or less", "--duration-seconds 3600"),
        further=("as an IAM user, or sign in to the role directly with SAML or OIDC",),
    ),
    "F27": Proof(
        "trust",
        ("AROAEXAMPLEDELETEDROLE",),
        ("Enter arn:aws:iam::444455556666:role/collector again", "instead of AROAEXAMPLEDELETEDROLE"),
        element="Principal",
    ),
    "F28": Proof(
        "identity",
        ("app-assets-read", "not s3:ListBucket"),
        (
            f"set-default-policy-version --policy-arn {DEMO}:policy/app-assets-read --version-id v3",
            "with the intended change of v4",
        ),
        element="Action",
        further=("5 versions, the limit: delete an older version first",),
        besides={"versions": "app-assets-read v3 allowed it, v4 does not: SetDefaultPolicyVersion 6 d ago"},
    ),
    "F29a": Proof(
        "identity",
        ("guard-region", "OnlyHomeRegions", "ap-south-1"),
        ("allowed Region (us-east-1 and eu-west-1)", "no Allow can help"),
        element="Condition",
        never=("Decode the message",),
        besides={"decode": "ec2:CreateNetworkInterface on arn:aws:ec2:ap-south-1"},
    ),
    "F29b": Proof(
        "identity",
        ("not ec2:StopInstances",),
        ("ec2:StopInstances", "instance/i-0f1e2d3c4b5a69788"),
        element="Action",
        never=("Decode the message",),
        besides={"decode": "ec2:StopInstances on arn:aws:ec2:us-east-1"},
    ),
    "F30": Proof(
        "identity",
        ("assume-as-hr", "aws:PrincipalTag/department to be HR, and it is hr"),
        ("department=HR instead of hr", "aws iam tag-user --user-name dora --tags Key=department,Value=HR"),
        element="Condition",
        besides={"trust": "names the account, so the caller's own policies decide"},
    ),
    "F31a": Proof(
        "credentials", ("ExpiredToken",), ("aws sso login", "get-caller-identity"), besides={"caller": "org-admin"}
    ),
    "F31b": Proof(
        "credentials", ("InvalidClientTokenId",), ("aws configure list", "get-caller-identity"), besides={"caller": ""}
    ),
    "F31c": Proof(
        "credentials",
        ("SignatureDoesNotMatch", "does not belong to the access key"),
        ("as a pair",),
        besides={"caller": ""},
    ),
    "F32": Proof(
        "changes",
        ("PutRolePolicy, 20 s ago", "cloudtrail:LookupEvents"),
        ("Wait a minute and try again", "Change nothing in the meantime"),
    ),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One text of one failure: as it is, or (``bare``) without a stated reason."""

    failure: DemoFailure
    bare: bool

    @property
    def text(self) -> str:
        return (self.failure.bare or "") if self.bare else self.failure.text

    @property
    def proof(self) -> Proof:
        return PROOFS[self.failure.id]

    @property
    def name(self) -> str:
        return f"{self.failure.id} {'bare' if self.bare else 'stated'}"


def cases() -> Iterator[Case]:
    for failure in FAILURES:
        yield Case(failure, bare=False)
        if failure.bare and failure.bare != failure.text:
            yield Case(failure, bare=True)


def lacking(words: tuple[str, ...], text: str) -> list[str]:
    """The words that are not in the text, blanks aside: a screen breaks long lines anywhere."""
    text = "".join(text.split()).casefold()
    return [word for word in words if "".join(word.split()).casefold() not in text]
