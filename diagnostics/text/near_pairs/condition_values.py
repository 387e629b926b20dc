"""Find a name that a condition in the text spells differently, and an identity provider that no policy trusts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from diagnostics.access_denied.pasted.json_in_text import read_values
from diagnostics.access_denied.pasted.request_in_words import without
from diagnostics.text.near_pairs.deciding_policies import layer_of
from diagnostics.text.near_pairs.difference_and_advice import Basis, NearPair
from diagnostics.text.near_pairs.named_values import Paste
from diagnostics.text.near_pairs.request_or_policy import Side
from diagnostics.text.near_pairs.similarity import id_slip, slip
from iam.arn import Arn
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME
from iam.words import listing

_COMPARES = regex(r"(?:For(?:All|Any)Values:)?(?:String|Arn)(?P<negated>Not)?(?:Equals|Like)\w*")
_NAME = regex(r"[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?")
_TELLING = regex(r"[-_.\d]|[a-z][A-Z]")
"""Characters that a name has and an English word does not."""
_REGION = regex(rf"{REGION_NAME}[a-z]?")
"""A Region or an Availability Zone."""
_SHORTEST = 6
# Amazon EC2 Instance Types, "Instance type naming conventions"
# (https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html).
_SIZE = regex(r"\.(?:nano|micro|small|medium|\d*x?large|metal(?:-\w+)?)$")
_OF_A_RESOURCE = regex(r"the (?:bucket|queue|topic|bus|key|resource|repository) policy")
_FLAG = regex(r"(?<![\w-])--([A-Za-z][\w-]*\w)")
"""A program's option. Its name is not a value of a request."""
_OPEN = regex(r"[*?$<>{}]|\.\.\.|…")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A name in a condition's value: ``kind`` is the noun for it, ``value`` the complete value.

    ``key`` is the condition's key, ``listed`` are all its values.
    """

    kind: str
    name: str
    value: str
    key: str = ""
    listed: tuple[str, ...] = ()

    @property
    def chosen(self) -> bool:
        """Whether the value is one of several that a request may choose, or an instance size."""
        return len(self.listed) > 1 or _SIZE.search(self.value) is not None


def of_condition_values(paste: Paste) -> Iterator[NearPair]:
    """Yield the only name outside the policies that is nearly the name in a condition.

    Nothing is yielded if the text also has the condition's exact spelling outside its policies.
    """
    if not _COMPARES.search(paste.text):
        return
    values, written = read_values(paste.text)
    spans = [(start, end) for start, end, value in values if _has_condition(value)]
    spans += [(each.start, each.end) for each in written]
    blocks = [value for *_, value in values] + [list(each.statements) for each in written]
    wanted = {each.name: each for value in blocks for each in _wanted(value)}
    names = set(_NAME.findall(without(paste.text, spans))) - set(_FLAG.findall(paste.text)) if wanted else set()
    for name, each in wanted.items():
        near = {other: why for other in names - wanted.keys() if (why := _near(other, name))}
        if name in names or len(near) != 1:
            continue
        ((other, difference),) = near.items()
        at = next((one.start() for one in re.finditer(rf"(?<![\w.-]){re.escape(other)}(?![\w-])", paste.text)), 0)
        place, rule = paste.at(at).place, paste.at(max(0, paste.text.find(each.value))).place
        code = "resource.condition-unmet" if _OF_A_RESOURCE.match(rule) else layer_of(paste, "condition")
        if each.chosen and other.lower() != name.lower():
            listed, rule = listing(list(each.listed), "or"), f"the condition on {each.key}"
            yield NearPair(each.kind, other, place, listed, rule, "it is not in the list", Basis.ONE_OF, code)
            continue
        yield NearPair(each.kind, other, place, name, rule, difference, Basis.RULE, code)


def _near(other: str, name: str) -> str:
    if len(other) < _SHORTEST or not _TELLING.search(other):
        return ""
    return slip(other, name) or id_slip(other, name)


def _has_condition(value: Any) -> bool:
    return any(True for _ in _blocks(value))


def _wanted(value: Any) -> Iterator[_Wanted]:
    for key, each, listed in _blocks(value):
        if "tag/" in key.lower() or "amazonaws.com" in each or _OPEN.search(each) or _REGION.fullmatch(each):
            continue
        arn = Arn.parse(each)
        name = each if arn is None else re.split("[:/]", arn.resource)[0 if arn.service == "s3" else -1]
        kind = "bucket" if arn is not None and arn.service == "s3" else (arn.type if arn is not None else "") or "name"
        if len(name) >= _SHORTEST and _NAME.fullmatch(name) and _TELLING.search(name) and not name.isdecimal():
            yield _Wanted(kind, name, each, key, listed)


def _blocks(value: Any, *, denies: bool = False) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield the key, one value and all values, for each value of the conditions that an allowed request must meet.

    These are the positive conditions of an Allow and the negated conditions of a Deny, on strings or ARNs.
    """
    if isinstance(value, list):
        for each in value:
            yield from _blocks(each, denies=denies)
    elif isinstance(value, dict):
        denies = value.get("Effect", "Deny" if denies else "Allow") == "Deny"
        for name, inner in value.items():
            compares = _COMPARES.fullmatch(str(name))
            if compares is None or not isinstance(inner, dict):
                yield from _blocks(_inside(inner), denies=denies)
            elif bool(compares["negated"]) == denies and "IgnoreCase" not in str(name):
                for key, had in inner.items():
                    listed = had if isinstance(had, list) else [had]
                    texts = tuple(each for each in listed if isinstance(each, str))
                    yield from ((str(key), each, texts) for each in texts)


def _inside(value: Any) -> Any:
    """Return the document that a string contains, as AWS prints a policy in JSON; any other value is unchanged."""
    try:
        return json.loads(value) if isinstance(value, str) and value.startswith("{") else value
    except ValueError:
        return value


def of_letter_case(paste: Paste) -> Iterator[NearPair]:
    """Yield an ARN that a condition in the text contains in another letter case, which matters also for ARNs.

    IAM User Guide, "IAM JSON policy elements: Condition operators", Amazon Resource Name (ARN) condition operators
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
    """
    rules = [each for each in paste.arns if each.side is Side.RULE and _must_match(paste.rule_before(each.at))]
    named = {each.value for each in rules}
    for asked in paste.arns:
        if asked.side is Side.RULE or asked.value in named:
            continue
        for other in rules:
            if other.value.lower() == asked.value.lower():
                code, difference = layer_of(paste, "condition"), slip(asked.value, other.value)
                yield NearPair("ARN", asked.value, asked.place, other.value, other.place, difference, Basis.RULE, code)


def _must_match(before: str) -> bool:
    """Whether a value that follows these words of a policy must match the request.

    It must in an Allow, and in an exemption from a Deny.
    """
    compares = list(_COMPARES.finditer(before))
    if not compares or "IgnoreCase" in compares[-1][0]:
        return False
    return bool(compares[-1]["negated"]) == ("Deny" in before)


_FEDERATED = regex(r"\bFederated[\"']?\s*[:=]\s*(?:\[[^\]]{0,2000}\]|[\"']?[^\s\"',\]}]+)")
"""A trust policy's provider, or its list of providers."""
_AFTER_A_ROLE = regex(r":role/[\w+=,.@/-]*,\s*$")
_BEFORE_A_ROLE = regex(r",\s*arn:[\w-]+:iam::\d{12}:role/")
"""The place of the provider in a value of the assertion's Role attribute."""
_WITHIN = 200
_PROVIDER = regex(r"arn:[\w-]+:iam::\d{12}:saml-provider/(?P<name>[\w.-]*\w)")


def of_providers(paste: Paste) -> Iterator[NearPair]:
    """Yield the provider of a SAML assertion, if the trust policy in the text names only a different provider.

    IAM User Guide, "Configure SAML assertions for the authentication response": the assertion's Role attribute names
    the role and its provider
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html).
    """
    spans = [each.span() for each in _FEDERATED.finditer(paste.text)]
    named: dict[bool, dict[str, int]] = {True: {}, False: {}}
    for each in _PROVIDER.finditer(paste.text):
        trusts = any(start <= each.start() < end for start, end in spans)
        before, after = paste.text[max(0, each.start() - _WITHIN) : each.start()], paste.text[each.end() :]
        if trusts or _AFTER_A_ROLE.search(before) or _BEFORE_A_ROLE.match(after):
            named[trusts].setdefault(each[0], each.start())
    trusted, asserted = named[True], named[False]
    if len(asserted) == 1 and trusted and not asserted.keys() & trusted.keys():
        asked, other = next(iter(asserted)), next(iter(trusted))
        yield NearPair(
            "identity provider",
            asked,
            "the assertion",
            other,
            "the trust policy",
            "they are two providers",
            Basis.RULE,
            "trust.principal-mismatch",
            also=" While you change from one provider to the other, the trust policy can name both.",
        )
