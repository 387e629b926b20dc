"""Rules about principals that can make themselves, or something that they control, administrator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from diagnostics.fix import Fix, ManagedPlace, Note, PolicyChange
from diagnostics.review.escalation.search import Path, may_have_path, paths
from diagnostics.review.escalation.step import EscalationStep
from diagnostics.review.finding import Finding, Rule
from diagnostics.review.rules.closing import Reached, closing_fix, shared_fix
from diagnostics.review.subject import ReviewedAccount
from diagnostics.who import Who
from iam.arn import name_of
from iam.break_glass import is_break_glass
from iam.foreign_text import shortened
from iam.risks.administrator import administrators
from iam.risks.risk import Severity
from iam.words import joined, plural

PATH = Rule(
    "escalation.path",
    Severity.CRITICAL,
    "Can become administrator",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
)


def path(reviewed: ReviewedAccount) -> Iterator[Finding | None]:
    """Report, for each role and user, the shortest path to administrator that every layer allows."""
    if reviewed.only is not None and not may_have_path(reviewed, reviewed.only):
        return
    complete: list[Path] = []
    for found in paths(reviewed):
        if found is None:
            yield None
        else:
            complete.append(found)
    # Every path needs a fix, so all principals that can become administrator must be known.
    reached: dict[str, tuple[EscalationStep, ...]] = dict.fromkeys(administrators(reviewed), ())
    reached |= {found.principal.entity.arn: found.steps for found in complete}
    reviewed.escalating = reached
    held: dict[str, list[tuple[Path, Finding]]] = {}
    for found in complete:
        yield None
        one = _finding(reviewed, found, reached)
        change = one.fixes[0].change
        if isinstance(change, PolicyChange) and isinstance(change.place, ManagedPlace):
            held.setdefault(change.place.arn, []).append((found, one))
        else:
            yield one
    for those in held.values():
        yield None
        shared = shared_fix(reviewed, [(found, one.fixes[0]) for found, one in those], reached)
        for _, one in those:
            yield one if shared is None else replace(one, fixes=(shared,))


def _finding(reviewed: ReviewedAccount, found: Path, reached: Reached) -> Finding:
    entity = found.principal.entity
    steps = found.steps
    first = steps[0]
    deliberate = all(step.deliberate for step in steps)
    on = "itself" if first.hop.on == entity.arn else shortened(name_of(first.hop.on))
    way = f"may do {joined(first.hop.actions)} on {on}, which gives {first.hop.gives}"
    more = f", and from there reach full access in {plural(len(steps) - 1, 'more step')}" if len(steps) > 1 else ""
    severity: Severity | None = None
    cautions: tuple[str, ...] = ()
    if all(step.hop.actions == ("sts:AssumeRole",) for step in steps):
        severity = Severity.MEDIUM if deliberate else Severity.HIGH
    if severity is not None and len(steps) == 1:
        way, more = f"may assume {on}, which has full access", ""
        if not deliberate:
            more = "; the role's trust policy names only the account, and the Allow names any action or any role"
        elif _is_for_emergencies(reviewed, first.target):
            severity = Severity.INFO
            way = f"may assume {on}, an emergency role with full access"
            cautions = ("Someone must still be able to use the role in an emergency",)
    elif len(steps) == 1 and first.target:
        more = f"; {shortened(name_of(first.target))} has full access"
    hangs_on = tuple(dict.fromkeys(key for step in steps for key in step.hangs_on))
    # Principals that reach an emergency role with MFA are meant to: without them, the role could not be used.
    is_meant = bool(cautions) and any(key.lower().startswith("aws:multifactorauth") for key in hangs_on)
    return PATH.finding(
        entity.arn,
        f"{entity.name} {way}{more}.",
        (each for step in steps for each in step.hop.evidence),
        severity=severity,
        hangs_on=hangs_on,
        path=(step.hop for step in steps),
        references=(each for step in steps for each in step.references),
        fixes=[_kept(entity.arn, on) if is_meant else closing_fix(reviewed, found, reached, cautions)],
    )


def _kept(arn: str, target: str) -> Fix:
    """Return the note on an escalation path to an emergency role.

    No change removes the path: a person must check who should have the role.
    """
    why = f"No change is needed: {target} is for emergencies and must stay usable."
    note = Note(arn, f"{name_of(arn)} may assume {target} only with MFA.", why, informs=True)
    return Fix(f"Check that {shortened(name_of(arn), 40)} should have this role in an emergency", Who.YOU, note)


def _is_for_emergencies(reviewed: ReviewedAccount, arn: str) -> bool:
    role = reviewed.account.role(arn)
    return role is not None and is_break_glass(role, reviewed.limits.break_glass)
