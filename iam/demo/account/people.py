"""Users and groups, instance profiles, identity providers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from iam.demo.account.facts import ACCOUNT, EKS, GITHUB, NOW, ago, allow, deny, document, policy_arn, role_arn
from iam.demo.account.role import AWS


@dataclass(frozen=True, slots=True)
class SeedGroup:
    name: str
    created: datetime
    attached: tuple[str, ...] = ()
    inline: Mapping[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SeedUser:
    """A user. ``key_age`` is that of the one access key, whose id is ``access_key``."""

    name: str
    created: datetime
    access_key: str
    key_age: timedelta
    key_used: datetime | None = None
    groups: tuple[str, ...] = ()
    inline: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    virtual_mfa: bool = False


@dataclass(frozen=True, slots=True)
class SeedProfile:
    """An instance profile; ``role`` is None for an empty one."""

    name: str
    path: str
    role: str | None
    created: datetime


@dataclass(frozen=True, slots=True)
class SeedOIDCProvider:
    url: str
    client_ids: tuple[str, ...]
    created: datetime

    @property
    def arn(self) -> str:
        return f"arn:aws:iam::{ACCOUNT}:oidc-provider/{self.url}"


GROUPS: tuple[SeedGroup, ...] = (
    SeedGroup(
        "Developers",
        ago(days=880),
        (policy_arn("dev-base"),),
        {
            "assume-project-developer": document(
                allow(
                    ("sts:AssumeRole", "sts:TagSession"),
                    role_arn("human/project-developer"),
                    sid="BecomeProjectDeveloper",
                )
            )
        },
    ),
    SeedGroup(
        "Operators",
        ago(days=880),
        (AWS + "IAMReadOnlyAccess",),
        {"assume-human-roles": document(allow("sts:AssumeRole", role_arn("human/*"), sid="BecomeAnyHumanRole"))},
    ),
    SeedGroup("Auditors", ago(days=700), (AWS + "SecurityAudit",)),
)

USERS: tuple[SeedUser, ...] = (
    SeedUser(
        "alice",
        ago(days=610),
        "AKIAHARBORALICE00001",
        timedelta(days=40),
        ago(hours=3),
        ("Developers",),
        tags={"team": "ferry"},
    ),
    SeedUser(
        "ben",
        ago(days=860),
        "AKIAHARBORBENBEN0001",
        timedelta(days=61),
        ago(minutes=12),
        ("Operators",),
        tags={"team": "platform"},
        virtual_mfa=True,
    ),
    # Reads little on purpose: neither the whole account at once nor its history.
    SeedUser(
        "carla",
        ago(days=520),
        "AKIAHARBORCARLA00001",
        timedelta(days=30),
        ago(days=1),
        ("Auditors",),
        {
            "no-bulk-reads": document(
                deny(("iam:GetAccountAuthorizationDetails", "cloudtrail:LookupEvents"), "*", sid="NoBulkReads")
            )
        },
    ),
    SeedUser(
        "ci-legacy",
        ago(days=1120),
        "AKIAHARBORCILEGACY01",
        timedelta(days=700),
        ago(days=2),
        inline={"all-of-s3": document(allow("s3:*", "*"))},
    ),
    # Tagged department=hr, while her policy wants HR.
    SeedUser(
        "dora",
        ago(days=90),
        "AKIAHARBORDORA000001",
        timedelta(days=20),
        ago(days=5),
        inline={
            "assume-as-hr": document(
                allow(
                    "sts:AssumeRole",
                    role_arn("human/project-developer"),
                    sid="HumanResourcesOnly",
                    StringEquals={"aws:PrincipalTag/department": "HR"},
                )
            )
        },
        tags={"department": "hr"},
    ),
)

PROFILES: tuple[SeedProfile, ...] = (
    SeedProfile("web-frontend-ec2", "/app/", "web-frontend-ec2", ago(days=812)),
    SeedProfile("report-worker-profile", "/", "report-worker-ec2", ago(days=505)),
    SeedProfile("report-worker", "/", None, ago(days=505)),
    # Its role was deleted through the API, and the profile stayed.
    SeedProfile("batch-runner", "/", None, ago(days=240)),
)

OIDC_PROVIDERS: tuple[SeedOIDCProvider, ...] = (
    SeedOIDCProvider(GITHUB, ("sts.amazonaws.com",), ago(days=335)),
    SeedOIDCProvider(EKS, ("sts.amazonaws.com",), ago(days=240)),
)

SAML_PROVIDER = "HarborIdP"
SAML_CREATED = ago(days=905)
SAML_VALID_UNTIL = NOW + timedelta(days=21)
SAML_METADATA = (
    '<?xml version="1.0"?><EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" '
    'entityID="https://idp.harbor.example/saml" validUntil="2026-12-11T09:00:00Z"><IDPSSODescriptor '
    'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><SingleSignOnService '
    'Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.harbor.example/sso"/>'
    "</IDPSSODescriptor></EntityDescriptor>"
) + " " * 600  # IAM takes no metadata under 1,000 characters
