"""Compare names, identifiers and resources that are almost the same, so that one is likely a mistake."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from iam.arn import Arn
from iam.facts.client_calls import CLIENT_CALLS
from iam.facts.generated_names import without_suffix
from iam.lazy_pattern import regex
from iam.policy.match import compile_glob

_WILD = regex(r"[*?]|\$\{")
_PLACEHOLDER = regex(r"\$\{[A-Z][^}]*\}")
"""A template's placeholder: ``${AWS::Region}``. Policy variables begin with a lower-case letter."""
_SEPARATORS = regex(r"[-_./ ]")
_SECRET_SUFFIX = regex(r"-(?:[A-Za-z0-9]{6}|\?{6})")
_TYPE = regex(r"[\w-]+[/:]+")
_SHORTEST = 4
_OF_SERVICE = regex(r":log-group:/aws/(?:codebuild|lambda)/")
"""A log group that a service names after the build project or function. The requested name is therefore right.

CodeBuild User Guide, "Change a build project's settings"
(https://docs.aws.amazon.com/codebuild/latest/userguide/change-project.html); Lambda Developer Guide, "Sending Lambda
function logs to CloudWatch Logs" (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html).
"""
_NAMED_ALONE = ("s3", "sqs", "sns", "s3express")
"""Services whose ARNs have the name right after the account, without a resource type before it."""


@dataclass(frozen=True, slots=True)
class Resemblance:
    """Two resources that may be meant to be the same. ``part`` is the noun for the part that differs.

    ``written`` and ``asked`` are the differing parts, as the policy and the request spell them.
    """

    written: str
    asked: str
    part: str

    @property
    def advice(self) -> str:
        """What to find out first, and what to do then."""
        match self.part:
            case "Region":
                return (
                    f"If you meant {self.written}, make the call in that Region (--region {self.written}, "
                    f"AWS_REGION or the profile's Region). If you meant {self.asked}, add the ARN with this Region "
                    "to the policy"
                )
            case "account":
                return (
                    f"Find out which account is correct. If {self.written} is correct, use the ARN or the "
                    "credentials of that account"
                )
            case "path":
                return "The path is part of the ARN: in both places, write the path as get-role or get-user shows it"
            case "letter case":
                return (
                    "Names in ARNs are case-sensitive. Find out which spelling exists, and use that spelling in "
                    "both places"
                )
            case "alias or version":
                return (
                    f"If you meant {self.written}, call {self.written} (--qualifier "
                    f"{self.written.rpartition(':')[2]}); then no policy has to change"
                )
            case _:
                return (
                    f"Find out which name is correct. If {self.written} is correct, correct the request; then no "
                    f"policy has to change. Allow {self.asked} only if this name is correct and the resource "
                    "belongs to you"
                )


def resemblance(asked: str, written: Iterable[str]) -> Resemblance | None:
    """Return the first of the ``written`` patterns that likely fails to match the ARN ``asked`` by mistake.

    Mistakes are another Region or account with the same name, a name that differs in a letter or two, in letter case or
    in its path, and a missing or additional part (``orders``, ``orders-prod``). None if there is none. A bucket without
    its objects, for example, is not a mistake.
    """
    written = tuple(written)
    if ":foundation-model/" in asked and any(":inference-profile/" in each for each in written):
        return None  # the profile chooses the Region of the model
    if any(row.own.search(asked) for row in CLIENT_CALLS if row.own is not None):
        return None  # the program derives that name
    if _OF_SERVICE.search(asked):
        return None
    found = (each for pattern in written if (each := _compared(asked, pattern)) is not None)
    return next(found, None)


def _compared(asked: str, pattern: str) -> Resemblance | None:
    ours, theirs = Arn.parse(asked), Arn.parse(_PLACEHOLDER.sub("*", pattern))
    if ours is None or theirs is None or ours.service.lower() != theirs.service.lower():
        return None
    fields = (("partition", "partition"), ("region", "Region"), ("account", "account"))
    apart = [word for name, word in fields if not compile_glob(getattr(theirs, name))(getattr(ours, name))]
    if compile_glob(theirs.resource)(ours.resource):
        one = apart[0] if len(apart) == 1 else ""
        shown = {"Region": (theirs.region, ours.region), "account": (theirs.account, ours.account)}.get(one, ("", ""))
        return Resemblance(*shown, one) if all(shown) else None
    if apart:
        return None
    return _of_names(ours, theirs)


def _of_names(ours: Arn, theirs: Arn) -> Resemblance | None:
    if compile_glob(theirs.resource.lower())(ours.resource.lower()):
        return Resemblance(theirs.resource, ours.resource, "letter case")
    alone = ours.service in _NAMED_ALONE
    if ours.service == "lambda" and theirs.resource.startswith(f"{ours.resource}:"):
        if "*" in theirs.resource:
            return None  # a pattern for every alias and version, and the call has none
        return Resemblance(theirs.resource, ours.resource, "alias or version")
    kind, other = _TYPE.match(ours.resource), _TYPE.match(theirs.resource)
    if not alone and (kind is None or other is None or kind[0] != other[0]):
        return None
    if ours.service == "iam" and _is_named(ours.name, theirs.name):
        return Resemblance(theirs.resource, ours.resource, "path")
    skipped = 0 if alone or kind is None else kind.end()
    named, called = theirs.resource[skipped:], ours.resource[skipped:]
    wild = _WILD.search(named)
    start = named[: wild.start()] if wild else named
    open_end = wild is not None and start[-1:] not in ("/", ":", "")
    start = start.rstrip("/:")
    if len(start) < _SHORTEST or called == start or called.startswith((f"{start}/", f"{start}:")):
        return None
    if without_suffix(called) == start:
        return None  # a deployment tool derives the name
    if ours.service == "secretsmanager" and _SECRET_SUFFIX.fullmatch(called.removeprefix(start)):
        return None
    rest = named[len(start) :]
    for each in _beginnings(start, called, open_end=open_end):
        if each != start and may_be_one(start, each) and compile_glob(each + rest)(called):
            return Resemblance(start, _one_part_more(each, called) if open_end else each, "name")
    return None


def _is_named(name: str, pattern: str) -> bool:
    """Whether a pattern without its path names this role or user. A short common beginning is not enough."""
    literal = _WILD.split(pattern)[0]
    return name == pattern or (len(literal) >= 2 * _SHORTEST and compile_glob(pattern)(name))


def _beginnings(start: str, called: str, *, open_end: bool) -> Iterator[str]:
    """The beginnings of ``called`` that may be meant to be the same as ``start``."""
    if open_end:
        for size in (len(start), len(start) - 1, len(start) + 1):
            if _SHORTEST <= size <= len(called):
                yield called[:size]
        return
    depth = len(re.findall("[/:]", start))
    ends = [found.start() for found in re.finditer("[/:]", called)] + [len(called)]
    yield called[: ends[depth]] if depth < len(ends) else called


def _one_part_more(start: str, called: str) -> str:
    """The complete name in ``called`` that begins with ``start``."""
    return start + re.split("[/:]", called[len(start) :], maxsplit=1)[0]


def may_be_one(one: str, other: str) -> bool:
    """Return whether two names may be meant to be the same: they differ in a letter or two, or in one additional part.

    Names that differ in a number or a part of one letter (``lake-a``, ``lake-b``) are two names.
    """
    if _SEPARATORS.sub("", one).lower() == _SEPARATORS.sub("", other).lower():
        return True
    if _is_numbered(one, other):
        return False
    short, long_ = sorted((one, other), key=len)
    if len(short) >= _SHORTEST and (
        (long_.startswith(short) and long_[len(short)] in "-_.") or long_.endswith((f"-{short}", f"_{short}"))
    ):
        return True
    limit = 2 if min(len(one), len(other)) >= 2 * _SHORTEST else 1
    return min(len(one), len(other)) >= _SHORTEST and edits(one, other, limit) <= limit


def _is_numbered(one: str, other: str) -> bool:
    """Whether two names have the same parts, apart from numbers and single letters."""
    ours, theirs = re.split("[-_./:]", one), re.split("[-_./:]", other)
    if len(ours) != len(theirs):
        return False
    apart = [pair for pair in zip(ours, theirs, strict=True) if pair[0] != pair[1]]
    return all(
        len(max(pair, key=len)) == 1 or re.sub(r"\d+", "", pair[0]) == re.sub(r"\d+", "", pair[1]) for pair in apart
    )


def edits(one: str, other: str, limit: int) -> int:
    """Return how many letters have to be changed, added, removed or swapped; not exact if above ``limit``."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        last, before, row = before, row, [at]
        for to, theirs in enumerate(other, 1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != theirs))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == theirs:
                cost = min(cost, last[to - 2] + 1)
            row.append(cost)
    return row[-1]


_ENVIRONMENTS = {
    "prd": "prod",
    "production": "prod",
    "stg": "stage",
    "staging": "stage",
    "development": "dev",
    "develop": "dev",
    "tst": "test",
    "testing": "test",
}
"""Pairs of a short and a long word for the same environment."""
_PARTS = regex(r"[-_./: ]+")


def slip(one: str, other: str, *, parts: bool = False) -> str:
    """Return as a clause how two names that may be meant to be the same differ; "" for unrelated names.

    ``parts``: one name may also have an additional ending or part. Names that differ in numbers are unrelated.
    """
    low, theirs = one.lower(), other.lower()
    if one == other:
        return ""
    if low == theirs:
        return "they differ in letter case, and the comparison is case-sensitive"
    if _SEPARATORS.sub("", low) == _SEPARATORS.sub("", theirs):
        return "a slash differs" if one.count("/") != other.count("/") else "a separator differs"
    ours, others = _PARTS.split(low), _PARTS.split(theirs)
    if len(ours) == len(others):
        kinds = {_word_slip(*pair, ending=parts) for pair in zip(ours, others, strict=True) if pair[0] != pair[1]}
        return kinds.pop() if len(kinds) == 1 else ""
    short, long_ = sorted((low, theirs), key=len)
    more = long_.removeprefix(short)
    return f"one also has “{more}”" if parts and len(short) >= _SHORTEST and re.match(r"[-_.]", more) else ""


_LONGEST_ENDING = 3


def _word_slip(one: str, other: str, *, ending: bool) -> str:
    """Return as a clause how two words that may be meant to be the same differ; "" for unrelated words."""
    if _ENVIRONMENTS.get(one, one) == _ENVIRONMENTS.get(other, other):
        return f"{one} and {other} are two spellings"
    if re.sub(r"\d", "", one) == re.sub(r"\d", "", other):
        return ""
    short, long_ = sorted((one, other), key=len)
    if len(short) > 1 and (long_ in (f"{short}s", f"{short}es") or (short[-1] == "y" and long_ == f"{short[:-1]}ies")):
        return "singular and plural"
    near = edits(one, other, 1) == 1
    if near and len(short) >= _SHORTEST - 1 and sorted(one) == sorted(other):
        return "two letters are swapped"
    if len(short) < _SHORTEST:
        return ""
    if near:
        return "one letter differs"
    more = len(long_) - len(short)
    return "the endings differ" if ending and long_.startswith(short) and more <= _LONGEST_ENDING else ""


_FEWEST_CHARACTERS = 5
"""The minimum number of distinct characters in a real identifier. An identifier with fewer may be a made-up example."""


def id_slip(one: str, other: str) -> str:
    """Return as a clause how two identifiers that may be meant to be the same differ; "" for unrelated ones.

    AWS assigns identifiers at random, so if two differ in one place, one is most likely mistyped. Identifiers that
    differ in the last place, or have few different characters, may be invented for an example.
    """
    if one == other or min(len(set(one)), len(set(other))) < _FEWEST_CHARACTERS or edits(one, other, 1) != 1:
        return ""
    if sorted(one) == sorted(other):
        return "two of its characters are swapped"
    if len(one) != len(other):
        return "one character is missing or extra"
    if one[:-1] == other[:-1]:
        return ""
    ours, theirs = next((a, b) for a, b in zip(one, other, strict=True) if a != b)
    return f"one character differs, {_spoken(ours)} and {_spoken(theirs)}"


def _spoken(character: str) -> str:
    return f"the digit {character}" if character.isdigit() else f"the letter {character}"
