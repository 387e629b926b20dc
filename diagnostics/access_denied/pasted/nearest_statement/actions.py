"""Why the closest statement does not name the action."""

from __future__ import annotations

from diagnostics.access_denied.near_misses import misspelled_action, named_operation, no_actions
from diagnostics.access_denied.pasted.nearest_statement.lack import Closest, Lack
from iam.policy.decision import Fault, NearMiss
from iam.words import listing


def names_an_operation(closest: Closest) -> Lack | None:
    """The statement names the API operation, which is not an IAM action."""
    operation = named_operation(closest.near)
    if not operation:
        return None
    idle = list(dict.fromkeys((operation, *no_actions(closest.near))))
    return Lack(
        f": {operation} allows nothing, because it is the name of an API call, not an IAM action"
        if len(idle) == 1
        else f": {listing(idle)} are not IAM actions, so they allow nothing"
    )


def misspells_the_action(closest: Closest) -> Lack | None:
    """The statement names a word similar to the action, which is not an IAM action."""
    misspelled = misspelled_action(closest.near)
    return (
        Lack(f": {misspelled} allows nothing, because it is misspelled and is not an IAM action")
        if misspelled
        else None
    )


def delegates_other_actions(closest: Closest) -> Lack | None:
    """A key policy lets the account's own policies allow only other actions."""
    if closest.near.fault is not Fault.NO_ACTION or closest.word != "resource" or not _delegates(closest.near):
        return None
    return Lack(
        ". The account's own policies can allow only these actions, so an Allow in the caller's policy has no effect"
    )


def _delegates(near: NearMiss) -> bool:
    """Whether a key policy's statement names the account, and so leaves the decision to the account's own policies.

    AWS KMS Developer Guide, "Default key policy"
    (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html).
    """
    named = near.policy.document.statements[near.statement].principal or ()
    return near.had.lower().startswith("kms:") and any(value.endswith(":root") for _, value in named)
