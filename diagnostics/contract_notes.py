"""A caution for a fix that adds one action that a service's role needs: it names the others that the role lacks."""

from __future__ import annotations

from dataclasses import replace

from diagnostics.failure import Denial, Failure
from diagnostics.fix import Fix, InlinePlace, PolicyChange
from iam.account import Account
from iam.words import listing


def with_contract_note(fix: Fix, failure: Failure, account: Account) -> Fix:
    """Return the fix with a caution that names the other actions that the service needs and the role lacks.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-service.html
    """
    change = fix.change
    if not isinstance(failure, Denial) or not failure.action or not isinstance(change, PolicyChange):
        return fix
    role = account.role(change.place.holder.arn) if isinstance(change.place, InlinePlace) else None
    if role is None:
        return fix
    from iam.gate.checks.contracts import role_breaches  # most fixes change no role's inline policy
    from iam.policy.risks.service_contracts import ACTIONS

    wanted = failure.action.lower()
    for breach in role_breaches(role, account):
        lacking = [each for each in breach.missing if each.lower() != wanted]
        if breach.code == ACTIONS and len(lacking) < len(breach.missing) and lacking:
            said = f"{breach.row.title} needs {listing(lacking)} too ({breach.row.url})"
            return replace(fix, cautions=(*fix.cautions, said))
    return fix
