"""Determine for each granted action whether the role used it, did not use it, or whether that is unknown.

There are two sources. IAM's last accessed information contains the time of the last attempt for each service that it
tracks and, for some services, for each management action (IAM User Guide, "Refine permissions using last accessed
information"). A trail contains the calls themselves, but only for its time and Regions, and data events only if it logs
them. If neither source covers an action, its use is unknown, and the action never counts as unused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property, lru_cache

from diagnostics.right_size.calls import UnknownOperation, of_version
from diagnostics.right_size.trail import Coverage
from diagnostics.right_size.usage import Usage
from iam.api_operations import action_for
from iam.facts.global_services import GLOBAL_SERVICES
from iam.other_services import ServiceLastAccessed
from iam.policy.match import overlap
from iam.questions.catalogue import Catalogue, catalogue, positions
from iam.sources.aws.operations import operations_of
from iam.trail_events import EXCLUDABLE, NOT_RECORDED, is_data_action


class Unseen(StrEnum):
    """A reason why the use of actions is unknown."""

    DATA_EVENTS = "data events are not in the trail"
    NO_OPERATION = "no API call has the name of these permissions"
    BEFORE_TRAIL = "last accessed before the trail begins"
    NOT_EXPLAINED = "last accessed, but the trail has no call that uses the permission"
    UNKNOWN_OPERATIONS = "the trail has calls to this service whose action is unknown"
    NO_READS = "the trail logs no read calls"
    NO_WRITES = "the trail logs no write calls"
    NO_TRAIL = "trails do not record its actions"
    OTHER_REGION = "the trail lacks the Region in which calls to global services are logged"
    EXCLUDED = "the trail has no event of this service, and trails can exclude it"
    NOT_LISTED = "AWS lists no such action"


@dataclass(frozen=True, slots=True)
class UnseenActions:
    """Actions of one service (a bit mask) that are kept as granted because their use is unknown, and the reason."""

    service: str
    why: Unseen
    actions: int


@dataclass(frozen=True, slots=True)
class UseJudgement:
    """Which actions were used, as sets of actions (bit masks).

    ``recorded`` actions are in the trail; ``accessed`` ones were used, but only according to IAM. The use of
    ``unknown`` ones cannot be determined; ``unused`` ones were not used. For actions in ``complete``, the trail
    contains every call, so no resources other than the recorded ones were used.
    """

    recorded: int
    accessed: int
    unknown: int
    unused: int
    complete: int
    unseen: tuple[UnseenActions, ...] = ()

    @property
    def kept(self) -> int:
        return self.recorded | self.accessed | self.unknown

    def strict(self) -> UseJudgement:
        """Return the result with actions of unknown use counted as unused. ``unseen`` still lists them."""
        return replace(self, unknown=0, unused=self.unused | self.unknown)


@dataclass
class _Witnesses:
    report: Mapping[str, ServiceLastAccessed] | None
    usage: Usage
    coverage: Coverage
    unknown_services: frozenset[str]
    since: datetime
    on: Mapping[str, tuple[str, ...]]
    known: Catalogue = field(default_factory=catalogue)

    @cached_property
    def refused(self) -> frozenset[str]:
        """The services whose calls AWS denied; IAM counts such calls as access too."""
        return frozenset(action.partition(":")[0] for action, _ in self.usage.refused)

    def service(self, service: str, granted: int, recorded: int) -> tuple[UseJudgement, list[UnseenActions]]:
        """Return the result for a service. ``granted`` and ``recorded`` are sets (bit masks) of this service's actions.

        ``recorded`` also contains actions that no policy grants, because they also count as use.
        """
        row = self.report.get(service) if self.report is not None else None
        used = row is not None and row.last_authenticated is not None and row.last_authenticated >= self.since
        not_recorded = self.known.set_of(NOT_RECORDED) & granted
        if row is not None and not used and not recorded:
            unknown = not_recorded
            unseen = [UnseenActions(service, Unseen.NO_OPERATION, unknown)] if unknown else []
            return UseJudgement(0, 0, unknown, granted & ~unknown, 0), unseen
        accessed, known_unused = self._accessed(row, service)
        open_actions = granted & ~recorded & ~accessed & ~known_unused
        shown, why = self._shown(service, granted, used, row, recorded)
        unseen = [UnseenActions(service, reason, its & open_actions) for reason, its in why.items()]
        unknown = open_actions & ~shown
        return (
            UseJudgement(granted & recorded, accessed & granted & ~recorded, unknown, 0, shown),
            [one for one in unseen if one.actions],
        )

    def _accessed(self, row: ServiceLastAccessed | None, service: str) -> tuple[int, int]:
        """Return the actions that IAM tracks, as two sets (bit masks): those that were used and those that were not."""
        used, unused = list[str](), list[str]()
        for each in (row.actions if row is not None else None) or ():
            recent = each.last_accessed is not None and each.last_accessed >= self.since
            (used if recent else unused).append(f"{service}:{each.name}")
        return self.known.set_of(used), self.known.set_of(unused)

    def _shown(
        self, service: str, granted: int, used: bool, row: ServiceLastAccessed | None, recorded: int
    ) -> tuple[int, dict[Unseen, int]]:
        """Return the granted actions for which the trail would contain every call.

        Also return the other granted actions, by the reason why it would not.
        """
        whole = self._why_not_service(service, granted, used, row, recorded)
        if whole is not None:
            return 0, {whole: granted}
        shown, why = 0, dict[Unseen, int]()
        calls = _calls(service)
        for at in positions(granted):
            name = self.known.names[at]
            reason = self._why_not(name, self.known.levels[at] in ("List", "Read"), name in calls, service)
            if reason is None:
                shown |= 1 << at
            else:
                why[reason] = why.get(reason, 0) | 1 << at
        return shown, why

    def _why_not_service(
        self, service: str, granted: int, used: bool, row: ServiceLastAccessed | None, recorded: int
    ) -> Unseen | None:
        from iam.sources.aws.session import home_region  # loads boto3

        regions = self.coverage.regions
        if not self.coverage.whole or not regions:
            return Unseen.NO_TRAIL
        if service in GLOBAL_SERVICES and home_region(min(regions)) not in regions:
            return Unseen.OTHER_REGION
        if service in self.unknown_services:
            return Unseen.UNKNOWN_OPERATIONS
        if service in EXCLUDABLE and service not in self.coverage.services:
            return Unseen.EXCLUDED
        last, begins = (row.last_authenticated if row is not None else None), self.coverage.begins
        if used and last is not None and begins is not None and last < begins:
            return Unseen.BEFORE_TRAIL
        data = any(is_data_action(self.known.names[at]) for at in positions(granted))
        explained = recorded or service in self.refused
        if used and not explained and not data:
            return Unseen.NOT_EXPLAINED
        return None

    def _why_not(self, action: str, reads: bool, is_call: bool, service: str) -> Unseen | None:
        if action.lower() in NOT_RECORDED:
            # Calls that pass a role show it: see `calls.PASS_ROLE`. If there is no such call, that does not prove that
            # none passes it.
            return None if action in self.usage.actions and False in self.coverage.management else Unseen.NO_OPERATION
        data = is_data_action(action)
        if data and not self._logged(action, self.coverage.data.get((service, reads))):
            return Unseen.DATA_EVENTS
        if not is_call:
            return Unseen.NO_OPERATION
        if not data and reads not in self.coverage.management:
            return Unseen.NO_READS if reads else Unseen.NO_WRITES
        return None

    def _logged(self, action: str, places: set[str] | None) -> bool:
        """Return whether the trail logs data events for each resource that the action is granted on.

        If the action is granted on ``*``, some resources suffice.
        """
        if not places:
            return False
        patterns = [each for each in self.on.get(action, ()) if each.strip("*")]
        return all(any(overlap(pattern, place) for place in places) for pattern in patterns)


@lru_cache(maxsize=512)
def _calls(service: str) -> frozenset[str]:
    """Return the IAM actions that can appear as CloudTrail events for the service."""
    found = {action for each in operations_of(service) if (action := action_for(each, service)) is not None}
    return frozenset((*found, *map(of_version, found)) if service == "s3" else found)


def judge(
    granted: int,
    on: Mapping[str, tuple[str, ...]],
    usage: Usage,
    coverage: Coverage,
    unknown: Counter[UnknownOperation],
    report: Iterable[ServiceLastAccessed] | None,
    since: datetime,
) -> UseJudgement:
    """Determine which of the ``granted`` actions (a bit mask) were used. May read files.

    ``on`` are the granted resource patterns of each action that can be a data event. ``report`` is IAM's last accessed
    information, None if it could not be read. Access after ``since`` counts as use.
    """
    known = catalogue()
    rows = None if report is None else {each.namespace: each for each in report}
    not_known = frozenset(each.service for each in unknown if each.service)
    witnesses = _Witnesses(rows, usage, coverage, not_known, since, on)
    recorded = accessed = unseen_actions = complete = 0
    unseen: list[UnseenActions] = []
    for service in known.services:
        of_service = known.service(service)
        its = granted & of_service
        if not its:
            continue
        found, why = witnesses.service(service, its, usage.recorded & of_service)
        recorded |= found.recorded
        accessed |= found.accessed
        unseen_actions |= found.unknown
        complete |= found.complete
        unseen += why
    unused = granted & ~recorded & ~accessed & ~unseen_actions
    return UseJudgement(recorded, accessed, unseen_actions, unused, complete, tuple(unseen))
