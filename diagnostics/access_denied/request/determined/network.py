"""What the text shows about the network of the call: TLS, the VPC endpoint, the address, and the Region."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.failure import Denial
from diagnostics.text.read.identities.call_settings import PLAIN_HTTP
from diagnostics.text.read.identities.own_address import own_address
from iam.arn import Arn
from iam.claims import Source, Sourced, Values
from iam.facts.global_services import global_region
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

_ENDPOINT_OF_SERVICE = regex(
    rf"(?<![\w-])(?P<service>[a-z][a-z0-9-]{{1,30}})\.(?P<region>{REGION_NAME})\.(?:amazonaws\.com|api\.aws)\b"
)


def of_the_region(denial: Denial, action: str, resource: str) -> Iterator[tuple[str, Sourced[Values]]]:
    """Yield aws:RequestedRegion: the service's only Region, the resource's, or that of the endpoint in the text."""
    service, target = action.lower().partition(":")[0], Arn.parse(resource)
    region = global_region(service, target.partition if target else "aws") or (target.region if target else "")
    region = region or _of_the_endpoint(denial.pasted or denial.text, service)
    if region and "*" not in region:
        yield "aws:RequestedRegion", Sourced((region,), Source.TEXT, region)


def _of_the_endpoint(text: str, service: str) -> str:
    """Return the Region in the only endpoint of the service that the text names; "" if there is none or several."""
    regions = {found["region"] for found in _ENDPOINT_OF_SERVICE.finditer(text) if found["service"] == service}
    return regions.pop() if len(regions) == 1 else ""


def of_the_network(denial: Denial, action: str, resource: str) -> Iterator[tuple[str, Sourced[Values]]]:
    """Yield what the text shows about the network: no TLS, the command's VPC endpoint, or the caller's address."""
    if plain := [found[0] for found in PLAIN_HTTP.finditer(denial.text)]:
        yield "aws:SecureTransport", Sourced(("false",), Source.COMMAND, plain[-1])
    endpoints = set(_ENDPOINT.findall(denial.text))
    if endpoints:
        for id in endpoints if len(endpoints) == 1 else ():
            yield "aws:SourceVpce", Sourced((id,), Source.COMMAND, f"--endpoint-url has {id}")
        return
    if address := own_address(denial.text):
        yield "aws:SourceIp", Sourced((address,), Source.TEXT, "the address in the text")


_ENDPOINT = regex(r"\b(vpce-[0-9a-f]{8,17})-[a-z0-9]{6,10}\.[a-z0-9.-]+\.vpce\.amazonaws\.com")
