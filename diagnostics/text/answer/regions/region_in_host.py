"""Find an AWS host name in a text that was built from a Region that does not exist, or that lacks the service."""

from __future__ import annotations

from dataclasses import dataclass

from iam.facts.global_services import few_endpoints, partition_of_region
from iam.lazy_pattern import regex
from iam.regions import A_REGION, is_known_region, similar_region
from iam.services import iam_prefix

_HOST = regex(
    r"(?:[\w-]+\.)?(?P<service>[a-z][a-z0-9-]{1,30})\.(?P<region>[a-z0-9-]{2,30})\.(?:amazonaws\.com|api\.aws)"
)
_NOT_A_REGION = frozenset(("dualstack", "global", "fips", "vpce", "elb", "rds", "cache", "execute-api"))
_WEB_IDENTITY = regex(r"\bWeb[Ii]dentity|\bAWS_WEB_IDENTITY_TOKEN_FILE\b|\bIRSA\b")


@dataclass(frozen=True, slots=True)
class HostFault:
    """A fault of the Region in a host name, with advice: a sentence, a title and steps."""

    sentence: str
    title: str
    steps: str


def host_fault(host: str | None, text: str) -> HostFault | None:
    """Return the fault if the host's Region is in no partition with customer accounts, or lacks the service; else None.

    AWS General Reference, "AWS service endpoints": the general form is protocol://service-code.region-code.amazonaws.com
    (https://docs.aws.amazon.com/general/latest/gr/rande.html).
    """
    found = _HOST.fullmatch(host or "")
    if found is None or found["region"] in _NOT_A_REGION:
        return None
    region = found["region"]
    if is_known_region(region):
        return _not_in_region(found["service"], region, text)
    in_shape = A_REGION.fullmatch(region) is not None
    if not in_shape and (iam_prefix(found["service"]) is None or iam_prefix(region) is not None):
        return None
    near = similar_region(region)
    check = (
        "Find out where this Region comes from: --region, AWS_REGION, AWS_DEFAULT_REGION, the profile, the "
        "program's settings."
    )
    if near or in_shape:
        meant = f": most likely {near} is meant" if near else ""
        return HostFault(
            f"Correct the Region before the network: no Region {region} is known here{meant}, and the host {host} was "
            "built from it. AWS was not reached, and no permission was checked.",
            f"Correct the Region {region}",
            f"{check} aws account list-regions lists the account's Regions. Changing DNS records or policies does not "
            "help.",
        )
    store = (
        "If the call is for an S3-compatible store, give the program that store's endpoint and keys: for such a "
        f"store, the Region {region} is only a name."
    )
    if _WEB_IDENTITY.search(text):
        store = (
            "The program asked for the pod's web identity (AWS_ROLE_ARN, AWS_WEB_IDENTITY_TOKEN_FILE). If this "
            "connection has its own keys, check whether the program really gets them (the reference to its "
            f"secret), or update the program. For an S3-compatible store, the Region {region} is only a name."
        )
    return HostFault(
        f"AWS has no host {host}: the program built it from the Region {region}, which AWS does not have. AWS was "
        "not reached, and no permission was checked.",
        f"Do not call AWS with the Region {region}",
        f"{store} If you meant AWS, set one of its Regions. {check} Changing DNS records or policies does not help.",
    )


def _not_in_region(service: str, region: str, text: str) -> HostFault | None:
    """Return the fault if the service has its only endpoints in other Regions than this one; else None."""
    row = few_endpoints(service)
    if row is None or region in row.regions or partition_of_region(region) != "aws":
        return None
    usual = row.regions[0]
    login = " The error of docker login follows from this error." if "docker login" in text else ""
    return HostFault(
        f"Make the call in {usual} (--region {usual}): {service} has no endpoint in {region}. AWS was not reached, and "
        "no permission was checked.",
        f"Call {service} in {usual}",
        f"{service} has endpoints only in {' and '.join(row.regions)}. Set this Region for this call only: --region, "
        f"or a separate client or provider.{login} Changing the network, a proxy or policies does not help.",
    )
