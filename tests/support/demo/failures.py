"""The failures of the demo account as an operator pastes them, with the verdict that each must get.

`FAILURES` holds F01–F32, `CONFLICTS` E01–E08. ``cause`` is the code that the definitions of the JSON format give;
``also`` lists codes that are defensible when a diagnosis could read less (each with its reason in ``note``). ``bare``
is the same denial in the words of a service that states no reason: the same cause must be found by evaluating.
Fix words are looked for, without regard to case, in the first fix's title, target and change together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from iam.demo.aws.authorization.encoded import authorization_detail, encode

ACCOUNT = "111122223333"
GITHUB = "token.actions.githubusercontent.com"
EKS = "oidc.eks.us-east-1.amazonaws.com/id/DEMO0123456789ABCDEF"


@dataclass(frozen=True, slots=True)
class DemoFailure:
    """One pasted text and what must come out.

    ``role`` is the role that the operator had under the cursor, for texts that do not name it. ``context`` is what an
    operator would give with ``--context``. ``fix_kinds`` holds the kinds, ``fix_who`` the people, that the first fix
    may have (empty: any). The caller is the default one of the demo, org-admin, who may read everything.
    """

    id: str
    text: str
    cause: str
    also: tuple[str, ...] = ()
    bare: str | None = None
    role: str | None = None
    resource: str | None = None
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kind: str = "access-denied"
    fix_kinds: frozenset[str] = frozenset()
    fix_words: tuple[str, ...] = ()
    fix_who: frozenset[str] = frozenset()
    note: str = ""


@dataclass(frozen=True, slots=True)
class DemoConflict:
    """A name that is taken. ``advice`` holds the words of which one must begin the first fix's title."""

    id: str
    text: str
    cause: str
    advice: tuple[str, ...]
    fix_words: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    kind: str = "entity-already-exists"
    note: str = ""


def _session(role: str, session: str, account: str = ACCOUNT) -> str:
    return f"arn:aws:sts::{account}:assumed-role/{role}/{session}"


def _role(path_and_name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{path_and_name}"


def _policy(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:policy/{name}"


def _cli(operation: str, message: str, code: str = "AccessDenied") -> str:
    return f"An error occurred ({code}) when calling the {operation} operation: {message}"


def _denied(who: str, action: str, resource: str, reason: str = "") -> str:
    return f"User: {who} is not authorized to perform: {action} on resource: {resource}{' ' + reason if reason else ''}"


def _no(kind: str, action: str) -> str:
    return f"because no {kind} allows the {action} action"


POLICY, TRUST, COMMAND, NOTE = "policy-statement", "trust-policy", "command", "note"

_WEB = _session("web-frontend-ec2", "i-0a1")
_LAKE = _session("lake-etl-glue", "GlueJobRunnerSession")
_PROJECT = _session("project-developer", "alice")
_OPERATOR = _session("platform-operator", "ben")
_RELEASE = _session("release-manager", "ben")
_ORDERS_TABLE = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/orders"
_ORDERS_SECRET = f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:orders/db-Ab12Cd"
_ORDERS_QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders-events"
_KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/K1"
_ENCODED_DENY = encode(
    authorization_detail(
        principal_id="AROALAKEETLGLUE000001:GlueJobRunnerSession",
        principal_arn=_LAKE,
        action="ec2:CreateNetworkInterface",
        resource=f"arn:aws:ec2:ap-south-1:{ACCOUNT}:network-interface/*",
        explicit_deny=True,
        context={"aws:RequestedRegion": ("ap-south-1",), "aws:Region": ("ap-south-1",)},
        matched=(
            {
                "Sid": "OnlyHomeRegions",
                "Effect": "Deny",
                "NotAction": [
                    "iam:*",
                    "sts:*",
                    "organizations:*",
                    "cloudfront:*",
                    "route53:*",
                    "support:*",
                    "health:*",
                ],
                "Resource": "*",
                "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["us-east-1", "eu-west-1"]}},
            },
        ),
    )
)
_ENCODED_NONE = encode(
    authorization_detail(
        principal_id="AROAWEBFRONTENDEC2001:i-0a1",
        principal_arn=_WEB,
        action="ec2:StopInstances",
        resource=f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/i-0f1e2d3c4b5a69788",
        explicit_deny=False,
        context={"aws:RequestedRegion": ("us-east-1",), "ec2:InstanceType": ("t3.small",)},
    )
)

FAILURES: tuple[DemoFailure, ...] = (
    DemoFailure(
        "F01",
        "upload failed: ./x to s3://harbor-assets/x "
        + _cli(
            "PutObject",
            _denied(
                _WEB, "s3:PutObject", '"arn:aws:s3:::harbor-assets/x"', _no("identity-based policy", "s3:PutObject")
            ),
        ),
        "identity.no-action",
        bare=_denied(_WEB, "s3:PutObject", '"arn:aws:s3:::harbor-assets/x"'),
        fix_kinds=frozenset({POLICY, NOTE}),
        fix_words=("s3:PutObject", "harbor-assets"),
        note="the bucket's policy gives nothing to this role; app-assets-read v4 names s3:GetObject only",
    ),
    DemoFailure(
        "F02",
        '$ curl -s http://169.254.169.254/latest/meta-data/iam/info\n{\n  "Code" : "InstanceProfileNotFound",\n'
        '  "Message" : "Instance Profile does not contain a role. Please see documentation at '
        'http://docs.amazonwebservices.com/IAM/latest/UserGuide/RolesTroubleshooting.html.",\n'
        '  "LastUpdated" : "2026-11-20T08:41:07Z",\n'
        f'  "InstanceProfileArn" : "arn:aws:iam::{ACCOUNT}:instance-profile/report-worker",\n'
        '  "InstanceProfileId" : "AIPAEXAMPLEREPORTWORK"\n}',
        "instance-profile.empty",
        kind="other",
        fix_kinds=frozenset({COMMAND}),
        fix_words=("report-worker",),
        note="the instance uses the empty profile report-worker; the role is in report-worker-profile",
    ),
    DemoFailure(
        "F03",
        "botocore.exceptions.ClientError: "
        + _cli(
            "Query",
            _denied(
                _session("orders-api-lambda", "orders-api"),
                "dynamodb:Query",
                f"{_ORDERS_TABLE}/index/by-customer",
                _no("identity-based policy", "dynamodb:Query"),
            ),
            "AccessDeniedException",
        ),
        "identity.resource-mismatch",
        bare=_denied(
            _session("orders-api-lambda", "orders-api"), "dynamodb:Query", f"{_ORDERS_TABLE}/index/by-customer"
        ),
        fix_kinds=frozenset({POLICY}),
        fix_words=("table/orders/index/",),
    ),
    DemoFailure(
        "F04",
        "│ Error: creating Lambda Function (invoice-render): operation error Lambda: CreateFunction, https response "
        "error StatusCode: 400, RequestID: 5c5f1d1a-8d5c-4d49-a7c1-1e7f0b2a9c11, InvalidParameterValueException: The "
        "role defined for the function cannot be assumed by Lambda.",
        "trust.principal-mismatch",
        bare="An error occurred (InvalidParameterValueException) when calling the CreateFunction operation: The role "
        "defined for the function cannot be assumed by Lambda.",
        role="invoice-render-lambda",
        fix_kinds=frozenset({TRUST}),
        fix_words=("lambda.amazonaws.com",),
        note="the text names no role: it comes from the cursor (role) or from CloudTrail's CreateFunction event",
    ),
    DemoFailure(
        "F05",
        "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: "
        "unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret "
        f"{_ORDERS_SECRET} from secrets manager: AccessDeniedException: "
        + _denied(
            _session("orders-ecs-execution", "8f3c2d5e0a9b4c7d8e1f2a3b4c5d6e7f"),
            "secretsmanager:GetSecretValue",
            _ORDERS_SECRET,
            _no("identity-based policy", "secretsmanager:GetSecretValue"),
        )
        + " status code: 400, request id: 0d3f6a58-77c1-4f43-9a4e-2f5e7f8a9b10",
        "identity.no-action",
        bare=_denied(
            _session("orders-ecs-execution", "8f3c2d5e0a9b4c7d8e1f2a3b4c5d6e7f"),
            "secretsmanager:GetSecretValue",
            _ORDERS_SECRET,
        ),
        fix_kinds=frozenset({POLICY}),
        fix_words=("secretsmanager:GetSecretValue", "orders"),
        note="orders-ecs-task (the task role of the same task definition) allows it: the right permission, wrong role",
    ),
    DemoFailure(
        "F06",
        "WebIdentityErr: failed to retrieve credentials\ncaused by: AccessDenied: Not authorized to perform "
        "sts:AssumeRoleWithWebIdentity\n\tstatus code: 403, request id: 6a1d2f64-2f60-4d3c-8f2b-9c0a7d1e5b21",
        "trust.condition-unmet",
        also=("trust.condition-unknown",),
        bare=_cli("AssumeRoleWithWebIdentity", "Not authorized to perform sts:AssumeRoleWithWebIdentity"),
        role="inventory-irsa",
        context={
            f"{EKS}:sub": ("system:serviceaccount:inventory-v2:inventory-api",),
            f"{EKS}:aud": ("sts.amazonaws.com",),
        },
        fix_kinds=frozenset({TRUST, NOTE, COMMAND}),
        fix_words=("inventory",),
        note="the subject comes from the context, a pasted token, or CloudTrail's AssumeRoleWithWebIdentity event; "
        "with none of the three it is condition-unknown",
    ),
    DemoFailure(
        "F07",
        "failed to assume role for pod search/search-api-7c9d5: AccessDenied: "
        + _denied("pods.eks.amazonaws.com", "sts:TagSession", _role("app/search-podid")),
        "trust.no-action",
        bare=_denied("pods.eks.amazonaws.com", "sts:TagSession", _role("app/search-podid")),
        fix_kinds=frozenset({TRUST}),
        fix_words=("sts:TagSession",),
    ),
    DemoFailure(
        "F08",
        "Run aws-actions/configure-aws-credentials@v4\n  with:\n"
        f"    role-to-assume: {_role('ci/gha-deploy-storefront')}\n    aws-region: us-east-1\n"
        "Error: Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity",
        "trust.condition-unmet",
        also=("trust.condition-unknown",),
        bare="Error: Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity",
        role="gha-deploy-storefront",
        context={
            f"{GITHUB}:sub": ("repo:harbor-demo@5550101/storefront@90210077:ref:refs/heads/main",),
            f"{GITHUB}:aud": ("sts.amazonaws.com",),
        },
        fix_kinds=frozenset({TRUST}),
        fix_words=("harbor-demo@5550101/storefront@90210077",),
        note="without the context the subject stands in CloudTrail's AssumeRoleWithWebIdentity event",
    ),
    DemoFailure(
        "F09",
        _cli(
            "CreateRole",
            _denied(
                _session("ci-pipeline-builder", "AWSCodeBuild-4d1f"),
                "iam:CreateRole",
                _role("ci/new"),
                _no("permissions boundary", "iam:CreateRole"),
            ),
        ),
        "boundary.condition-unmet",
        also=("boundary.condition-unknown",),
        bare=_denied(_session("ci-pipeline-builder", "AWSCodeBuild-4d1f"), "iam:CreateRole", _role("ci/new")),
        fix_kinds=frozenset({COMMAND, NOTE}),
        fix_words=("DeveloperBoundary",),
        note="iam:PermissionsBoundary is absent from the request: an absent key makes the condition false",
    ),
    DemoFailure(
        "F10",
        _cli(
            "AssumeRole",
            _denied(_session("collector", "s1", "999988887777"), "sts:AssumeRole", _role("vendor/vendor-cost-auditor")),
        ),
        "trust.condition-unmet",
        also=("trust.condition-unknown",),
        bare=_denied(
            _session("collector", "s1", "999988887777"), "sts:AssumeRole", _role("vendor/vendor-cost-auditor")
        ),
        fix_kinds=frozenset({NOTE, COMMAND}),
        fix_words=("external",),
        fix_who=frozenset({"caller", "you"}),
        note="CloudTrail's AssumeRole event of this caller carries no externalId; the condition is never dropped",
    ),
    DemoFailure(
        "F11",
        "Your request included an invalid SAML response. To logout, click here.\n"
        "Not authorized to perform sts:AssumeRoleWithSAML (Service: AWSSecurityTokenService; Status Code: 403; Error "
        "Code: AccessDenied; Request ID: 7b0d7f0e-93d1-4c29-b7f0-5a7f2c0b6d55; Proxy: null)",
        "trust.condition-unmet",
        also=("trust.condition-unknown",),
        bare="Not authorized to perform sts:AssumeRoleWithSAML",
        role="saml-admin",
        context={"saml:aud": ("https://eu-west-1.signin.aws.amazon.com/saml",)},
        fix_kinds=frozenset({TRUST}),
        fix_words=("eu-west-1.signin.aws.amazon.com/saml",),
        note="without the context, CloudTrail's AssumeRoleWithSAML event tells the endpoint",
    ),
    DemoFailure(
        "F12",
        "[Unhandled promise rejection: NotAuthorizedException] "
        + _cli("AssumeRoleWithWebIdentity", "Not authorized to perform sts:AssumeRoleWithWebIdentity"),
        "trust.condition-unmet",
        also=("trust.condition-unknown",),
        bare="Not authorized to perform sts:AssumeRoleWithWebIdentity",
        role="cognito-mobile-auth",
        context={
            "cognito-identity.amazonaws.com:aud": ("us-east-1:5c1d8a40-0f3e-4f0a-9d3c-2b7a6e5d4c31",),
            "cognito-identity.amazonaws.com:amr": ("unauthenticated",),
        },
        fix_kinds=frozenset({NOTE}),
        fix_words=("unauth",),
        note="a guest must get the role for guests; this one's condition is deliberate",
    ),
    DemoFailure(
        "F13",
        _cli(
            "AssumeRole",
            _denied(f"arn:aws:iam::{ACCOUNT}:user/ben", "sts:AssumeRole", _role("human/break-glass-admin")),
        ),
        "trust.condition-unmet",
        bare=_denied(f"arn:aws:iam::{ACCOUNT}:user/ben", "sts:AssumeRole", _role("human/break-glass-admin")),
        fix_kinds=frozenset({COMMAND}),
        fix_words=("--serial-number", "--token-code"),
        note="long-term keys carry no aws:MultiFactorAuthPresent: known to be absent, not unknown",
    ),
    DemoFailure(
        "F14",
        _cli(
            "CreateBucket",
            _denied(
                _LAKE,
                "s3:CreateBucket",
                '"arn:aws:s3:::harbor-lake-ap"',
                f"with an explicit deny in an identity-based policy: {_policy('guard-region')}",
            ),
        ),
        "identity.explicit-deny",
        also=("scp.explicit-deny",),
        bare=_denied(_LAKE, "s3:CreateBucket", '"arn:aws:s3:::harbor-lake-ap"', "with an explicit deny"),
        context={"aws:RequestedRegion": ("ap-south-1",)},
        fix_kinds=frozenset({NOTE, COMMAND}),
        fix_words=("us-east-1",),
        note="the organization's deny-leave-regions denies it too: where the text names no policy, either is right",
    ),
    DemoFailure(
        "F15",
        _cli(
            "StartInstances",
            "You are not authorized to perform this operation. "
            + _denied(
                _PROJECT,
                "ec2:StartInstances",
                f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/i-0f1e2d3c4b5a69788",
                _no("identity-based policy", "ec2:StartInstances"),
            ),
            "UnauthorizedOperation",
        ),
        "identity.unresolved-variable",
        also=("identity.condition-unmet", "identity.condition-unknown"),
        bare=_denied(_PROJECT, "ec2:StartInstances", f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/i-0f1e2d3c4b5a69788"),
        context={"aws:ResourceTag/project": ("ferry",)},
        fix_kinds=frozenset({COMMAND}),
        fix_words=("project",),
        note="${aws:PrincipalTag/project} has no value: neither the role nor the session is tagged",
    ),
    DemoFailure(
        "F16",
        _cli(
            "CreateSchedule",
            "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
            "ValidationException",
        ),
        "trust.condition-unmet",
        also=("trust.condition-unknown",),
        bare="ValidationException: The execution role you provide must allow AWS EventBridge Scheduler to assume the "
        "role.",
        role="scheduler-invoke-orders",
        context={
            "aws:SourceAccount": (ACCOUNT,),
            "aws:SourceArn": (f"arn:aws:scheduler:us-east-1:{ACCOUNT}:schedule-group/prod",),
        },
        fix_kinds=frozenset({TRUST}),
        fix_words=("schedule-group/prod",),
    ),
    DemoFailure(
        "F17",
        "fatal error: "
        + _cli(
            "GetObject",
            _denied(
                _OPERATOR,
                "s3:GetObject",
                '"arn:aws:s3:::vendor-drop/x"',
                f"with an explicit deny in an identity-based policy: {_policy('operate-all-but-identity')}",
            ),
        ),
        "identity.explicit-deny",
        bare=_denied(_OPERATOR, "s3:GetObject", '"arn:aws:s3:::vendor-drop/x"', "with an explicit deny"),
        fix_kinds=frozenset({NOTE, POLICY}),
        fix_words=("vendor-drop",),
        note="the Deny is a guardrail: widening its NotResource list is its owner's decision, never done silently",
    ),
    DemoFailure(
        "F18",
        _cli(
            "RegisterTaskDefinition",
            _denied(
                _RELEASE,
                "iam:PassRole",
                _role("app/orders-ecs-task"),
                _no("identity-based policy", "iam:PassRole"),
            ),
            "ClientException",
        ),
        "identity.condition-unmet",
        also=("identity.condition-unknown",),
        bare=_denied(_RELEASE, "iam:PassRole", _role("app/orders-ecs-task")),
        context={"iam:PassedToService": ("ecs-tasks.amazonaws.com",)},
        fix_kinds=frozenset({POLICY}),
        fix_words=("ecs-tasks.amazonaws.com", "orders-ecs-task"),
        note="the operation and the role's trust policy both say to whom it is passed",
    ),
    DemoFailure(
        "F19",
        _cli(
            "Decrypt",
            _denied(
                _session("kms-reports-reader", "reports"),
                "kms:Decrypt",
                _KEY,
                _no("resource-based policy", "kms:Decrypt"),
            ),
            "AccessDeniedException",
        ),
        "resource.principal-mismatch",
        bare=_denied(_session("kms-reports-reader", "reports"), "kms:Decrypt", _KEY),
        fix_kinds=frozenset({POLICY}),
        fix_words=("kms:Decrypt", "kms-reports-reader"),
        fix_who=frozenset({"resource-owner", "account-admin"}),
        note="the key policy names only saml-admin and does not delegate to the account",
    ),
    DemoFailure(
        "F20",
        _cli("PutObject", "Access Denied"),
        "unreadable",
        also=("resource.no-action", "resource.principal-mismatch"),
        bare=_cli("PutObject", "Access Denied"),
        role="shared-bucket-exporter",
        resource="arn:aws:s3:::shared-tools-exports/harbor/2026-11-20.csv",
        fix_kinds=frozenset({NOTE, POLICY}),
        fix_words=("444455556666",),
        fix_who=frozenset({"resource-owner"}),
        note="the identity side allows; the bucket belongs to 444455556666 and its policy cannot be read from here",
    ),
    DemoFailure(
        "F21",
        _cli(
            "GetObject",
            _denied(
                _session("batch-vpc-worker", "i-0b4c5d6e7f8091a2b"),
                "s3:GetObject",
                '"arn:aws:s3:::harbor-models/m"',
                _no("VPC endpoint policy", "s3:GetObject"),
            ),
        ),
        "vpce.resource-mismatch",
        bare=_denied(
            _session("batch-vpc-worker", "i-0b4c5d6e7f8091a2b"), "s3:GetObject", '"arn:aws:s3:::harbor-models/m"'
        ),
        context={"aws:SourceVpce": ("vpce-0aa11bb22cc33dd44",)},
        fix_kinds=frozenset({POLICY}),
        fix_words=("harbor-models",),
    ),
    DemoFailure(
        "F22",
        _cli(
            "RunInstances",
            "You are not authorized to perform this operation. "
            + _denied(
                _PROJECT,
                "ec2:RunInstances",
                f"arn:aws:ec2:ap-south-1:{ACCOUNT}:instance/*",
                "with an explicit deny in a service control policy: "
                "arn:aws:organizations::777788889999:policy/o-exampleorgid/service_control_policy/p-denyregions1",
            ),
            "UnauthorizedOperation",
        ),
        "scp.explicit-deny",
        bare=_denied(_PROJECT, "ec2:RunInstances", f"arn:aws:ec2:ap-south-1:{ACCOUNT}:instance/*"),
        context={"aws:RequestedRegion": ("ap-south-1",)},
        fix_kinds=frozenset({NOTE, COMMAND}),
        fix_words=("p-denyregions1",),
        fix_who=frozenset({"org-admin", "caller", "you"}),
        note="either a hand-off note for the organization's team or another region; deny-leave-regions names it",
    ),
    DemoFailure(
        "F23",
        _cli(
            "UpdateFunctionCode",
            _denied(
                _session("contractor-scoped", "kestrel"),
                "lambda:UpdateFunctionCode",
                f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:orders-api",
                _no("session policy", "lambda:UpdateFunctionCode"),
            ),
            "AccessDeniedException",
        ),
        "session.no-action",
        also=("unreadable",),
        bare=_denied(
            _session("contractor-scoped", "kestrel"),
            "lambda:UpdateFunctionCode",
            f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:orders-api",
        ),
        fix_kinds=frozenset({NOTE}),
        fix_words=("broker",),
        fix_who=frozenset({"caller", "resource-owner", "you"}),
        note="the session policy stands in CloudTrail's AssumeRole event (requestParameters.policy)",
    ),
    DemoFailure(
        "F24",
        _cli(
            "AttachRolePolicy",
            "Cannot perform the operation on the protected role 'AWSServiceRoleForAutoScaling' - this role is only "
            "modifiable by AWS",
            "UnmodifiableEntity",
        ),
        "role.service-owned",
        kind="other",
        fix_kinds=frozenset({NOTE, COMMAND}),
        fix_words=("autoscaling",),
    ),
    DemoFailure(
        "F25",
        _cli(
            "PutRolePolicy",
            "Cannot perform the operation on the protected role 'AWSReservedSSO_DataAnalyst_0a1b2c3d4e5f6789' - this "
            "role is only modifiable by AWS",
            "UnmodifiableEntity",
        ),
        "role.service-owned",
        kind="other",
        fix_kinds=frozenset({NOTE, COMMAND}),
        fix_words=("permission set",),
    ),
    DemoFailure(
        "F26",
        _cli(
            "AssumeRole",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
            "ValidationError",
        ),
        "session.duration",
        kind="other",
        fix_kinds=frozenset({COMMAND, NOTE}),
        fix_words=("3600",),
    ),
    DemoFailure(
        "F27",
        _cli(
            "AssumeRole",
            _denied(_session("collector", "agent-1", "444455556666"), "sts:AssumeRole", _role("app/metrics-collector")),
        ),
        "trust.orphan-principal",
        bare=_denied(
            _session("collector", "agent-1", "444455556666"), "sts:AssumeRole", _role("app/metrics-collector")
        ),
        fix_kinds=frozenset({TRUST}),
        fix_words=("collector",),
        note="the role collector of account 444455556666 was deleted and made again: the trust holds the old ID",
    ),
    DemoFailure(
        "F28",
        _cli(
            "ListObjectsV2",
            _denied(
                _WEB, "s3:ListBucket", '"arn:aws:s3:::harbor-assets"', _no("identity-based policy", "s3:ListBucket")
            ),
        ),
        "identity.no-action",
        bare=_denied(_WEB, "s3:ListBucket", '"arn:aws:s3:::harbor-assets"'),
        fix_kinds=frozenset({COMMAND}),
        fix_words=("set-default-policy-version", "v3"),
        note="v3 of app-assets-read allowed it until SetDefaultPolicyVersion at T-6d",
    ),
    DemoFailure(
        "F29a",
        _cli(
            "CreateNetworkInterface",
            f"You are not authorized to perform this operation. Encoded authorization failure message: {_ENCODED_DENY}",
            "UnauthorizedOperation",
        ),
        "identity.explicit-deny",
        also=("scp.explicit-deny",),
        fix_kinds=frozenset({NOTE, COMMAND}),
        fix_words=("us-east-1",),
        note="decoded: guard-region's OnlyHomeRegions matched, in ap-south-1; the organization's SCP would deny it too",
    ),
    DemoFailure(
        "F29b",
        _cli(
            "StopInstances",
            f"You are not authorized to perform this operation. Encoded authorization failure message: {_ENCODED_NONE}",
            "UnauthorizedOperation",
        ),
        "identity.no-action",
        fix_kinds=frozenset({POLICY, NOTE}),
        fix_words=("ec2:StopInstances",),
        note="decoded: web-frontend-ec2, no statement matched",
    ),
    DemoFailure(
        "F31a",
        _cli("GetCallerIdentity", "The security token included in the request is expired", "ExpiredToken"),
        "credentials.invalid",
        kind="other",
        fix_kinds=frozenset({COMMAND, NOTE}),
    ),
    DemoFailure(
        "F31b",
        _cli("ListRoles", "The security token included in the request is invalid.", "InvalidClientTokenId"),
        "credentials.invalid",
        kind="other",
        fix_kinds=frozenset({COMMAND, NOTE}),
    ),
    DemoFailure(
        "F31c",
        _cli(
            "ListBuckets",
            "The request signature we calculated does not match the signature you provided. Check your key and signing "
            "method.",
            "SignatureDoesNotMatch",
        ),
        "credentials.invalid",
        kind="other",
        fix_kinds=frozenset({COMMAND, NOTE}),
    ),
    DemoFailure(
        "F30",
        _cli(
            "AssumeRole",
            _denied(
                f"arn:aws:iam::{ACCOUNT}:user/dora",
                "sts:AssumeRole",
                _role("human/project-developer"),
                _no("identity-based policy", "sts:AssumeRole"),
            ),
        ),
        "identity.condition-unmet",
        bare=_denied(f"arn:aws:iam::{ACCOUNT}:user/dora", "sts:AssumeRole", _role("human/project-developer")),
        fix_kinds=frozenset({COMMAND, POLICY}),
        fix_words=("department",),
        note="dora is tagged department=hr; the condition wants HR with StringEquals",
    ),
    DemoFailure(
        "F32",
        _cli(
            "SendMessage",
            _denied(
                _session("orders-ecs-task", "1a2b3c4d5e6f47089a0b1c2d3e4f5061"),
                "sqs:SendMessage",
                _ORDERS_QUEUE,
                _no("identity-based policy", "sqs:SendMessage"),
            ),
        ),
        "allowed.now",
        bare=_denied(_session("orders-ecs-task", "1a2b3c4d5e6f47089a0b1c2d3e4f5061"), "sqs:SendMessage", _ORDERS_QUEUE),
        fix_kinds=frozenset({NOTE, COMMAND}),
        fix_words=("wait",),
        note="PutRolePolicy on orders-ecs-task stands in CloudTrail at T-20s: propagation",
    ),
)

CONFLICTS: tuple[DemoConflict, ...] = (
    DemoConflict(
        "E01",
        _cli("CreateRole", "Role with name reportexporter already exists.", "EntityAlreadyExists"),
        "name.taken-other-case",
        advice=("adopt", "rename"),
        fix_words=("ReportExporter",),
        note="owned by the stack reporting-prod and used: never delete",
    ),
    DemoConflict(
        "E02",
        "aws iam create-role --path /new/ --role-name web-frontend-ec2 --assume-role-policy-document file://trust.json\n\n"
        + _cli("CreateRole", "Role with name web-frontend-ec2 already exists.", "EntityAlreadyExists"),
        "name.taken-other-path",
        also=("name.taken",),
        advice=("adopt", "rename"),
        fix_words=("web-frontend-ec2",),
        note="the wanted path stands only in the command line; a text without it can only give name.taken",
    ),
    DemoConflict(
        "E03",
        _cli("CreateInstanceProfile", "Instance Profile batch-runner already exists.", "EntityAlreadyExists"),
        "profile.empty",
        advice=("reuse",),
        fix_words=("batch-runner",),
    ),
    DemoConflict(
        "E04",
        "│ Error: creating IAM OIDC Provider: operation error IAM: CreateOpenIDConnectProvider, https response error "
        "StatusCode: 409, RequestID: 2a0f1c9e-50c0-4a55-8e0f-1b2c3d4e5f60, EntityAlreadyExists: Provider with url "
        f"https://{GITHUB} already exists.",
        "provider.taken",
        advice=("reuse",),
        fix_words=(GITHUB,),
    ),
    DemoConflict(
        "E05",
        "aws iam create-policy --policy-name app-assets-read --path /team/ --policy-document file://read.json\n\n"
        + _cli(
            "CreatePolicy",
            "A policy called app-assets-read already exists. Duplicate names are not allowed.",
            "EntityAlreadyExists",
        ),
        "policy.taken",
        advice=("new-version", "rename"),
        fix_words=("app-assets-read",),
        note="it has 5 versions, the limit: a new version needs the oldest one deleted first",
    ),
    DemoConflict(
        "E06",
        _cli("CreateRole", "Role with name alice already exists.", "EntityAlreadyExists"),
        "name.other-namespace",
        also=("name.free",),
        advice=("leave",),
        fix_words=("alice",),
        note="only a user is called alice: roles and users do not share names, nobody has to be renamed",
    ),
    DemoConflict(
        "E07",
        _cli("CreateRole", "Cannot exceed quota for RolesPerAccount: 1000", "LimitExceeded"),
        "quota.reached",
        advice=("leave",),
        fix_words=("L-FE177D64", "try again"),
        kind="other",
        note="the demo account is not full: nothing is to be raised here, and the quota of a full account is named",
    ),
    DemoConflict(
        "E08",
        _cli("CreateRole", "Role with name legacy-ftp-sync already exists.", "EntityAlreadyExists"),
        "deletion.unfinished",
        also=("name.taken",),
        advice=("delete", "adopt"),
        fix_words=("legacy-ftp-sync",),
        note="CloudTrail has a DeleteRole of it that failed with DeleteConflict a few minutes ago",
    ),
)
