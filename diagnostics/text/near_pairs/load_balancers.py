"""Find an Elastic Load Balancing account in a bucket policy that is not the account for the balancer's Region."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.text.near_pairs.difference_and_advice import Basis, NearPair
from diagnostics.text.near_pairs.listed_in_another_region import ANY_REGION
from diagnostics.text.near_pairs.named_values import Paste
from iam.facts.elb_accounts import ELB_ACCOUNTS, OUTPOSTS, SERVICE
from iam.lazy_pattern import regex
from iam.regions import regions

_SPEAKS = regex(r"elasticloadbalancing|load ?balanc|\b[an]lb\b|Access Denied for bucket", re.IGNORECASE)
_ACCOUNT = regex(r"(?<!\d)\d{12}(?!\d)")
_OF_BALANCER = regex(r"\barn:[\w-]+:elasticloadbalancing:(?P<region>[a-z0-9-]+):")


def of_load_balancers(paste: Paste) -> Iterator[NearPair]:
    """Yield the account for the load balancer's Region, and another Region's account in the text."""
    if not _SPEAKS.search(paste.text):
        return
    found = set(_ACCOUNT.findall(paste.text))
    named = {region: account for region, account in ELB_ACCOUNTS.items() if account in found}
    if not named:
        yield from _of_another_account(paste)
        return
    region = _region(paste.text) if len(named) == 1 else ""
    if region in named or region not in ELB_ACCOUNTS:
        return
    ((other, account),) = named.items()
    place = f"the load balancer's Region ({region})"
    code = "resource.principal-mismatch"
    pair = (place, account, "the policy", f"that is the account of {other}")
    kind = "Elastic Load Balancing account"
    yield NearPair(kind, ELB_ACCOUNTS[region], *pair, Basis.OF_REGION, code)


_LOGS = regex(r"\baccess[ -_]?logs?\b|\baccess_logs\b|\b[ea]lb ?(?:access )?logs?\b|\belb\w*log", re.IGNORECASE)
_PRINCIPAL = regex(
    r"\bAWS[\"']?[ \t]*[:=][ \t]*\[?\s*[\"']?(?:arn:[\w-]+:iam::)?(?P<account>\d{12})(?::root)?[\"']?\s*[\]}\n]"
)


def _of_another_account(paste: Paste) -> Iterator[NearPair]:
    """Yield the account that writes the access logs, if the bucket policy's only account is not one of the service's.

    Elastic Load Balancing, "Enable access logs for your Application Load Balancer"
    (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html).
    """
    text = paste.text
    accounts = {each["account"] for each in _PRINCIPAL.finditer(text)}
    if not _LOGS.search(text) or "s3:PutObject" not in text or len(accounts) != 1:
        return
    if SERVICE in text or OUTPOSTS in text:
        return
    if not re.search(r"\bload ?balancers?\b|\b[AE]LB\b", text) or re.search(
        r"delivery\.logs|\bNLB\b|Network Load", text
    ):
        return
    right = ELB_ACCOUNTS.get(_region(text), "")
    kind, asked = ("Elastic Load Balancing account", right) if right else ("service principal", SERVICE)
    place = f"the load balancer's Region ({_region(text)})" if right else "Elastic Load Balancing"
    pair = (place, accounts.pop(), "the bucket policy", "the service that writes the logs does not use this account")
    yield NearPair(kind, asked, *pair, Basis.OF_REGION, "resource.principal-mismatch")


def _region(text: str) -> str:
    """Return the Region in the load balancer's ARN, or else the text's only Region; "" if there is none."""
    found = {each["region"] for each in _OF_BALANCER.finditer(text)}
    found = found or {each for each in ANY_REGION.findall(text) if each in regions("aws")}
    return found.pop() if len(found) == 1 else ""
