"""Find failures of a text that are one failure: reported twice, by two services, or by a program and the author."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from diagnostics.failure import Conflict, Denial, Failure, OtherFailure, Trouble
from diagnostics.text.known_messages.not_refusals.kms import VOLUME_KEY
from diagnostics.text.read.layout.log_lines import speaker
from iam.lazy_pattern import regex


def each_failure_once(failures: Sequence[Failure], text: str) -> list[Failure]:
    """Return the failures without those that another failure states in more words."""
    if len(failures) < 2:
        return list(failures)
    found = _without_effects(_without_probes(_without_summaries(_without_titles(failures))))
    found = _one_of_each_fault(found, text)
    return _with_its_linked_role(_without_remarks(_once_of_one_thing(found)), text)


def _without_titles(failures: Sequence[Failure]) -> list[Failure]:
    """Return the failures without Terraform's title that a role cannot be assumed, if the next failure says why."""
    return [
        failure
        for failure, following in zip(failures, [*failures[1:], None], strict=True)
        if following is None or not (_is_preamble(failure) and _is_of_assuming(following))
    ]


def _without_summaries(failures: list[Failure]) -> list[Failure]:
    """Return the failures without a denial of which another one also has the action, the resource or the reason.

    Such a summary has only the operation and the caller: a line about CloudTrail's event, above the event's message.
    """
    whole = {
        (each.principal, each.action.partition(":")[2].lower())
        for each in failures
        if isinstance(each, Denial) and each.action and (each.resource or each.stated_reason)
    }
    return [each for each in failures if not (isinstance(each, Denial) and _summary_of(each) in whole)]


def _summary_of(denial: Denial) -> tuple[str | None, str] | None:
    if denial.action or denial.resource or denial.stated_reason or denial.encoded_message or not denial.principal:
        return None
    return denial.principal, (denial.operation or "").lower()


# Terraform AWS Provider, internal/conns/config.go: this title, three guesses, and then the error of STS
# (https://github.com/hashicorp/terraform-provider-aws).
_PREAMBLE = regex(r"\bIAM Role \([^)\n]*\) cannot be assumed\b|\bCannot assume IAM Role\b")


_STS_HOST = regex(r"//sts\.(?:[\w-]+\.)?amazonaws\.com")


def _is_preamble(failure: Failure) -> bool:
    """Whether the failure is one of Terraform's error titles, which say no more than that a role cannot be assumed."""
    if not isinstance(failure, Denial) or failure.code or failure.principal or failure.stated_reason:
        return False
    return failure.action == "sts:AssumeRole" and _PREAMBLE.search(failure.text) is not None


def _is_of_assuming(failure: Failure) -> bool:
    """Return whether what failed is the call that assumes a role, or getting the credentials for that call."""
    if isinstance(failure, OtherFailure):
        if failure.trouble is Trouble.NOT_IAM:
            return _STS_HOST.search(failure.text) is not None
        return (failure.operation or "").startswith("AssumeRole") or failure.trouble is Trouble.CREDENTIALS
    return isinstance(failure, Denial) and bool(failure.code or failure.principal) and _is_of_credentials(failure)


_OF_SESSIONS = ("sts:assumerole", "sts:tagsession", "sts:setsourceidentity")
"""The actions that AssumeRole needs, in lower case: IAM User Guide, "Pass session tags in AWS STS"
(https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html)."""


def _is_of_credentials(failure: Failure) -> bool:
    """Whether the failure is about a call that gets credentials."""
    if isinstance(failure, Denial):
        return (failure.action or "").lower().startswith(_OF_SESSIONS)
    return isinstance(failure, OtherFailure) and failure.trouble is Trouble.CREDENTIALS and bool(failure.operation)


def _without_effects(failures: list[Failure]) -> list[Failure]:
    """Return the failures without EC2's message about a volume's key, if the text has KMS's own denial."""
    if not any(isinstance(each, Denial) and (each.action or "").lower().startswith("kms:") for each in failures):
        return failures
    return [each for each in failures if not (isinstance(each, OtherFailure) and each.detail == VOLUME_KEY)]


_PROBE = regex(
    r"\b(?:curl|wget|Invoke-(?:RestMethod|WebRequest)|irm|iwr)\b[^\n]*\b169\.254\.169\.254/latest/", re.IGNORECASE
)
"""A request of the author's to the instance's metadata service."""


def _without_probes(failures: list[Failure]) -> list[Failure]:
    """Return the failures without the author's own request to the metadata service, if a program lacks credentials.

    The response to that request is evidence about the program's failure.
    """
    probes = [each for each in failures if _lacks_credentials(each) and _PROBE.search(each.text)]
    others = [each for each in failures if each not in probes]
    return others if any(map(_lacks_credentials, others)) else failures


def _lacks_credentials(failure: Failure) -> bool:
    return isinstance(failure, OtherFailure) and failure.trouble is Trouble.CREDENTIALS


# Services name one fault of the credentials differently (IAM User Guide, "Troubleshoot IAM"; Amazon S3 API Reference,
# "Error responses": https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
_FAULTS = tuple(
    map(
        regex,
        (
            r"Signature expired|Signature not yet current|RequestTimeTooSkewed|\bRequestExpired\b",
            r"Expired|has expired|token is expired",
            r"InvalidClientTokenId|InvalidAccessKeyId|UnrecognizedClient|validate the provided access credentials"
            r"|security token included in the request is invalid",
            r"SignatureDoesNotMatch|InvalidSignature|signature we calculated",
        ),
    )
)
_CLOCK = 0
"""The index of the fault of a wrong clock. Unlike other faults, it is the same for calls with different keys."""
_SIGNATURE = 3
"""The index of the fault of a wrong signature. Its error code alone may also mean a wrong clock."""
_WHOLE = regex(r"is now earlier than|is still later than|signature we calculated")
"""Words that only the full message of a failure contains, and not its error code."""
_PROFILE = regex(r"--profile[ =](\S+)|\bAWS_PROFILE=(\S+)")


def _one_of_each_fault(failures: list[Failure], text: str) -> list[Failure]:
    """Return the failures; calls that services reject for the same fault of one program's keys become one failure."""
    several_profiles = len({first or second for first, second in _PROFILE.findall(text)}) > 1
    out: list[Failure] = []
    seen: dict[tuple[int, str], int] = {}
    clocks = [fault for each in failures if (fault := _fault(each)) is not None and fault[0] == _CLOCK]
    for failure in failures:
        fault = _of_known_clock(failure, clocks)
        if fault is not None and several_profiles and fault[0] != _CLOCK:
            fault = None
        if fault is None or (first := seen.get(fault)) is None:
            if fault is not None:
                seen[fault] = len(out)
            out.append(failure)
            continue
        more = failure if _is_whole(failure) and not _is_whole(out[first]) else out[first]
        out[first] = replace(more, count=out[first].count + failure.count)
    return out


def _of_known_clock(failure: Failure, clocks: list[tuple[int, str]]) -> tuple[int, str] | None:
    """Return the fault; a bare InvalidSignatureException has that of the text's message about a wrong clock.

    This code is also that of "Signature expired" (IAM User Guide, "Troubleshoot signed requests for AWS APIs":
    https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html). Where both lines name their
    speaker, it must be the same one.
    """
    fault = _fault(failure)
    if fault is None or fault[0] != _SIGNATURE or _is_whole(failure) or len(set(clocks)) != 1:
        return fault
    clock = clocks[0]
    same = not (fault[1] and clock[1]) or fault[1] == clock[1]
    return clock if same and _CODE_OF_BOTH.search(failure.text) else fault


_CODE_OF_BOTH = regex(r"InvalidSignatureException")


def _fault(failure: Failure) -> tuple[int, str] | None:
    if not isinstance(failure, OtherFailure) or failure.trouble is not Trouble.CREDENTIALS:
        return None
    said = f"{failure.code} {failure.detail}"
    kind = next((number for number, words in enumerate(_FAULTS) if words.search(said)), None)
    return None if kind is None else (kind, speaker(failure.detail or ""))


def _is_whole(failure: Failure) -> bool:
    return isinstance(failure, OtherFailure) and _WHOLE.search(failure.detail or "") is not None


def _once_of_one_thing(failures: list[Failure]) -> list[Failure]:
    """Return the failures; those of the same other system, or about the same AWS-owned role, become one failure."""
    out: dict[tuple[object, ...], Failure] = {}
    for number, failure in enumerate(failures):
        key: tuple[object, ...] = (number,)
        if isinstance(failure, OtherFailure) and failure.trouble is Trouble.NOT_IAM:
            key = (failure.detail, failure.name)
        elif isinstance(failure, OtherFailure) and failure.code == "UnmodifiableEntity" and failure.name:
            key = (failure.code, failure.name)
        known = out.get(key)
        out[key] = replace(known, count=known.count + failure.count) if known is not None else failure
    return list(out.values())


def _with_its_linked_role(failures: list[Failure], text: str) -> list[Failure]:
    """Return the failures; two failures about a service-linked role become one.

    In one of them a service cannot assume the role; in the other IAM says that the role exists already.
    """
    exists = [each for each in failures if isinstance(each, Conflict) and each.entity_type == "service-linked-role"]
    lacks = [each for each in failures if isinstance(each, Denial) and each.claims_trust]
    if len(exists) != 1 or len(lacks) != 1 or len(text) > _LONGEST or _LINKED.search(lacks[0].text) is None:
        return failures
    return [replace(each, text=text) if each is lacks[0] else each for each in failures if each is not exists[0]]


_LINKED = regex(r"service[- ]linked role")
_LONGEST = 20_000


def _without_remarks(failures: list[Failure]) -> list[Failure]:
    """Return the failures; if a program printed one, words without a caller, call or reason are left out."""
    if not any(_is_printed(each) for each in failures):
        return failures
    return [each for each in failures if not _is_remark(each)]


def _is_printed(failure: Failure) -> bool:
    if isinstance(failure, Denial):
        return bool(failure.principal and failure.action) or bool(failure.code and failure.operation)
    return bool(failure.code)


def _is_remark(failure: Failure) -> bool:
    if not isinstance(failure, Denial) or failure.claims_trust or failure.record or failure.decoded:
        return False
    known = failure.principal or failure.operation or failure.resource or failure.service or failure.missing_action
    if known or failure.stated_reason or failure.encoded_message or (failure.code and failure.action):
        return False
    from diagnostics.text.read.messages.refusals_in_own_words import prose_in
    from diagnostics.text.read.messages.stated_reasons import stated_in  # most texts have one failure

    prose = prose_in(failure.text)
    return not prose.in_table if prose is not None else stated_in(failure.text) is None
