"""Compare the command that failed with others of the text: the same call, perhaps in another Region or at another path.

Commands of the AWS CLI, cmdlets of the AWS Tools for PowerShell, curl's requests and calls at Python's prompt count:
their output shows whether the call succeeded.
"""

from __future__ import annotations

import json
import re

from diagnostics.failure import Denial, Failure
from diagnostics.failure_details import Sequel
from diagnostics.text.read.layout.python_literals import NotALiteralError, read_literal
from diagnostics.text.read.messages.cmdlets import CMDLET
from diagnostics.text.read.sequence.lines_and_commands import CHOSEN, FAILS, Command, Paste, on_other_hosts, quote
from iam.arn import name_of
from iam.lazy_pattern import regex
from iam.regions import A_REGION, REGION_NAME

_ASKS_IF_DONE = regex(
    r"\b(?:do|does|should|must) (?:I|we|they) still (?:need|have to)\b|\bstill (?:needed|necessary|required)\b[^\n]*\?"
    r"|\b(?:can|may|should) (?:I|we) (?:close|leave it|ignore)\b"
    r"|\b(?:is|are) (?:that|this|it|we) (?:done|solved|fixed)\b"
    r"|\bdo (?:I|we) (?:really )?need (?:a|an|any|another|to)\b[^\n?]{0,40}\b(?:polic\w+|permissions?|ticket|IAM)\b",
    re.IGNORECASE,
)
"""A question that shows that the author's task is already done, such as "can we ignore this?"."""


_FARTHEST = 40
"""The maximum number of lines between a command and a failure that belongs to it."""
_CALLS = regex(rf"(?:aws|curl) |{CMDLET}\b|(?:\w+ ?= ?)?\w[\w.]*(?:\([^\n]*\))?\.[a-z]\w*\(")


def by_command(failure: Failure, paste: Paste, at: int) -> Sequel | None:
    """Return the same command further down, with complete output that is not a failure."""
    failed = paste.command_before(at)
    if failed is None:
        return _with_a_profile(failure, paste, at)
    if at - failed.line > _FARTHEST or not _CALLS.match(failed.plain):
        return None
    for again in paste.commands:
        if again.line <= at or not _answered(paste.answer(again)):
            continue
        if again.plain != failed.plain and not _elsewhere(failed, again, paste):
            if _of_another_path(failed, again):
                unknown = NO_SUCH_PATH in paste.answer(failed).lower()
                return Sequel(quote(again.said), otherwise="path" if unknown else "another path")
            continue
        said = quote(again.said)
        one, other = _choices(failed, paste), _choices(again, paste)
        otherwise = next((name for name, _ in CHOSEN if one[name] != other[name]), "")
        if on_other_hosts(failed, again):
            return Sequel(succeeded=quote(f"{again.host}: {again.said}"), otherwise="host")
        if not otherwise and paste.elsewhere(failed.line, again.line):
            return Sequel(later=said)
        settled = bool(otherwise) and any(map(_ASKS_IF_DONE.search, paste.lines[again.line + 1 :]))
        there = other["region"] if otherwise == "region" and _is_of_iam(failure) else ""
        profile = other["profile"] if otherwise == "profile" and isinstance(failure, Denial) else ""
        return Sequel(said, otherwise, there, profile, creates=_creates(failure), settled=settled)
    return None


_AWS_COMMAND = regex(r"aws (?P<service>[\w-]+) (?P<operation>[a-z][a-z\d-]+)")
_SIGNED_IN = regex(r"arn:[\w-]+:(?:iam::\d{12}:user/|sts::\d{12}:assumed-role/AWSReservedSSO_)")
"""Callers that are a person: an IAM user, or a session of IAM Identity Center.

For a program's role, a person's profile with which the call works proves nothing.
"""


def _with_a_profile(failure: Failure, paste: Paste, at: int) -> Sequel | None:
    """Return a person's later command, with its profile, that succeeds with the refused operation and resource.

    This function is for a refusal whose command the text does not show.
    """
    if not isinstance(failure, Denial) or not failure.action or not _SIGNED_IN.match(failure.principal or ""):
        return None
    service, _, operation = failure.action.lower().partition(":")
    name = name_of(failure.resource or "")
    for command in paste.commands:
        called = _AWS_COMMAND.match(command.plain) if command.line > at else None
        profile = paste.choices(command)["profile"] if called is not None else ""
        if called is None or not profile or called["operation"].replace("-", "") != operation:
            continue
        of_service = called["service"].removesuffix("api") == service
        of_resource = "*" in name or re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", command.said) is not None
        if of_service and of_resource and _answered(paste.answer(command)):
            return Sequel(quote(command.said), "profile", profile=profile)
    return None


_OF_IAM = regex(r"not\s+authorized\s+to\s+perform")


def _is_of_iam(failure: Failure) -> bool:
    """Whether IAM denied the call. A service may also refuse a call because the service is not enabled in a Region."""
    return isinstance(failure, Denial) and bool(failure.stated_reason or _OF_IAM.search(failure.text))


def _creates(failure: Failure) -> bool:
    action = failure.action if isinstance(failure, Denial) else None
    return (action or "").partition(":")[2].lower().startswith(("create", "run"))


# Amazon API Gateway Developer Guide, "Gateway response types": MISSING_AUTHENTICATION_TOKEN also answers a request for
# a method or resource that the API does not have
# (https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html).
NO_SUCH_PATH = "missing authentication token"
_URL = regex(r"(?P<host>https?://[^\s/\"'?]+)(?P<path>[^\s\"'?]*)")


def _of_another_path(one: Command, other: Command) -> bool:
    """Whether both are requests with curl that differ only in the path of their URL."""
    here, there = _URL.search(one.plain), _URL.search(other.plain)
    if here is None or there is None or here["path"] == there["path"]:
        return False
    return one.plain.startswith("curl ") and _URL.sub(r"\g<host>", one.plain) == _URL.sub(r"\g<host>", other.plain)


_PLACE = regex(rf"{REGION_NAME}(?:[a-f]\b)?")
_OF_ONE_REGION = regex(r"\b(?:ami|subnet|sg|vpc|snap|vol|i|eni|lt|rtb|igw|nat|eipalloc)-[0-9a-f]{8,17}\b")
"""IDs of EC2's resources. Each is in one Region, so the same call has different IDs in another Region."""


def _elsewhere(one: Command, other: Command, paste: Paste) -> bool:
    """Whether both commands choose a Region, and differ only in Regions, Availability Zones and IDs of resources."""
    here, there = _choices(one, paste)["region"], _choices(other, paste)["region"]
    return bool(here and there) and here != there and _anywhere(one) == _anywhere(other)


def _choices(command: Command, paste: Paste) -> dict[str, str]:
    """Return the profile and the Region of a command. The Region may also be an argument of a call in code."""
    chosen = paste.choices(command)
    named = A_REGION.search(command.plain) if not chosen["region"] and "(" in command.plain else None
    return chosen | {"region": named[0]} if named is not None else chosen


def _anywhere(command: Command) -> str:
    return _OF_ONE_REGION.sub("", _PLACE.sub("", command.plain))


def worked_elsewhere(text: str, operation: str) -> bool:
    """Whether a command that fails with this operation succeeds elsewhere in the text, in another Region.

    Both commands have the same profile and name their Region, and nothing between them may have changed the
    credentials.
    """
    paste = Paste(text)
    failed = [each for each in paste.commands if f"calling the {operation} operation" in paste.answer(each)]
    for one in failed:
        for other in paste.commands:
            if not _elsewhere(one, other, paste) or on_other_hosts(one, other) or not _answered(paste.answer(other)):
                continue
            begin, end = sorted((one.line, other.line))
            same_profile = paste.choices(one)["profile"] == paste.choices(other)["profile"]
            if same_profile and not paste.elsewhere(begin, end):
                return True
    return _worked_in_a_loop(text, operation)


_REGION_ALONE = regex(
    rf"^[^\w\n]{{0,8}}(?:region[^\w\n]{{1,4}})?(?P<region>{REGION_NAME})[^\w\n]{{0,8}}$", re.MULTILINE | re.IGNORECASE
)
"""The heading that a loop over Regions prints before the output of each call."""


def _worked_in_a_loop(text: str, operation: str) -> bool:
    """Whether the operation fails under the heading of one Region, but succeeds under the heading of another."""
    headings = list(_REGION_ALONE.finditer(text))
    if not headings:
        return False
    ends = [each.start() for each in headings[1:]] + [len(text)]
    outputs = [text[each.end() : end].strip() for each, end in zip(headings, ends, strict=True)]
    fails = [f"calling the {operation} operation" in each for each in outputs]
    return any(fails) and any(
        not failed and _answered(output.partition("\n")[0]) for failed, output in zip(fails, outputs, strict=True)
    )


_UNFINISHED = regex(
    r"\^C|KeyboardInterrupt|\binterrupted\b|\b(?:killed|terminated)\b|timed? ?out|no such|not found|\busage:|truncated"
    r"|\.\.\.\s*$|…\s*$|\bfailed\b(?![\"']?\s*:\s*(?:0|\[\s*\]|false|null)\b)",
    re.IGNORECASE,
)


_A_STATE = regex(r'"[A-Z][A-Z_]+"')
"""The state of a run or a resource, such as "FAILED", which a call returned."""
_ERROR_KEYS = frozenset(("message", "error", "code", "__type", "requestid"))


def _answered(answer: str) -> bool:
    """Return whether a command's output shows success. An empty output does not, because it may have been truncated."""
    text = answer.strip()
    if _A_STATE.fullmatch(text):
        return True
    if not text or FAILS.search(text) or _UNFINISHED.search(text):
        return False
    if text[0] not in "{[":
        return True
    value = _value(text)
    if value is None:
        return False
    return not isinstance(value, dict) or not value or not _ERROR_KEYS.issuperset(str(each).lower() for each in value)


def _value(text: str) -> object:
    """Return the value of the JSON or Python literal with which the text begins; None if it is neither."""
    try:
        value, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        try:
            return read_literal(text.splitlines()[0])
        except NotALiteralError:
            return None
    else:
        return value
