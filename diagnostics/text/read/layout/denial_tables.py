"""Read denied calls in rows and fields: a table of events, CSV, ``key: value`` lines, or "AccessDenied for X by Y".

Each word of a row is classified by its form: an error code, an AWS operation, an ARN, a service's host. The number and
the order of the columns do not matter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import groupby

from diagnostics.text.read.forms.cloudtrail_events import FailedEvent
from diagnostics.text.read.forms.http_refusals import prefix_of_buckets
from diagnostics.text.read.not_the_failure.lines_without_failure import is_reference, stated_part
from iam.api_operations import action_for
from iam.arn import Arn
from iam.lazy_pattern import regex
from iam.service_reference import services, services_with
from iam.services import iam_prefix

_LONGEST = 40_000
_CODE = regex(
    r"(?:Client\.)?(?:AccessDenied(?:Exception|Fault)?|UnauthorizedOperation|AuthorizationError(?:Exception)?)(?!\w)"
)
_READ_ELSEWHERE = regex(
    r"authori[sz]ed to|An error occurred|when calling|(?:api|operation) error|\"event(?:Name|Source)\"|Status ?Code"
    r"|\bUser:|[{}<>]|permission",
    re.IGNORECASE,
)
_WORD = regex(r"[^\s|,;\"'`()\[\]=]+")
_OPERATION = regex(r"[A-Z][a-z]+(?:[A-Z]\w*)+")
_ACTION = regex(r"(?P<service>[a-z][a-z0-9-]{1,30}):(?P<operation>[A-Z]\w+)")
_HOST = regex(r"(?P<name>[a-z0-9-]+(?:\.[a-z0-9-]+)?)\.amazonaws\.com(?:\.cn)?")
_CUT_ARN = regex(r"arn:[\w-]+:(?:iam|sts)::[^\s/]*(?:\u2026|\.{2,})/?(?P<name>[\w+=,@-]+)(?:/\S*)?")
_SHORT_NAME = regex(r"(?:role|user|assumed-role)/(?P<name>[\w+=,.@-]+)(?:/\S*)?")
_BY = regex(r"\b(?:by|of|from|for principal|principal|caller|identity|user)[\s:=]+$", re.IGNORECASE)
_FIELD = regex(
    r"\s*[-*]?\s*[\"']?(?P<key>[A-Za-z][\w. /-]{1,40}?)[\"']?\s*(?::|=)\s+[\"']?(?P<value>[^\s\"'][^\n\"']*)[\"']?,?\s*"
)
_KEYS = {
    "event": "operation",
    "eventname": "operation",
    "operation": "operation",
    "api": "operation",
    "apicall": "operation",
    "action": "operation",
    "call": "operation",
    "eventsource": "source",
    "source": "source",
    "service": "source",
    "principal": "principal",
    "userprincipal": "principal",
    "user": "principal",
    "useridentity": "principal",
    "useridentityarn": "principal",
    "userarn": "principal",
    "identity": "principal",
    "caller": "principal",
    "role": "principal",
    "username": "principal",
    "who": "principal",
    "actor": "principal",
    "what": "operation",
    "errorcode": "code",
    "error": "code",
    "code": "code",
    "result": "code",
    "status": "code",
    "errormessage": "message",
    "message": "message",
    "resource": "resource",
    "resourcearn": "resource",
    "resourcename": "resource",
    "target": "resource",
    "bucketname": "bucket",
    "bucket": "bucket",
}
"""Names of a record's fields, in lower case without punctuation."""


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a row, by their kind. A host is the service that was called, or the service that called."""

    operations: tuple[str, ...]
    principals: tuple[str, ...]
    hosts: tuple[str, ...]
    resources: tuple[str, ...]


def row_events(text: str) -> tuple[list[FailedEvent], str]:
    """Return the denied calls in rows and fields of ``text``, in order, and the text without these lines."""
    if len(text) > _LONGEST or not _CODE.search(text):
        return [], text
    found: list[FailedEvent] = []
    kept: list[str] = []
    header: list[str] = []
    for is_field, run in groupby(stated_part(text).split("\n"), key=lambda line: _FIELD.fullmatch(line) is not None):
        lines = list(run)
        if is_field and (event := _of_fields(lines)) is not None:
            found.append(event)
            kept += [""] * len(lines)
            continue
        for line in lines:
            header = _header(line) or header
            event = _of_row(line) or _of_values(_named(line, header), line)
            found += [event] if event is not None else []
            kept.append("" if event is not None else line)
    return found, "\n".join(kept) if found else text


_COLUMNS = regex(r"\s*[|,;\t]\s*|\s{2,}")
_PAIR = regex(r"(?P<key>[A-Za-z][\w.]{1,80})=(?P<value>\"[^\"\n]*\"|[^\s\",;]+)")


def _header(line: str) -> list[str]:
    """Return the kinds of the columns, if the line names at least an operation and an error; else empty."""
    names = [_meaning(each) for each in _COLUMNS.split(line.strip(" |"))]
    return names if {"operation", "code"}.issubset(names) else []


def _named(line: str, header: list[str]) -> dict[str, str]:
    """Return the values of a row, keyed by the names in its header or by its own keys."""
    if len(pairs := list(_PAIR.finditer(line))) > 2:
        return {_meaning(each["key"]): each["value"].strip('"') for each in reversed(pairs)}
    cells = _COLUMNS.split(line.strip(" |"))
    return dict(zip(header, cells, strict=True)) if header and len(header) == len(cells) else {}


def _meaning(key: str) -> str:
    name = re.sub(r"[^a-z]", "", key.lower())
    if name.startswith("useridentity"):
        return "principal" if name.endswith(("arn", "username", "useridentity")) else ""
    return _KEYS.get(name, "")


def _key(line: str) -> str:
    field = _FIELD.fullmatch(line)
    return _meaning(field["key"]) if field else ""


def _of_fields(lines: list[str]) -> FailedEvent | None:
    """Return the call of a record with one field on each line."""
    values: dict[str, str] = {}
    for line in lines:
        if field := _FIELD.fullmatch(line):
            values.setdefault(_key(line), field["value"].strip())
    return _of_values(values, "\n".join(lines))


def _of_values(values: dict[str, str], text: str) -> FailedEvent | None:
    code = _CODE.fullmatch(values.get("code", ""))
    action = _ACTION.fullmatch(values.get("operation", ""))
    operation = action["operation"] if action else values.get("operation", "")
    if code is None or not (action or _OPERATION.fullmatch(operation)) or "authorized to" in values.get("message", ""):
        return None
    host = _HOST.fullmatch(values.get("source", ""))
    service = action["service"] if action else iam_prefix(host["name"] if host else values.get("source", ""))
    bucket = values.get("bucket", "")
    resource = values.get("resource", "")
    if bucket and re.fullmatch(r"[a-z0-9.-]{3,63}", bucket) and "Object" not in operation:
        resource = resource or f"{prefix_of_buckets(text)}{bucket}"
    named = values.get("principal", "")
    principal = _principal(named) or (named if _HOST.fullmatch(named) or _NAME.fullmatch(named) else None)
    if principal is None and not host and not action:
        return None
    return _event(code[0], operation, service, principal, resource if resource.startswith("arn:") else None, text)


_NAME = regex(r"[\w+=,.@-]{2,64}")


def _of_row(line: str) -> FailedEvent | None:
    """Return the call of a table row, or of a sentence with a code, an operation and the caller."""
    code = _CODE.search(line)
    if code is None or _READ_ELSEWHERE.search(line) or is_reference(line) or line.rstrip().endswith("?"):
        return None
    words = _with_plain_operation(_words(line), line)
    if len(words.operations) != 1 or not (words.principals or words.hosts) or len(words.principals) > 1:
        return None
    named = _ACTION.fullmatch(words.operations[0])
    operation = named["operation"] if named else words.operations[0]
    callers = [host for host in words.hosts if _BY.search(line[: line.find(host)])]
    sources = [host for host in words.hosts if host not in callers]
    principal = words.principals[0] if words.principals else None
    if principal is None and not callers:
        return None
    source = _HOST.fullmatch(sources[0]) if sources else None
    service = named["service"] if named else iam_prefix(source["name"]) if source else None
    if service and action_for(operation, service) is None:
        service = None
    return _event(code[0], operation, service, principal or callers[0], next(iter(words.resources), None), line)


def _with_plain_operation(words: _Words, line: str) -> _Words:
    """Return the words with an operation of one word (Publish), if the row names the service that has it."""
    if words.operations:
        return words
    prefixes = [iam_prefix(host["name"]) for each in words.hosts if (host := _HOST.fullmatch(each))]
    plain = (each for each in _PLAIN.findall(line) for prefix in prefixes if prefix and action_for(each, prefix))
    found = next(plain, None)
    return replace(words, operations=(found,)) if found else words


_PLAIN = regex(r"(?<![\w.:/-])[A-Z][a-z]{2,20}(?![\w.:/-])")


def _event(
    code: str, operation: str, service: str | None, principal: str | None, resource: str | None, text: str
) -> FailedEvent | None:
    if action_for(operation, service) is None and not (principal and _is_operation(operation)):
        return None
    return FailedEvent(code.removeprefix("Client."), "", operation, service, principal, resource, text)


def _words(line: str) -> _Words:
    operations: dict[str, None] = {}
    principals: dict[str, None] = {}
    hosts: dict[str, None] = {}
    resources: dict[str, None] = {}
    for word in (found[0].rstrip(".:") for found in _WORD.finditer(line)):
        if _CODE.fullmatch(word):
            continue
        if _HOST.fullmatch(word):
            hosts[word] = None
        elif (principal := _principal(word)) is not None:
            principals[principal] = None
        elif word.startswith("arn:"):
            if "\u2026" not in word and ".." not in word:
                resources[word] = None
        elif _is_operation(word):
            operations[word] = None
    if len(principals) > 1:  # one is a role that is assumed or passed
        roles = [each for each in principals if ":role/" in each]
        principals = {each: None for each in principals if each not in roles}
        resources = {**dict.fromkeys(roles), **resources}
    return _Words(tuple(operations), tuple(principals), tuple(hosts), tuple(resources))


def _is_operation(word: str) -> bool:
    if named := _ACTION.fullmatch(word):
        return named["service"] in services()
    return _OPERATION.fullmatch(word) is not None and bool(services_with(word) or action_for(word))


def _principal(word: str) -> str | None:
    """Return the caller that a word names.

    It is the caller's ARN, or its name if the ARN is truncated or written only in part.
    """
    if short := _CUT_ARN.fullmatch(word) or _SHORT_NAME.fullmatch(word):
        return short["name"]
    arn = Arn.parse(word)
    if arn is None or arn.service not in ("iam", "sts") or "\u2026" in word:
        return None
    return word if arn.type in ("assumed-role", "user", "root", "federated-user", "role") else None
