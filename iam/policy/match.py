"""Matching of actions and resources: patterns are compiled once, and every match takes linear time.

Actions are compared without regard to case. Of a resource's ARN, everything before the resource part is compared
without regard to case, the resource part exactly. Wildcards stay inside a segment (the parts between colons), except
that a ``*`` at a segment's end may reach beyond the colon, and that the resource part is one piece (IAM User Guide,
"IAM JSON policy elements: Resource").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

Matcher = Callable[[str], bool]

_RESOURCE_PART = 5  # arn:partition:service:region:account:resource-part
ARN_PARTS = ("arn", "partition", "service", "region", "account", "resource")


def has_wildcard(text: str) -> bool:
    return "*" in text or "?" in text


def glob_regex(pattern: str, one: str = ".", many: str = ".*") -> str:
    """The regular expression of a pattern with ``*`` and ``?``.

    Each ``*`` with what follows up to the next is an atomic group that takes the leftmost place: a glob needs no
    other, and without going back the time stays linear in pattern times text, whatever the pattern.
    """
    pieces = [re.escape(piece).replace(r"\?", one) for piece in re.split(r"\*+", pattern)]
    if len(pieces) == 1:
        return pieces[0]
    middle = "".join(f"(?>{many}?{piece})" for piece in pieces[1:-1])
    return f"{pieces[0]}{middle}{many}{pieces[-1]}"


def compile_glob(pattern: str) -> Matcher:
    """A matcher of one text: exact, a start, a start and an end, or a regular expression, whichever is the cheapest."""
    if not has_wildcard(pattern):
        return pattern.__eq__
    stem = pattern.rstrip("*")
    if not has_wildcard(stem):
        if not stem:
            return _always
        return lambda text: text.startswith(stem)
    start, _, end = pattern.partition("*")
    if not has_wildcard(start) and not has_wildcard(end):
        shortest = len(start) + len(end)
        return lambda text: len(text) >= shortest and text.startswith(start) and text.endswith(end)
    return _lazily(pattern, lambda: glob_regex(pattern))


def _lazily(pattern: str, regex: Callable[[], str]) -> Matcher:
    """A matcher by a regular expression that is made when a text first has the pattern's plain start and end: of a
    document's thousand patterns few ever get that far."""
    start = re.split(r"[*?]", pattern, maxsplit=1)[0]
    end = re.split(r"[*?]", pattern)[-1]
    matches: Callable[[str], re.Match[str] | None] | None = None

    def matcher(text: str) -> bool:
        nonlocal matches
        if not (text.startswith(start) and text.endswith(end)):
            return False
        if matches is None:
            matches = re.compile(regex(), re.DOTALL).fullmatch
        return matches(text) is not None

    return matcher


def _always(_: str) -> bool:
    return True


def _never(_: str) -> bool:
    return False


@lru_cache(maxsize=16384)
def action_matcher(pattern: str) -> Matcher:
    """A matcher of lower-case ``service:action`` texts. The service must be written out, or the whole be ``*``."""
    lowered = pattern.lower()
    if lowered and not lowered.strip("*"):
        return _always
    service, colon, name = lowered.partition(":")
    if not colon:
        return _never
    if has_wildcard(service):
        # AWS takes "*:*" for everything; no other wildcard may stand before the colon.
        return _always if not service.strip("*") and not name.strip("*") else _never
    return compile_glob(lowered)


@lru_cache(maxsize=8192)
def folded(arn: str) -> str:
    """An ARN with everything before its resource part in lower case, so that texts can be compared exactly."""
    parts = arn.split(":", _RESOURCE_PART)
    if len(parts) <= _RESOURCE_PART:
        return arn.lower()
    return ":".join(parts[:_RESOURCE_PART]).lower() + ":" + parts[_RESOURCE_PART]


@lru_cache(maxsize=65536)
def resource_matcher(pattern: str) -> Matcher:
    """A matcher of folded ARNs (see `folded`) without wildcards of their own."""
    if not has_wildcard(pattern):
        return folded(pattern).__eq__
    if not pattern.strip("*"):
        return _always
    wildcard = min(at for at in (pattern.find("*"), pattern.find("?")) if at >= 0)
    rest = pattern[wildcard:]
    if not rest.strip("*"):
        # The usual shape, a text and a "*" at its end: the star reaches over every colon that follows.
        stem = folded(pattern[:wildcard])
        return lambda text: text.startswith(stem)
    parts = pattern.split(":", _RESOURCE_PART)
    if not any(has_wildcard(part) for part in parts[:_RESOURCE_PART]):
        return compile_glob(folded(pattern))
    matches = _lazily(folded(pattern), lambda: _resource_regex(parts)) if len(parts) > 1 else _never
    if not any(part.endswith("*") for part in parts[:-1]):
        return matches
    reaches = _reaching_matcher(parts)
    return lambda text: matches(text) or reaches(text)


def _resource_regex(parts: list[str]) -> str:
    """Segment by segment, no star reaching over a colon before the last segment."""
    last = len(parts) - 1
    regex = [
        glob_regex(part) if number == _RESOURCE_PART else glob_regex(part.lower(), "[^:]", "[^:]*")
        for number, part in enumerate(parts)
    ]
    if last < _RESOURCE_PART and parts[last].endswith("*"):
        regex.append(".*")  # a pattern that ends early reaches to the end
    return ":".join(regex[: last + 1]) + "".join(regex[last + 1 :])


def _reaching_matcher(parts: list[str]) -> Matcher:
    """The same with stars at the end of segments that reach over colons: all states of the pattern at once, one bit
    each, so the time is linear here too. What stands behind such a star may be the text's resource part, so a letter's
    case counts or not by where it stands in the text."""
    last = len(parts) - 1
    exact: dict[str, int] = {}
    lowered: dict[str, int] = {}
    one_anywhere = one_inside = star_anywhere = star_inside = 0
    bit = 1
    for number, part in enumerate(parts):
        pieces = re.sub(r"\*+", "*", part) + ("" if number == last else ":")
        for at, char in enumerate(pieces):
            if char == "*":
                if number == _RESOURCE_PART or pieces[at + 1 :] in ("", ":"):
                    star_anywhere |= bit
                else:
                    star_inside |= bit
            elif char == "?":
                if number == _RESOURCE_PART:
                    one_anywhere |= bit
                else:
                    one_inside |= bit
            else:
                exact[char] = exact.get(char, 0) | bit
                lowered[char.lower()] = lowered.get(char.lower(), 0) | bit
            bit <<= 1
    stars = star_anywhere | star_inside
    final = bit

    def matches(text: str) -> bool:
        states = 1 | (1 & stars) << 1
        colons = 0
        literal = lowered
        for char in text:
            steps = literal.get(char, 0) | one_anywhere
            stays = star_anywhere
            if char != ":":
                steps |= one_inside
                stays |= star_inside
            else:
                colons += 1
                if colons == _RESOURCE_PART:
                    literal = exact
            states = (states & steps) << 1 | (states & stays)
            states |= (states & stars) << 1
            if not states:
                return False
        return bool(states & final)

    return matches


@lru_cache(maxsize=4096)
def overlap(pattern: str, wanted: str) -> bool:
    """Whether a resource exists that both match: for requests that name their resource with wildcards."""
    ours, theirs = pattern.split(":", _RESOURCE_PART), wanted.split(":", _RESOURCE_PART)
    if len(ours) != len(theirs):
        return _globs_meet(folded(pattern), folded(wanted))
    return all(
        _globs_meet(one, other) if number == _RESOURCE_PART else _globs_meet(one.lower(), other.lower())
        for number, (one, other) in enumerate(zip(ours, theirs, strict=True))
    )


@lru_cache(maxsize=4096)
def covers(pattern: str, wanted: str) -> bool:
    """Whether a pattern matches everything that a request's resource with wildcards stands for.

    Sound and nearly complete: a pattern that only covers it by several of its own ways together is missed.
    """
    ours, theirs = folded(pattern), folded(wanted)
    row = [True] + [False] * len(theirs)
    for char in ours:
        above = row
        row = [above[0] and char == "*"]
        for at, wild in enumerate(theirs):
            if char == "*":
                row.append(above[at + 1] or row[at])
            else:
                row.append(above[at] and (char == wild or (char == "?" and wild != "*")))
    return row[-1]


def _globs_meet(one: str, other: str) -> bool:
    """Whether some text matches both patterns: row by row over the pairs of positions."""
    row = [True]
    for wild in other:
        row.append(row[-1] and wild == "*")
    for char in one:
        above = row
        row = [above[0] and char == "*"]
        for at, wild in enumerate(other):
            if char == "*" or wild == "*":
                row.append(above[at + 1] or row[at])
            else:
                row.append(above[at] and (char == wild or char == "?" or wild == "?"))
    return row[-1]


@lru_cache(maxsize=8192)
def arn_matcher(pattern: str) -> Matcher | None:
    """A matcher for the ARN operators: six components, each compared by itself. None when it is no ARN's pattern."""
    parts = pattern.split(":", _RESOURCE_PART)
    if len(parts) <= _RESOURCE_PART or parts[0].lower() != "arn":
        return None
    globs = [compile_glob(part) for part in parts[1:]]

    def matches(text: str) -> bool:
        had = text.split(":", _RESOURCE_PART)
        return len(had) > _RESOURCE_PART and all(glob(part) for glob, part in zip(globs, had[1:], strict=True))

    return matches


def differing_part(pattern: str, arn: str) -> str | None:
    """Which part of an ARN alone keeps a resource pattern from matching, or None when several do, or none can be
    named."""
    ours, theirs = pattern.split(":", _RESOURCE_PART), arn.split(":", _RESOURCE_PART)
    if len(ours) != len(theirs) or len(ours) <= _RESOURCE_PART:
        return None
    differing = [
        ARN_PARTS[number]
        for number, (one, other) in enumerate(zip(ours, theirs, strict=True))
        if not (compile_glob(one)(other) if number == _RESOURCE_PART else compile_glob(one.lower())(other.lower()))
    ]
    return differing[0] if len(differing) == 1 else None
