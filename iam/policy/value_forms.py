"""The forms of the values that condition keys have: an ID, an account, an ARN, a service.

A request never has a value of another form, so a condition that lists such a value never matches it. IAM User Guide,
"AWS global condition context keys" and "IAM and AWS STS condition context keys"
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html); AWS KMS Developer Guide,
"AWS KMS condition keys" (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iam.lazy_pattern import regex
from iam.policy.values import network
from iam.regions import REGION_NAME

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network


@dataclass(frozen=True, slots=True)
class ValueForm:
    """A form of values.

    ``noun`` names such a value, ``written`` says how it is written, and ``pattern`` matches the entire value.
    """

    noun: str
    written: str
    pattern: re.Pattern[str]


def _id(prefix: str, noun: str) -> ValueForm:
    pattern = regex(rf"{prefix}-([0-9a-z]{{8}}|[0-9a-z]{{17}})")
    return ValueForm(noun, f"{prefix}- and 8 or 17 letters and digits", pattern)


VPC = _id("vpc", "a vpc ID")
ENDPOINT = _id("vpce", "a vpce ID")
ORGANIZATION = ValueForm("an organization's ID", "o- and 10 to 32 letters and digits", regex(r"o-[a-z0-9]{10,32}"))
ACCOUNT = ValueForm("an account", "12 digits", regex(r"\d{12}"))
AN_ARN = ValueForm("an ARN", "arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE", regex(r"arn:[\w-]+:[\w-]+:.+"))
SERVICE = ValueForm(
    "a service",
    "write service.amazonaws.com, in lower case",
    regex(r"[a-z0-9*?][a-z0-9.*?-]*\.(amazonaws\.com(\.cn)?|amazon\.com|aws\.internal)"),
)
SERVICE_OF_A_REGION = ValueForm(
    "a service of a Region",
    "write service.region.amazonaws.com, in lower case",
    regex(r"[a-z0-9*?-]+\.[a-z0-9*?-]+\.amazonaws\.com|[*]"),
)
"""A service for kms:ViaService: the suffix is .amazonaws.com in all partitions (AWS KMS condition keys)."""
REGION = ValueForm("a Region", "such as us-east-1", regex(REGION_NAME))
ADDRESS = ValueForm("an address", "such as 203.0.113.0/24", regex(r"\d{1,3}(\.\d{1,3}){3}(/\d{1,2})?"))

FORMS: dict[str, ValueForm] = {
    "aws:sourcevpc": VPC,
    "aws:sourcevpce": ENDPOINT,
    "aws:principalorgid": ORGANIZATION,
    "aws:resourceorgid": ORGANIZATION,
    "aws:sourceorgid": ORGANIZATION,
    "aws:vpceorgid": ORGANIZATION,
    "aws:principalaccount": ACCOUNT,
    "aws:resourceaccount": ACCOUNT,
    "aws:sourceaccount": ACCOUNT,
    "aws:vpceaccount": ACCOUNT,
    "kms:calleraccount": ACCOUNT,
    "aws:principalarn": AN_ARN,
    "aws:sourcearn": AN_ARN,
    "aws:requestedregion": REGION,
    "iam:passedtoservice": SERVICE,
    "iam:awsservicename": SERVICE,
    "aws:principalservicename": SERVICE,
    "aws:principalservicenameslist": SERVICE,
    "aws:calledvia": SERVICE,
    "aws:calledviafirst": SERVICE,
    "aws:calledvialast": SERVICE,
    "kms:viaservice": SERVICE_OF_A_REGION,
}
"""The form of each key's values; the keys are in lower case."""
_SPELLED = {
    ("source", VPC): "aws:SourceVpc",
    ("source", ENDPOINT): "aws:SourceVpce",
    ("source", ORGANIZATION): "aws:SourceOrgID",
    ("source", ACCOUNT): "aws:SourceAccount",
    ("source", AN_ARN): "aws:SourceArn",
    ("source", ADDRESS): "aws:SourceIp",
    ("principal", ORGANIZATION): "aws:PrincipalOrgID",
    ("principal", ACCOUNT): "aws:PrincipalAccount",
    ("principal", AN_ARN): "aws:PrincipalArn",
    ("resource", ORGANIZATION): "aws:ResourceOrgID",
    ("resource", ACCOUNT): "aws:ResourceAccount",
}
_OTHERS = (VPC, ENDPOINT, ORGANIZATION, ACCOUNT, AN_ARN, ADDRESS, SERVICE_OF_A_REGION, SERVICE, REGION)
_BARE_SERVICE = regex(r"[a-z][a-z0-9-]*")


def mistaken(key: str, value: str) -> str:
    """Return what is wrong with a value in the form of another key, or with the name of a service alone; "" otherwise.

    "" also for a value of no known form, which may be masked or a placeholder, and for one with ``*``, which may be a
    pattern.
    """
    low = key.lower()
    if low == "aws:sourceip":
        return _private_address(value)
    form = FORMS.get(low)
    if form is None or form.pattern.fullmatch(value) or not value.strip("*"):
        return ""
    if form is SERVICE and _BARE_SERVICE.fullmatch(value):
        return f"write {value}.amazonaws.com"
    if form is SERVICE_OF_A_REGION and form.pattern.fullmatch(bare := value.removesuffix(".cn")):
        return f"write {bare}"
    other = next((each for each in _OTHERS if each.pattern.fullmatch(value)), None) or _of_reference(value)
    if other is None or other is form:
        return ""
    if form is SERVICE_OF_A_REGION and other is SERVICE:
        return f"write {value.partition('.')[0]}.REGION.amazonaws.com, with the Region of the key"
    family = low.removeprefix("aws:")
    instead = next((name for (of, each), name in _SPELLED.items() if each is other and family.startswith(of)), "")
    key_for_it = f"; for {other.noun} use {instead}" if instead else ""
    return f"the value of {key} must be {form.noun} ({form.written}), but this is {other.noun}{key_for_it}"


_REFERENCES = (
    (regex(r"(?:\b(?:aws_)?vpc\.[\w-]+(?:\[[^\]]*\])?\.id|\bvpc_?id)\}", re.IGNORECASE), VPC),
    (regex(r"(?:\b(?:aws_)?vpc_endpoint\.[\w-]+(?:\[[^\]]*\])?\.id|\bvpc_?endpoint_?id)\}", re.IGNORECASE), ENDPOINT),
    (regex(r"(?:\baccount_?id|\bAWS::AccountId)\}", re.IGNORECASE), ACCOUNT),
    (regex(r"\borganizations?_organization\.[\w-]+\.id\}|\borg(?:anization)?_?id\}", re.IGNORECASE), ORGANIZATION),
    (regex(r"\.arn\}", re.IGNORECASE), AN_ARN),
)
"""The ends of references in templates, with the form of their values."""


def _of_reference(value: str) -> ValueForm | None:
    """Return the form of a value that is one reference to a template's resource, by its name; None if unknown."""
    if not value.startswith("${") or value.find("}") != len(value) - 1 or value.startswith("${aws:"):
        return None
    return next((form for pattern, form in _REFERENCES if pattern.search(value)), None)


_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fc00::/7")
"""Networks without public addresses (RFC 1918 and similar documents)."""


def is_private(block: IPv4Network | IPv6Network) -> bool:
    """Return whether all addresses of the block are private."""
    from ipaddress import ip_network  # few policies have an address

    networks = map(ip_network, _PRIVATE)
    return any(block.version == each.version and block.subnet_of(each) for each in networks)  # type: ignore[arg-type]


def _private_address(value: str) -> str:
    """Return what is wrong with a private address as a value of aws:SourceIp; "" for other addresses."""
    block = network(value)
    if block is None or not is_private(block):
        return ""
    return (
        f"aws:SourceIp is the caller's public address, but {value} is private. For calls through a VPC endpoint "
        "use aws:VpcSourceIp; otherwise use the public address of the network's gateway"
    )
