"""The data of each role in the role list: texts to show, texts to search, keys to sort by.

It is computed in a worker and reused when the account's state changes, so that ten thousand roles are processed once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from sys import intern
from typing import TYPE_CHECKING

from diagnostics.columns import ListColumn, fitted
from diagnostics.marks import ago, marks, visible

if TYPE_CHECKING:
    from diagnostics.review.finding import Finding
    from iam.account import Account, Role
    from iam.policy.document import Document

COLUMNS = (
    ListColumn("NAME", 26, grow=4, most=64),
    ListColumn("TRUSTED BY", 13, grow=2, most=40),
    ListColumn("LAST USED", 9),
    ListColumn("POLICIES", 8, right=True),
    ListColumn("BOUNDARY", 9, grow=1, most=30, drop=2),
    ListColumn("FINDINGS", 12, drop=1),
)

LAST_USED = 2
"""The index in `COLUMNS` of the only cell that changes with time."""

ACCOUNT = ListColumn("ACCOUNT", 12, grow=1, most=24)
"""The second column in a list over several accounts."""

LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role in the list.

    ``cells`` are the texts for `COLUMNS`. ``words`` is everything that a word without a key may match, in lower case;
    ``trust`` and ``policies`` are parts of it. ``used`` is None if the last use is unknown, `LONG_AGO` for a role that
    was never used in the tracked time. ``known`` is False if the role was only listed: its boundary, tags, policies and
    last use may be missing. ``findings`` are pairs of a rule with a finding and its severity (0 is the most severe).
    ``account`` is ID and name, in a list over several accounts.
    """

    role: Role
    cells: tuple[str, ...]
    words: str
    trust: str
    policies: str
    tags: Mapping[str, str]
    boundary: str
    used: datetime | None
    policy_count: int
    known: bool
    break_glass: bool = False
    findings: tuple[tuple[str, int], ...] = ()
    account: tuple[str, str] | None = None

    @property
    def id(self) -> str:
        """The role's name or, in a list over several accounts, its ARN."""
        return self.role.name if self.account is None else self.role.arn


ATTENTION = "!"
"""The mark for values that need attention: a role that was never used, or a role that trusts a deleted principal."""


def last_used_text(role: Role, now: datetime) -> str:
    if role.last_used is None:
        return marks().unknown
    if role.last_used.when is not None:
        return ago(role.last_used.when, now)
    from iam.account import TRACKED_DAYS

    if role.created and now - role.created > timedelta(days=TRACKED_DAYS):
        return f">{TRACKED_DAYS} d"
    return "never"


def last_used_cell(role: Role, now: datetime) -> str:
    """Return the cell of the last use: the age, with a mark if the role was never used in the tracked time."""
    text = last_used_text(role, now)
    return f"{ATTENTION} {text}" if role.last_used is not None and role.last_used.when is None else text


def boundary_text(role: Role) -> str:
    if role.boundary_arn:
        from iam.arn import name_of

        return visible(name_of(role.boundary_arn))
    return marks().none if role.has_details else marks().unknown


Trusts = dict[int, tuple[str, str]]
"""Cached results of `trust_texts` by ``id()`` of the trust policy, because thousands of roles share a few policies."""


def trust_texts(trust: Document | None, own_account: str) -> tuple[str, str]:
    """Return the principals in a trust policy: shortened for the list, and complete in lower case for searching."""
    from iam.policy.named_principals import DELETED, principals, trusted_by  # not for the first frame

    if trust is None:
        return f"{marks().unknown} not readable", " "
    trusted = trusted_by(trust, own_account)
    shown = visible(trusted[0]) if trusted else "nobody"
    if DELETED in trusted:
        shown = f"{ATTENTION} {shown}"
    if len(trusted) > 1:
        shown += f" +{len(trusted) - 1}"
    return shown, f"{' '.join(trusted)} {' '.join(value for _, value in principals(trust))}".lower()


def make_row(role: Role, account: Account, now: datetime, break_glass: str, trusts: Trusts | None = None) -> RoleRow:
    """Return the row for a role. ``break_glass`` identifies emergency roles, see `is_break_glass`.

    ``trusts`` is a cache for `trust_texts`.
    """
    from iam.break_glass import is_break_glass

    texts = trusts.get(id(role.trust)) if trusts is not None else None
    if texts is None:
        texts = trust_texts(role.trust, account.id)
        if trusts is not None:
            trusts[id(role.trust)] = texts
    trusted_text, trust = texts
    names = [policy.name for policy in role.attached or ()]
    policies = " ".join([*names, *(policy.name for policy in role.inline or ())]).lower()
    count = len(role.attached or ()) + len(role.inline or ())
    tags = {intern(key.lower()): intern(value.lower()) for key, value in (role.tags or {}).items()}
    boundary = (role.boundary_arn or "").lower()
    used = None if role.last_used is None else role.last_used.when or LONG_AGO
    cells = (
        visible(role.name),
        trusted_text,
        last_used_cell(role, now),
        str(count) if role.has_details else marks().unknown,
        boundary_text(role),
        "",
    )
    tag_words = " ".join(f"{key}={value}" for key, value in tags.items())
    words = "\n".join((role.name.lower(), role.path.lower(), trust, tag_words, policies))
    known = role.has_details
    emergency = is_break_glass(role, break_glass)
    return RoleRow(role, cells, words, trust, policies, tags, boundary, used, count if known else -1, known, emergency)


def in_account(row: RoleRow, id: str, name: str) -> RoleRow:
    """Return the row with the account's cell, for a list over several accounts."""
    first, *rest = row.cells if row.account is None else (row.cells[0], *row.cells[2:])
    return replace(row, account=(id, name), cells=(first, visible(name or id), *rest))


def worst(findings: Iterable[Finding]) -> str:
    """Return the number of open findings with the highest severity: ``2 high``; a dash if there are none."""
    ranks = [one.severity for one in findings if one.accepted is None]
    if not ranks:
        return marks().none
    gravest = min(ranks, key=lambda severity: severity.rank)
    from diagnostics.severity_marks import severity_mark  # not for the first frame

    return f"{severity_mark(gravest)} {ranks.count(gravest)} {gravest.value}"


def at_time(row: RoleRow, now: datetime) -> tuple[str, ...]:
    """Return the cells, with the age of the last use at this time."""
    at = LAST_USED if row.account is None else LAST_USED + 1
    return (*row.cells[:at], last_used_cell(row.role, now), *row.cells[at + 1 :])


def with_findings(row: RoleRow, findings: Sequence[Finding] | None) -> RoleRow:
    """Return the row with the review's findings. ``findings`` is None if nothing was reviewed yet."""
    open_findings = tuple((one.rule, one.severity.rank) for one in findings or () if one.accepted is None)
    cell = worst(findings) if findings is not None else ""
    return replace(row, cells=(*row.cells[:-1], cell), findings=open_findings)


def columns_of(rows: Sequence[RoleRow]) -> tuple[ListColumn, ...]:
    """Return the columns for the rows' cells, including the account in a list over several."""
    return COLUMNS if not rows or rows[0].account is None else (COLUMNS[0], ACCOUNT, *COLUMNS[1:])


def fitting_columns(rows: Sequence[RoleRow]) -> tuple[ListColumn, ...]:
    """Return the columns, as wide as their cells need. Before a review, the findings' column is left out."""
    reviewed = any(row.cells[-1] for row in rows)
    columns = columns_of(rows)
    return fitted(columns if reviewed else columns[:-1], [row.cells for row in rows])


def make_rows(account: Account, now: datetime, known: Mapping[str, RoleRow], break_glass: str) -> dict[str, RoleRow]:
    """Return a row for each role of the account, in order. Rows of unchanged roles are taken from ``known``."""
    rows: dict[str, RoleRow] = {}
    trusts: Trusts = {}
    for role in account.roles:
        before = known.get(role.name)
        if before is None or before.role is not role:
            before = make_row(role, account, now, break_glass, trusts)
        rows[role.name] = before
    return rows


SORT_KEYS: tuple[Callable[[RoleRow], object], ...] = (
    lambda row: row.role.name.lower(),
    lambda row: row.cells[1 if row.account is None else 2].lower(),
    # Most recent first; unknown last.
    lambda row: -(row.used or LONG_AGO).timestamp() if row.used != LONG_AGO and row.used else float("inf"),
    lambda row: -row.policy_count,
    lambda row: row.boundary or "\U0010ffff",
    # Most severe first, then the highest number of them.
    lambda row: sorted(rank for _, rank in row.findings) + [99] * (50 - len(row.findings)),
)
SORT_NAMES = ("name", "trusted principal", "last use", "number of policies", "boundary", "findings")
_AT_ACCOUNT = 1
"""The index of the account's column, in a list that has one."""


def sort_name(rows: Sequence[RoleRow], column: int) -> str:
    """Return the words for what the rows are sorted by."""
    if not rows or rows[0].account is None:
        return SORT_NAMES[column]
    return "account" if column == _AT_ACCOUNT else SORT_NAMES[column - (column > _AT_ACCOUNT)]


def _by_account(row: RoleRow) -> object:
    id, name = row.account or ("", "")
    return (name or id).lower(), id


def sort_rows(rows: list[RoleRow], column: int, descending: bool) -> list[RoleRow]:
    """Return the rows sorted by the column; equal ones are sorted by name."""
    if rows and rows[0].account is not None:
        key = _by_account if column == _AT_ACCOUNT else SORT_KEYS[column - (column > _AT_ACCOUNT)]
        by_name = sorted(rows, key=lambda row: (row.role.name.lower(), _by_account(row)))
    else:
        key = SORT_KEYS[column]
        by_name = sorted(rows, key=lambda row: row.role.name.lower())
    return sorted(by_name, key=key, reverse=descending)  # type: ignore[arg-type]  # one column, one type of key
