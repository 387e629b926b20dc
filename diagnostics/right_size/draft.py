"""Draft a role's own policies, each reduced to what was used.

A new statement is always an old one with fewer actions or resources. Its effect, conditions and exceptions stay, and
every resource in it is covered by one in the old statement. So the draft allows nothing new; `run.py` also verifies
that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from diagnostics.right_size.judgement import UseJudgement
from diagnostics.right_size.usage import Usage
from iam.field_rules import inline_total_fault, managed_fault
from iam.lazy_pattern import regex
from iam.policy.compiled import CompiledStatement, compiled
from iam.policy.document import Document
from iam.policy.match import action_matcher, covers, has_wildcard, overlap
from iam.policy.request import NamedPolicy
from iam.questions.action_classes import named_by
from iam.questions.catalogue import catalogue, positions
from iam.service_reference import VARIABLE
from iam.trail_events import is_data_action

_WORD = regex(r"[A-Z][a-z0-9]*|[a-z0-9]+|[A-Z]+(?![a-z])|.")
FEWEST_FOR_A_PATTERN = 3
FEW = 6
"""The number of actions of one service up to which all are listed by name. A longer list is shortened with patterns."""


@dataclass(frozen=True, slots=True)
class PolicyDraft:
    """A policy and its draft. ``after`` is None if no statement of the policy remains."""

    policy: NamedPolicy
    after: Document | None

    @property
    def changed(self) -> bool:
        return self.after is None or self.after.value != self.policy.document.value


@dataclass(frozen=True, slots=True)
class Draft:
    """The drafts of the identity policies, in order.

    ``widened`` are actions that were recorded on resources that no statement names: they keep their granted resources.
    """

    policies: tuple[PolicyDraft, ...]
    widened: tuple[str, ...] = ()

    @property
    def changed(self) -> tuple[PolicyDraft, ...]:
        return tuple(each for each in self.policies if each.changed)

    def identity(self) -> tuple[NamedPolicy, ...]:
        """Return the identity policies as the draft has them."""
        return tuple(
            NamedPolicy(each.after, each.policy.name, each.policy.arn, each.policy.holder)
            for each in self.policies
            if each.after is not None
        )


def named_actions(policies: Iterable[NamedPolicy]) -> int:
    """Return the actions in the Allow statements, as a set (a bit mask).

    Raises `PolicyError` if a policy cannot be evaluated.
    """
    found = 0
    for policy in policies:
        for one in compiled(policy.document).statements:
            found |= 0 if one.deny else named_by(one)
    return found


def data_actions_on(policies: Iterable[NamedPolicy]) -> dict[str, tuple[str, ...]]:
    """Return the actions that may be data events, with the resource patterns from their Allow statements.

    A policy variable is replaced by ``*``. A NotResource counts as any resource.
    """
    known = catalogue()
    found: dict[str, dict[str, None]] = {}
    for policy in policies:
        for one in compiled(policy.document).statements:
            element = one.resource
            if one.deny or element is None:
                continue
            patterns = ("*",) if element.negated else tuple(map(_opened, element.patterns))
            for at in positions(named_by(one)):
                if is_data_action(known.names[at]):
                    found.setdefault(known.names[at], {}).update(dict.fromkeys(patterns))
    return {name: tuple(patterns) for name, patterns in found.items()}


def draft(policies: Iterable[NamedPolicy], judgement: UseJudgement, usage: Usage) -> Draft:
    """Return the most exact draft that does not exceed IAM's quotas, or else the shortest one.

    Raises `PolicyError` if a document cannot be evaluated.
    """
    listed = tuple(policies)
    made = [_draft(listed, judgement, usage, exactness) for exactness in Exactness]
    return next((each for each in made if not too_large(each)), made[-1])


def too_large(found: Draft) -> tuple[str, ...]:
    """Return one sentence for each IAM quota that the draft would exceed."""
    faults = [
        managed_fault(each.after, each.policy.name or "policy")
        for each in found.changed
        if each.after is not None and each.policy.arn is not None
    ]
    inline = [each.after for each in found.policies if each.after is not None and each.policy.arn is None]
    if any(each.policy.arn is None for each in found.changed):
        faults.append(inline_total_fault(inline))
    return tuple(filter(None, faults))


class Exactness(Enum):
    """How a draft names, for each service, the actions that are kept because their use is unknown.

    It names them exactly, by their first word (``Get*``), or by the entire service, but never names more than a
    statement does today.
    """

    EXACT = 0
    VERBS = 1
    SERVICES = 2


def _draft(listed: tuple[NamedPolicy, ...], judgement: UseJudgement, usage: Usage, exactness: Exactness) -> Draft:
    every = [one for each in listed for one in compiled(each.document).statements]
    maker = _Maker(judgement, usage, every, exactness)
    return Draft(tuple(PolicyDraft(each, maker.document(each.document)) for each in listed), maker.widened)


class _Maker:
    def __init__(
        self, judgement: UseJudgement, usage: Usage, statements: list[CompiledStatement], exactness: Exactness
    ) -> None:
        self._judgement, self._known, self._exactness = judgement, catalogue(), exactness
        self._said: set[str] = set()
        self._seen = {
            at: use.resources.patterns()
            for name, use in usage.actions.items()
            if not use.unstated and (at := self._known.position(name)) is not None and judgement.complete >> at & 1
        }
        # An action whose recorded resources no statement names was allowed in another way, or is misread here.
        granting = [(one, named_by(one)) for one in statements if not one.deny]
        lost = [
            at
            for at, seen in self._seen.items()
            if any(named >> at & 1 for _, named in granting)
            and not any(named >> at & 1 and _within(one, seen) != () for one, named in granting)
        ]
        self.widened = tuple(self._known.names[at] for at in lost)
        for at in lost:
            del self._seen[at]

    def document(self, document: Document) -> Document | None:
        value = document.value
        raw = value["Statement"] if isinstance(value["Statement"], list) else [value["Statement"]]
        sids = {each["Sid"] for each in raw if isinstance(each.get("Sid"), str)}
        found: list[Mapping[str, Any]] = []
        for one in compiled(document).statements:
            written = raw[one.statement.index]
            if one.deny:
                found.append(written)
                continue
            found += (each for each in self._statements(one, written, sids) if self._is_new(each, document.version))
        if not found:
            return None
        if found == raw:
            return document
        return Document.from_value({**value, "Statement": found})

    def _is_new(self, statement: Mapping[str, Any], version: str) -> bool:
        """Return whether no earlier policy contains the same statement."""
        said = version + json.dumps({**statement, "Sid": ""}, sort_keys=True)
        if said in self._said:
            return False
        self._said.add(said)
        return True

    def _statements(
        self, one: CompiledStatement, written: Mapping[str, Any], sids: set[str]
    ) -> Iterator[Mapping[str, Any]]:
        """Yield what remains of an Allow statement.

        First comes a statement for the actions that keep the original resources, then one for each combination of a
        service and narrower resources.
        """
        named = named_by(one)
        kept = named & self._judgement.kept
        as_granted, narrowed = 0, dict[tuple[str, tuple[str, ...]], list[str]]()
        for at in positions(kept):
            seen = self._seen.get(at)
            resources = None if seen is None else _within(one, seen)
            name = self._known.names[at]
            if resources is None or (one.resource is not None and set(resources) == set(one.resource.patterns)):
                as_granted |= 1 << at
            elif resources:
                narrowed.setdefault((name.partition(":")[0], resources), []).append(name)
        unlisted = self._unlisted(one)
        if as_granted == named and not narrowed:
            yield written
            return
        unseen = as_granted & self._judgement.unknown
        actions = _as_patterns(as_granted & ~unseen, one, self._exactness)
        if actions:
            yield _with(written, actions, None, written.get("Sid"))
        own = None if actions else written.get("Sid")  # goes to the first of those that replace it
        # Actions of unknown use get a separate statement, so that the owner can remove it.
        if unknown := [*_as_patterns(unseen, one, self._exactness), *unlisted]:
            apart = bool(actions or narrowed)
            yield _with(written, unknown, None, _sid(written.get("Sid"), "unseen", sids) if apart else own)
            own = own if apart else None
        for (service, resources), names in narrowed.items():
            yield _with(written, names, resources, own or _sid(written.get("Sid"), service, sids))
            own = None

    def _unlisted(self, one: CompiledStatement) -> list[str]:
        """Return the granted actions that AWS does not list, or no longer lists, so that their use is unknown."""
        if one.action.negated:
            return []
        return [each for each in one.action.patterns if not has_wildcard(each) and self._known.position(each) is None]


def _with(
    written: Mapping[str, Any], actions: list[str], resources: tuple[str, ...] | None, sid: str | None
) -> dict[str, Any]:
    """Return the statement with other actions, and with other resources if given."""
    found: dict[str, Any] = {"Sid": sid} if sid else {}
    for name, value in written.items():
        if name == "Sid":
            continue
        if name in ("Action", "NotAction"):
            found["Action"] = actions if len(actions) > 1 else actions[0]
        elif name in ("Resource", "NotResource") and resources is not None:
            found["Resource"] = list(resources) if len(resources) > 1 else resources[0]
        else:
            found[name] = value
    return found


def _sid(old: object, service: str, sids: set[str]) -> str:
    stem = old if isinstance(old, str) and old else ""
    base = stem + "".join(part.capitalize() for part in re.split(r"[^A-Za-z0-9]+", service))
    number, sid = 1, base
    while sid in sids:
        number += 1
        sid = f"{base}{number}"
    sids.add(sid)
    return sid


def _within(one: CompiledStatement, seen: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the recorded resources that a statement names, or None if the statement keeps its own resources."""
    element = one.resource
    if element is None or seen == ("*",):
        return None
    if element.negated:
        # The exceptions of a NotResource are kept: only patterns that lie completely outside them can replace it.
        beside = not any(overlap(_opened(each), pattern) for each in element.patterns for pattern in seen)
        return seen if beside else None
    found: dict[str, None] = {}
    for pattern in seen:
        for own in element.patterns:
            if "${" not in own and covers(own, pattern):
                found[pattern] = None
                break
        else:
            # Wider than the statement, or limited by a variable: the statement's own resources are then kept.
            found.update({own: None for own in element.patterns if overlap(_opened(own), pattern)})
    return tuple(found)


def _opened(pattern: str) -> str:
    return VARIABLE.sub("*", pattern)


def _as_patterns(actions: int, one: CompiledStatement, exactness: Exactness) -> list[str]:
    """Return patterns for a set of a statement's actions (a bit mask), as few as possible.

    They are patterns of the statement itself, if the set contains all actions that match them, and prefixes that match
    no other action in AWS's list.
    """
    known = catalogue()
    found: list[str] = []
    left = actions
    if not one.action.negated:
        for pattern in one.action.patterns:
            its = known.matching(pattern)
            if its and not its & ~actions:
                found.append(pattern)
                left &= ~its
    for service in known.services:
        wanted = left & known.service(service)
        if wanted:
            first, end = known.services[service]
            every = [name.partition(":")[2] for name in known.names[first:end]]
            chosen = {known.names[at].partition(":")[2] for at in positions(wanted)}
            exact = list(_beginnings("", every, chosen, service, one))
            short = len(exact) <= FEW or exactness is Exactness.EXACT
            names = exact if short else list(_shorter(exact, service, one, exactness))
            found += (f"{service}:{each}" for each in names)
    return found


def _shorter(names: list[str], service: str, one: CompiledStatement, exactness: Exactness) -> Iterator[str]:
    """Yield names shortened to their first word or the entire service, if the statement covers everything so named."""
    if exactness is Exactness.SERVICES and _may(service, "", one):
        yield "*"
        return
    words: dict[str, list[str]] = {}
    for name in names:
        match = _WORD.match(name)
        words.setdefault(match[0] if match else name, []).append(name)
    for word, its in words.items():
        wide = len(its) > 1 and word != "*" and _may(service, word, one)
        yield from ([f"{word}*"] if wide else its)


def _beginnings(prefix: str, every: list[str], chosen: set[str], service: str, one: CompiledStatement) -> Iterator[str]:
    """Yield prefixes with ``*`` that match only chosen actions, and full names if no prefix is possible.

    ``every`` are the service's actions that begin with the prefix.
    """
    if chosen.issuperset(every) and (len(every) >= FEWEST_FOR_A_PATTERN or not prefix) and _may(service, prefix, one):
        yield f"{prefix}*"
        return
    words: dict[str, list[str]] = {}
    for name in every:
        match = _WORD.match(name, len(prefix))
        words.setdefault(match[0] if match else "", []).append(name)
    for word, its in words.items():
        wanted = [name for name in its if name in chosen]
        if not wanted:
            continue
        longer = prefix + word
        # Prefixes of longer words (Get, Gets) would also match these, so such names are listed one by one.
        alike = sum(name.startswith(longer) for name in every)
        if not word or len(its) < FEWEST_FOR_A_PATTERN or alike != len(its):
            yield from wanted
        else:
            yield from _beginnings(longer, its, chosen, service, one)


def _may(service: str, prefix: str, one: CompiledStatement) -> bool:
    """Return whether the statement covers every action with this prefix, including actions that AWS will add."""
    start = f"{service}:{prefix}".lower()
    if one.action.negated:
        return not any(overlap(pattern.lower(), f"{start}*") for pattern in one.action.patterns)
    return any(pattern.endswith("*") and action_matcher(pattern)(f"{start}zz0") for pattern in one.action.patterns)
