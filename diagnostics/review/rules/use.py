"""Rules about unused permissions: roles by age, services and actions by last use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from diagnostics.commands import compact_json
from diagnostics.diagnosis import Evidence
from diagnostics.fix import Fix, Note, calls_or_note, iam_call
from diagnostics.review.causes import FOR_EMERGENCIES
from diagnostics.review.finding import Finding, Rule
from diagnostics.review.subject import ReviewedAccount
from diagnostics.who import Who
from iam.access_analyzer import AnalyzerFinding
from iam.account import TRACKED_DAYS, Role, User
from iam.ages import age
from iam.arn import name_of
from iam.break_glass import is_break_glass
from iam.changes.builders.roles import DISABLE_POLICY
from iam.facts.generated_roles import set_up_of
from iam.facts.untracked_actions import UNTRACKED
from iam.own_command import own_command
from iam.policy.compiled import compiled
from iam.policy.document import PolicyError
from iam.questions.catalogue import catalogue
from iam.questions.index import Principal
from iam.risks.risk import Severity
from iam.words import joined, listing, plural

_USER_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
NEVER = Rule(
    "use.never",
    Severity.LOW,
    "Nobody uses the role",
    _USER_GUIDE + "access_policies_last-accessed.html",
)
STALE = Rule(
    "use.stale",
    Severity.LOW,
    "The role has not been used for a long time",
    _USER_GUIDE + "access_policies_last-accessed.html",
)
BREAK_GLASS = Rule(
    "use.break-glass",
    Severity.INFO,
    "An emergency role was used",
    "https://docs.aws.amazon.com/prescriptive-guidance/latest/security-reference-architecture/break-glass-access.html",
)
UNUSED_SERVICE = Rule(
    "use.unused-service",
    Severity.LOW,
    "Granted services are not used",
    _USER_GUIDE + "access_policies_last-accessed-view-data.html",
)
UNUSED_ACTION = Rule(
    "use.unused-action",
    Severity.LOW,
    "Granted actions are not used",
    _USER_GUIDE + "access_policies_last-accessed-action-last-accessed.html",
)


ANALYZED = Rule(
    "use.access-analyzer",
    Severity.LOW,
    "Access Analyzer found access that is not used",
    _USER_GUIDE + "access-analyzer-findings-view.html",
)
_UNUSED_KINDS = {
    "UnusedIAMRole": "the role was not used",
    "UnusedPermission": "permissions were not used",
    "UnusedIAMUserAccessKey": "an access key was not used",
    "UnusedIAMUserPassword": "the password was not used",
}
"""Access Analyzer's types of findings about unused access (API reference, FindingSummaryV2), in words."""


_SET_UP = "set up by AWS's own tools"
_OF_THE_TOOL = "First check whether the setup that needs the role is still used."
_WHAT_GOES = "AWS found that this is unused; you decide whether it is still needed."


def never(reviewed: ReviewedAccount, role: Role) -> Iterator[Finding]:
    """Report roles that were not used in the tracked period, except those younger than the limit."""
    if role.last_used is None or role.last_used.when is not None or _young(reviewed, role):
        return
    made = f"made {age(role.created, reviewed.account.now)}" if role.created else "of unknown age"
    said = f"{role.name}, {made}, was not used in the {TRACKED_DAYS} days that IAM tracks"
    yield _idle(reviewed, role, NEVER, said, "RoleLastUsed is empty")


def _idle(reviewed: ReviewedAccount, role: Role, rule: Rule, said: str, proof: str) -> Finding:
    """Return the finding about an unused role.

    An emergency role is meant to be unused: the fix is to test and keep it. A role created by one of AWS's tools is
    deleted together with what that tool set up.
    """
    evidence, tool = [_last_used(role, proof)], set_up_of(role)
    if not is_break_glass(role, reviewed.limits.break_glass):
        if tool is not None and tool.writes:
            how = f"{tool.tool} created the role: {tool.page} says how such roles are removed."
            fix = Fix("Remove the role with the AWS tool that created it", Who.YOU, Note(role.arn, how, _OF_THE_TOOL))
            return rule.finding(role.arn, f"{said}. {tool.tool} sets it up.", evidence, cause=_SET_UP, fixes=[fix])
        return rule.finding(role.arn, f"{said}.", evidence, fixes=_disable(role))
    return rule.finding(
        role.arn,
        f"{said}. This is an emergency role, so test whether it still works.",
        evidence,
        severity=Severity.INFO,
        cause=FOR_EMERGENCIES,
        fixes=[
            Fix(
                "Test the role in a drill, and keep it",
                Who.YOU,
                Note(
                    role.arn,
                    own_command("use", role.name),
                    "Nothing has to be changed: a drill tests the role.",
                    informs=True,
                ),
            )
        ],
    )


def break_glass(reviewed: ReviewedAccount, role: Role) -> Iterator[Finding]:
    """Report a recently used emergency role: somebody should know the reason."""
    used = role.last_used.when if role.last_used is not None else None
    if used is None or not is_break_glass(role, reviewed.limits.break_glass):
        return
    if reviewed.account.now - used <= timedelta(days=reviewed.limits.unused_days):
        yield BREAK_GLASS.finding(
            role.arn,
            f"{role.name}, an emergency role, was used {age(used, reviewed.account.now)}: find out who and why.",
            [_last_used(role, f"last used {used:%Y-%m-%d %H:%M} UTC")],
            fixes=[
                Fix(
                    "Check who used the role: U on the role shows its sessions",
                    Who.YOU,
                    Note(
                        role.arn,
                        "CloudTrail records them.",
                        "No change is proposed: check yourself whether this is still in use.",
                        informs=True,
                    ),
                )
            ],
        )


def stale(reviewed: ReviewedAccount, role: Role) -> Iterator[Finding]:
    """Report roles that were used, but not within the limit."""
    used = role.last_used.when if role.last_used is not None else None
    if used is None or _young(reviewed, role):
        return
    if reviewed.account.now - used > timedelta(days=reviewed.limits.unused_days):
        said = f"{role.name} was last used {age(used, reviewed.account.now)}"
        yield _idle(reviewed, role, STALE, said, f"RoleLastUsed is {used:%Y-%m-%d}")


def _young(reviewed: ReviewedAccount, role: Role) -> bool:
    limit = timedelta(days=reviewed.limits.unused_days)
    return role.created is not None and reviewed.account.now - role.created <= limit


def _last_used(role: Role, text: str) -> Evidence:
    return Evidence(text, arn=role.arn, call="iam:GetRole")


def _disable(role: Role) -> list[Fix]:
    denied = {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "Disabled", "Effect": "Deny", "Action": "*", "Resource": "*"}],
    }
    call = iam_call("PutRolePolicy", RoleName=role.name, PolicyName=DISABLE_POLICY, PolicyDocument=compact_json(denied))
    return [
        Fix(
            "Disable the role, watch for 14 days, then delete it",
            Who.YOU,
            calls_or_note(
                role.arn, call, remark=f"x on the role deletes it later; removing {DISABLE_POLICY} undoes this"
            ),
        )
    ]


def unused_service(reviewed: ReviewedAccount, principal: Principal) -> Iterator[Finding]:
    """Report services that policies allow but that were not used within the limit."""
    entity = principal.entity
    if isinstance(entity, Role) and _young(reviewed, entity):
        return
    if not principal.identity:
        return
    reading = reviewed.last_accessed(entity.arn)
    if reading is None:
        return
    since = reviewed.account.now - timedelta(days=reviewed.limits.unused_days)
    granted = _named_services(principal)
    used = {one.namespace for one in reading if one.last_authenticated is not None and one.last_authenticated >= since}
    listed = {one.namespace for one in reading}
    unused = sorted(service for service in granted & listed if service not in used)
    if not unused or not used:
        return  # a role that uses nothing at all is `use.stale` or `use.never`
    summary = (
        f"{entity.name} uses {plural(len(used), 'service')} of {len(used) + len(unused)} granted; "
        f"{listing(unused, limit=5)} {'was' if len(unused) == 1 else 'were'} not used for "
        f"{reviewed.limits.unused_days} days."
    )
    yield _unused(UNUSED_SERVICE, entity, summary, unused, sorted(used & granted))


def _unused(rule: Rule, entity: Role | User, summary: str, unused: Sequence[str], used: Sequence[str] = ()) -> Finding:
    """Return the finding that services or actions are granted but not used.

    ``used`` are the services or actions in use, if known. If most are unused, the policies have wildcards. The finding
    then names what to grant instead of what to remove.
    """
    title = f"Remove {listing(unused, limit=3)} from its policies"
    if used and len(unused) > len(used):
        title = f"Grant what was used: {listing(used, limit=5)}"
    line = f"Used: {', '.join(used)}.\n" if used else ""
    note = Note(entity.arn, f"{line}Not used: {listing(unused, limit=20)}.{_draft(entity)}")
    fix = Fix(title, Who.YOU, note)
    evidence = Evidence(f"not used: {', '.join(unused)}", arn=entity.arn, call="iam:GetServiceLastAccessedDetails")
    return rule.finding(entity.arn, summary, [evidence], fixes=[fix])


def unused_action(reviewed: ReviewedAccount, principal: Principal) -> Iterator[Finding]:
    """Report actions that were not used within the limit, of those that IAM tracks individually in used services."""
    entity = principal.entity
    if (isinstance(entity, Role) and _young(reviewed, entity)) or not principal.identity:
        return
    since = reviewed.account.now - timedelta(days=reviewed.limits.unused_days)
    known, named = catalogue(), _named(principal)
    used, unused = 0, list[str]()
    for service in reviewed.last_accessed(entity.arn) or ():
        if service.last_authenticated is None or service.last_authenticated < since:
            continue  # `use.unused-service` reports the entire service
        for action in service.actions or ():
            name = f"{service.namespace}:{action.name}"
            if not named & known.set_of([name]):
                continue
            if action.last_accessed is not None and action.last_accessed >= since:
                used += 1
            else:
                unused.append(name)
    if unused:
        summary = (
            f"{entity.name} did not use {listing(unused)} for {reviewed.limits.unused_days} days; of the actions "
            f"that IAM tracks, {entity.name} used {used}."
        )
        yield _unused(UNUSED_ACTION, entity, summary, unused)


def _draft(entity: Role | User) -> str:
    """Return a sentence about how to get a draft of a role's policies, or "" for a user."""
    if not isinstance(entity, Role):
        return ""
    command = own_command("right-size", entity.name)
    return f"\nThe draft, with its recorded calls replayed: l here; or {command}"


def _named_services(principal: Principal) -> set[str]:
    """Return the services for which an Allow statement names an action whose use IAM tracks."""
    known = catalogue()
    named = _named(principal) & ~known.set_of(UNTRACKED)
    return {service for service in known.services if named & known.service(service)}


def _named(principal: Principal) -> int:
    """Return the actions in the Allow statements, as a set (a bit mask)."""
    known = catalogue()
    named = 0
    for policy in principal.identity:
        try:
            for one in compiled(policy.document).statements:
                named |= 0 if one.deny else known.named(one.action.patterns, one.action.negated)
        except PolicyError:
            continue
    return named


def analyzed(reviewed: ReviewedAccount) -> Iterator[Finding]:
    """Report unused access that Access Analyzer found, for roles and users whose last use could not be read here."""
    reading = reviewed.analyzers
    report = reading.value
    if report is None:
        reviewed.cannot_tell("Access Analyzer", reading.why)
        return
    if reading.note:
        reviewed.cannot_tell("Access Analyzer", reading.note)
    days = {each.arn: each.unused_days or 0 for each in report.analyzers}
    found: dict[str, list[AnalyzerFinding]] = {}
    for each in report.findings:
        if each.kind in _UNUSED_KINDS and not _known_here(reviewed, each):
            found.setdefault(each.resource, []).append(each)
    for arn, those in found.items():
        if reviewed.principal(arn) is None:
            continue
        said = joined(list(dict.fromkeys(_UNUSED_KINDS[each.kind] for each in those)))
        unused = list(dict.fromkeys(name for each in those for name in each.what))
        within = min(days.get(each.analyzer, 0) for each in those)  # true of all of them
        since = f" for {within} days" if within else ""
        names = f": {listing(unused, limit=5)}" if unused else ""
        note = f"Not used: {listing(unused, limit=20)}." if unused else "See the finding in Access Analyzer."
        yield ANALYZED.finding(
            arn,
            f"Access Analyzer reports for {name_of(arn)}: {said}{since}{names}.",
            [Evidence(f"{each.kind} {listing(list(each.what), limit=5)}".strip(), arn=arn,
                      call="access-analyzer:ListFindings") for each in those],
            fixes=[Fix("Remove what is not used", Who.YOU, Note(arn, note, _WHAT_GOES))],
        )  # fmt: skip


def _known_here(reviewed: ReviewedAccount, found: AnalyzerFinding) -> bool:
    """Return whether the last use is known to the review's own rules."""
    if found.kind == "UnusedIAMRole":
        role = reviewed.account.role(found.resource)
        return role is not None and role.last_used is not None
    return reviewed.last_accessed(found.resource) is not None
