"""Parse pasted errors: `parse` turns any text into failures. They contain only what the text says."""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.failure import Conflict, Denial, Failure, OtherFailure, Trouble
from diagnostics.failure_details import Sequel
from diagnostics.text.read.author.questions import asks_only, supposes
from diagnostics.text.read.author.quoted_or_own_words import own_failures_first, with_policies_beside
from diagnostics.text.read.author.quoted_values import without_quoted_values
from diagnostics.text.read.clean.http_responses import with_bodies
from diagnostics.text.read.clean.prefixes import CUT as CUT_BREAK
from diagnostics.text.read.clean.prefixes import without_prefixes
from diagnostics.text.read.clean.repair import repaired
from diagnostics.text.read.completed_failures import with_chain
from diagnostics.text.read.corrected_actions import with_real_actions, with_repairs
from diagnostics.text.read.failure_identity import KEPT_TEXT, fold, identity
from diagnostics.text.read.failures_in_events import failures_in_events
from diagnostics.text.read.failures_in_words import failures_in_words, is_definite
from diagnostics.text.read.forms import systems
from diagnostics.text.read.forms.cloudtrail_events import FailedEvent, events
from diagnostics.text.read.forms.conflicts import tagged_stack
from diagnostics.text.read.forms.no_refusals import ROW_NAMES
from diagnostics.text.read.layout.denial_tables import row_events
from diagnostics.text.read.layout.record_rules import signals_in
from diagnostics.text.read.messages.cdk_bootstrap_warnings import with_environment_for_warnings
from diagnostics.text.read.messages.cut_off import with_mark
from diagnostics.text.read.messages.other_service_errors import errors_beside
from diagnostics.text.read.messages.service_sentences import sentence_in
from diagnostics.text.read.not_the_failure.all_set_apart import all_apart
from diagnostics.text.read.not_the_failure.denials_only_mentioned import counts_none, none_is_stated, only_mentions
from diagnostics.text.read.not_the_failure.expected import (
    failed_test,
    let_through,
    only_talks_of_it,
    without_the_expected,
)
from diagnostics.text.read.not_the_failure.lines_without_failure import own_error, without_material
from diagnostics.text.read.not_the_failure.past_failures import (
    is_a_review,
    of_an_example,
    without_the_past,
    without_the_withdrawn,
)
from diagnostics.text.read.repetitions import without_echoes
from diagnostics.text.read.resources.directory_buckets import as_session
from diagnostics.text.read.sequence.ansible import result_of_a_task
from diagnostics.text.read.sequence.one_failure import each_failure_once
from diagnostics.text.read.sequence.order_of_failures import in_sequence
from diagnostics.text.read.sequence.regions_of_failures import with_regions_beside
from diagnostics.text.read.sequence.times_of_failures import newest_part
from diagnostics.words import DEVICE_CODES
from iam.lazy_pattern import regex

_MOST_WITH_POLICIES = 12
"""The maximum number of failures per text to compare with the text's policies. Each comparison takes a while."""


def parse(text: str) -> tuple[Failure, ...]:
    """Return the failures that a pasted text states, in order; equal ones are merged and counted.

    Never empty, never raises.

    If nothing is recognized, the result is one `OtherFailure` of `Trouble.UNRECOGNIZED`, and its ``detail`` says what
    the text seems to be.
    """
    if not text.strip():
        return (OtherFailure(text=text[:KEPT_TEXT], trouble=Trouble.UNRECOGNIZED, detail="empty"),)
    if _looks_binary(text) and "authorized to perform" not in text:
        return (OtherFailure(text=text[:KEPT_TEXT], trouble=Trouble.UNRECOGNIZED, detail="binary"),)
    repair = repaired(text)
    text = with_bodies(with_environment_for_warnings(repair.text))
    recorded, rest = events(text)
    rows, rest = _rows_of_today(rest)
    recorded += rows
    found = fold(failures_in_events(recorded)) or _of_devices(text)
    if not found and (found := _of_sftp(text)):
        rest = ""  # the client's lines are these refusals
    if not found:
        found, text = _of_today(text)
    elif signals_in(rest):
        own = failures_in_words(rest)
        found = [*own, *found] if own and _of_other_requests(rest, text) else without_echoes([*found, *own])
    found = found or _of_http_apis(text)
    if not found and (name := systems.in_the_whole("the operating system", text)) != "the operating system":
        return (OtherFailure(text[:KEPT_TEXT], Trouble.NOT_IAM, name=systems.subject_of(name, text), detail=name),)
    if not found and counts_none(text):
        return (OtherFailure(text[:KEPT_TEXT], Trouble.NOT_IAM, detail=systems.NOTHING_REFUSED),)
    if not found:
        unknown = OtherFailure(text=text[:KEPT_TEXT], trouble=Trouble.UNRECOGNIZED, detail=_kind_of_text(text))
        return (replace(unknown, sequel=result_of_a_task(text)),)
    if _is_asked(found, text) or all(_is_a_form(each, text) for each in found):
        return (OtherFailure(text[:KEPT_TEXT], Trouble.UNRECOGNIZED, detail=_kind_of_text(text)),)
    if only_mentions(found, text):
        return (OtherFailure(text[:KEPT_TEXT], Trouble.NOT_IAM, detail=systems.NOTHING_REFUSED),)
    if none_is_stated(found, text):
        return (OtherFailure(text[:KEPT_TEXT], Trouble.UNRECOGNIZED, detail=_kind_of_text(text)),)
    found, text = with_real_actions(found, text)
    if "--x-s3" in text:
        found = [as_session(each, text) if isinstance(each, Denial) else each for each in found]
    found = [with_mark(each) if isinstance(each, Denial) else each for each in found]
    found = _with_operation(found, text)
    found = with_chain([with_repairs(each, repair.repairs) for each in found], text)
    found = each_failure_once(found, text)
    if len(found) == 1 and len(text) <= KEPT_TEXT:
        whole = _without_prefixes(text)
        only = found[0]
        if isinstance(only, Conflict) and only.owner_stack is None:
            only = replace(only, owner_stack=tagged_stack(whole, only.name))
        found = [replace(only, text=whole)]
    elif not recorded and 1 < len(found) <= _MOST_WITH_POLICIES and len(text) <= KEPT_TEXT:
        found = with_regions_beside(with_policies_beside(own_failures_first(found, text), text), text)
    return in_sequence([*found, *errors_beside(found, text)], text)


def _with_operation(found: list[Failure], text: str) -> list[Failure]:
    """Return the failures; a lone denial without any detail gets the operation that its author names."""
    if len(found) != 1 or not isinstance(found[0], Denial) or found[0].action or found[0].operation:
        return found
    from diagnostics.text.read.messages.operation_in_prose import with_operation_in_prose  # most denials name theirs

    return [with_operation_in_prose(found[0], text)]


def _of_devices(text: str) -> list[Failure]:
    """Return the requests of devices that AWS IoT's log in the text says were not authorized."""
    if not any(code in text for code in DEVICE_CODES) or "eventType" not in text:
        return []
    from diagnostics.text.read.forms.device_logs import device_denials  # few texts have this log

    return fold(device_denials(text))


def _of_http_apis(text: str) -> list[Failure]:
    """Return the call of an HTTP API that IAM refused, according to API Gateway's answer in the text."""
    if "Forbidden" not in text:
        return []
    from diagnostics.text.read.forms.http_apis import invocations_refused  # few texts have this answer

    return fold(invocations_refused(text))


_OF_A_CLIENT = ("sftp>", " 55", "ouldn't ", "remote ")
"""Words that an SFTP or FTP client prints next to a refusal."""
_DENIED_BY_A_SERVER = regex(r"(?:[Pp]ermission|[Aa]ccess) denied")


def _of_sftp(text: str) -> list[Failure]:
    """Return what S3 denied to a session of AWS Transfer Family, according to what the client in the text prints."""
    if not (any(each in text for each in _OF_A_CLIENT) and _DENIED_BY_A_SERVER.search(text)):
        return []
    from diagnostics.text.read.forms.sftp import sftp_denials  # few texts are of these clients

    return fold(sftp_denials(text))


def _rows_of_today(text: str) -> tuple[list[FailedEvent], str]:
    """Return the events in rows of the text, and the rest of the text.

    The past is left out if what remains states a failure.
    """
    present = without_the_past(text)
    if present != text:
        rows, rest = row_events(present)
        if rows or any(map(is_definite, failures_in_words(rest))):
            return rows, rest
    return row_events(text)


def _is_asked(found: list[Failure], text: str) -> bool:
    """Whether the failures come only from words of a question: the text asks for permissions, and nothing failed.

    A sentence of a service's own table is a failure, in whatever language the rest of the text is.
    """
    if (said := sentence_in(text)) is not None and said.in_table and not supposes(text):
        return False
    return asks_only(text) and all(
        isinstance(each, Denial)
        and not (each.stated_reason or each.encoded_message or each.claims_trust)
        and (each.code is None or supposes(text))
        for each in found
    )


_OF_NOBODY = regex(r"arn:[\w-]+:(?:iam|sts)::(?!\d)[^:\s]*:")


def _is_a_form(failure: Failure, text: str) -> bool:
    """Whether the failure is IAM's sentence with letters in place of account and action, in a question about it."""
    return (
        isinstance(failure, Denial)
        and not (failure.action or failure.operation or failure.code)
        and _OF_NOBODY.match(failure.principal or "") is not None
        and "?" in without_quoted_values(text)
    )


_QUOTED_LINE = regex(r"^[ ]{0,3}>", re.MULTILINE)


def _without_prefixes(text: str) -> str:
    """Return the text in which causes are looked for.

    It keeps the marks of quotes, because a quote is not part of the request.
    """
    return text if _QUOTED_LINE.search(text) else without_prefixes(text).replace(CUT_BREAK, "")


def _of_today(text: str) -> tuple[list[Failure], str]:
    """Return the failures of a text that is not an event, and the text that states them.

    Quoted earlier failures and denials that a test expects are left out if the rest of the text states another
    failure.
    """
    unexpected = without_the_expected(text)
    called, beside = let_through(unexpected)
    if called and not any(map(is_definite, failures_in_words(beside))):
        return [OtherFailure(text, Trouble.NOT_IAM, name=called, detail=systems.LET_THROUGH)], text
    if unexpected != text:
        rest = _others_than(failures_in_words(text), failures_in_words(unexpected))
        if any(is_definite(each) for each in rest):
            return _of_today(unexpected) if without_the_expected(unexpected) == unexpected else (rest, unexpected)
        if not rest or only_talks_of_it(unexpected):
            failed = failed_test(unexpected)
            wanted = systems.EXPECTED_BESIDE if failed else systems.EXPECTED
            stated = unexpected if failed else text
            return [OtherFailure(stated, Trouble.NOT_IAM, name=failed or None, detail=wanted)], stated
    if (meant := without_the_withdrawn(text)) != text and (
        any(map(is_definite, failures_in_words(meant))) or own_error(meant)
    ):
        text = meant
    present = without_the_past(text)
    today = failures_in_words(present) if present != text else []
    if any(is_definite(each) for each in today) or (today and own_error(present)):
        return _without_an_example(today, text), present
    found, printed = _with_the_newest(failures_in_words(text), text), without_material(present)
    addressed = any(isinstance(each, Denial) and each.code == "403" and each.resource for each in found)
    if found and not today and not addressed and printed != text and _has_another_error(printed, found):
        return [], printed  # what happens now is an error, of which nothing more is known
    if found and not today and present != text and is_a_review(present):
        return [], present  # what the author quotes, and says that nothing fails
    if found and not today and present != text and (apart := all_apart(text, present)) is not None:
        found = [replace(each, sequel=Sequel(aside=apart.words, now=apart.now, alone=True)) for each in found]
    if today and not any(is_definite(each) for each in found):
        return today, present
    if (
        found
        and "mateojackson" in text
        and all(isinstance(each, Denial) and of_an_example(each.principal) for each in found)
    ):
        beside = "\n".join(line for line in text.split("\n") if "mateojackson" not in line)
        if own_error(beside):
            return failures_in_words(beside), beside
    return _without_an_example(found, text), text


def _others_than(whole: list[Failure], rest: list[Failure]) -> list[Failure]:
    """Return the failures of ``rest`` without those that only repeat a call for which the full text names the caller.

    The lines of a record are separate fields. If the line with the message is removed from ``rest``, the remaining
    fields still name the call, but not the caller.
    """
    stated = {
        _called(each)
        for each in whole
        if isinstance(each, Denial) and each.principal and each.action and each not in rest
    }
    return (
        [
            each
            for each in rest
            if not (isinstance(each, Denial) and not each.principal and _called(each).startswith(tuple(stated)))
        ]
        if stated
        else rest
    )


def _called(denial: Denial) -> str:
    """Return the denied operation in lower case, perhaps with a version at its end; else the action's name."""
    return (denial.operation or (denial.action or "").partition(":")[2]).lower()


def _with_the_newest(found: list[Failure], text: str) -> list[Failure]:
    """Return the failures, and those from the text's last day that were read as part of an earlier one."""
    newest = newest_part(text) if found and any(isinstance(each, Denial) for each in found) else ""
    known = {identity(each) for each in found}
    added = [each for each in failures_in_words(newest) if is_definite(each)] if newest else []
    return [*found, *(each for each in added if identity(each) not in known)]


def _has_another_error(printed: str, found: list[Failure]) -> bool:
    """Whether a program printed an unknown error that is not one of these failures."""
    codes = [each.code for each in found if isinstance(each, OtherFailure) and each.detail in ROW_NAMES and each.code]
    return bool(own_error(printed)) and not failures_in_words(printed) and not any(code in printed for code in codes)


def _without_an_example(found: list[Failure], text: str) -> list[Failure]:
    """Return the failures without the example of AWS's pages (user mateojackson), if there are others."""
    own = [each for each in found if not (isinstance(each, Denial) and of_an_example(each.principal))]
    return own if own and "mateojackson" in text else found


_REQUEST_ID = regex(r"request ?id[\"']?\s*[:=]?\s*[\"']?([0-9a-f]{8}-[0-9a-f-]{27})", re.IGNORECASE)


def _of_other_requests(rest: str, text: str) -> bool:
    """Whether the messages next to a text's records belong to other requests, by their request IDs."""
    own = set(_REQUEST_ID.findall(rest))
    recorded = set(_REQUEST_ID.findall(text)) - own
    return bool(own and recorded)


def _looks_binary(text: str) -> bool:
    head = text[:4000]
    odd = sum(1 for letter in head if letter == "\ufffd" or (letter < " " and letter not in "\n\r\t\x1b\x08\x0b\x0c"))
    return odd > len(head) * 0.1


def _kind_of_text(text: str) -> str:
    if re.match(r"\s*(?:\S{1,60}[\s:=]{1,3})?\[(?:token|SAML response)\]", text[:200]):
        return "a token, not an error"
    if re.match(r"\s*(?:Bearer\s+)?eyJ[\w-]+\.[\w-]+\.[\w-]*\s*$", text[:20_000]):
        return "a token (JWT), not an error"
    if re.match(r"\s*(?:Bearer\s+)?eyJ[\w-]{8,}", text[:200]):
        return "a token (JWT) that is cut off or broken: its three parts are base64url with dots between"
    if re.match(r"\s*\{\s*\"Version\"\s*:\s*\"20\d\d-", text[:200]):
        return "a policy document, not an error"
    if asks_only(text):
        return "a question, not an error"
    return "no known error"
