"""Check a trust policy's condition on ``sub``: whether the issuer's tokens have such a subject, and whose tokens do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from iam.facts.token_subjects import TokenSubjects, token_subjects
from iam.policy.match import has_wildcard


class SubjectRisk(StrEnum):
    """``NEVER``: the issuer's tokens never have such a subject.

    ``STRANGERS``: tokens of other customers may have it.
    """

    NEVER = "never"
    STRANGERS = "strangers"


@dataclass(frozen=True, slots=True)
class SubjectJudgement:
    """The problem with one value of a condition on ``sub``, and the row that documents the issuer's subjects."""

    risk: SubjectRisk
    row: TokenSubjects
    value: str

    @property
    def sentence(self) -> str:
        if self.risk is SubjectRisk.NEVER:
            return (
                f"{self.row.name} issues no token with the subject {self.value[:80]}: its subjects look like "
                f"{self.row.example}."
            )
        return f"{self.value[:80]} accepts tokens of any {self.row.name} customer: name the owner in full."


def judge_subject(issuer: str, value: str, wildcards: bool) -> SubjectJudgement | None:
    """Return the problem with ``value`` as a subject of tokens from ``issuer`` (without ``https://``), or None.

    ``wildcards``: the operator treats ``*`` and ``?`` as wildcards (StringLike), not literally. None also for an issuer
    that is not in the table, and for a value with a policy variable.
    """
    row = token_subjects(issuer.lower() if "/id/" not in issuer else issuer)
    if row is None or "${" in value:
        return None
    if not any(_meet(_pattern(value, wildcards), _form(form)) for form in row.forms):
        return SubjectJudgement(SubjectRisk.NEVER, row, value)
    open_ended = wildcards and has_wildcard(value)
    if row.shared and open_ended and row.owned is not None and not row.owned.match(value):
        return SubjectJudgement(SubjectRisk.STRANGERS, row, value)
    return None


# One position of a text with placeholders: the characters that it matches, and whether it can match any number of them.
_Step = tuple[re.Pattern[str] | str, bool]
_ANY, _NO_COLON, _NO_SLASH = re.compile(r"(?s)."), re.compile(r"[^:]"), re.compile(r"[^:/]")
_CLASSES = {"text": _ANY, "part": _NO_COLON, "segment": _NO_SLASH, "id": re.compile(r"[0-9A-Fa-f-]")}


@lru_cache(maxsize=1024)
def _form(form: str) -> tuple[_Step, ...]:
    steps: list[_Step] = []
    for literal, placeholder in re.findall(r"([^<]+)|<(\w+)>", form):
        if placeholder:
            # One character of the class, then any number: a placeholder is never empty.
            steps += [(_CLASSES[placeholder], False), (_CLASSES[placeholder], True)]
        steps += [(char, False) for char in literal]
    return tuple(steps)


def _pattern(value: str, wildcards: bool) -> tuple[_Step, ...]:
    if not wildcards:
        return tuple((char, False) for char in value)
    return tuple((_ANY, char == "*") if char in "*?" else (char, False) for char in value)


def _meet(one: tuple[_Step, ...], other: tuple[_Step, ...]) -> bool:
    """Whether some text matches both patterns."""
    seen: set[tuple[int, int]] = set()
    places = [(0, 0)]
    while places:
        place = places.pop()
        if place in seen:
            continue
        seen.add(place)
        i, j = place
        if i == len(one) and j == len(other):
            return True
        if i < len(one) and one[i][1]:
            places.append((i + 1, j))
        if j < len(other) and other[j][1]:
            places.append((i, j + 1))
        if i < len(one) and j < len(other) and _share_a_letter(one[i][0], other[j][0]):
            places.append((i + (not one[i][1]), j + (not other[j][1])))
    return False


def _share_a_letter(one: re.Pattern[str] | str, other: re.Pattern[str] | str) -> bool:
    if isinstance(one, str):
        return one == other if isinstance(other, str) else other.fullmatch(one) is not None
    return one.fullmatch(other) is not None if isinstance(other, str) else True
