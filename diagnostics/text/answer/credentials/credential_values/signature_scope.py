"""Read how a signature's scope differs from the endpoint's."""

from __future__ import annotations

import re

from diagnostics.text.answer.credentials.credential_fault import SCOPED
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

_SCOPED_TO = regex(rf"{SCOPED} (?:a |the )?(?:valid |correct )?(?P<what>region|service)", re.IGNORECASE)
_SCOPE = regex(rf"/(?:19|20)\d{{6}}/(?P<region>{REGION_NAME})/(?P<service>[a-z0-9-]+)/aws4_request")
_HOST = regex(rf"(?<![\w.-])(?P<service>[a-z0-9-]+)\.(?P<region>{REGION_NAME})\.amazonaws\.com(?![\w.-])")
_SIGNING_NAMES = {
    "bedrock-runtime": "bedrock",
    "bedrock-agent": "bedrock",
    "bedrock-agent-runtime": "bedrock",
    "email": "ses",
}
"""The first part of a host → the service in the signature of its requests, where the two differ.

The models of https://github.com/boto/botocore have it as ``signingName``.
"""


def of_scope(text: str) -> dict[str, str]:
    """Return how a signature's scope and the endpoint differ, if the text says or shows it; empty otherwise."""
    hosts = list({(each["region"], each["service"]): each for each in _HOST.finditer(text)}.values())
    host = hosts[0] if len(hosts) == 1 else None
    scopes = {(each["region"], each["service"]) for each in _SCOPE.finditer(text)}
    if host is not None and len(scopes) == 1:
        region, service = scopes.pop()
        wanted = _SIGNING_NAMES.get(host["service"])
        if wanted and service == host["service"]:
            return {
                "scope": "service",
                "scope_words": f": the signature names {service}, and {host['service']}'s requests are signed for "
                f"{wanted}",
            }
        if region != host["region"]:
            return {"scope": "Region", "scope_words": f": {region} in the signature, {host['region']} in the endpoint"}
    said = _SCOPED_TO.search(text)
    if said is None:
        return {}
    if said["what"].lower() == "service":
        return {"scope": "service", "scope_words": ""}
    return {"scope": "Region", "scope_words": ""}
