"""Read messages in which a service says that a policy is too large."""

from __future__ import annotations

import re
from dataclasses import dataclass

from iam.facts.policy_sizes import BUCKET, EVENT_BUS, LAMBDA, LOG_GROUPS, QUEUE, SESSION, TABLE, PolicySize
from iam.lazy_pattern import regex

_NUMBER = r"\d[\d,.]{2,8}"
_OVER = r"(?:bigger|larger|longer)\s+than|exceed(?:s|ed|ing)?\b|(?:must|should|can|may)\s?not\s+exceed"
# Policies of another kind: of retries, caches, scaling, retention and the like.
_OTHER = "".join(
    rf"(?<!(?i:{kind})\s)"
    for kind in ("retry", "backoff", "cache", "scaling", "retention", "lifecycle", "eviction", "password")
)
TOO_LARGE = (
    r"\bPolicy(?:Length|Size)Exceeded\w*|\bPolicyTooLarge\w*|\bPolicySizeLimitExceeded\w*"
    rf"|{_OTHER}\b[Pp]olicy\b[^.\n\x1e]{{0,60}}\bsize\b[^.\n\x1e]{{0,60}}\b(?:{_OVER})"
    rf"|{_OTHER}\b[Pp]olicy(?:\s+document)?\s+(?:{_OVER})\s+(?:\w+\s+){{0,6}}{_NUMBER}\s*(?:characters|bytes|KB)?"
    rf"|{_OTHER}\b[Pp]olicy\b[^.\n\x1e]{{0,40}}\b(?:has\s+)?exceed(?:s|ed)\s+(?:the\s+)?(?:\w+\s+){{0,3}}(?:size|length)\b"
    r"|\b[Pp]olicy(?:\s+document)?\s+is\s+too\s+(?:large|long|big)\b"
    # API Gateway's, of the resource policy of CloudWatch Logs to which it adds each log group.
    r"|\bPolicy\s+document\s+length\s+breaking\b"
    r"|\bexceeded\s+(?:the\s+)?maximum\s+policy\s+size\b"
    r"|\bat\s+'?policy'?\s+failed\s+to\s+satisfy\s+constraint:\s+Member\s+must\s+have\s+length\s+less\s+than"
)
"""Words with which services report that a policy is too large."""
SIGNALS = (
    "policylengthexceeded",
    "policysizeexceeded",
    "policysizelimit",
    "policytoolarge",
    "exceed",
    "bigger than",
    "larger than",
    "longer than",
    "policy is too",
    "policy document is too",
    "length less than",
    "document length breaking",
)
_SAYS = regex(TOO_LARGE)
# IAM's quotas, which count all inline policies of an entity together.
_OF_IAM = regex(r"Maximum policy size of \d+ bytes exceeded for|quota for PolicySize\b|quota for ACLSizePerRole\b")
# Which policy a message is about: the first that fits.
_KINDS: tuple[tuple[re.Pattern[str], PolicySize], ...] = tuple(
    (regex(words, re.IGNORECASE), size)
    for words, size in (
        (r"session\s+polic|AssumeRole|GetFederationToken|federation\s+token", SESSION),
        (
            r"CloudWatch\s+Logs\s+(?:resource\s+polic|constraints)|logs:PutResourcePolicy|Logs::ResourcePolicy|vendedlogs",
            LOG_GROUPS,
        ),
        (r"lambda\b[^\n]{0,40}permission|AddPermission|:lambda:|Lambda::Permission|final\s+policy\s+size", LAMBDA),
        (r"event[-\s]?bus|events:PutPermission|EventBusPolicy", EVENT_BUS),
        (r"\bSQS\b|SetQueueAttributes|QueuePolicy", QUEUE),
        (r"bucket\s+policy|PutBucketPolicy|BucketPolicy|s3_bucket_policy", BUCKET),
        (r"dynamodb", TABLE),
    )
)


@dataclass(frozen=True, slots=True)
class TooLarge:
    """A policy that a service says is too large: the service's ``words``, and the kind of policy (None if unknown)."""

    words: str
    size: PolicySize | None


def too_large(text: str) -> TooLarge | None:
    """Return the policy that the text says is too large; None if there is none, or if IAM says so."""
    found = _SAYS.search(text)
    if found is None or _OF_IAM.search(text):
        return None
    line = text[text.rfind("\n", 0, found.start()) + 1 : _end(text, found.end())]
    for where in (line, text):
        if size := next((size for kind, size in _KINDS if kind.search(where)), None):
            return TooLarge(found[0], size)
    return TooLarge(found[0], None)


def _end(text: str, after: int) -> int:
    end = text.find("\n", after)
    return end if end >= 0 else len(text)
