"""Find out whether a text says that a program runs on a machine that is not an EC2 instance."""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

_OFF_EC2 = regex(
    r"\bbare[- ]?metal\b|\bon[- ]?prem\w*\b|\bminikube\b|\bkind cluster\b|\bself-hosted OIDC\b|\bGKE\b|\bAKS\b"
    r"|\bvSphere\b|\bProxmox\b|\b(?:own|home) (?:data ?cent(?:er|re)|hardware|lab)\b",
    re.IGNORECASE,
)
_ELSEWHERE = regex(
    r"\b(?:Azure|GCE|Google Cloud|Oracle Cloud|OpenStack|Hetzner|DigitalOcean|VMware)\b"
    r"|\bon (?:my|our|a|the) (?:laptop|notebook|MacBook|workstation)\b",
    re.IGNORECASE,
)
_ON_EC2 = regex(r"\bon (?:an? |the |our |my )?EC2\b|\bEC2 (?:host|machine|box|server)\b|\bi-[0-9a-f]{8,17}\b")
NO_INSTANCE = (
    "The program found no credentials of its own and requested the role of an EC2 instance, but according to the "
    "text it does not run on EC2. The endpoint that answered this request has no role. No permission is known to "
    "be missing."
)
STARTED_BEFORE = (
    "Restart the program that finds no credentials. Most likely it was started before the instance profile was "
    "attached: the text shows that the instance has one."
)


def off_ec2(text: str) -> bool:
    """Return whether the text names a cluster or machines outside AWS."""
    return _OFF_EC2.search(text) is not None


def no_instance(text: str) -> bool:
    """Return whether the text names another cloud, a laptop or a data center as the only place of the program."""
    return (off_ec2(text) or _ELSEWHERE.search(text) is not None) and not _ON_EC2.search(text)
