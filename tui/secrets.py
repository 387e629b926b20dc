"""What must not stand in a log: keys, tokens, passwords, signatures."""

from __future__ import annotations

import re

_SECRETS = (
    re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b"),
    re.compile(r"eyJ[\w-]{10,}\.[\w-]{10,}\.?[\w-]*"),
    re.compile(r"(?<![\w/+])[A-Za-z0-9/+]{40}(?![\w/+=])"),
    re.compile(r"\b(?:FwoG|IQoJ|FQoG)[A-Za-z0-9/+=]{40,}"),
)
_NAMED = re.compile(
    r"(?i)((?:secret|token|password|signature|credential|authorization|external_?id|x-amz-security-token)"
    r"[\w-]*[\"']?\s*[:=]\s*[\"']?)([^\s\"',&}]+)"
)


def without_secrets(text: str) -> str:
    """``text`` with everything that looks like a credential replaced by ``[removed]``."""
    text = _NAMED.sub(r"\1[removed]", text)
    for pattern in _SECRETS:
        text = pattern.sub("[removed]", text)
    return text
