"""Say whom a Deny outside of listed addresses also denies, and which of the listed addresses have no effect.

IAM User Guide, "AWS: Denies access to AWS based on the source IP": it allows nothing, and a service's calls with a
forward access session keep the requester's address
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_deny-ip.html). Athena User Guide,
"Control access to Amazon S3 from Athena": Athena's requests to S3 come from a private address of Athena
(https://docs.aws.amazon.com/athena/latest/ug/s3-permissions.html). "AWS global condition
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
from iam.policy.match import names_action
from iam.words import listing

_ABOUT_REACH = regex(
    r"\b(?:safe|ok|okay|right|correct|fine|enough|work(?:s|ing)?|break(?:s|ing)?|lock(?:s|ed|ing)?|risk\w*|harm\w*"
    r"|attach|roll(?:ing)? out|only|everyone|everybody|review|miss(?:ed|ing)?|affect\w*|still"
    r"|impact\w*|problems?|issues?|trouble|consequences?|problem\w+|seguro|romp\w+|afecta\w*|sicher)\b",
    re.IGNORECASE,
)
_KEY = "aws:sourceip"
_THROUGH = ("aws:viaawsservice", "aws:calledvia", "aws:calledviafirst", "aws:calledvialast")
_ATHENA = regex(r"\bathena\b|\bAmazonAthena", re.IGNORECASE)
_OF_ENDPOINTS = ("aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip")
# RFC 1918, "Address Allocation for Private Internets"; RFC 6598, shared address space.
_PRIVATE = tuple(IPv4Network(each) for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))


def reach_of_addresses(rest: str, document: Document) -> str:
    """Return what a Deny outside of listed addresses means for VPC endpoints and private addresses; else "".

    ``rest`` is the text without the policy. Only policies of callers are read, which name no principal.
    """
    athena = _ATHENA.search(rest) is not None
    if not athena and not _ABOUT_REACH.search(rest):
        return ""
    said = (_of_statement(each, document, athena=athena) for each in document.statements)
    return next(filter(None, said), "")


def _of_statement(statement: Statement, document: Document, *, athena: bool) -> str:
    if statement.effect != "Deny" or statement.principal or statement.not_principal:
        return ""
    ours = [each for each in statement.conditions if each.key.lower() == _KEY]
    if len(ours) != 1 or not ours[0].operator.lower().startswith("notipaddress"):
        return ""
    if athena and (said := _of_athena(statement, document)):
        return said
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


def _of_athena(statement: Statement, document: Document) -> str:
    """Return that the Deny also matches Athena's own calls to S3; "" if it does not."""
    named = statement.action if statement.action is not None else statement.not_action or ()
    reads = names_action(named, "s3:GetObject") == (statement.action is not None)
    keys = {each.key.lower() for each in statement.conditions}
    if not reads or keys.intersection(_THROUGH):
        return ""
    subject = which(statement, document)
    others = keys.difference((_KEY,))
    also = "" if others else " A call through a VPC endpoint has no aws:SourceIp, and is denied, too."
    return (
        f"{subject[0].upper()}{subject[1:]} breaks Athena's queries, even from the listed addresses: Athena reads "
        "S3 with the caller's permissions, but from an address of its own. Add "
        f'"Bool": {{"aws:ViaAWSService": "false"}} to the Condition: the Deny then matches direct calls only.{also}'
    )


def _private(values: Iterable[str]) -> Iterable[str]:
    for value in values:
        try:
            network = IPv4Network(value, strict=False)
        except ValueError:
            continue  # an IPv6 range, a variable or a malformed address
        if any(network.subnet_of(each) for each in _PRIVATE):
            yield value
