"""Read the output of ``aws sts decode-authorization-message``: bare, in ``DecodedMessage``, escaped, or within a text.

Its fields: STS API reference, DecodeAuthorizationMessage.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from diagnostics.failure import Denial
from diagnostics.failure_details import DecodedMessage, MatchedStatement
from diagnostics.text.read.forms.cloudtrail_events import json_values
from iam.api_operations import action_for
from iam.arn import Arn
from iam.lazy_pattern import regex

_DEEPEST = 4


def decoded_messages(text: str) -> Iterator[Denial]:
    """Yield the denial that each decoded message in ``text`` describes."""
    if "explicitDeny" in text:
        found = list(_in_json(text)) or list(_in_lists(text))
        yield from found
        if found:
            return
    if _DECODED.search(text) is not None and (written := _in_fields(text)) is not None:
        yield written


def _in_json(text: str) -> Iterator[Denial]:
    for spelling in (text, text.replace('\\"', '"')):
        found = [denial for value, _, _ in json_values(spelling) if (denial := _denial(value, spelling, 0))]
        if found:
            yield from found
            return


# AWS CLI User Guide, "Filtering output": a list of a --query, or of jq's filter, has the values of its expressions in
# their order (https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-filter.html).
_SELECTION = regex(r"\[(?P<paths>[^\[\]\n]*\bexplicitDeny\b[^\[\]\n]*)\]")
_LIST = regex(r"^[ \t]*(?=\[)", re.MULTILINE)


def _in_lists(text: str) -> Iterator[Denial]:
    """Yield the denial in a list of values, each with the name by which the text selects it."""
    selected = _SELECTION.search(text)
    paths = [each.strip().lstrip(".") for each in selected["paths"].split(",")] if selected is not None else []
    for begin in _LIST.finditer(text, selected.end() if selected is not None else len(text)):
        try:
            values, _ = json.JSONDecoder().raw_decode(text, begin.end())
        except (ValueError, RecursionError):
            continue
        message = dict(zip(paths, values, strict=True)) if len(values) == len(paths) else {}
        if (denial := _denial(message, text, 0)) is not None:
            yield denial


_DECODED = regex(r"[Dd]ecod(?:e|ed|ing)\b|DecodedMessage")
_FIELD = regex(
    r"(?<![\w.-])(?:context\.)?(?P<name>allowed|explicitDeny|action|resource|principal(?:\.arn)?)[\"']?"
    r"(?:[ \t]*(?:[:=|]|[-=]>|\.{2,})[ \t]*|\t+|[ ]{2,})[\"']?(?P<value>[^\s\"',;|()]+)"
)
"""A field of the message as somebody wrote it down, in a list or in a sentence."""
_OF_THE_MESSAGE = regex(
    r"explicitDeny|matchedStatements|(?P<no>\b(?:not?|without)[ \t](?:an?[ \t])?)?\bexplicit deny", re.IGNORECASE
)
_LONGEST = 2_000


def _in_fields(text: str) -> Denial | None:
    """Return the denial of a message that somebody wrote down field by field; None if its action is not among them."""
    for place in _DECODED.finditer(text):
        passage = text[place.end() : place.end() + _LONGEST]
        fields = {each["name"].partition(".")[0]: each["value"] for each in _FIELD.finditer(passage)}
        said = list(_OF_THE_MESSAGE.finditer(passage))
        if not said or fields.get("allowed") == "true" or not _AN_ACTION.fullmatch(fields.get("action", "")):
            continue
        spoken = [each for each in said if " " in each[0]]
        explicit = fields.get("explicitDeny", "").lower()
        denies = explicit == "true" if explicit else bool(spoken) and not any(each["no"] for each in spoken)
        principal, resource = fields.get("principal", ""), fields.get("resource", "").rstrip(".")
        caller = principal if _A_CALLER.fullmatch(principal) else None
        return Denial(
            text=text,
            principal=caller,
            action=fields["action"],
            resource=resource if resource == "*" or resource.startswith("arn:") else None,
            stated_reason="explicit:unknown" if denies else None,
            decoded=DecodedMessage(denies),
        )
    return None


def _denial(value: object, text: str, depth: int) -> Denial | None:
    if isinstance(value, str) and depth < _DEEPEST and "explicitDeny" in value:
        try:
            return _denial(json.loads(value), text, depth + 1)
        except (ValueError, RecursionError):
            return None
    if not isinstance(value, dict) or depth > _DEEPEST:
        return None
    if "DecodedMessage" in value:
        return _denial(value["DecodedMessage"], text, depth + 1)
    if "explicitDeny" not in value or value.get("allowed") is True:
        return None
    return read_decoded(value, text)


def read_decoded(message: Mapping[str, Any], text: str) -> Denial:
    """Return the denial that one decoded message describes."""
    inner = message.get("context")
    inner = inner if isinstance(inner, dict) else _selected(message)
    principal = inner.get("principal")
    principal = principal if isinstance(principal, dict) else {}
    explicit = message.get("explicitDeny") is True
    return Denial(
        text=text,
        principal=_text(principal.get("arn")),
        action=_action(_text(inner.get("action")), _text(inner.get("resource"))),
        resource=_text(inner.get("resource")),
        stated_reason="explicit:unknown" if explicit else None,
        decoded=DecodedMessage(
            explicit,
            _conditions(inner.get("conditions")),
            tuple(map(_statement, _items(message.get("matchedStatements", _statements(message))))),
            tuple(json.dumps(each, ensure_ascii=False)[:300] for each in _items(message.get("failures"))),
        ),
    )


_AN_ACTION = regex(r"[a-z][a-z0-9-]{1,40}:[A-Z]\w+")
_A_CALLER = regex(r"arn:[\w-]+:(?:sts::\d{12}:(?:assumed-role|federated-user)|iam::\d{12}:user)/\S+")


def _selected(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return the context of a decoded message that was printed in part, under other names.

    Each field is recognized by its value. If two values have the form of one field, both are left out.
    """
    said = [each for each in message.values() if isinstance(each, str)]
    actions = [each for each in said if _AN_ACTION.fullmatch(each)]
    callers = [each for each in said if _A_CALLER.fullmatch(each)]
    others = [each for each in said if each.startswith("arn:") and each not in callers]
    return {
        "action": actions[0] if len(actions) == 1 else None,
        "resource": others[0] if len(others) == 1 else None,
        "principal": {"arn": callers[0]} if len(callers) == 1 else None,
    }


def _statements(message: Mapping[str, Any]) -> object:
    """Return the matched statements of a decoded message that was printed under other names.

    They are the only list whose items have the fields of statements.
    """
    lists = [each for each in message.values() if any("statementId" in item for item in _items(each))]
    return lists[0] if len(lists) == 1 else None


def _action(written: str | None, resource: str | None) -> str | None:
    """Return the action with its service. A missing service is taken from the resource's ARN."""
    arn = Arn.parse(resource or "")
    if written is None or ":" in written or arn is None:
        return written
    return action_for(written, arn.service) or written


def _statement(item: Mapping[str, Any]) -> MatchedStatement:
    return MatchedStatement(
        _text(item.get("statementId")),
        _text(item.get("effect")),
        _values(item.get("actions")),
        _values(item.get("resources")),
        _conditions(item.get("conditions")),
    )


def _conditions(value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(
        (key, values)
        for item in _items(value)
        if (key := _text(item.get("key"))) and (values := _values(item.get("values")))
    )


def _values(value: object) -> tuple[str, ...]:
    return tuple(str(entry["value"]) for entry in _items(value) if isinstance(entry.get("value"), str | int))


def _items(value: object) -> Sequence[Mapping[str, Any]]:
    """Return the list in ``{"items": [{…}]}``, as AWS nests lists here, or the list itself; empty for anything else."""
    listed = value.get("items") if isinstance(value, dict) else value
    if not isinstance(listed, list):
        return []
    return [item for item in listed if isinstance(item, dict)][:500]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
