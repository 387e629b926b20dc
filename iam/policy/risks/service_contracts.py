"""Check whether a role meets the requirements of the AWS service that assumes it (`iam.facts.service_roles`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from iam.facts.service_roles.lookup import uses_of
from iam.facts.service_roles.service_role import ServiceRole
from iam.facts.service_roles.table import SERVICE_ROLES
from iam.policy.document import Document, PolicyError
from iam.policy.match import Matcher, action_matcher
from iam.policy.named_principals import principals
from iam.words import listing

PRINCIPAL, NAME, ACTIONS = "service.principal-missing", "service.name", "service.actions"


@dataclass(frozen=True, slots=True)
class ContractBreach:
    """A requirement of an AWS service that a role does not meet.

    ``code`` is the gate's code for the breach. ``row`` contains the service's requirements and their documentation
    pages. ``missing`` are the actions that no policy allows.
    """

    code: str
    text: str
    way_out: str
    row: ServiceRole
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoleUnderContract:
    """The role properties that services check.

    ``policies`` are its inline and attached documents, or None if one of them could not be read; ``attached`` are the
    ARNs of its managed policies.
    """

    name: str
    trust: Document
    attached: Sequence[str]
    policies: Sequence[Document] | None


def breaches(role: RoleUnderContract) -> Iterator[ContractBreach]:
    """Yield the requirements that the role does not meet, for each service that its trust policy names."""
    # In China, services have a second spelling (ec2.amazonaws.com.cn).
    services = {value.removesuffix(".cn") for kind, value in principals(role.trust) if kind == "Service"}
    yield from _companions(services)
    yield from _names(role, services)
    for row in _contracts(role, services):
        missing = missing_actions(row, role.policies)
        if missing:
            text = f"{row.title}: the role's policies do not allow {listing(missing)}, which AWS's page lists."
            yield ContractBreach(ACTIONS, text, f"Compare {row.url}.", row, missing)


def _companions(services: set[str]) -> Iterator[ContractBreach]:
    for service in sorted(services):
        uses = uses_of(service)
        if not uses or any(set(row.principals) <= services for row in uses):
            continue
        row = uses[0]
        lacking = [each for each in row.principals if each not in services]
        text = f"{row.title}: the trust policy on AWS's page also names {listing(lacking)}."
        yield ContractBreach(PRINCIPAL, text, f"Add {listing(lacking)}, as on {row.url}.", row)


def _names(role: RoleUnderContract, services: set[str]) -> Iterator[ContractBreach]:
    for row in SERVICE_ROLES:
        if not row.name:
            continue
        if row.name.lower() == role.name.lower():
            if not services & set(row.principals):
                text = f"{row.title} looks for a role of this name, but the trust policy does not name {row.principal}."
                yield ContractBreach(NAME, text, f"Trust {row.principal}: {row.url}.", row)
        elif row.principal in services and any(_is_of(row, arn) for arn in role.attached):
            text = f"{row.title} uses only a role that is named {row.name}."
            yield ContractBreach(NAME, text, f"Name the role {row.name}: {row.url}.", row)


def _is_of(row: ServiceRole, arn: str) -> bool:
    return any(arn.endswith(f":aws:policy/{policy}") for policy in row.policies)


def _contracts(role: RoleUnderContract, services: Iterable[str]) -> Iterator[ServiceRole]:
    """Yield the requirements of each service that certainly uses the role and whose page lists actions."""
    for service in sorted(services):
        uses = uses_of(service)
        named = [
            row
            for row in uses
            if role.name in (row.name, row.usual_name) or any(_is_of(row, arn) for arn in role.attached)
        ]
        chosen = named if len(named) == 1 else uses if len(uses) == 1 else ()
        for row in chosen:
            if row.actions and not any(_is_of(row, arn) for arn in role.attached):
                yield row


def missing_actions(row: ServiceRole, policies: Sequence[Document] | None) -> tuple[str, ...]:
    """Return the actions required by the service that no Allow statement names. Resources are ignored.

    Empty if a policy could not be read.
    """
    if policies is None:
        return ()
    matchers: list[Matcher] = []
    try:
        for document in policies:
            for statement in document.readable_statements:
                if statement.effect == "Allow":
                    matchers += [action_matcher(each) for each in statement.action or ()]
                    matchers += [_all_but(statement.not_action)] if statement.not_action else []
    except PolicyError:
        return ()
    return tuple(action for action in row.actions if not any(matches(action.lower()) for matches in matchers))


def _all_but(patterns: Iterable[str]) -> Matcher:
    spared = [action_matcher(each) for each in patterns]
    return lambda action: not any(matches(action) for matches in spared)
