"""Who can make itself administrator, or something that it controls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from diagnostics.access_denied.edits import with_free_sid, with_statement
from diagnostics.access_denied.fixes.place import place_of
from diagnostics.fix import Fix, Note, OtherPlace, PolicyChange, Who
from diagnostics.review.escalation.search import Path, paths
from diagnostics.review.finding import Finding, Rule, Severity
from diagnostics.review.subject import ReviewedAccount
from iam.arn import is_aws_managed, name_of
from iam.break_glass import is_break_glass
from iam.foreign_text import shortened
from iam.policy.request import NamedPolicy
from iam.words import joined, plural

PATH = Rule(
    "escalation.path",
    Severity.CRITICAL,
    "Can make itself administrator",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
)


def path(reviewed: ReviewedAccount) -> Iterator[Finding | None]:
    """A path to administrator that every layer lets through: the shortest of each role and user."""
    for found in paths(reviewed):
        yield None if found is None else _finding(reviewed, found)


def _finding(reviewed: ReviewedAccount, found: Path) -> Finding:
    entity = found.principal.entity
    steps = found.steps
    first = steps[0]
    deliberate = all(step.deliberate for step in steps)
    on = "itself" if first.hop.on == entity.arn else shortened(name_of(first.hop.on))
    way = f"may do {joined(first.hop.actions)} on {on}, which gives {first.hop.gives}"
    more = f", and from there in {plural(len(steps) - 1, 'more step')} to everything" if len(steps) > 1 else ""
    severity: Severity | None = None
    cautions: tuple[str, ...] = ("Another path may be left: review again afterwards",)
    if all(step.hop.actions == ("sts:AssumeRole",) for step in steps):
        severity = Severity.MEDIUM if deliberate else Severity.HIGH
    if severity is not None and len(steps) == 1:
        way, more = f"may assume {on}, which may do everything", ""
        if not deliberate:
            more = ", though its trust policy names the account alone, and the Allow no such action"
        elif _is_for_emergencies(reviewed, first.target):
            severity = Severity.INFO
            way = f"may assume {on}, a role for emergencies that may do everything"
            cautions = ("Somebody must be left who can use it in an emergency", *cautions)
    elif len(steps) == 1 and first.target:
        more = f"; {shortened(name_of(first.target))} may do everything"
    return PATH.finding(
        entity.arn,
        f"{entity.name} {way}{more}.",
        (each for step in steps for each in step.hop.evidence),
        severity=severity,
        hangs_on=(key for step in steps for key in step.hangs_on),
        path=(step.hop for step in steps),
        references=(f"pathfinding:{id}" for step in steps for id in step.ids),
        fixes=[_cut(reviewed, found, cautions)],
    )


def _is_for_emergencies(reviewed: ReviewedAccount, arn: str) -> bool:
    role = reviewed.account.role(arn)
    return role is not None and is_break_glass(role, reviewed.limits.break_glass)


def _cut(reviewed: ReviewedAccount, found: Path, cautions: tuple[str, ...]) -> Fix:
    """The first step denied in the policy that allows it: nothing else is lost."""
    step, entity = found.steps[0], found.principal.entity
    on = name_of(step.hop.on)
    title = f"Deny {step.hop.actions[0]} on {shortened(on, 40)} to {shortened(entity.name, 40)}"
    policy = _own_policy(found)
    who = Who.YOU
    if policy is None:
        note = f"Take {joined(step.hop.actions, 'or')} on {step.hop.on} away from {entity.name}."
        return Fix(title, who, Note(entity.arn, note), cautions=cautions)
    statement = {"Sid": "NoEscalation", "Effect": "Deny", "Action": step.hop.actions[0], "Resource": step.hop.on}
    statement = with_free_sid(policy.document, statement)
    after = with_statement(policy.document, statement)
    changed = tuple(
        NamedPolicy(after, one.name, one.arn, one.holder) if one is policy else one for one in found.principal.identity
    )
    still = _still(reviewed, found, changed)
    change = PolicyChange(place_of(policy), statement, policy.document, after)
    return Fix(title, who, change, verified=None if still is None else not still, cautions=cautions)


def _own_policy(found: Path) -> NamedPolicy | None:
    """The policy of the first step's statement that can be changed from here."""
    named = {(each.policy, each.arn) for each in found.steps[0].hop.evidence if each.layer == "identity"}
    for policy in found.principal.identity:
        ours = (policy.name, policy.arn) in named and not is_aws_managed(policy.arn)
        if ours and not isinstance(place_of(policy), OtherPlace):
            return policy
    return None


def _still(reviewed: ReviewedAccount, found: Path, changed: tuple[NamedPolicy, ...]) -> bool | None:
    """Whether the first action is allowed all the same; None where a layer could not be read."""
    step = found.steps[0]
    if "*" in step.hop.on or not step.hop.on.startswith("arn:") or found.principal.unread:
        return None
    principal = replace(found.principal, identity=changed)
    return reviewed.may(principal, step.hop.actions[0], step.hop.on).allowed
