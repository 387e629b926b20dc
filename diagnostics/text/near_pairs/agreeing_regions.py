"""Compare two Regions that must agree for a call to succeed, such as the signature's and the resource's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from diagnostics.text.near_pairs.difference_and_advice import DECODE, Basis, NearPair
from diagnostics.text.near_pairs.encoded_keys import encoded_key
from diagnostics.text.near_pairs.listed_in_another_region import ANY_COPY, ANY_REGION, Placed, of_arn, place_of_call
from diagnostics.text.near_pairs.listings import NOT_THERE
from diagnostics.text.near_pairs.named_values import ARN, Paste
from diagnostics.text.near_pairs.request_or_policy import Side
from diagnostics.text.read.resources.set_regions import calls_region
from iam.api_operations import action_for
from iam.arn import Arn
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

Regions = dict[str, str]
"""Each Region with the noun for its place in the text."""


@dataclass(frozen=True, slots=True)
class _Agreement:
    """Two roles of a Region that must have the same value in a text with ``message``.

    ``why`` is a clause about the difference; ``also`` is a sentence about what to do if the Regions agree.
    """

    message: re.Pattern[str]
    asked: Callable[[Paste], Regions]
    other: Callable[[Paste], Regions]
    why: str
    basis: Basis
    code: str
    also: str = ""


def of_agreeing_regions(paste: Paste) -> Iterator[NearPair]:
    """Yield two Regions that must agree and do not. Each must be the only Region with its role in the text."""
    for row in _AGREEMENTS:
        if not row.message.search(paste.text):
            continue
        asked, other = row.asked(paste), row.other(paste)
        if len(asked) != 1 or len(other) != 1 or asked.keys() == other.keys():
            continue
        ((region, place),), ((wanted, where),) = asked.items(), other.items()
        also = row.also.format(wanted=wanted)
        if row.other is _of_the_bucket and (keys := encoded_key(paste.text)) is not None:
            also = f" The key is also wrong: {keys[0]} is the URL-encoded form of {keys[1]}. {DECODE}"
        yield NearPair("Region", region, place, wanted, where, row.why, row.basis, row.code, also=also)


def _of_the_call(paste: Paste) -> Regions:
    called = calls_region(paste.text)
    return {called.region: place_of_call(paste.text, called.region)} if called is not None else {}


_FAILS_IN = regex(
    rf"\b(?:to|in|into|for|from)[ \t]+(?:the[ \t]+Region[ \t]+)?\(?(?P<region>{REGION_NAME})\)?(?![\w-])"
    rf"(?:(?!{REGION_NAME}|\b(?:work\w*|fine|succe\w+|but)\b)[^\n.;]){{0,80}}"
    r"\b(?:fail(?:s|ed|ing)?|errors?|denied|refused|breaks|broken|rejected|(?:does not|doesn['’]t|won['’]t) work)\b",
    re.IGNORECASE,
)


def _of_the_failure(paste: Paste) -> Regions:
    """Return the Region of the call, or else the Region where, according to the author, the call fails."""
    said = {each["region"].lower() for each in _FAILS_IN.finditer(paste.text)}
    return _of_the_call(paste) or dict.fromkeys(said, "the call that fails")


_SIGNS = regex(
    rf"--aws-sigv4[ =][\"']?aws:amz:(?P<option>{REGION_NAME})\b"
    rf"|(?<![\w-])(?:sts|signing|sigv4|aws)[_.-]?region[\"']?[ \t]*[:=][ \t]*[\"']?(?P<setting>{REGION_NAME})\b",
    re.IGNORECASE,
)
_HOST = regex(
    rf"(?<![\w.-])(?P<host>(?:[\w-]+\.)+?(?:(?P<region>{REGION_NAME})\.(?:[a-z-]+\.)?)?"
    r"(?:amazonaws\.com(?:\.cn)?|api\.aws|on\.aws))(?![\w.-])"
)


def _of_the_signature(paste: Paste) -> Regions:
    """Return the Region of the signature setting, or else the Region in the program's settings."""
    found: Regions = {}
    for each in _SIGNS.finditer(paste.text):
        words = each[0].replace('"', "")
        found[each["option"] or each["setting"]] = f"the setting “{words}”"
    called = calls_region(paste.text)
    return found or ({called.region: f"the setting “{called.words}”"} if called is not None else {})


def _of_the_endpoint(paste: Paste) -> Regions:
    """Return the Regions of the host names.

    AWS STS API Reference: global requests map to us-east-1
    (https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html).
    """
    found: Regions = {}
    for each in _HOST.finditer(paste.text):
        if each["region"]:
            found[each["region"]] = f"the endpoint {each['host']}"
        elif each["host"] == "sts.amazonaws.com":
            found["us-east-1"] = f"the global endpoint {each['host']}"
    return found


_SOURCE_ARN = regex(r"aws:SourceArn[\"']?\s*[:=]\s*(?P<arns>\[[^\]]*\]|[^\s,}]+)", re.IGNORECASE)


def _of_source_arns(paste: Paste) -> Regions:
    """Return the Regions in conditions on aws:SourceArn.

    None if the Region in one of these ARNs has a wildcard.
    """
    parsed = [
        Arn.parse(arn.rstrip("\"'")) for each in _SOURCE_ARN.finditer(paste.text) for arn in ARN.findall(each["arns"])
    ]
    regions = {each.region for each in parsed if each is not None and each.region}
    return {} if any("*" in each for each in regions) else dict.fromkeys(regions, "the condition on aws:SourceArn")


def _of_the_key(paste: Paste) -> Regions:
    keys = {each.value for each in paste.arns if ":kms:" in each.value and ":key/" in each.value}
    key = Arn.parse(keys.pop()) if len(keys) == 1 else None
    single = key is not None and key.region and "/mrk-" not in key.resource
    return {key.region: "the key's ARN"} if key is not None and single else {}


_OF_BUCKET = regex(r"\bbucket\b|\bLocationConstraint\b", re.IGNORECASE)


def _of_the_bucket(paste: Paste) -> Regions:
    """Return the Regions in the paragraphs about a bucket, without the call's Region."""
    called = _of_the_call(paste)
    if not re.search(r"\bregion\b", paste.text, re.IGNORECASE):
        return {}
    paragraphs = (each for each in re.split(r"\n[ \t]*\n", paste.text) if _OF_BUCKET.search(each))
    found = {region for each in paragraphs for region in ANY_REGION.findall(ARN.sub(" ", each))}
    return dict.fromkeys(found - called.keys(), "the bucket")


def _of_the_missing(paste: Paste) -> Regions:
    """Return the Regions in the ARNs of a resource that the call did not find."""
    denial = paste.denial
    if ANY_COPY.search(paste.text) or (denial is not None and (denial.stated_reason or denial.resource)):
        return {}
    outside = ARN.sub(" ", paste.text)
    sides = (Side.REQUEST, Side.LISTED)
    parsed = [arn for each in paste.arns if each.side in sides and (arn := Arn.parse(each.value)) is not None]
    placed = [each for arn in parsed for each in of_arn(arn)]
    found = [each for each in placed if _is_named(each, outside)] if denial is None else []
    return {each.region: f"the ARN of {each.name}" for each in found or _of_service(paste, placed)}


def _is_named(placed: Placed, outside: str) -> bool:
    return re.search(rf"(?<![\w.-])(?<![\w.-]/){re.escape(placed.name)}(?![\w/-])", outside) is not None


def _of_service(paste: Paste, placed: list[Placed]) -> list[Placed]:
    """Return the resource of the failed operation's service, if there is only one."""
    operation = getattr(paste.failure, "operation", None)
    service = (action_for(operation) or "").partition(":")[0] if operation else ""
    found = [each for each in placed if each.service == service]
    return found if len({(each.name, each.region) for each in found}) == 1 else []


_AGREEMENTS = (
    # IAM User Guide, "Troubleshoot Signature Version 4 signing"
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html).
    _Agreement(
        regex(r"\bscoped to a valid region\b", re.IGNORECASE),
        _of_the_signature,
        _of_the_endpoint,
        "a signature is valid only for the Region of the endpoint",
        Basis.SIGNED,
        "credentials.invalid",
    ),
    # IAM User Guide, "The confused deputy problem": aws:SourceArn is the ARN of the calling resource
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html).
    _Agreement(
        regex(
            r"\b(?:unable|not able|cannot|can't|could not|couldn't|failed|not allowed|must allow)\b"
            r"[^\n.]{0,60}\bassume\b|\bassumed by\b",
            re.IGNORECASE,
        ),
        _of_the_failure,
        _of_source_arns,
        "the service usually sends the ARN of a resource in the Region of the call",
        Basis.SOURCE,
        "trust.condition-unmet",
    ),
    # Amazon Rekognition API Reference, "S3Object": the Region of the bucket must match that of the call
    # (https://docs.aws.amazon.com/rekognition/latest/APIReference/API_S3Object.html).
    # Amazon S3 User Guide, "Event message structure": the key in an event is URL-encoded
    # (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html).
    _Agreement(
        regex(r"\bfrom S3\b|\bS3 (?:object|bucket)\b|\bInvalidS3ObjectException\b|\bS3Object\b"),
        _of_the_call,
        _of_the_bucket,
        "the service reads objects of its own Region",
        Basis.ELSEWHERE,
        "not-iam",
        " If the call also fails in that Region, check the object's key (URL-encoded in an event of S3), and "
        "whether the caller has s3:GetObject on the object.",
    ),
    # AWS KMS Developer Guide, "Multi-Region keys": only such keys (mrk-…) are in several Regions
    # (https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html).
    _Agreement(
        regex(
            r"(?:key\s+that\s+does\s+not\s+exist,|because\s+the\s+resource)\s+does\s+not\s+exist\s+in\s+this\s+region",
            re.I,
        ),
        _of_the_call,
        _of_the_key,
        "a key is in one Region",
        Basis.ELSEWHERE,
        "resource.not-found",
        " If KMS also refuses the call in {wanted}, the caller or the key policy lacks the permission.",
    ),
    _Agreement(
        NOT_THERE,
        _of_the_call,
        _of_the_missing,
        "the resource may exist only there",
        Basis.ELSEWHERE,
        "not-iam",
        " If the call also fails in that Region, check the name and the account, and then the caller's permission.",
    ),
)
"""The pairs of roles. The pair with the most specific message is first."""
