"""Find the change that made a request denied, by evaluating the request before and after each recorded change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum, auto

from diagnostics.access_denied.build_case import build_case
from diagnostics.access_denied.case import Case, every_policy
from diagnostics.access_denied.request.caller import Caller, identify
from diagnostics.access_denied.request.subject import Subject
from diagnostics.diagnosis import Evidence, Status, Step
from diagnostics.fix import HangsOn, UnknownValue, UnreadLayer
from diagnostics.history.words import sentence, who
from diagnostics.past_changes import LaterChange, Since
from diagnostics.text.read.layout.text_time import TextTime
from iam.account import Role, User
from iam.ages import short_age
from iam.arn import service_of
from iam.claims import Confidence, Ground, confidence
from iam.history.change import DOCUMENTS, Change, Entity, Kind, Known, Part, Place
from iam.history.gather import (
    Recorded,
    entities_behind,
    from_files,
    from_rows,
    organization_entities,
    recorded_for,
    resource_entity,
)
from iam.history.past import View, after, before, past
from iam.history.timeline import History
from iam.history.trail import NO_TRAIL, Trail
from iam.policy.document import Document, PolicyError
from iam.policy.layer import Layer
from iam.policy.match import action_matcher
from iam.policy.principal import Kind as CallerKind
from iam.policy.unknown_keys import KeyReading
from iam.sources.reader.opened import OpenedAccount
from iam.words import plural

DAYS = 90
MOST_STATES = 200
"""The maximum number of points in time at which a request is evaluated. If there are more, the most recent are used."""


class Answer(Enum):
    """The decision on a request in a past state of the account."""

    ALLOWED = auto()
    DENIED = auto()
    UNKNOWN = auto()
    NO_CALLER = auto()


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One evaluation of a past state.

    ``sure``: no unknown value and no unread policy could change the answer. ``hangs_on`` are the values and policies
    that could change the answer. ``unknown`` are the documents for which the state at that time is unknown.
    """

    answer: Answer
    sure: bool
    case: Case | None = None
    hangs_on: tuple[HangsOn, ...] = ()
    unknown: frozenset[Place] = frozenset()


@dataclass(slots=True)
class Search:
    """A search for the change, with the data that the search uses.

    ``since`` is None if no change was found; ``said`` then gives the reason, or is empty if nothing was recorded.
    """

    recorded: Recorded
    history: History
    evaluate: Callable[[View], Evaluated]
    since: Since | None = None
    change: Change | None = None
    said: str = ""
    changed_after: tuple[Change, ...] = ()
    refusing: tuple[Change, ...] = field(default=())

    @property
    def found(self) -> bool:
        return self.since is not None and self.since.event_id is not None


def search(
    case: Case,
    subject: Subject,
    caller: Caller,
    opened: OpenedAccount,
    session: Document | None,
    at: TextTime | None,
    trail: Trail = NO_TRAIL,
) -> Search | None:
    """Find the change after which the request was denied. None if no relevant change is recorded. May block."""
    entities = tuple(dict.fromkeys(_entities(case, caller, opened)))
    if not entities or subject.action is None:
        return None
    recorded = _recorded(entities, opened, trail)
    # If the trail is of an entire account, changes to other entities are left out: they take time and leave doubts.
    relevant = [change for change in _relevant(recorded.changes, frozenset(entities)) if change.changed]
    if not relevant:
        return None
    history = replace(recorded, changes=relevant).history(opened)

    def evaluate(view: View) -> Evaluated:
        then = past(history, opened, view)
        answer = replace(_evaluate(case, subject, caller, then.opened, session), unknown=frozenset(then.unknown))
        compared = answer.case is not None and any(
            policy.document.mentions("tag/") for policy in every_policy(answer.case.policies)
        )
        if compared and any(place.part is Part.TAG for place in then.unknown):
            return replace(answer, answer=Answer.UNKNOWN, sure=False)
        return replace(answer, unknown=frozenset(place for place in then.unknown if place.part is not Part.TAG))

    found = Search(recorded, history, evaluate)
    _walk(found, case, at)
    return found


def _recorded(entities: Sequence[Entity], opened: OpenedAccount, trail: Trail) -> Recorded:
    since = opened.account.now - timedelta(days=DAYS)
    if not trail.given:
        return recorded_for(entities, opened, since, shared=True)
    found = Recorded(since)
    if trail.rows is not None:
        from_rows(trail.rows, found, opened.account.id)
    else:
        from_files(trail.files, found, opened.account.id, opened.account.now)
    return found


def _entities(case: Case, caller: Caller, opened: OpenedAccount) -> Iterator[Entity]:
    holder = caller.role or caller.user
    if holder is not None and caller.here:
        yield from entities_behind(holder, opened.account)
    elif caller.here and caller.name and caller.kind in (CallerKind.SESSION, CallerKind.ROLE, CallerKind.USER):
        yield Entity(Kind.USER if caller.kind is CallerKind.USER else Kind.ROLE, caller.name)
    resource = resource_entity(case.request.resource)
    if resource is not None and (resource.kind is not Kind.ROLE or case.trust):
        decides = case.policies.resource is not None or case.refuses(Layer.RESOURCE)
        if decides or service_of(resource.name) == "s3":
            yield resource
    known = holder is not None or not caller.here
    if known and (case.refuses(Layer.SCP) or case.refuses(Layer.RCP)):
        yield from organization_entities(opened.account)


def _relevant(changes: Sequence[Change], wanted: frozenset[Entity]) -> list[Change]:
    """Return the changes that may matter: those to ``wanted``, and those to the policies and groups that they name."""
    names = {entity.name for entity in wanted}
    for _ in range(2):  # a user's group names further policies
        concerned = [change for change in changes if _concerns(change, wanted, frozenset(names))]
        for change in concerned:
            for effect in change.effects:
                names.add(effect.place.name)
                if effect.place.part is Part.BOUNDARY and isinstance(effect.after, Known) and effect.after.value:
                    names.add(effect.after.value)
    return [change for change in changes if _concerns(change, wanted, frozenset(names))]


def _concerns(change: Change, wanted: frozenset[Entity], policies: frozenset[str]) -> bool:
    """Return whether a change may matter to the request."""
    entity = change.entity
    if entity is None:
        return True
    if entity in wanted or entity.kind in (Kind.ORGANIZATION_POLICY, Kind.TARGET, Kind.ENDPOINT):
        return True
    return entity.kind in (Kind.POLICY, Kind.GROUP) and entity.name in policies


def _walk(found: Search, case: Case, at: TextTime | None) -> None:
    history, now = found.history, found.history.now
    relevant = history.changes
    failed = min(at.latest, now) if at is not None else now
    if at is not None and at.latest < history.since:
        found.said = f"the text is older than the record, which begins {short_age(now - history.since)} ago"
        return
    moments = sorted({change.at for change in relevant})[-MOST_STATES:]
    earlier = [moment for moment in moments if moment <= failed]
    found.changed_after = tuple(c for c in relevant if c.at > failed)
    checked = 1
    if failed >= now:
        last = found.evaluate(lambda place: history.timeline(place).stretches[-1].end)
    else:
        last = found.evaluate(after(history, earlier[-1]) if earlier else before(history, moments[0]))
    if last.answer is Answer.ALLOWED:
        when = "is allowed now" if failed >= now else "was allowed then"
        found.said = f"according to the record, the request {when}"
        return
    if last.answer is Answer.UNKNOWN:
        found.said = "the policies in effect at that time are not fully recorded"
        return
    doubtful: tuple[datetime, Evaluated] | None = None
    gap, unlike, created = False, False, history.since
    if failed >= now and earlier:
        side = found.evaluate(after(history, earlier[-1]))
        checked += 1
        if side.answer is Answer.ALLOWED:
            found.said = f"by a change that is not recorded, after {earlier[-1]:%Y-%m-%d %H:%M:%S} UTC"
            return
        gap = side.answer is Answer.UNKNOWN
    for index in range(len(earlier) - 1, -1, -1):
        moment = earlier[index]
        was = found.evaluate(before(history, moment))
        checked += 1
        if was.answer is Answer.NO_CALLER:
            created = moment
            break
        if was.answer is Answer.ALLOWED and doubtful is None:
            _name(found, case, relevant, moment, (was, last), checked, certain=not gap)
            return
        if was.answer is Answer.ALLOWED:
            break
        if was.answer is Answer.UNKNOWN and was.unknown and not any(_may_speak(found, case, p) for p in was.unknown):
            unlike = True
        elif was.answer is Answer.UNKNOWN:
            # If a state is unknown because of a gap, no change recorded at that time caused the denial.
            if all(history.timeline(place).in_gap(moment) for place in was.unknown):
                gap = True
            else:
                doubtful = doubtful or (moment, was)
        if index > 0 and doubtful is None:
            earlier_side = found.evaluate(after(history, earlier[index - 1]))
            checked += 1
            if earlier_side.answer is Answer.ALLOWED:
                found.said = (
                    f"by a change that is not recorded, between {earlier[index - 1]:%Y-%m-%d %H:%M:%S} and "
                    f"{moment:%Y-%m-%d %H:%M:%S} UTC"
                )
                return
            gap = gap or (earlier_side.answer is Answer.UNKNOWN and not unlike)
    if doubtful is not None:
        _name(found, case, relevant, doubtful[0], (doubtful[1], last), checked, certain=False)
    elif gap:
        found.said = "it is unknown when this stopped, because something changed without a record"
    elif unlike:
        found.said = "no recorded change is known to concern this request"
    else:
        found.since = _never(found, checked, created)
        was_made = created != history.since
        begun = "denied since the caller was created on" if was_made else "never allowed since"
        found.said = f"{begun} {created:%Y-%m-%d %H:%M:%S} UTC, as far as is recorded"


def _may_speak(found: Search, case: Case, place: Place) -> bool:
    """Return whether a document that is unknown at some time may have decided the request at that time.

    The document may have decided the request if any known state of it names the action's service, or if no state is
    known. A managed policy may also if one of its versions names the action.
    """
    action = case.request.action.lower()
    if place.part in (Part.VERSION, Part.DEFAULT):
        versions = [each for each in found.history.places(place.entity) if each.part is Part.VERSION]
        documents = [*_versions(case, place.entity.name), *_recorded_documents(found, versions)]
        return not documents or any(_names(document, _covering(action)) for document in documents)
    service = f"{action.partition(':')[0]}:"
    documents = _recorded_documents(found, [place] if place.part in DOCUMENTS else [])
    return not documents or any(_names(document, lambda each: each.startswith(service)) for document in documents)


def _covering(action: str) -> Callable[[str], bool]:
    """Return a function that checks whether a pattern of actions covers ``action``."""
    return lambda pattern: bool(action_matcher(pattern)(action))


def _versions(case: Case, arn: str) -> list[Document]:
    """Return the existing versions of a managed policy; empty if they cannot be read."""
    policy = case.account.policy(arn)
    if policy is None or len(policy.versions) < 2:
        policy = case.reader.managed_policy(arn).value or policy
    return [version.document for version in policy.versions] if policy is not None else []


def _recorded_documents(found: Search, places: Iterable[Place]) -> list[Document]:
    """Return every state of these documents that the record and the account contain."""
    stretches = [one for place in places for one in found.history.timeline(place).stretches]
    states = {state for one in stretches for state in (one.start, one.end)}
    return [Document.from_value(state.value) for state in states if isinstance(state, Known) and state.value]


def _names(document: Document, covers: Callable[[str], bool]) -> bool:
    """Return whether a statement may be about an action that ``covers`` recognizes; True if it cannot be read."""
    try:
        statements = document.statements
    except PolicyError:
        return True
    return any(
        one.action is None or any(pattern == "*" or covers(pattern.lower()) for pattern in one.action)
        for one in statements
    )


def _never(found: Search, checked: int, back_to: datetime) -> Since:
    return Since(before="denied", checked=checked, back_to=back_to)


def _name(
    found: Search,
    case: Case,
    relevant: Sequence[Change],
    moment: datetime,
    sides: tuple[Evaluated | None, Evaluated],
    checked: int,
    *,
    certain: bool,
) -> None:
    """Set the change that caused the denial: the one at ``moment``, or the decisive one of several then."""
    history = found.history
    candidates = [change for change in relevant if change.at == moment]
    change = candidates[-1]
    alone = [each for each in candidates if _refuses_alone(found, each)] if len(candidates) > 1 else candidates
    if len(alone) == 1:
        change = alone[0]
    was, now = sides
    hangs_on = tuple(
        dict.fromkeys((*(was.hangs_on if was is not None else ()), *now.hangs_on, *_unrecorded(found, case)))
    )
    known = certain and was is not None and was.sure and now.sure and len(alone) == 1
    whole = not found.recorded.lost and not history.holes
    ground = Ground.READ if known and whole and change.effects else Ground.EVALUATED
    sure = confidence(ground, hangs_on=hangs_on)
    later = tuple(_later(found, relevant, moment))
    place = change.effects[0].place if change.effects else None
    was_before = history.timeline(place).before(change.at) if place is not None else None
    said = sentence(change, was_before, history.names)
    found.change = change
    found.since = Since(
        before="allowed",
        checked=checked + len(later),
        back_to=history.since,
        event_id=change.event_id,
        event=change.event,
        at=change.at,
        by=change.by,
        entity=change.arn or (change.entity.name if change.entity is not None else None),
        what=said,
        certainty=sure,
        hangs_on=hangs_on,
        after=later,
    )


def _refuses_alone(found: Search, change: Change) -> bool:
    """Return whether one of several changes in the same second is enough to make the allowed request denied."""
    history = found.history
    own = {effect.place for effect in change.effects}
    was, now = before(history, change.at), after(history, change.at)
    return found.evaluate(lambda place: now(place) if place in own else was(place)).answer is Answer.DENIED


def _later(found: Search, relevant: Sequence[Change], moment: datetime) -> Iterator[LaterChange]:
    """Yield the later changes after which the request was allowed or denied again."""
    answer = Answer.DENIED
    for later in sorted({change.at for change in relevant if change.at > moment}):
        now = found.evaluate(after(found.history, later)).answer
        if now is not answer and now in (Answer.ALLOWED, Answer.DENIED):
            answer = now
            change = next(each for each in relevant if each.at == later)
            then = "allowed" if now is Answer.ALLOWED else "denied"
            yield LaterChange(
                change.event_id, change.event, change.at, change.by, sentence(change, names=found.history.names), then
            )


def _unrecorded(found: Search, case: Case) -> Iterator[HangsOn]:
    """Yield the changes that only another account records: earlier states of the organization's policies."""
    organization = case.account.organization
    if organization is None or organization.management_account_id in (None, case.account.id):
        return
    if organization.management_account_id in found.recorded.accounts:
        return
    if case.policies.scps is not None:
        yield UnreadLayer("scp", organization.management_account_id)


def _evaluate(
    case: Case, subject: Subject, caller: Caller, opened: OpenedAccount, session: Document | None
) -> Evaluated:
    if caller.here and caller.kind in (CallerKind.SESSION, CallerKind.ROLE, CallerKind.USER) and caller.name:
        account = opened.account
        there: Role | User | None = account.role(caller.name)
        if caller.kind is CallerKind.USER:
            there = account.user(caller.name)
        if there is None and (caller.role is not None or caller.user is not None):
            return Evaluated(Answer.NO_CALLER, True)
    known = identify(subject.principal, opened)
    then = replace(caller, role=known.role, user=known.user)
    made = build_case(subject, then, opened, session=session, endpoint=_endpoint(case))
    made.session_seen, made.call_seen = case.session_seen, case.call_seen
    unread = made.unread - case.unread
    allowed = made.cautious.allowed
    if allowed and unread:
        return Evaluated(Answer.UNKNOWN, False, made, tuple(UnreadLayer(word) for word in sorted(unread)))
    doubted = made.doubted
    if allowed:
        sure = doubted.decision(KeyReading.PESSIMISTIC).allowed and not made.unread
        return Evaluated(Answer.ALLOWED, sure, made, () if sure else _hangs_on(made))
    sure = not doubted.decision(KeyReading.OPTIMISTIC).allowed
    return Evaluated(Answer.DENIED, sure, made, () if sure else _hangs_on(made))


def _endpoint(case: Case) -> str | None:
    return next((had[0] for key, had in case.request.context.items() if key.lower() == "aws:sourcevpce" and had), None)


def _hangs_on(case: Case) -> tuple[HangsOn, ...]:
    keys = {key.key for one in case.decided.doubts() for key in one.keys}
    return (*(UnreadLayer(word) for word in sorted(case.unread)), *map(UnknownValue, sorted(keys)))


def since_step(found: Search, now: datetime, at: TextTime | None) -> Step:
    """Return the step that says when the request stopped being allowed, or why that is unknown."""
    title = "When it stopped"
    since = found.since
    evidence = tuple(
        Evidence(text=f"{each.at:%Y-%m-%d %H:%M:%S} UTC: {each.what}; then {each.then}")
        for each in (since.after if since is not None else ())
    )
    asked = " (the text has no time: searched until now)" if at is None else ""
    if since is None or since.event_id is None:
        status = Status.UNKNOWN if since is None else Status.PASS
        return Step("since", title, status, f"{found.said}{asked}", evidence)
    assert since.at is not None and found.change is not None
    maybe = "" if since.certainty is Confidence.CERTAIN else "probably "
    said = f"{maybe}{short_age(now - since.at)} ago: {who(found.change)} {since.what}"
    gap = found.recorded.gaps[:1] if since.certainty is not Confidence.CERTAIN else []
    first = Evidence(
        text=f"{since.at:%Y-%m-%d %H:%M:%S} UTC, {since.event}: {plural(since.checked, 'state')} evaluated",
        call="cloudtrail:LookupEvents",
    )
    return Step("since", title, Status.FAIL, said, (first, *evidence, *(Evidence(text=each) for each in gap)))


__all__ = ["Answer", "Place", "Search", "search", "since_step"]
