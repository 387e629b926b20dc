"""The words of the role filter: what they mean, and errors for unknown words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from diagnostics.marks import marks
from diagnostics.roles.rows import LONG_AGO, RoleRow

KINDS: dict[str, Callable[[RoleRow], bool]] = {
    "service-linked": lambda row: row.role.service_linked,
    "service-owned": lambda row: row.role.service_owned,
    "reserved": lambda row: row.role.service_owned and not row.role.service_linked,
    "mine": lambda row: not row.role.service_owned,
    "break-glass": lambda row: row.break_glass,
}
KEYS = ("trust", "tag", "policy", "action", "can", "assume", "unused", "boundary", "is", "rule", "severity", "account")
DETAILS = ("tag", "policy", "unused", "boundary")
"""Words for details that are unknown because a role was listed but not read."""
HELP = (
    ("lambda", "free words match name, path, trusted principal, tag and attached policy"),
    ("trust:lambda", "may be assumed by a principal with that name"),
    ("tag:team=ferry", "has the tag, and a value with these letters"),
    ("policy:Admin", "has an attached or inline policy with that name"),
    ("action:s3:PutObject", "an Allow statement of its policies names the action"),
    (
        "can:s3:write",
        "is effectively allowed this level or action: list, read, write, tagging, permissions, or an action",
    ),
    (
        "assume:me",
        (
            "you may assume the role (`a` on a role explains it); with a role's or user's name: that principal may "
            "assume it"
        ),
    ),
    ("unused:90d", "not used for this time (h, d, w, m, y)"),
    ("boundary:none", "has no permissions boundary; any, or letters of its name"),
    ("is:service-linked", "also is:service-owned, is:reserved, is:mine, is:break-glass"),
    ("rule:trust.public", "the review has a finding of this rule, or of rules with these letters"),
    ("severity:high", "the review found something at least this severe"),
    ("account:data", "of the account with these letters in its name or number, in a list of several accounts"),
    ('"two words"', "quotes keep words together, and a colon in quotes is literal"),
)
_WORD = re.compile(r'(?:([A-Za-z-]+):)?(?:"([^"]*)"?|([^\s"]\S*)?)')
_AGE = re.compile(r"(\d{1,5})(h|d|w|m|y)")
_HOURS = {"h": 1, "d": 24, "w": 24 * 7, "m": 24 * 30, "y": 24 * 365}
# Words with a colon that people paste without meaning a filter key.
_NO_KEYS = ("arn", "http", "https", "repo", "system", "aws")

Test = Callable[[RoleRow], bool]


@dataclass(frozen=True, slots=True)
class RoleFilter:
    """A parsed filter. A role must pass all ``tests``.

    ``actions``, ``can`` and ``assume`` need the policy documents and are evaluated elsewhere (in a worker). ``problem``
    is one sentence about an invalid word; the other words still count. ``needs_details``: a word requires data that a
    list of names does not contain.
    """

    tests: tuple[Test, ...] = ()
    actions: tuple[str, ...] = ()
    can: tuple[str, ...] = ()
    assume: tuple[str, ...] = ()
    problem: str = ""
    needs_details: bool = False
    names: tuple[str, ...] = ()
    """The words without a prefix such as ``tag:``, in lower case. They are compared with role names first."""

    @property
    def empty(self) -> bool:
        return not self.tests and not self.searches

    @property
    def searches(self) -> bool:
        """Whether policies must be read to apply the filter."""
        return bool(self.actions or self.can or self.assume)

    def apply(self, rows: Iterable[RoleRow]) -> list[RoleRow]:
        """Return the rows that pass every test. Words that need policies are ignored here."""
        kept = rows if isinstance(rows, list) else list(rows)
        for test in self.tests:
            kept = [row for row in kept if test(row)]
        return kept

    def closest(self, rows: Sequence[RoleRow], current: RoleRow | None = None) -> RoleRow | None:
        """Return the row whose name is closest to the filter's words.

        A name that equals the words is closest, then one that begins with them, then one that contains them.
        ``current`` is returned if no row is closer, otherwise the first of the closest rows. None if there are no rows,
        or if every word of the filter has a prefix such as ``tag:``.
        """
        if not self.names or not rows:
            return None
        best = min(rows, key=self._distance)
        return current if current is not None and self._distance(current) == self._distance(best) else best

    def _distance(self, row: RoleRow) -> int:
        name = row.role.name.lower()
        return sum(
            0 if name == word else 1 if name.startswith(word) else 2 if word in name else 3 for word in self.names
        )


def parse_filter(text: str, now: datetime) -> RoleFilter:
    """Parse the typed words. ``now`` is the time that ages are relative to."""
    tests: list[Test] = []
    actions: list[str] = []
    can: list[str] = []
    assume: list[str] = []
    problems: list[str] = []
    names: list[str] = []
    needs_details = False
    for match in _WORD.finditer(text):
        if not match[0]:
            continue
        key, quoted = (match[1] or "").lower(), match[2]
        value = quoted if quoted is not None else match[3] or ""
        if not key or key in _NO_KEYS:
            word = f"{match[1]}:{value}".lower() if match[1] else value.lower()
            names.append(word)
            tests.append(lambda row, word=word: word in row.words)  # type: ignore[misc]  # bound now
        elif key not in KEYS:
            problems.append(f"There is no filter word {key}: (there are {', '.join(KEYS)}).")
        elif not value:
            problems.append(f"{key}: needs a word, as in {_example(key)}.")
        elif key == "action":
            if ":" not in value:
                problems.append("action: needs a service and an action, as in action:s3:PutObject.")
            else:
                actions.append(value)
        elif key == "can":
            if not all(value.partition(":")):
                problems.append("can: needs a service and a level or an action, as in can:s3:write.")
            else:
                can.append(value)
        elif key == "assume":
            assume.append(value)
        else:
            test = _TESTS[key](value.lower(), now)
            if isinstance(test, str):
                problems.append(test)
            else:
                tests.append(test)
                needs_details = needs_details or key in DETAILS
    return RoleFilter(
        tuple(tests),
        tuple(actions),
        tuple(can),
        tuple(assume),
        problems[0] if problems else "",
        needs_details,
        tuple(names),
    )


def _example(key: str) -> str:
    return next(example for example, _ in HELP if example.startswith(key + ":"))


def _trust(value: str, _: datetime) -> Test | str:
    return lambda row: value in row.trust


def _tag(value: str, _: datetime) -> Test | str:
    name, equals, wanted = value.partition("=")
    if equals:
        return lambda row: name in row.tags and wanted in row.tags[name]
    return lambda row: any(name in key for key in row.tags)


def _policy(value: str, _: datetime) -> Test | str:
    return lambda row: value in row.policies


def _unused(value: str, now: datetime) -> Test | str:
    match = _AGE.fullmatch(value)
    if not match:
        return f"unused:{value} is not a time: write a number and h, d, w, m or y, as in unused:90d."
    since = now - timedelta(hours=int(match[1]) * _HOURS[match[2]])

    def test(row: RoleRow) -> bool:
        if row.used is None:
            return False
        if row.used is LONG_AGO:
            # A role younger than the requested time cannot have been unused for that long.
            return row.role.created is None or row.role.created <= since
        return row.used <= since

    return test


def _boundary(value: str, _: datetime) -> Test | str:
    if value == "none":
        return lambda row: row.known and not row.boundary
    if value == "any":
        return lambda row: bool(row.boundary)
    return lambda row: value in row.boundary


def _is(value: str, _: datetime) -> Test | str:
    if value not in KINDS:
        return f"is:{value} is unknown: there are {', '.join('is:' + kind for kind in KINDS)}."
    return KINDS[value]


def _rule(value: str, _: datetime) -> Test | str:
    return lambda row: any(value in rule for rule, _ in row.findings)


_SEVERITIES = ("critical", "high", "medium", "low", "info")


def _severity(value: str, _: datetime) -> Test | str:
    least = next((rank for rank, name in enumerate(_SEVERITIES) if name.startswith(value)), None)
    if least is None:
        return f"severity:{value} is unknown: there are {', '.join(_SEVERITIES)}."
    return lambda row: any(rank <= least for _, rank in row.findings)


def _account(value: str, _: datetime) -> Test | str:
    return lambda row: row.account is not None and any(value in word.lower() for word in row.account)


_TESTS: dict[str, Callable[[str, datetime], Test | str]] = {
    "trust": _trust,
    "tag": _tag,
    "policy": _policy,
    "unused": _unused,
    "boundary": _boundary,
    "is": _is,
    "rule": _rule,
    "severity": _severity,
    "account": _account,
}


def describe(parsed: RoleFilter, shown: int, total: int, of_what: Sequence[str] = ()) -> str:
    """Return ``3 of 32 roles``, or what is wrong with the filter."""
    count = f"{shown:,} of {total:,} roles" if not parsed.empty else f"{total:,} role{'' if total == 1 else 's'}"
    return f" {marks().dot} ".join((count, *of_what))
