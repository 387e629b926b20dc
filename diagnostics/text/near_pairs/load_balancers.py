"""Find the account of Elastic Load Balancing in a bucket policy that is for another Region than the load balancer's."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.text.near_pairs.named import Paste
from diagnostics.text.near_pairs.pair import Basis, NearPair
from iam.facts.elb_accounts import ELB_ACCOUNTS
from iam.lazy_pattern import regex
from iam.regions import regions

_SPEAKS = regex(r"elasticloadbalancing|load ?balanc|\b[an]lb\b|Access Denied for bucket", 2)
_ACCOUNT = regex(r"(?<!\d)\d{12}(?!\d)")
_OF_BALANCER = regex(r"\barn:[\w-]+:elasticloadbalancing:(?P<region>[a-z0-9-]+):")
_REGION = regex(r"(?<![\w-])[a-z]{2}(?:-gov)?-[a-z]+-\d(?![\w])")


def of_load_balancers(paste: Paste) -> Iterator[NearPair]:
    """Yield the account of the load balancer's Region, and that of another Region which the text has in its place."""
    if not _SPEAKS.search(paste.text):
        return
    found = set(_ACCOUNT.findall(paste.text))
    named = {region: account for region, account in ELB_ACCOUNTS.items() if account in found}
    region = _region(paste.text) if len(named) == 1 else ""
    if not region or region in named:
        return
    (other, account), right = next(iter(named.items())), ELB_ACCOUNTS.get(region, "")
    place = f"the load balancer's Region ({region})"
    if right:
        code = "resource.principal-mismatch"
        pair = (place, account, "the policy", f"that is the account of {other}")
        kind = "Elastic Load Balancing account"
        yield NearPair(kind, right, *pair, Basis.OF_REGION, code)


def _region(text: str) -> str:
    """The Region of the load balancer: that of its ARN, or else the only one of the text; "" if there is none."""
    found = {each["region"] for each in _OF_BALANCER.finditer(text)}
    found = found or {each for each in _REGION.findall(text) if each in regions("aws")}
    return found.pop() if len(found) == 1 else ""
