"""Parse an AWS service's error as any program prints it: code, operation and message.

The parser is used only if the text matches no known denial format, so that an ordinary error is not reported as
unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from diagnostics.text.read.messages.cmdlets import operation_of_cmdlet
from iam.lazy_pattern import regex

_LONGEST = 20_000
_SAID = r"(?P<said>[^\n]{4,400}?)"
_CODE = r"(?P<code>(?!DryRunOperation)[A-Z][\w.]{2,80})"


@dataclass(frozen=True, slots=True)
class ServiceError:
    """An AWS service's error. ``code`` and ``operation`` are empty if the text lacks them; ``said`` is its message.

    ``sent`` is False if the program checked the request itself, so that AWS never received it.
    """

    code: str
    operation: str
    said: str
    sent: bool = True


_IS = r"[\"']?[ \t]*[:=][ \t]*[\"']?"
_NOTATIONS: tuple[re.Pattern[str], ...] = tuple(
    regex(each)
    for each in (
        # AWS CLI and boto3.
        rf"An error occurred \({_CODE}\) when calling the (?P<operation>\w+) operation(?: \([^)\n]*\))?: "
        rf"{_SAID}(?:\n|$)",
        # AWS SDK for Go 2, which Terraform and many tools of Kubernetes use.
        r"operation error [\w -]+: (?P<operation>\w+), https response error StatusCode: \d+, RequestID: [^,\n]*, "
        rf"(?:HostID: [^,\n]*, )?(?:api error )?{_CODE}: {_SAID}(?:\n|$)",
        # AWS SDK for Go 1.
        rf"{_CODE}: {_SAID}\s*\n?\s*status code: \d{{3}}, request id:",
        # AWS SDK for Java 1.
        rf"(?:\w+Exception: )?{_SAID} \(Service: [\w .-]+; Status Code: \d+; Error Code: {_CODE};",
        # AWS SDK for Java 2, and CloudFormation's resource handlers, which have its sentence.
        rf"(?:\b(?P<code>[A-Z]\w+Exception): |message: \\?\"){_SAID} "
        r"\(Service: [\w .-]+, Status Code: \d+, Request ID:",
        rf"<Code>{_CODE}</Code>\s*<Message>{_SAID}</Message>",
        rf"\"__type\"\s*:\s*\"(?:[\w.]+#)?{_CODE}\"\s*,\s*\"[mM]essage\"\s*:\s*\"{_SAID}\"",
        # AWS SDK for JavaScript 3.
        rf"\b(?P<code>[A-Z]\w+(?:Exception|Fault)): {_SAID}\n"
        r"(?=[\s\S]{0,1500}(?:\$metadata|@smithy|@aws-sdk|throwDefault))",
        # AWS Tools for PowerShell.
        rf"(?P<cmdlet>[A-Z][a-z]+-[A-Z]{{2,5}}[0-9]?[A-Z][A-Za-z0-9]+) : (?!Request would have){_SAID}"
        rf"(?:\n\s*\+ CategoryInfo[\s\S]{{0,600}}?Error ?Code: {_CODE}|\n|$)",
        # AWS SDK for Ruby and PHP.
        rf"Aws::\w+::Errors::{_CODE}[:\s(]{{1,3}}{_SAID}\)?(?:\n|$)",
        r"Error executing \"(?P<operation>\w+)\" on \"https?://[\w.-]+amazonaws\.com[\s\S]{0,600}?"
        rf"(?:\s|response:\s){_CODE} \((?:client|server)\): {_SAID}(?:\n|$)",
        # CloudTrail's events, as JSON, YAML or in lines.
        rf"(?:\beventName{_IS}(?P<operation>\w+)(?:(?!\beventName\b)[\s\S]){{0,2000}}?)?\berrorCode{_IS}"
        rf"(?:Client\.|Server\.)?{_CODE}\b[\"']?[\s,;|]{{1,40}}[\"']?errorMessage{_IS}{_SAID}"
        r"(?:\"(?=\s*[,}\n]|\s*$)|\s*(?:\n|$))",
        # CloudFormation's custom resources.
        rf"FAILED\] from custom resource\. Message returned: (?:{_CODE}: )?{_SAID}(?:\n|$)",
    )
)
# Botocore, and AWS SDKs for Go 1 and 2: what they check before they send anything.
_UNSENT: tuple[re.Pattern[str], ...] = tuple(
    regex(each)
    for each in (
        rf"Parameter validation failed:\s*\\?n?\s*{_SAID}(?:\n|\\n|\"|$)",
        r"(?:operation error \w+: (?P<operation>\w+), )?\d+ validation error\(s\) found\.\s*\\?n?\s*"
        rf"-\s*{_SAID}\.?(?:\n|\\n|\"|$)",
    )
)
_REQUEST = regex(r"\s*\((?:RequestToken|RequestId|Request ID|Service): [^)]*\)\s*$")


def service_error(text: str) -> ServiceError | None:
    """Return the first error of an AWS service that the text prints in a known notation; None if there is none."""
    return min(_errors(text[:_LONGEST]), key=lambda found: found[0], default=(0, None))[1]


def service_errors(text: str) -> list[ServiceError]:
    """Return the errors of AWS services that the text prints in a known notation, in order, each once."""
    found = {
        each.start(): _read(each.groupdict(), True)
        for pattern in _NOTATIONS
        for each in pattern.finditer(text[:_LONGEST])
        if _is_aws(each.groupdict())
    }
    return list(dict.fromkeys(found[start] for start in sorted(found)))


def _errors(text: str) -> Iterator[tuple[int, ServiceError]]:
    for patterns, sent in ((_NOTATIONS, True), (_UNSENT, False)):
        for pattern in patterns:
            if (found := pattern.search(text)) and _is_aws(found.groupdict()):
                yield found.start(), _read(found.groupdict(), sent)


def _is_aws(groups: dict[str, str | None]) -> bool:
    """Whether a cmdlet without an AWS error code belongs to the AWS Tools.

    True for all other notations.
    """
    cmdlet = groups.get("cmdlet")
    return not cmdlet or bool(groups.get("code")) or operation_of_cmdlet(cmdlet) is not None


def _read(groups: dict[str, str | None], sent: bool) -> ServiceError:
    cmdlet = groups.get("cmdlet") or ""
    operation = groups.get("operation") or (operation_of_cmdlet(cmdlet) or cmdlet if cmdlet else "")
    said = _REQUEST.sub("", " ".join((groups["said"] or "").split())).rstrip(".")
    return ServiceError((groups.get("code") or "").rstrip("."), operation, said, sent)
