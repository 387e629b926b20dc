"""A fix as a text to send to the owners of the account in which it is made."""

from __future__ import annotations

from collections.abc import Callable

from diagnostics.diagnosis import Diagnosis
from diagnostics.failure import Denial
from diagnostics.fix import Fix
from diagnostics.fix_report import proof_of
from diagnostics.report import accounts_of
from iam.foreign_text import visible


def ticket(diagnosis: Diagnosis, fix: Fix, name_of: Callable[[str], str] = lambda account: "") -> str:
    """Return the text, in plain lines: what is denied, what to change where, and what else is needed.

    ``name_of`` returns the name of an account.
    """

    def words(account: str | None) -> str:
        if account is None:
            return "the account that has it"
        name = name_of(account)
        return f"account {name} ({account})" if name else f"account {account}"

    failure = diagnosis.failure
    lines = [f"To the owners of {words(fix.account)}", ""]
    if isinstance(failure, Denial):
        what = failure.action or failure.operation or "a call"
        lines.append(f"Refused: {what} on {failure.resource or 'a resource'}")
        lines.append(f"Caller:  {failure.principal or 'not stated'}")
    lines += [f"Cause:   {diagnosis.verdict.summary}", "", f"Please change in {words(fix.account)}: {fix.title}"]
    if fix.target:
        lines.append(f"Where:   {fix.target}")
    lines += [f"Checked: {proof_of(fix)}", *(f"Note:    {each}" for each in fix.cautions)]
    needed = [each for each in diagnosis.fixes if each.together is not None and each != fix]
    if fix.together is not None and needed:
        lines += ["", f"One of {fix.together.count} changes that are needed together, in any order. The others:"]
        lines += [f"- in {words(each.account)}: {each.title}" for each in needed]
    head = "\n".join(visible(line) for line in lines)
    return f"{head}\n\n{fix.text}\n" if fix.text else f"{head}\n"


def is_across(diagnosis: Diagnosis, fix: Fix) -> bool:
    """Return whether a diagnosis is about several accounts, and the account for the fix is known."""
    return fix.account is not None and len(accounts_of(diagnosis)) > 1
