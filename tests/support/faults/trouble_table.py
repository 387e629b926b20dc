"""Every error of the document "aws-iam.md", §2.2, with what provokes it in the middle of a plan, and what cures it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import EndpointConnectionError

from tests.support.accounts.documents import READ, policy
from tests.support.faults.trouble_plans import (
    SSM,
    creation,
    deletion,
    edition,
    policy_deletion,
    service_role,
    version,
)
from tests.support.faults.troubles import Change, Setting, Trouble, both, refusal, tampered

NAME, PROFILE = "thumbnail-worker", "thumbnail-worker"
OWN = "arn:aws:iam::111122223333:policy/"
AWS = "arn:aws:iam::aws:policy/"
PROVIDERS = "arn:aws:iam::111122223333:oidc-provider/"
TRUST = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
ALL_BUT_CREATE = json.dumps(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "NotAction": "iam:CreateRole", "Resource": "*"}}
)


def with_trust(*statements: Mapping[str, Any], text: str = "") -> Any:
    document = text or policy(*statements).text
    return lambda setting: tampered(creation(setting), "CreateRole", AssumeRolePolicyDocument=document)


def with_permissions(*statements: Mapping[str, Any]) -> Any:
    return lambda setting: tampered(creation(setting), "PutRolePolicy", PolicyDocument=policy(*statements).text)


def role_with(**parameters: Any) -> Any:
    return lambda setting: tampered(creation(setting), "CreateRole", **parameters)


def quota(
    name: str, tight: int, wide: int, *, made: int, said: str, way: str = "quota", plan: Any = creation
) -> Trouble:
    cause, cure = lambda setting: setting.quota(name, tight), lambda setting: setting.quota(name, wide)
    return Trouble("LimitExceeded", said, way, plan, cause, cure, made)


def taken(said: str, cause: Change, cure: Change, *, made: int) -> Trouble:
    return Trouble("EntityAlreadyExists", said, "already-exists", creation, cause, cure, made)


def malformed(said: str, plan: Any, *, made: int = 1, cure: Change | None = None) -> Trouble:
    return Trouble("MalformedPolicyDocument", said, "edit", plan, cure=cure, made=made)


def denied(action: str, *, made: int, plan: Any = creation) -> Trouble:
    cause, cure = lambda setting: setting.deny(action), lambda setting: setting.deny(None)
    return Trouble("AccessDenied", f"AWS denied {action}.", "diagnose", plan, cause, cure, made)


def conflict(said: str, cause: Change, cure: Change, *, made: int, plan: Any = deletion) -> Trouble:
    return Trouble("DeleteConflict", said, "edit", plan, cause, cure, made)


def mood(error: Exception, said: str, *, code: str = "", unknown: bool = False) -> Trouble:
    cause = lambda setting: setting.mood("PutRolePolicy", error, 99)  # noqa: E731
    code = code or str(getattr(error, "code", ""))
    return Trouble(code, said, "retry", creation, cause, Setting.calm, 2, unknown)


LONG_TRUST = [{**TRUST, "Principal": {"AWS": f"arn:aws:iam::{n:012}:root"}} for n in range(30)]
ROLE, INSTANCE = {"RoleName": "web-frontend-ec2"}, {"InstanceProfileName": "other"}
BUSY = refusal("ConcurrentModification", "The request was rejected because of multiple concurrent changes.", 409)

TROUBLES: dict[str, Trouble] = {
    # The names.
    "the role's name is taken": taken(
        "A role named thumbnail-worker already exists",
        lambda s: s.iam.create_role(RoleName=NAME.upper(), AssumeRolePolicyDocument=policy(TRUST).text),
        lambda s: s.iam.delete_role(RoleName=NAME.upper()),
        made=1,
    ),
    "the policy's name is taken": taken(
        "A customer policy named thumbnails already exists",
        lambda s: s.iam.create_policy(PolicyName="Thumbnails", Path="/x/", PolicyDocument=READ.text),
        lambda s: s.iam.delete_policy(PolicyArn=f"{OWN}x/Thumbnails"),
        made=0,
    ),
    "the profile's name is taken": taken(
        "An instance profile named thumbnail-worker already exists",
        lambda s: s.iam.create_instance_profile(InstanceProfileName=PROFILE.upper()),
        lambda s: s.iam.delete_instance_profile(InstanceProfileName=PROFILE.upper()),
        made=6,
    ),
    # The quotas.
    "the account is full of roles": quota("RolesQuota", 1, 1000, made=1, said="L-FE177D64"),
    "the account is full of profiles": quota("InstanceProfilesQuota", 1, 1000, made=6, said="L-6E65F664"),
    "the account is full of policies": quota("PoliciesQuota", 1, 1500, made=0, said="L-E95E4862"),
    "too many managed policies": quota(
        "AttachedPoliciesPerRoleQuota",
        2,
        20,
        made=5,
        said="thumbnail-worker has reached its quota of 2 managed policies",
    ),
    "the trust policy is too long": quota(
        "AssumeRolePolicySizeQuota", 2048, 8192, made=1, said="L-C07B4B0D", way="edit", plan=with_trust(*LONG_TRUST)
    ),
    "the inline policies are too long": quota(
        "RolePolicySizeQuota", 20, 10_240, made=2, said="move one into a managed policy", way="edit"
    ),
    "a managed policy is too long": quota("PolicySizeQuota", 20, 6144, made=0, said="split it by service", way="edit"),
    "the profile holds a role": Trouble(
        "LimitExceeded",
        "The instance profile thumbnail-worker already has a role",
        "already-exists",
        creation,
        both(
            lambda s: s.iam.create_instance_profile(InstanceProfileName=PROFILE, Path="/app/"),
            lambda s: s.iam.add_role_to_instance_profile(InstanceProfileName=PROFILE, RoleName="lake-etl-glue"),
        ),
        lambda s: s.iam.remove_role_from_instance_profile(InstanceProfileName=PROFILE, RoleName="lake-etl-glue"),
        made=7,
    ),
    "the policy has five versions": Trouble(
        "LimitExceeded",
        "has 5 versions, the limit",
        "edit",
        version,
        lambda s: [
            s.iam.create_policy_version(
                PolicyArn=f"{OWN}lake-etl",
                PolicyDocument=policy({"Sid": f"V{n}", **READ.value["Statement"][0]}).text,
            )
            for n in range(4)
        ],
        lambda s: s.iam.delete_policy_version(PolicyArn=f"{OWN}lake-etl", VersionId="v2"),
        made=1,
    ),
    "the role has fifty tags": Trouble(
        "LimitExceeded",
        "The role metrics-collector can have at most 50 tags",
        "edit",
        edition,
        lambda s: s.iam.tag_role(RoleName="metrics-collector", Tags=[{"Key": f"k{n}", "Value": ""} for n in range(49)]),
        lambda s: s.iam.untag_role(RoleName="metrics-collector", TagKeys=["k0"]),
        made=2,
    ),
    # Trust policies.
    "the trust policy is no JSON": malformed("line 1, column 2", with_trust(text="{")),
    "the trust policy has an unknown element": malformed("Principals", with_trust({**TRUST, "Principals": "*"})),
    "the trust policy's version": malformed(
        "write 2012-10-17", with_trust(text=policy(TRUST).text.replace("2012-10-17", "2013-10-17"))
    ),
    "the principal is not there": malformed(
        'IAM does not find the principal "AWS":"arn:aws:iam::111122223333:user/nobody"',
        with_trust({**TRUST, "Principal": {"AWS": "arn:aws:iam::111122223333:user/nobody"}}),
        cure=lambda s: s.iam.create_user(UserName="nobody"),
    ),
    "the principal is no ARN": malformed(
        "IAM does not find the principal", with_trust({**TRUST, "Principal": {"AWS": "arn:aws:iam:111122223333:root"}})
    ),
    "a resource in the trust policy": malformed(
        "A trust policy has no Resource", with_trust({**TRUST, "Resource": "*"})
    ),
    "another action in the trust policy": malformed(
        "only the sts:AssumeRole actions", with_trust({**TRUST, "Action": "s3:GetObject"})
    ),
    "nobody in the trust policy": malformed(
        "names nobody", with_trust({"Effect": "Allow", "Action": "sts:AssumeRole"})
    ),
    "an empty principal": malformed("names nobody", with_trust({**TRUST, "Principal": {"AWS": []}})),
    "everybody with exceptions": malformed(
        "NotPrincipal",
        with_trust({"Effect": "Allow", "NotPrincipal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"}),
    ),
    "GitHub without a subject": malformed(
        "token.actions.githubusercontent.com:sub",
        with_trust({**TRUST, "Principal": {"Federated": f"{PROVIDERS}token.actions.githubusercontent.com"}}),
    ),
    "GitLab without a subject": malformed(
        "gitlab.com:sub", with_trust({**TRUST, "Principal": {"Federated": f"{PROVIDERS}gitlab.com"}})
    ),
    "Cognito without a pool": malformed(
        "identity pool",
        with_trust(
            {
                **TRUST,
                "Principal": {"Federated": "cognito-identity.amazonaws.com"},
                "Condition": {"StringEquals": {"cognito-identity.amazonaws.com:sub": "x"}},
            }
        ),
    ),
    # Permissions.
    "a malformed ARN": malformed(
        "names arn:aws:s3::, which is not an ARN",
        with_permissions({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3::"}),
        made=2,
    ),
    "a principal in the permissions": malformed(
        "A permissions policy has no Principal",
        with_permissions({**READ.value["Statement"][0], "Principal": "*"}),
        made=2,
    ),
    "permissions without a resource": malformed(
        "has no Resource", with_permissions({"Effect": "Allow", "Action": "s3:GetObject"}), made=2
    ),
    # What is not there.
    "the policy is not there": Trouble(
        "NoSuchEntity",
        f"There is no policy {OWN}missing that can be attached",
        "edit",
        lambda s: creation(s, attached=(SSM, f"{OWN}missing")),
        cure=lambda s: s.iam.create_policy(PolicyName="missing", PolicyDocument=READ.text),
        made=4,
    ),
    "the policy is at another path": Trouble(
        "NoSuchEntity",
        "check its path (service-role/",
        "edit",
        lambda s: creation(s, attached=(f"{AWS}AWSLambdaBasicExecutionRole",)),
        made=3,
    ),
    "the boundary is not there": Trouble(
        "NoSuchEntity",
        f"There is no policy {OWN}missing",
        "edit",
        lambda s: creation(s, boundary_arn=f"{OWN}missing"),
        cure=lambda s: s.iam.create_policy(PolicyName="missing", PolicyDocument=READ.text),
        made=1,
    ),
    "the role is seen by nobody": Trouble(
        "NoSuchEntity",
        "An entity that this call needs does not exist",
        "edit",
        creation,
        lambda s: s.mood("PutRolePolicy", refusal("NoSuchEntity", f"The role with name {NAME} cannot be found."), 99),
        Setting.calm,
        made=2,
    ),
    # What cannot be changed, attached or saved.
    "a policy for service-linked roles": Trouble(
        "PolicyNotAttachable",
        "is only for service-linked roles",
        "edit",
        lambda s: tampered(
            creation(s), "AttachRolePolicy", PolicyArn=f"{AWS}aws-service-role/AutoScalingServiceRolePolicy"
        ),
        made=3,
    ),
    "a service's role": Trouble("UnmodifiableEntity", "belongs to an AWS service", "edit", service_role, made=1),
    "tags that only case tells apart": Trouble(
        "InvalidInput", "Two tags have the same key", "edit", role_with(Tags={"team": "a", "Team": "b"}), made=1
    ),
    "a boundary that is no ARN": Trouble(
        "InvalidInput",
        "arn:aws:iam::aws:polic/Boundary is not the ARN of a policy",
        "edit",
        role_with(PermissionsBoundary="arn:aws:iam::aws:polic/Boundary"),
        made=1,
    ),
    "a description that is not Latin": Trouble(
        "ValidationError", "The description “x” contains a character", "edit", role_with(Description="“x”"), made=1
    ),
    "a session that is too long": Trouble(
        "ValidationError",
        "The longest session is 50000, and must have value less than or equal to 43200",
        "edit",
        role_with(MaxSessionDuration=50_000),
        made=1,
    ),
    "an inline policy's name that is too long": Trouble(
        "ValidationError",
        "The policy's name has 129 characters; the maximum is 128",
        "edit",
        lambda s: tampered(creation(s), "PutRolePolicy", PolicyName="p" * 129),
        made=2,
    ),
    # What still hangs on it.
    "a managed policy hangs on the role": conflict(
        "A managed policy is still attached to web-frontend-ec2",
        lambda s: s.iam.attach_role_policy(**ROLE, PolicyArn=f"{AWS}ReadOnlyAccess"),
        lambda s: s.iam.detach_role_policy(**ROLE, PolicyArn=f"{AWS}ReadOnlyAccess"),
        made=3,
    ),
    "an inline policy is in the role": conflict(
        "web-frontend-ec2 still has an inline policy",
        lambda s: s.iam.put_role_policy(**ROLE, PolicyName="late", PolicyDocument=READ.text),
        lambda s: s.iam.delete_role_policy(**ROLE, PolicyName="late"),
        made=3,
    ),
    "the role is in another profile": conflict(
        "A role is still in an instance profile",
        both(
            lambda s: s.iam.create_instance_profile(**INSTANCE),
            lambda s: s.iam.add_role_to_instance_profile(**INSTANCE, **ROLE),
        ),
        lambda s: s.iam.remove_role_from_instance_profile(**INSTANCE, **ROLE),
        made=3,
    ),
    "the policy is attached again": conflict(
        "is still attached to an identity",
        lambda s: s.iam.attach_role_policy(**ROLE, PolicyArn=f"{OWN}report-export"),
        lambda s: s.iam.detach_role_policy(**ROLE, PolicyArn=f"{OWN}report-export"),
        made=1,
        plan=policy_deletion,
    ),
    "the policy has another version": conflict(
        "still has other versions",
        lambda s: s.iam.create_policy_version(PolicyArn=f"{OWN}report-export", PolicyDocument=READ.text),
        lambda s: s.iam.delete_policy_version(PolicyArn=f"{OWN}report-export", VersionId="v2"),
        made=1,
        plan=policy_deletion,
    ),
    # Who may not.
    "the caller's boundary forbids CreateRole": Trouble(
        "AccessDenied",
        "AWS denied iam:CreateRole",
        "diagnose",
        creation,
        both(
            lambda s: s.iam.create_policy(PolicyName="no-roles", PolicyDocument=ALL_BUT_CREATE),
            lambda s: s.bound(f"{OWN}no-roles"),
        ),
        both(lambda s: s.bound(None), lambda s: s.iam.delete_policy(PolicyArn=f"{OWN}no-roles")),
        made=1,
    ),
    "the new role may not be tagged": denied("iam:TagRole", made=1),
    "tags may not be given": denied("iam:TagRole", made=2, plan=edition),
    "policies may not be attached": denied("iam:AttachRolePolicy", made=3),
    "the role may not be passed": denied("iam:PassRole", made=7),
    # AWS's own moods.
    "AWS is throttling the calls": mood(refusal("Throttling", "Rate exceeded", 400), "AWS kept throttling the calls"),
    "somebody else is writing": mood(BUSY, "This was not done, because somebody else keeps changing the same entity"),
    "IAM fails": mood(
        refusal("ServiceFailure", "Internal failure", 500), "first check whether this was done", unknown=True
    ),
    "the connection is cut": mood(
        EndpointConnectionError(endpoint_url="https://iam.amazonaws.com"),
        "first check whether the call was done",
        code="EndpointConnectionError",
        unknown=True,
    ),
    "the credentials end": Trouble(
        "ExpiredToken",
        "The credentials expired before this was done",
        "retry",
        creation,
        lambda s: s.end_sessions_at("PutRolePolicy"),
        Setting.renew_sessions,
        made=2,
        stuck=True,
    ),
}
