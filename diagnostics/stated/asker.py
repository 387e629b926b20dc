"""What the asker of a paste says of their own permissions, beside a call that somebody else made."""

from __future__ import annotations

import re

from diagnostics.failure import Denial
from iam.arn import identity_of
from iam.lazy_pattern import regex

_LONGEST = 20_000
_IS_ADMINISTRATOR = regex(
    r"\b(?:I|we)(?:['’]m|['’]re|['’]ve| am| are| have| got| deploy(?:ed)? as| run (?:it )?as)\b"
    r"(?:(?!\b(?:not|no)\b|n['’]t)[^.\n?]){0,40}\b(?:admin(?:istrator)?s?\b(?! ?(?:group|team|console))"
    r"|AdministratorAccess\b(?!-)|PowerUserAccess\b|full (?:access|rights|permissions)\b)"
    r"|\bas (?:an? |my |the )?(?:account )?admin(?:istrator)?\b|\bmy (?:own )?(?:admin(?:istrator)? (?:user|role)"
    r"|(?:user|role|profile|account) (?:is|has) (?:an? )?(?:account )?[Aa]dmin\w*)"
    r"|\bich \w{3,4} [^.\n?]{0,30}\bAdmin|\b(?:soy|tengo)\b[^.\n?]{0,30}\badmin",
    re.IGNORECASE,
)
_ASKS_FOR_ITSELF = regex(
    r"\b(?:give|grant|add|attach)\b[^.\n?]{0,40}\b(?:myself|to me\b|my (?:own )?(?:user|account|login|role))"
    r"[^.\n]{0,40}\?"
    r"|\bdo I (?:need|have to have|lack)\b[^.\n]{0,40}\b(?:permissions?|rights?|actions?)\b[^.\n]{0,20}\?"
    r"|\bbrauche ich\b[^.\n]{0,40}\b(?:Rechte|Berechtigung)",
    re.IGNORECASE,
)
_NAMED_ROLE = regex(r"[\w+=,.@-]*[Rr]ole[\w+=,.@-]*")


def askers_own_rights(denial: Denial) -> str:
    """A sentence that the asker's own permissions do not count, where another role was refused; else empty.

    A session named after a person, or of a role that is an administrator's, may be the asker's own.
    """
    text = denial.text[:_LONGEST]
    if not (_IS_ADMINISTRATOR.search(text) or _ASKS_FOR_ITSELF.search(text)):
        return ""
    principal = denial.principal or ""
    _, kind, name = identity_of(principal)
    if kind != "role" and _NAMED_ROLE.fullmatch(principal):
        kind, name = "role", principal
    if kind != "role" or "admin" in name.lower() or name.startswith("AWSReservedSSO_") or _is_own(name, text):
        return ""
    return f"Your own permissions do not count here: the role {name} is refused, and its policies decide."


def _is_own(role: str, text: str) -> bool:
    """Whether the asker says that the role is theirs."""
    return re.search(rf"\b(?:my|our) role (?:is )?\W?{re.escape(role)}|\bas {re.escape(role)}\b", text) is not None
