"""What a rule reads, the pre-filter lets through: every alternative of every rule contains a signal of its form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from re import _constants as op  # type: ignore[attr-defined]  # the parse tree has no public name
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from diagnostics.failure import Denial, OtherFailure, Trouble
from diagnostics.text.read.clean.records import squeezed
from diagnostics.text.read.forms import conflicts, denials, failures_by_code, systems, trust
from diagnostics.text.read.parse import parse

RULES: dict[str, tuple[re.Pattern[str], Sequence[str]]] = {
    "sentence": (denials._SENTENCE, denials.SIGNALS),
    "console": (denials._CONSOLE, denials.SIGNALS),
    "bare": (denials._BARE, denials.SIGNALS),
    "conflict": (conflicts._MARKS, conflicts.SIGNALS),
    "trust": (trust._CLAIM, trust.SIGNALS),
    **{system.name: (system.rule, system.signals) for system in systems.SYSTEMS},
    **{trouble.value: (rule, failures_by_code.SIGNALS) for trouble, rule in failures_by_code._RULES},
}


def alternatives(tree: Any) -> list[str]:
    """A text for each way through a rule: where several elements offer a choice, one varies and the others stay."""
    offered = [list(dict.fromkeys(choices(*element))) for element in tree]
    first = [options[0] for options in offered]
    found = ["".join(first)]
    for place, options in enumerate(offered):
        found += ["".join((*first[:place], option, *first[place + 1 :])) for option in options[1:]]
    return found


def choices(kind: Any, value: Any) -> Iterator[str]:
    if kind is op.LITERAL:
        yield chr(value)
    elif kind in (op.NOT_LITERAL, op.ANY):
        yield "x"
    elif kind is op.IN:
        yield member(value)
    elif kind is op.BRANCH:
        for branch in value[1]:
            yield from alternatives(branch)
    elif kind is op.SUBPATTERN:
        yield from alternatives(value[3])
    elif kind in (op.MAX_REPEAT, op.MIN_REPEAT):
        least, most, inner = value
        if least == 0:
            yield ""
        if most:
            yield from (text * max(least, 1) for text in alternatives(inner))
    elif kind is op.ASSERT and value[0] > 0 and value[1][0][0] is op.MAX_REPEAT:
        yield from (f" {text}" for text in alternatives(value[1]))  # what has to follow somewhere
    else:
        yield ""  # another assertion: it has no letters


def member(members: Any) -> str:
    if members[0][0] is op.NEGATE:
        return "x"
    kind, value = members[0]
    if kind is op.LITERAL:
        return chr(value)
    if kind is op.RANGE:
        return chr(value[0])
    return {op.CATEGORY_SPACE: " ", op.CATEGORY_NOT_WORD: " ", op.CATEGORY_DIGIT: "1"}.get(value, "a")


@pytest.mark.parametrize("name", RULES)
def test_every_alternative_of_a_rule_contains_a_signal(name: str) -> None:
    rule, signals = RULES[name]
    texts = [text for text in alternatives(_parser.parse(rule.pattern, rule.flags)) if rule.search(text)]
    assert texts
    letters = tuple(map(squeezed, signals))
    assert [text for text in texts if not any(signal in squeezed(text) for signal in letters)] == []


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("Resource not accessible by integration", Trouble.NOT_IAM),
        ("Host key verification failed.", Trouble.NOT_IAM),
        ("fatal: Authentication failed for 'https://github.com/acme/web.git/'", Trouble.NOT_IAM),
        ("error: You must be logged in to the server", Trouble.NOT_IAM),
        ("Another request is currently modifying the role", Trouble.CONCURRENT),
        ("STS is not activated in this region for account:111122223333.", Trouble.CREDENTIALS),
        ("The request could not be satisfied.", Trouble.NOT_IAM),
        ("no basic auth credentials", Trouble.CREDENTIALS),
        ("A managed policy can have up to 5 versions.", Trouble.QUOTA),
    ],
)
def test_a_phrase_alone_is_recognized_also_where_a_line_ends_in_a_word(text: str, trouble: Trouble) -> None:
    for broken in (text, *(f"{text[:cut]}\n{text[cut:]}" for cut in range(4, len(text) - 4, 3))):
        if not re.search(r"\s\n|\n\s|[^a-z]\n|\n[^a-z]", broken) and "'" not in broken:
            (failure,) = parse(broken)
            assert isinstance(failure, OtherFailure)
            assert failure.trouble is trouble


def test_a_phrase_of_sts_alone_is_a_denial() -> None:
    (failure,) = parse(
        "No OpenIDConnect provider found in your account for https://token.actions.githubusercontent.com"
    )
    assert isinstance(failure, Denial)
    assert failure.action == "sts:AssumeRoleWithWebIdentity"
