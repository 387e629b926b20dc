"""The result of right-sizing as text and as JSON, the replay's numbers first."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from diagnostics.right_size.draft import PolicyDraft, too_large
from diagnostics.right_size.run import RightSized
from diagnostics.right_size.trail import HOW_SLOW, EventHistory
from diagnostics.trail_query.calls import QueriedTrail
from diagnostics.trail_query.offer import query_json, scanned_words
from iam.arn import Arn, is_aws_managed
from iam.foreign_text import visible
from iam.own_command import own_command
from iam.questions.catalogue import catalogue
from iam.questions.change.compare import Changed
from iam.sources.reader.trail_queries import TrailEngine
from iam.words import listing, plural

MOST_LISTED = 10
MOST_NAMES = 100
FEW_DAYS = 30
"""A trail of fewer days may lack calls that are made once a month."""


def headline(found: RightSized) -> str:
    """Return ``412 recorded calls still allowed, 0 refused, 1,903 of 2,100 actions removed, 40 kept (use unknown)``."""
    unknown = (found.judgement.unknown & found.granted).bit_count()
    return removed_in_short(found) + (f", {unknown:,} kept (use unknown)" if unknown else "")


def removed_in_short(found: RightSized) -> str:
    """Return ``412 recorded calls still allowed, 0 refused, 1,903 of 2,100 actions removed``."""
    replayed = found.replay
    calls = f"{plural(replayed.allowed, 'recorded call')} still allowed, {replayed.refused_calls:,} refused"
    if not replayed.calls:
        calls = "no recorded calls to replay"
    return f"{calls}, {found.gone.bit_count():,} of {plural(found.granted.bit_count(), 'action')} removed"


def look_again(found: RightSized) -> str:
    """Return the command to check again once the draft has been in effect for the same number of days."""
    words = ["right-size", found.role.name, "--days", str(found.days)]
    if isinstance(found.trail, QueriedTrail):
        table = found.trail.query.table
        words += ["--athena", table.name] if table.engine is TrailEngine.ATHENA else ["--lake", table.id]
    return own_command(*words)


def cautions(found: RightSized) -> tuple[str, ...]:
    """Return what the numbers do not show, one sentence each."""
    return tuple(_cautions(found))


def _cautions(found: RightSized) -> Iterator[str]:
    coverage, account = found.coverage, found.account
    if found.strict and found.judgement.unseen:
        count = sum(one.actions.bit_count() for one in found.judgement.unseen)
        yield f"Strict: {plural(count, 'action')} whose use is unknown will be removed. Watch for denials."
    if not found.only_narrows:
        yield "It could not be fully verified that the draft allows nothing new."
    caller = Arn.parse_principal(account.caller_arn or "")
    if caller is not None and caller.type == "assumed-role" and caller.session_role == found.role.name:
        yield (
            "Your session uses this role. After this change you lose the permissions that the role did not use, "
            "perhaps even the permission to undo the change."
        )
    if found.accessed.unreadable:
        yield f"IAM's last accessed information could not be read: {visible(found.accessed.why)}"
    if found.role.created is not None and (young := (account.now - found.role.created).days) < found.days:
        yield f"The role is only {plural(young, 'day')} old, so rare calls may not have been recorded yet."
    if not coverage.first:
        yield (
            "No trail was read. So the Resource elements, and the actions that IAM does not track individually, stay "
            "as they are in the policy."
        )
    elif not coverage.whole:
        title = f"{found.trail.title[:1].upper()}{found.trail.title[1:]}"
        slow = f" {HOW_SLOW}; a trail is faster." if isinstance(found.trail, EventHistory) else ""
        lacks = (
            f"was not read to its end ({coverage.events:,} events), so actions that do not appear in it do not "
            "count as unused."
        )
        yield f"{title} {lacks}{slow}"
    elif coverage.days < FEW_DAYS:
        days = plural(max(1, round(coverage.days)), "day")
        yield f"The trail covers only {days}, so calls that are made once a month may be missing from it."
    if regions := sorted(coverage.regions - {""}):
        yield f"The trail has events from {visible(listing(regions, limit=6))}; calls in other Regions are not in it."
    data = sorted({service for service, _ in coverage.data})
    if data:
        yield (
            f"The trail logs data events of {listing(data)}. If the trail logs these events only for some "
            "resources, events of other resources are missing."
        )
    for one in sorted(found.trail.unknown, key=lambda each: (each.source, each.operation))[:5]:
        yield f"It is unknown which action {visible(one.operation)} of {visible(one.source)} needs."
    if found.draft.widened:
        yield (
            f"{listing(found.draft.widened)}: the statement's resources stay unchanged, because the recorded calls "
            "match none of them."
        )
    yield from found.trail.problems
    yield from (f"Not read: {each}" for each in found.unread)
    yield from too_large(found.draft)


def unseen_lines(found: RightSized) -> list[str]:
    """Return lines about the actions that are kept as granted, by reason, the largest number first."""
    whole: dict[str, Counter[str]] = {}
    for one in found.judgement.unseen:
        whole.setdefault(one.why.value, Counter())[one.service] += one.actions.bit_count()
    rows = sorted(whole.items(), key=lambda each: -sum(each[1].values()))
    return [
        f"{plural(sum(services.values()), 'action')} of {listing(list(services), limit=6)}: {why}"
        for why, services in rows
    ]


def gone_by_service(found: RightSized) -> list[tuple[str, int, int]]:
    """Return the services that lose actions, each with the numbers of removed and of granted actions."""
    known = catalogue()
    rows = [
        (
            service,
            (found.gone & known.service(service)).bit_count(),
            (found.granted & known.service(service)).bit_count(),
        )
        for service in known.services
    ]
    return sorted((row for row in rows if row[1]), key=lambda row: (-row[1], row[0]))


def kind_of(drafted: PolicyDraft) -> str:
    arn = drafted.policy.arn
    return "inline" if arn is None else "aws-managed" if is_aws_managed(arn) else "customer-managed"


def outcome_of(drafted: PolicyDraft) -> str:
    return "unchanged" if not drafted.changed else "removed" if drafted.after is None else "narrowed"


def text(found: RightSized, *, documents: bool = True) -> str:
    return "\n".join(_lines(found, documents))


def _lines(found: RightSized, documents: bool) -> Iterator[str]:
    yield f"{found.role.name}: {headline(found)}"
    proof = "Verified: the draft allows nothing new." if found.only_narrows else ""
    narrowed = f"{plural(found.narrowed.bit_count(), 'action')} on fewer resources. " if found.narrowed else ""
    yield f"{narrowed}{proof}".strip()
    if isinstance(found.trail, QueriedTrail):
        yield scanned_words(found.trail.query, found.trail.answer.scanned)
    if found.replay.refused:
        yield "\nRefused under the draft, with the statement that would allow each call again:"
        for call in found.replay.refused[:MOST_LISTED]:
            yield f"  {plural(call.calls, 'call')} of {call.action} on {visible(call.resource)}"
            yield f"    {_statement(call.statement)}"
        yield from _more(len(found.replay.refused))
    if found.replay.not_granted:
        names = listing(list(found.replay.not_granted_actions))
        yield f"\n{plural(found.replay.not_granted, 'recorded call')} not allowed today by any policy read: {names}"
    if found.usage.refused:
        yield "\nAlready refused by AWS, and not in the draft:"
        for (action, resource), count in found.usage.refused.most_common(MOST_LISTED):
            yield f"  {plural(count, 'call')} of {action} on {visible(resource)}"
        yield from _more(len(found.usage.refused))
    if unseen := unseen_lines(found):
        why = "Removed, although" if found.strict else "Kept as granted (statements whose Sid ends in Unseen), because"
        yield f"\n{why} their use is unknown:"
        yield from (f"  {line}" for line in unseen)
    if gone := gone_by_service(found):
        yield "\nRemoved:"
        yield from (f"  {service}: {its:,} of {of:,}" for service, its, of in gone[:MOST_LISTED])
        yield from _more(len(gone))
    if said := cautions(found):
        yield "\nWarnings:"
        yield from (f"  ! {each}" for each in said)
    for each in found.draft.policies:
        yield f"\n{visible(each.policy.name or '')} ({kind_of(each)}): {outcome_of(each)}"
        if documents and each.changed and each.after is not None:
            yield from map(visible, each.after.text.splitlines())
    yield f"\nCheck again in {plural(found.days, 'day')}: {look_again(found)}"


def _more(count: int) -> Iterator[str]:
    if count > MOST_LISTED:
        yield f"  … and {count - MOST_LISTED:,} more (--json has them)"


def _statement(value: Any) -> str:
    return visible(json.dumps(value, ensure_ascii=False))


def to_json(found: RightSized) -> dict[str, Any]:
    """Return the document of ``rolescope right-size --json``, without the plan."""
    coverage, judgement, report = found.coverage, found.judgement, found.accessed.value
    queried = found.trail if isinstance(found.trail, QueriedTrail) else None
    return {
        "role": found.role.arn,
        "summary": headline(found),
        "days": found.days,
        "strict": found.strict,
        "counts": {
            "granted": found.granted.bit_count(),
            "gone": found.gone.bit_count(),
            "narrowed": found.narrowed.bit_count(),
            "recorded": judgement.recorded.bit_count(),
            "told": judgement.accessed.bit_count(),
            "unknown": judgement.unknown.bit_count(),
        },
        "replay": {
            "calls": found.replay.calls,
            "allowed": found.replay.allowed,
            "refused": found.replay.refused_calls,
            "refused_calls": [
                {"action": one.action, "resource": one.resource, "calls": one.calls, "statement": one.statement}
                for one in found.replay.refused
            ],
            "not_granted": found.replay.not_granted,
            "not_granted_actions": found.replay.not_granted_actions,
        },
        "proof": {
            "newly_allowed": [_changed(one) for one in found.change.newly_allowed],
            "loosened": [_changed(one) for one in found.change.loosened],
            "fully_computed": found.change.fully_computed,
        },
        "policies": [
            {
                "name": each.policy.name,
                "arn": each.policy.arn,
                "kind": kind_of(each),
                "change": outcome_of(each),
                "document": each.after.value if each.after is not None else None,
            }
            for each in found.draft.policies
        ],
        "used": [
            {
                "action": name,
                "calls": use.calls,
                "last": use.last or None,
                "resources": list(use.resources.patterns()),
                "resources_untold": use.unstated,
            }
            for name, use in sorted(found.usage.actions.items())
        ],
        "gone": [
            {"service": service, "actions": its, "of": of, "names": _names(found.gone & catalogue().service(service))}
            for service, its, of in gone_by_service(found)
        ],
        "kept_unseen": [] if found.strict else _unseen(found),
        **({"gone_unseen": _unseen(found)} if found.strict else {}),
        "refused_by_aws": [
            {"action": action, "resource": resource, "calls": count}
            for (action, resource), count in found.usage.refused.most_common(MOST_NAMES)
        ],
        "evidence": {
            "last_accessed": {
                "services": None if report is None else len(report),
                "used": None if report is None else sum(each.last_authenticated is not None for each in report),
                "why": found.accessed.why or None,
            },
            "trail": {
                "from": found.trail.title,
                "events": coverage.events,
                "of_role": coverage.of_role,
                "first": coverage.first or None,
                "last": coverage.last or None,
                "regions": sorted(coverage.regions - {""}),
                "whole": coverage.whole,
                "problems": list(found.trail.problems),
                **({"query": query_json(queried.query, queried.answer.scanned)} if queried is not None else {}),
                "unknown_operations": [
                    {"source": one.source, "operation": one.operation, "calls": count}
                    for one, count in found.trail.unknown.most_common(MOST_NAMES)
                ],
            },
        },
        "cautions": list(cautions(found)),
        "unread": list(found.unread),
        "look_again": look_again(found),
    }


def _unseen(found: RightSized) -> list[dict[str, Any]]:
    return [
        {
            "service": one.service,
            "why": one.why.value,
            "actions": one.actions.bit_count(),
            "names": _names(one.actions),
        }
        for one in found.judgement.unseen
    ]


def _names(actions: int) -> list[str]:
    return [name for name, _ in zip(catalogue().actions(actions), range(MOST_NAMES), strict=False)]


def _changed(one: Changed) -> dict[str, Any]:
    return {"actions": list(one.names())[:MOST_NAMES], "resource": one.resource}
