"""A role that may be the one to be assumed, and the step that says how it was found."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from diagnostics.access_denied.evidence.history import TrailCall
from diagnostics.access_denied.request.subject import Subject
from diagnostics.claims.kinds import Exists
from diagnostics.diagnosis import Evidence, Question, Status, Step
from iam.account import Role
from iam.claims import AskedValues, Keys, Source, Sourced
from iam.words import listing

MOST_CANDIDATES = 12


@dataclass(frozen=True, slots=True)
class Target(AskedValues):
    """A role that may be the one to be assumed.

    ``found`` says how it was found and ``source`` where; ``who`` is the principal that was to assume it, and ``keys``
    are the condition keys of the recorded call ``event``.
    """

    role: Role
    source: Source
    found: str
    who: Sourced[str] | None = None
    keys: Keys = field(default_factory=dict)
    event: TrailCall | None = None


@dataclass(frozen=True, slots=True)
class TargetsFound:
    """The roles that may be meant, and the step that says how they were found.

    ``other_runs`` are questions about recorded runs that something in the text contradicts.
    """

    targets: tuple[Target, ...]
    step: Step
    other_runs: tuple[Question, ...] = ()


TITLE = "Which role"


def step_of(targets: tuple[Target, ...], otherwise: str) -> Step:
    title = TITLE
    evidence = tuple(
        Evidence(
            text=f"{target.role.name}: {target.found}",
            layer="trust",
            arn=target.role.arn,
            document=target.role.trust,
            call="cloudtrail:LookupEvents" if target.event else None,
        )
        for target in targets
    )
    if not targets:
        return Step("role", title, Status.UNKNOWN, f"the text names no role; {otherwise}, and no role fits")
    if len(targets) == 1:
        guessed = targets[0].source is Source.GUESS
        said = f"{'perhaps ' if guessed else ''}{targets[0].role.name}: {targets[0].found}"
        # The role that the operator views does not show which ARN the program requested.
        named = () if targets[0].source is Source.OPERATOR else (Exists("role", targets[0].role.arn),)
        return Step("role", title, Status.UNKNOWN if guessed else Status.PASS, said, evidence, asserts=named)
    names = listing([target.role.name for target in targets])
    return Step("role", title, Status.UNKNOWN, f"one of {len(targets)}: {names}", evidence)


def with_target(subject: Subject, target: Target) -> Subject:
    """Return the subject with the role that was found, and the condition keys that were found with it."""
    on = Sourced(target.role.arn, target.source, target.found)
    return replace(subject, who=subject.who or target.who, on=on).with_keys(target.keys)
