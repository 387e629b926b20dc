"""The states of one part of an entity (a `Place`) over time, derived from the current state and recorded changes.

Between two changes, the state does not change. It is the result of the earlier call, the state that the later call
proves, or at the end the current state. If two of these differ, a change was not recorded: a gap.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby, pairwise, permutations
from types import MappingProxyType

from iam.changes.compare import canonical
from iam.history.change import (
    ABSENT,
    DOCUMENTS,
    HOLDERS,
    PRESENT,
    Change,
    Effect,
    Entity,
    Kind,
    Known,
    Lifecycle,
    Part,
    Place,
    Proves,
    State,
    Unknown,
)

_MOST_AT_ONCE = 5
"""The maximum number of changes to a place in one second whose order is determined. For more, it is unknown."""
_NOTHING = Unknown("nothing tells")
_NO_NAMES: Mapping[str, str] = MappingProxyType({})
_UNRECORDED = Unknown("the entity existed, but the call that created it is not recorded")
_SAME_SECOND = Unknown("several changes have the same second, and their order is not recorded")


Hole = tuple[datetime, datetime]
"""A period from which records are missing: its start and its end."""


@dataclass(frozen=True, slots=True)
class Observation:
    """A dated snapshot.

    ``state`` returns the state of a place at that time; it is unknown if the snapshot does not contain it.
    """

    at: datetime
    source: str
    state: Callable[[Place], State]


@dataclass(frozen=True, slots=True)
class Touch:
    """The effect of one change on one place.

    ``before`` is the state that the call's success proves, or None. ``existed``: some document existed before.
    """

    after: State
    before: State | None = None
    existed: bool = False
    edit: Effect | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """The period between two moments at which a policy or setting was changed or observed.

    ``changes`` are the changes at the first moment, in their order if that is known; ``since`` is None at the beginning
    of the record. ``start`` is the state after ``changes``, and ``end`` is the state before the next moment: the two
    differ if an unrecorded change happened in between. ``made`` is the first state, derived from the changes alone.
    ``proved`` is the second state, derived from the next moment alone. ``hole`` is the part of the period whose records
    are missing.
    """

    since: datetime | None
    changes: tuple[Change, ...]
    start: State
    end: State
    until: datetime
    observed: str = ""
    made: State = _NOTHING
    proved: State = _NOTHING
    hole: tuple[datetime, datetime] | None = None

    @property
    def gap(self) -> bool:
        """Whether an unrecorded change happened in this period."""
        return isinstance(self.start, Known) and self.start != self.end


@dataclass(frozen=True, slots=True)
class Timeline:
    """The periods of one place, oldest first.

    Their states can be compared: equivalent documents are equal.
    """

    place: Place
    stretches: tuple[Stretch, ...]

    def at(self, moment: datetime) -> State:
        """Return the state at ``moment``, after all changes up to and including ``moment``."""
        stretch = self._stretch(moment)
        if stretch.hole is not None:
            begins, ends = stretch.hole
            if moment < begins and isinstance(stretch.made, Known):
                return stretch.made
            if moment >= ends and isinstance(stretch.proved, Known):
                return stretch.proved
            return Unknown(f"records of {begins:%Y-%m-%d %H:%M:%S} to {ends:%Y-%m-%d %H:%M:%S} UTC are missing")
        if stretch.gap:
            return Unknown(f"it was changed without a record {_between(stretch)}")
        return stretch.start

    def after(self, moment: datetime) -> State:
        """Return the state right after the changes at exactly this moment.

        Without such changes, return the same state as `at`.
        """
        stretch = self._stretch(moment)
        if stretch.since != moment:
            return self.at(moment)
        return stretch.start if stretch.hole is None else stretch.made

    def before(self, moment: datetime) -> State:
        """Return the state right before ``moment``."""
        stretches = self.stretches
        index = self._index(moment)
        if stretches[index].since == moment and index > 0:
            earlier = stretches[index - 1]
            return earlier.end if earlier.hole is None else earlier.proved
        return self.at(moment)

    def in_gap(self, moment: datetime) -> bool:
        """Whether an unrecorded change happened in the period that contains ``moment``."""
        return self._stretch(moment).gap

    def _index(self, moment: datetime) -> int:
        starts = [each.since for each in self.stretches[1:] if each.since is not None]
        return bisect_right(starts, moment)

    def _stretch(self, moment: datetime) -> Stretch:
        return self.stretches[self._index(moment)]


def _between(stretch: Stretch) -> str:
    until = f"{stretch.until:%Y-%m-%d %H:%M:%S} UTC"
    return f"between {stretch.since:%Y-%m-%d %H:%M:%S} and {until}" if stretch.since else f"before {until}"


def touch(change: Change, place: Place) -> Touch | None:
    """Return the effect of a change on a place, or None if it has none."""
    if not change.changed:
        return None
    if change.entity is None:
        wide = any(kind is place.entity.kind and part in (place.part, Part.EXISTENCE) for kind, part in change.kinds)
        return Touch(Unknown(change.omitted)) if wide else None
    if change.event in ("EnablePolicyType", "DisablePolicyType"):
        hit = place.entity.kind is Kind.TARGET and place.part is Part.ATTACHED and _decides(change)
        return Touch(Unknown("the record does not say what was attached then")) if hit else None
    if place.entity != change.entity:
        return _by_name(change, place)
    own = next((effect for effect in change.effects if effect.place == place), None)
    match change.lifecycle:
        case Lifecycle.CREATED:
            after = own.after if own is not None else PRESENT if place.part is Part.EXISTENCE else ABSENT
            return Touch(after, ABSENT)
        case Lifecycle.DELETED:
            return _deleted(place)
        case Lifecycle.OPAQUE if own is None:
            return Touch(Unknown(change.omitted or "the record does not say what happened to it afterwards"))
    if own is None:
        return Touch(PRESENT, PRESENT) if place.part is Part.EXISTENCE else None
    if own.sid is not None:
        return Touch(own.after, edit=own, existed=_removes(own))
    match own.proves:
        case Proves.ABSENT:
            return Touch(own.after, ABSENT)
        case Proves.THIS:
            return Touch(own.after, own.before)
        case Proves.EXISTED:
            return Touch(own.after, existed=True)
    return Touch(own.after)


def _decides(change: Change) -> bool:
    """Whether a call is about policies that affect requests, such as SCPs and RCPs."""
    kind = change.parameters.get("policyType") if isinstance(change.parameters, dict) else None
    return kind in (None, "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY")


def _by_name(change: Change, place: Place) -> Touch | None:
    """Return the effect that creating or deleting a policy or group has on its attachments or members.

    After such a call, there are no attachments or members.
    """
    if change.entity is None or change.lifecycle not in (Lifecycle.CREATED, Lifecycle.DELETED):
        return None
    of_policy = place.part is Part.ATTACHED and change.entity.kind in (Kind.POLICY, Kind.ORGANIZATION_POLICY)
    of_group = place.part is Part.MEMBER and change.entity.kind is Kind.GROUP
    return Touch(ABSENT, ABSENT) if (of_policy or of_group) and place.name == change.entity.name else None


def _deleted(place: Place) -> Touch:
    """Return the effect of deleting the entity. A deletion succeeds only if nothing is attached.

    IAM API reference, DeleteConflict in DeleteRole, DeleteUser and DeleteGroup.
    """
    if place.part is Part.EXISTENCE:
        return Touch(ABSENT, PRESENT)
    emptied = place.entity.kind in HOLDERS and place.part in (Part.INLINE, Part.ATTACHED, Part.MEMBER)
    if emptied:
        return Touch(ABSENT, ABSENT)
    return Touch(ABSENT, existed=place.part in (Part.TRUST, Part.DEFAULT))


@lru_cache(maxsize=4096)
def _canonical(text: str) -> str:
    return canonical(text)


def comparable(state: State, part: Part) -> State:
    """Return the state in a form in which equivalent documents are equal."""
    if isinstance(state, Known) and state.value and part in DOCUMENTS:
        return Known(_canonical(state.value), state.text)
    return state


@dataclass(frozen=True, slots=True)
class _Moment:
    at: datetime
    touches: tuple[tuple[Change, Touch], ...] = ()
    seen: State | None = None
    source: str = ""


def timeline(
    place: Place,
    changes: Sequence[Change],
    present: State,
    now: datetime,
    since: datetime,
    observations: Iterable[Observation] = (),
    holes: Sequence[Hole] = (),
) -> Timeline:
    """Return the states of ``place`` from ``since`` until ``now``.

    ``changes`` are in chronological order. ``holes`` are the periods from which records are missing.
    """
    moments = list(_moments(place, changes, observations))
    marks = [since, *(moment.at for moment in moments), now]
    missing = [_hole(begins, ends, holes) for begins, ends in pairwise(marks)]
    count = len(moments)
    first: State = Unknown(f"its state at {since:%Y-%m-%d %H:%M:%S} UTC is not recorded")
    starts: list[State] = [first] * (count + 1)
    ends: list[State] = [first] * (count + 1)
    ends[count] = starts[count] = comparable(present, place.part)
    orders: list[tuple[Change, ...]] = [()] * count
    made_of: list[State] = [first] * (count + 1)
    proved: list[State] = [*[first] * count, ends[count]]
    for _ in range(2):  # the second pass adds the states from which single statements were edited
        for index in range(count - 1, -1, -1):
            after = starts[index + 1] if isinstance(starts[index + 1], Known) else ends[index + 1]
            found = _proved(moments[index], made_of[index + 1] if missing[index + 1] else after, place)
            if found is not None:
                ends[index] = proved[index] = found
            elif not isinstance(ends[index], Known):
                ends[index] = starts[index]
        if isinstance(ends[0], Known):
            starts[0] = ends[0]
        for index in range(count):
            last = ends[index + 1]
            if not isinstance(ends[index], Known):
                ends[index] = starts[index]
            if ends[index] == ABSENT and _needs_one(moments[index]):
                ends[index] = _UNRECORDED
            before = proved[index] if missing[index] else ends[index]
            target = first if missing[index + 1] else last
            made, orders[index] = _made(moments[index], before, target, place)
            made_of[index + 1] = made
            starts[index + 1] = made if isinstance(made, Known) or not isinstance(last, Known) else last
            if not isinstance(last, Known):
                ends[index + 1] = starts[index + 1]
    stretches = []
    for index in range(count + 1):
        begin = moments[index - 1] if index else None
        stretches.append(
            Stretch(
                begin.at if begin else None,
                orders[index - 1] if index else (),
                starts[index],
                ends[index],
                moments[index].at if index < count else now,
                begin.source if begin else "",
                made_of[index],
                proved[index],
                missing[index],
            )
        )
    return Timeline(place, tuple(stretches))


def _hole(begins: datetime, ends: datetime, holes: Sequence[Hole]) -> Hole | None:
    """Return the part of the period with missing records, from the first hole to the last; None if there is none."""
    inside = [(max(begins, start), min(ends, end)) for start, end in holes if start < ends and end > begins]
    return (min(start for start, _ in inside), max(end for _, end in inside)) if inside else None


def _needs_one(moment: _Moment) -> bool:
    return len(moment.touches) == 1 and moment.touches[0][1].existed


def _moments(place: Place, changes: Sequence[Change], observations: Iterable[Observation]) -> Iterator[_Moment]:
    touched = [(change, found) for change in changes if (found := touch(change, place)) is not None]
    moments = [_Moment(at, tuple(group)) for at, group in groupby(touched, key=lambda each: each[0].at)]
    for each in observations:
        state = comparable(each.state(place), place.part)
        if isinstance(state, Known):
            moments.append(_Moment(each.at, seen=state, source=each.source))
    return iter(sorted(moments, key=lambda moment: (moment.at, moment.seen is not None)))


def _proved(moment: _Moment, after: State, place: Place) -> State | None:
    """Return the state before a moment, as far as the changes at that moment prove it.

    ``after`` is the state after them.
    """
    if moment.seen is not None:
        return moment.seen
    if len(moment.touches) == 1:
        return _undone(moment.touches[0][1], after, place.part)
    if len(moment.touches) > _MOST_AT_ONCE:
        return None
    found: set[State | None] = set()
    for order in permutations(each for _, each in moment.touches):
        state = _run(order, None, place.part)
        if state is _IMPOSSIBLE or (isinstance(after, Known) and isinstance(state, Known) and state != after):
            continue
        found.add(_undone(order[0], Unknown(""), place.part))
    return found.pop() if len(found) == 1 else None


def _undone(one: Touch, after: State, part: Part) -> State | None:
    if one.before is not None:
        return comparable(one.before, part)
    if one.edit is not None and one.edit.add is not None and isinstance(after, Known):
        return comparable(without_statement(after, one.edit.sid or ""), part)
    return None


_IMPOSSIBLE = Unknown("impossible")


def _run(order: Sequence[Touch], state: State | None, part: Part) -> State:
    """Return the state after these changes in this order; `_IMPOSSIBLE` if one of them disproves the order."""
    current: State | None = state if isinstance(state, Known) else None
    for one in order:
        before = comparable(one.before, part) if one.before is not None else None
        if isinstance(before, Known) and current is not None and current != before:
            return _IMPOSSIBLE
        if one.existed and current == ABSENT:
            return _IMPOSSIBLE
        made = _apply(one, current if current is not None else before, part)
        current = made if isinstance(made, Known) else None
    return current if current is not None else Unknown("")


def _apply(one: Touch, state: State | None, part: Part) -> State:
    if one.edit is None:
        return comparable(one.after, part)
    if not isinstance(state, Known):
        return one.after
    if one.edit.add is not None:
        return comparable(with_statement(state, one.edit.add), part)
    return comparable(without_statement(state, one.edit.sid or ""), part) if _removes(one.edit) else one.after


def _removes(edit: Effect) -> bool:
    """Whether an edit removes a statement, and does not add one that is missing in the record."""
    return edit.add is None and edit.proves is not Proves.ABSENT


def _made(moment: _Moment, before: State, target: State, place: Place) -> tuple[State, tuple[Change, ...]]:
    """Return the state after all changes of one moment, and the changes in a possible order.

    ``target`` is the state just before the next moment.
    """
    if moment.seen is not None:
        return moment.seen, ()
    if len(moment.touches) == 1:
        change, one = moment.touches[0]
        return _apply(one, before, place.part), (change,)
    given = tuple(change for change, _ in moment.touches)
    if len(moment.touches) > _MOST_AT_ONCE:
        return _SAME_SECOND, given
    possible: list[tuple[State, tuple[Change, ...]]] = []
    for order in permutations(moment.touches):
        state = _run([each for _, each in order], before, place.part)
        if state is not _IMPOSSIBLE:
            possible.append((state, tuple(change for change, _ in order)))
    fitting = [each for each in possible if not isinstance(target, Known) or each[0] == target] or possible
    if not fitting:
        return _SAME_SECOND, given
    states = {state for state, _ in fitting}
    return (fitting[0][0] if len(states) == 1 else _SAME_SECOND), fitting[0][1]


# Single statements.


def with_statement(state: Known, statement: str) -> Known:
    """Return the policy with one more statement, which is given as JSON text."""
    policy = json.loads(state.text) if state.text else {"Version": "2012-10-17", "Statement": []}
    return Known(json.dumps({**policy, "Statement": [*statements_of(policy), json.loads(statement)]}))


def without_statement(state: Known, sid: str) -> Known:
    """Return the policy without the statement with this Sid, or the absent state if no statement is left."""
    if not state.text:
        return ABSENT
    policy = json.loads(state.text)
    left = [each for each in statements_of(policy) if not (isinstance(each, dict) and each.get("Sid") == sid)]
    return Known(json.dumps({**policy, "Statement": left})) if left else ABSENT


def statements_of(policy: object) -> list[object]:
    """Return the statements of a decoded policy as a list."""
    held = policy.get("Statement") if isinstance(policy, dict) else None
    return list(held) if isinstance(held, list) else [] if held is None else [held]


class History:
    """All recorded changes, and the states of places that follow from them.

    ``present`` returns the state of a place at ``now``. Changes are recorded from ``since`` on; ``holes`` are periods
    from which records are missing. ``names`` contains the names of the organization's policies, by ID.
    """

    def __init__(
        self,
        changes: Iterable[Change],
        present: Callable[[Place], State],
        now: datetime,
        since: datetime,
        observations: Iterable[Observation] = (),
        holes: Iterable[Hole] = (),
        names: Mapping[str, str] = _NO_NAMES,
    ) -> None:
        self.holes, self.names = tuple(holes), names
        self.changes = tuple(sorted(changes, key=lambda change: change.at))
        self.now, self.since = now, since
        self.observations = tuple(observations)
        self._present = present
        self._timelines: dict[Place, Timeline] = {}
        self._places: dict[Entity, set[Place]] = {}
        self._by_entity: dict[Entity, list[Change]] = {}
        self._wide: list[Change] = []
        for change in self.changes:
            if not change.changed:
                continue
            if change.entity is None or change.lifecycle is not None:
                self._wide.append(change)
            if change.entity is not None:
                self._by_entity.setdefault(change.entity, []).append(change)
            for effect in change.effects:
                self._places.setdefault(effect.place.entity, set()).add(effect.place)

    def places(self, entity: Entity) -> frozenset[Place]:
        """Return the places of an entity that occur in a record."""
        return frozenset(self._places.get(entity, ()))

    @property
    def entities(self) -> frozenset[Entity]:
        """Return the entities that were changed."""
        return frozenset(self._by_entity)

    def timeline(self, place: Place) -> Timeline:
        """Return the states of one place over time."""
        found = self._timelines.get(place)
        if found is None:
            near = self._by_entity.get(place.entity, [])
            ids = {id(change) for change in near}
            wide = [change for change in self._wide if id(change) not in ids]
            ordered = sorted((*near, *wide), key=lambda change: change.at)
            present = self._present(place)
            found = timeline(place, ordered, present, self.now, self.since, self.observations, self.holes)
            self._timelines[place] = found
        return found

    def state(self, place: Place, moment: datetime) -> State:
        """Return the state of a place (one part of one entity) at ``moment``.

        All changes up to and including ``moment`` are applied.
        """
        if moment < self.since:
            return Unknown(f"the record begins at {self.since:%Y-%m-%d %H:%M:%S} UTC")
        return self.timeline(place).at(moment)

    def gaps(self, places: Iterable[Place]) -> Iterator[tuple[Place, Stretch]]:
        """Yield the periods in which an unrecorded change happened, each with its place."""
        for place in places:
            for stretch in self.timeline(place).stretches:
                if stretch.gap:
                    yield place, stretch

    def with_changes(self, changes: Iterable[Change]) -> History:
        """Return a copy of this history with additional changes."""
        every = (*self.changes, *changes)
        return History(every, self._present, self.now, self.since, self.observations, self.holes, self.names)


__all__ = [
    "History",
    "Observation",
    "Stretch",
    "Timeline",
    "comparable",
    "statements_of",
    "timeline",
    "touch",
    "with_statement",
    "without_statement",
]
