"""Find a resource that does not exist in the Region of the call, while the text shows it in another Region."""

from __future__ import annotations

import re

from diagnostics.text.read.identities.call_settings import around
from iam.api_operations import action_for
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME
from iam.services import iam_prefix

_CONSOLE = regex(
    rf"https://(?P<host>{REGION_NAME})\.console\.(?:aws\.amazon|amazonaws)\.|console\.(?:aws\.amazon|amazonaws)\.[^\s]*[?&#]"
    rf"region=(?P<query>{REGION_NAME})"
)
_NOT_FOUND = regex(
    rf"(?:not found|does not exist|can(?:'|no)t find)[^\n]{{0,80}}?arn:[\w-]+:[\w-]+:(?P<after>{REGION_NAME}):"
    rf"|arn:[\w-]+:[\w-]+:(?P<before>{REGION_NAME}):[^\n]{{0,200}}?(?:not found|does not exist)",
)
_CONFIGURED = regex(rf"^[ \t]*region[ \t:]+(?P<region>{REGION_NAME})\b", re.MULTILINE)


def in_another_region(text: str, operation: str | None = None) -> str:
    """Return a sentence saying which Region to call; "" unless the text shows the resource in another Region.

    The other Region is that of the console's address in the text, or of an ARN of the operation's service whose
    resource name the text also has elsewhere. AWS Management Console, "Choosing a Region": the address contains the
    Region that is shown (https://docs.aws.amazon.com/awsconsolehelpdocs/latest/gsg/select-region.html).
    """
    shown = {found["host"] or found["query"] for found in _CONSOLE.finditer(text)}
    called = _called(text)
    service = (action_for(operation) or "").partition(":")[0] if operation else ""
    command = _COMMAND.search(text) if operation and not service else None
    service = iam_prefix(command["service"]) or "" if command is not None else service
    named = _regions_of(service, text) - {called} if service and not shown else set()
    if called and len(named) == 1:
        other = named.pop()
        return (
            f"The call went to {called}, but the text has an ARN with this name in {other}: call with --region {other}."
        )
    if len(shown) != 1 or not called or called in shown:
        return ""
    other = shown.pop()
    return f"The call went to {called}, but the console in the text shows {other}: call with --region {other}."


_SIGNED_FOR = regex(r"region '(?P<sent>[\w-]{1,40})' is wrong; expecting '(?P<wanted>[^'\n]{1,40})'")
_SETS_REGION = regex(
    r"\bregions?\b[^.\n]{0,30}\b(?:is|are|was|were)? ?(?<!not )"
    r"(?:filled in|set|configured|entered|given|correct|specified)\b"
    r"|\b(?:filled in|set|configured|entered|specified|chose)\b[^.\n]{0,30}\bregion\b",
    re.IGNORECASE,
)


def signed_for_another(text: str) -> str:
    """Return what to do about a request that, according to S3, is signed for the wrong Region; "" for other texts.

    Amazon S3 API Reference, "Error responses": AuthorizationHeaderMalformed
    (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
    """
    found = _SIGNED_FOR.search(text)
    if found is None:
        return ""
    sent, wanted = found["sent"], found["wanted"]
    masked = re.fullmatch(REGION_NAME, wanted) is None
    expected = "the bucket is elsewhere" if masked else f"S3 expects {wanted}"
    said = f"The request was signed for Region {sent}, but {expected}"
    if _SETS_REGION.search(text):
        return (
            f"{said}: the program does not use the set Region. Set the Region where the program reads it "
            "(AWS_REGION, its endpoint), or update the program. Keys and policies are not the cause."
        )
    if masked:
        return f"{said}: set the client's Region to the bucket's Region. Keys and policies are not the cause."
    if re.search(rf"\bregion\b[\"']?\s*[:= ]\s*[\"']?{wanted}\b", _SIGNED_FOR.sub("", text), re.IGNORECASE):
        return (
            f"{said}. The text sets {wanted}, but the program does not sign with this Region: look for another "
            "setting of the Region, or use another version of the program."
        )
    return f"{said}: set the client's Region to {wanted}. Keys and policies are not the cause."


_ARN = regex(rf"arn:[\w-]+:(?P<service>[\w-]+):(?P<region>{REGION_NAME}):\d{{12}}:(?P<resource>[\w./:+=@-]*[\w+=@-])")
_COMMAND = regex(r"\baws (?:--\S+ (?!-)\S+ )*(?P<service>[a-z][a-z0-9-]+) [a-z]+-")
_KIND = regex(r"^(?:table|secret|parameter(?=/)|function|log-group|stream|repository|cluster|stack)[:/]?")


def _regions_of(service: str, text: str) -> set[str]:
    """The Regions of those ARNs of the service whose resource name is also in the text outside ARNs.

    A secret's ARN ends in a dash and six characters that are not part of the secret's name.
    """
    found, outside = set(), _ARN.sub(" ", text)
    for each in _ARN.finditer(text):
        name = _KIND.sub("", each["resource"])
        name = name[:-7] if service == "secretsmanager" and name[-7:-6] == "-" else name
        if each["service"] == service and re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w/-])", outside):
            found.add(each["region"])
    return found


def _called(text: str) -> str:
    if found := _NOT_FOUND.search(text):
        return str(found["after"] or found["before"])
    named = around(text).region
    if named is not None and named.value:
        return named.value
    listed = _CONFIGURED.search(text)
    return str(listed["region"]) if listed else ""
