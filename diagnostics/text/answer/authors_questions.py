"""Answer the author's further questions: about their own permissions, or a call that needs none."""

from __future__ import annotations

import re

from diagnostics.failure import Denial
from diagnostics.text.read.command_outputs import identity_answered
from diagnostics.text.read.messages.service_sentences import sentence_in
from iam.arn import identity_of
from iam.facts.no_permission import FREE
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
_HAS_ITSELF = regex(
    r"\b(?:I|we)(?:['’]ve)?[ \t]+(?:\w+[ \t]+){0,2}?(?:have|had|got)[ \t]+(?:\w+[ \t]+){0,2}$"
    r"|\bmy (?:own )?(?:IAM )?(?:user|account|login)\b[^.;,\n]{0,20}$",
    re.IGNORECASE,
)
_USER_HAS = regex(
    r"\b(?:my|our) (?:\w+[ -]){0,3}user(?: (?:has|have|is allowed|may|can|with|got))?[ \t]+(?:\w+[ \t]+){0,2}$",
    re.IGNORECASE,
)
_GIVEN_TO_ITSELF = regex(r"[^.;\n]{0,60}\bto (?:me|myself|my (?:own )?(?:user|account|login))\b", re.IGNORECASE)
_OF_A_SERVICE = regex(r":assumed-role/[^/]+/(?:AWS[A-Z]\w+(?:-.*)?|i-[0-9a-f]{3,17}|[0-9a-f]{32}|\d{19,20})$")
"""A session that a service names: CloudFormation, CodeBuild, an instance, a task of ECS."""
_OF_A_PERSON = regex(
    r":assumed-role/[^/]+/[A-Za-z]+(?:[._][A-Za-z]+)+(?:@[\w.-]+)?$|:assumed-role/[^/]+/[^/@]+@[\w.-]+$"
)
"""A session with the name of a person, who may be the author: ``n.osei``, ``jo@example.com``."""
_AN_ACTION = regex(r"(?<![\w:/.-])[a-z][a-z0-9-]{1,40}:(?:[A-Z]\w+|\*)")


def of_the_author(text: str, start: int, denial: Denial) -> bool:
    """Return whether the actions at ``start`` are the author's own, and a service's session or role was denied."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    principal = denial.principal or ""
    if ":assumed-role/" in principal and _USER_HAS.search(before):
        return True  # a session has its role's permissions, and not those of a user
    if not principal and (said := sentence_in(denial.text)) is not None and "role" in said.row.refused:
        return bool(_USER_HAS.search(before) or _HAS_ITSELF.search(before))
    if not _OF_A_SERVICE.search(principal):
        return False
    return bool(_HAS_ITSELF.search(before) or (_GIVEN_TO_ITSELF.match(text, start) and "role" not in before))


_ADMINISTRATORS_POLICY = regex(r":aws:policy/(?:job-function/)?(?:AdministratorAccess|PowerUserAccess)\b(?!-)")
_NAMED_ROLE = regex(r"[\w+=,.@-]*[Rr]ole[\w+=,.@-]*")


def askers_own_rights(denial: Denial) -> str:
    """Return a sentence saying that the author's own permissions do not matter, because a role was denied; else "".

    Also "" for a session that may be the author's: one that is named after a person, or one of an administrator's role.
    """
    text = denial.text[:_LONGEST]
    has = any(of_the_author(text, each.start(), denial) for each in _AN_ACTION.finditer(text))
    principal = denial.principal or ""
    if (
        identity_answered(text) == principal
        or _OF_A_PERSON.search(principal)
        or (not has and _ADMINISTRATORS_POLICY.search(text))
    ):
        return ""  # the author is the refused caller, or means the policies that the text shows of it
    if not (has or _IS_ADMINISTRATOR.search(text) or _ASKS_FOR_ITSELF.search(text)):
        return ""
    _, kind, name = identity_of(principal)
    if kind != "role" and _NAMED_ROLE.fullmatch(principal):
        kind, name = "role", principal
    if kind != "role" or "admin" in name.lower() or name.startswith("AWSReservedSSO_") or _is_own(name, text):
        return ""
    return f"AWS refused the role {name}: the permissions of your own user or role do not matter."


def _is_own(role: str, text: str) -> bool:
    """Whether the author of the text says that the role is theirs."""
    return re.search(rf"\b(?:my|our) role (?:is )?\W?{re.escape(role)}|\bas {re.escape(role)}\b", text) is not None


_GOES_THROUGH = regex(
    r"\b(?P<call>get[- ]?caller[- ]?identity|get[- ]?session[- ]?token)\b[^\n]{0,60}"
    r"\b(?:works?|gets? through|goes through|succeeds?|allowed|still|ok|possible)\b",
    re.IGNORECASE,
)
_DENIES_ALL = regex(
    r"\bDeny \*(?: on \*)?|\bquarantine\w*|\"Effect\"\s*:\s*\"Deny\"\s*,\s*\"Action\"\s*:\s*\"\*\"", re.IGNORECASE
)


def free_call(denial: Denial) -> str:
    """Return a sentence about a call that needs no permission, and so works although others are denied; else ""."""
    text = denial.text[:_LONGEST]
    found = _GOES_THROUGH.search(text)
    if found is None or "?" not in text:
        return ""
    named = re.sub(r"[- ]", "", found["call"]).lower()
    row = next((each for each in FREE if each.action.partition(":")[2].lower() == named), None)
    if row is None:
        return ""
    denied = (denial.stated_reason or "").startswith("explicit")
    meant = (
        " The purpose of the Deny of everything is to refuse these calls: keep that Deny."
        if denied and _DENIES_ALL.search(text)
        else ""
    )
    return f"{row.sentence}{meant} {row.stops}"


_GATHERS = regex(
    r"\b(?:failed|unable|could not|error)\b[^\n:]{0,12}\b(?:gather|collect|gathering|collecting)\w* (?:the )?"
    r"(?P<what>[\w ]{0,40}?\b(?:logs?|diagnostics|console output|debug data|must-gather))\b",
    re.IGNORECASE,
)
_FAILED_BEFORE = regex(r"\b(?:fails?|failed|failure|timed? out|not ready)\b", re.IGNORECASE)


def only_gathering(denial: Denial) -> str:
    """Return a sentence saying that the denial stops only the collection of logs after an earlier failure; else ""."""
    text = (denial.pasted or denial.text)[:_LONGEST]
    found = _GATHERS.search(text)
    if found is None or not _FAILED_BEFORE.search(text[: text.rfind("\n", 0, found.start()) + 1]):
        return ""
    what = " ".join(found["what"].split())
    return f"The earlier failure has another cause: this refusal only prevents {what} from being gathered."
