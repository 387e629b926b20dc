"""The current state of each place, from the account as it was read."""

from __future__ import annotations

from collections.abc import Callable

from iam.account import Account, Group, ManagedPolicy, Role, User
from iam.history.change import ABSENT, PRESENT, Entity, Kind, Known, Part, Place, State, Unknown
from iam.policy.document import Document
from iam.sources.reader.account_reader import AccountReader

_UNREAD = Unknown("it could not be read now")
_LISTS = {Kind.ROLE: "roles", Kind.USER: "users", Kind.GROUP: "groups", Kind.POLICY: "policies"}


def present_in(account: Account, reader: AccountReader | None = None) -> Callable[[Place], State]:
    """Return a function that returns the current state of a place.

    The function reads data that is missing in the account with ``reader``, so it may block.
    """
    policies: dict[str, ManagedPolicy | None] = {}

    def policy_of(arn: str) -> ManagedPolicy | None:
        if arn not in policies:
            found = account.policy(arn)
            if (found is None or found.document is None) and reader is not None:
                found = reader.managed_policy(arn).value or found
            policies[arn] = found
        return policies[arn]

    def state(place: Place) -> State:
        match place.entity.kind:
            case Kind.ROLE | Kind.USER | Kind.GROUP:
                return of_holder(_holder(place.entity, account, reader), place, account)
            case Kind.POLICY:
                return _of_policy(policy_of(place.entity.name), place, account)
            case Kind.RESOURCE:
                return _of_resource(place, reader)
            case Kind.ENDPOINT:
                return _of_endpoint(place, reader)
            case Kind.ORGANIZATION_POLICY | Kind.TARGET:
                return _of_organization(place, account)
        return _UNREAD

    return state


def _holder(entity: Entity, account: Account, reader: AccountReader | None) -> Role | User | Group | None:
    match entity.kind:
        case Kind.ROLE:
            role = account.role(entity.name)
            partly = not role.has_details if role is not None else "roles" in account.incomplete
            return reader.role(entity.name).value or role if partly and reader is not None else role
        case Kind.USER:
            return account.user(entity.name)
    return account.group(entity.name)


def of_holder(holder: Role | User | Group | None, place: Place, account: Account) -> State:
    if holder is None:
        unlisted = {Kind.ROLE: account.roles, Kind.USER: account.users, Kind.GROUP: account.groups}
        listed = unlisted[place.entity.kind] is not None
        return ABSENT if listed and _LISTS[place.entity.kind] not in account.incomplete else _UNREAD
    match place.part:
        case Part.EXISTENCE:
            return PRESENT
        case Part.TRUST if isinstance(holder, Role):
            return _document(holder.trust)
        case Part.INLINE:
            if holder.inline is None:
                return _UNREAD
            found = next((each.document for each in holder.inline if each.name == place.name), None)
            return _document(found) if found is not None else ABSENT
        case Part.ATTACHED:
            if holder.attached is None:
                return _UNREAD
            return PRESENT if any(each.arn == place.name for each in holder.attached) else ABSENT
        case Part.BOUNDARY if not isinstance(holder, Group):
            if holder.boundary_arn is None and holder.tags is None:
                return _UNREAD
            return Known(holder.boundary_arn)
        case Part.TAG if not isinstance(holder, Group):
            return _UNREAD if holder.tags is None else Known(holder.tags.get(place.name))
        case Part.MEMBER if isinstance(holder, User):
            if holder.groups is None:
                return _UNREAD
            return PRESENT if place.name in holder.groups else ABSENT
    return _UNREAD


def _of_policy(policy: ManagedPolicy | None, place: Place, account: Account) -> State:
    if policy is None:
        return ABSENT if account.policies is not None and "policies" not in account.incomplete else _UNREAD
    match place.part:
        case Part.EXISTENCE:
            return PRESENT
        case Part.DEFAULT:
            return Known(policy.default_version_id) if policy.default_version_id else _UNREAD
        case Part.VERSION:
            found = next((each for each in policy.versions if each.id == place.name), None)
            if found is not None:
                return _document(found.document)
            # Customer policies are read with all versions; an account summary may contain only the default version.
            return ABSENT if len(policy.versions) > 1 else _UNREAD
    return _UNREAD


def _of_resource(place: Place, reader: AccountReader | None) -> State:
    if reader is None or place.part is not Part.POLICY:
        return _UNREAD
    reading = reader.resource_policy(place.entity.name)
    if reading.value is not None:
        return _document(reading.value)
    return ABSENT if reading.absent else _UNREAD


def _of_endpoint(place: Place, reader: AccountReader | None) -> State:
    if reader is None or place.part is not Part.POLICY:
        return _UNREAD
    reading = reader.vpc_endpoints("")
    if reading.value is None:
        return _UNREAD
    found = next((each for each in reading.value if each.id == place.entity.name), None)
    return ABSENT if found is None else _document(found.document)


def _of_organization(place: Place, account: Account) -> State:
    organization = account.organization
    if organization is None:
        return _UNREAD
    levels = (*(organization.scps or ()), *(organization.rcps or ()))
    if place.entity.kind is Kind.ORGANIZATION_POLICY:
        for level in levels:
            for policy in level.policies:
                if policy.arn.rpartition("/")[2] == place.entity.name:
                    return _document(policy.document) if place.part is Part.POLICY else PRESENT
        return _UNREAD
    if place.part is Part.UNIT and place.entity.name == account.id and organization.path:
        return Known(organization.path[-1])
    if place.part is not Part.ATTACHED:
        return _UNREAD
    on_path = [level for level in levels if level.target == place.entity.name]
    if not on_path:
        return _UNREAD
    ids = {policy.arn.rpartition("/")[2] for level in on_path for policy in level.policies}
    if place.name in ids:
        return PRESENT
    # If one of the two types of policies could not be read, the policy may be of that type.
    return _UNREAD if organization.scps is None or organization.rcps is None else ABSENT


def _document(document: Document | None) -> State:
    return _UNREAD if document is None else Known(document.stored)
