"""Build the demo account from its data with boto3 calls. Data that no call can set (dates, IDs, use) is set in moto."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from moto.iam.models import AccessKeyLastUsed, IAMBackend
from moto.moto_api._internal import mock_random

from iam.account import Group, ManagedPolicy, Role, User
from iam.demo.account.facts import ALIAS, HOME_REGION
from iam.demo.account.load import DEMO
from iam.demo.aws.aws_managed import load as load_aws_managed
from iam.demo.aws.checks.quotas import set_defaults
from iam.demo.aws.moto_side import Seeding
from iam.demo.aws.services.resources import lazy_seeds, with_buckets
from iam.demo.aws.sessions import session_for
from iam.demo.aws.world import World
from iam.demo.neighbours.load import neighbours
from iam.policy.document import Document

_SEED = 20261120  # the seed of moto's random numbers, so that IDs are the same in every run
_SEEDING_KEY = "AKIASEEDOFTHEDEMO000"
_SAML_METADATA = (
    '<?xml version="1.0"?><EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" '
    'entityID="https://idp.harbor.example/saml" validUntil="2026-12-11T09:00:00Z"><IDPSSODescriptor '
    'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><SingleSignOnService '
    'Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.harbor.example/sso"/>'
    "</IDPSSODescriptor></EntityDescriptor>"
) + " " * 600  # IAM rejects metadata of fewer than 1,000 characters


def build() -> World:
    """Return a new account, built from its data. Resources of services other than IAM are created on first use."""
    world = World()
    iam = session_for(Seeding(world), access_key=_SEEDING_KEY, region=HOME_REGION).client("iam")
    with world.in_place(), _same_ids(_SEED):
        _identity(iam, world.iam)
    world.lazy.update(lazy_seeds())
    return world


def build_neighbours(world: World) -> None:
    """Add the demo's other accounts to a world, unless they were added before."""
    for account, contents in neighbours().items():
        if account in world.neighbours:
            continue
        world.neighbours.add(account)
        iam = session_for(Seeding(world, account), access_key=_SEEDING_KEY, region=HOME_REGION).client("iam")
        with world.in_place(), world.answering(account), _same_ids(int(account)):
            set_defaults(world.iam)
            iam.create_account_alias(AccountAlias=contents.account.alias)
            attached = {policy.arn for role in contents.account.roles for policy in role.attached or ()}
            load_aws_managed(world.iam, attached)
            for role in contents.account.roles:
                _role(iam, world.iam, role)
        world.lazy["s3"] = with_buckets(world.lazy.get("s3"), account, contents)


@contextmanager
def _same_ids(seed: int) -> Iterator[None]:
    """Make moto generate the same IDs in every run while this context manager is active."""
    before = mock_random.getstate()
    mock_random.seed(seed)
    try:
        yield
    finally:
        mock_random.setstate(before)


def _identity(iam: Any, backend: IAMBackend) -> None:
    account = DEMO.contents.account
    set_defaults(backend)
    iam.create_account_alias(AccountAlias=ALIAS)
    entities: tuple[Role | Group, ...] = (*account.roles, *(account.groups or ()))
    attached = {policy.arn for entity in entities for policy in entity.attached or ()}
    load_aws_managed(backend, (arn for arn in attached if ":iam::aws:" in arn))
    for policy in account.policies or ():
        _policy(iam, backend, policy)
    for provider in account.oidc_providers or ():
        iam.create_open_id_connect_provider(Url=f"https://{provider.url}", ClientIDList=list(provider.client_ids or ()))
        backend.open_id_providers[provider.arn].create_date = _naive(DEMO.providers_created[provider.arn])
    for saml in account.saml_providers or ():
        iam.create_saml_provider(SAMLMetadataDocument=_SAML_METADATA, Name=saml.name)
        made = backend.saml_providers[saml.name]
        made.create_date, made.valid_until = _naive(DEMO.providers_created[saml.arn]), _naive(saml.valid_until)
    for role in account.roles:
        _role(iam, backend, role)
    for group in account.groups or ():
        _group(iam, backend, group)
    for user in account.users or ():
        _user(iam, backend, user)
    for profile in account.instance_profiles or ():
        iam.create_instance_profile(InstanceProfileName=profile.name, Path=profile.path)
        for name in profile.roles:
            iam.add_role_to_instance_profile(InstanceProfileName=profile.name, RoleName=name)
        backend.instance_profiles[profile.name].create_date = _naive(profile.created)


def _policy(iam: Any, backend: IAMBackend, policy: ManagedPolicy) -> None:
    first, *later = policy.versions
    arn = iam.create_policy(
        PolicyName=policy.name,
        Path=policy.path,
        PolicyDocument=_text(first.document),
        Description=policy.description or "",
    )["Policy"]["Arn"]
    for version in later:
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=_text(version.document))
    if policy.default_version_id != first.id:
        iam.set_default_policy_version(PolicyArn=arn, VersionId=policy.default_version_id)
    kept = backend.managed_policies[arn]
    for made, version in zip(kept.versions, policy.versions, strict=True):
        made.create_date = _naive(version.created)
    kept.create_date = _naive(first.created)
    kept.update_date = _naive(policy.versions[-1].created)


def _role(iam: Any, backend: IAMBackend, role: Role) -> None:
    iam.create_role(
        RoleName=role.name,
        Path=role.path,
        AssumeRolePolicyDocument=_text(role.trust),
        MaxSessionDuration=role.max_session_seconds or 3600,
        Tags=_tags(role.tags),
        **_given(Description=role.description, PermissionsBoundary=role.boundary_arn),
    )
    for attached in role.attached or ():
        iam.attach_role_policy(RoleName=role.name, PolicyArn=attached.arn)
    for inline in role.inline or ():
        iam.put_role_policy(RoleName=role.name, PolicyName=inline.name, PolicyDocument=_text(inline.document))
    kept = backend.get_role(role.name)
    kept.create_date = _naive(role.created)
    if role.last_used and role.last_used.when:
        kept.last_used = _naive(role.last_used.when)
        kept.last_used_region = role.last_used.region  # type: ignore[assignment]  # moto's annotation is None only
    if role.source_template:
        # moto serializes every attribute whose name is in the service model.
        template = {"TemplateArn": role.source_template, "TemplateMinorVersion": 1}
        setattr(kept, "source_role_template", template)  # noqa: B010 - moto's class does not declare it


def _group(iam: Any, backend: IAMBackend, group: Group) -> None:
    iam.create_group(GroupName=group.name)
    for attached in group.attached or ():
        iam.attach_group_policy(GroupName=group.name, PolicyArn=attached.arn)
    for inline in group.inline or ():
        iam.put_group_policy(GroupName=group.name, PolicyName=inline.name, PolicyDocument=_text(inline.document))
    backend.groups[group.name].create_date = _naive(group.created)


def _user(iam: Any, backend: IAMBackend, user: User) -> None:
    iam.create_user(UserName=user.name, Tags=_tags(user.tags))
    for group in user.groups or ():
        iam.add_user_to_group(GroupName=group, UserName=user.name)
    for inline in user.inline or ():
        iam.put_user_policy(UserName=user.name, PolicyName=inline.name, PolicyDocument=_text(inline.document))
    iam.create_access_key(UserName=user.name)
    kept = backend.users[user.name]
    kept.create_date = _naive(user.created)
    [key] = kept.access_keys
    [seed] = [each for each in DEMO.contents.access_keys or () if each.user == user.name]
    backend.access_keys.pop(key.access_key_id, None)
    key.access_key_id = seed.id
    key.create_date = _naive(seed.created)
    key.last_used = AccessKeyLastUsed(_naive(DEMO.keys_last_used[seed.id]), "sts", HOME_REGION)
    backend.access_keys[key.access_key_id] = key
    for device in DEMO.contents.mfa_devices or ():
        if device.user == user.name:
            iam.create_virtual_mfa_device(VirtualMFADeviceName=user.name)
            iam.enable_mfa_device(
                UserName=user.name,
                SerialNumber=device.serial,
                AuthenticationCode1="123456",
                AuthenticationCode2="654321",
            )
            kept.mfa_devices[device.serial].enable_date = _naive(device.enabled)
            for virtual in backend.virtual_mfa_devices.values():
                virtual.enable_date = _naive(device.enabled)


def _text(document: Document | None) -> str:
    """Return a document as indented text, as people write it, so that each statement has its own lines."""
    return json.dumps(document and document.value, indent=2)


def _tags(tags: Mapping[str, str] | None) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in (tags or {}).items()]


def _naive(moment: datetime | None) -> datetime:
    """Return a time in UTC without a time zone, as moto stores it."""
    if moment is None:
        raise ValueError("the demo's data lacks a time")
    return moment.replace(tzinfo=None)


def _given(**arguments: Any) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if value}
