"""A rule about recent changes that opened access: to whom, to what, and who made the change.

The rule uses records that were read before or given (`diagnostics.review.records`); it makes no lookup itself. A change
counts while the access that it opened is still open. If the previous document is not recorded, nothing is reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from diagnostics.access_denied.fixes.revert import change_of, revert_title
from diagnostics.diagnosis import Evidence
from diagnostics.differences.access import strangers_in
from diagnostics.fix import Fix, Revert
from diagnostics.history.revert import reversals
from diagnostics.history.words import sentence, who
from diagnostics.review.finding import Finding, Rule
from diagnostics.review.subject import ReviewedAccount
from diagnostics.who import Who
from iam.account import Account, Group, Role, User
from iam.ages import short_age
from iam.arn import Arn, name_of
from iam.changes.gained import administers, changed_holders
from iam.changes.plan import PlanError
from iam.foreign_text import shortened
from iam.history.change import Change, Entity, Kind, Known, Part, State
from iam.history.past import after, before, past
from iam.history.timeline import History
from iam.policy.document import Document, PolicyError
from iam.policy.request import NamedPolicy, Policies, Request
from iam.questions.change.callers_of_resource import let_in
from iam.questions.change.effects import ANOTHER_ACCOUNT, ANYBODY
from iam.risks.risk import Severity
from iam.sources.reader.opened import OpenedAccount
from iam.words import listing

OPENED = Rule(
    "history.opened",
    Severity.HIGH,
    "A recent change opened access",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html",
)

RECENT = timedelta(days=30)
"""The maximum age of a change."""

_GIVING = (Part.INLINE, Part.ATTACHED, Part.BOUNDARY, Part.MEMBER, Part.VERSION, Part.DEFAULT)


def opened(reviewed: ReviewedAccount) -> Iterator[Finding | None]:
    """Report access that recent recorded changes opened to strangers, and principals that they made administrators."""
    history = reviewed.history
    if history is None:
        return
    account = OpenedAccount(reviewed.account, reviewed.reader)
    admins = _administrators(reviewed.account)
    reported: set[tuple[str, str]] = set()
    for change in reversed(history.changes):
        if reviewed.account.now - change.at > RECENT or not change.changed or change.entity is None:
            continue
        yield None
        for subject, said in (*_to_strangers(change, history, reviewed), *_to_admins(change, history, account, admins)):
            if (subject, said) not in reported:
                reported.add((subject, said))
                yield _finding(change, subject, said, history, account)


def _finding(change: Change, subject: str, said: str, history: History, opened: OpenedAccount) -> Finding:
    what = sentence(change, names=history.names)
    age = short_age(history.now - change.at)
    summary = f"{said} since {age} ago: {shortened(who(change))} {shortened(what, 200)}."
    shown = Evidence(text=f"{change.at:%Y-%m-%d %H:%M:%S} UTC, {change.event}: {what}", call="cloudtrail:LookupEvents")
    return OPENED.finding(subject, summary, (shown,), fixes=_fixes(change, history, opened))


def _fixes(change: Change, history: History, opened: OpenedAccount) -> Iterator[Fix]:
    try:
        listed = list(reversals(change, history))
        made = change_of(listed[0], history, opened) if len(listed) == 1 else None
    except PlanError:
        return
    if made is not None:
        title = f"Undo it: {revert_title(change, listed[0], history.names)}"
        yield Fix(title, Who.ACCOUNT_ADMIN, Revert(made, change.event_id))


# Strangers.


def _to_strangers(change: Change, history: History, reviewed: ReviewedAccount) -> Iterator[tuple[str, str]]:
    for effect in change.effects:
        place = effect.place
        trust = place.part is Part.TRUST
        if not trust and not (place.part is Part.POLICY and place.entity.kind is Kind.RESOURCE):
            continue
        timeline = history.timeline(place)
        was, now = timeline.before(change.at), timeline.after(change.at)
        present = timeline.stretches[-1].end
        arn = _arn(place.entity, reviewed.account)
        if not all(isinstance(each, Known) for each in (was, now, present)) or arn is None:
            continue
        still = _let_in(arn, was, present, reviewed)
        found = [each for each in _let_in(arn, was, now, reviewed) if each in still]
        if found:
            does = "may assume" if trust else "may use"
            yield arn, f"{_words(found)} {does} {shortened(name_of(arn) if trust else arn, 160)}"


def _arn(entity: Entity, account: Account) -> str | None:
    """Return the entity's ARN, or None for a role that no longer exists."""
    if entity.kind is not Kind.ROLE:
        return entity.name
    role = account.role(entity.name)
    return role.arn if role is not None else None


def _let_in(arn: str, was: State, now: State, reviewed: ReviewedAccount) -> tuple[str, ...]:
    """Return the strangers who gain access to a role or resource between two states of its document."""
    sides = [_side(each, arn) for each in (was, now)]
    parts = Arn.parse(arn)
    service = parts.service if parts is not None else ""
    action, resource = (f"{service}:*", f"{arn}/*" if service == "s3" else arn)
    if service == "iam":
        action, resource = "sts:AssumeRole", arn
        rcps = reviewed.shared.rcps
        sides = [Policies(resource=side.resource, rcps=rcps) for side in sides]
    try:
        found = let_in(sides[0], sides[1], Request(None, action, resource, reviewed.account.id), reviewed.account)
    except PolicyError:
        return ()
    return tuple(dict.fromkeys(strangers_in(found, reviewed)))


_NOBODY = Document('{"Version": "2012-10-17", "Statement": []}')


def _side(state: State, arn: str) -> Policies:
    text = state.text if isinstance(state, Known) else None
    return Policies(resource=NamedPolicy(Document.from_value(text) if text else _NOBODY, name_of(arn), arn))


def _words(strangers: list[str]) -> str:
    if ANYBODY in strangers:
        return "Anybody"
    if any(ANOTHER_ACCOUNT in each for each in strangers):
        return "Any AWS account"
    named = []
    for each in strangers:
        arn = Arn.parse(each)
        whole = arn is not None and ("rolescope-probe" in each or arn.resource == "root")
        named.append(f"Account {arn.account}" if arn is not None and whole else shortened(each, 160))
    return listing(list(dict.fromkeys(named)), limit=3)


# Administrators.


def _administrators(account: Account) -> dict[str, Role | User]:
    """Return the roles and users that are administrators now, by ARN."""
    return {each.arn: each for each in _holders(account) if administers(each, account) and not _of_aws(each)}


def _holders(account: Account) -> list[Role | User]:
    return [*account.roles, *(account.users or ())]


def _of_aws(holder: Role | User) -> bool:
    return isinstance(holder, Role) and holder.service_owned


def _to_admins(
    change: Change, history: History, opened: OpenedAccount, admins: dict[str, Role | User]
) -> Iterator[tuple[str, str]]:
    if not any(effect.place.part in _GIVING for effect in change.effects):
        return
    concerned = {arn for arn, holder in admins.items() if _concerns(change, holder, opened.account)}
    if not concerned:
        return
    was, now = (past(history, opened, side(history, change.at)) for side in (before, after))
    if any(place.entity == change.entity and place.part is not Part.TAG for place in (*was.unknown, *now.unknown)):
        return
    former, later = was.opened.account, now.opened.account
    were = {each.arn: each for each in _holders(former)}
    made = [each for each in changed_holders(former, later) if each.arn in concerned]
    new = [each for each in _holders(later) if each.arn in concerned and each.arn not in were]
    for each in (*made, *new):
        had = were.get(each.arn)
        if administers(each, later) and (had is None or not administers(had, former)):
            yield each.arn, f"{shortened(each.name)} may do everything"


def _concerns(change: Change, holder: Role | User, account: Account) -> bool:
    """Return whether a change may have given the holder a permission."""
    assert change.entity is not None
    kind, name = change.entity.kind, change.entity.name
    groups = [each for each in account.groups or () if isinstance(holder, User) and each.name in (holder.groups or ())]
    carriers: list[Role | User | Group] = [holder, *groups]
    match kind:
        case Kind.ROLE:
            return isinstance(holder, Role) and holder.name == name
        case Kind.USER:
            return isinstance(holder, User) and holder.name == name
        case Kind.GROUP:
            return any(each.name == name for each in groups)
        case Kind.POLICY:
            attached = [each.arn for one in carriers for each in one.attached or ()]
            return name in (*attached, holder.boundary_arn)
    return False
