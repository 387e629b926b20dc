"""Find a tag in the text with another value than a condition of an AWS managed policy that the text names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from diagnostics.text.near_pairs.deciding_policies import layer_of
from diagnostics.text.near_pairs.difference_and_advice import Basis, NearPair
from diagnostics.text.near_pairs.named_values import Paste
from diagnostics.text.near_pairs.request_or_policy import Side
from diagnostics.text.near_pairs.similarity import slip
from iam.lazy_pattern import regex
from iam.policy.match import compile_glob, names_action
from iam.policy.statements import Statement
from iam.words import listing

_NAME = regex(r"(?<![\w-])[A-Z][A-Za-z0-9_-]{5,80}(?![\w-])")
_KEY = regex(r"(?:[a-z0-9-]+:(?:resource|request|existingobject)tag/)(?P<key>.+)", re.IGNORECASE)
_NOT_LITERAL = regex(r"[*?$]")
_SWITCH = regex(r"true|false|yes|no|on|off|enabled|disabled|0|1", re.IGNORECASE)
"""A value that turns something on or off. Any other than the required one is a mistake."""
_ID = regex(r"(?<![\w-])(?:[a-z]{1,12}-[0-9a-f]{8,17}|arn:[\w-]+:[^\s\"',|]+)(?![\w-])")
_VALUE = r"[\"']?(?P<value>[\w.@+-]{1,80})"


def of_tags_of_managed_policies(paste: Paste) -> Iterator[NearPair]:
    """Yield a tag whose value an AWS managed policy in the text does not accept, with the policy's value.

    IAM User Guide, "IAM JSON policy elements: Condition operators": StringEquals compares letter case
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
    """
    denial = paste.denial
    if denial is None or "tag" not in paste.text.lower():
        return
    for name in dict.fromkeys(_NAME.findall(paste.text)):
        for key, wanted in _required(name, denial.missing_action or denial.action or "").items():
            for value, thing in _values(paste, key):
                if any(compile_glob(each)(value) for each in wanted):
                    continue
                switch = _SWITCH.fullmatch(value) is not None and any(map(_SWITCH.fullmatch, wanted))
                difference = next(filter(None, (slip(value, each) for each in wanted)), "")
                if difference or switch:
                    accepted = f"{key}={listing(list(wanted), 'or')}"
                    yield NearPair(
                        "tag",
                        f"{key}={value}",
                        f"the resource {thing}" if thing else "the text",
                        accepted,
                        f"the policy {name}",
                        difference or "the values differ",
                        Basis.OF_MANAGED,
                        layer_of(paste, "condition"),
                    )


def _required(name: str, action: str) -> Mapping[str, tuple[str, ...]]:
    """Return the tags that an AWS managed policy requires for the action, or for any action, with their values."""
    from iam.aws_managed_policies import find  # few texts name a policy and a tag

    policy = find(_by_name().get(name, ""))
    document = policy.document if policy is not None else None
    found: dict[str, tuple[str, ...]] = {}
    for each in document.statements if document is not None else ():
        if each.effect == "Allow" and (not action or names_action(each.action or (), action)):
            for key, values in _conditions(each):
                found[key] = tuple(dict.fromkeys((*found.get(key, ()), *values)))
    return found


def _conditions(statement: Statement) -> Iterator[tuple[str, tuple[str, ...]]]:
    for block in statement.conditions:
        found = _KEY.fullmatch(block.key)
        compares = block.operator.lower().startswith("string") and "not" not in block.operator.lower()
        if found is not None and compares and not any(map(_NOT_LITERAL.search, (found["key"], *block.values))):
            yield found["key"], block.values


@lru_cache(1)
def _by_name() -> Mapping[str, str]:
    from iam.aws_managed_policies import arns

    return {arn.rpartition("/")[2]: arn for arn in arns()}


def _values(paste: Paste, key: str) -> Iterator[tuple[str, str]]:
    """Yield each value of a tag outside the text's policies, with the resource that has it; "" if unknown."""
    text = paste.text
    if key.lower() not in text.lower():
        return
    name = re.escape(key)
    forms = (
        rf"(?<![\w:/.-]){name}[\"']?[ \t]*[=:][ \t]*{_VALUE}",
        rf"\bKey[\"']?\s*[=:]\s*[\"']?{name}[\"']?\s*,\s*(?P<fields>(?:[\"']?Resource\w+[\"']?\s*[=:]\s*[^\n,]*,\s*){{0,2}})"
        rf"[\"']?Value[\"']?\s*[=:]\s*{_VALUE}",
        rf"^(?P<row>[^\n]*)(?<![\w:/.-]){name}(?:[ \t]{{2,}}|[ \t]*[\t|][ \t|]*){_VALUE}[^\n]*$",
    )
    for form in forms:
        for found in re.finditer(form, text, re.MULTILINE):
            if paste.at(found.start()).side is not Side.RULE:
                yield found["value"], _thing_in(found[0])
    for listed in re.finditer(
        rf"^[^\n]*\bValues?=[\"']?{name}\b[^\n]*\n(?P<rows>(?:[^\n]*\S[^\n]*\n?)+)", text, re.MULTILINE
    ):
        for line in listed["rows"].splitlines():
            cells = line.split()
            if len(cells) > 1 and (thing := _thing_in(line)) and not _ID.fullmatch(cells[-1]):
                yield cells[-1], thing


def _thing_in(words: str) -> str:
    """Return the only resource that a row or an object of the output names, as the beginning of a sentence."""
    found = set(_ID.findall(words))
    return found.pop() if len(found) == 1 else ""
