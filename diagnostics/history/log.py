"""The log of recorded changes, newest first, each with its documents before and after and its effects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from diagnostics.history.words import brief, entity_words, sentence, tool_of, who
from diagnostics.plans.effects import effects_between
from iam.arn import name_of
from iam.changes.plan import AccessGrant, PlanEffects
from iam.history.change import DOCUMENTS, HOLDERS, Change, Entity, Kind, Known, Part, Place, State, Unknown
from iam.history.past import after, before, past
from iam.history.timeline import History, Stretch
from iam.policy.document import Document, PolicyError
from iam.sources.reader.opened import OpenedAccount


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the log: a change, or a gap in the record.

    For a gap, ``change`` is None, and only the gap's start and end are known. ``before`` and ``after`` are the states
    of ``place``, the changed document; None for a change without one. ``brief`` says what was done, without naming the
    object; ``on`` is the object.
    """

    at: datetime
    what: str
    change: Change | None = None
    place: Place | None = None
    before: State | None = None
    after: State | None = None
    brief: str = ""
    on: str = ""

    @property
    def documents(self) -> tuple[Document | None, Document | None]:
        """The documents before and after, as far as they are known and exist."""
        return _document(self.before, self.place), _document(self.after, self.place)

    @property
    def by(self) -> str:
        return who(self.change) if self.change is not None else ""

    @property
    def tool(self) -> str:
        return tool_of(self.change) if self.change is not None else ""


def _document(state: State | None, place: Place | None) -> Document | None:
    if place is None or place.part not in DOCUMENTS or not isinstance(state, Known) or not state.text:
        return None
    return Document.from_value(state.text)


def entries(history: History, entities: Iterable[Entity] | None = None) -> Iterator[Entry]:
    """Yield the log of some entities (if None, of all), newest first, with gaps as separate entries."""
    wanted = None if entities is None else frozenset(entities)
    found: list[Entry] = []
    for change in history.changes:
        if wanted is not None and not _concerns(change, wanted):
            continue
        found.append(_entry(history, change))
    of = history.entities if wanted is None else wanted & history.entities
    for entity in of:
        for place, stretch in history.gaps(history.places(entity)):
            found.append(_gap(place, stretch))
    yield from sorted(found, key=lambda entry: entry.at, reverse=True)


def _concerns(change: Change, wanted: frozenset[Entity]) -> bool:
    if change.entity is None:
        return True  # the change may be about any of them
    if change.entity in wanted:
        return True
    return any(Entity(entity.kind, effect.place.name) in wanted for effect in change.effects for entity in wanted)


def place_of(change: Change) -> Place | None:
    """Return the document that a change is about; if there are several, the first policy document."""
    documents = [effect.place for effect in change.effects if effect.place.part in DOCUMENTS]
    return next(iter((*documents, *(effect.place for effect in change.effects))), None)


def _entry(history: History, change: Change) -> Entry:
    place = place_of(change)
    if place is None or not change.changed:
        return Entry(
            change.at, sentence(change, names=history.names), change, place, None, None, *_brief(change, history)
        )
    timeline = history.timeline(place)
    was, now = timeline.before(change.at), timeline.after(change.at)
    words = sentence(change, was, history.names)
    return Entry(change.at, words, change, place, was, now, *_brief(change, history, was))


def _brief(change: Change, history: History, was: State | None = None) -> tuple[str, str]:
    entity = change.entity
    name = history.names.get(entity.name, name_of(entity.name)) if entity is not None else "unknown"
    return brief(change, was, history.names), name


def _gap(place: Place, stretch: Stretch) -> Entry:
    since = f"{stretch.since:%Y-%m-%d %H:%M:%S}" if stretch.since else "the record's beginning"
    name = f" {name_of(place.name)}" if place.name else ""
    what = (
        f"not recorded: {place.part.value}{name} of {place.entity.kind.value} {name_of(place.entity.name)} "
        f"was changed between {since} and {stretch.until:%Y-%m-%d %H:%M:%S} UTC"
    )
    short = f"not recorded: {place.part.value}{name} was changed"
    return Entry(stretch.until, what, None, place, stretch.start, stretch.end, short, name_of(place.entity.name))


# Effects.


@dataclass(frozen=True, slots=True)
class ChangeEffects:
    """Who gained and who lost which access through a change; ``why_not`` says in one sentence why this is unknown."""

    effects: PlanEffects | None = None
    why_not: str = ""

    @property
    def short(self) -> str:
        """The effects, written as one line for a list, such as ``+ s3:PutObject on …`` or ``− …``."""
        if self.effects is None:
            return ""
        parts = [_grants("+", self.effects.gained), _grants("−", self.effects.lost)]
        return "  ".join(part for part in parts if part)


def _grants(sign: str, grants: tuple[AccessGrant, ...]) -> str:
    if not grants:
        return ""
    first = grants[0]
    total = sum(grant.action_count for grant in grants)
    where = "" if first.resource == "*" else f" on {first.resource}"
    return f"{sign} {first.actions[0]}" + (f" and {total - 1:,} more" if total > 1 else "") + where


def effects_of(entry: Entry, history: History, opened: OpenedAccount) -> ChangeEffects:
    """Return the effects of a change, comparing the account before and after it. May block."""
    change = entry.change
    if change is None:
        return ChangeEffects(why_not="The change is not recorded.")
    if not change.changed:
        return ChangeEffects(PlanEffects())
    if change.lifecycle is not None and change.entity is None:
        return ChangeEffects(why_not=f"Unknown: {change.omitted}.")
    if change.entity is None or change.entity.kind not in (*HOLDERS, Kind.POLICY):
        return ChangeEffects(
            why_not="Effects are not computed here: they are computed only for roles, users, groups and their policies."
        )
    touches_tags = any(effect.place.part is Part.TAG for effect in change.effects)
    was = past(history, opened, before(history, change.at))
    now = past(history, opened, after(history, change.at))
    for side in (was, now):
        for place, why in side.unknown.items():
            # Tags matter only where policies test them: unknown tags are ignored for changes of other documents.
            if place.entity == change.entity and (place.part is not Part.TAG or touches_tags):
                return ChangeEffects(why_not=f"Unknown: for {entity_words(change)}, {why}.")
    try:
        return ChangeEffects(effects_between(was.opened.account, now.opened.account, now.opened.reader))
    except PolicyError as error:
        return ChangeEffects(why_not=f"Not computed: {error}")


# Filters.


@dataclass(frozen=True, slots=True)
class LogFilter:
    """A filter for entries. Letter case does not matter.

    ``by`` and ``via`` are parts of the caller and the tool, ``kind`` is an event's name or part of it, ``effect`` an
    action that was gained or lost. ``widened``: only changes that grant something.
    """

    by: str = ""
    via: str = ""
    kind: str = ""
    effect: str = ""
    widened: bool = False
    failed: bool = False

    def passes(self, entry: Entry) -> bool:
        """Return whether an entry matches, as far as that is known without its effects."""
        change = entry.change
        if change is None:
            return not (self.by or self.via or self.kind)
        if change.error is not None and not self.failed:
            return False
        return (
            self.by.lower() in f"{change.by} {entry.by}".lower()
            and self.via.lower() in f"{change.via} {entry.tool}".lower()
            and self.kind.lower() in change.event.lower()
        )

    @property
    def needs_effects(self) -> bool:
        return bool(self.effect) or self.widened

    def passes_effects(self, found: ChangeEffects) -> bool:
        """Return whether the effects match. Unknown effects do not."""
        if not self.needs_effects:
            return True
        if found.effects is None:
            return False
        grants = found.effects.gained if self.widened else (*found.effects.gained, *found.effects.lost)
        if not self.effect:
            return bool(grants)
        return any(self.effect.lower() in action.lower() for grant in grants for action in grant.actions)


Chooser = Callable[[Entry], bool]

__all__ = [
    "ChangeEffects",
    "Entry",
    "LogFilter",
    "Part",
    "Unknown",
    "effects_of",
    "entries",
    "place_of",
]
