"""The procedure for a name conflict. Each result is yielded as soon as it is known."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.already_exists.advice.choose import fixes_for
from diagnostics.already_exists.case import ConflictCase
from diagnostics.already_exists.kinds import FACTS, EntityKind, bare_name, wanted_kind
from diagnostics.already_exists.limits import quota_reached
from diagnostics.already_exists.questions import find, study
from diagnostics.already_exists.study.quotas import look_at_quota, quota_in_text, quota_of
from diagnostics.already_exists.verdict import verdict_of
from diagnostics.already_exists.wanted import find_wanted
from diagnostics.commands import shown
from diagnostics.diagnosis import Evidence, Status, Step, Verdict
from diagnostics.failure import Conflict
from diagnostics.fix import Fix
from iam.sources.reader.opened import OpenedAccount

Part = Step | Verdict | Fix


def explain(conflict: Conflict, opened: OpenedAccount) -> Iterator[Part]:
    """Explain a name conflict.

    Yield steps about the entity, its owner, its use and differences, one `Verdict`, then the advice, best first. The
    account is read, so this may block. If a read is denied, the rest still works.
    """
    if (conflict.code or "").startswith("LimitExceeded"):
        yield from explain_limit(conflict, opened)
        return
    kind = wanted_kind(conflict)
    wanted = find_wanted(conflict, kind, conflict.name)
    kind = kind or wanted.kind
    name = conflict.name or wanted.name
    name = bare_name(kind, name) if name else None
    case = ConflictCase(conflict, opened, kind, name, wanted)
    yield _call_step(case)
    yield from find(case)
    if case.found:
        yield from study(case, case.found)
    else:
        case.fullness, step = look_at_quota(quota_of(case.kind), case.opened)
        yield step
    verdict = verdict_of(case)
    yield verdict
    yield from fixes_for(case, verdict)


def explain_limit(conflict: Conflict, opened: OpenedAccount) -> Iterator[Part]:
    """Explain a LimitExceeded error: the quota, its usage, what to request and what could be deleted."""
    quota, stated = quota_in_text(conflict.text)
    if quota is not None and quota.of is EntityKind.INSTANCE_PROFILE:
        wanted = find_wanted(conflict, EntityKind.INSTANCE_PROFILE, None)
        if wanted.name:
            # The profile already contains a role, so this is the same as a profile whose name is taken.
            operation = "AddRoleToInstanceProfile"
            taken = Conflict(
                conflict.text, "EntityAlreadyExists", EntityKind.INSTANCE_PROFILE.value, wanted.name, operation
            )
            yield from explain(taken, opened)
            return
    yield from quota_reached(conflict, quota or quota_of(wanted_kind(conflict)), stated, opened)


def _call_step(case: ConflictCase) -> Step:
    conflict = case.conflict
    call = conflict.operation or "a call"
    name = shown(case.name) if case.name else "a name that the text does not contain"
    times = f", {conflict.count} times" if conflict.count > 1 else ""
    evidence = [Evidence(shown(conflict.text.strip(), 2000, lines=True))] if conflict.text.strip() else []
    if case.kind is None:
        said = (
            f"{call} conflicted with the name {name}{times}; the text does not say which kind of entity this is, "
            "so every kind is checked"
        )
        return Step("call", "Which call failed", Status.UNKNOWN, said, tuple(evidence))
    word = FACTS[case.kind].word
    verb = "failed: the" if case.refused else "is asked about: the"
    said = f"{call} {verb} {word} {name} already exists{times}" if case.refused else f"is {word} {name} free?"
    return Step("call", "Which call failed", Status.PASS, said, tuple(evidence))
