"""Tokens that were never issued, unsigned, and an account whose roles trust many kinds of issuers."""

from __future__ import annotations

import base64
import json
import zlib
from datetime import UTC, datetime
from typing import Any

from tests.support.accounts.alder import document

ID = "222233334444"
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
EPOCH = int(NOW.timestamp())
GITHUB, GITLAB, HCP, GOOGLE = (
    "token.actions.githubusercontent.com",
    "gitlab.com",
    "app.terraform.io",
    "accounts.google.com",
)
EKS = "oidc.eks.eu-central-1.amazonaws.com/id/A1B2C3D4E5F60718293A4B5C6D7E8F90"
AUTH0 = "mill.eu.auth0.example/"
COGNITO = "cognito-identity.amazonaws.com"
POOL = "eu-central-1:0b1c2d3e-0000-4000-8000-aabbccddeeff"
SIGN_IN = "https://signin.aws.amazon.com/saml"
SAML_PROVIDER = f"arn:aws:iam::{ID}:saml-provider/MillIdP"
STS = "sts.amazonaws.com"


def role_arn(name: str) -> str:
    return f"arn:aws:iam::{ID}:role/{name}"


def oidc(issuer: str) -> str:
    return f"arn:aws:iam::{ID}:oidc-provider/{issuer}"


def part(value: Any, *, padded: bool = False) -> str:
    text = base64.urlsafe_b64encode(json.dumps(value).encode()).decode()
    return text if padded else text.rstrip("=")


def jwt(issuer: str, *, padded: bool = False, **claims: Any) -> str:
    """A token of the issuer, good for five more minutes unless the claims say otherwise."""
    whole = {"iss": f"https://{issuer}", "iat": EPOCH - 5, "nbf": EPOCH - 5, "exp": EPOCH + 300, "jti": "x", **claims}
    whole = {name: value for name, value in whole.items() if value is not None}
    head = part({"alg": "RS256", "typ": "JWT", "kid": "none"}, padded=padded)
    return f"{head}.{part(whole, padded=padded)}.{part('no signature', padded=padded)}"


def github(sub: str, **claims: Any) -> str:
    return jwt(GITHUB, **{"sub": sub, "aud": STS, **claims})


def saml(
    *,
    recipient: str = SIGN_IN,
    roles: tuple[str, ...] = (f"{role_arn('mill-admin')},{SAML_PROVIDER}",),
    ends: str = "2026-11-20T09:05:00Z",
    name_format: str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    subject: str = "erin@mill.example",
    attributes: dict[str, tuple[str, ...]] | None = None,
    inside: str | None = None,
) -> str:
    """The XML of a response; `posted` makes of it what a browser sends."""

    def attribute(name: str, values: tuple[str, ...]) -> str:
        listed = "".join(f'<saml:AttributeValue xsi:type="xs:string">{value}</saml:AttributeValue>' for value in values)
        return f'<saml:Attribute Name="{name}" NameFormat="uri">{listed}</saml:Attribute>'

    prefix = "https://aws.amazon.com/SAML/Attributes/"
    every = {f"{prefix}Role": roles} if roles else {}
    every |= {f"{prefix}RoleSessionName": ("erin",), **(attributes or {})}
    assertion = inside or (
        f'<saml:Assertion ID="_a" Version="2.0"><saml:Issuer>https://idp.mill.example/saml</saml:Issuer>'
        f'<saml:Subject><saml:NameID Format="{name_format}">{subject}</saml:NameID><saml:SubjectConfirmation>'
        f'<saml:SubjectConfirmationData NotOnOrAfter="{ends}" Recipient="{recipient}"/></saml:SubjectConfirmation>'
        f'</saml:Subject><saml:Conditions NotBefore="2026-11-20T08:55:00.123Z" NotOnOrAfter="{ends}">'
        "<saml:AudienceRestriction><saml:Audience>urn:amazon:webservices</saml:Audience></saml:AudienceRestriction>"
        "</saml:Conditions><saml:AttributeStatement>"
        + "".join(attribute(name, values) for name, values in every.items())
        + "</saml:AttributeStatement></saml:Assertion>"
    )
    return (
        '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" '
        'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_r" Version="2.0" '
        f'Destination="{recipient}"><saml:Issuer>https://idp.mill.example/saml</saml:Issuer>'
        f"{assertion}</samlp:Response>"
    )


def posted(page: str) -> str:
    return base64.b64encode(page.encode()).decode()


def deflated(page: str) -> str:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return base64.b64encode(packer.compress(page.encode()) + packer.flush()).decode()


def _role(name: str, *statements: dict[str, Any]) -> dict[str, Any]:
    return {
        "RoleName": name,
        "Arn": role_arn(name),
        "Path": "/",
        "RoleId": "AROA" + name.upper().replace("-", "")[:16].ljust(16, "A"),
        "CreateDate": "2026-01-10T00:00:00Z",
        "AssumeRolePolicyDocument": document(*statements),
        "RolePolicyList": [],
        "AttachedManagedPolicies": [],
        "InstanceProfileList": [],
        "Tags": [],
        "RoleLastUsed": {},
    }


def _web(provider: str, actions: Any = "sts:AssumeRoleWithWebIdentity", **condition: Any) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": actions,
        "Condition": {operator.replace("_", ":"): block for operator, block in condition.items()},
    }


_TO_STS = {f"{GITHUB}:aud": STS}
ROLES = (
    _role(
        "gh-main", _web(oidc(GITHUB), StringEquals={**_TO_STS, f"{GITHUB}:sub": "repo:mill/web:ref:refs/heads/main"})
    ),
    _role("gh-prod", _web(oidc(GITHUB), StringEquals={**_TO_STS, f"{GITHUB}:sub": "repo:mill/api:environment:prod"})),
    _role("gh-star", _web(oidc(GITHUB), StringEquals={**_TO_STS, f"{GITHUB}:sub": "repo:mill/docs:*"})),
    _role(
        "gh-workflow",
        _web(
            oidc(GITHUB),
            StringEquals=_TO_STS,
            StringLike={
                f"{GITHUB}:sub": "repo:mill/infra:*",
                f"{GITHUB}:job_workflow_ref": "mill/flows/.github/workflows/apply.yml@refs/heads/main",
            },
        ),
    ),
    _role(
        "gh-ids",
        _web(oidc(GITHUB), StringEquals={**_TO_STS, f"{GITHUB}:sub": "repo:mill@77/vault@88:ref:refs/heads/main"}),
    ),
    _role(
        "gl-deploy",
        _web(
            oidc(GITLAB),
            StringEquals={
                f"{GITLAB}:aud": "https://gitlab.com",
                f"{GITLAB}:sub": "project_path:mill/site:ref_type:branch:ref:main",
            },
        ),
    ),
    _role(
        "gl-project",
        _web(oidc(GITLAB), StringEquals={f"{GITLAB}:project_id": "4711", f"{GITLAB}:ref_protected": "true"}),
    ),
    _role(
        "tf-apply",
        _web(
            oidc(HCP),
            StringEquals={f"{HCP}:aud": "aws.workload.identity"},
            StringLike={f"{HCP}:sub": "organization:mill:project:core:workspace:prod:run_phase:apply"},
        ),
    ),
    _role(
        "irsa-grinder",
        _web(oidc(EKS), StringEquals={f"{EKS}:aud": STS, f"{EKS}:sub": "system:serviceaccount:grind:grinder"}),
    ),
    _role(
        "app-users",
        _web(
            COGNITO,
            StringEquals={f"{COGNITO}:aud": POOL},
            ForAnyValue_StringLike={f"{COGNITO}:amr": "authenticated"},
        ),
    ),
    _role(
        "gcp-export",
        _web(
            GOOGLE,
            StringEquals={
                f"{GOOGLE}:aud": "104000000000000000001",
                f"{GOOGLE}:oaud": "mill-export",
                f"{GOOGLE}:sub": "104000000000000000001",
            },
        ),
    ),
    _role("auth0-users", _web(oidc(AUTH0), StringEquals={f"{AUTH0}:aud": "mill-client"})),
    _role(
        "auth0-groups", _web(oidc(AUTH0), StringEquals={f"{AUTH0}:aud": "mill-client", f"{AUTH0}:groups": "millers"})
    ),
    _role(
        "mill-admin",
        _web(SAML_PROVIDER, "sts:AssumeRoleWithSAML", StringEquals={"SAML:aud": SIGN_IN}),
    ),
    _role(
        "mill-strict",
        _web(
            SAML_PROVIDER,
            ["sts:AssumeRoleWithSAML"],
            StringEquals={
                "SAML:aud": SIGN_IN,
                "SAML:sub_type": "persistent",
                "SAML:iss": "https://idp.mill.example/saml",
            },
        ),
    ),
)

SNAPSHOT: dict[str, Any] = {
    "UserDetailList": [],
    "GroupDetailList": [],
    "RoleDetailList": list(ROLES),
    "Policies": [],
    "Rolescope": {
        "Version": 1,
        "Account": {"Id": ID, "Alias": "mill", "CapturedAt": NOW.isoformat(), "Caller": f"arn:aws:iam::{ID}:user/mira"},
        "Roles": {},
        "OpenIDConnectProviders": [
            {"Arn": oidc(issuer), "Url": issuer, "ClientIDList": audiences}
            for issuer, audiences in (
                (GITHUB, [STS]),
                (GITLAB, ["https://gitlab.com"]),
                (HCP, ["aws.workload.identity"]),
                (EKS, [STS]),
                (AUTH0, ["mill-client"]),
            )
        ],
        "SAMLProviders": [{"Arn": SAML_PROVIDER, "ValidUntil": "2027-06-01T00:00:00Z"}],
        "Events": [],
    },
}
