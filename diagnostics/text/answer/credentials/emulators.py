"""A call that went to AWS with keys that are meant for an emulator on the author's own machine.

AWS SDKs and Tools Reference Guide, "Service-specific endpoints"
(https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html): without an endpoint, a call goes to AWS.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from diagnostics.text.answer.credentials.credential_fault import UNKNOWN_KEY, CredentialFault, fault
from iam.claims import Ground
from iam.lazy_pattern import regex


@dataclass(frozen=True, slots=True)
class Emulator:
    """A program that answers in place of AWS. ``port`` is where it listens unless it is configured otherwise."""

    name: str
    words: re.Pattern[str]
    port: int
    page: str


EMULATORS = (
    Emulator(
        "LocalStack",
        regex(r"\blocalstack\b|:4566\b", re.IGNORECASE),
        4566,
        "https://docs.localstack.cloud/aws/integrations/aws-native-tools/aws-cli/",
    ),
    Emulator(
        "DynamoDB local",
        regex(r"\bdynamodb[- ]local\b|\bDynamoDBLocal\b", re.IGNORECASE),
        8000,
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocal.UsageNotes.html",
    ),
    Emulator("ElasticMQ", regex(r"\belasticmq\b", re.IGNORECASE), 9324, "https://github.com/softwaremill/elasticmq"),
    Emulator(
        "moto's server",
        regex(r"\bmoto[-_ ]?server\b|\bmotoserver/moto\b", re.IGNORECASE),
        5000,
        "https://docs.getmoto.org/en/latest/docs/server_mode.html",
    ),
)
_DUMMY = regex(
    r"\b(?:AWS_ACCESS_KEY_ID|access_?key(?:_?id)?)[\"']?[ \t]*[:=,][ \t]*[\"']?"
    r"(?P<key>(?:test|dummy|fake|mock|foo|anything|local)\w{0,12})\b(?![.(])",
    re.IGNORECASE,
)
"""A placeholder where an access key belongs."""
_ENDPOINT = regex(
    r"endpoint[-_]?(?:url|override|uri)\w*|\bAWS_ENDPOINT\w*|\bendpoints?\b[\"']?\s*[:={(]|\bawslocal\b|\b(?:tf|cdk|sam)local\b",
    re.IGNORECASE,
)
"""A setting that sends calls to an endpoint outside AWS."""
_MEANS_AWS = regex(
    r"\b(?:real|actual|live) (?:AWS|account)\b|\bin prod(?:uction)?\b"
    r"|\b(?:works?|fine|OK)\b[^.\n]{0,30}\b(?:in|on|with|against) (?:localstack|dynamodb[- ]local|elasticmq|moto)",
    re.IGNORECASE,
)
"""Words that compare an emulator with AWS, or mean AWS."""


def emulator_values(text: str) -> dict[str, str]:
    """Return the emulator that the text names, its address, and the placeholder key; nothing if an endpoint is set."""
    if _ENDPOINT.search(text) or _MEANS_AWS.search(text):
        return {}
    dummy = _DUMMY.search(text)
    values = {"dummy_key": dummy["key"]} if dummy is not None else {}
    found = next((each for each in EMULATORS if each.words.search(text)), None)
    if found is None:
        return values
    mapped = re.search(rf"\b(?P<port>\d{{2,5}})->{found.port}\b", text)
    address = f"http://localhost:{mapped['port'] if mapped else found.port}"
    key = f"the text shows the placeholder {dummy['key']} as key, and no endpoint" if dummy else "it names no endpoint"
    return values | {"emulator": found.name, "emulator_address": address, "why_aws": key}


OF_EMULATORS: tuple[CredentialFault, ...] = (
    fault(
        UNKNOWN_KEY,
        "Most likely the call went to AWS, not to {emulator}: {why_aws}. Set the endpoint to {emulator_address} "
        "(--endpoint-url or AWS_ENDPOINT_URL). No key and no policy has to change.",
        "Send the call to {emulator}",
        "export AWS_ENDPOINT_URL={emulator_address}  # for a single call: aws --endpoint-url {emulator_address} …",
        "AWS answered the call, but does not know an emulator's keys. From another container, the host is the "
        "emulator's service name, not localhost. Versions of the AWS CLI before 1.29 and 2.13 ignore "
        "AWS_ENDPOINT_URL.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        needs="emulator",
    ),
    fault(
        UNKNOWN_KEY,
        "The key {dummy_key} in the text is a placeholder, not an AWS key, but the call went to AWS. For an "
        "emulator, name its endpoint (--endpoint-url or AWS_ENDPOINT_URL); for AWS, use real credentials.",
        "Name the emulator's endpoint, or use real credentials",
        "env | grep ^AWS_ | cut -d= -f1  # is AWS_ENDPOINT_URL set?\naws configure list",
        "Where the call runs, a test's settings are in effect: placeholder keys, without an endpoint.",
        check=None,
        ground=Ground.LIKENESS,
        needs="dummy_key",
    ),
)
