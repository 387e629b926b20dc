"""A small account of another shape than the demo's: a clinic's, with groups, keys, a second account, an organization.

`snapshot` is the file's content; what a test wants otherwise it changes in its own copy.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

ID = "222233334444"
OTHER = "555566667777"
ORG = "o-alderhealth"
REGION = "eu-central-1"


def arn(service: str, rest: str, region: str = REGION) -> str:
    return f"arn:aws:{service}:{region}:{ID}:{rest}"


def role_arn(name: str, path: str = "/") -> str:
    return f"arn:aws:iam::{ID}:role{path}{name}"


def session(role: str, name: str = "job", account: str = ID) -> str:
    return f"arn:aws:sts::{account}:assumed-role/{role}/{name}"


def user_arn(name: str) -> str:
    return f"arn:aws:iam::{ID}:user/{name}"


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: Any, resource: Any = "*", sid: str | None = None, **condition: Any) -> dict[str, Any]:
    return _statement("Allow", action, resource, sid, condition)


def deny(action: Any, resource: Any = "*", sid: str | None = None, **condition: Any) -> dict[str, Any]:
    return _statement("Deny", action, resource, sid, condition)


def _statement(effect: str, action: Any, resource: Any, sid: str | None, condition: Any) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": effect, "Action": action, "Resource": resource}
    if sid:
        statement["Sid"] = sid
    if condition:
        statement["Condition"] = {operator.replace("_", ":"): block for operator, block in condition.items()}
    return statement


def trust(principal: Any, action: Any = "sts:AssumeRole", **condition: Any) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": principal, "Action": action}
    if condition:
        statement["Condition"] = {operator.replace("_", ":"): block for operator, block in condition.items()}
    return document(statement)


def service(name: str, **condition: Any) -> dict[str, Any]:
    return trust({"Service": f"{name}.amazonaws.com"}, **condition)


def role(
    name: str,
    trusted: dict[str, Any],
    *,
    path: str = "/",
    inline: dict[str, Any] | None = None,
    attached: tuple[str, ...] = (),
    boundary: str | None = None,
    tags: dict[str, str] | None = None,
) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "RoleName": name,
        "Arn": role_arn(name, path),
        "Path": path,
        "RoleId": "AROA" + "".join(letter for letter in name.upper() if letter.isalnum())[:16].ljust(16, "A"),
        "CreateDate": "2026-01-10T00:00:00Z",
        "AssumeRolePolicyDocument": trusted,
        "RolePolicyList": [{"PolicyName": key, "PolicyDocument": value} for key, value in (inline or {}).items()],
        "AttachedManagedPolicies": [_attached(policy) for policy in attached],
        "InstanceProfileList": [],
        "Tags": [{"Key": key, "Value": value} for key, value in (tags or {}).items()],
        "RoleLastUsed": {},
    }
    if boundary:
        entry["PermissionsBoundary"] = {
            "PermissionsBoundaryType": "PermissionsBoundaryPolicy",
            "PermissionsBoundaryArn": policy_arn(boundary),
        }
    return entry


def policy_arn(name: str) -> str:
    return f"arn:aws:iam::{ID}:policy/{name}"


def _attached(name: str) -> dict[str, str]:
    return {"PolicyName": name, "PolicyArn": policy_arn(name)}


def policy(name: str, *versions: dict[str, Any], attachments: int = 1) -> dict[str, Any]:
    """A customer policy; the last version is the default."""
    return {
        "PolicyName": name,
        "PolicyId": f"ANPA{name.upper().replace('-', ''):A<16}"[:20],
        "Arn": policy_arn(name),
        "Path": "/",
        "DefaultVersionId": f"v{len(versions)}",
        "AttachmentCount": attachments,
        "PermissionsBoundaryUsageCount": 0,
        "IsAttachable": True,
        "CreateDate": "2026-01-01T00:00:00Z",
        "UpdateDate": "2026-02-01T00:00:00Z",
        "PolicyVersionList": [
            {
                "Document": version,
                "VersionId": f"v{number}",
                "IsDefaultVersion": number == len(versions),
                "CreateDate": "2026-01-01T00:00:00Z",
            }
            for number, version in enumerate(versions, start=1)
        ],
    }


def user(
    name: str,
    *,
    inline: dict[str, Any] | None = None,
    attached: tuple[str, ...] = (),
    groups: tuple[str, ...] = (),
    boundary: str | None = None,
    tags: dict[str, str] | None = None,
) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "UserName": name,
        "Arn": user_arn(name),
        "Path": "/",
        "UserId": f"AIDA{name.upper():A<16}",
        "CreateDate": "2026-01-01T00:00:00Z",
        "UserPolicyList": [{"PolicyName": key, "PolicyDocument": value} for key, value in (inline or {}).items()],
        "AttachedManagedPolicies": [_attached(entry) for entry in attached],
        "GroupList": list(groups),
        "Tags": [{"Key": key, "Value": value} for key, value in (tags or {}).items()],
    }
    if boundary:
        entry["PermissionsBoundary"] = {
            "PermissionsBoundaryType": "PermissionsBoundaryPolicy",
            "PermissionsBoundaryArn": policy_arn(boundary),
        }
    return entry


GITLAB = "gitlab.alder.example"
KEY = arn("kms", "key/1111-2222")
OPEN_KEY = arn("kms", "key/3333-4444")
RECORDS = "alder-records"
QUEUE = arn("sqs", "referrals")
TOPIC = arn("sns", "alerts")
TABLE = arn("dynamodb", "table/patients")
STATE_MACHINE = arn("states", "stateMachine:discharge")

ROLES = [
    role(
        "intake-api",
        service("lambda"),
        path="/svc/",
        inline={
            "patients": document(allow(["dynamodb:GetItem", "dynamodb:PutItem"], TABLE, "Patients")),
            "key": document(allow(["kms:Decrypt", "kms:GenerateDataKey"], [KEY, OPEN_KEY], "Keys")),
        },
        attached=("records-read",),
    ),
    role(
        "discharge-flow",
        service("states"),
        inline={"steps": document(allow("lambda:InvokeFunction", arn("lambda", "function:letters"), "Letters"))},
        boundary="ceiling",
    ),
    role(
        "night-batch",
        service("batch"),
        inline={"all-s3": document(allow("s3:*", "*", "AllBuckets"), deny("s3:DeleteObject*", "*", "NeverDelete"))},
    ),
    role(
        "clinician",
        trust({"AWS": f"arn:aws:iam::{ID}:root"}, Bool={"aws:MultiFactorAuthPresent": "true"}),
        inline={
            "ward": document(
                allow(
                    "dynamodb:Query",
                    TABLE,
                    "OwnWard",
                    ForAllValues_StringEquals={"dynamodb:LeadingKeys": "${aws:PrincipalTag/ward}"},
                )
            )
        },
    ),
    role("auditor", trust({"AWS": role_arn("clinician")}), inline={"logs": document(allow("logs:Get*", "*"))}),
    role(
        "partner-feed",
        trust({"AWS": f"arn:aws:iam::{OTHER}:role/feeder"}, StringEquals={"sts:ExternalId": "alder-17"}),
        inline={"queue": document(allow("sqs:SendMessage", QUEUE))},
    ),
    role(
        "gitlab-deploy",
        trust(
            {"Federated": f"arn:aws:iam::{ID}:oidc-provider/{GITLAB}"},
            "sts:AssumeRoleWithWebIdentity",
            StringLike={f"{GITLAB}:sub": "project_path:clinic/portal:ref_type:branch:ref:main"},
            StringEquals={f"{GITLAB}:aud": f"https://{GITLAB}"},
        ),
        inline={
            "ship": document(
                allow("lambda:UpdateFunctionCode", arn("lambda", "function:*"), "Ship"),
                allow(
                    "iam:PassRole",
                    role_arn("intake-api", "/svc/"),
                    "Pass",
                    StringEquals={"iam:PassedToService": "ecs-tasks.amazonaws.com"},
                ),
            )
        },
    ),
    role(
        "orphaned",
        trust({"Federated": f"arn:aws:iam::{ID}:oidc-provider/gone.example"}, "sts:AssumeRoleWithWebIdentity"),
    ),
    role("stale-link", trust({"AWS": ["AIDADELETEDUSER0000001", user_arn("mira")]})),
    role("reader-task", service("ecs-tasks"), inline={"none": document(allow("logs:CreateLogStream", "*"))}),
    role(
        "reader-exec",
        service("ecs-tasks"),
        inline={"secret": document(allow("secretsmanager:GetSecretValue", arn("secretsmanager", "secret:reader/*")))},
    ),
    role(
        "mail-scheduler", service("scheduler", ArnEquals={"aws:SourceArn": arn("scheduler", "schedule/mail/nightly")})
    ),
    role(
        "vault",
        service("ec2"),
        inline={
            "sec": document(
                allow("s3:GetObject", "arn:aws:s3:::alder-vault/*", "Get", IpAddress={"aws:SourceIp": "10.20.0.0/16"})
            )
        },
    ),
    role("pusher", service("lambda"), inline={"push": document(allow("sns:Publish", TOPIC))}),
]

USERS = [
    user("mira", groups=("nurses",), tags={"ward": "west"}),
    user("olaf", groups=("nurses", "builders"), boundary="ceiling"),
    user("tess", inline={"own": document(allow("iam:*AccessKey*", "arn:aws:iam::*:user/${aws:username}", "OwnKeys"))}),
    user("vic", inline={"s3": document(allow("s3:GetObject", f"arn:aws:s3:::{RECORDS}/public/*", "Public"))}),
]

GROUPS = [
    {
        "GroupName": "nurses",
        "Arn": f"arn:aws:iam::{ID}:group/nurses",
        "Path": "/",
        "GroupId": "AGPANURSES0000000001",
        "CreateDate": "2026-01-01T00:00:00Z",
        "GroupPolicyList": [
            {
                "PolicyName": "assume",
                "PolicyDocument": document(allow("sts:AssumeRole", role_arn("clinician"), "Clinician")),
            }
        ],
        "AttachedManagedPolicies": [],
    },
    {
        "GroupName": "builders",
        "Arn": f"arn:aws:iam::{ID}:group/builders",
        "Path": "/",
        "GroupId": "AGPABUILDERS00000001",
        "CreateDate": "2026-01-01T00:00:00Z",
        "GroupPolicyList": [
            {
                "PolicyName": "build",
                "PolicyDocument": document(allow(["ec2:*", "iam:CreateUser", "iam:CreateRole"], "*", "Build")),
            }
        ],
        "AttachedManagedPolicies": [],
    },
]

POLICIES = [
    policy(
        "records-read",
        document(allow(["s3:GetObject", "s3:ListBucket"], [f"arn:aws:s3:::{RECORDS}", f"arn:aws:s3:::{RECORDS}/*"])),
        document(allow("s3:ListBucket", f"arn:aws:s3:::{RECORDS}", "ListOnly")),
    ),
    policy(
        "ceiling",
        document(
            allow(["s3:*", "dynamodb:*", "lambda:GetFunction", "ec2:Describe*", "sts:AssumeRole"], "*", "Most"),
            allow("iam:CreateRole", "*", "Bounded", StringEquals={"iam:PermissionsBoundary": policy_arn("ceiling")}),
            deny("ec2:TerminateInstances", "*", "NoTerminate"),
        ),
        attachments=0,
    ),
]

SCPS = [
    {
        "Target": "r-alder",
        "Policies": [
            _full := {
                "Arn": "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess",
                "Name": "FullAWSAccess",
                "Document": document(allow("*")),
            }
        ],
    },
    {
        "Target": "ou-alder-clinics",
        "Policies": [
            _full,
            {
                "Arn": f"arn:aws:organizations::{OTHER}:policy/{ORG}/service_control_policy/p-eu",
                "Name": "eu-only",
                "Document": document(
                    {
                        "Sid": "EuOnly",
                        "Effect": "Deny",
                        "NotAction": ["iam:*", "sts:*", "route53:*"],
                        "Resource": "*",
                        "Condition": {"StringNotLike": {"aws:RequestedRegion": "eu-*"}},
                    }
                ),
            },
        ],
    },
    {
        "Target": ID,
        "Policies": [
            {
                "Arn": f"arn:aws:organizations::{OTHER}:policy/{ORG}/service_control_policy/p-svc",
                "Name": "only-known-services",
                "Document": document(
                    allow(
                        [
                            "s3:*",
                            "dynamodb:*",
                            "kms:*",
                            "lambda:*",
                            "logs:*",
                            "sqs:*",
                            "sns:*",
                            "iam:*",
                            "sts:*",
                            "ec2:*",
                            "secretsmanager:*",
                            "states:*",
                            "ecs:*",
                        ],
                        "*",
                        "Known",
                    )
                ),
            }
        ],
    },
]

RESOURCE_POLICIES = {
    f"arn:aws:s3:::{RECORDS}": document(
        {
            "Sid": "OnlyEncrypted",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:PutObject",
            "Resource": f"arn:aws:s3:::{RECORDS}/*",
            "Condition": {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}},
        }
    ),
    "arn:aws:s3:::alder-vault": document(
        {
            "Sid": "Tls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": "arn:aws:s3:::alder-vault/*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ),
    KEY: document(
        {
            "Sid": "Admins",
            "Effect": "Allow",
            "Principal": {"AWS": role_arn("clinician")},
            "Action": "kms:*",
            "Resource": "*",
        },
        {
            "Sid": "Use",
            "Effect": "Allow",
            "Principal": {"AWS": role_arn("night-batch")},
            "Action": "kms:Decrypt",
            "Resource": "*",
        },
    ),
    OPEN_KEY: document(
        {
            "Sid": "Account",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ID}:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ),
    QUEUE: document(
        {
            "Sid": "Feed",
            "Effect": "Allow",
            "Principal": {"AWS": role_arn("partner-feed")},
            "Action": "sqs:SendMessage",
            "Resource": QUEUE,
        },
        {
            "Sid": "NotPusher",
            "Effect": "Deny",
            "Principal": {"AWS": role_arn("pusher")},
            "Action": "sqs:*",
            "Resource": QUEUE,
        },
    ),
    TOPIC: document(
        {
            "Sid": "Alarm",
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": TOPIC,
        }
    ),
    arn("lambda", "function:letters"): document(
        {
            "Sid": "Bucket",
            "Effect": "Allow",
            "Principal": {"Service": "s3.amazonaws.com"},
            "Action": "lambda:InvokeFunction",
            "Resource": arn("lambda", "function:letters"),
            "Condition": {"ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{RECORDS}"}},
        }
    ),
}

SNAPSHOT: dict[str, Any] = {
    "UserDetailList": USERS,
    "GroupDetailList": GROUPS,
    "RoleDetailList": ROLES,
    "Policies": POLICIES,
    "Rolescope": {
        "Version": 1,
        "Account": {
            "Id": ID,
            "Alias": "alder",
            "CapturedAt": "2026-11-20T09:00:00Z",
            "Caller": user_arn("mira"),
        },
        "Roles": {},
        "Organization": {
            "Id": ORG,
            "ManagementAccountId": "999900001111",
            "Path": ["r-alder", "ou-alder-clinics"],
            "ServiceControlPolicies": SCPS,
            "ResourceControlPolicies": [],
        },
        "ResourcePolicies": RESOURCE_POLICIES,
        "VpcEndpoints": [
            {
                "Id": "vpce-alder1",
                "ServiceName": f"com.amazonaws.{REGION}.s3",
                "Document": document(
                    {
                        "Effect": "Allow",
                        "Principal": "*",
                        "Action": "s3:GetObject",
                        "Resource": f"arn:aws:s3:::{RECORDS}/*",
                    }
                ),
            }
        ],
        "InstanceProfiles": [
            {
                "InstanceProfileName": "vault",
                "Arn": f"arn:aws:iam::{ID}:instance-profile/vault",
                "Path": "/",
                "Roles": ["vault"],
            },
            {
                "InstanceProfileName": "vault-blue",
                "Arn": f"arn:aws:iam::{ID}:instance-profile/vault-blue",
                "Path": "/",
                "Roles": [],
            },
        ],
        "Instances": [
            {
                "InstanceId": "i-00aa11bb22cc33dd4",
                "InstanceProfileArn": f"arn:aws:iam::{ID}:instance-profile/vault-blue",
            },
            {"InstanceId": "i-0ffffffffffffff01", "InstanceProfileArn": None},
        ],
        "OpenIDConnectProviders": [
            {
                "Arn": f"arn:aws:iam::{ID}:oidc-provider/{GITLAB}",
                "Url": f"https://{GITLAB}",
                "ClientIDList": [f"https://{GITLAB}"],
            }
        ],
        "SAMLProviders": [],
        "AccountSummary": {"Roles": 14, "RolesQuota": 1000},
        "Events": [],
        "StackResources": [],
    },
}


def snapshot() -> dict[str, Any]:
    return copy.deepcopy(SNAPSHOT)


def write(path: Path, content: dict[str, Any]) -> Path:
    path.write_text(json.dumps(content))
    return path
