"""Recognize a refused read of public data that others provide: its bucket may be a Requester Pays bucket.

Amazon S3 User Guide, "Using Requester Pays general purpose buckets": anonymous requests are refused, and other accounts
must send x-amz-request-payer (https://docs.aws.amazon.com/AmazonS3/latest/userguide/RequesterPaysBuckets.html).
"""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

_PUBLIC_DATA = regex(
    r"(?<!our )(?<!my )\bpublic (?:\w+ )?data(?: ?sets?)?\b|\bopen[- ]data(?: ?sets?)?\b|\bRegistry of Open "
    r"Data\b|\bregistry\.opendata\.aws\b"
    r"|\bdata ?set (?:is|should be|was) public\b",
    re.IGNORECASE,
)
_MAY_READ = regex(
    r"\bAmazonS3(?:FullAccess|ReadOnlyAccess)\b|\bAdministratorAccess\b|\b(?:PowerUser|ReadOnly)Access\b|\bs3:(?:\*|Get\*)"
)
_PAYER = regex(r"request[-_ ]?payer|requester[-. _]?pays", re.IGNORECASE)


def may_need_a_payer(text: str) -> str:
    """Return the words about public data, if the caller may read S3 and the request names no payer; else ""."""
    said = _PUBLIC_DATA.search(text)
    if said is None or _MAY_READ.search(text) is None or _PAYER.search(text) is not None:
        return ""
    return said[0]
