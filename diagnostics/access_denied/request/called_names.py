"""The names of the things that the failed call works on: from its command, its code or Terraform's words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.access_denied.request.shown_calls import ShownCall, shown_calls
from iam.lazy_pattern import regex

# API Gateway Developer Guide, "Invoke REST APIs in API Gateway"; Amazon Web Services in China, "Endpoints and ARNs"
# (https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html,
# https://docs.amazonaws.cn/en_us/aws/latest/userguide/endpoints-arns.html).
_OF_AN_API = regex(
    r"https://(?P<api>[a-z0-9]{8,12})\.execute-api\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/"
    r"(?P<stage>[\w-]+)(?:/(?P<path>[\w./-]*\w))?(?=[\s\"'?)]|$)"
)
# API Gateway Developer Guide, "Set up Lambda proxy integration using the AWS CLI": the integration's URI ends so
# (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integration-using-cli.html).
_INVOKED = regex(r"/functions/(?P<function>arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w-]+(?::[\w$-]+)?)/invocations\b")
_METHOD = regex(r"(?:-X|--request|HTTP Method:)[ \t]*[\"']?(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b")
_CURL = r"\bcurl\b(?:\\\n|[^\n|])*\s"
_OPTIONS = (
    (regex(_CURL + r"(?:-I|--head)\b"), "HEAD"),
    (regex(_CURL + r"(?:-G|--get)\b"), "GET"),
    (regex(_CURL + r"(?:-T|--upload-file)\b"), "PUT"),
    (regex(_CURL + r"(?:-d|--data(?:-ascii|-binary|-raw|-urlencode)?|--json|-F|--form(?:-string)?)\b"), "POST"),
)
"""The HTTP method that an option of curl implies if no method is given (https://curl.se/docs/manpage.html)."""
_NAMES = ("name", "arn", "id")
"""The endings of parameters that identify the thing in the operation's name, such as ``trailname`` or plain ``name``.
"""
_PLAIN = regex(r"[\w.:/+=@-]+")
_PRINTED = regex(r"\"(?P<thing>[A-Za-z]+)Id\"\s*:\s*\"(?P<value>[\w-]+)\"")
"""The ID of a thing in a printed record, such as ``"applicationId": "00f1…"``."""

_IN_WORDS = regex(
    r"(?<![\w/:.-])(?P<thing>trail|recorder)[ \t]+(?:called[ \t]+|named[ \t]+)?[\"'`“]?"
    r"(?P<value>[A-Za-z]\w*[-_][\w-]*\w)(?![\w/:.])",
    re.IGNORECASE,
)
"""A thing that delivers logs, named in prose: ``the trail audit-all``."""


def named_thing(thing: str, text: str, operation: str | None) -> str:
    """Return the name or ARN of the call's ``thing`` of this kind (``trail``); "" if there is none, or several.

    A parameter ``Name`` is the name of the thing in the operation's name, as in CreateTrail.
    """
    found = {value for name, value in _identified(text, operation or "") if name.endswith(thing)}
    if not found:
        found = {each["value"] for each in _PRINTED.finditer(text) if each["thing"].lower() == thing}
    if not found:
        found = {each["value"] for each in _IN_WORDS.finditer(text) if each["thing"].lower() == thing}
    return found.pop() if len(found) == 1 else ""


def _identified(text: str, operation: str) -> Iterator[tuple[str, str]]:
    """Yield the kind (in lower-case letters) of each thing that the operation's calls name, with its name or ARN."""
    for call in shown_calls(text):
        if not operation or not call.operation or call.calls(operation):
            yield from _things(call)
    for invoked in _INVOKED.finditer(text):
        yield "invocation", invoked["function"]
    for found in _OF_AN_API.finditer(text):
        yield from ((name, value) for name, value in found.groupdict().items() if value)
        yield "method", _method(text)


def _method(text: str) -> str:
    """Return the HTTP method of the call: GET, unless the text names another or curl has an option for one."""
    if found := _METHOD.search(text):
        return found[1]
    return next((method for option, method in _OPTIONS if option.search(text)), "GET")


def _things(call: ShownCall) -> Iterator[tuple[str, str]]:
    for name, values in call.parameters.items():
        if len(values) == 1 and _PLAIN.fullmatch(values[0]):
            ending = next((each for each in _NAMES if name.endswith(each)), "")
            yield (name.removesuffix(ending) or call.works_on), values[0]
