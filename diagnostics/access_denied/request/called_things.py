"""The names of the things that the failed call works on: from its command, its code or Terraform's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from diagnostics.access_denied.request.command import commands_in
from diagnostics.access_denied.request.templates import descriptions
from iam.lazy_pattern import regex

_OF_TERRAFORM = regex(r"\b[a-z]+ing (?P<kind>[A-Z]\w*(?: [A-Z]\w*){0,4}) \((?P<name>[\w.:/-]+)\)")
"""Terraform's messages name the kind and the name: "creating S3 Bucket (photos) Notification"."""
# API Gateway Developer Guide, "Invoke REST APIs in API Gateway"
# (https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html); without -X, curl sends GET.
_OF_AN_API = regex(
    r"https://(?P<api>[a-z0-9]{8,12})\.execute-api\.(?P<region>[a-z0-9-]+)\.amazonaws\.com/(?P<stage>[\w-]+)"
    r"(?:/(?P<path>[\w./-]*\w))?(?=[\s\"'?)]|$)"
)
_METHOD = regex(r"(?:-X|--request|HTTP Method:)[ \t]+[\"']?(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b")
_NAMES = ("name", "arn", "id")
"""What ends a parameter that identifies a thing, or is the parameter, of the thing that the operation names."""


def named_thing(thing: str, text: str, operation: str | None) -> str:
    """Return the name or ARN of the call's ``thing`` of this kind (``trail``); "" if there is none, or several.

    A parameter ``Name`` is that of the thing in the operation's name, as in CreateTrail.
    """
    for identified in (_of_calls(text, operation or ""), _of_templates(text)):
        found = {value for name, value in identified if name.endswith(thing)}
        if found:
            return found.pop() if len(found) == 1 else ""
    return ""


def _of_templates(text: str) -> Iterator[tuple[str, str]]:
    """Yield each kind of thing that a template creates, and its name."""
    for each in descriptions(text):
        if not each.operation:
            yield from _things(each.thing, {name: values for name, (values, _) in each.parameters.items()})


def _of_calls(text: str, operation: str) -> Iterator[tuple[str, str]]:
    """Yield each kind of thing in small letters, and its name or ARN, of the calls of the operation."""
    for command in commands_in(text):
        called = _letters(command.operation)
        if not operation or called == operation.lower():
            yield from _things(called, {_letters(name): values for name, values in command.options})
    for each in descriptions(text):
        if not each.operation or not operation or each.thing == operation.lower():
            yield from _things(each.thing, {name: values for name, (values, _) in each.parameters.items()})
    for found in _OF_AN_API.finditer(text):
        yield from ((name, value) for name, value in found.groupdict().items() if value)
        yield "method", _METHOD.findall(text)[0] if _METHOD.search(text) else "GET"
    for found in _OF_TERRAFORM.finditer(text):
        yield _letters(found["kind"]), found["name"]


def _things(called: str, parameters: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    for name, values in parameters.items():
        if len(values) != 1 or not _PLAIN.fullmatch(values[0]):
            continue
        ending = next((each for each in _NAMES if name.endswith(each)), "")
        yield (name.removesuffix(ending) or called), values[0]


_PLAIN = regex(r"[\w.:/+=@-]+")


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
