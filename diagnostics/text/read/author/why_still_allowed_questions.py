"""Answer why a call is still allowed after a permission for it was removed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.text.read.author.who_questions import WhoAnswer
from iam.lazy_pattern import regex

_ASKS = regex(
    r"\bwhy (?:can|could|does|do|is|are|may)\b[^\n?]{1,120}\bstill\b[^\n?]{0,120}"
    r"|\bhow (?:can|could|come)\b[^\n?]{1,120}\bstill (?:read|write|list|access|call|delete|invoke|use|get|see)\b",
    re.IGNORECASE,
)
_REMOVED = regex(
    r"\b(?:removed?|removing|detach(?:ed|ing)?|deleted?|deleting|revoked?|revoking|took (?:away|out)"
    r"|no longer (?:ha[sd]|allow))\b",
    re.IGNORECASE,
)


def of_still_allowed(text: str) -> Iterator[WhoAnswer]:
    """Yield what may still allow a call, if the text asks why the call works after a permission was removed.

    IAM User Guide, "Policy evaluation logic": one Allow that applies is enough
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html), and "Changes that I
    make are not always immediately visible".
    """
    asked = _ASKS.search(text)
    if asked is None or not _REMOVED.search(text):
        return
    yield WhoAnswer(
        "Something else still allows it: another policy of the same identity (attached, inline, or of a group), the "
        "resource's own policy, or another identity makes the call. A changed policy usually takes effect within "
        "seconds, for running sessions, too.",
        " ".join(asked[0].split())[:60],
        "aws iam simulate-principal-policy --policy-source-arn ROLE_ARN --action-names SERVICE:ACTION "
        "--query 'EvaluationResults[].MatchedStatements'",
    )
