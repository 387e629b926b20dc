"""The condition keys that AWS sets in a request, as far as the account determines their values.

Nothing is guessed: a key whose value is only likely stays unknown (aws:SourceIp, aws:TokenIssueTime …). The user is
asked for the value of an unknown key, but would be misled by a wrong value. Keys that the request contains already take
precedence, whatever the case of their names.

The keys and when a request contains them: IAM User Guide, "AWS global condition context keys".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from iam.account import Account, Role, User
from iam.arn import Arn, name_of
from iam.facts.global_services import GLOBAL_SERVICES, global_region
from iam.key_presence import made_by_services
from iam.organization.accounts import Accounts
from iam.policy.compiled import PRINCIPAL_TYPES
from iam.policy.other_than import OtherThan
from iam.policy.principal import Kind, RequestCaller, caller
from iam.policy.request import Request
from iam.sources.reader.account_reader import AccountReader

if TYPE_CHECKING:
    from iam.organization.levels import Organization
    from iam.organization.tree import OrganizationTree

Context = Mapping[str, tuple[str, ...]]


def fill(request: Request, account: Account, reader: AccountReader | None = None) -> Request:
    """Return the request with the condition keys that the account determines.

    With a reader, a principal that is missing from the account is looked up.
    """
    return with_context(request, account, entity_of(request, account, reader))


def entity_of(request: Request, account: Account, reader: AccountReader | None) -> Role | User | None:
    """Return the role or user that makes the request, or None if it is unknown or belongs to another account."""
    who = caller(request.principal)
    if who.account != account.id or who.name is None:
        return None
    found: Role | User | None
    if who.kind in (Kind.ROLE, Kind.SESSION):
        found = account.role(who.text) or account.role(who.name)
        return found or (reader.role(who.name).value if reader else None)
    if who.kind is Kind.USER:
        return account.user(who.name) or (reader.user(who.name).value if reader else None)
    return None


def with_context(
    request: Request,
    account: Account,
    entity: Role | User | None,
    resource_tags: Mapping[str, str] | None = None,
) -> Request:
    """Return the request with the condition keys that AWS sets itself.

    ``entity`` is the role or user that makes the request, if known.
    """
    return with_keys(request, account, principal_keys(caller(request.principal), account, entity), resource_tags)


def with_keys(
    request: Request, account: Account, of_principal: Context, resource_tags: Mapping[str, str] | None = None
) -> Request:
    """Return the request with the condition keys that AWS sets itself. ``of_principal`` are its principal's keys."""
    filled = {
        **of_principal,
        **_time_keys(account.now),
        **_request_keys(request, account),
        **_resource_keys(request, account, resource_tags),
    }
    if request.context:
        given = {key.lower() for key in request.context}
        filled = {key: values for key, values in filled.items() if key.lower() not in given} | dict(request.context)
    return Request(request.principal, request.action, request.resource, request.resource_account, filled)


def principal_keys(who: RequestCaller, account: Account, entity: Role | User | None) -> dict[str, tuple[str, ...]]:
    """Return the condition keys that depend only on the caller, and on the role or user behind it.

    They are the same for every request.
    """
    keys: dict[str, tuple[str, ...]] = {}
    if who.kind is Kind.PROVIDER:
        # Web identity and SAML calls are made without AWS credentials: there is no principal yet.
        return keys
    if who.kind is Kind.SERVICE:
        return {"aws:PrincipalIsAWSService": ("true",), "aws:PrincipalServiceName": (who.text,)}
    keys["aws:PrincipalType"] = (PRINCIPAL_TYPES[who.kind],)
    if who.kind is Kind.ANONYMOUS:  # only signed requests have aws:PrincipalIsAWSService
        keys["aws:userid"] = ("anonymous",)
        return keys
    keys["aws:PrincipalIsAWSService"] = ("false",)
    if who.account:
        keys["aws:PrincipalAccount"] = (who.account,)
    if who.kind is Kind.ROOT and who.account:
        keys["aws:userid"] = (who.account,)
        keys["aws:PrincipalArn"] = (f"arn:{who.partition or account.partition}:iam::{who.account}:root",)
    elif who.kind in (Kind.USER, Kind.ROLE, Kind.FEDERATED_USER):
        keys["aws:PrincipalArn"] = (who.text,)
    if who.kind is Kind.USER and who.name:
        keys["aws:username"] = (who.name,)
    if entity is not None:
        keys |= _entity_keys(who, entity)
    if who.account == account.id:
        keys |= _organization_keys("aws:Principal", account)
    return keys


def _entity_keys(who: RequestCaller, entity: Role | User) -> dict[str, tuple[str, ...]]:
    """Return the keys whose values depend on the role or user.

    ``aws:PrincipalArn`` has the role's path; a session's ARN lacks it.
    """
    keys: dict[str, tuple[str, ...]] = {"aws:PrincipalArn": (entity.arn or who.text,)}
    if who.kind is Kind.USER:
        keys["aws:username"] = (entity.name,)
    if entity.id and who.kind is Kind.USER:
        keys["aws:userid"] = (entity.id,)
    elif entity.id and who.kind is Kind.SESSION:
        keys["aws:userid"] = (f"{entity.id}:{_session_name(who.text)}",)
    if isinstance(entity, Role) and entity.trust is not None and made_by_services(entity.trust):
        # Requests with temporary credentials contain the key. Sessions created by a service have no MFA.
        keys["aws:MultiFactorAuthPresent"] = ("false",)
    return keys | {f"aws:PrincipalTag/{tag}": (value,) for tag, value in (entity.tags or {}).items()}


def _session_name(arn: str) -> str:
    return arn.partition(":assumed-role/")[2].partition("/")[2]


def across_accounts(request: Request, accounts: Accounts, owner: Account | None) -> Request:
    """Return the request with the condition keys that other accounts determine.

    These are the organization keys for three accounts: the caller's, the resource's, and the one on whose behalf a
    service calls. The resource's own keys are read from ``owner``, the account that owns it.
    """
    who = caller(request.principal)
    keys: dict[str, tuple[str, ...]] = {}
    given = {key.lower(): values for key, values in request.context.items()}
    source = next(iter(given.get("aws:sourceaccount", ())), None) if who.kind is Kind.SERVICE else None
    for prefix, account in (
        ("aws:Principal", who.account if who.kind is not Kind.PROVIDER else None),
        ("aws:Resource", resource_account(request)),
        ("aws:Source", source),
    ):
        if account is not None:
            standing = accounts.standing(account)
            if standing.outside and accounts.tree is not None:
                keys |= _keys_of_outsider(prefix, accounts.tree)
            else:
                keys |= _keys_of_organization(prefix, standing.organization)
    if owner is not None:
        keys |= _resource_keys(request, owner, None)
    elif (number := resource_account(request)) is not None:
        keys["aws:ResourceAccount"] = (number,)
    new = {key: values for key, values in keys.items() if key.lower() not in given}
    return replace(request, context={**request.context, **new}) if new else request


def _organization_keys(prefix: str, account: Account) -> dict[str, tuple[str, ...]]:
    return _keys_of_organization(prefix, account.organization)


def _keys_of_organization(prefix: str, organization: Organization | None) -> dict[str, tuple[str, ...]]:
    if organization is None or not organization.id:
        return {}
    keys: dict[str, tuple[str, ...]] = {f"{prefix}OrgID": (organization.id,)}
    if organization.path:
        keys[f"{prefix}OrgPaths"] = ("/".join((organization.id, *organization.path, "")),)
    if prefix == "aws:Principal" and organization.management_account_id:
        keys["aws:PrincipalOrgMasterAccountId"] = (organization.management_account_id,)
    return keys


def _keys_of_outsider(prefix: str, tree: OrganizationTree) -> dict[str, tuple[str, ...]]:
    """Return the organization keys of an account outside ``tree``.

    Only one thing is known: they lack the tree's values.
    """
    keys: dict[str, tuple[str, ...]] = {f"{prefix}Org{part}": (OtherThan(tree.id),) for part in ("ID", "Paths")}
    if prefix == "aws:Principal" and tree.management_account_id:
        keys["aws:PrincipalOrgMasterAccountId"] = (OtherThan(tree.management_account_id),)
    return keys


@lru_cache(maxsize=1)
def _time_keys(now: datetime) -> Mapping[str, tuple[str, ...]]:
    moment = now.astimezone(UTC)
    return {
        "aws:CurrentTime": (moment.strftime("%Y-%m-%dT%H:%M:%SZ"),),
        "aws:EpochTime": (str(int(moment.timestamp())),),
    }


def _request_keys(request: Request, account: Account) -> dict[str, tuple[str, ...]]:
    # SDKs, the AWS CLI and the console use TLS unless they are explicitly configured otherwise.
    keys: dict[str, tuple[str, ...]] = {"aws:SecureTransport": ("true",)}
    parts = Arn.parse(request.resource)
    service = request.action.partition(":")[0].lower()
    if service in GLOBAL_SERVICES:
        if region := global_region(service, account.partition):
            keys["aws:RequestedRegion"] = (region,)
    elif parts is not None and parts.service == service and parts.region and "*" not in parts.region:
        keys["aws:RequestedRegion"] = (parts.region,)
    return keys


def resource_account(request: Request) -> str | None:
    """Return the account that owns the resource, or None if the request does not contain it.

    The ARNs of S3 buckets and objects contain no account.
    """
    if request.resource_account:
        return request.resource_account
    parts = Arn.parse(request.resource)
    return parts.account if parts is not None and parts.account.isdigit() else None


def _resource_keys(
    request: Request, account: Account, resource_tags: Mapping[str, str] | None
) -> dict[str, tuple[str, ...]]:
    keys: dict[str, tuple[str, ...]] = {}
    owner = resource_account(request)
    if owner is not None:
        keys["aws:ResourceAccount"] = (owner,)
        if owner == account.id:
            keys |= _organization_keys("aws:Resource", account)
    parts = Arn.parse(request.resource)
    tags: Mapping[str, str] = resource_tags or {}
    if parts is not None and parts.service == "iam" and parts.account == account.id:
        tags = tags or _iam_tags(account, parts, request.resource)
    for tag, value in tags.items():
        keys[f"aws:ResourceTag/{tag}"] = (value,)
        if parts is not None and parts.service in ("iam", "ec2", "secretsmanager"):
            keys[f"{parts.service}:ResourceTag/{tag}"] = (value,)
    return keys


def _iam_tags(account: Account, parts: Arn, arn: str) -> Mapping[str, str]:
    """Return the tags of the role or user that a request is about."""
    entity: Role | User | None = None
    if parts.resource.startswith("role/"):
        entity = account.role(arn)
    elif parts.resource.startswith("user/"):
        entity = account.user(name_of(arn))
    return (entity.tags if entity is not None else None) or {}
