"""Find the fewest changes that close every path to administrator: one statement often opens many of them.

This is a greedy set cover. Each change removes an action from a policy, or a principal from a trust policy. After each
one, the account is reviewed again with the change made, to find paths that were hidden by shorter ones. Finally, a
change is left out if all paths stay closed without it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from diagnostics.access_denied.fixes.place import place_of
from diagnostics.diagnosis import Evidence
from diagnostics.fix import Fix, InlinePlace, ManagedPlace, OtherPlace, PolicyChange, TrustChange
from diagnostics.review.escalation.search import paths
from diagnostics.review.escalation.step import EscalationStep
from diagnostics.review.finding import Finding
from diagnostics.review.rules.closing import new_place
from diagnostics.review.rules.escalation import PATH
from diagnostics.review.rules.outside import OUTSIDE_ADMIN, Entry, entries_of, shut_out
from diagnostics.review.rules.trust_edits import without
from diagnostics.review.subject import ReviewedAccount
from diagnostics.who import Who
from iam.account import Account, Group, Role, User
from iam.arn import is_aws_managed, name_of
from iam.changes.account_after import account_with
from iam.changes.call import Call
from iam.claims import verified
from iam.foreign_text import shortened
from iam.policy.document import Document
from iam.policy.edits import as_list, as_written, statements_of, with_free_sid, with_statement
from iam.policy.lint.finding import ERROR, PolicyKind
from iam.policy.lint.run import lint
from iam.policy.match import compile_glob
from iam.policy.request import NamedPolicy
from iam.risks.administrator import administrators
from iam.risks.risk import Severity
from iam.words import plural

MOST_PRINCIPALS = 1_000
"""The set is computed by default if there are at most this many roles and users, because each change needs a search for
paths."""
MOST_CHANGES = 25
PATH_RULES = (PATH.id, OUTSIDE_ADMIN.id)
"""The rules whose findings are paths."""
_SID = "NoEscalation"

PathKey = tuple[str, ...]
"""The rule and subject of a finding and, for access from outside, the principal that has it."""


@dataclass(frozen=True, slots=True)
class SharedChange:
    """One change of the set.

    ``closes`` are the findings (rule and subject) that were open before the change and that the change closes.
    """

    fix: Fix
    closes: tuple[PathKey, ...]

    @property
    def gain(self) -> str:
        """A phrase with the number of paths that the change closes."""
        return (
            plural(len(self.closes), "path closes", "paths close") if self.closes else "needed together with the others"
        )

    @property
    def sentence(self) -> str:
        return f"{self.fix.title}: {self.gain}"


@dataclass(frozen=True, slots=True)
class SmallestSet:
    """The smallest set of changes that closes the paths, ordered by how many each closes, most first.

    ``left`` are the paths that no change closes. ``verified`` is True if the account was evaluated with all changes
    made, and no path was left.
    """

    changes: tuple[SharedChange, ...]
    paths: int
    left: tuple[PathKey, ...]
    verified: bool | None

    @property
    def sentence(self) -> str:
        """A sentence that says how many changes close how many paths, and how that was checked."""
        closed = self.paths - len(self.left)
        said = f"{plural(len(self.changes), 'change closes', 'changes close')} {closed} of {plural(self.paths, 'path')}"
        known = {
            True: "reviewed again with these changes: no path is left",
            False: "some paths stay open",
            None: "not verified",
        }
        return f"{said} to administrator ({known[self.verified]})."


@dataclass(frozen=True, slots=True)
class _Open:
    """An open path: its steps, the first of which a principal takes, and the outside access before them, if any."""

    steps: tuple[EscalationStep, ...]
    entry: Entry | None = None


Place = InlinePlace | ManagedPlace | str
"""Where a policy is attached. A plain string is a role's ARN, and means that role's trust policy."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An edit of a policy that may close paths. Edits of lower ``rank`` remove less from others and are tried first."""

    place: Place
    title: str
    rank: int
    edit: Callable[[Document | None], Document | None] = field(compare=False)

    @property
    def key(self) -> tuple[str, str]:
        return _words(self.place), self.title


Chosen = list[tuple[_Candidate, frozenset[PathKey]]]


def worth_asking(reviewed: ReviewedAccount, findings: Iterable[Finding]) -> bool:
    """Return whether the smallest set of changes is computed by default.

    True if several paths are to be closed and the account is small enough.
    """
    of_paths = [one for one in findings if one.rule in PATH_RULES and one.key not in left_open(findings)]
    return len(of_paths) > 1 and len(reviewed.principals) <= MOST_PRINCIPALS


def left_open(findings: Iterable[Finding]) -> frozenset[tuple[str, str]]:
    """Return the paths that may stay open: accepted ones, and those to an emergency role."""
    return frozenset(
        one.key
        for one in findings
        if one.rule in PATH_RULES and (one.accepted is not None or one.severity is Severity.INFO)
    )


def found_set(reviewed: ReviewedAccount, findings: Iterable[Finding]) -> SmallestSet:
    """Return the smallest set of changes that closes the paths in these findings. May block."""
    search = smallest_set(reviewed, left_open(findings))
    while True:
        try:
            next(search)
        except StopIteration as end:
            found: SmallestSet = end.value
            return found


def smallest_set(
    reviewed: ReviewedAccount, ignored: Collection[tuple[str, str]] = ()
) -> Generator[None, None, SmallestSet]:
    """Search for the smallest set, yielding regularly so that the caller can stop. May block.

    ``ignored`` are the findings, by rule and subject, that may stay open.
    """
    tried: set[tuple[str, str]] = set()
    open_now = yield from _open_paths(reviewed, ignored)
    first, now = open_now, reviewed
    chosen: Chosen = []
    while open_now and len(chosen) < MOST_CHANGES:
        best = _best(now, open_now, tried)
        if best is None:
            break
        tried.add(best.key)
        then = _after(reviewed, [*(each for each, _ in chosen), best])
        if then is None:
            continue
        open_then = yield from _open_paths(then, ignored)
        closed = frozenset(open_now) - frozenset(open_then)
        if not closed and all(open_now[key].steps == one.steps for key, one in open_then.items() if key in open_now):
            continue  # no path led through it
        chosen.append((best, closed))
        now, open_now = then, open_then
    left = frozenset(open_now)
    chosen = yield from _needed(reviewed, chosen, left, ignored)
    known = verified(not left, hangs_on=[one for one in reviewed.principals if one.unread])
    return SmallestSet(tuple(_merged(reviewed, chosen)), len(first), tuple(sorted(left)), known)


def _open_paths(
    reviewed: ReviewedAccount, ignored: Collection[tuple[str, str]]
) -> Generator[None, None, dict[PathKey, _Open]]:
    """Return every open path of principals inside and outside the account, yielding regularly."""
    reached: dict[str, tuple[EscalationStep, ...]] = dict.fromkeys(administrators(reviewed), ())
    found: dict[PathKey, _Open] = {}
    for path in paths(reviewed):
        yield
        if path is not None:
            arn = path.principal.entity.arn
            reached[arn] = path.steps
            found[PATH.id, arn] = _Open(path.steps)
    for role, _, entry in entries_of(reviewed, reached):
        yield
        found[OUTSIDE_ADMIN.id, role.arn, entry.who] = _Open(reached[role.arn], entry)
    return {key: one for key, one in found.items() if key[:2] not in ignored}


def _best(now: ReviewedAccount, open_now: Mapping[PathKey, _Open], tried: set[tuple[str, str]]) -> _Candidate | None:
    """Return the edit that affects most paths, or None."""
    counts: Counter[tuple[str, str]] = Counter()
    found: dict[tuple[str, str], _Candidate] = {}
    for key, each in open_now.items():
        of_path = {one.key: one for one in _candidates(now, key, each) if one.key not in tried}
        counts.update(of_path.keys())
        found |= of_path
    best = min(found, key=lambda each: (-counts[each], found[each].rank, each), default=None)
    return None if best is None else found[best]


def _needed(
    reviewed: ReviewedAccount, chosen: Chosen, left: frozenset[PathKey], ignored: Collection[tuple[str, str]]
) -> Generator[None, None, Chosen]:
    """Return the changes without the redundant ones. A change is redundant if the other changes close all of its paths.

    The generator yields regularly, so that other tasks can run.
    """
    for one in sorted(chosen, key=lambda each: len(each[1])) if len(chosen) > 1 else ():
        fewer = [each for each in chosen if each is not one]
        then = _after(reviewed, [each for each, _ in fewer])
        if not fewer or then is None:
            continue
        open_then = yield from _open_paths(then, ignored)
        if frozenset(open_then) <= left:
            fewer[0] = fewer[0][0], fewer[0][1] | one[1]
            chosen = fewer
    return chosen


def _merged(reviewed: ReviewedAccount, chosen: Chosen) -> list[SharedChange]:
    """Return one merged change for each policy, the one that closes most paths first."""
    by_place: dict[str, Chosen] = {}
    for each, closed in chosen:
        by_place.setdefault(_words(each.place), []).append((each, closed))
    found = []
    for those in by_place.values():
        place = those[0][0].place
        closes = frozenset[PathKey]().union(*(closed for _, closed in those))
        title = "; ".join(each.title for each, _ in those)
        before = _document_at(reviewed.account, place)
        after = before
        for each, _ in those:
            after = each.edit(after) or after
        assert after is not None
        change: PolicyChange | TrustChange
        if isinstance(place, str):
            assert before is not None
            change = TrustChange(place, before, after)
        else:
            change = PolicyChange(place, after.value, before, after)
        found.append(SharedChange(Fix(title, Who.YOU, change), tuple(sorted(closes))))
    return sorted(found, key=lambda each: -len(each.closes))


# Candidates.


def _candidates(now: ReviewedAccount, key: PathKey, each: _Open) -> Iterator[_Candidate]:
    if each.entry is not None:
        yield _without_entry(now, key[1], each.entry)
    changeable = False
    for step in each.steps:
        for one in step.hop.evidence:
            for candidate in _of_evidence(now, step, one):
                changeable = changeable or candidate.rank == 0
                yield candidate
    principal = now.principal(each.steps[0].hop.who) if each.steps else None
    if principal is not None and not changeable:
        action = each.steps[0].hop.actions[0]
        title = f"Deny {shortened(principal.entity.name, 40)} the use of {action}"
        yield _Candidate(new_place(principal), title, 2, lambda document: _denying(document, action))


def _without_entry(now: ReviewedAccount, arn: str, entry: Entry) -> _Candidate:
    role = now.account.role(arn)
    assert role is not None

    def edit(document: Document | None) -> Document | None:
        return document and shut_out(now, role, NamedPolicy(document, f"trust policy of {role.name}", arn), entry)

    return _Candidate(arn, f"Do not let {entry.who} assume {shortened(role.name, 40)}", 1, edit)


def _of_evidence(now: ReviewedAccount, step: EscalationStep, one: Evidence) -> Iterator[_Candidate]:
    principal = now.principal(step.hop.who)
    if one.statement is None or one.document is None or principal is None:
        return
    if one.layer == "trust" and one.arn is not None and one.arn != step.hop.who:
        yield from _of_trust(one.arn, one.document, one.statement, principal.entity.arn, now.arn("root"))
    if one.layer != "identity":
        return
    policy = next((each for each in principal.identity if (each.name, each.arn) == (one.policy, one.arn)), None)
    place = place_of(policy) if policy is not None and not is_aws_managed(policy.arn) else None
    if place is None or isinstance(place, OtherPlace):
        return
    statement = statements_of(one.document.value)[one.statement]
    on = as_list(statement.get("Resource"))
    where = f" on {shortened(str(on[0]), 60)}" if len(on) == 1 else ""
    for action in step.hop.actions:
        if _names(statement, action):
            name = name_of(place.arn) if isinstance(place, ManagedPlace) else place.name
            yield _Candidate(place, f"Remove {action}{where} from {shortened(name, 40)}", 0, partial(_taking, action))


def _of_trust(role: str, document: Document, index: int, own: str, root: str) -> Iterator[_Candidate]:
    """Yield the edit of a trust policy that removes this account, if it trusts the entire account, or the principal."""
    named = statements_of(document.value)[index].get("Principal")
    values = as_list(named.get("AWS")) if isinstance(named, dict) else []
    who = root if root in values or root.split(":")[4] in values else own
    if who not in values and who != root:
        return
    words = "every principal of this account" if who == root else shortened(name_of(who), 40)

    gone = {who, who.split(":")[4]} if who == root else {who}

    def edit(changed: Document | None) -> Document | None:
        for at, statement in enumerate(statements_of(changed.value) if changed is not None else ()):
            listed = statement.get("Principal")
            given = as_list(listed.get("AWS")) if isinstance(listed, dict) else []
            if changed is not None and statement.get("Effect") == "Allow" and gone & set(given):
                return without(changed, at, lambda kind, value: kind == "AWS" and value in gone)
        return changed

    yield _Candidate(role, f"Stop {words} from assuming {shortened(name_of(role), 40)}", 1, edit)


def _names(statement: Mapping[str, Any], action: str) -> bool:
    """Return whether an Allow statement names an action, literally or by a pattern."""
    if statement.get("Effect") != "Allow":
        return False
    listed = as_list(statement.get("Action"))
    return any(compile_glob(each.lower())(action.lower()) for each in listed) or "NotAction" in statement


def _taking(action: str, document: Document | None) -> Document | None:
    return None if document is None else taken(document, action)


def taken(document: Document, action: str) -> Document:
    """Return the document without an action: removed where it is named, and denied if a pattern covers the action."""
    kept, patterned = [], False
    for statement in statements_of(document.value):
        if _names(statement, action):
            left = [each for each in as_list(statement.get("Action")) if each.lower() != action.lower()]
            if not left and "NotAction" not in statement:
                continue
            patterned = patterned or _names({**statement, "Action": left}, action)
            statement = {**statement, "Action": as_written(left)} if left else statement
        kept.append(statement)
    after = Document.from_value({**document.value, "Statement": kept})
    return _denying(after if kept else document, action) if patterned or not kept else after


def _denying(document: Document | None, action: str) -> Document:
    """Return the document with a statement added that denies an action on all resources."""
    statement = {"Sid": _SID, "Effect": "Deny", "Action": action, "Resource": "*"}
    return with_statement(document, with_free_sid(document, statement))


# In place.


def _after(reviewed: ReviewedAccount, chosen: Iterable[_Candidate]) -> ReviewedAccount | None:
    """Return the reviewed account with the edits made; None if lint rejects one, or if one changes nothing."""
    account = reviewed.account
    for number, each in enumerate(chosen):
        before = _document_at(account, each.place)
        after = each.edit(before)
        if (
            after is None
            or (before is not None and before.text == after.text)
            or _is_refused(each.place, before, after)
        ):
            return None
        account = account_with(account, _call(each.place, after), number)
    return reviewed.after(account)


def _is_refused(place: Place, before: Document | None, after: Document) -> bool:
    kind = PolicyKind.TRUST if isinstance(place, str) else PolicyKind.IDENTITY

    def errors(document: Document) -> set[str]:
        return {each.code for each in lint(document, kind) if each.severity is ERROR}

    return bool(errors(after) - (errors(before) if before is not None else set()))


def _words(place: Place) -> str:
    return place if isinstance(place, str) else place.words


def _document_at(account: Account, place: Place) -> Document | None:
    match place:
        case ManagedPlace(arn):
            return next((each.document for each in account.policies or () if each.arn == arn), None)
        case InlinePlace(holder, name):
            listed: Iterable[Role | User | Group] = (*account.roles, *(account.users or ()), *(account.groups or ()))
            held = next((each for each in listed if each.arn == holder.arn), None)
            return next((each.document for each in (held.inline or ()) if each.name == name), None) if held else None
        case _:
            role = account.role(place)
            return role.trust if role is not None else None


def _call(place: Place, after: Document) -> Call:
    match place:
        case ManagedPlace(arn):
            return Call(
                "CreatePolicyVersion", {"PolicyArn": arn, "PolicyDocument": after.text, "SetAsDefault": True}, ""
            )
        case InlinePlace(holder, name):
            word = holder.kind.value.capitalize()
            named = {f"{word}Name": holder.name, "PolicyName": name, "PolicyDocument": after.text}
            return Call(f"Put{word}Policy", named, "")
        case _:
            return Call("UpdateAssumeRolePolicy", {"RoleName": name_of(place), "PolicyDocument": after.text}, "")
