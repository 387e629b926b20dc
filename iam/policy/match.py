"""Match actions and resources with patterns. Patterns are compiled once, and every match takes linear time.

Actions are compared without regard to case. In a resource's ARN, everything before the resource part is compared
without regard to case, and the resource part exactly. An ARN's segments are the parts between its colons. A wildcard
stays inside its segment, except that a ``*`` at a segment's end may reach beyond the colon; the entire resource part is
one segment (IAM User Guide, "IAM JSON policy elements: Resource").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

Matcher = Callable[[str], bool]

_RESOURCE_PART = 5  # arn:partition:service:region:account:resource-part
ARN_PARTS = ("arn", "partition", "service", "region", "account", "resource")


def has_wildcard(text: str) -> bool:
    return "*" in text or "?" in text


def glob_regex(pattern: str, one: str = ".", many: str = ".*") -> str:
    """Return a regular expression for a pattern with ``*`` and ``?``.

    ``one`` and ``many`` are the expressions for the two wildcards. Each ``*`` with the text up to the next one is an
    atomic group that matches at the leftmost position. That is enough for a glob, and without backtracking the time
    stays linear in pattern times text, whatever the pattern.
    """
    pieces = [re.escape(piece).replace(r"\?", one) for piece in re.split(r"\*+", pattern)]
    if len(pieces) == 1:
        return pieces[0]
    middle = "".join(f"(?>{many}?{piece})" for piece in pieces[1:-1])
    return f"{pieces[0]}{middle}{many}{pieces[-1]}"


def compile_glob(pattern: str) -> Matcher:
    """Return the fastest matcher for a pattern: by equality, prefix, substring, prefix and suffix, or a regex."""
    if not has_wildcard(pattern):
        return pattern.__eq__
    stem = pattern.rstrip("*")
    if not has_wildcard(stem):
        if not stem:
            return _always
        return lambda text: text.startswith(stem)
    within = stem.lstrip("*")
    if len(within) < len(stem) < len(pattern) and not has_wildcard(within):
        return lambda text: within in text
    start, _, end = pattern.partition("*")
    if not has_wildcard(start) and not has_wildcard(end):
        shortest = len(start) + len(end)
        return lambda text: len(text) >= shortest and text.startswith(start) and text.endswith(end)
    return _lazily(pattern, lambda: glob_regex(pattern))


def _lazily(pattern: str, regex: Callable[[], str]) -> Matcher:
    """Return a matcher that compiles its regular expression lazily.

    It is compiled when a text first has the pattern's literal prefix and suffix. For most of a document's thousand
    patterns, this never happens.
    """
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
    """Return a function that tests whether the pattern matches a ``service:action`` text in lower case.

    The pattern's service must be written out, unless the entire pattern is ``*``.
    """
    lowered = pattern.lower()
    if lowered and not lowered.strip("*"):
        return _always
    service, colon, name = lowered.partition(":")
    if not colon:
        return _never
    if has_wildcard(service):
        # AWS treats "*:*" as everything; before the colon, no other wildcard is allowed.
        return _always if not service.strip("*") and not name.strip("*") else _never
    return compile_glob(lowered)


def names_action(patterns: Iterable[str] | None, action: str) -> bool:
    """Whether one of the patterns matches the action, ignoring case."""
    lowered = action.lower()
    return any(action_matcher(pattern)(lowered) for pattern in patterns or ())


@lru_cache(maxsize=1024)
def folded(arn: str) -> str:
    """Return an ARN with everything before its resource part in lower case, so that ARNs can be compared exactly.

    Text that is not an ARN is returned in lower case.
    """
    parts = arn.split(":", _RESOURCE_PART)
    if len(parts) <= _RESOURCE_PART:
        return arn.lower()
    return ":".join(parts[:_RESOURCE_PART]).lower() + ":" + parts[_RESOURCE_PART]


_variables = re.compile(r"\$\{[^{}]*\}")


def completions(pattern: str, variables_live: bool = True) -> tuple[str, ...]:
    """Return a resource pattern completed as AWS does it: an incomplete ARN gets ``*`` for each missing field.

    If a ``*`` in an incomplete ARN may also span several fields, the pattern as written is returned too. Any other
    pattern is returned unchanged.

    "When you specify an incomplete ARN (one with fewer than the standard six fields) in an identity-based policy, AWS
    automatically completes the ARN by adding wildcard characters (*) to all missing fields" (IAM User Guide, "Identify
    AWS resources with Amazon Resource Names (ARNs)",
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html).
    """
    if pattern.endswith("*"):
        return (pattern,)  # its star spans every missing field
    fields = _fields_of_incomplete(pattern, variables_live)
    if not fields:
        return (pattern,)
    full = pattern + ":*" * (_RESOURCE_PART + 1 - len(fields))
    return (pattern, full) if any(field.endswith("*") for field in fields) else (full,)


def _fields_of_incomplete(pattern: str, variables_live: bool) -> list[str]:
    """Return the fields of an incomplete ARN; an empty list for any other pattern."""
    if pattern[:3].lower() != "arn":
        return []
    text = _variables.sub("", pattern) if variables_live and "${" in pattern else pattern
    fields = text.split(":", _RESOURCE_PART)
    return fields if fields[0].lower() == "arn" and len(fields) <= _RESOURCE_PART else []


@lru_cache(maxsize=65536)
def resource_matcher(pattern: str) -> Matcher:
    """Return a function that tests whether the pattern matches a folded ARN (see `folded`) without wildcards."""
    if not has_wildcard(pattern):
        return folded(pattern).__eq__
    if not pattern.strip("*"):
        return _always
    wildcard = min(at for at in (pattern.find("*"), pattern.find("?")) if at >= 0)
    rest = pattern[wildcard:]
    if not rest.strip("*"):
        # The usual form is a text with a "*" at its end: the star spans all colons that follow.
        stem = folded(pattern[:wildcard])
        return lambda text: text.startswith(stem)
    parts = pattern.split(":", _RESOURCE_PART)
    if not any(has_wildcard(part) for part in parts[:_RESOURCE_PART]):
        return compile_glob(folded(pattern))
    matches = _lazily(folded(pattern), lambda: _resource_regex(parts)) if len(parts) > 1 else _never
    if not any(part.endswith("*") for part in parts[:-1]):
        return matches
    reaches = _reaching_matcher(pattern)
    needle = max(re.split(r"[*?]", parts[_RESOURCE_PART]), key=len) if len(parts) > _RESOURCE_PART else ""
    return lambda text: needle in text and (matches(text) or reaches(text))


def _resource_regex(parts: list[str]) -> str:
    """Return a regular expression that matches segment by segment: a star before the last segment matches no colon."""
    last = len(parts) - 1
    regex = [
        glob_regex(part) if number == _RESOURCE_PART else glob_regex(part.lower(), "[^:]", "[^:]*")
        for number, part in enumerate(parts)
    ]
    if last < _RESOURCE_PART and parts[last].endswith("*"):
        regex.append(".*")  # a pattern with too few fields matches to the end
    return ":".join(regex[: last + 1]) + "".join(regex[last + 1 :])


@dataclass(frozen=True, slots=True)
class _Token:
    """One character of a pattern, or a wildcard.

    ``colon``: it can match a colon. ``reaching``: it can match a colon only beyond its segment. ``late``: it is in the
    resource part.
    """

    char: str
    wild: bool
    colon: bool
    reaching: bool
    late: bool

    @property
    def star(self) -> bool:
        return self.wild and self.char == "*"


@lru_cache(maxsize=4096)
def pattern_tokens(pattern: str) -> tuple[_Token, ...]:
    """Return a token for each character of a pattern.

    Before the resource part, a wildcard stays inside its segment, unless it is a ``*`` at the end of the segment.
    """
    parts = pattern.split(":", _RESOURCE_PART)
    last = len(parts) - 1
    tokens = []
    for number, part in enumerate(parts):
        text = re.sub(r"\*+", "*", part) + ("" if number == last else ":")
        for at, char in enumerate(text):
            wild, late = char in "*?", number == _RESOURCE_PART
            ends = not late and char == "*" and text[at + 1 :] in ("", ":")
            colon = late or ends if wild else char == ":"
            # the end of a pattern with too few fields matches everything
            reaching = ends and (number, at + 1) != (last, len(text))
            tokens.append(_Token(char, wild, colon, reaching, late))
    return tuple(tokens)


class _Automaton:
    """An automaton that tracks all positions in a pattern that a text may have reached, one bit each.

    It takes linear time, whatever the pattern. The text's resource part may begin after any star that spans colons, so
    whether case matters depends on the position in the text.
    """

    __slots__ = ("_colons", "_inside", "_stars", "exact", "final", "lowered", "open_end", "start")

    def __init__(self, pattern: str) -> None:
        self.exact: dict[str, int] = {}
        self.lowered: dict[str, int] = {}
        self._inside = [0, 0]  # positions that match any character except a colon: of single wildcards, and of stars
        self._colons = [0, 0]  # the same for positions that match any character
        self._stars = 0
        tokens = pattern_tokens(pattern)
        for number, token in enumerate(tokens):
            bit = 1 << number
            if token.wild:
                (self._colons if token.colon else self._inside)[token.star] |= bit
                self._stars |= bit if token.star else 0
            else:
                self.exact[token.char] = self.exact.get(token.char, 0) | bit
                low = token.char.lower()
                self.lowered[low] = self.lowered.get(low, 0) | bit
        self.final = 1 << len(tokens)
        self.start = 1 | (1 & self._stars) << 1
        # Once this position is reached, any text that follows matches.
        self.open_end = self.final >> 1 if tokens and tokens[-1].star and tokens[-1].colon else 0

    def step(self, places: int, char: str, resource: bool) -> int:
        """Return the positions after one more character. ``resource``: the character is in the text's resource part."""
        steps = (self.exact if resource else self.lowered).get(char, 0) | self._colons[0]
        stays = self._colons[1]
        if char != ":":
            steps |= self._inside[0]
            stays |= self._inside[1]
        places = (places & steps) << 1 | (places & stays)
        return places | (places & self._stars) << 1


def _reaching_matcher(pattern: str) -> Matcher:
    """Return a matcher of folded ARNs in which a star at the end of a segment may span colons."""
    automaton = _Automaton(pattern)

    def matches(text: str) -> bool:
        places, colons = automaton.start, 0
        for char in text:
            places = automaton.step(places, char, colons >= _RESOURCE_PART)
            colons += char == ":"
            if not places:
                return False
        return bool(places & automaton.final)

    return matches


_WILDCARDS = re.compile(r"[*?]")


@lru_cache(maxsize=4096)
def overlap(pattern: str, wanted: str) -> bool:
    """Whether any resource matches both patterns. ``wanted`` is the resource of a request with wildcards.

    If a wildcard in one pattern spans colons, the other pattern must contain those colons literally: a wildcard in its
    resource part is not interpreted as a second ARN.
    """
    if pattern.count(":") >= _RESOURCE_PART <= wanted.count(":"):
        ours, theirs = pattern.split(":", _RESOURCE_PART), wanted.split(":", _RESOURCE_PART)
        fields = zip(ours[:-1], theirs[:-1], strict=True)
        if all(_globs_meet(one.lower(), other.lower()) for one, other in fields) and _globs_meet(ours[-1], theirs[-1]):
            return True
        if not _may_reach(ours, theirs) and not _may_reach(theirs, ours):
            return False
    return _meet_anywhere(pattern_tokens(pattern), pattern_tokens(wanted))


def _globs_meet(one: str, other: str) -> bool:
    """Whether some text matches both patterns.

    For each character of ``one``, tracks the positions in ``other`` that a common text may have reached, one bit each.
    """
    if one == other or one == "*" or other == "*":
        return True
    ours, theirs = _WILDCARDS.split(one), _WILDCARDS.split(other)
    if len(ours) == len(theirs) == 1:
        return False
    stem, tail = min(ours[0], theirs[0], key=len), min(ours[-1], theirs[-1], key=len)
    if not (one.startswith(stem) and other.startswith(stem) and one.endswith(tail) and other.endswith(tail)):
        return False
    other = re.sub(r"\*+", "*", other)
    every, stars = (1 << len(other)) - 1, _places(other, "*")
    anything = _places(other, "?")
    taken = {char: _places(other, char) | anything for char in {*one} - {"*", "?"}} | {"?": every & ~stars}
    reached = 1 | (1 & stars) << 1
    for char in one:
        if char == "*":
            reached = (every << 1 | 1) & -(reached & -reached)  # from the first position onward
        else:
            reached = (reached & stars) | (reached & taken[char]) << 1
            reached |= (reached & stars) << 1
        if not reached:
            return False
    return bool(reached >> len(other))


def _places(text: str, char: str) -> int:
    """Return the positions of a character in a text, one bit each."""
    return int("".join(["1" if each == char else "0" for each in reversed(text)]) or "0", 2)


def _may_reach(ours: list[str], theirs: list[str]) -> bool:
    """Whether a star of one ARN pattern can span colons of the other, which must contain at least one colon more."""
    return ours[-1].count(":") < theirs[-1].count(":") and any(part.endswith("*") for part in ours[:-1])


def _meet_anywhere(ours: tuple[_Token, ...], theirs: tuple[_Token, ...]) -> bool:
    """Whether some text matches both patterns, wherever the colons fall, by a search over pairs of positions.

    True also for patterns that would take too long to decide.
    """
    start = (0, 0, 0, False, False)
    seen, pending = {start}, [start]
    while pending:
        one, other, colons, we_reach, they_reach = pending.pop()
        if (one == len(ours) and other == len(theirs)) or len(seen) > _MOST_STATES:
            return True
        following = []
        if one < len(ours) and ours[one].star:
            following.append((one + 1, other, colons, we_reach, they_reach))
        if other < len(theirs) and theirs[other].star:
            following.append((one, other + 1, colons, we_reach, they_reach))
        if one < len(ours) and other < len(theirs):
            mine, its = ours[one], theirs[other]
            after = (one if mine.star else one + 1, other if its.star else other + 1)
            if _same_colon(mine, its, we_reach) and _same_colon(its, mine, they_reach):
                more = min(colons + 1, _RESOURCE_PART)
                following.append((*after, more, we_reach or mine.reaching, they_reach or its.reaching))
            if _same_letter(mine, its, colons >= _RESOURCE_PART):
                following.append((*after, colons, we_reach, they_reach))
        for state in following:
            if state not in seen:
                seen.add(state)
                pending.append(state)
    return False


def _same_colon(one: _Token, other: _Token, reached: bool) -> bool:
    """Whether ``one`` can match a colon produced by ``other``.

    ``reached``: a star of the pattern of ``one`` has spanned colons already.
    """
    if not one.colon or (one.reaching and other.wild):
        return False
    return not (reached and other.wild and other.late)


def _same_letter(one: _Token, other: _Token, resource: bool) -> bool:
    """Whether both tokens can match the same character other than a colon."""
    if one.char == ":" or other.char == ":":
        return False
    if one.wild or other.wild:
        return True
    return one.char == other.char if resource else one.char.lower() == other.char.lower()


_MOST_STATES = 20_000  # the maximum number of states to examine; no real pattern needs more


@lru_cache(maxsize=4096)
def covers(pattern: str, wanted: str) -> bool:
    """Whether a pattern matches every resource that the request's resource, which may have wildcards, represents.

    False also for patterns that would take too long to decide.
    """
    if not has_wildcard(wanted):
        return resource_matcher(pattern)(folded(wanted))
    stem = pattern.rstrip("*")
    if not has_wildcard(stem):
        # The wanted resources have only their literal beginning in common.
        return stem != pattern and folded(_WILDCARDS.split(wanted, maxsplit=1)[0]).startswith(folded(stem))
    one_of_them = wanted.replace("*", "").replace("?", ANY_OTHER)
    if not resource_matcher(pattern)(folded(one_of_them)):
        return False
    automaton, theirs = _Automaton(pattern), pattern_tokens(wanted)
    letters = {True: [*automaton.exact, ANY_OTHER, ":"], False: [*automaton.lowered, ANY_OTHER, ":"]}
    start = (0, 0, automaton.start)
    seen, pending = {start}, [start]
    while pending:
        at, colons, places = pending.pop()
        if places & automaton.open_end:
            continue
        if not places or (at == len(theirs) and not places & automaton.final) or len(seen) > _MOST_STATES:
            return False
        if at == len(theirs):
            continue
        token, resource = theirs[at], colons >= _RESOURCE_PART
        following = [(at + 1, colons, places)] if token.star else []
        written = token.char if resource else token.char.lower()
        for char in letters[resource] if token.wild else (written,):
            if char == ":" and not token.colon:
                continue
            after = min(colons + (char == ":"), _RESOURCE_PART)
            following.append((at if token.star else at + 1, after, automaton.step(places, char, resource)))
        for state in following:
            if state not in seen:
                seen.add(state)
                pending.append(state)
    return True


ANY_OTHER = "\ue002"  # represents every character that no pattern contains


@lru_cache(maxsize=8192)
def arn_matcher(pattern: str) -> Matcher | None:
    """Return a function that matches as the ARN operators do: each of the six parts is compared separately.

    None if the pattern is not an ARN.
    """
    parts = pattern.split(":", _RESOURCE_PART)
    if len(parts) <= _RESOURCE_PART or parts[0].lower() != "arn":
        return None
    globs = [compile_glob(part) for part in parts[1:]]

    def matches(text: str) -> bool:
        had = text.split(":", _RESOURCE_PART)
        return len(had) > _RESOURCE_PART and all(glob(part) for glob, part in zip(globs, had[1:], strict=True))

    return matches


def differing_part(pattern: str, arn: str) -> str | None:
    """Return the name of the only part of the ARN that does not match the pattern.

    None if several parts differ, or if none can be named.
    """
    ours, theirs = pattern.split(":", _RESOURCE_PART), arn.split(":", _RESOURCE_PART)
    if len(ours) != len(theirs) or len(ours) <= _RESOURCE_PART:
        return None
    differing = [
        ARN_PARTS[number]
        for number, (one, other) in enumerate(zip(ours, theirs, strict=True))
        if not (compile_glob(one)(other) if number == _RESOURCE_PART else compile_glob(one.lower())(other.lower()))
    ]
    return differing[0] if len(differing) == 1 else None
