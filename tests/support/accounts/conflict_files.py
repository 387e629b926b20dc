"""Two companies' accounts as the snapshot files that other tools write, and the same with parts missing."""

from __future__ import annotations

import copy
from typing import Any

NOW = "2026-11-20T09:00:00Z"


def build(account_id: str, partition: str, region: str, prefix: str, caller: str) -> dict[str, Any]:
    base = f"arn:{partition}:iam::{account_id}:"

    def pol(action: str = "s3:GetObject", res: str | None = None) -> dict[str, Any]:
        return {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": action, "Resource": res or f"arn:{partition}:s3:::{prefix}-data/*"}
            ],
        }

    def trust(svc: str | None = None, **pr: str) -> dict[str, Any]:
        p = {"Service": svc} if svc else pr
        return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": p, "Action": "sts:AssumeRole"}]}

    roles: list[dict[str, Any]] = []

    def role(
        name: str,
        path: str = "/",
        created: str = "2023-02-01T00:00:00Z",
        used: str | None = "2026-11-18T00:00:00Z",
        tr: dict[str, Any] | None = None,
        tags: tuple[tuple[str, str], ...] = (),
        att: bool = True,
        prof: tuple[str, ...] = (),
    ) -> None:
        lu = {} if used is None else {"LastUsedDate": used, "Region": region}
        roles.append(
            {
                "RoleName": name,
                "Path": path,
                "RoleId": "AROA" + name.upper().replace("-", "")[:14],
                "Arn": base + "role" + path + name,
                "CreateDate": created,
                "AssumeRolePolicyDocument": tr or trust("lambda.amazonaws.com"),
                "RolePolicyList": [],
                "AttachedManagedPolicies": [
                    {"PolicyName": f"{prefix}-write", "PolicyArn": base + f"policy/{prefix}-write"}
                ]
                if att
                else [],
                "InstanceProfileList": [
                    {
                        "InstanceProfileName": p,
                        "Arn": base + "instance-profile/" + p,
                        "Path": "/",
                        "InstanceProfileId": "AIPA" + p.upper(),
                        "CreateDate": created,
                        "Roles": [],
                    }
                    for p in prof
                ],
                "Tags": [{"Key": k, "Value": v} for k, v in tags],
                "RoleLastUsed": lu,
            }
        )

    role(f"{prefix}-ingest-lambda", prof=(f"{prefix}-shared",))
    role(f"{prefix.title()}-Ingest-Batch", "/svc/")
    role(f"{prefix}-tf-deployer", used=None, tags=(("ManagedBy", "Terraform"),))
    role(f"{prefix}-cdk-site", used=None, tags=(("created-by", "aws-cdk"),))
    role(f"{prefix}-pulumi-runner", used=None, tags=(("pulumi:project", "x"),))
    role(f"{prefix}-rm-role", "/service-role/", used=None)
    role(
        "AWSServiceRoleForElasticLoadBalancing",
        "/aws-service-role/elasticloadbalancing.amazonaws.com/",
        tr=trust("elasticloadbalancing.amazonaws.com"),
    )
    role(
        f"AWSServiceRoleForAutoScaling_{prefix}",
        "/aws-service-role/autoscaling.amazonaws.com/",
        tr=trust("autoscaling.amazonaws.com"),
    )
    role(
        f"AWSReservedSSO_{prefix.title()}Ops_abcdef0123456789",
        f"/aws-reserved/sso.amazonaws.com/{region}/",
        tr=trust(Federated=base + "saml-provider/AWSSSO_x"),
    )
    role(f"{prefix}-stale-importer", created="2019-01-01T00:00:00Z", used=None)
    role(f"{prefix}-halfgone", created="2021-01-01T00:00:00Z", used=None, att=False)
    role(f"{prefix}-leaving", used=None)
    role(f"{prefix}-stuck", used=None)
    role(f"{prefix}-left-behind", used=None, created="2020-01-01T00:00:00Z")
    role(f"{prefix}-ec2-web", tr=trust("ec2.amazonaws.com"), prof=(f"{prefix}-ec2-web",))
    role(f"{prefix}-fresh", created="2026-11-20T08:50:00Z", used=None)
    role(f"{prefix}-rerun", created="2022-01-01T00:00:00Z", used="2026-11-19T00:00:00Z")
    role(f"{prefix}-recreated", created="2026-11-10T00:00:00Z", used=None)

    def u(name: str, path: str = "/", groups: tuple[str, ...] = ()) -> dict[str, Any]:
        return {
            "UserName": name,
            "Path": path,
            "UserId": "AIDA" + name.upper(),
            "Arn": base + "user" + path + name,
            "CreateDate": "2022-01-01T00:00:00Z",
            "GroupList": list(groups),
            "AttachedManagedPolicies": [],
            "Tags": [],
        }

    def g(name: str, path: str = "/") -> dict[str, Any]:
        return {
            "GroupName": name,
            "Path": path,
            "GroupId": "AGPA" + name.upper(),
            "Arn": base + "group" + path + name,
            "CreateDate": "2022-01-01T00:00:00Z",
            "GroupPolicyList": [],
            "AttachedManagedPolicies": [],
        }

    def p(
        name: str, path: str = "/", n: int = 1, first: int = 1, att: int = 0, default: int | None = None
    ) -> dict[str, Any]:
        d = default or first + n - 1
        return {
            "PolicyName": name,
            "Path": path,
            "PolicyId": "ANPA" + name.upper(),
            "Arn": base + "policy" + path + name,
            "DefaultVersionId": f"v{d}",
            "AttachmentCount": att,
            "PermissionsBoundaryUsageCount": 0,
            "IsAttachable": True,
            "CreateDate": "2022-01-01T00:00:00Z",
            "UpdateDate": "2024-01-01T00:00:00Z",
            "PolicyVersionList": [
                {
                    "VersionId": f"v{i}",
                    "IsDefaultVersion": i == d,
                    "CreateDate": f"2024-0{i % 9 + 1}-01T00:00:00Z",
                    "Document": pol(res=f"arn:{partition}:s3:::v{i}/*"),
                }
                for i in range(first + n - 1, first - 1, -1)
            ],
        }

    def st(name: str, typ: str, pid: str, status: str = "CREATE_COMPLETE") -> dict[str, Any]:
        return {"StackName": name, "StackStatus": status, "ResourceType": typ, "PhysicalResourceId": pid}

    def ev(n: str, t: str, user: str, res: list[str], ua: str) -> dict[str, Any]:
        return {"EventName": n, "EventTime": t, "Username": user, "Resources": res, "UserAgent": ua}

    return {
        "UserDetailList": [u("nadia", groups=("crew",)), u(f"{prefix.title()}-Bot", "/bots/"), u("auditors")],
        "GroupDetailList": [g("crew"), g("auditors"), g("Night-Shift", "/ops/")],
        "RoleDetailList": roles,
        "Policies": [
            p(f"{prefix}-read", "/team/", 5, 3),
            p(f"{prefix}-write", att=14),
            p(f"{prefix}-stack-policy", att=1),
            p(f"{prefix}-v5-old-default", "/x/", 5, 1, default=1),
            p("nobody-policy"),
        ],
        "Rolescope": {
            "Version": 1,
            "Account": {
                "Id": account_id,
                "Alias": f"{prefix}-prod",
                "CapturedAt": NOW,
                "Caller": base + "user/" + caller,
            },
            "Roles": {
                f"{prefix}-rm-role": {"Description": "d", "MaxSessionDuration": 3600, "SourceRoleTemplate": "tmpl-7"}
            },
            "InstanceProfiles": [
                {
                    "InstanceProfileName": f"{prefix}-empty",
                    "Arn": base + f"instance-profile/{prefix}-empty",
                    "Path": "/",
                    "Roles": [],
                },
                {
                    "InstanceProfileName": f"{prefix}-ec2-web",
                    "Arn": base + f"instance-profile/{prefix}-ec2-web",
                    "Path": "/",
                    "Roles": [f"{prefix}-ec2-web"],
                },
                {
                    "InstanceProfileName": f"{prefix}-shared",
                    "Arn": base + f"instance-profile/web/{prefix}-shared",
                    "Path": "/web/",
                    "Roles": [f"{prefix}-ingest-lambda"],
                },
                {
                    "InstanceProfileName": f"{prefix}-onlyprofile",
                    "Arn": base + f"instance-profile/{prefix}-onlyprofile",
                    "Path": "/",
                    "Roles": [],
                },
            ],
            "Instances": [
                {"InstanceId": "i-0123456789abcdef0", "InstanceProfileArn": base + f"instance-profile/{prefix}-ec2-web"}
            ],
            "OpenIDConnectProviders": [
                {
                    "Arn": base + "oidc-provider/token.actions.githubusercontent.com",
                    "Url": "token.actions.githubusercontent.com",
                    "ClientIDList": ["sts.amazonaws.com"],
                },
                {
                    "Arn": base + f"oidc-provider/oidc.eks.{region}.amazonaws.com/id/ABCDEF0123",
                    "Url": f"oidc.eks.{region}.amazonaws.com/id/ABCDEF0123",
                    "ClientIDList": [],
                },
                {"Arn": base + "oidc-provider/gitlab.quill.example", "Url": "gitlab.quill.example"},
            ],
            "SAMLProviders": [
                {"Arn": base + f"saml-provider/{prefix.title()}Okta", "ValidUntil": "2030-01-01T00:00:00Z"},
                {"Arn": base + f"saml-provider/{prefix.title()}Adfs"},
            ],
            "AccountSummary": {
                "Roles": 412,
                "RolesQuota": 1000,
                "InstanceProfiles": 40,
                "InstanceProfilesQuota": 1000,
                "Policies": 90,
                "PoliciesQuota": 1500,
                "Groups": 3,
                "GroupsQuota": 300,
                "Users": 3,
                "UsersQuota": 5000,
                "AttachedPoliciesPerRoleQuota": 10,
                "AssumeRolePolicySizeQuota": 2048,
                "VersionsPerPolicyQuota": 5,
            },
            "Events": [
                ev("DeleteRole", "2026-11-20T08:50:00Z", "omar", [f"{prefix}-halfgone"], "aws-cli/2.31"),
                ev("DetachRolePolicy", "2026-11-20T08:49:00Z", "omar", [f"{prefix}-halfgone"], "aws-cli/2.31"),
                ev(
                    "CreateRole",
                    "2026-11-20T08:57:00Z",
                    "ci",
                    [f"{prefix}-halfgone"],
                    "APN/1.0 HashiCorp/1.0 Terraform/1.9",
                ),
                ev("CreateRole", "2026-11-20T08:50:00Z", caller, [f"{prefix}-fresh"], "aws-cli/2.31"),
                ev(
                    "CreateRole",
                    "2026-11-20T08:58:00Z",
                    "ci",
                    [f"{prefix}-rerun"],
                    "APN/1.0 HashiCorp/1.0 Terraform/1.9",
                ),
                ev("DeleteRole", "2026-11-09T23:00:00Z", "omar", [f"{prefix}-recreated"], "aws-cli/2.31"),
                ev("CreateRole", "2026-11-10T00:00:00Z", "omar", [f"{prefix}-recreated"], "console.amazonaws.com"),
            ],
            "StackResources": [
                st(f"{prefix}-batch", "AWS::IAM::Role", f"{prefix.title()}-Ingest-Batch"),
                st(f"{prefix}-old", "AWS::IAM::Role", f"{prefix}-leaving", "DELETE_IN_PROGRESS"),
                st(f"{prefix}-broken", "AWS::IAM::Role", f"{prefix}-stuck", "DELETE_FAILED"),
                st(f"{prefix}-gone", "AWS::IAM::Role", f"{prefix}-left-behind", "DELETE_COMPLETE"),
                st(f"{prefix}-pol", "AWS::IAM::ManagedPolicy", base + f"policy/{prefix}-stack-policy"),
                st(f"{prefix}-web", "AWS::IAM::InstanceProfile", f"{prefix}-ec2-web"),
            ],
        },
    }


def accounts() -> dict[str, dict[str, Any]]:
    """By name: of the government's partition, one that is full, and the first with less and less in the file."""
    gov = build("612345098761", "aws-us-gov", "us-gov-west-1", "quill", "mira")
    full = build("907856341212", "aws", "eu-central-1", "brindle", "tove")
    full["Rolescope"]["AccountSummary"].update(Roles=1000, Policies=1500, Groups=300, Users=5000, InstanceProfiles=1000)
    bare, cut, no_stacks = copy.deepcopy(gov), copy.deepcopy(gov), copy.deepcopy(gov)
    bare["Rolescope"] = {"Version": 1, "Account": gov["Rolescope"]["Account"]}
    cut["IsTruncated"] = True
    del no_stacks["Rolescope"]["StackResources"]
    return {"gov": gov, "com": full, "bare": bare, "trunc": cut, "nostack": no_stacks}
