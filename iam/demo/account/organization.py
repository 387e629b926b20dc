"""The organization around the account, with its policies at every level: root, Workloads, Prod, account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from iam.demo.account.facts import ACCOUNT, MANAGEMENT, ORGANIZATION, deny, document

ROOT_ID = "r-demo"
WORKLOADS = "ou-demo-workload"
PROD = "ou-demo-prodprod"

SCP, RCP = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"


@dataclass(frozen=True, slots=True)
class Level:
    """A target of policies, and its parent. ``kind`` is ROOT, ORGANIZATIONAL_UNIT or ACCOUNT."""

    id: str
    kind: str
    name: str
    parent: str | None

    @property
    def arn(self) -> str:
        kind = {"ROOT": "root", "ORGANIZATIONAL_UNIT": "ou", "ACCOUNT": "account"}[self.kind]
        return f"arn:aws:organizations::{MANAGEMENT}:{kind}/{ORGANIZATION}/{self.id}"


@dataclass(frozen=True, slots=True)
class OrgPolicy:
    """An SCP or RCP, with the levels it is attached to."""

    id: str
    name: str
    kind: str
    document: dict[str, Any]
    targets: tuple[str, ...]
    aws_managed: bool = False
    description: str = ""

    @property
    def arn(self) -> str:
        owner = "aws" if self.aws_managed else MANAGEMENT
        place = "" if self.aws_managed else f"{ORGANIZATION}/"
        return f"arn:aws:organizations::{owner}:policy/{place}{self.kind.lower()}/{self.id}"


PATH: tuple[Level, ...] = (
    Level(ROOT_ID, "ROOT", "Root", None),
    Level(WORKLOADS, "ORGANIZATIONAL_UNIT", "Workloads", ROOT_ID),
    Level(PROD, "ORGANIZATIONAL_UNIT", "Prod", WORKLOADS),
    Level(ACCOUNT, "ACCOUNT", "harbor-prod", PROD),
)
_EVERY_LEVEL = tuple(level.id for level in PATH)
_EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}

ORG_POLICIES: tuple[OrgPolicy, ...] = (
    OrgPolicy(
        "p-FullAWSAccess",
        "FullAWSAccess",
        SCP,
        _EVERYTHING,
        _EVERY_LEVEL,
        aws_managed=True,
        description="Allows access to every operation",
    ),
    OrgPolicy(
        "p-denyregions1",
        "deny-leave-regions",
        SCP,
        document(
            {
                "Sid": "NoOtherRegions",
                "Effect": "Deny",
                "NotAction": [
                    "a4b:*",
                    "account:*",
                    "aws-portal:*",
                    "ce:*",
                    "cloudfront:*",
                    "health:*",
                    "iam:*",
                    "organizations:*",
                    "route53:*",
                    "route53domains:*",
                    "sts:*",
                    "support:*",
                    "waf:*",
                ],
                "Resource": "*",
                "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["us-east-1", "eu-west-1"]}},
            }
        ),
        (PROD,),
        description="Nothing outside us-east-1 and eu-west-1, global services excepted",
    ),
    OrgPolicy(
        "p-protectsec1",
        "protect-security-tooling",
        SCP,
        document(
            deny(
                (
                    "cloudtrail:DeleteTrail",
                    "cloudtrail:StopLogging",
                    "cloudtrail:UpdateTrail",
                    "config:DeleteConfigurationRecorder",
                    "config:StopConfigurationRecorder",
                    "guardduty:DeleteDetector",
                    "guardduty:DisassociateFromAdministratorAccount",
                ),
                "*",
                sid="KeepSecurityTooling",
            )
        ),
        (ROOT_ID,),
        description="Nobody switches off the trail, the recorder or the detector",
    ),
    OrgPolicy(
        "p-RCPFullAWSAccess",
        "RCPFullAWSAccess",
        RCP,
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
        },
        _EVERY_LEVEL,
        aws_managed=True,
        description="Allows all access to every resource",
    ),
    OrgPolicy(
        "p-onlyourorg1",
        "only-our-org-s3",
        RCP,
        document(
            {
                "Sid": "OnlyOurOrganization",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": "*",
                "Condition": {
                    "StringNotEqualsIfExists": {"aws:PrincipalOrgID": ORGANIZATION},
                    "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
                },
            }
        ),
        (ROOT_ID,),
        description="S3 for principals of the organization and for AWS's services only",
    ),
)


def policies_at(target: str, kind: str) -> tuple[OrgPolicy, ...]:
    return tuple(policy for policy in ORG_POLICIES if policy.kind == kind and target in policy.targets)
