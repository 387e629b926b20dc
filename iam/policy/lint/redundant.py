"""Check for parts that could be removed without changing what the policy means."""

from __future__ import annotations

import json
from collections.abc import Callable

from iam.policy.lint.finding import SUGGESTION, Policy, Text
from iam.policy.match import action_matcher, covers, has_wildcard

MOST_COMPARED = 20_000
"""The maximum number of pairs of patterns compared in one element; longer lists are checked only for duplicates."""


def check(policy: Policy) -> None:
    seen: dict[str, int] = {}
    for number, part in enumerate(policy.statements, start=1):
        for element in ("Action", "NotAction"):
            _element(policy, part.texts(element), _action_covers, "REDUNDANT_ACTION")
        for element in ("Resource", "NotResource"):
            _element(policy, part.texts(element), covers, "REDUNDANT_RESOURCE")
        meaning = json.dumps({key: one for key, one in part.value.items() if key != "Sid"}, sort_keys=True)
        if meaning in seen:
            message = f"The statement says the same as statement {seen[meaning]}."
            policy.say(part.path, "REDUNDANT_STATEMENT", SUGGESTION, message)
        seen.setdefault(meaning, number)


def _action_covers(pattern: str, other: str) -> bool:
    if has_wildcard(other):
        return covers(pattern.lower(), other.lower())
    return action_matcher(pattern)(other.lower())


def _element(policy: Policy, listed: tuple[Text, ...], wider: Callable[[str, str], bool], code: str) -> None:
    """Report each text that another text of the list covers. Of several equal texts, all but the first are reported."""
    patterns = [text for text in listed if has_wildcard(text.text)]
    if len(patterns) * len(listed) > MOST_COMPARED:
        patterns = []
    exact: dict[str, Text] = {}
    for text in listed:
        first = exact.setdefault(text.text.lower() if code == "REDUNDANT_ACTION" else text.text, text)
        covering = first if first is not text else None
        if covering is None:
            covering = next((one for one in patterns if one is not text and wider(one.text, text.text)), None)
        if covering is not None:
            message = f"{text.text[:80]} adds nothing: {covering.text[:80]} covers it."
            policy.say(text.path, code, SUGGESTION, message)
