"""Say whether a policy's condition on MFA covers calls with long-term access keys, which do not have the key.

IAM User Guide, "AWS global condition context keys", aws:MultiFactorAuthPresent: the key is absent from requests with
long-term credentials. A Deny with Bool and false does not apply to them, and an Allow with BoolIfExists and true does
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
"""

from __future__ import annotations

import re

from iam.lazy_pattern import regex
from iam.policy.document import Document
from iam.policy.statements import Statement

_ABOUT_MFA = regex(r"\bMFA\b|\bmulti-?factor|\b2FA\b|\bsecond factor", re.IGNORECASE)
_KEY = "aws:multifactorauthpresent"


def reach_of_mfa(rest: str, document: Document) -> str:
    """Return what a condition on aws:MultiFactorAuthPresent means for access keys, if the text is about MFA; else "".

    ``rest`` is the text without the policy.
    """
    if not _ABOUT_MFA.search(rest):
        return ""
    said = (_of_statement(each, document) for each in document.statements)
    return next(filter(None, said), "")


def _of_statement(statement: Statement, document: Document) -> str:
    condition = next((each for each in statement.conditions if each.key.lower() == _KEY), None)
    if condition is None or len(condition.values) != 1:
        return ""
    asked = (statement.effect, condition.operator.lower(), condition.values[0].lower())
    which = f"statement {statement.sid}" if statement.sid else f"statement {statement.index + 1}"
    which = which if statement.sid or len(document.statements) > 1 else "the statement"
    without = "They have no aws:MultiFactorAuthPresent, and"
    if asked == ("Deny", "bool", "false"):
        return (
            f"Calls with long-term access keys (CLI, SDK) pass without MFA, because {which} does not deny them. "
            f"{without} Bool does not match a missing key, so the statement denies only sessions without MFA. "
            "Write BoolIfExists instead of Bool."
        )
    if asked == ("Allow", "boolifexists", "true"):
        return (
            f"Calls with long-term access keys (CLI, SDK) pass without MFA, because {which} allows them. {without} "
            "BoolIfExists matches a missing key. Write Bool instead of BoolIfExists."
        )
    if asked == ("Deny", "boolifexists", "false") and len(statement.conditions) == 1:
        return (
            f"Calls with long-term access keys (CLI, SDK) also need MFA: {which} denies such calls without MFA. "
            f"{without} BoolIfExists matches a missing key. To get a session with MFA, a user calls aws sts "
            "get-session-token with --serial-number and --token-code."
        )
    return ""
