"""Conditions decided by AWS's pages alone: a judge that shares nothing with `iam.policy`."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from functools import lru_cache

Context = Mapping[str, tuple[str, ...]]
"""The values of a request's condition keys, which are in lower case."""


def holds(written: str, key: str, wanted: tuple[str, ...], context: Context) -> bool:
    """Whether a condition is met (IAM User Guide, "Condition operators")."""
    had = context.get(key.lower())
    over, _, operator = written.rpartition(":")
    if_exists = operator.endswith("IfExists")
    operator = operator.removesuffix("IfExists")
    if operator == "Null":
        return (had is None) is (wanted[0] == "true")
    wanted = tuple(text for each in wanted if (text := _filled(each, context)) is not None)
    negated = "Not" in operator
    test = _TESTS[operator.replace("Not", "")]
    if not had:
        return over == "ForAllValues" or (not over and (negated or if_exists))
    matched = [any(test(each, value) for each in wanted) is not negated for value in had]
    if over:
        return all(matched) if over == "ForAllValues" else any(matched)
    return len(matched) == 1 and matched[0]


_VARIABLE = re.compile(r"\$\{([^{},]*)(?:, *'([^']*)')?\}")


def _filled(text: str, context: Context) -> str | None:
    """The text with its variables' values or defaults; None where one has none (IAM User Guide, "Variables")."""
    for key, default in _VARIABLE.findall(text):
        had = context.get(key.lower(), ())
        if len(had) != 1 and not default:
            return None
        text = _VARIABLE.sub(had[0] if len(had) == 1 else default, text, count=1)
    return text


def _equals(wanted: str, had: str) -> bool:
    return wanted == had


@lru_cache(maxsize=4096)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile("".join(".*" if char == "*" else "." if char == "?" else re.escape(char) for char in text), re.S)


def like(wanted: str, had: str) -> bool:
    return _pattern(wanted).fullmatch(had) is not None


def _arn_like(wanted: str, had: str) -> bool:
    parts, others = wanted.split(":", 5), had.split(":", 5)
    return len(parts) == len(others) == 6 and all(map(like, parts, others))


def _in_network(wanted: str, had: str) -> bool:
    return ipaddress.ip_address(had) in _network(wanted)


@lru_cache(maxsize=64)
def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(text)


def _after(wanted: str, had: str) -> bool:
    return had > wanted  # both are in the same form


def _before(wanted: str, had: str) -> bool:
    return had < wanted


_TESTS = {
    "StringEquals": _equals, "StringLike": like, "ArnLike": _arn_like, "Bool": _equals, "IpAddress": _in_network,
    "DateGreaterThan": _after, "DateLessThan": _before,
}  # fmt: skip
