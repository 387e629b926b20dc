"""Find an account's patterns of role names and tags, and valid, free names that follow them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from iam.account import Account, Role
from iam.field_rules import ROLE_NAME, name_fault

# Words before or after a name that identify its stage.
STAGES = (
    *("prod", "production", "prd", "live", "preprod", "nonprod", "stage", "staging", "stg", "uat", "qa", "test", "tst"),
    *("int", "dev", "develop", "development", "sandbox", "sbx", "demo"),
)
_SEPARATORS = "-_."
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@dataclass(frozen=True, slots=True)
class NameRules:
    """IAM's rules for the names of one kind of entity.

    ``refused`` matches the characters that names must not contain. ``fallback`` is used if a name contains only such
    characters. ``small``: lower case, words joined by a dash only, as in an account's alias.
    """

    longest: int
    valid: Callable[[str], bool]
    refused: re.Pattern[str] = re.compile(r"[^A-Za-z0-9_+=,.@-]+")
    fallback: str = "role"
    small: bool = False


ROLE_NAMES = NameRules(ROLE_NAME, lambda name: name_fault(name) is None)


@dataclass(frozen=True, slots=True)
class NamePattern:
    """The pattern that an account's names follow.

    ``separator`` is the text between words ("" for CamelCase); ``end_stages`` and ``front_stages`` are the stages (such
    as ``prod``) at the end and at the front; ``endings`` are recurring last words (``lambda``, ``task`` …), the most
    frequent first.
    """

    separator: str = "-"
    camel: bool = False
    end_stages: tuple[str, ...] = ()
    front_stages: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()


def words_of(name: str) -> list[str]:
    """Return the words of a name. It is split at separators, or at capital letters if it has none."""
    if any(separator in name for separator in _SEPARATORS):
        return [word for word in re.split(r"[-_.+=,@]+", name) if word]
    return _WORDS.findall(name)


def pattern_of(names: Iterable[str]) -> NamePattern:
    """Return the pattern that most of the names follow."""
    separators: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    fronts: Counter[str] = Counter()
    endings: Counter[str] = Counter()
    for name in names:
        counts = {separator: name.count(separator) for separator in _SEPARATORS}
        most = max(counts, key=lambda separator: counts[separator])
        camel = not counts[most] and re.search(r"[a-z][A-Z]", name) is not None
        if counts[most] or camel:
            separators[most if counts[most] else ""] += 1
        words = words_of(name)
        if len(words) < 2:
            continue
        if words[-1].lower() in STAGES:
            ends[words[-1]] += 1
        elif words[0].lower() in STAGES:
            fronts[words[0]] += 1
        if words[-1].isalpha() and words[-1].lower() not in STAGES:
            endings[words[-1]] += 1
    separator = separators.most_common(1)[0][0] if separators else "-"
    return NamePattern(
        separator,
        separator == "" and bool(separators),
        tuple(word for word, count in ends.most_common() if count > 1),
        tuple(word for word, count in fronts.most_common() if count > 1),
        tuple(word for word, count in endings.most_common() if count > 1),
    )


def free_names(
    name: str,
    pattern: NamePattern,
    free: Callable[[str], bool | None],
    rules: NameRules = ROLE_NAMES,
    hints: Iterable[str] = (),
    most: int = 3,
) -> list[tuple[str, bool]]:
    """Return up to ``most`` alternatives to ``name``, each with whether it is known to be free.

    ``free`` checks a name: it returns False if the name is taken, None if that is unknown. ``hints`` are words for the
    entity's purpose (``lambda``, a stage of the account); names with a hint come first.
    """
    chosen: list[tuple[str, bool]] = []
    seen = {_folded(name)}
    tries = 0
    for candidate in candidates(name, pattern, rules, hints):
        key = _folded(candidate)
        if key in seen or not rules.valid(candidate):
            continue
        seen.add(key)
        answer = free(candidate)
        if answer is not False:
            chosen.append((candidate, answer is True))
        tries += 1
        if len(chosen) == most or tries == 200:
            break
    return chosen


def candidates(name: str, pattern: NamePattern, rules: NameRules, hints: Iterable[str] = ()) -> Iterator[str]:
    """Yield, endlessly, names to try: with a hint, with the account's stages, then numbered."""
    longest = rules.longest
    base = _clean(name, rules)
    own = pattern_of([base])
    has_own = any(separator in base for separator in _SEPARATORS) or re.search(r"[a-z][A-Z]", base) is not None
    style = own if has_own else pattern
    separator, camel = ("-", False) if rules.small else (style.separator, style.camel)
    words = [word.lower() for word in words_of(base)]
    stage_at_end = bool(words) and words[-1] in STAGES and len(words) > 1

    for hint in hints:
        if hint.lower() not in words:
            yield _join(base, hint, separator, camel, longest, before_last=stage_at_end)
    if not any(word in STAGES for word in words):
        for stage in pattern.end_stages[:2]:
            yield _join(base, stage, separator, camel, longest)
        for stage in pattern.front_stages[:1]:
            front = f"{stage}{separator}{base}" if separator else f"{stage.capitalize()}{base[:1].upper()}{base[1:]}"
            yield front[:longest]
    number = 2
    while True:
        yield _join(base, str(number), separator, camel, longest, before_last=stage_at_end)
        number += 1


def _join(base: str, word: str, separator: str, camel: bool, longest: int, before_last: bool = False) -> str:
    """Return ``base`` with another word. The base is shortened if necessary, so that the word is not cut."""
    tail = ""
    if before_last:
        last = words_of(base)[-1]
        cut = base.rfind(last)
        base, tail = base[:cut].rstrip("-_.+=,@"), base[cut:]
        tail = f"{separator}{tail}"
    added = word[:1].upper() + word[1:] if camel else f"{separator}{word}"
    added = added[: longest // 2]
    tail = tail[: longest // 4]
    room = longest - len(added) - len(tail)
    return f"{base[:room].rstrip('-_.+=,@')}{added}{tail}"


def _clean(name: str, rules: NameRules) -> str:
    """Return the name with invalid characters replaced, so that other names can be derived from it."""
    cleaned = rules.refused.sub("-", name[:512].lower() if rules.small else name[:512]).strip("-")
    return (re.sub(r"-{2,}", "-", cleaned) if rules.small else cleaned) or rules.fallback


def _folded(name: str) -> str:
    """Return a text that is equal for two names that IAM considers the same.

    IAM compares ASCII letters only: other letters, such as the Kelvin sign, have ASCII lower-case forms but are
    different.
    """
    return name.lower() if name.isascii() else name


# Of an account.

Answer = TypeVar("Answer")
_MOST_NAMES = 10_000
"""The maximum number of names that are used to derive a pattern."""


def once_an_account(function: Callable[[Account], Answer]) -> Callable[[Account], Answer]:
    """Decorator that caches a function's result for the last account.

    Forms call the function with each key press, and an account may have 10,000 roles.
    """
    last: list[tuple[Account, Answer]] = []

    def answer(account: Account) -> Answer:
        if not last or last[0][0] is not account:
            last[:] = [(account, function(account))]
        return last[0][1]

    return answer


def role_names(account: Account) -> list[str]:
    """Return the names of the roles that do not belong to AWS services."""
    return [role.name for role in account.roles[:_MOST_NAMES] if not role.service_owned]


@once_an_account
def role_pattern(account: Account) -> tuple[NamePattern, str]:
    """Return the pattern of the account's role names, and a sentence that describes it with an example."""
    pattern = pattern_of(role_names(account))
    examples = [role.name for role in account.roles if not role.service_owned and _fits(role, pattern)]
    if not examples:
        return pattern, ""
    how = "words in CamelCase" if pattern.camel else f"words separated by “{pattern.separator}”"
    return pattern, f"Names in this account are {how}, for example {examples[0]}."


def _fits(role: Role, pattern: NamePattern) -> bool:
    if pattern.camel:
        return role.name.isalnum() and role.name[:1].isupper()
    return role.name.count(pattern.separator) >= 1


def free_role_names(name: str, account: Account) -> tuple[str, ...]:
    """Return free role names that could replace a taken one. They follow the account's pattern."""
    pattern, _ = role_pattern(account)
    return tuple(each for each, _ in free_names(name, pattern, lambda each: account.role_ignoring_case(each) is None))


@lru_cache(maxsize=4)
def usual_ending(names: tuple[str, ...]) -> tuple[str, int] | None:
    """Return the most frequent last word of the names, and the number of names that end with it.

    Return None if it ends only one name, or fewer than a third of them.
    """
    last = Counter(words[-1] for name in names if len(words := words_of(name)) > 1)
    word, count = next(iter(last.most_common(1)), ("", 0))
    return (word, count) if count > 1 and count * 3 >= len(names) else None


@once_an_account
def usual_tags(account: Account) -> tuple[tuple[str, int, int], ...]:
    """Return the tags that most roles have: key, number of roles with it, number of roles checked."""
    roles = [role for role in account.roles if not role.service_owned and role.tags is not None]
    counts = Counter(key for role in roles for key in role.tags or {} if not key.lower().startswith("aws:"))
    return tuple((key, count, len(roles)) for key, count in counts.most_common() if count * 2 > len(roles) > 3)


@once_an_account
def bounded_roles(account: Account) -> Counter[str]:
    """Return how many roles have each permissions boundary, by the boundary's ARN."""
    return Counter(role.boundary_arn for role in account.roles if role.boundary_arn)


@once_an_account
def boundaries(account: Account) -> tuple[str, ...]:
    """Return customer policies as candidates for a boundary.

    Policies that are used as boundaries come first, then policies whose names suggest a boundary, then all others.
    """
    used = bounded_roles(account) + Counter(user.boundary_arn for user in account.users or () if user.boundary_arn)
    arns = [each.arn for each in account.policies or () if not each.aws_managed]
    return tuple(sorted(arns, key=lambda arn: (-used[arn], "boundary" not in arn.lower(), arn)))
