"""Checks of condition values: whether the operator can compare them with the key."""

from __future__ import annotations

import base64
import binascii
import re
from ipaddress import ip_address

from iam.policy.lint.finding import ERROR, SUGGESTION, WARNING, Policy, Text
from iam.policy.match import has_wildcard
from iam.policy.operators import Operator
from iam.policy.value_forms import ENDPOINT, FORMS, REGION, SERVICE, SERVICE_OF_A_REGION, VPC, is_private
from iam.policy.values import instant, network, number

_variable = re.compile(r"\$\{[^{}]*\}")
_CODES = {
    SERVICE: "INVALID_SERVICE_PRINCIPAL_FORMAT",
    SERVICE_OF_A_REGION: "INVALID_SERVICE_PRINCIPAL_FORMAT",
    VPC: "INVALID_VPC_FORMAT",
    ENDPOINT: "INVALID_VPCE_FORMAT",
    REGION: "INVALID_REGION",
}
"""Access Analyzer's codes for values that lack the form that their key requires."""
_ONE_BOUND = {
    "NumericLessThan": "greatest",
    "NumericLessThanEquals": "greatest",
    "NumericGreaterThan": "least",
    "NumericGreaterThanEquals": "least",
}


def check(policy: Policy, written: str, parts: Operator, place: Text, held: tuple[Text, ...]) -> None:
    fixed = tuple(text for text in held if "${" not in text.text)
    _types(policy, place, held)
    base = parts.base
    if base in ("Bool", "Null"):
        _booleans(policy, written, place, fixed)
    elif base.startswith("Numeric"):
        _numbers(policy, written, parts, place, fixed)
    elif base.startswith("Date"):
        _dates(policy, written, fixed)
    elif base == "IpAddress":
        _addresses(policy, written, parts, place, fixed)
    elif base == "BinaryEquals":
        _binary(policy, written, fixed)
    else:
        _texts(policy, written, parts, place, held)


def _types(policy: Policy, place: Text, held: tuple[Text, ...]) -> None:
    part: object = policy.value
    for step in place.path:
        part = part[step]  # type: ignore[index]  # the path was made while walking through this very value
    if isinstance(part, list) and len({type(one) for one in part if isinstance(one, str | int | float)}) > 1:
        message = f"The values of {place.text} have several JSON types: use one type."
        policy.say(place.path, "INVALID_CONDITION_DATA_TYPE", ERROR, message)


def _booleans(policy: Policy, written: str, place: Text, held: tuple[Text, ...]) -> None:
    if len({text.text.lower() for text in held}) > 1:
        message = f"{place.text} is always either true or false: name only one."
        policy.say(place.path, "INVALID_CONDITION_MULTIPLE_BOOLEAN", ERROR, message)
    for text in held:
        if text.text.lower() not in ("true", "false"):
            message = f"{text.text[:60]!r} is neither true nor false, which {written} requires."
            policy.say(text.path, "TYPE_MISMATCH_BOOLEAN", WARNING, message)


def _numbers(policy: Policy, written: str, parts: Operator, place: Text, held: tuple[Text, ...]) -> None:
    for text in held:
        if number(text.text) is None:
            message = f"{text.text[:60]!r} is not a number, which {written} requires."
            policy.say(text.path, "TYPE_MISMATCH_NUMBER", WARNING, message)
    bound = _ONE_BOUND.get(parts.base)
    if bound and len(held) > 1:
        message = f"If {written} has several values, only the {bound} has an effect: remove the other values."
        policy.say(place.path, "REDUNDANT_CONDITION_VALUE_NUM", SUGGESTION, message)


def _dates(policy: Policy, written: str, held: tuple[Text, ...]) -> None:
    for text in held:
        if instant(text.text) is None:
            message = f"{text.text[:60]!r} is not a date: write 2026-01-31 or 2026-01-31T12:00:00Z."
            policy.say(text.path, "TYPE_MISMATCH_DATE", WARNING, message)
        elif re.fullmatch(r"\s*-?\d{9,}(\.\d+)?\s*", text.text):
            message = f"{text.text} counts seconds since 1970: a date such as 2026-01-31 is safer."
            policy.say(text.path, "INVALID_DATE_VALUE", WARNING, message)


def _addresses(policy: Policy, written: str, parts: Operator, place: Text, held: tuple[Text, ...]) -> None:
    private = 0
    for text in held:
        block = network(text.text)
        if block is None:
            message = f"{text.text[:60]!r} is not an address or a block such as 203.0.113.0/24."
            policy.say(text.path, "TYPE_MISMATCH_IP_RANGE", ERROR, message)
            continue
        address, slash, _ = text.text.strip().partition("/")
        if slash and ip_address(address) != block.network_address:
            message = f"Bits after the mask are ignored: {text.text} means {block}."
            policy.say(text.path, "IMPROVE_IP_RANGE", SUGGESTION, message)
        private += is_private(block)
    if place.text.lower() != "aws:sourceip" or not private:
        return
    stem = "PRIVATE_NOT_IP_ADDRESS" if parts.negated else "PRIVATE_IP_ADDRESS"
    if private == len(held):
        message = "aws:SourceIp is a public address, but all addresses here are private: use aws:VpcSourceIp."
        policy.say(place.path, stem, ERROR, message)
    else:
        message = "aws:SourceIp is a public address: the private addresses in this condition never match."
        policy.say(place.path, f"{stem}_SUBSET", SUGGESTION, message)


def _binary(policy: Policy, written: str, held: tuple[Text, ...]) -> None:
    for text in held:
        try:
            base64.b64decode(text.text, validate=True)
        except (binascii.Error, ValueError):
            message = f"{text.text[:60]!r} is not base64, which {written} requires."
            policy.say(text.path, "TYPE_MISMATCH_STRING", WARNING, message)


def _texts(policy: Policy, written: str, parts: Operator, place: Text, held: tuple[Text, ...]) -> None:
    low = place.text.lower()
    like = parts.base in ("StringLike", "ArnLike")
    for text in held:
        value = _variable.sub("", text.text)
        wild = has_wildcard(value)
        if wild and not like:
            message = f"{written} compares {text.text[:60]!r} literally: for wildcards use StringLike."
            policy.say(text.path, "WILDCARD_WITHOUT_LIKE_OPERATOR", WARNING, message)
        if "${" in text.text or not value:
            continue
        if parts.base.startswith("Arn") and not value.startswith(("arn", "*", "?")):
            message = f"{text.text[:60]!r} is not an ARN, which {written} requires: it matches none."
            policy.say(text.path, "ARN_OPERATOR_WITHOUT_ARN", WARNING, message)
        form = FORMS.get(low)
        code = _CODES.get(form) if form is not None else None
        if form is None or code is None or (wild and form is not SERVICE_OF_A_REGION) or form.pattern.fullmatch(value):
            continue
        how = "" if form is REGION else f": {form.written}"
        policy.say(text.path, code, ERROR, f"{value[:60]!r} is not {form.noun}{how}.")
