"""Sentences on a permissions boundary or a session policy that the text mentions beside a denial."""

from __future__ import annotations

import re

from diagnostics.failure import Denial
from diagnostics.text.read.one_message import is_alone
from iam.lazy_pattern import regex

_SESSION_POLICY = regex(
    r"\b(?:pass|passes|passed|passing|sends?|has|have|with|adds?|inline)\b[^.\n?]{0,30}\bsession polic(?:y|ies)\b"
)


def of_a_session(denial: Denial) -> str:
    """Return a sentence on the session policy if the text mentions one; else "".

    IAM User Guide, "Policies and permissions in IAM", session policies: the session is allowed what both policies allow
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session).
    """
    if _SESSION_POLICY.search(denial.text) is None:
        return ""
    return " According to the text, the session has a session policy, which must also allow the action."


_HAS_BOUNDARY = regex(
    r"(?<!no )(?<!not )\b(?:under|has|have|with|behind|carries|gets?|uses?) (?:an? |the |our |its |this )?(?:own )?"
    r"(?:permissions? )?boundary\b(?! (?:condition|that is missing))"
    r"|\bpermissions boundary\b[^.\n]{0,30}\b(?:is|are) (?:attached|set|in place)\b",
    re.IGNORECASE,
)


def of_a_boundary(denial: Denial) -> str:
    """Return a sentence on the permissions boundary if the text says that the caller has one; else "".

    IAM User Guide, "Permissions boundaries for IAM entities"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html).
    """
    if is_alone(denial) or _HAS_BOUNDARY.search(denial.text) is None:
        return ""
    return (
        " The text mentions a permissions boundary. If the caller has this boundary, the boundary must also allow "
        "the action."
    )
