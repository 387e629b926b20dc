"""Find the JSON values in a text that may be policy documents, and the statements in each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from diagnostics.access_denied.pasted.placeholders import resource_texts
from diagnostics.failure import Denial
from diagnostics.text.templates.bare import bare_statements
from diagnostics.text.templates.elements import with_plain_principals
from diagnostics.text.templates.line_marks import without_line_marks
from diagnostics.text.templates.policies import WrittenPolicy, written_policies
from diagnostics.text.templates.prose_conditions import loose_conditions, prose_conditions
from diagnostics.text.templates.rows import row_policies
from diagnostics.text.templates.shorthand import shorthand_policies
from diagnostics.text.templates.shown_principals import shown_principals
from diagnostics.words import is_trust_action
from iam.arn import Arn
from iam.lazy_pattern import regex

MOST_CHARACTERS = 40_000
"""The maximum number of characters of a text in which to look for documents.

The largest policy has 20,480 (IAM quotas, role trust and managed).
"""
_NAMES = "Sid|Effect|Action|NotAction|Resource|NotResource|Principal|NotPrincipal|Condition"
_MEMBER = regex(rf'"({_NAMES})"\s*:\s*')
_OPERATOR = r"(?:For(?:All|Any)Values:)?(?:String|Numeric|Date|Bool|Ip|Arn|NotIp|Null|Binary)\w*"
_PART = regex(rf'"({_NAMES}|{_OPERATOR})"\s*:\s*')
_START = {"{": regex(r"\{"), '"': regex(rf'"(?:{_NAMES}|{_OPERATOR})"\s*:')}
_BETWEEN = regex(r"[\s,]*")
_NAMES_A_POLICY = regex(r"polic|boundar|\bSCP\b|\bRCP\b|\bidentity\b|\btrust\b|\bsession\b", re.IGNORECASE)


class _Parts(dict[str, Any]):
    """Adjacent statements without the document around them."""


def read_values(text: str) -> tuple[tuple[tuple[int, int, Any], ...], tuple[WrittenPolicy, ...]]:
    """Return the JSON values of the text with their positions, and the policies in other languages.

    Members of a statement without its braces are also a value.
    """
    text = without_line_marks(text)
    objects = _side_by_side(text, list(_json_values(text, "{")))
    objects += _in_strings(text, [(start, end) for start, end, _ in objects])
    spans = [(start, end) for start, end, _ in objects]
    text = with_plain_principals(text)
    written = tuple(written_policies(text, spans))
    # A part of a statement that happens to be JSON is not a separate statement.
    objects = [one for one in objects if not any(each.start < one[0] and one[1] <= each.end for each in written)]
    spans += [(each.start, each.end) for each in written]
    members = [each for each in _json_values(text, '"') if not any(start <= each[0] < end for start, end in spans)]
    # An object inside such members is the value of one of them.
    objects = [one for one in objects if not any(each[0] < one[0] and one[1] <= each[1] for each in members)]
    alone = [each for each in members if _is_resource_in_words(text, each)]
    members = [each for each in members if each not in alone]
    written += tuple(
        WrittenPolicy(
            start, end, ({"Effect": "Allow", "Resource": resource_texts(value["Resource"])},), True, listed=True
        )
        for start, end, value in alone
    )
    spans += [(start, end) for start, end, _ in alone]
    spans += [(start, end) for start, end, _ in members]
    bare = tuple(bare_statements(text, spans))
    spans += [(each.start, each.end) for each in bare]
    rows = tuple(row_policies(text, spans))
    spans += [(each.start, each.end) for each in rows]
    spoken = tuple(prose_conditions(text, spans))
    written += bare + tuple(each for each in rows if each.statements) + spoken
    spans += [(each.start, each.end) for each in spoken]
    listed = tuple(shorthand_policies(text, spans))
    # A condition in JSON after a statement in words belongs to that statement.
    objects = [one for one in objects if not any(each.start < one[0] and one[1] <= each.end for each in listed)]
    spans += [(each.start, each.end) for each in listed]
    written += listed + tuple(loose_conditions(text, spans)) + tuple(shown_principals(text, spans))
    return (*objects, *members), tuple(_with_settings(each, text) for each in written)


_SETTING = regex(r"\$\{self:custom\.(?P<name>[\w-]+)\}")


def _with_settings(policy: WrittenPolicy, text: str) -> WrittenPolicy:
    """Return the policy with the values of those Serverless Framework settings that the text states exactly once.

    Serverless Framework, "Variables" (https://www.serverless.com/framework/docs/guides/variables/self).
    """

    def value(found: re.Match[str]) -> str:
        line = rf"^[ \t]*{re.escape(found['name'])}:[ \t]*[\"']?([\w/.*:-]+)[\"']?[ \t]*$"
        stated = re.findall(line, text, re.MULTILINE)
        return str(stated[0]) if len(stated) == 1 else found[0]

    statements = [
        {**each, "Resource": [_SETTING.sub(value, one) for one in resource_texts(each["Resource"])]}
        if _SETTING.search(str(each.get("Resource", "")))
        else each
        for each in policy.statements
    ]
    return replace(policy, statements=tuple(statements))


def _is_resource_in_words(text: str, member: tuple[int, int, Any]) -> bool:
    """Return whether a Resource without other elements belongs to a policy.

    It does if words on its line or on the line before are about a policy, or if it is a pattern and the only element in
    the text. A Resource that is only a name belongs to no policy, because it is compared with the denied resource's
    name.
    """
    pattern = member[2].keys() == {"Resource"} and re.search(r"[*?]", str(member[2]["Resource"])) is not None
    if pattern and text.count('"Resource"') == 1 and not _OTHER_ELEMENT.search(text):
        return True
    before = "\n".join(text[: member[0]].split("\n")[-2:])
    return member[2].keys() == {"Resource"} and _SAID.search(before) is not None


_OTHER_ELEMENT = regex(r"\"(?:Not)?(?:Action|Resource|Principal)\"(?<!\"Resource\")|\"Statement\"|Task")
_SAID = regex(r"(?<![\w:/-])(?:polic(?:y|ies)|statements?|permissions?|role)(?![\w/])", re.IGNORECASE)


def _side_by_side(text: str, objects: list[tuple[int, int, Any]]) -> list[tuple[int, int, Any]]:
    """Merge statements that only a comma or spaces separate into one value, so that they count together."""
    found: list[tuple[int, int, Any]] = []
    for start, end, value in objects:
        last = found[-1] if found else None
        if last and _is_statement(value) and _BETWEEN.fullmatch(text, last[1], start):
            if isinstance(last[2], _Parts):
                last[2]["Statement"].append(value)
                found[-1] = (last[0], end, last[2])
                continue
            if _is_statement(last[2]):
                found[-1] = (last[0], end, _Parts(Statement=[last[2], value]))
                continue
        found.append((start, end, value))
    return found


def _is_statement(value: Any) -> bool:
    return isinstance(value, dict) and "Effect" in value and "Statement" not in value


def _json_values(text: str, begins: str) -> Iterator[tuple[int, int, Any]]:
    """Yield every JSON object in the text, or every run of a statement's members, with its start and end."""
    decoder, at = json.JSONDecoder(), 0
    read = decoder.raw_decode if begins == "{" else partial(_members, decoder)
    while found := _START[begins].search(text, at):
        try:
            value, at = read(text, found.start())
        except (ValueError, RecursionError):
            at = found.end()
        else:
            yield found.start(), at, value


_STRING = regex(r"\"\{[ \t]*(?:\\\\n)?[ \t]*\\\"(?:Version|Statement|Id|Sid|Effect)\\\"")
"""A string that contains a policy in JSON, as AWS prints it: ``"Policy": "{\\"Version\\"…"``."""


def _in_strings(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int, Any]]:
    """Return the policies in strings outside ``spans``, with the positions of the strings."""
    decoder, found = json.JSONDecoder(), []
    for each in _STRING.finditer(text):
        if any(start <= each.start() < end for start, end in spans):
            continue
        try:
            inner, end = decoder.raw_decode(text, each.start())
            found.append((each.start(), end, json.loads(inner)))
        except (ValueError, RecursionError):
            continue
    return found


def _members(decoder: json.JSONDecoder, text: str, at: int) -> tuple[dict[str, Any], int]:
    """Return the members of a statement or condition block that begin at this position, and where they end."""
    found: dict[str, Any] = {}
    while member := _PART.match(text, at):
        found[member[1]], at = decoder.raw_decode(text, member.end())
        if between := _BETWEEN.match(text, at):
            at = between.end()
    return found, at


def named_parts(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield each value of an object that names its policies, with the name.

    For any other value, yield the value and "".
    """
    named = isinstance(value, dict) and bool(value) and all(_NAMES_A_POLICY.search(str(name)) for name in value)
    if not named or not all(isinstance(had, dict | list) for had in value.values()):
        yield "", value
        return
    yield from ((str(name), had) for name, had in value.items())


def is_document(value: Any) -> bool:
    """Return whether a JSON value contains a complete policy document, not only statements."""
    return isinstance(value, dict) and not isinstance(value, _Parts) and "Statement" in json.dumps(value)


def statements_in(value: Any, denial: Denial, action: str) -> Iterator[Any]:
    """Yield the statements of each document within the value.

    A document is a policy, a single statement, or a block of conditions.
    """
    from iam.policy.operators import operator  # most texts have no document

    if isinstance(value, str) and value.lstrip().startswith("{"):
        for *_, inner in _json_values(value[:MOST_CHARACTERS], "{"):
            yield from statements_in(inner, denial, action)
    elif isinstance(value, list):
        for each in value:
            yield from statements_in(each, denial, action)
    elif isinstance(value, dict) and "eventSource" not in value:  # a record of another call
        if "Statement" in value:
            yield value["Statement"]
        elif value and all(isinstance(had, dict) and operator(name) for name, had in value.items()):
            yield [completed({"Condition": value}, denial, action)]
        elif value.keys() == {"Resource"} or value.keys() == {"NotResource"}:
            return  # many documents have such a member: in Step Functions it names the API that a state calls
        elif value and all(_MEMBER.match(f'"{name}":') for name in value) and value.keys() - {"Sid", "Effect"}:
            yield [completed(value, denial, action)]
        else:
            for each in value.values():
                yield from statements_in(each, denial, action)


def completed(members: dict[str, Any], denial: Denial, action: str) -> dict[str, Any]:
    """Return the statement with these members. Elements that the text omits are assumed to match the request."""
    refuses = (denial.stated_reason or "").startswith("explicit:")
    statement: dict[str, Any] = {"Effect": "Deny" if refuses else "Allow", **members}
    if not members.keys() & {"Action", "NotAction"}:
        statement["Action"] = action
    if not is_trust_action(action):
        return statement if members.keys() & {"Resource", "NotResource"} else {**statement, "Resource": "*"}
    if members.keys() & {"Resource", "NotResource"}:
        return statement  # a trust policy has no Resource, so this statement is the caller's own
    if not members.keys() & {"Principal", "NotPrincipal"}:
        keys = [key for block in members.get("Condition", {}).values() for key in block]
        host = next((key.rpartition(":")[0] for key in keys if key.endswith((":sub", ":aud"))), None)
        role = Arn.parse(denial.resource or "")
        partition, account = (role.partition, role.account) if role and role.account else ("aws", "000000000000")
        provider = {"Federated": f"arn:{partition}:iam::{account}:oidc-provider/{host}"}
        statement["Principal"] = "*" if host is None else provider
    return statement
