"""Choose the fixes that fit a finding. The modules for one kind of finding are imported only for that kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from diagnostics.access_denied.caller_and_resource_accounts import fix_in_account
from diagnostics.access_denied.case import Case
from diagnostics.access_denied.evidence.history import PROPAGATION, Changes
from diagnostics.access_denied.evidence.other_roles import Helpers
from diagnostics.access_denied.evidence.owners import named_resources, owner_of, session_issuer
from diagnostics.access_denied.fixes.apart import against_purpose, kept_apart, own_fixes
from diagnostics.access_denied.fixes.aws_owned import for_its_owner
from diagnostics.access_denied.fixes.conditions.by_key import condition_fixes
from diagnostics.access_denied.fixes.denies import deny_fixes
from diagnostics.access_denied.fixes.notes import (
    missing_key_note,
    no_change_note,
    perhaps_missing_key_note,
    public_access_note,
)
from diagnostics.access_denied.fixes.other_side import other_side
from diagnostics.access_denied.fixes.statements import (
    boundary_fixes,
    endpoint_fixes,
    identity_fixes,
    own_statement,
    resource_policy_fixes,
    version_fix,
    wider_resource_fix,
)
from diagnostics.access_denied.fixes.together import completed
from diagnostics.access_denied.fixes.versions import Regression, regression_fixes
from diagnostics.access_denied.iam_action import operation_fixes, operation_note
from diagnostics.access_denied.judge import ALLOWED_NOW, NOT_FOUND, UNREADABLE, DenialFinding
from diagnostics.access_denied.matching_denies import matching_denies, reason_of
from diagnostics.access_denied.near_misses import place_words
from diagnostics.access_denied.verdict import can_explain, is_nobody, neighbours
from diagnostics.fix import Fix, Note, UnknownValue
from diagnostics.who import Who
from iam.ages import short_age
from iam.arn import name_of
from iam.policy.layer import Layer
from iam.policy.unknown_keys import KeyReading
from iam.words import listing

_CONDITION_FAULTS = ("condition-unmet", "condition-unknown", "unresolved-variable")


def fixes_for(
    finding: DenialFinding, case: Case, changes: Changes, versions: tuple[Regression, ...], helpers: Helpers
) -> Iterator[Fix]:
    """Yield the fixes for a finding, each in a form that the owner of the changed entity can carry out.

    ``helpers`` contains other roles of the same service that may already have the permission.
    """
    from diagnostics.access_denied.fixes.linted import linted

    said: set[str] = set()
    for fix in _all_fixes(finding, case, changes, versions, helpers):
        for one in for_its_owner(fix, case):
            if one is fix or one.title not in said:
                said.add(one.title)
                yield linted(one)


def _all_fixes(
    finding: DenialFinding, case: Case, changes: Changes, versions: tuple[Regression, ...], helpers: Helpers
) -> Iterator[Fix]:
    if is_nobody(case):
        text = (
            f"{case.caller.arn} is not the ARN of a role, a session, a user or an identity provider. A letter may "
            "be wrong."
        )
        yield Fix("Compare the caller's ARN with the original message", Who.YOU, Note(case.caller.arn or "", text))
        return
    if (note := missing_key_note(case)) is not None:
        yield note
    # If only an endpoint that the call may not have used denies the request, the request is allowed as far as is known.
    if (finding.cause == ALLOWED_NOW or case.assumed) and (note := perhaps_missing_key_note(case)) is not None:
        yield note
    if case.missing is not None:
        from diagnostics.access_denied.fixes.missing_resource import missing_fixes

        yield from missing_fixes(case, case.missing, finding, lambda next_one, there: _fixes(next_one, there, changes))
        return
    role = _through_a_role(case, finding) if not case.caller.here else None
    denies = () if role is None or case.no_deny_matched else matching_denies(case.decided, KeyReading.PESSIMISTIC)
    outsider = any(reason_of(each).layer is Layer.RCP for each in denies)
    if role is not None and outsider:  # an Allow for the caller does not help if an RCP denies outsiders
        yield role
    found = [*regression_fixes(case, versions), *_fixes(finding, case, changes)]
    for fix in completed(case, finding, found, lambda next_one, there: _fixes(next_one, there, changes)):
        yield _as_far_as_known(fix, finding)
    if not found:
        yield no_change_note(case, finding)
    for fix in other_side(case, finding):
        other = "resource" if finding.word in ("identity", "boundary") else "identity"
        yield fix_in_account(fix, other, case)
    if role is not None and not outsider:
        yield role
    if helpers.roles and finding.word in ("identity", "boundary"):
        yield _other_role(case, helpers)
    if finding.cause == "identity.no-action":
        from diagnostics.access_denied.fixes.by_design import read_only_note

        if (note := read_only_note(case)) is not None:
            yield note


def _through_a_role(case: Case, finding: DenialFinding) -> Fix | None:
    from diagnostics.access_denied.fixes.role_to_assume import role_to_assume

    return role_to_assume(case, finding)


def _as_far_as_known(fix: Fix, finding: DenialFinding) -> Fix:
    """Return the fix for a Deny that may have matched; its effect depends on the unknown values that the Deny tests."""
    deny = finding.deny
    if deny is None or finding.fault != "explicit-deny" or not finding.questions:
        return fix
    exception = fix.after is not None and fix.situation is not None and fix.verified is not False
    if not fix.verified and not exception:
        return fix
    clause = f"{place_words(deny.policy.name, deny.statement, deny.sid)} denied the request"
    more = (UnknownValue(each.key, clause) for each in finding.questions)
    hangs_on = (*fix.hangs_on, *(each for each in more if each not in fix.hangs_on))
    return replace(fix, verified=None, hangs_on=hangs_on)


def _fixes(finding: DenialFinding, case: Case, changes: Changes) -> Iterator[Fix]:
    for fix in _fixes_of(finding, case, changes):
        yield fix_in_account(fix, finding.word, case)


def _fixes_of(finding: DenialFinding, case: Case, changes: Changes) -> Iterator[Fix]:
    if finding.cause == ALLOWED_NOW:
        yield _wait(case, changes)
        unread = can_explain({*case.unread, *finding.unread}, case)
        if unread and changes.own is None and not changes.within(PROPAGATION, case.account.now):
            from diagnostics.access_denied.fixes.unreadable import unreadable_fixes

            yield from unreadable_fixes(case, replace(finding, unread=unread))
    elif finding.cause == NOT_FOUND:
        yield _not_found(case)
    elif case.denial.stated_reason == "s3-block-public-access":
        yield public_access_note(case)
    elif finding.cause == UNREADABLE and not finding.unread:
        yield from _resource_wanted(case)
    elif finding.cause == UNREADABLE:
        from diagnostics.access_denied.fixes.unreadable import unreadable_fixes

        yield from unreadable_fixes(case, finding)
    elif finding.fault == "explicit-deny":
        yield from deny_fixes(case, finding)
        if case.caller.exists is False:
            yield _not_found(case)
    elif (note := operation_note(case)) is not None:
        yield note
    else:
        yield from _layer_fixes(finding, case)


def _layer_fixes(finding: DenialFinding, case: Case) -> Iterator[Fix]:
    """Yield fixes that make the layer at fault allow the request, because none of its statements allows it now."""
    match finding.word:
        case "identity":
            yield from _identity(finding, case)
        case "trust":
            yield from _trust(finding, case)
        case "session":
            from diagnostics.access_denied.fixes.guardrails import session_fix

            yield session_fix(case, finding, session_issuer(case))
        case "boundary" | "scp" | "vpce" | "resource" if finding.fault in _CONDITION_FAULTS:
            yield from condition_fixes(case, finding)
        case "boundary":
            yield from _kept_apart(case, finding, boundary_fixes(case, finding))
        case "scp" | "rcp":
            from diagnostics.access_denied.fixes.guardrails import scp_fix

            yield scp_fix(case, finding)
        case "vpce":
            yield from endpoint_fixes(case, finding)
        case "resource":
            yield from _kept_apart(case, finding, resource_policy_fixes(case, finding.near))


def _identity(finding: DenialFinding, case: Case) -> Iterator[Fix]:
    if finding.near is not None:
        yield from version_fix(case, finding.near)
        yield from operation_fixes(case, own_statement(case, finding.near))
    if finding.fault in _CONDITION_FAULTS:
        yield from condition_fixes(case, finding)
        return
    yield from _kept_apart(case, finding, identity_fixes(case, finding))
    if finding.fault == "resource-mismatch" and finding.near is not None:
        yield from wider_resource_fix(case, finding.near)


def _kept_apart(case: Case, finding: DenialFinding, fixes: Iterator[Fix]) -> Iterator[Fix]:
    """Yield the fixes. If a policy separates the caller from the resource, fixes for the caller itself come first."""
    found, near = kept_apart(case, finding.near), finding.near
    if found is None or near is None:
        yield from fixes
        return
    yield from own_fixes(case, found, near.policy, near.statement, near.sid)
    for fix in fixes:
        yield against_purpose(fix, found)


def _trust(finding: DenialFinding, case: Case) -> Iterator[Fix]:
    from diagnostics.access_denied.fixes.trust import (
        action_fixes,
        orphan_fixes,
        owned_by_service,
        principal_fixes,
        provider_fix,
    )

    if owned_by_service(case):
        yield Fix(
            f"Leave {name_of(case.request.resource)} to its service, because nobody else can assume the role",
            Who.YOU,
            Note(case.request.resource, "AWS owns the role. Create your own role for this work."),
        )
        return
    if finding.fault in _CONDITION_FAULTS:
        yield from condition_fixes(case, finding)
    elif finding.fault == "orphan-principal":
        yield from orphan_fixes(case, finding)
        if case.caller.exists is False:
            yield _not_found(case)
    elif finding.fault == "provider-missing":
        yield provider_fix(case)
    elif finding.fault == "no-action":
        yield from action_fixes(case, finding)
    else:
        yield from principal_fixes(case, finding)


def _resource_wanted(case: Case) -> Iterator[Fix]:
    """Yield fixes for a request whose result depends on the unknown resource.

    The last fix asks for the resource; if the caller's own policies name a few resources, that fix lists them. If the
    text names another account, another fix asks that account whether its resource's policy allows the caller, because
    this policy cannot be read from here.
    """
    action = case.request.action

    named = named_resources(case)
    owner = owner_of(case) if named else None
    target = case.caller.entity_arn or "the caller"
    where = (
        f"The policies that can be read allow {action} on {listing(named)} only."
        if named
        else f"Whether {action} is allowed depends on the requested resource."
    )
    if owner and owner.words != case.account.id:
        belongs = (
            f"belongs to account {owner.words}"
            if owner.known
            else f"may belong to account {owner.words}, which {owner.read_from} names"
        )
        both = (
            f"the resource's own policy, and that of its KMS key, must also allow {target}; these policies cannot be "
            "read from here"
        )
        where += f" Such a resource {belongs}, so {both}."
        if owner.words in case.denial.text and not case.cross_account and not case.trust:
            yield Fix(
                f"Ask account {owner.words} whether its resource's policy allows {case.caller.name or 'the caller'}",
                Who.RESOURCE_OWNER,
                Note(
                    target,
                    f"{where} The text names account {owner.words}: for a call from one account to another, both "
                    f"accounts have to allow {action}. More permissions for {case.caller.name or 'the caller'} help "
                    "only if its own account denies the request.",
                ),
            )
    yield Fix(
        f"Give the resource on which {action} was denied",
        Who.YOU,
        Note(
            target,
            f"{where} The policies can be compared once the ARN of the refused resource is known. The program's full "
            "error, or CloudTrail's event, contains it.",
        ),
    )


def _advice(text: str) -> Note:
    return Note("", text, informs=True)


def _wait(case: Case, changes: Changes) -> Fix:
    """Return a fix that changes nothing and says to try the request again."""
    if changes.own is not None:
        text = (
            f"{changes.own.title}: the readable policies now allow the request. IAM changes usually take seconds, "
            "rarely minutes, to reach every server."
        )
        title = "Try again: your change takes seconds, rarely minutes, to reach every server"
        return Fix(title, Who.YOU, _advice(text))
    fresh = changes.within(PROPAGATION, case.account.now)
    if fresh:
        age = short_age(case.account.now - fresh[0].time)
        text = (
            f"{fresh[0].name} was made {age} ago. IAM changes take seconds, rarely minutes, to reach every server: "
            "wait a minute, then try again. Change nothing in the meantime."
        )
        return Fix("Wait a minute and try again: the change may still be spreading", Who.YOU, _advice(text))
    if case.named is not None and case.named.became:
        text = (
            f"{case.named.became}. Try again. If the request is still refused, compare the time of the text with the "
            "time of that change."
        )
        return Fix(f"Try again: {name_of(case.named.arn)} no longer denies the request", Who.YOU, _advice(text))
    text = (
        "All policies that could be read allow the request. Try the request again. If it is still denied, compare "
        "the caller, the credentials, the Region and the time of the call with those in the text."
    )
    return Fix("Try again: no policy that could be read denies the request now", Who.YOU, _advice(text))


def _not_found(case: Case) -> Fix:
    name, kind = case.caller.name or "the caller", case.caller.kind.value.replace("session", "role")
    lacks = f"account {case.account.id} has no {kind} {name}"
    target = case.caller.arn or name
    if other := case.caller.other_case:
        text = f"A{lacks[1:]}, but the account has {other}: names are case-sensitive when a role or user is used."
        return Fix(f"Check the letter case of the name: {other} exists, {name} does not", Who.YOU, Note(target, text))
    near = f" The most similar name in the account is {case.caller.similar}." if case.caller.similar else ""
    near = neighbours(case) or near
    text = (
        f"A{lacks[1:]}.{near} Check which account and profile the call was made with (aws sts get-caller-identity). "
        f"The {kind} may also have been deleted in the meantime."
    )
    return Fix(f"Check the name and the account: {lacks}", Who.YOU, Note(target, text))


def _other_role(case: Case, helpers: Helpers) -> Fix:
    name, action = helpers.roles[0].name, case.request.action
    already = (
        "is already allowed to perform the action"
        if helpers.sure
        else "is allowed to perform the action, as far as can be read"
    )
    may = f"{helpers.names} may perform {action} on {case.request.resource}{helpers.doubt}."
    if helpers.by_ecs:
        return Fix(
            f"Or let the program itself read the value with {name}, which {already}",
            Who.YOU,
            Note(
                name,
                f"{may} Before the program starts, ECS reads the values that the task definition lists under secrets, "
                "and uses the execution role for this. If the program reads the value itself with the task role, the "
                "task definition does not need to list it.",
            ),
        )
    return Fix(
        f"Or let the part of the program that needs the action use {name}, which {already}",
        Who.YOU,
        Note(
            name,
            f"{may} Currently {case.caller.name} makes the call. If this is the wrong role (an execution role "
            "instead of a task role), change the assigned role, not the policies.",
        ),
    )
