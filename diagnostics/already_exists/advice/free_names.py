"""Other names that follow the account's own pattern, are valid, and are free."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from diagnostics.already_exists.kinds import FACTS, Kind, key_of, valid_name

# Words that people put before or behind a name to say for which stage it is.
STAGES = (
    *("prod", "production", "prd", "live", "preprod", "nonprod", "stage", "staging", "stg", "uat", "qa", "test", "tst"),
    *("int", "dev", "develop", "development", "sandbox", "sbx", "demo"),
)
_SEPARATORS = "-_."
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@dataclass(frozen=True, slots=True)
class Pattern:
    """How an account's names are made: ``separator`` between words (empty for CamelCase), the stages that stand at
    the end and at the front, and the last words that recur (``lambda``, ``task`` …), the most frequent first."""

    separator: str = "-"
    camel: bool = False
    end_stages: tuple[str, ...] = ()
    front_stages: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()


def words_of(name: str) -> list[str]:
    """The words of a name, split at separators, or at capitals where it has none."""
    if any(separator in name for separator in _SEPARATORS):
        return [word for word in re.split(r"[-_.+=,@]+", name) if word]
    return _WORDS.findall(name)


def pattern_of(names: Iterable[str]) -> Pattern:
    """What most of the names have in common."""
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
    return Pattern(
        separator,
        separator == "" and bool(separators),
        tuple(word for word, count in ends.most_common() if count > 1),
        tuple(word for word, count in fronts.most_common() if count > 1),
        tuple(word for word, count in endings.most_common() if count > 1),
    )


def other_names(
    kind: Kind,
    name: str,
    pattern: Pattern,
    free: Callable[[str], bool | None],
    hints: Iterable[str] = (),
    most: int = 3,
) -> list[tuple[str, bool]]:
    """Up to ``most`` names in place of ``name``, each with whether it was checked to be free.

    ``free`` answers for one name: False when it is taken, None when that cannot be seen. ``hints`` are words that
    tell what the entity is for (``lambda``, a stage of the account) and come first.
    """
    chosen: list[tuple[str, bool]] = []
    seen = {key_of(kind, name)}
    tries = 0
    for candidate in candidates(kind, name, pattern, hints):
        key = key_of(kind, candidate)
        if key in seen or not valid_name(kind, candidate):
            continue
        seen.add(key)
        answer = free(candidate)
        if answer is not False:
            chosen.append((candidate, answer is True))
        tries += 1
        if len(chosen) == most or tries == 200:
            break
    return chosen


def candidates(kind: Kind, name: str, pattern: Pattern, hints: Iterable[str]) -> Iterator[str]:
    """Names to try, without end: with a hint, with the account's stages, then numbered."""
    longest = FACTS[kind].longest
    base = _clean(kind, name)
    own = pattern_of([base])
    has_own = any(separator in base for separator in _SEPARATORS) or re.search(r"[a-z][A-Z]", base) is not None
    style = own if has_own else pattern
    separator, camel = ("-", False) if kind is Kind.ACCOUNT_ALIAS else (style.separator, style.camel)
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
    """``base`` with one more word, shortened so that the word is never cut."""
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


def _clean(kind: Kind, name: str) -> str:
    """The name with what IAM does not take replaced, so that names can be made from it."""
    allowed = r"[^a-z0-9-]+" if kind is Kind.ACCOUNT_ALIAS else r"[^A-Za-z0-9_+=,.@-]+"
    if kind is Kind.SAML_PROVIDER:
        allowed = r"[^A-Za-z0-9_.-]+"
    text = name[:512].lower() if kind is Kind.ACCOUNT_ALIAS else name[:512]
    cleaned = re.sub(allowed, "-", text).strip("-")
    if kind is Kind.ACCOUNT_ALIAS:
        cleaned = re.sub(r"-{2,}", "-", cleaned)
    return cleaned or FACTS[kind].arn or "account"
