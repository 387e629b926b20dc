"""Group many failures of one text by cause: one missing permission, one policy, one role that nobody can assume."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diagnostics.commands import shown
from diagnostics.failure import Conflict, Denial, Failure, OtherFailure, Trouble
from diagnostics.text.read.layout.log_lines import speaker
from diagnostics.words import POLICY_TYPES, is_trust_action
from iam.arn import identity_of, name_of
from iam.words import listing, plural, with_article


@dataclass(frozen=True, slots=True)
class TextCause:
    """Failures with one cause.

    ``words`` name the cause in a line; ``follows`` are failures that are only consequences of the others.
    """

    words: str
    failures: tuple[Failure, ...]
    follows: tuple[Failure, ...] = ()

    @property
    def count(self) -> int:
        return sum(each.count for each in self.failures)


def causes_of(failures: Sequence[Failure]) -> tuple[TextCause, ...]:
    """Return the causes in the order of their first failure. A consequence of another failure is not a cause."""
    groups: dict[tuple[object, ...], list[Failure]] = {}
    follows: dict[str, list[Failure]] = {}
    for failure in failures:
        caused_by = failure.sequel.caused_by if failure.sequel is not None else ""
        if caused_by:
            follows.setdefault(caused_by.lower(), []).append(failure)
        else:
            groups.setdefault(_key(failure), []).append(failure)
    return tuple(
        TextCause(_words(found), tuple(found), tuple(each for one in found for each in follows.get(_action(one), ())))
        for found in groups.values()
    )


def causes_text(failures: Sequence[Failure]) -> str:
    """Return the causes as lines; "" if each failure has its own cause.

    A call that later succeeded, or failed for a different reason, no longer counts as a failure with its first cause.
    """
    present = [each for each in failures if not _is_past(each)]
    found = causes_of(present)
    if len(found) == len(present):
        return ""
    lines = [f"{plural(len(present), 'failure')}, {plural(len(found), 'cause')}:"]
    for number, cause in enumerate(found, start=1):
        follow = f"; {_followers(cause.follows)} only followed from it" if cause.follows else ""
        times = f" ({cause.count} times)" if cause.count > 1 else ""
        lines.append(f"  {number}. {shown(cause.words, 300)}{times}{follow}")
    return "\n".join(lines) + "\n"


def _is_past(failure: Failure) -> bool:
    sequel = failure.sequel
    return sequel is not None and bool(sequel.fails_otherwise or (sequel.succeeded and not sequel.otherwise))


def _action(failure: Failure) -> str:
    return ((failure.action if isinstance(failure, Denial) else failure.operation) or "").lower()


def _key(failure: Failure) -> tuple[object, ...]:
    """Return the common properties of failures with one cause.

    `diagnostics.recent.causes` is the same for recorded denials.
    """
    if not isinstance(failure, Denial):
        name = failure.name or failure.operation
        if isinstance(failure, OtherFailure) and failure.trouble is Trouble.CREDENTIALS:
            name = speaker(failure.detail or "") or name
        return (type(failure), failure.code, name, getattr(failure, "trouble", None))
    if failure.policy_arn:
        return ("policy", failure.policy_arn)
    if failure.resource and (failure.claims_trust or is_trust_action(failure.action)):
        return ("role", failure.resource, failure.stated_reason)
    service = (failure.action or "").partition(":")[0].lower() or failure.operation
    return ("caller", failure.principal, service, failure.stated_reason)


_UNNAMED = "another failure"


def _name(failure: Failure) -> str:
    if isinstance(failure, Denial):
        return failure.action or failure.operation or "a call that the text does not name"
    return failure.name or failure.code or failure.operation or _UNNAMED


def _followers(failures: Sequence[Failure]) -> str:
    names = [_name(each) for each in failures]
    unnamed = names.count(_UNNAMED)
    counted = () if not unnamed else (_UNNAMED if unnamed == 1 else f"{unnamed} other failures",)
    return listing([*(each for each in dict.fromkeys(names) if each != _UNNAMED), *counted])


def _words(found: Sequence[Failure]) -> str:
    first = found[0]
    names = listing(tuple(dict.fromkeys(map(_name, found))))
    if isinstance(first, Conflict):
        return f"{names} already exists"
    if not isinstance(first, Denial):
        return f"{names}: {first.trouble.value}"
    reason, _, layer = (first.stated_reason or "").partition(":")
    kind = POLICY_TYPES.get(layer)
    if first.policy_arn and kind:
        return f"{with_article(kind)} ({name_of(first.policy_arn)}) refuses {names}"
    caller = identity_of(first.principal or "")[2] or name_of(first.principal or "")
    who = f"{caller} may not call" if caller else "refused:"
    why = f", {'a Deny in' if reason == 'explicit' else 'no Allow in'} {with_article(kind)}" if kind else ""
    return f"{who} {names}{why}"
