"""The text shown instead of an empty role list, which says why the list is empty and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.session import Session
from screens.text import visible

if TYPE_CHECKING:
    from iam.account import Account


def empty_text(session: Session, any_rows: bool, looking: bool, filter_words: str, *, rows_come: bool = False) -> str:
    if session.failure:
        return f"{visible(session.failure)} P chooses a profile or signs in, D opens the demo, r tries again, q quits."
    if session.account is None:
        return "Reading the account ..."
    if not any_rows:
        return "Reading the roles ..." if session.loading or rows_come else _no_roles(session.account)
    if looking:
        return "Searching the policies ..."
    return f"No role matches {visible(filter_words)}: escape shows all."


def _no_roles(account: Account) -> str:
    if "roles" not in account.incomplete:
        return "This account has no roles."
    why = next((each.why for each in account.unreadable if each.call == "iam:ListRoles"), "not all was read")
    return (
        f"No roles are shown, because they could not be listed: {visible(why).rstrip('.')}. ! lists what could not "
        "be read; 2 still explains a pasted error; P chooses another profile."
    )
