"""Where a caller's own policies are changed."""

from __future__ import annotations

from iam.arn import identity_of
from iam.ownership import permission_set_of


def place_of(principal: str, *, shown: bool = True) -> str:
    """Return where the caller's own policies are changed; for a role of IAM Identity Center, its permission set.

    ``shown``: the text contains the policy to change.
    https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetsconcept.html
    """
    name = identity_of(principal)[2]
    if permission_set := permission_set_of(name):
        return f"the permission set {permission_set}, in IAM Identity Center"
    return f"the policy of {name} in the text" if shown else f"the policies of {name or 'the caller'}"
