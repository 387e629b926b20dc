"""Check each response against its request. A response that fails the check is incomplete or not from AWS.

botocore accepts nearly anything as a response: a web page with status 200 or a JSON body that it cannot parse becomes
an empty one (`botocore.parsers.BaseJSONParser`), missing members are left out, and a list that continues without a
marker ends. Here, each of these cases is a failed read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError

from iam.arn import account_of
from iam.sources.aws import read_calls
from iam.sources.aws.answer_table import ANSWERS, ENUMERATIONS, NOT_ALWAYS, SHAPES
from iam.sources.json_values import UnknownWord


class NotAnAnswer(BotoCoreError):  # type: ignore[misc]  # botocore has no types
    """Raised for a response that is incomplete or cannot come from AWS. ``reason`` says briefly what is wrong."""

    fmt = "{reason}"


_POLICY_AS_BODY = ("s3", "GetBucketPolicy")
_READS = ("Describe", "Get", "List", "Lookup", "Search", "Simulate", "Validate")
_BEGINNING = 1000
_REQUEST = "rolescope_request"
"""The key in a call's botocore context under which the call's operation and parameters are stored."""


def watch(client: Any, account: Callable[[], str] = lambda: "", *, any_read: bool = False) -> None:
    """Make every call of a boto3 client raise `NotAnAnswer` if the response does not match its request.

    The calls also raise it if the response is about a different account from ``account`` ("": not known yet). With
    ``any_read``, responses of reads that are not in `ANSWERS` are accepted too, if they can come from AWS.
    """
    events = client.meta.events
    # The emitter keeps strong references to the handlers, and lives as long as the client.
    events.register("before-parameter-build", _remember_request)
    events.register("before-parse", partial(_check_body, any_read))
    events.register("response-received", partial(_check_answer, account))


def _remember_request(params: Mapping[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
    context[_REQUEST] = model, dict(params)


# The body, before botocore parses it.


def _check_body(any_read: bool, operation_model: Any, response_dict: Mapping[str, Any], **_: Any) -> None:
    """Raise if botocore's parser would fail on the body, or would wrongly accept it."""
    service, operation = str(operation_model.service_model.service_name), str(operation_model.name)
    body: bytes = response_dict["body"]
    status = int(response_dict["status_code"])
    failed = status >= 300
    # an error page of a proxy is not from AWS; responses with status 500 or above are retried
    if failed and status < 500 and is_web_page(body):
        raise NotAnAnswer(reason=f"a web page with status {status}")
    known = operation in ANSWERS.get(service, {})
    if not known and operation.startswith(_READS) and not (failed or any_read):
        raise NotAnAnswer(reason=f"what {operation} always answers is not in {read_calls.__name__}")
    match operation_model.service_model.resolved_protocol:
        case "json" | "rest-json" if failed:
            right = not isinstance(_json(body), list | str | int | float)
        case "json" | "rest-json" if known:
            right = _has_form(_json(body), operation_model.output_shape)
        case "query" | "ec2" if not failed:
            right = f"{operation}Response".encode() in body[:_BEGINNING]
        case "rest-xml" if (service, operation) != _POLICY_AS_BODY:
            right = failed or not (is_web_page(body) or (any_read and not body.strip()))
        case _:
            right = failed or isinstance(_json(body), dict)
    if not right:
        raise NotAnAnswer(reason=_kind_of(body))


def _json(body: bytes) -> Any:
    """Return the JSON value of a body, or None if it is not JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _has_form(value: Any, shape: Any) -> bool:
    """Whether a JSON value has structures, lists and maps where the shape does, as botocore's parser expects."""
    if value is None or shape is None:
        return shape is None
    match shape.type_name:
        case "structure" if shape.is_document_type:
            return True
        case "structure":
            if not isinstance(value, dict):
                return False
            inner = (
                (value.get(member.serialization.get("name", name)), member) for name, member in shape.members.items()
            )
        case "list":
            if not isinstance(value, list):
                return False
            inner = ((each, shape.member) for each in value)
        case "map":
            if not isinstance(value, dict):
                return False
            inner = ((each, shape.value) for each in value.values())
        case _:
            return True
    return all(each is None or _has_form(each, member) for each, member in inner)


def is_web_page(body: bytes) -> bool:
    return body[:_BEGINNING].lstrip().lower().startswith((b"<!doctype html", b"<html"))


def _kind_of(body: bytes) -> str:
    if not body.strip():
        return "an empty answer"
    if is_web_page(body):
        return "a web page"
    return "an answer of another kind or a part of one"


# The answer, as botocore parsed it.

_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "character": (str,),
    "integer": (int, float),
    "long": (int, float),
    "float": (int, float),
    "double": (int, float),
    "boolean": (bool,),
    "timestamp": (datetime,),
    "structure": (dict,),
    "list": (list,),
    "map": (dict,),
}
"""The Python types that values of a shape may have, by botocore's type. Values of other types are not checked."""


@dataclass(slots=True)
class _Form:
    """The expected form of a value of one shape.

    Its fields are set after construction, because shapes can be recursive.
    """

    types: tuple[type, ...] | None
    required: tuple[str, ...] = ()
    members: dict[str, _Form] = field(default_factory=dict)
    item: _Form | None = None
    enumeration: frozenset[str] | None = None
    called: str = ""

    @property
    def deep(self) -> bool:
        return bool(self.members or self.item or self.enumeration)


@dataclass(frozen=True, slots=True)
class _Rule:
    """One row of `ANSWERS`: a path, and its relation to a parameter of the request."""

    path: tuple[str, ...]
    relation: str
    parameter: str

    @classmethod
    def of(cls, row: str) -> _Rule:
        path, relation, parameter = re.fullmatch(r"([^=$?]+)([=$?]?)(.*)", row).groups()  # type: ignore[union-attr]
        return cls(tuple(path.replace("[]", ".[]").split(".")), relation, parameter)


@dataclass(frozen=True, slots=True)
class _Check:
    """Everything that the responses of one operation are checked for."""

    form: _Form
    rules: tuple[_Rule, ...]
    more: str
    """The member that says whether a list continues, and the list's tokens; "" if there is none."""
    tokens: tuple[str, ...]


_FLAGS = ("IsTruncated", "Truncated")
_TOKENS = ("Marker", "NextMarker", "NextContinuationToken")


_CHECKS: dict[tuple[str, str], _Check] = {}


def _check_of(model: Any) -> _Check | None:
    """Return the checks for an operation's responses, or None if nothing is known about them."""
    service, operation = key = str(model.service_model.service_name), str(model.name)
    if key not in _CHECKS and operation in ANSWERS.get(service, {}):
        _CHECKS[key] = _make_check(service, operation, model.output_shape)
    return _CHECKS.get(key)


def _make_check(service: str, operation: str, shape: Any) -> _Check:
    form = _form(shape, service, frozenset(NOT_ALWAYS.get(service, {}).get(operation, ())), {})
    members = tuple(shape.members)
    flag = next((each for each in _FLAGS if each in members), "")
    return _Check(
        form,
        tuple(map(_Rule.of, ANSWERS[service][operation])),
        flag,
        tuple(each for each in _TOKENS if each in members),
    )


def _form(shape: Any, service: str, left_out: frozenset[str], made: dict[str, _Form]) -> _Form:
    if shape.name in made:
        return made[shape.name]
    if shape.type_name == "structure" and shape.is_document_type:
        return _Form(None)  # any JSON
    form = made[shape.name] = _Form(_TYPES.get(shape.type_name))
    match shape.type_name:
        case "structure":
            always = (*shape.required_members, *SHAPES.get(service, {}).get(shape.name, ()))
            form.required = tuple(each for each in dict.fromkeys(always) if f"{shape.name}.{each}" not in left_out)
            form.members = {name: _form(each, service, left_out, made) for name, each in shape.members.items()}
        case "list":
            form.item = _form(shape.member, service, left_out, made)
        case "map":
            form.item = _form(shape.value, service, left_out, made)
        case "string" if (called := ENUMERATIONS.get(service, {}).get(shape.name)) is not None:
            form.enumeration, form.called = frozenset(shape.enum), called
    return form


def _check_answer(
    account: Callable[[], str],
    parsed_response: Mapping[str, Any] | None = None,
    response_dict: Mapping[str, Any] | None = None,
    context: Mapping[str, Any] | None = None,
    **_: Any,
) -> None:
    """Raise if a successful response does not fit its request."""
    if parsed_response is None or parsed_response["ResponseMetadata"]["HTTPStatusCode"] >= 300 or not context:
        return
    model, parameters = context[_REQUEST]
    check = _check_of(model)
    if check is None:
        return
    service = str(model.service_model.service_name)
    answer = {name: each for name, each in parsed_response.items() if name != "ResponseMetadata"}
    _check_form(answer, check.form, "")
    _check_texts(answer, (response_dict or {}).get("body"))
    for rule in check.rules:
        _check_rule(answer, rule, parameters.get(rule.parameter))
    _check_end(answer, check)
    if service == "iam" and (own := account()):
        _check_account(answer, own)


def _check_form(value: Any, form: _Form, place: str) -> None:
    if form.types is not None and type(value) not in form.types:
        raise NotAnAnswer(reason=f"an answer of another kind: {place.removeprefix('.') or 'all of it'}")
    for name in form.required:
        if value.get(name) is None:
            raise NotAnAnswer(reason=f"an answer without {f'{place}.{name}'.removeprefix('.')}")
    if form.enumeration is not None and value not in form.enumeration:
        raise UnknownWord(form.called, value)
    if form.members:
        for name, each in value.items():
            inner = form.members.get(name)
            if inner is not None and (inner.deep or (inner.types is not None and type(each) not in inner.types)):
                _check_form(each, inner, f"{place}.{name}")
    elif (item := form.item) is not None:
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            if item.deep or (item.types is not None and type(each) not in item.types):
                _check_form(each, item, f"{place}[{key}]")


def _check_texts(answer: Mapping[str, Any], body: Any) -> None:
    """Raise if an XML list contains text instead of items: botocore parses it as an empty list."""
    for name, value in answer.items():
        if value == [] and isinstance(body, bytes) and re.search(rb"<%s>\s*[^<\s]" % re.escape(name).encode(), body):
            raise NotAnAnswer(reason=f"an answer of another kind: {name}")


def _check_rule(answer: Mapping[str, Any], rule: _Rule, given: Any) -> None:
    for found in _at(answer, rule.path):
        if found is None:
            if rule.relation == "?" and given is None:
                continue
            raise NotAnAnswer(reason=f"an answer without {rule.path[-1]}")
        if not rule.relation or given is None:
            continue
        wanted = [str(each).casefold() for each in (given if isinstance(given, list | tuple) else [given])]
        value = str(found).casefold()
        ends = rule.relation == "$" and wanted[0].endswith(f"/{value.removeprefix('https://')}")
        if not ends and value not in wanted:
            raise NotAnAnswer(reason=f"an answer to another request, with {rule.path[-1]} {str(found)[:_SHOWN]}")


_SHOWN = 200


def _at(value: Any, path: tuple[str, ...]) -> Iterator[Any]:
    """Yield the values at the path: several if it leads through lists, and None for each missing value."""
    if not path:
        yield value
    elif path[0] == "[]":
        for each in value or ():
            yield from _at(each, path[1:])
    else:
        yield from _at(value.get(path[0]) if isinstance(value, Mapping) else None, path[1:])


def _check_end(answer: Mapping[str, Any], check: _Check) -> None:
    """Raise if a list continues without a token, or has a token although it has ended."""
    if not check.more or not check.tokens:
        return
    more, token = answer.get(check.more), next((answer[each] for each in check.tokens if answer.get(each)), None)
    if more and not token:
        raise NotAnAnswer(reason=f"a list that goes on ({check.more}), without a {check.tokens[-1]}")
    if token and not more:
        raise NotAnAnswer(reason=f"a list with a {check.tokens[-1]}, but without {check.more}")


_ENTITIES = ("Role", "User", "Group", "InstanceProfile", "Policy")


def _check_account(answer: Mapping[str, Any], own: str) -> None:
    """Raise if IAM's entities belong to a different account from the one being read: the credentials have changed."""
    for kind in _ENTITIES:
        for key in (kind, "Policies" if kind == "Policy" else f"{kind}s", f"{kind}DetailList"):
            found = answer.get(key)
            for each in found if isinstance(found, list) else [found]:
                owner = account_of(str(each.get("Arn"))) if isinstance(each, Mapping) else None
                if owner not in (None, own):
                    raise NotAnAnswer(reason=f"an answer about account {owner}")
