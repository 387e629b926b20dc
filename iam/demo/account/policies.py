"""Customer managed policies with their versions, and the AWS-managed policies that the account uses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from iam.demo.account.facts import ACCOUNT, ago, allow, arn, deny, document, policy_arn, role_arn


@dataclass(frozen=True, slots=True)
class SeedVersion:
    document: dict[str, Any]
    created: datetime


@dataclass(frozen=True, slots=True)
class SeedPolicy:
    """A customer managed policy. ``versions`` begins with v1; ``default`` is the number of the default version."""

    name: str
    versions: tuple[SeedVersion, ...]
    default: int = 1
    description: str = ""
    path: str = "/"


def _only(name: str, text: dict[str, Any], created: datetime, description: str = "") -> SeedPolicy:
    return SeedPolicy(name, (SeedVersion(text, created),), description=description)


_ASSETS = "arn:aws:s3:::harbor-assets"
_OBJECTS = f"{_ASSETS}/*"
_BOUNDARY = policy_arn("DeveloperBoundary")

# A boundary for whatever developers and pipelines make: new roles only with this same boundary on them.
DEVELOPER_BOUNDARY = document(
    allow(
        ("s3:*", "dynamodb:*", "lambda:*", "logs:*", "sqs:*", "ecs:*", "ecr:*"),
        "*",
        sid="ApplicationServices",
    ),
    allow(
        ("ec2:Describe*", "ec2:StartInstances", "ec2:StopInstances", "ec2:RebootInstances"),
        "*",
        sid="ProjectInstances",
    ),
    allow(("iam:Get*", "iam:List*", "iam:PassRole"), "*", sid="ReadIdentity"),
    allow(
        ("iam:CreateRole", "iam:AttachRolePolicy", "iam:PutRolePolicy"),
        "*",
        sid="RolesOnlyWithThisBoundary",
        StringEquals={"iam:PermissionsBoundary": _BOUNDARY},
    ),
    deny(
        (
            "iam:CreatePolicyVersion",
            "iam:DeletePolicy",
            "iam:DeletePolicyVersion",
            "iam:SetDefaultPolicyVersion",
        ),
        _BOUNDARY,
        sid="BoundaryStaysAsItIs",
    ),
    deny(("iam:DeleteRolePermissionsBoundary", "iam:PutRolePermissionsBoundary"), "*", sid="BoundaryStaysOn"),
)

# Everything but identity, the organization and the administration of keys. Nothing uses it.
SANDBOX_BOUNDARY = document(
    {
        "Sid": "AllButIdentity",
        "Effect": "Allow",
        "NotAction": [
            "iam:*",
            "organizations:*",
            "kms:Create*",
            "kms:Delete*",
            "kms:Disable*",
            "kms:Put*",
            "kms:ScheduleKeyDeletion",
            "kms:Update*",
        ],
        "Resource": "*",
    }
)

# Five versions, the limit. The default is v4, which lost the s3:ListBucket that v3 had.
APP_ASSETS_READ = SeedPolicy(
    "app-assets-read",
    (
        SeedVersion(document(allow("s3:GetObject", _OBJECTS, sid="ReadAssets")), ago(days=640)),
        SeedVersion(
            document(
                allow("s3:GetObject", _OBJECTS, sid="ReadAssets"),
                allow("s3:ListBucket", _ASSETS, sid="ListAssets"),
            ),
            ago(days=410),
        ),
        SeedVersion(
            document(
                allow(("s3:GetObject", "s3:GetObjectVersion"), _OBJECTS, sid="ReadAssets"),
                allow("s3:ListBucket", _ASSETS, sid="ListAssets"),
            ),
            ago(days=190),
        ),
        SeedVersion(
            document(allow(("s3:GetObject", "s3:GetObjectVersion"), _OBJECTS, sid="ReadAssets")),
            ago(days=6, minutes=4),
        ),
        SeedVersion(
            document(
                allow(
                    ("s3:GetObject", "s3:GetObjectVersion"),
                    f"{_ASSETS}/public/*",
                    sid="ReadPublicAssets",
                )
            ),
            ago(days=2),
        ),
    ),
    default=4,
    description="Read the web shop's assets",
)

DEPLOY_STOREFRONT = document(
    allow(
        ("s3:PutObject", "s3:DeleteObject", "s3:GetObject"),
        "arn:aws:s3:::harbor-storefront/*",
        sid="PublishSite",
    ),
    allow("s3:ListBucket", "arn:aws:s3:::harbor-storefront", sid="ListSite"),
    allow(
        ("lambda:UpdateFunctionCode", "lambda:PublishVersion", "lambda:UpdateAlias", "lambda:GetFunction"),
        arn("lambda", "function:storefront-*"),
        sid="DeployFunctions",
    ),
)

PIPELINE_BUILD = document(
    allow(
        (
            "iam:CreateRole",
            "iam:AttachRolePolicy",
            "iam:PutRolePolicy",
            "iam:GetRole",
            "iam:TagRole",
            "iam:PassRole",
        ),
        (role_arn("ci/*"), role_arn("app/*")),
        sid="MakeApplicationRoles",
    ),
    allow(
        ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"),
        arn("logs", "log-group:/aws/codebuild/*"),
        sid="WriteBuildLogs",
    ),
    allow(("s3:GetObject", "s3:PutObject"), "arn:aws:s3:::harbor-artifacts/*", sid="Artifacts"),
    allow("ecr:GetAuthorizationToken", "*", sid="RegistryLogin"),
    allow(
        (
            "ecr:BatchCheckLayerAvailability",
            "ecr:CompleteLayerUpload",
            "ecr:InitiateLayerUpload",
            "ecr:PutImage",
            "ecr:UploadLayerPart",
        ),
        arn("ecr", "repository/*"),
        sid="PushImages",
    ),
)

LAKE_ETL = document(
    allow(
        ("s3:GetObject", "s3:PutObject", "s3:DeleteObject"),
        "arn:aws:s3:::harbor-lake*/*",
        sid="LakeObjects",
    ),
    allow(
        ("s3:ListBucket", "s3:GetBucketLocation", "s3:CreateBucket"),
        "arn:aws:s3:::harbor-lake*",
        sid="LakeBuckets",
    ),
    allow(("glue:Get*", "glue:BatchGet*", "glue:*Partition*", "glue:UpdateTable"), "*", sid="Catalog"),
    allow(
        ("ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:Describe*"),
        "*",
        sid="JobsInsideTheVpc",
    ),
    allow("logs:*", arn("logs", "log-group:/aws-glue/*"), sid="JobLogs"),
)

GUARD_REGION = document(
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
    }
)

# Instances are one's own when they carry the tag project with the value that one's session carries.
ABAC_PROJECT = document(
    allow(
        ("ec2:StartInstances", "ec2:StopInstances", "ec2:RebootInstances"),
        "*",
        sid="OwnProjectInstances",
        StringEquals={"aws:ResourceTag/project": "${aws:PrincipalTag/project}"},
    ),
    allow("ec2:Describe*", "*", sid="SeeInstances"),
    allow(
        ("logs:GetLogEvents", "logs:FilterLogEvents", "logs:Describe*"),
        "*",
        sid="ReadLogs",
    ),
)

OPERATE_ALL_BUT_IDENTITY = document(
    {
        "Sid": "AllButIdentity",
        "Effect": "Allow",
        "NotAction": ["iam:*", "organizations:*", "account:*"],
        "Resource": "*",
    },
    {
        "Sid": "OnlyOurBuckets",
        "Effect": "Deny",
        "Action": "s3:*",
        "NotResource": ["arn:aws:s3:::harbor-*", "arn:aws:s3:::harbor-*/*"],
    },
)

DEV_BASE = document(
    allow(
        (
            "iam:GetRole",
            "iam:GetRolePolicy",
            "iam:GetPolicy",
            "iam:GetPolicyVersion",
            "iam:ListRoles",
            "iam:ListRolePolicies",
            "iam:ListAttachedRolePolicies",
            "iam:ListAccountAliases",
            "iam:ListInstanceProfilesForRole",
            "iam:GetInstanceProfile",
        ),
        "*",
        sid="SeeRoles",
    ),
    # Everybody may see why something is denied to them.
    allow(
        (
            "iam:ListGroupsForUser",
            "iam:ListUserPolicies",
            "iam:GetUserPolicy",
            "iam:ListAttachedUserPolicies",
            "iam:SimulatePrincipalPolicy",
        ),
        f"arn:aws:iam::{ACCOUNT}:user/${{aws:username}}",
        sid="SeeOwnPolicies",
    ),
    allow(
        ("iam:GetGroup", "iam:ListGroupPolicies", "iam:GetGroupPolicy", "iam:ListAttachedGroupPolicies"),
        f"arn:aws:iam::{ACCOUNT}:group/Developers",
        sid="SeeOwnGroup",
    ),
    allow(("s3:GetObject", "s3:ListBucket"), "arn:aws:s3:::harbor-*", sid="ReadBuckets"),
    allow(("lambda:Get*", "lambda:List*"), "*", sid="SeeFunctions"),
    allow(("logs:Get*", "logs:Describe*", "logs:FilterLogEvents"), "*", sid="ReadLogs"),
    allow(
        ("iam:*AccessKey*", "iam:ChangePassword", "iam:GetUser"),
        f"arn:aws:iam::{ACCOUNT}:user/${{aws:username}}",
        sid="OwnCredentials",
    ),
    # Developers make roles themselves, as long as these carry the boundary.
    allow(
        (
            "iam:CreateRole",
            "iam:AttachRolePolicy",
            "iam:DetachRolePolicy",
            "iam:PutRolePolicy",
            "iam:DeleteRolePolicy",
        ),
        "*",
        sid="OwnRolesWithBoundary",
        StringEquals={"iam:PermissionsBoundary": _BOUNDARY},
    ),
    allow("iam:TagRole", (role_arn("app/*"), role_arn("dev/*")), sid="TagApplicationRoles"),
    allow("iam:DeleteRole", role_arn("dev/*"), sid="DeleteTriedRoles"),
)

REPORT_EXPORT = document(
    allow(("s3:GetObject", "s3:PutObject"), "arn:aws:s3:::harbor-reports/*", sid="Reports"),
    allow("s3:ListBucket", "arn:aws:s3:::harbor-reports", sid="ListReports"),
    allow("lambda:InvokeFunction", arn("lambda", "function:report-render"), sid="Render"),
)

POLICIES: tuple[SeedPolicy, ...] = (
    _only(
        "DeveloperBoundary",
        DEVELOPER_BOUNDARY,
        ago(days=600),
        "The most that developers' and pipelines' roles may do",
    ),
    _only("SandboxBoundary", SANDBOX_BOUNDARY, ago(days=730), "Boundary of the sandbox accounts' roles"),
    APP_ASSETS_READ,
    _only("deploy-storefront", DEPLOY_STOREFRONT, ago(days=320), "What the storefront's deployment needs"),
    _only("pipeline-build", PIPELINE_BUILD, ago(days=300), "What a build may do"),
    _only("lake-etl", LAKE_ETL, ago(days=420), "The data lake's nightly jobs"),
    _only("guard-region", GUARD_REGION, ago(days=500), "Nothing outside us-east-1 and eu-west-1"),
    _only("abac-project", ABAC_PROJECT, ago(days=210), "Instances of one's own project"),
    _only(
        "operate-all-but-identity",
        OPERATE_ALL_BUT_IDENTITY,
        ago(days=250),
        "Operate everything but identity",
    ),
    _only("dev-base", DEV_BASE, ago(days=480), "What every developer may do"),
    _only("report-export", REPORT_EXPORT, ago(days=400), "Made by the stack reporting-prod"),
)
