"""Makes the account out of the seed, by boto3 calls; what has no call (dates, ids, use) is set in moto's backends."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from moto.iam.models import AccessKeyLastUsed, IAMBackend
from moto.moto_api._internal import mock_random

from iam.demo.account.facts import ACCOUNT, ALIAS, HOME_REGION, ago
from iam.demo.account.people import (
    GROUPS,
    OIDC_PROVIDERS,
    PROFILES,
    SAML_CREATED,
    SAML_METADATA,
    SAML_PROVIDER,
    SAML_VALID_UNTIL,
    USERS,
    SeedUser,
)
from iam.demo.account.policies import POLICIES, SeedPolicy
from iam.demo.account.role import SeedRole
from iam.demo.account.roles import ROLES
from iam.demo.aws.aws_managed import load as load_aws_managed
from iam.demo.aws.moto_side import Seeding
from iam.demo.aws.quotas import set_defaults
from iam.demo.aws.sessions import session_for
from iam.demo.aws.world import World

_SEED = 20261120  # of moto's random numbers: ids are the same in every run


def build() -> World:
    """A new account, as the seed describes it. Resources of other services come when they are first asked for."""
    from iam.demo.aws.resources import lazy_seeds

    world = World()
    iam = session_for(Seeding(world), access_key="AKIASEEDOFTHEDEMO000", region=HOME_REGION).client("iam")
    before = mock_random.getstate()
    mock_random.seed(_SEED)
    try:
        with world.in_place():
            _identity(iam, world.iam)
    finally:
        mock_random.setstate(before)
    world.lazy.update(lazy_seeds())
    return world


def _identity(iam: Any, backend: IAMBackend) -> None:
    set_defaults(backend)
    iam.create_account_alias(AccountAlias=ALIAS)
    attached = {arn for role in ROLES for arn in role.attached} | {arn for group in GROUPS for arn in group.attached}
    load_aws_managed(backend, (arn for arn in attached if ":iam::aws:" in arn))
    for policy in POLICIES:
        _policy(iam, backend, policy)
    for provider in OIDC_PROVIDERS:
        iam.create_open_id_connect_provider(Url=f"https://{provider.url}", ClientIDList=list(provider.client_ids))
        backend.open_id_providers[provider.arn].create_date = _naive(provider.created)
    iam.create_saml_provider(SAMLMetadataDocument=SAML_METADATA, Name=SAML_PROVIDER)
    saml = backend.saml_providers[SAML_PROVIDER]
    saml.create_date, saml.valid_until = _naive(SAML_CREATED), _naive(SAML_VALID_UNTIL)
    for role in ROLES:
        _role(iam, backend, role)
    for group in GROUPS:
        iam.create_group(GroupName=group.name)
        for arn in group.attached:
            iam.attach_group_policy(GroupName=group.name, PolicyArn=arn)
        for name, document in group.inline.items():
            iam.put_group_policy(GroupName=group.name, PolicyName=name, PolicyDocument=_text(document))
        backend.groups[group.name].create_date = _naive(group.created)
    for user in USERS:
        _user(iam, backend, user)
    for profile in PROFILES:
        iam.create_instance_profile(InstanceProfileName=profile.name, Path=profile.path)
        if profile.role:
            iam.add_role_to_instance_profile(InstanceProfileName=profile.name, RoleName=profile.role)
        backend.instance_profiles[profile.name].create_date = _naive(profile.created)


def _policy(iam: Any, backend: IAMBackend, policy: SeedPolicy) -> None:
    first, *later = policy.versions
    arn = iam.create_policy(
        PolicyName=policy.name,
        Path=policy.path,
        PolicyDocument=_text(first.document),
        Description=policy.description,
    )["Policy"]["Arn"]
    for version in later:
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=_text(version.document))
    if policy.default != 1:
        iam.set_default_policy_version(PolicyArn=arn, VersionId=f"v{policy.default}")
    kept = backend.managed_policies[arn]
    for made, version in zip(kept.versions, policy.versions, strict=True):
        made.create_date = _naive(version.created)
    kept.create_date = _naive(first.created)
    kept.update_date = _naive(policy.versions[-1].created)


def _role(iam: Any, backend: IAMBackend, role: SeedRole) -> None:
    iam.create_role(
        RoleName=role.name,
        Path=role.path,
        AssumeRolePolicyDocument=_text(role.trust),
        MaxSessionDuration=role.max_session,
        Tags=[{"Key": key, "Value": value} for key, value in role.tags.items()],
        **_given(Description=role.description, PermissionsBoundary=role.boundary),
    )
    for arn in role.attached:
        iam.attach_role_policy(RoleName=role.name, PolicyArn=arn)
    for name, document in role.inline.items():
        iam.put_role_policy(RoleName=role.name, PolicyName=name, PolicyDocument=_text(document))
    kept = backend.get_role(role.name)
    kept.create_date = _naive(role.created)
    if role.used:
        kept.last_used = _naive(role.used)
        kept.last_used_region = role.used_region  # type: ignore[assignment]  # moto's own annotation is None only
    if role.source_template:
        # moto serializes whatever attribute has the name that the service model asks for.
        template = {"TemplateArn": role.source_template, "TemplateMinorVersion": 1}
        setattr(kept, "source_role_template", template)  # noqa: B010 - moto's class does not declare it


def _user(iam: Any, backend: IAMBackend, user: SeedUser) -> None:
    iam.create_user(UserName=user.name, Tags=[{"Key": key, "Value": value} for key, value in user.tags.items()])
    for group in user.groups:
        iam.add_user_to_group(GroupName=group, UserName=user.name)
    for name, document in user.inline.items():
        iam.put_user_policy(UserName=user.name, PolicyName=name, PolicyDocument=_text(document))
    iam.create_access_key(UserName=user.name)
    kept = backend.users[user.name]
    kept.create_date = _naive(user.created)
    key = kept.access_keys[0]
    backend.access_keys.pop(key.access_key_id, None)
    key.access_key_id = user.access_key
    key.create_date = _naive(ago(seconds=user.key_age.total_seconds()))
    if user.key_used:
        key.last_used = AccessKeyLastUsed(_naive(user.key_used), "sts", HOME_REGION)
    backend.access_keys[key.access_key_id] = key
    if user.virtual_mfa:
        iam.create_virtual_mfa_device(VirtualMFADeviceName=user.name)
        iam.enable_mfa_device(
            UserName=user.name,
            SerialNumber=f"arn:aws:iam::{ACCOUNT}:mfa/{user.name}",
            AuthenticationCode1="123456",
            AuthenticationCode2="654321",
        )
        enabled = _naive(ago(days=300))
        for device in kept.mfa_devices.values():
            device.enable_date = enabled
        for virtual in backend.virtual_mfa_devices.values():
            virtual.enable_date = enabled


def _text(document: Mapping[str, Any]) -> str:
    """A document as people write it into IAM: indented, so that its statements stand on lines of their own."""
    return json.dumps(document, indent=2)


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def _given(**arguments: Any) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if value}
