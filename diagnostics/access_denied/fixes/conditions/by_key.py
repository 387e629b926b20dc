"""Fixes for a failed condition, chosen by its condition key."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from typing import Any

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.fixes.apart import value_in_resource
from diagnostics.access_denied.fixes.conditions.notes import condition_note_fixes, is_plain
from diagnostics.access_denied.fixes.conditions.session_tags import principal_tag_fixes, variable_tag
from diagnostics.access_denied.fixes.denies import WITH_MFA, fitting_value
from diagnostics.access_denied.fixes.notes import request_words, unheard_note
from diagnostics.access_denied.fixes.place import place_of
from diagnostics.access_denied.fixes.proof import evaluated_call
from diagnostics.access_denied.fixes.statements import identity_fixes
from diagnostics.access_denied.judge import DenialFinding
from diagnostics.access_denied.near_misses import condition_words
from diagnostics.access_denied.request.context_keys import unheard_claim
from diagnostics.access_denied.request.passed_to_service import services_passed_to
from diagnostics.fix import Change, Fix, Note, ShellCommand, calls_or_note, iam_call, to_complete
from diagnostics.who import OWNERS, Who
from diagnostics.words import POLICY_TYPES
from iam.arn import Arn, name_of
from iam.facts.service_roles.lookup import presented_for
from iam.policy.decision import ConditionFailure, NearMiss
from iam.policy.match import folded, has_wildcard, resource_matcher
from iam.words import listing

_TAGS = ("aws:principaltag/", "aws:requesttag/")
_MFA = ("aws:multifactorauthpresent", "aws:multifactorauthage")


def condition_fixes(case: Case, finding: DenialFinding) -> Iterator[Fix]:
    """Yield fixes for the conditions that the closest statement fails, one for each kind of condition key."""
    near = finding.near
    if near is None:
        return
    if near.element == "Resource":
        yield from _resource_variable(case, finding, near)
        return
    failed = {failure.key.lower(): failure for failure in near.conditions}
    with_a_code = [key for key in _MFA if key in failed and not _wants_false(failed[key])]
    if with_a_code:
        yield from _mfa(case)
    for key, failure in failed.items():
        if key in with_a_code:
            continue
        yield from _for_key(case, finding, near, key, failure)


def _wants_false(failure: ConditionFailure) -> bool:
    return [value.lower() for value in failure.wanted] == ["false"]


def _for_key(case: Case, finding: DenialFinding, near: NearMiss, key: str, failure: ConditionFailure) -> Iterator[Fix]:
    if claim := unheard_claim(failure.key, case.caller):
        yield unheard_note(case, failure, claim)
    elif key == "sts:externalid":
        yield _external_id(case, failure)
    elif key == "iam:permissionsboundary":
        yield boundary_fix(case, failure)
    elif key == "iam:passedtoservice":
        yield from _passed_to(case, finding, near, failure)
    elif key.startswith(_TAGS) and not is_plain(failure):
        yield from condition_note_fixes(case, finding, near, failure)
    elif key.startswith("aws:principaltag/"):
        yield from principal_tag_fixes(case, failure.key.partition("/")[2], failure.wanted)
        if finding.word != "identity":
            yield _ask_whether_meant(case, finding, near)
    elif key.startswith(("aws:resourcetag/", "ec2:resourcetag/")) and variable_tag(failure.wanted):
        yield from principal_tag_fixes(case, variable_tag(failure.wanted) or "", failure.wanted)
    elif key == "aws:sourcearn" and finding.word == "trust":
        yield from _source_arn(case, finding, near, failure)
    elif key.endswith(":sub") and finding.word == "trust":
        from diagnostics.access_denied.fixes.conditions.token_claims import subject_fixes

        yield from subject_fixes(case, near, failure)
    elif key.endswith(":amr"):
        from diagnostics.access_denied.fixes.conditions.token_claims import sign_in_fix

        yield sign_in_fix(case, failure)
    elif key.endswith(":aud") and finding.word == "trust":
        from diagnostics.access_denied.fixes.conditions.token_claims import audience_fixes

        yield from audience_fixes(case, near, failure)
    elif key.startswith("aws:requesttag/"):
        yield _request_tag(case, failure)
    else:
        yield from condition_note_fixes(case, finding, near, failure)


def _ask_whether_meant(case: Case, finding: DenialFinding, near: NearMiss) -> Fix:
    """Return the fix to ask a policy's owner whether its condition on a tag is meant to cover the caller."""
    kind = POLICY_TYPES[finding.word]
    place = place_of(near.policy, kind).words
    return Fix(
        f"Ask the owner of {near.policy.name or kind} whether {case.caller.name} should be allowed "
        f"{case.request.action}",
        OWNERS.get(finding.word, Who.ACCOUNT_ADMIN),
        Note(place, f"{request_words(case)}. The statement {condition_words(near.conditions[0])}."),
    )


def _part_of_variable(patterns: Sequence[str], resource: str) -> str:
    """Return the part of the resource's ARN that the pattern's variable represents."""
    pattern = next((each for each in patterns if "${" in each), "")
    number = min(pattern.partition("${")[0].count(":"), 5)
    parts = resource.split(":", 5)
    return parts[number] if number < len(parts) else resource


def _resource_variable(case: Case, finding: DenialFinding, near: NearMiss) -> Iterator[Fix]:
    """Yield fixes for a resource named by a variable without a value.

    If the variable is a tag, the tag can be added; a variable of another kind cannot be set.
    """
    for failure in near.conditions:
        if failure.key.lower().startswith("aws:principaltag/"):
            value = value_in_resource(near.wanted, failure.key, case.request.resource)
            tag, part = failure.key.partition("/")[2], _part_of_variable(near.wanted, case.request.resource)
            yield from principal_tag_fixes(case, tag, (value,) if value else (), names=part)
            return
    names = listing([f"${{{failure.key}}}" for failure in near.conditions])
    if any(failure.unknown for failure in near.conditions):
        yield Fix(
            f"Find the caller's {names}: the policy lets each caller reach only resources whose name contains the "
            "caller's own value",
            Who.CALLER,
            Note(
                place_of(near.policy).words,
                f"{request_words(case)}. Statement {near.sid or near.statement + 1} of {near.policy.name} covers "
                f"{listing(near.wanted)}: the statement separates the resources of different callers. If the "
                f"resource's name contains another caller's {names}, the resource is not this caller's, and no "
                "statement should allow the request.",
            ),
        )
        return
    kind = case.caller.kind.value
    yield Fix(
        f"Name the resource without {names}: this variable has no value for a caller that is a {kind}",
        Who.ACCOUNT_ADMIN,
        Note(
            place_of(near.policy).words,
            f"Statement {near.sid or near.statement + 1} of {near.policy.name} covers {listing(near.wanted)}. {names} "
            f"has no value for {case.caller.name}, so the statement matches nothing. For roles, a session tag with "
            "${aws:PrincipalTag/…} serves the same purpose.",
        ),
    )
    yield from identity_fixes(case, finding)


def _request_tag(case: Case, failure: ConditionFailure) -> Fix:
    tag = failure.key.partition("/")[2]
    value = fitting_value(case, failure.key, failure.wanted) or "VALUE"
    return evaluated_call(
        case,
        f"Send the tag {tag}={value} with the request: the policy requires it",
        Who.CALLER,
        ShellCommand(case.request.resource, f"--tags {shlex.quote(f'Key={tag},Value={value}')}"),
        {failure.key: (value,), "aws:TagKeys": (tag,)} if value != "VALUE" else None,
    )


def assume_command(case: Case, *options: str) -> str:
    """Return the command ``aws sts assume-role`` for the requested role, with these additional options."""
    session = case.caller.session or case.caller.name or "session"
    return " ".join(
        (
            "aws sts assume-role",
            f"--role-arn {shlex.quote(case.request.resource)}",
            f"--role-session-name {shlex.quote(re.sub(r'[^A-Za-z0-9_+=,.@-]', '-', session)[:64])}",
            *options,
        )
    )


def _mfa(case: Case) -> Iterator[Fix]:
    name = case.caller.name or "USER"
    account = case.caller.account_id or case.account.id
    own = Arn.parse(case.caller.arn or "")
    partition = own.partition if own is not None else case.account.partition
    listed = _mfa_serial(case)
    serial = listed or f"arn:{partition}:iam::{account}:mfa/{name}"
    looked_up = f"aws iam list-mfa-devices --user-name {shlex.quote(name)}"
    guessed = "" if listed else f"# assumes the usual serial number; to list your device's serial number: {looked_up}\n"
    if case.trust:
        command = assume_command(case, f"--serial-number {shlex.quote(serial)}", "--token-code 123456")
        text = (
            f"{guessed}{command}\n\n# or, in ~/.aws/config, so that the CLI asks for the code itself:\n"
            f"# [profile {name_of(case.request.resource)}]\n# role_arn = {case.request.resource}\n"
            f"# source_profile = default\n# mfa_serial = {serial}"
        )
    else:
        text = f"{guessed}aws sts get-session-token --serial-number {shlex.quote(serial)} --token-code 123456"
    yield evaluated_call(
        case,
        "Call with a code from the MFA device: the policy requires it",
        Who.CALLER,
        ShellCommand(case.request.resource, text),
        WITH_MFA,
    )


def _mfa_serial(case: Case) -> str | None:
    if case.caller.user is None:
        return None
    devices = case.reader.mfa_devices(case.caller.user.name).value or ()
    return devices[0].serial if devices else None


def _external_id(case: Case, failure: ConditionFailure) -> Fix:
    wanted = failure.wanted[0] if failure.wanted else "EXTERNAL-ID"
    return evaluated_call(
        case,
        "Give the caller the external ID, and let the caller send it. Keep the condition, which keeps out other "
        "customers",
        Who.CALLER,
        ShellCommand(case.request.resource, assume_command(case, f"--external-id {shlex.quote(wanted)}")),
        {"sts:ExternalId": (wanted,)},
    )


def boundary_fix(case: Case, failure: ConditionFailure) -> Fix:
    boundary = _boundary_wanted(case, failure)
    known = boundary != _NO_BOUNDARY
    return evaluated_call(
        case,
        f"Call again with the permissions boundary {name_of(boundary) if known else listing(failure.wanted)}: "
        f"{name_of(case.request.action)} is allowed only with this boundary",
        Who.CALLER,
        _call_with_boundary(case, boundary),
        {"iam:PermissionsBoundary": (boundary,)} if known else None,
    )


def _call_with_boundary(case: Case, boundary: str) -> Change:
    resource, action = case.request.resource, case.request.action.lower()
    name = name_of(resource)
    path = resource.partition(":role/")[2].rpartition("/")[0] or resource.partition(":user/")[2].rpartition("/")[0]
    in_path = {"Path": f"/{path}/"} if path else {}
    if action == "iam:createrole":
        made = f"aws iam create-role --role-name {shlex.quote(name)} --assume-role-policy-document file://trust.json"
        made += f" --path {shlex.quote(in_path['Path'])}" if in_path else ""
        why = "The command reads the trust policy from your file trust.json."
        return ShellCommand(resource, f"{made} --permissions-boundary {shlex.quote(boundary)}", no_plan=why)
    if action == "iam:createuser":
        call = iam_call("CreateUser", UserName=name, **in_path, PermissionsBoundary=boundary)
    elif ":user/" in resource:
        call = iam_call("PutUserPermissionsBoundary", UserName=name, PermissionsBoundary=boundary)
    else:
        call = iam_call("PutRolePermissionsBoundary", RoleName=name, PermissionsBoundary=boundary)
    return to_complete(resource, boundary, call) if boundary == _NO_BOUNDARY else calls_or_note(resource, call)


_NO_BOUNDARY = "BOUNDARY-ARN"


def _boundary_wanted(case: Case, failure: ConditionFailure) -> str:
    """Return the boundary that the condition requires or, for a pattern, a policy of the account that it matches."""
    exact = [wanted for wanted in failure.wanted if not has_wildcard(wanted)]
    if exact:
        return exact[0]
    matches = [resource_matcher(wanted) for wanted in failure.wanted]
    arns = [policy.arn for policy in case.account.policies or ()]
    return next((arn for arn in arns if any(match(folded(arn)) for match in matches)), _NO_BOUNDARY)


def _passed_to(case: Case, finding: DenialFinding, near: NearMiss, failure: ConditionFailure) -> Iterator[Fix]:
    services = services_passed_to(case.denial, case.request.resource, case.account, case.request.context)
    if len(services) != 1 or services[0] in failure.wanted:
        yield from condition_note_fixes(case, finding, near, failure)
        return
    condition: dict[str, Any] = {"StringEquals": {"iam:PassedToService": services[0]}}
    yield from identity_fixes(case, finding, condition=condition, why=f", for {services[0]} only")


def _source_arn(case: Case, finding: DenialFinding, near: NearMiss, failure: ConditionFailure) -> Iterator[Fix]:
    """Yield fixes for a service that sends a source ARN other than the one that the condition expects."""
    from diagnostics.access_denied.fixes.trust import value_fix

    presented = failure.had[0] if failure.had else presented_for(case.caller.name or "", failure.wanted)
    if presented is None:
        yield from condition_note_fixes(case, finding, near, failure)
        return
    title = f"Change the value of {failure.key} in the policy to {presented}, which {case.caller.name} presents"
    yield value_fix(case, near, failure.key, presented, title, instead=True)
