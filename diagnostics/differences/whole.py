"""Compare two complete states of an account: entities, access, who may assume which role, findings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from diagnostics.differences.access import (
    AccessOf,
    WhoAssumes,
    changed_access,
    changed_assuming,
    organization_left_out,
)
from diagnostics.differences.entities import EntityDifference, differences
from diagnostics.differences.report import (
    access_json,
    access_lines,
    access_summary,
    assuming_json,
    assuming_lines,
    entity_json,
    entity_lines,
)
from diagnostics.review.escalation.ways import rests_on
from diagnostics.review.finding import Finding, Progress
from diagnostics.review.report.json_document import finding_json
from diagnostics.review.run import in_order, review
from diagnostics.review.subject import ReviewedAccount
from iam.claims import nobody
from iam.foreign_text import visible
from iam.policy.layer import Layer
from iam.words import plural

_LEFT_OUT = (
    "Only one of the two compared states contains the organization's policies, so access is compared without them."
)

Tell = Callable[[str, int, int], object]
"""A function that is called with the current work, the amount done, and the total (0 if unknown). An exception ends the
work."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class AccessDifference:
    """Who gains and who loses access, how many roles and users were compared, and changes in who may assume roles.

    Unless ``complete``, some data that matters was not read.
    """

    found: tuple[AccessOf, ...]
    assuming: tuple[WhoAssumes, ...]
    of: int
    complete: bool = True

    def lines(self) -> list[str]:
        lines = [access_summary(self.found, self.of), *access_lines(self.found)] if self.found else []
        if self.assuming:
            changes = f"Who may assume {plural(len(self.assuming), 'role')} changes."
            lines += ["", changes, *assuming_lines(self.assuming)]
        return lines or [f"{nobody('gains or loses anything', complete=self.complete)}."]

    def json(self) -> dict[str, Any]:
        return {
            "principals": [access_json(one) for one in self.found],
            "assuming": [assuming_json(one) for one in self.assuming],
        }


@dataclass(frozen=True, slots=True)
class AccountDifference:
    """The differences between two states of an account.

    ``new`` and ``gone`` are findings of the review; ``unread`` are sentences about what was left out.
    """

    entities: tuple[EntityDifference, ...]
    access: AccessDifference
    new: tuple[Finding, ...]
    gone: tuple[Finding, ...]
    unread: tuple[str, ...]

    def lines(self) -> list[str]:
        lines = list(entity_lines(self.entities)) or ["No role, user, group or policy differs."]
        lines += ["", *self.access.lines(), *(f"? {each}" for each in self.unread), ""]
        lines += [visible(f"new finding   {one.severity.value} {one.rule}: {one.summary}") for one in self.new]
        lines += [visible(f"gone finding  {one.severity.value} {one.rule}: {one.subject}") for one in self.gone]
        while lines and not lines[-1]:
            lines.pop()
        return lines

    def json(self) -> dict[str, Any]:
        gone = [{"rule": one.rule, "subject": one.subject, "severity": one.severity.value} for one in self.gone]
        return {
            "entities": [entity_json(one) for one in self.entities],
            **self.access.json(),
            "unread": list(self.unread),
            "findings": {"new": [finding_json(one) for one in self.new], "gone": gone},
        }


def compare(
    before: ReviewedAccount,
    after: ReviewedAccount,
    tell: Tell = lambda what, done, of: None,
    *,
    created: bool = False,
) -> AccountDifference:
    """Compare two states.

    With ``created``, roles and users that exist in only one state count as gaining or losing access. May block, for
    minutes if the accounts are large and differ much.
    """
    entities = differences(before.account, after.account)
    access = compare_access(before, after, tell, created=created)
    had, has = _findings(before, "review before", tell), _findings(after, "review after", tell)
    new = in_order(has[key] for key in has.keys() - had.keys())
    gone = in_order(had[key] for key in had.keys() - has.keys())
    unread = [_LEFT_OUT] if organization_left_out(before, after) else []
    one_sided = before.known_kinds ^ after.known_kinds
    kept_new, kept_gone = (tuple(one for one in each if not _rests_on(one, one_sided)) for each in (new, gone))
    if unsure := len(new) + len(gone) - len(kept_new) - len(kept_gone):
        unread.append(
            "The resources that run as the roles were completely read in only one of the two states, so "
            f"{plural(unsure, 'finding')} may have been neither gained nor lost."
        )
    return AccountDifference(entities, access, kept_new, kept_gone, tuple(unread))


def _rests_on(finding: Finding, kinds: frozenset[str]) -> bool:
    return any(rests_on(hop.actions, kinds) for hop in finding.path)


def compare_access(
    before: ReviewedAccount,
    after: ReviewedAccount,
    tell: Tell = lambda what, done, of: None,
    *,
    created: bool = False,
    deleted: bool = False,
    elsewhere: Collection[str] = (),
) -> AccessDifference:
    """Compare the access in two states. With ``deleted``, removed roles and users count as losing their access.

    ``elsewhere`` are accounts whose principals are compared separately. May block.
    """
    principals, roles = len(after.index.principals), len(after.account.roles)
    found = _counted(changed_access(before, after, created=created or deleted), "comparing access", principals, tell)
    assuming = _counted(
        changed_assuming(before, after, created=created, deleted=deleted, elsewhere=elsewhere),
        "comparing who may assume the roles",
        roles,
        tell,
    )
    unread = [each for side in (before, after) for layer in (Layer.SCP, Layer.RCP) for each in side.unread_above(layer)]
    complete = not (unread or before.account.incomplete or after.account.incomplete)
    return AccessDifference(found, assuming, principals, complete)


def _counted(found: Iterator[_T | None], what: str, of: int, tell: Tell) -> tuple[_T, ...]:
    kept = []
    for done, one in enumerate(found):
        tell(what, done, of)
        if one is not None:
            kept.append(one)
    return tuple(kept)


def _findings(reviewed: ReviewedAccount, what: str, tell: Tell) -> dict[tuple[str, str], Finding]:
    found = {}
    for one in review(reviewed):
        if isinstance(one, Progress):
            tell(what, one.done, one.of)
        else:
            found[one.key] = one
    return found
