"""The actions that a trust policy must allow so that a caller can assume the role."""

from __future__ import annotations

from diagnostics.access_denied.case import Case
from iam.facts.service_roles.lookup import trust_needs
from iam.policy.principal import Kind
from iam.service_reference import spelled


def needed_actions(case: Case) -> tuple[str, ...]:
    """Return the trust policy actions that the caller needs: the denied one and, for a service, its other actions."""
    needs = trust_needs(case.caller.arn or "") if case.caller.kind is Kind.SERVICE else ()
    action = spelled(case.request.action)
    return needs if action in needs else (action,)
