"""A question that is evaluated for every principal, and the policies that apply to it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from iam.account import Account, Role, User
from iam.context import across_accounts, principal_keys, with_keys
from iam.organization.accounts import Accounts
from iam.policy.compiled import Asked
from iam.policy.match import has_wildcard
from iam.policy.principal import TRUST_ACTIONS, caller
from iam.policy.request import Policies, Request
from iam.service_reference import rcp_services

if TYPE_CHECKING:
    from iam.policy.unknown_keys import Possibility
    from iam.questions.relevant import Relevance


@dataclass
class AccessQuestion:
    """A question that is evaluated for every principal.

    ``tags`` returns the resource's tags; it is called when a policy first needs them. With several ``accounts``,
    ``owner`` is the resource's account, if it can be opened.
    """

    action: str
    resource: str
    account: Account
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    resource_account: str | None = None
    accounts: Accounts | None = None
    owner: Account | None = None
    tags: Callable[[], Mapping[str, str] | None] = lambda: None
    _of_principal: tuple[str | None, Role | User | None, Mapping[str, tuple[str, ...]]] | None = None
    """The condition keys of the last principal, cached because each principal is evaluated many times in a row."""
    patterns: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """For each document, by object ID: the resource patterns in it that overlap the requested resource."""
    decided: dict[Hashable, tuple[tuple[Possibility, int], ...]] = field(default_factory=dict)
    """Decisions, cached for principals that the policies do not distinguish."""

    @property
    def wild_action(self) -> bool:
        return has_wildcard(self.action)

    @property
    def wild_resource(self) -> bool:
        return has_wildcard(self.resource)

    @cached_property
    def relevance(self) -> Relevance:
        from iam.questions.relevant import Relevance

        return Relevance(self.action)

    def request(self, principal: str | None, entity: Role | User | None, action: str, resource: str) -> Request:
        """Return the principal's request, with the condition keys that the account determines."""
        asked = Request(principal, action, resource, self.resource_account, self.context)
        filled = with_keys(asked, self.account, self.keys_of(principal, entity), self.tags())
        return filled if self.accounts is None else across_accounts(filled, self.accounts, self.owner)

    @cached_property
    def asked(self) -> Asked:
        """The question as a request without a principal."""
        return Asked(Request(None, self.action, self.resource))

    def asked_by(self, entity: Role | User) -> Asked:
        return Asked(self.request(entity.arn, entity, self.action, self.resource))

    def keys_of(self, principal: str | None, entity: Role | User | None) -> Mapping[str, tuple[str, ...]]:
        """Return the condition keys that depend only on the principal."""
        known = self._of_principal
        if known is None or known[0] != principal or known[1] is not entity:
            keys = principal_keys(caller(principal), self.account, entity)
            if isinstance(entity, Role) and entity.id:
                # The unique ID by which resource policies identify a role, so that a recreated role is a different one.
                keys["aws:PrincipalId"] = (entity.id,)
            known = self._of_principal = principal, entity, keys
        return known[2]


def applicable_policies(policies: Policies, action: str, resource: str) -> Policies:
    """Return the policies without layers that do not apply to this action.

    RCPs apply only to some services. A role's trust policy decides who may assume the role, not who may change it.
    """
    service = action.partition(":")[0].lower()
    if policies.rcps is not None and (resource == "*" or service not in rcp_services()):
        policies = replace(policies, rcps=None)
    if policies.resource is not None and resource.split(":")[2:3] == ["iam"] and action.lower() not in TRUST_ACTIONS:
        policies = replace(policies, resource=None)
    return policies
