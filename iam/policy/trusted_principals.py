"""Find whom a trust policy's Allow statements trust."""

from __future__ import annotations

from iam.policy.document import Document, PolicyError
from iam.policy.evaluate import ready
from iam.policy.layer import Layer
from iam.policy.principal import caller
from iam.policy.request import NamedPolicy

ANYONE = "*"


def trusted_principals(trust: Document | None, action: str) -> frozenset[str]:
    """Return the account IDs and unique IDs in the Allow statements for an action, or only `ANYONE`.

    The result is `ANYONE` if the trust policy was not read, or if AWS would reject it.
    """
    if trust is None:
        return frozenset({ANYONE})
    found: set[str] = set()
    try:
        statements = ready(NamedPolicy(trust), Layer.RESOURCE).statements
    except PolicyError:
        return frozenset({ANYONE})
    for one in statements:
        if one.deny or not one.action.names(action.lower()):
            continue
        element = one.principal
        if element is None or element.everyone or element.negated:
            return frozenset({ANYONE})
        for kind, value in element.pairs:
            number = value if value.isdigit() else caller(value).account
            if number is not None:
                found.add(number)
            elif kind == "AWS":
                found.add(value)
    return frozenset(found)
