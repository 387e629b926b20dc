"""Fixes for roles that AWS owns, made in the source from which AWS creates the role.

For a role of IAM Identity Center that is its permission set. Service-linked roles cannot be changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.fixes.proof import evaluated, replaced, with_identity
from diagnostics.fix import Calls, Fix, InlinePlace, Note, PermissionSetChange, PolicyChange, TrustChange
from diagnostics.who import Who
from iam.account import Account
from iam.arn import name_of
from iam.ownership import Owner, OwnerKind, owner_of, owner_of_arn
from iam.policy.edits import printed, with_free_sid, with_statement
from iam.policy.request import NamedPolicy
from iam.words import listing, plural

INLINE_NAME = "AwsSSOInlinePolicy"
"""The name of a permission set's inline policy in the role made from the permission set."""
EVERYWHERE = "The change applies to every account to which the permission set is provisioned: list them first"
_SHOWN_ACCOUNTS = 5


def owned_role_fix(case: Case, statement: dict[str, Any]) -> Fix:
    """Return the fix that adds ``statement`` for a role that AWS owns.

    The statement is added to the permission set from which the role is made. A service-linked role cannot be changed:
    the fix is then to use another role.
    """
    name = case.caller.name or ""
    owner = owner_of(case.caller.role)
    if owner is None or owner.kind is not OwnerKind.IDENTITY_CENTER:
        return Fix(
            f"Leave {name} to its service, and use your own role for {statement['Action']}",
            Who.YOU,
            Note(
                case.caller.entity_arn or name,
                f"AWS owns {name}, so nobody else can change its policies. If the service lets you choose a role, "
                f"choose one that has this statement:\n{printed(statement)}",
            ),
        )
    home = next((one for one in case.policies.identity if one.arn is None and one.name == INLINE_NAME), None)
    known = "identity" not in case.unread
    statement = with_free_sid(home.document if home else None, statement)
    after = with_statement(home.document if home else None, statement)
    if home is not None:
        changed = replaced(case.effective_policies, home, after)
    else:
        changed = with_identity(case.effective_policies, NamedPolicy(after, INLINE_NAME))
    title = f"Add {statement['Action']} on {statement['Resource']} to the permission set {owner.name}, and provision it"
    change = PermissionSetChange(
        owner.name,
        statement,
        home.document if home else None,
        after if known else None,
        managing_account(case.account),
    )
    fix = evaluated(case, title, Who.ORG_ADMIN, change, changed, condition=statement.get("Condition"))
    return _everywhere(fix, owner, case)


def _everywhere(fix: Fix, owner: Owner, case: Case) -> Fix:
    """Return the fix with what is known about the other accounts that have roles from the same permission set.

    Their policies are not compared: only this account was read.
    """
    reading = case.reader.permission_set_accounts(owner.name, owner.region)
    if reading.value is None:
        said, where = EVERYWHERE, "every other account"
    elif others := [account for account in reading.value if account != case.account.id]:
        where = f"{plural(len(others), 'other account')} ({listing(others, limit=_SHOWN_ACCOUNTS)})"
        said = (
            f"The permission set is also provisioned to {where}, so the change also applies in these accounts; their "
            "policies were not compared"
        )
    else:
        return replace(fix, cautions=(*fix.cautions, "The permission set is provisioned only to this account"))
    effects = replace(fix.effects, uncovered=(*fix.effects.uncovered, f"the role of {owner.name} in {where}"))
    return replace(fix, effects=effects, cautions=(*fix.cautions, said))


def managing_account(account: Account) -> str | None:
    """Return the management account, where IAM Identity Center is managed by default; None if it is unknown.

    The management may be delegated to another account.
    """
    return account.organization.management_account_id if account.organization is not None else None


def for_its_owner(fix: Fix, case: Case) -> Iterator[Fix]:
    """Yield the fix in a form that the owner of the changed entity can carry out, or a note if only AWS could."""
    owner, target = _owner(fix, case)
    if owner is None:
        yield fix
    elif owner.kind is OwnerKind.IDENTITY_CENTER:
        yield from _of_permission_set(fix, owner, case, target)
    else:
        title = f"Leave {name_of(target)} to its service, and use your own role for this work"
        yield Fix(title, Who.YOU, Note(target, owner.refusal))


def _owner(fix: Fix, case: Case) -> tuple[Owner | None, str]:
    match fix.change:
        case PolicyChange(InlinePlace(holder)):
            return owner_of_arn(holder.arn, case.account), holder.arn
        case TrustChange(target):
            return owner_of_arn(target, case.account), target
        case Calls(_, calls):
            for call in calls:
                role = case.account.role(call.text("RoleName")) if call.text("RoleName") else None
                if (owner := owner_of(role)) is not None and role is not None:
                    return owner, role.arn
    return None, ""


def _of_permission_set(fix: Fix, owner: Owner, case: Case, target: str) -> Iterator[Fix]:
    account = managing_account(case.account)
    match fix.change:
        case PolicyChange(InlinePlace(_, name), shown, before, after) if name == INLINE_NAME:
            change = PermissionSetChange(owner.name, shown, before, after, account)
            title = f"{fix.title} (in the permission set {owner.name})"
            yield _everywhere(replace(fix, title=title, who=Who.ORG_ADMIN, change=change), owner, case)
        case Calls(_, calls) if calls[0].operation == "TagRole":
            tags = calls[0].parameters["Tags"]
            said = ", ".join(f"{key}={value}" for key, value in tags.items())
            text = (
                f"Sessions of {target} get their tags from IAM Identity Center: enable attributes for access "
                f"control, and map the user attribute with the value to {', '.join(tags)} "
                "(https://docs.aws.amazon.com/singlesignon/latest/userguide/abac.html). The role itself cannot be "
                "tagged from IAM."
            )
            title = f"Let IAM Identity Center send {said} as an attribute for access control"
            yield replace(fix, title=title, who=Who.ORG_ADMIN, change=Note(target, text))
