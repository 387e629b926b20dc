"""Resources of a request that resemble one which a policy names: one of the two is likely a mistake."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note, Who
from diagnostics.words import is_trust_action
from iam.arn import Arn
from iam.lazy_pattern import regex

_WILD = re.compile(r"[*?]|\$\{")
_PLACEHOLDER = re.compile(r"\$\{[A-Z][^}]*\}")
"""Of a template: ``${AWS::Region}``. Policy variables begin with a small letter."""
_SEPARATORS = re.compile(r"[-_./ ]")
_SECRET_SUFFIX = re.compile(r"-[A-Za-z0-9]{6}")
_TYPE = re.compile(r"[\w-]+[/:]+")
_SHORTEST = 4
_NAMED_ALONE = ("s3", "sqs", "sns", "s3express")
"""Services whose ARNs have a name right after the account, without a type before it."""


@dataclass(frozen=True, slots=True)
class Resemblance:
    """Two resources that may have been meant to be one. ``part`` says in what they differ, as a noun.

    ``written`` and ``asked`` are the differing parts, as the policy and the request spell them.
    """

    written: str
    asked: str
    part: str

    @property
    def advice(self) -> str:
        """What to find out first, and what to do about it."""
        match self.part:
            case "Region":
                return (
                    f"If {self.written} is meant, call there (--region {self.written}, AWS_REGION or the profile's "
                    "Region): no policy has to change"
                )
            case "account":
                return f"Find out which account is meant. If it is {self.written}, use its ARN or credentials"
            case "path":
                return "The path is part of the ARN: write it in both as get-role or get-user shows it"
            case "letter case":
                return "Names in ARNs are case-sensitive. Find out which spelling exists, and use it in both"
            case "alias or version":
                return (
                    f"If {self.written} is meant, call that (--qualifier {self.written.rpartition(':')[2]}): no policy "
                    "has to change"
                )
            case _:
                return (
                    f"Find out which name is right. If it is {self.written}, correct the request: no policy has to "
                    f"change. Allow {self.asked} only if it is meant and yours"
                )


def resemblance(asked: str, written: Iterable[str]) -> Resemblance | None:
    """Return the first of the ``written`` patterns that the ARN ``asked`` fails to match by what looks like a slip.

    That is another Region or account with the same name, a name a letter or two off, in other letter case, with another
    path, or with a part more or less (``orders``, ``orders-prod``). None for a bucket without its objects and its like.
    """
    found = (each for pattern in written if (each := _compared(asked, pattern)) is not None)
    return next(found, None)


def _compared(asked: str, pattern: str) -> Resemblance | None:
    ours, theirs = Arn.parse(asked), Arn.parse(_PLACEHOLDER.sub("*", pattern))
    if ours is None or theirs is None or ours.service.lower() != theirs.service.lower():
        return None
    fields = (("partition", "partition"), ("region", "Region"), ("account", "account"))
    apart = [word for name, word in fields if not fnmatchcase(getattr(ours, name), getattr(theirs, name))]
    if fnmatchcase(ours.resource, _escaped(theirs.resource)):
        one = apart[0] if len(apart) == 1 else ""
        shown = {"Region": (theirs.region, ours.region), "account": (theirs.account, ours.account)}.get(one, ("", ""))
        return Resemblance(*shown, one) if all(shown) else None
    if apart:
        return None
    return _of_names(ours, theirs)


def _of_names(ours: Arn, theirs: Arn) -> Resemblance | None:
    if fnmatchcase(ours.resource.lower(), _escaped(theirs.resource.lower())):
        return Resemblance(theirs.resource, ours.resource, "letter case")
    alone = ours.service in _NAMED_ALONE
    if ours.service == "lambda" and theirs.resource.startswith(f"{ours.resource}:"):
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
    if ours.service == "secretsmanager" and _SECRET_SUFFIX.fullmatch(called.removeprefix(start)):
        return None
    rest = named[len(start) :]
    for each in _beginnings(start, called, open_end=open_end):
        whole = each + rest
        if each != start and may_be_one(start, each) and fnmatchcase(called, _escaped(whole)):
            return Resemblance(start, _one_part_more(each, called) if open_end else each, "name")
    return None


def _is_named(name: str, pattern: str) -> bool:
    """Whether a pattern without its path names this role or user, and not merely some that begin alike."""
    literal = _WILD.split(pattern)[0]
    return name == pattern or (len(literal) >= 2 * _SHORTEST and fnmatchcase(name, _escaped(pattern)))


def _beginnings(start: str, called: str, *, open_end: bool) -> Iterator[str]:
    """The beginnings of ``called`` that may have been meant to be ``start``."""
    if open_end:
        for size in (len(start), len(start) - 1, len(start) + 1):
            if _SHORTEST <= size <= len(called):
                yield called[:size]
        return
    depth = len(re.findall("[/:]", start))
    ends = [found.start() for found in re.finditer("[/:]", called)] + [len(called)]
    yield called[: ends[depth]] if depth < len(ends) else called


def _one_part_more(start: str, called: str) -> str:
    """The name in ``called`` that begins with ``start``, to its end."""
    return start + re.split("[/:]", called[len(start) :], maxsplit=1)[0]


def may_be_one(one: str, other: str) -> bool:
    """Whether two names may have been meant to be one: a letter or two apart, or a part more or less.

    Names that differ in a number or a part of one letter (``lake-a``, ``lake-b``) are two.
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
    """Return how many letters have to be changed, added, left out or swapped; more than ``limit`` if it is more."""
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


def _escaped(pattern: str) -> str:
    """Return the pattern for ``fnmatchcase``, in which brackets are no letters."""
    return pattern.replace("[", "[[]")


_ROLE = regex(r"arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]*[\w+=@]")


def role_shown(denial: Denial) -> Finding | None:
    """Return that the call asks for a role in another spelling than the text has elsewhere; None where it does not.

    STS refuses to say whether a role exists: it answers the same for one that does not trust the caller (AWS STS API
    Reference, "AssumeRole": https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
    """
    asked = denial.resource or ""
    if not is_trust_action(denial.action or "") or _ROLE.fullmatch(asked) is None:
        return None
    text = denial.pasted or denial.text
    others = dict.fromkeys(
        each[0] for each in _ROLE.finditer(text) if each[0] != asked and not _TRUSTED.search(text[: each.start()][-60:])
    )
    found = next((each for each in others if _is_misspelt(asked, each)), None)
    if found is None:
        return None
    said = f"the call asks for {asked}, and the text also has {found}"
    sentence = f"In the text, {said}. A role that does not exist is refused like one that does not trust the caller."
    note = Note("the call", f"If that is the role, its ARN is {found}: path and letter case are part of it.")
    fix = Fix(f"Ask for {found}, if it is the role that is meant", Who.CALLER, note)
    return Finding("resource.not-found", said, sentence, fix=fix)


def _is_misspelt(asked: str, other: str) -> bool:
    """Whether two ARNs of roles differ in the path, in letter case, or in a letter or two: not by a part more."""
    alike = resemblance(asked, [other])
    if alike is None or alike.part not in ("path", "letter case", "name"):
        return False
    return alike.part != "name" or edits(alike.written, alike.asked, 2) <= 2


_TRUSTED = regex(
    r"[\"']?(?:AWS|Principal|aws:PrincipalArn)[\"']?\s*[:=]\s*[\[{\"'\s]*(?:AWS[\"']?\s*[:=]\s*[\[\"']*)?$"
)
"""The words before the ARN of a role that is trusted, and not asked for."""
