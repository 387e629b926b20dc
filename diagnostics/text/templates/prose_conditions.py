"""Read conditions as people write them: ``Deny unless aws:SourceVpce = vpce-1``, ``StringLike: …:sub = repo:a/b:*``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from diagnostics.text.templates.policies import WrittenPolicy
from iam.lazy_pattern import regex
from iam.service_reference import action as known_action
from iam.service_reference import condition_keys, services

_KEY = r"(?P<key>(?<![\w.:/-])[a-z][a-z0-9-]{1,40}:[A-Za-z][\w./@=+-]{1,100}\w)"
_SENTENCE = regex(
    r"\b(?:(?P<deny>[Dd][Ee][Nn](?:[Yy]|[Ii][Ee][Ss])|refuses|blocks)|(?P<allow>[Aa]llows?|ALLOW))\b"
    r"(?P<what>[^.\n;{}]{0,160}?)"
    r"\b(?P<how>unless|except (?:when|if|where)|only (?:if|when|where|with)|if|when|where|without)\b"
    r"(?P<rest>[^\n;{}]{3,240})",
)
_TEST = regex(
    rf"{_KEY}[\"'`]?\s*(?:"
    r"(?P<null>(?:is |are )?(?:null|missing|absent|unset|empty|not (?:set|present|sent|given))\b)"
    r"|(?P<present>(?:is |are )?(?:present|set|sent|given)\b)"
    r"|(?P<not>!==?|<>|(?:is|are) (?:not|none of|outside(?: of)?)(?: in| one of| equal to)?|isn't|not in|not equal to"
    r"|differs from)\s*(?P<others>[^\n]+)"
    r"|(?P<is>===?|=|:|(?:is|are|in|equals|matches)(?: in| one of| equal to| like)?)\s*(?P<values>[^\n]+)"
    r"|(?P<bare>(?=$|[.,;)]|\s)))",
    re.IGNORECASE,
)
_FORM = regex(
    r"(?<![\w:\"'])(?P<operator>(?:For(?:All|Any)Values:)?"
    r"(?:String|Arn|Numeric|Date|Bool|Null|IpAddress|NotIpAddress)[A-Za-z]*)"
    rf"[\"'`]?[\s:=({{]{{1,4}}[\"'`]?{_KEY}[\"'`]?\s*(?:==?|:|,|\s)\s*(?P<values>[^\n]+)"
)
_ACTION = regex(r"(?<![\w:/.-])[a-z][a-z0-9-]{1,30}:(?:\*|[A-Z][A-Za-z0-9]{2,60}\*?)(?![\w:])")
_VALUE = regex(
    r"\s*[\"'`]?(?P<value>[\w*$][\w.:/*@${}+=?-]*[\w*}](?:={1,2}(?=[\"'`\s]|$))?|[\w*])[\"'`]?\s*(?P<more>,\s*(?:or\s+|and\s+)?|\bor\s+|\band\s+|\|\s*)?"
)
_NEXT_FORM = regex(
    r"\s*(?:(?:String|Arn|Numeric|Date)[A-Z]\w+|Bool|Null|(?:Not)?IpAddress)[\"'`]?[\s:=({]{1,4}[\"'`]?[a-z]+:"
)
"""The operator and the key of the next condition."""
_GLOBAL = regex(
    r"aws:(?:[A-Z][A-Za-z]{4,40}(?:/\S+)?|(?i:(?:source|principal|request|resource|called|via|multifactor|secure)"
    r"[a-z]{2,30}(?:/\S+)?)|userid|username|referer)$"
)
_IP = ("aws:sourceip", "aws:vpcsourceip")
_ARNS = ("aws:sourcearn", "aws:principalarn", "iam:permissionsboundary", "iam:policyarn")
"""Keys whose values are ARNs."""


def prose_conditions(text: str, read: Iterable[tuple[int, int]] = ()) -> Iterator[WrittenPolicy]:
    """Yield the statements described in sentences outside of ``read``.

    Each has its effect, its condition and, if the sentence names some, its actions.
    """
    spans = list(read)
    at = 0
    while found := _SENTENCE.search(text, at):
        at = found.start("rest")
        if any(start <= found.start() < stop for start, stop in spans):
            continue
        rest = _NEXT.split(found["rest"])[0]
        if any(is_key(form["key"]) for form in _FORM.finditer(rest)):
            continue  # the operator decides, and not the word "if" or "unless" before it
        tests = [each for each in _TEST.finditer(rest) if is_key(each["key"])]
        if not tests or _NEGATED.search(text[max(0, found.start() - 24) : found.start()]):
            continue
        if _ON_RESOURCES.search(found["what"]):
            continue  # a whole statement: its actions and its resources are read together
        conditions: dict[str, dict[str, list[str]]] = {}
        reverse = found["how"].startswith(("unless", "except", "without")) == bool(found["deny"])
        for each in tests[:1] if reverse else tests[:2]:
            name, values = _condition(each, reverse=bool(found["deny"]) and reverse)
            conditions.setdefault(name, {})[each["key"]] = values
        if found["allow"] and found["how"].startswith(("unless", "except", "without")):
            continue
        statement: dict[str, Any] = {"Effect": "Deny" if found["deny"] else "Allow", "Condition": conditions}
        if actions := [each for each in _ACTION.findall(found["what"]) if each.partition(":")[0] in services()]:
            statement["Action"] = actions
        elif found["deny"] and _EVERYTHING.search(found["what"]):
            statement["Action"] = ["*"]
        if _OF_RESOURCE.search(text[max(0, found.start() - 80) : found.start()]):
            statement["Principal"] = "*"
        end = found.start("rest") + len(rest)
        spans.append((found.start(), end))
        yield WrittenPolicy(found.start(), end, (statement,), False)


def loose_conditions(text: str, read: Iterable[tuple[int, int]] = ()) -> Iterator[WrittenPolicy]:
    """Return the conditions outside ``read`` that are only an operator, a key and its values."""
    spans = list(read)
    for found in _FORM.finditer(text):
        from iam.policy.operators import operator  # most texts have no condition

        if any(start <= found.start() < stop for start, stop in spans) or operator(found["operator"]) is None:
            continue
        values = _values(found["values"])
        if is_key(found["key"]) and values:
            spans.append(found.span())
            statement = {"Condition": {found["operator"]: {found["key"]: values}}}
            yield WrittenPolicy(found.start(), found.end(), (statement,), False)


_LEAD = regex(
    r"[\s,;()\"'`\]]{0,6}(?:(?:and|with|but|only)\s+)*(?:(?:the\s+)?conditions?[:\s]{1,3})?(?P<how>(?:only\s+|nur\s+)?"
    r"(?:unless|except (?:when|if|where)|if|when|where|with|wenn|si)\b)?[\s:]*",
    re.IGNORECASE,
)


def condition_after(text: str, at: int, *, deny: bool) -> tuple[dict[str, dict[str, list[str]]], int] | None:
    """Return the condition that follows a statement's actions and resources on the same line, and its end position.

    ``deny``: the statement is a Deny. Return None if no condition follows.
    """
    from iam.policy.operators import operator  # most texts have no condition

    lead = _LEAD.match(text, at)
    begin = at if lead is None else lead.end()
    if (written := _in_json(text, begin)) is not None:
        return written
    how = (lead["how"] or "").lower() if lead else ""
    reverse = how.startswith(("unless", "except"))
    if (form := _FORM.match(text, begin)) and operator(form["operator"]) and (values := _values(form["values"])):
        end = form.start("values") + _length(form["values"])
        name, values = _reversed(form["operator"], values) if reverse else (form["operator"], values)
        return ({name: {form["key"]: values}}, end) if is_key(form["key"]) and (deny or not reverse) else None
    test = _TEST.match(text, begin)
    if test is None or not (how or test["is"] or test["not"]) or not is_key(test["key"]) or (reverse and not deny):
        return None
    name, values = _condition(test, reverse=reverse)
    group = next((each for each in ("values", "others") if test[each]), None)
    end = test.end() if group is None else test.start(group) + _length(test[group])
    return {name: {test["key"]: values}}, end


def _in_json(text: str, at: int) -> tuple[dict[str, dict[str, list[str]]], int] | None:
    """Return the condition that is written as JSON here, and the position of its end; None if there is none."""
    from iam.policy.operators import operator  # most texts have no condition

    try:
        value, end = json.JSONDecoder().raw_decode(text, at) if text[at : at + 1] == "{" else (None, at)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or not value:
        return None
    if not all(isinstance(block, dict) and operator(kind) for kind, block in value.items()):
        return None
    listed = {
        kind: {key: had if isinstance(had, list) else [had] for key, had in block.items()}
        for kind, block in value.items()
    }
    return {
        kind: {key: [str(each) for each in had] for key, had in block.items()} for kind, block in listed.items()
    }, end


_NEGATED = regex(r"\b(?:not?|never|n't|would|should|could|must|to|why|whether|does|did)\s+$", re.IGNORECASE)
_NEXT = regex(r"\b(?:and|or|but|also),? (?=den(?:y|ies)\b|allows?\b)|\. ", re.IGNORECASE)
"""The beginning of the next sentence."""
_OF_RESOURCE = regex(
    r"\b(?:bucket|key|queue|topic|secret|vault|repo(?:sitory)?|resource|domain|function|table|stream)(?:'s)?"
    r"(?: access)? polic(?:y|ies)\b",
    re.IGNORECASE,
)
_ON_RESOURCES = regex(
    r"[a-z0-9]:[A-Z*]\w*[\"'`\])]{0,2}"
    r"(?:,?[ \t]+(?:on|for)[ \t]+(?!everyone|everybody|all\b|any)|[ \t]+Principal\b|[ \t]+(?:arn:|[\w.-]+/\*))"
)
_EVERYTHING = regex(r"\b(?:everything|all|any(?:thing)?|every|\*)", re.IGNORECASE)


def is_key(name: str) -> bool:
    """Return whether AWS lists the name as a condition key."""
    low = name.lower()
    if _GLOBAL.match(name):
        return True
    listed = condition_keys(low.partition(":")[0]) if low.partition(":")[0] in services() else {}
    return known_action(name) is None and any(
        low == each or ("${" in each and low.startswith(each.partition("${")[0])) for each in listed
    )


def _condition(test: re.Match[str], *, reverse: bool) -> tuple[str, list[str]]:
    """Return the operator and the values of a test. ``reverse``: the statement applies if the test is not met."""
    if test["null"] or test["present"] or (test["bare"] is not None and not (test["is"] or test["not"])):
        absent = bool(test["null"]) != reverse
        return "Null", ["true" if absent else "false"]
    negated = bool(test["not"]) != reverse
    values = _values(test["others"] or test["values"] or "") or ["..."]
    if test["key"].lower() in _ARNS and not any(":" in each or "*" in each for each in values):
        values = ["..."]  # a word for the resource
    return _operator(test["key"].lower(), values, negated=negated), values


def _reversed(name: str, values: list[str]) -> tuple[str, list[str]]:
    """Return the operator and values of a statement that applies "unless" ``name`` matches ``values``.

    The operator is the opposite one. A negated operator is returned unchanged, because "unless StringNotEquals" quotes
    the statement's own operator. The values are ``...``, which means unknown, if the operator has no opposite.
    """
    if "Not" in name:
        return name, values
    if name in ("Bool", "Null") and values in (["true"], ["false"]):
        return name, ["false" if values == ["true"] else "true"]
    if name == "IpAddress":
        return "NotIpAddress", values
    opposite = re.fullmatch(r"(String|Arn|Numeric|Date)(Equals|Like|EqualsIgnoreCase)", name)
    return (f"{opposite[1]}Not{opposite[2]}", values) if opposite else (name, ["..."])


def _operator(key: str, values: list[str], *, negated: bool) -> str:
    if values in (["true"], ["false"]):
        if negated:
            values[0] = "false" if values[0] == "true" else "true"
        return "BoolIfExists" if negated else "Bool"
    if key in _IP:
        return "NotIpAddress" if negated else "IpAddress"
    kind = "Arn" if all(each.startswith("arn:") for each in values) else "String"
    like = kind == "Arn" or any("*" in each for each in values)
    return f"{kind}{'Not' if negated else ''}{'Like' if like else 'Equals'}"


_NO_VALUE = regex(
    r"(?:th(?:at|is|e|eirs)|a|an|it|its|our|ours|my|set|present|there|something|some|one)$", re.IGNORECASE
)
"""Words that people write instead of a value."""


def _values(written: str) -> list[str]:
    """Return the values in a list written in words: ``eu-west-1, eu-central-1``, ``[a, b]``, ``"a" or "b"``."""
    return [each for each, _ in _listed(written)]


def _length(written: str) -> int:
    """Return the length of ``written`` up to the end of the last value."""
    return max((end for _, end in _listed(written)), default=0)


def _listed(written: str) -> list[tuple[str, int]]:
    """Return the values, each with the position where it ends. Words that replace a value are left out."""
    found: list[tuple[str, int]] = []
    at = len(written) - len(written.lstrip(" \t[({"))
    while value := _VALUE.match(written, at):
        quoted = value.start("value") > 0 and written[value.start("value") - 1] in "\"'`"
        if found and (is_key(value["value"]) or _NEXT_FORM.match(written, at)):
            break
        if not quoted and _NO_VALUE.match(value["value"]):
            break
        found.append((value["value"], value.end("value")))
        at = value.end()
        if not value["more"]:
            break
    return found[:10]
