"""Find the IP address from which a call was made, ignoring servers' addresses and version numbers."""

from __future__ import annotations

import re
from ipaddress import ip_address

from iam.lazy_pattern import regex

_ADDRESS = regex(r"(?<![\w./\"'-])(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}(?![\w/\"'-]|\.\d)")
_EXAMPLES = ("192.0.2.", "198.51.100.", "203.0.113.")
"""Documentation addresses, which people write instead of their own (RFC 5737)."""
_CALLER = (
    r"(?:from|x-forwarded-for|aws:sourceip|source|client|caller|remote[ _-]?addr\w*|egress|nat|vpn|office|runner|laptop"
    r"|my|our|public|elastic)"
)
_LABEL = regex(
    rf"(?:\b{_CALLER}(?: gateway)?(?:[ _-]?(?:ip|address))*|(?<!server )(?<!endpoint )(?<!host )\bip)"
    r"(?: (?:is(?: now)?|was|now|here|(?:has |was )?(?:changed|moved|switched) to"
    r"|in (?:the |our )?\w+(?: \w+)?))?[ \t]*[:=(]?[ \t]*$",
    re.IGNORECASE,
)
_VERSION = regex(r"\b(?:vers?|version|release|build|rev|revision|driver|sdk|cli|plugin|provider)\b", re.IGNORECASE)
# Alone on its line, as a service that answers with the caller's address prints it; first in a line of an access log.
_ALONE = regex(r"[ \t]*(?:$| - |\()")
_SAYS_SO = regex(r"[ \t]{0,3}(?:is|=|<-+|\() ?(?:my|our|the (?:office|vpn|nat|egress|caller|client))\b", re.IGNORECASE)
_THROUGH = regex(
    r"\b(?:via|through|behind)\s+(?:(?:a|an|the|our|my)\s+)?(?:\w+\s+)?(?:CloudFront|Cloudflare|CDN|(?:reverse )?proxy"
    r"|load balancer|ALB|NLB|PrivateLink)\b",
    re.IGNORECASE,
)
"""Words that another machine makes the request for the client: AWS sees that machine's address.

IAM User Guide, "AWS global condition context keys", aws:SourceIp: the address of the requester
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip).
"""
_NEAR = 24
"""The maximum number of characters between an address and an earlier word, such as "version", that makes it a version
number.
"""


def own_address(text: str) -> str | None:
    """Return the public IPv4 address that the call came from; None if the text shows none, or several.

    It is also None if the text says that another machine, such as a proxy, makes the requests.

    The words around it must say whose address it is. Four numbers after "version" or a similar word are not an address.
    """
    if _THROUGH.search(text):
        return None
    before = ""
    found: set[str] = set()
    for line in text.splitlines():
        found |= {each[0] for each in _ADDRESS.finditer(line) if _is_the_callers(line, each, before)}
        before = line
    return found.pop() if len(found) == 1 else None


def _is_the_callers(line: str, found: re.Match[str], before: str) -> bool:
    label, rest = line[: found.start()], line[found.end() :]
    alone = not label.strip(" \t>|*-") and _ALONE.match(rest) is not None
    if not (alone or _LABEL.search(label) or _SAYS_SO.match(rest)):
        return False
    if _VERSION.search(label[-_NEAR:]) or (alone and _VERSION.search(before)):
        return False
    return _may_be_public(found[0])


def _may_be_public(address: str) -> bool:
    try:
        return ip_address(address).is_global or address.startswith(_EXAMPLES)
    except ValueError:
        return False
