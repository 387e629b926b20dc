"""Read which provider of an AWS SDK, or which process of a profile, says why it gives no credentials."""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

_MODULE = regex(
    r"['\"`]?(?P<module>[a-z][a-z0-9-]{1,40})['\"`]?\s+(?:service\s+)?module\s+must\s+be\s+on\s+the\s+class\s?path"
)
_PROVIDER = regex(
    r"Unable to load credentials from (?P<provider>\w+Provider)\([^)\n]{0,400}\)\s*:\s*(?P<why>[^\n\x1e]{3,300})"
)
_PROCESS = regex(r"retrieving credentials from custom-process:\s*(?P<why>[^\n\x1e]{3,300})")
_FROM_STS = regex(r"\(Service: \w+")
_OF_NODE = regex(r"\bnode(?:'s|group)?[ -](?:instance )?role\b", re.IGNORECASE)


def of_providers(text: str) -> dict[str, str]:
    """Return which provider of an SDK, or which process of a profile, says why it gives no credentials."""
    values: dict[str, str] = {}
    if process := _PROCESS.search(text):
        values["process_reason"] = " ".join(process["why"].split()).rstrip(".")[:160]
    if module := _MODULE.search(text):
        group = "com.amazonaws" if module["module"].startswith("aws-java-sdk") else "software.amazon.awssdk"
        values |= {"module": module["module"], "module_group": group}
        if _OF_NODE.search(text):
            values["next_provider"] = " The next provider in the chain is used instead, on EKS the node's role."
    if (provider := _PROVIDER.search(text)) and not _FROM_STS.search(text):
        values |= {"provider": provider["provider"], "provider_reason": provider["why"].strip(" \n.")[:160]}
    return values
