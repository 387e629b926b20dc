"""Say how to make a resource available in the account of a call, if the text shows that another account owns it."""

from __future__ import annotations

import re

from diagnostics.text.read.identities.callers import caller_in
from iam.arn import account_of
from iam.lazy_pattern import regex

_ACCOUNT = regex(r"(?<![\w.-])\d{12}(?![\w-])")
_EXISTS = regex(r"\b(?:available|active|exists?|in-use|ACTIVE|CREATED|is there)\b|->")
# AWS RAM User Guide, "Shareable AWS resources" (https://docs.aws.amazon.com/ram/latest/userguide/shareable.html).
_SHARED_BY_RAM = ("tgw-", "subnet-", "pl-", "sg-", "ipam-pool-", "rslvr-rr-", "cr-", "tgw-mcast-domain-")
# Amazon EC2 User Guide, "Share an AMI with specific AWS accounts", and Amazon EBS User Guide, "Share a snapshot".
_SHARED_BY_OWNER = {"ami-": "aws ec2 modify-image-attribute", "snap-": "aws ec2 modify-snapshot-attribute"}


def owned_elsewhere(said: str, text: str) -> str:
    """Return how to share the resource that ``said`` reports as missing, if another account has it; else ""."""
    caller = account_of(caller_in(text) or "")
    for name in dict.fromkeys(re.findall(r"\b[a-z]+(?:-[a-z]+)*-[0-9a-f]{8,17}\b", said)):
        for line in text.split("\n"):
            owner = _ACCOUNT.search(line)
            if name not in line or said[:40] in line or owner is None or owner[0] == caller or not _EXISTS.search(line):
                continue
            return _step(name, owner[0])
    return ""


def _step(name: str, owner: str) -> str:
    """Return how the account ``owner`` shares the resource."""
    if name.startswith(_SHARED_BY_RAM):
        return (
            f"The text shows {name} in account {owner}: that resource is not shared with the account of this call, "
            f"or the share is not accepted. In {owner}, share the resource with AWS RAM (aws ram "
            "create-resource-share, or associate-resource-share), then accept the invitation if the account is "
            "outside the organization."
        )
    command = next((how for kind, how in _SHARED_BY_OWNER.items() if name.startswith(kind)), "")
    shared = f"Let {owner} share it ({command})" if command else f"Make the call in {owner}"
    return f"The text shows {name} in account {owner}, but the call went to another account or Region. {shared}."
