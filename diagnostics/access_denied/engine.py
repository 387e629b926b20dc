"""The one place where this room meets the evaluator and the reading of policies."""

from __future__ import annotations

from iam.account import Account
from iam.policy.decision import Decision
from iam.policy.request import Policies, Request
from iam.sources.reader import AccountReader


def decide(request: Request, policies: Policies) -> Decision:
    """The decision with near misses."""
    from iam.policy.explain import explain

    return explain(request, policies)


def is_allowed(request: Request, policies: Policies) -> bool:
    """The decision alone, fast: for trying changes and other principals."""
    from iam.policy.evaluate import evaluate

    return evaluate(request, policies).allowed


def policies_for(request: Request, account: Account, reader: AccountReader) -> Policies:
    """Every policy that has a say in the request and can be read."""
    from iam.layers import gather

    return gather(request, account, reader)


def with_context(request: Request, account: Account, reader: AccountReader) -> Request:
    """The request with the condition keys that AWS would fill and the account tells."""
    from iam.context import fill

    return fill(request, account, reader)
