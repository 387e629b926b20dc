"""An account and what belongs to it as a snapshot's JSON: the keys of GetAccountAuthorizationDetails and ``Rolescope``.

Beside the published keys of ``Rolescope`` stand PublicAccessBlocks (by bucket, null: none is set), Bindings (what runs
with a role), LoginProfiles, MFADevices, AccessKeys (IDs cut to four characters), Deletions (status by service-linked
role), Unreadable (what was denied when it was saved) and Incomplete (lists of which a part may be missing). A null in
ResourcePolicies says that the resource has no policy, a null Organization that the account is in none. An entity of
which a part was denied has RolescopeUnread, the list of those keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from iam.account import (
    Event,
    Group,
    InlinePolicy,
    Instance,
    InstanceProfile,
    ManagedPolicy,
    OIDCProvider,
    Organization,
    OrganizationLevel,
    Role,
    SAMLProvider,
    ServiceLastAccessed,
    StackResource,
    User,
    VpcEndpoint,
)
from iam.policy.document import Document, PolicyError
from iam.sources.reader import AccessKey, Binding, LoginProfile, MfaDevice, PublicAccessBlock
from iam.sources.shapes import UNREAD
from iam.sources.snapshot.contents import Contents


def to_json(contents: Contents) -> dict[str, Any]:
    """The file's JSON: the keys of GetAccountAuthorizationDetails, and ``Rolescope``."""
    account = contents.account
    known = {policy.arn: policy for policy in (*(account.policies or ()), *contents.aws_managed)}
    saved: dict[str, Any] = {"RoleDetailList": [_role(role) for role in account.roles]}
    if account.users is not None:
        saved["UserDetailList"] = [_user(user) for user in account.users]
    if account.groups is not None:
        saved["GroupDetailList"] = [_group(group) for group in account.groups]
    if account.policies is not None or known:
        saved["Policies"] = [_policy(policy) for policy in known.values()]
    # AWS-managed documents alone do not tell which customer policies there are.
    incomplete = account.incomplete | ({"policies"} if account.policies is None and known else set())
    saved["Rolescope"] = {**_own(contents), **({"Incomplete": sorted(incomplete)} if incomplete else {})}
    return saved


def _own(contents: Contents) -> dict[str, Any]:
    account = contents.account
    own: dict[str, Any] = {
        "Version": 1,
        "Account": _some(
            Id=account.id,
            Alias=account.alias,
            CapturedAt=_time(account.now),
            Caller=account.caller_arn,
            Region=account.region,
        ),
        "Roles": {role.name: _own_role(role) for role in account.roles},
    }
    if contents.organization_known:
        own["Organization"] = _organization(account.organization) if account.organization else None
    optional: dict[str, Any] = {
        "ResourcePolicies": _each_value(contents.resource_policies, lambda policy: policy and _document(policy)),
        "PublicAccessBlocks": _each_value(contents.public_access_blocks, lambda block: block and _block(block)),
        "VpcEndpoints": _each(contents.vpc_endpoints, _endpoint),
        "InstanceProfiles": _each(account.instance_profiles, _profile),
        "Instances": _each(contents.instances, _instance),
        "OpenIDConnectProviders": _each(account.oidc_providers, _oidc),
        "SAMLProviders": _each(account.saml_providers, _saml),
        "AccountSummary": dict(account.summary) if account.summary is not None else None,
        "LastAccessed": _each_value(contents.last_accessed, lambda services: [_service(one) for one in services]),
        "Events": _each(contents.events, _event),
        "StackResources": _each(contents.stack_resources, _stack_resource),
        "Bindings": _each(contents.bindings, _binding),
        "LoginProfiles": _each(contents.login_profiles, _login),
        "MFADevices": _each(contents.mfa_devices, _mfa),
        "AccessKeys": _each(contents.access_keys, _key),
        "Deletions": dict(contents.deletions) or None,
        "Unreadable": [{"Call": entry.call, "Why": entry.why, "Costs": entry.costs} for entry in account.unreadable]
        or None,
    }
    return {**own, **{key: value for key, value in optional.items() if value is not None}}


def _some(**values: Any) -> dict[str, Any]:
    """The values that are known."""
    return {key: value for key, value in values.items() if value is not None}


def _each(items: Any, make: Any) -> list[Any] | None:
    return None if items is None else [make(item) for item in items]


def _each_value(items: Mapping[str, Any] | None, make: Any) -> dict[str, Any] | None:
    return None if items is None else {key: make(value) for key, value in items.items()}


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _document(document: Document) -> Any:
    """An object, as the AWS CLI writes it; the stored text where that is no JSON."""
    try:
        return document.value
    except PolicyError:
        return document.text


def _tags(tags: Mapping[str, str] | None) -> list[dict[str, str]] | None:
    return None if tags is None else [{"Key": key, "Value": value} for key, value in tags.items()]


def _inline(policies: tuple[InlinePolicy, ...] | None) -> list[Any] | None:
    return _each(policies, lambda one: {"PolicyName": one.name, "PolicyDocument": _document(one.document)})


def _attached(entity: Role | User | Group) -> list[Any] | None:
    return _each(entity.attached, lambda one: {"PolicyName": one.name, "PolicyArn": one.arn})


def _boundary(arn: str | None) -> dict[str, str] | None:
    return {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn} if arn else None


def _role(role: Role) -> dict[str, Any]:
    used = role.last_used
    return _some(
        Path=role.path,
        RoleName=role.name,
        RoleId=role.id,
        Arn=role.arn,
        CreateDate=_time(role.created),
        AssumeRolePolicyDocument=_document(role.trust) if role.trust else None,
        InstanceProfileList=_each(role.instance_profiles, lambda name: {"InstanceProfileName": name}),
        RolePolicyList=_inline(role.inline),
        AttachedManagedPolicies=_attached(role),
        PermissionsBoundary=_boundary(role.boundary_arn),
        Tags=_tags(role.tags),
        RoleLastUsed=None if used is None else _some(LastUsedDate=_time(used.when), Region=used.region),
        **_unread(
            RolePolicyList=role.inline,
            AttachedManagedPolicies=role.attached,
            Tags=role.tags,
            InstanceProfileList=role.instance_profiles,
        ),
    )


def _unread(**parts: Any) -> dict[str, list[str]]:
    """Marks what could not be read: without it, a part that is left out would look like one that is empty."""
    missing = [key for key, value in parts.items() if value is None]
    return {UNREAD: missing} if missing else {}


def _own_role(role: Role) -> dict[str, Any]:
    return _some(
        Description=role.description,
        MaxSessionDuration=role.max_session_seconds,
        MaxSigninSessionDuration=role.max_signin_session_seconds,
        SourceRoleTemplate=role.source_template,
    )


def _user(user: User) -> dict[str, Any]:
    return _some(
        Path=user.path,
        UserName=user.name,
        UserId=user.id,
        Arn=user.arn,
        CreateDate=_time(user.created),
        UserPolicyList=_inline(user.inline),
        GroupList=_each(user.groups, str),
        AttachedManagedPolicies=_attached(user),
        PermissionsBoundary=_boundary(user.boundary_arn),
        Tags=_tags(user.tags),
        **_unread(
            UserPolicyList=user.inline,
            GroupList=user.groups,
            AttachedManagedPolicies=user.attached,
            Tags=user.tags,
        ),
    )


def _group(group: Group) -> dict[str, Any]:
    return _some(
        Path=group.path,
        GroupName=group.name,
        GroupId=group.id,
        Arn=group.arn,
        CreateDate=_time(group.created),
        GroupPolicyList=_inline(group.inline),
        AttachedManagedPolicies=_attached(group),
        **_unread(GroupPolicyList=group.inline, AttachedManagedPolicies=group.attached),
    )


def _policy(policy: ManagedPolicy) -> dict[str, Any]:
    return _some(
        PolicyName=policy.name,
        PolicyId=policy.id,
        Arn=policy.arn,
        Path=policy.path,
        DefaultVersionId=policy.default_version_id,
        AttachmentCount=policy.attachment_count,
        PermissionsBoundaryUsageCount=policy.boundary_usage_count,
        IsAttachable=policy.attachable,
        Description=policy.description,
        CreateDate=_time(policy.created),
        UpdateDate=_time(policy.updated),
        Tags=_tags(policy.tags),
        PolicyVersionList=[
            _some(
                VersionId=version.id,
                IsDefaultVersion=version.is_default,
                CreateDate=_time(version.created),
                Document=_document(version.document),
            )
            for version in policy.versions
        ],
    )


def _organization(organization: Organization) -> dict[str, Any]:
    return _some(
        Id=organization.id,
        ManagementAccountId=organization.management_account_id,
        Path=_each(organization.path, str),
        ServiceControlPolicies=_each(organization.scps, _level),
        ResourceControlPolicies=_each(organization.rcps, _level),
    )


def _level(level: OrganizationLevel) -> dict[str, Any]:
    return {
        "Target": level.target,
        "Policies": [
            {"Arn": policy.arn, "Name": policy.name, "Document": _document(policy.document)}
            for policy in level.policies
        ],
    }


def _block(block: PublicAccessBlock) -> dict[str, bool]:
    return {
        "BlockPublicAcls": block.block_public_acls,
        "IgnorePublicAcls": block.ignore_public_acls,
        "BlockPublicPolicy": block.block_public_policy,
        "RestrictPublicBuckets": block.restrict_public_buckets,
    }


def _endpoint(endpoint: VpcEndpoint) -> dict[str, Any]:
    document = _document(endpoint.document) if endpoint.document else None
    return _some(Id=endpoint.id, Type=endpoint.type, ServiceName=endpoint.service_name, Document=document)


def _profile(profile: InstanceProfile) -> dict[str, Any]:
    return _some(
        InstanceProfileName=profile.name,
        Arn=profile.arn,
        Path=profile.path,
        InstanceProfileId=profile.id or None,
        Roles=list(profile.roles),
        CreateDate=_time(profile.created),
        Tags=_tags(profile.tags),
    )


def _instance(instance: Instance) -> dict[str, Any]:
    return {
        "InstanceId": instance.id,
        "InstanceProfileArn": instance.instance_profile_arn,
        **_some(
            InstanceProfileId=instance.instance_profile_id,
            State=instance.state,
            Region=instance.region,
            HttpPutResponseHopLimit=instance.hop_limit,
        ),
    }


def _oidc(provider: OIDCProvider) -> dict[str, Any]:
    return _some(Arn=provider.arn, Url=provider.url, ClientIDList=_each(provider.client_ids, str))


def _saml(provider: SAMLProvider) -> dict[str, Any]:
    return _some(Arn=provider.arn, ValidUntil=_time(provider.valid_until))


def _service(service: ServiceLastAccessed) -> dict[str, Any]:
    return {"ServiceNamespace": service.namespace, "LastAuthenticated": _time(service.last_authenticated)}


def _event(event: Event) -> dict[str, Any]:
    return _some(
        EventName=event.name,
        EventTime=_time(event.time),
        Username=event.username,
        Resources=list(event.resources),
        UserAgent=event.user_agent,
        CloudTrailEvent=event.detail,
    )


def _stack_resource(resource: StackResource) -> dict[str, Any]:
    return _some(
        StackName=resource.stack_name,
        StackStatus=resource.stack_status,
        ResourceType=resource.resource_type,
        PhysicalResourceId=resource.physical_id,
        StackId=resource.stack_id,
        Region=resource.region,
    )


def _binding(binding: Binding) -> dict[str, Any]:
    return {"Service": binding.service, "Name": binding.name, "Use": binding.use, "RoleArn": binding.role_arn}


def _login(profile: LoginProfile) -> dict[str, Any]:
    return _some(UserName=profile.user, CreateDate=_time(profile.created))


def _mfa(device: MfaDevice) -> dict[str, Any]:
    return _some(SerialNumber=device.serial, UserName=device.user, EnableDate=_time(device.enabled))


def _key(key: AccessKey) -> dict[str, Any]:
    # The last four characters tell two keys of a user apart; the whole ID is nobody's business.
    return _some(
        AccessKeyId=f"…{key.id[-4:]}",
        UserName=key.user,
        Status="Active" if key.active else "Inactive",
        CreateDate=_time(key.created),
    )
