"""Say whom a Deny outside of listed addresses also denies, and which of the listed addresses have no effect.

IAM User Guide, "AWS: Denies access to AWS based on the source IP": it allows nothing, and a service's calls with a
forward access session keep the requester's address
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_deny-ip.html). "AWS global condition
context keys", aws:SourceIp: only public addresses, and no value in a request through a VPC endpoint, which has
aws:VpcSourceIp, aws:SourceVpc and aws:SourceVpce
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html). "Condition operators": a
negated operator matches if the key is absent
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Network

from diagnostics.text.policy_questions.not_action import which
from iam.lazy_pattern import regex
from iam.policy.document import Document, Statement
from iam.words import listing

_ABOUT_REACH = regex(
    r"\b(?:safe|ok|okay|right|correct|fine|enough|work(?:s|ing)?|break(?:s|ing)?|lock(?:s|ed|ing)?|risk\w*|harm\w*"
    r"|attach|roll(?:ing)? out|only|everyone|everybody|review|miss(?:ed|ing)?|affect\w*|still)\b",
    re.IGNORECASE,
)
_KEY = "aws:sourceip"
_OF_ENDPOINTS = ("aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip")
# RFC 1918, "Address Allocation for Private Internets"; RFC 6598, shared address space.
_PRIVATE = tuple(IPv4Network(each) for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))


def reach_of_addresses(rest: str, document: Document) -> str:
    """Return what a Deny outside of listed addresses means for VPC endpoints and private addresses; else "".

    ``rest`` is the text without the policy. Only policies of callers are read, which name no principal.
    """
    if not _ABOUT_REACH.search(rest):
        return ""
    said = (_of_statement(each, document) for each in document.statements)
    return next(filter(None, said), "")


def _of_statement(statement: Statement, document: Document) -> str:
    if statement.effect != "Deny" or statement.principal or statement.not_principal:
        return ""
    ours = [each for each in statement.conditions if each.key.lower() == _KEY]
    if len(ours) != 1 or not ours[0].operator.lower().startswith("notipaddress"):
        return ""
    if any(each.key.lower() in _OF_ENDPOINTS for each in statement.conditions):
        return ""
    private = list(_private(ours[0].values))
    has = "has" if len(private) == 1 else "have"
    idle = f" {listing(private)} {has} no effect: aws:SourceIp is always a public address." if private else ""
    return (
        f"Not yet: {which(statement, document)} also denies every call through a VPC endpoint, which has no "
        f'aws:SourceIp.{idle} Exempt your VPCs in the same Condition with "StringNotEquals": {{"aws:SourceVpc": '
        '"VPC-ID"}, and list the public addresses with which offices and VPNs reach AWS. Calls that a service '
        "makes for the user (Athena, CloudFormation) keep the user's address. The Deny grants nothing. Test the "
        "Deny on one role, and exempt one role for emergencies."
    )


def _private(values: Iterable[str]) -> Iterable[str]:
    for value in values:
        try:
            network = IPv4Network(value, strict=False)
        except ValueError:
            continue  # an IPv6 range, a variable or a malformed address
        if any(network.subnet_of(each) for each in _PRIVATE):
            yield value
