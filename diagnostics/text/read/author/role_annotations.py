"""Find a service account's role under an annotation that EKS does not read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from iam.lazy_pattern import regex

# Amazon EKS User Guide, "Assign IAM roles to Kubernetes service accounts"
# (https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html).
ANNOTATION = "eks.amazonaws.com/role-arn"
_ROLE = r"[\"']?[ \t]*[:=][ \t]*[\"']?arn:[\w-]+:iam::\d{12}:role/"
_KEY_OF_EKS = regex(rf"(?:^|[ \t\"'])(?P<word>eks\.amazonaws\.com/[\w.-]+){_ROLE}", re.MULTILINE)
_BARE_KEY = regex(
    r"^[ \t]*[\"']?annotations[\"']?:[ \t]*\{?[ \t]*\n(?:[^\n]*\n){0,4}?[ \t]*[\"']?"
    rf"(?P<word>role[-_]?arn|iam[-_]role){_ROLE}",
    re.MULTILINE,
)
# Helm documentation, "Using Helm": a dot within a key of --set is escaped (https://helm.sh/docs/intro/using_helm/).
_UNESCAPED = regex(r"--set(?:-string)?[ =][\"']?\S*annotations\.(?P<word>eks\.amazonaws\.com/role-arn)=")
_ESCAPED = r"eks\.amazonaws\.com/role-arn"


def unread_annotations(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield each key that has a role's ARN and that EKS does not read, the correct key, and a sentence with both.

    Yield nothing if the text also has the correct annotation.
    """
    if found := _UNESCAPED.search(text):
        yield (
            found["word"],
            _ESCAPED,
            f"In Helm's --set, a dot within a key needs a backslash: write {_ESCAPED}, quoted for the shell. Otherwise "
            "the service account gets no such annotation, and its pods use the node's role or find no credentials.",
        )
        return
    words = dict.fromkeys(each["word"] for rule in (_KEY_OF_EKS, _BARE_KEY) for each in rule.finditer(text))
    if ANNOTATION in words:
        return
    for said in words:
        yield (
            said,
            ANNOTATION,
            f"EKS does not read the annotation {said}: write {ANNOTATION} on the service account and restart the pods. "
            "Without it they use the node's role, or find no credentials.",
        )
