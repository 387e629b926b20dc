"""The fixes for a name conflict, each with its reason. The first one is recommended.

A title starts with one of: adopt, rename, reuse, new-version, delete, wait, request-quota, leave.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from diagnostics.already_exists.advice.instance_profiles import profile_fixes
from diagnostics.already_exists.advice.not_found import elsewhere, misread, nothing_in_the_way, unseen
from diagnostics.already_exists.advice.policies import policy_fixes
from diagnostics.already_exists.advice.quotas import quota_fixes
from diagnostics.already_exists.advice.removal import delete_fixes, may_delete, unused_fixes
from diagnostics.already_exists.advice.rename import rename_fix
from diagnostics.already_exists.advice.sign_in import login_profile, mfa_device
from diagnostics.already_exists.case import ConflictCase
from diagnostics.already_exists.find.search import Found
from diagnostics.already_exists.kinds import FACTS, EntityKind
from diagnostics.already_exists.study.owner import MANAGING
from diagnostics.already_exists.wanted import LONGEST, commands_in
from diagnostics.already_exists.words import age, runs_on_ec2
from diagnostics.commands import Untypable, aws, iam, quoted, shown, typable
from diagnostics.diagnosis import Verdict
from diagnostics.fix import LONGEST_TITLE, Advice, Calls, Fix, Note, ShellCommand, Wait, calls_or_note, command_or_note
from diagnostics.tool_edits import edit_of_calls
from diagnostics.tools import Tool
from diagnostics.who import Who
from iam.account import OIDCProvider
from iam.changes.cli_names import cli_name
from iam.lazy_pattern import regex
from iam.own_command import own_command
from iam.words import joined


def fixes_for(case: ConflictCase, verdict: Verdict) -> Iterator[Fix]:
    """Yield the fixes for the verdict's cause. The first one is recommended.

    Commands that AWS has denied, according to the pasted text, are left out.
    """
    failed = _refused_commands(case.conflict.text)
    stack = failed_stack(case.conflict.text)
    for number, fix in enumerate(_all_fixes(case, verdict)):
        if number and isinstance(fix.change, ShellCommand) and _shape(fix.change.text) in failed:
            continue
        if number == 0 and stack:
            fix = replace(fix, cautions=(*fix.cautions, stack))
        yield fix


def _shape(command: str) -> tuple[str, frozenset[str]] | None:
    """Return the operation of an AWS CLI command and the names of its options, or None."""
    return next(((operation, frozenset(options)) for operation, options in commands_in(command)), None)


def _refused_commands(text: str) -> set[tuple[str, frozenset[str]] | None]:
    """Return the pasted commands that AWS denied.

    These are the commands of an operation for which the text has at least one error per command.
    """
    commands = list(commands_in(text[:LONGEST]))
    refused = Counter(cli_name(name) for name in _ERROR_OF.findall(text[:LONGEST]))
    made = Counter(operation for operation, _ in commands)
    return {(name, frozenset(options)) for name, options in commands if refused[name] >= made[name]}


_ERROR_OF = regex(r"when calling the (\w{3,60}) operation")
_FAILED_STACK = regex(r"(?<!UPDATE_)ROLLBACK_COMPLETE")
_STACK = regex(r"\bstack (?:named )?[\"'`]?([A-Za-z][A-Za-z0-9-]{2,127})", re.IGNORECASE)


def failed_stack(text: str) -> str:
    """Return a caution about a stack whose creation was rolled back, or "" if the text shows none.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html (ROLLBACK_COMPLETE: only a
    delete operation can be performed)
    """
    if _FAILED_STACK.search(text) is None:
        return ""
    named = [name for name in _STACK.findall(text) if name.lower() not in ("named", "status", "failed", "events")]
    stack = f"the stack {named[-1]}" if named else "the stack"
    return f"Delete {stack} first: in ROLLBACK_COMPLETE, a stack can only be deleted"


def _all_fixes(case: ConflictCase, verdict: Verdict) -> Iterator[Fix]:
    if case.other_account and case.found:
        yield elsewhere(case.other_account, shown(case.found.name))
        return  # the other account's name conflicts with no name in this account
    if case.misread:
        yield misread(shown(case.name or ""))
        return
    match verdict.cause:
        case "quota.reached" if case.fullness:
            yield from quota_fixes(case.fullness, case.account)
        case "name.free" | "name.other-namespace":
            yield from nothing_in_the_way(case)
        case "deletion.unfinished" if case.found:
            yield from _unfinished(case, case.found)
        case "role.service-owned" if case.found:
            yield from _service_owned(case, case.found)
        case "provider.taken" if case.found:
            yield from _provider(case, case.found)
        case "policy.taken" if case.found:
            yield from policy_fixes(case, case.found)
        case "profile.empty" | "profile.same-role" | "profile.other-role" if case.found:
            yield from profile_fixes(case, case.found, verdict.cause)
        case _ if case.found:
            yield from _taken(case, case.found)
        case _:
            yield from unseen(case)


def _taken(case: ConflictCase, found: Found) -> Iterator[Fix]:
    match found.kind:
        case EntityKind.MFA_DEVICE:
            yield from mfa_device(case, found)
            return
        case EntityKind.LOGIN_PROFILE:
            yield login_profile(case, found.name, found.arn)
            return
        case EntityKind.ACCOUNT_ALIAS:
            yield Fix(
                "adopt: nothing to do, the account has this alias", Who.YOU, Note(found.name), advice=Advice.ADOPT
            )
            return
    renaming = rename_fix(
        found.kind,
        case.name or found.name,
        case.wanted,
        case.opened,
        _made_up(case),
        runs_on_ec2(case.wanted.trust),
    )
    adopting = _adopt(case, found)
    # Two stacks, or two Terraform states, cannot both own the entity.
    rivals = case.owner.has_owner and case.tool in MANAGING
    if case.comparison.other_purpose or found.kind is EntityKind.SERVER_CERTIFICATE or rivals:
        yield renaming
        yield adopting
    else:
        yield adopting
        yield renaming
    if found.role and not case.comparison.identical and not may_delete(found, case.account, case.owner, case.use):
        yield from delete_fixes(found, found.role, case.opened, case.use, False, case.who("iam:DeleteRole"))
    if found.kind is EntityKind.GROUP:
        who = case.who("iam:DeleteGroup")
        yield from unused_fixes(found, case.opened, case.owner, case.use, who)


def _made_up(case: ConflictCase) -> str:
    """Return a sentence that says how the operator's tool can generate a name, or ""."""
    if case.tool in (Tool.CLOUDFORMATION, Tool.CDK, Tool.SAM, Tool.SERVERLESS):
        return "Or leave the name out of the template: CloudFormation then generates one"
    return "Or set name_prefix: Terraform then generates the rest of the name" if case.tool is Tool.TERRAFORM else ""


def _adopt(case: ConflictCase, found: Found) -> Fix:
    """Return the fix that uses the existing entity, either unchanged or after changes that make it the wanted one."""
    what = f"{FACTS[found.kind].word} {shown(found.name)}"
    owner = case.owner.words()
    importing = _import(case, found)
    comparison = case.comparison
    if comparison.identical:
        title = f"adopt: nothing to do, the {what} is as intended"
        done = f"There is nothing to do: the {what} is as intended."
        return Fix(title, Who.YOU, command_or_note(found.arn, importing, done), advice=Advice.ADOPT)
    if not comparison.compared:
        title = f"adopt: {_use(case, found)}"
        if case.own_try:
            title = (
                f"adopt {what}: your own earlier call created it {age(found.created, case.account.now)}; continue "
                "with it"
            )
        cautions = []
        if found.kind in (EntityKind.ROLE, EntityKind.USER, EntityKind.GROUP) and case.name and found.name != case.name:
            cautions.append(
                f"Write {shown(found.name)} wherever the name is used, because names are case-sensitive there"
            )
        if owner:
            title = _fitting(f"adopt: use {what} as it is", f"; change it only through {owner}", "; it has an owner")
            cautions.append(f"Change it only through {owner}")
        if not importing and not case.own_try:
            importing = _terraform_import(case, found)
            others = "cloudformation, cdk, sam, pulumi and ansible"
            cautions += [f"--as also accepts {others}; without such a tool, use the existing ARN: {found.arn}"] * bool(
                importing
            )
        cautions += [*_left_out(found, importing), *_gaps(case)]
        return Fix(
            title,
            Who.YOU,
            command_or_note(found.arn, importing, _why_unchanged(case, importing)),
            cautions=tuple(cautions),
            advice=Advice.ADOPT,
        )
    aspects = joined(shown(each.aspect, 60) for each in comparison.differences if each.call)
    held = [f"{shown(each.aspect, 60)} stays: {each.held}" for each in comparison.differences if each.held]
    if comparison.other_purpose and case.wanted.service_account is not None:
        subject = f"system:serviceaccount:{case.wanted.service_account}"
        title = (
            f"adopt only if the {what} may serve both purposes: its trust does not name "
            f"{shown(case.wanted.service_account)}"
        )
        other = (
            "The role's trust policy allows other service accounts. If the role may serve both service accounts, "
            f"add {subject} to the trust policy's condition on sub, and use the role with --attach-role-arn "
            f"{found.arn}"
        )
        return Fix(title, Who.YOU, Note(found.arn, no_plan=f"{other}."), cautions=(other,), advice=Advice.ADOPT)
    if comparison.other_purpose:
        title = f"adopt only if the {what} may serve both purposes: it trusts others"
        other = f"The {what} was created for something else: choose another name, or change its trust policy by hand."
        return Fix(title, Who.YOU, Note(found.arn, no_plan=other), advice=Advice.ADOPT)
    if not comparison.calls:
        stays = [f"the {each.aspect} stays {shown(each.is_, 60)}" for each in comparison.differences if not each.held]
        title = f"adopt: use {what} as it is"
        cautions = [*stays, *held]
        if comparison.unknown:
            cautions.append(f"not compared: {joined(comparison.unknown)}")
        why = (
            _why_unchanged(case)
            if comparison.unknown
            else "There is nothing to do: the remaining differences are kept."
        )
        cautions += _gaps(case)
        return Fix(
            title, Who.YOU, command_or_note(found.arn, importing, why), cautions=tuple(cautions), advice=Advice.ADOPT
        )
    if owner:
        title = _fitting(f"adopt: use {what}, and change ", f"its {aspects}", "it", f" through {owner}")
        there = f"The {what} belongs to {owner}, which would undo changes made here: change it with {owner}."
        changed = (f"To be changed: {aspects}",)
        tool = next((each for each in (*case.owner.declaring, case.tool) if each in MANAGING), None)
        edit = edit_of_calls(tool, f"it belongs to {owner}", found.name, comparison.calls) if tool else None
        note = Note(found.arn, no_plan=there)
        return Fix(title, Who.RESOURCE_OWNER, note, cautions=changed, advice=Advice.ADOPT, in_tool=edit)
    trust = next((each for each in comparison.differences if each.after), None)
    before, after = (trust.document, trust.after) if trust else (None, None)
    try:
        change = Calls(found.arn, comparison.calls, before, after, besides=importing)
    except Untypable as error:
        title = f"adopt: use {what} and change it in the console"
        return Fix(
            title, Who.YOU, Note(found.arn), cautions=(f"To be changed: {aspects}", str(error)), advice=Advice.ADOPT
        )
    title = _fitting(f"adopt: use {what} and change ", f"its {aspects}", "what differs")
    cautions = [
        *held,
        *(["the existing entity is in use, so check the difference first"] if case.use.used else []),
        *_gaps(case),
    ]
    who = case.who(*sorted({call.action for call in comparison.calls}))
    return Fix(title, who, change, cautions=tuple(cautions), advice=Advice.ADOPT)


def _why_unchanged(case: ConflictCase, importing: str = "") -> str:
    """Return why the existing entity cannot be changed to match the wanted one, and what to do.

    ``importing`` is the command that adopts the entity.
    """
    elsewhere = joined(shown(each) for each in case.wanted.elsewhere)
    if elsewhere:
        return (
            f"Paste the text of {elsewhere} instead, because it describes the intended entity. rolescope changes "
            "nothing before the intended entity is known."
        )
    if not case.comparison.compared and importing:
        return (
            "Adopting changes nothing in AWS: run the command that is shown. To compare the existing entity with the "
            "intended one, paste the command, template or resource that failed, together with the error."
        )
    if not case.comparison.compared:
        return (
            "Paste the command, template or resource that failed, together with the error. There is nothing to "
            "change, because this text does not describe the intended entity."
        )
    return f"Its current settings could not be read ({joined(case.comparison.unknown)}), so they are not changed."


def _fitting(head: str, listed: str, instead: str, tail: str = "") -> str:
    """Return a title that lists everything in ``listed``, or has the shorter ``instead`` if the list is too long."""
    whole = f"{head}{listed}{tail}"
    return whole if len(whole) <= LONGEST_TITLE else f"{head}{instead}{tail}"


def _gaps(case: ConflictCase) -> list[str]:
    """Return cautions about unknown facts that affect the advice."""
    return ["The creator cannot be seen from here, so ask before changing it"] if case.owner.unknown else []


def _import(case: ConflictCase, found: Found) -> str:
    """Return the command that imports the entity into the operator's tool, or "" if the entity has another owner."""
    if case.owner.has_owner or case.tool is None:
        return ""
    logical = case.logical_name
    if case.tool is not Tool.TERRAFORM or not case.wanted.address:
        if found.kind is not EntityKind.ROLE or not case.tool.form:
            return ""
        return _adoption(found, case.tool, logical or "")
    by_arn = found.kind in (EntityKind.POLICY, EntityKind.OIDC_PROVIDER, EntityKind.SAML_PROVIDER)
    try:
        return f"terraform import {quoted(case.wanted.address)} {quoted(found.arn if by_arn else found.name)}"
    except Untypable:
        return ""


_IMPORTING = frozenset((Tool.TERRAFORM, Tool.CLOUDFORMATION, Tool.PULUMI))
"""The tools that can take over an existing role. All other tools can only refer to the role."""


def _use(case: ConflictCase, found: Found) -> str:
    """Return what it means in the operator's tool to adopt an entity: to import the entity, or to use it."""
    what = f"{FACTS[found.kind].word} {shown(found.name)}"
    if case.tool in _IMPORTING and found.kind is EntityKind.ROLE and not case.owner.has_owner:
        return f"import {what} into {case.tool.value}, if this is the one you want"
    return f"use {what} as it is, if this is the one you want"


def _left_out(found: Found, importing: str) -> list[str]:
    """Return a caution about what ``terraform import`` does not import, because it belongs to separate resources.

    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role (Import: by the role's name)
    """
    role = found.role
    if role is None or not importing.startswith("terraform import"):
        return []
    parts = [f"inline policy {shown(each.name)}" for each in role.inline or ()]
    parts += [f"attachment of {shown(each.name)}" for each in role.attached or ()]
    parts += [f"instance profile {shown(each)}" for each in role.instance_profiles or ()]
    if not parts:
        return []
    printed = ""
    if typable(found.name):
        printed = f" ({own_command('adopt', found.name, '--as', 'terraform')} prints the import of each)"
    are = "has" if len(parts) == 1 else "have"
    own = "a separate resource" if len(parts) == 1 else "resources of their own"
    return [f"This imports only the role: {joined(parts)} {are} {own}{printed}"]


def _terraform_import(case: ConflictCase, found: Found) -> str:
    """Return Terraform's import command for a role, if the text does not show which tool declares roles."""
    if case.owner.has_owner or found.kind is not EntityKind.ROLE:
        return ""
    return _adoption(found, Tool.TERRAFORM, case.logical_name or "")


def _adoption(found: Found, tool: Tool, logical: str) -> str:
    """Return the rolescope command that prints what the tool needs, or "" if pasting a name would be unsafe."""
    named = ("--logical-id", logical) if logical else ()
    words = (found.name, "--as", tool.form, *named)
    return own_command("adopt", *words) if all(map(typable, words)) else ""


def _service_owned(case: ConflictCase, found: Found) -> Iterator[Fix]:
    role = found.role
    name = shown(found.name)
    if role and role.service_linked:
        service = role.path.removeprefix("/aws-service-role/").strip("/") or "the service"
        title = f"leave role {name} as it is: there is nothing to create"
        yield Fix(
            title,
            Who.YOU,
            Note(found.arn),
            cautions=(
                f"{shown(service)} already has this role and uses it",
                *(["In Terraform: import it, or leave out the resource"] if case.tool is Tool.TERRAFORM else []),
            ),
            advice=Advice.LEAVE,
        )
        if case.kind is EntityKind.SERVICE_LINKED_ROLE:
            title = "rename: request a second role with a custom suffix, if the service supports it"
            operation = "create-service-linked-role"
            try:
                command = iam(operation, ("aws-service-name", service), ("custom-suffix", "2"))
                change: ShellCommand | Note = ShellCommand(found.arn, command, operation=operation)
            except Untypable:
                change = Note(found.arn)
            yield Fix(title, Who.YOU, change, advice=Advice.RENAME)
            return
    else:
        title = f"leave role {name} as it is: it is reserved for AWS"
        made = "IAM Identity Center creates this role from a permission set: change the permission set"
        yield Fix(title, Who.ORG_ADMIN, Note(found.arn), cautions=(made,), advice=Advice.LEAVE)
    yield rename_fix(EntityKind.ROLE, case.name or found.name, case.wanted, case.opened, "")


def _unfinished(case: ConflictCase, found: Found) -> Iterator[Fix]:
    deletion = case.deletion
    assert deletion is not None  # the verdict's cause implies this
    renaming = rename_fix(found.kind, case.name or found.name, case.wanted, case.opened, "")
    if deletion.stage == "service-task":
        service = found.role.path.removeprefix("/aws-service-role/").strip("/") if found.role else "the service"
        if deletion.failed:
            title = f"wait: {shown(service)} still uses the role; remove the resources that the deletion report names"
        else:
            title = "wait until the service has deleted the role, then create it again"
        yield Fix(title, Who.YOU, Wait(found.arn, _watch(found, deletion.task), role=found.name), advice=Advice.WAIT)
        return
    if deletion.stage == "stack":
        yield _stack_wait(case, found, deletion.failed)
        yield renaming
        return
    role = found.role
    reason = may_delete(found, case.account, case.owner, case.use, mine=True)
    if role and not reason:
        yield from delete_fixes(found, role, case.opened, case.use, True, case.who("iam:DeleteRole"))
        yield _adopt(case, found)
        yield renaming
        return
    adopting = _adopt(case, found)
    why = (f"Finishing the deletion is not advised: {reason}",) if reason else ()
    yield replace(adopting, cautions=(*why, *adopting.cautions))
    yield renaming


def _watch(found: Found, task: str | None) -> str:
    """Return the command that shows the progress of a service-linked role's deletion."""
    try:
        if task:
            return iam("get-service-linked-role-deletion-status", ("deletion-task-id", task))
        return iam("get-role", ("role-name", found.name))
    except Untypable:
        return ""


def _stack_wait(case: ConflictCase, found: Found, failed: bool) -> Fix:
    stack = case.owner.deleting_stack
    assert stack is not None  # the deletion's stage implies this
    name = shown(stack.stack_name)
    region = ("region", stack.region)
    target = stack.stack_id or stack.stack_name
    try:
        if failed:
            title = (
                f"wait: the deletion of stack {name} failed; with this command, the stack's owner sees what blocks "
                "the deletion"
            )
            change = aws("cloudformation", "describe-stack-events", ("stack-name", target), region)
        else:
            title = f"wait until stack {name} is deleted, then create it again"
            change = aws("cloudformation", "wait stack-delete-complete", ("stack-name", target), region)
    except Untypable:
        title = f"wait until stack {name} is gone"
        failed, change = True, ""
    waiting = Wait(target, change, stack=stack.stack_name, physical_id=stack.physical_id)
    return Fix(title, Who.RESOURCE_OWNER if failed else Who.YOU, waiting, advice=Advice.WAIT)


def _provider(case: ConflictCase, found: Found) -> Iterator[Fix]:
    name = shown(found.name)
    entity = found.entity
    importing = _import(case, found)
    if found.kind is EntityKind.SAML_PROVIDER:
        title = f"reuse the SAML provider {name}; if its metadata is old, replace the metadata"
        try:
            options = (("saml-provider-arn", found.arn), ("saml-metadata-document", "file://metadata.xml"))
            change = iam("update-saml-provider", *options)
        except Untypable:
            change = ""
        why = "Your identity provider supplies the SAML metadata file: run the command with that file (y copies it)."
        yield Fix(
            title, case.who("iam:UpdateSAMLProvider"), command_or_note(found.arn, change, why), advice=Advice.REUSE
        )
        yield rename_fix(EntityKind.SAML_PROVIDER, case.name or found.name, case.wanted, case.opened, "")
        return
    audiences = entity.client_ids if isinstance(entity, OIDCProvider) else None
    listed = (
        f"its audiences: {joined(shown(each) for each in audiences)}" if audiences else "its audience list is empty"
    )
    if audiences is None:
        listed = "its audiences could not be read"
    adding = calls_or_note(found.arn, *case.comparison.calls)
    if case.comparison.calls and isinstance(adding, Calls):
        missing = joined(shown(each.wanted) for each in case.comparison.differences if each.call)
        title = _fitting(
            f"reuse the provider {name} and add ", f"the audience {missing}", "the audiences that are missing"
        )
        who = case.who("iam:AddClientIDToOpenIDConnectProvider")
        yield Fix(title, who, adding, cautions=(listed,), advice=Advice.REUSE)
        return
    if case.comparison.identical:
        title = f"reuse the provider {name}: it accepts the requested audience"
        done = f"There is nothing to do: the provider {name} accepts the requested audience."
        yield Fix(title, Who.YOU, command_or_note(found.arn, importing, done), cautions=(listed,), advice=Advice.REUSE)
        return
    title = f"reuse the provider {name}; check that it accepts the tokens' aud"
    refers = (
        "In the CDK, refer to the provider: OpenIdConnectProvider.fromOpenIdConnectProviderArn(this, ID, "
        f"'{found.arn}')"
    )
    referring = (refers,) if case.tool is Tool.CDK or "AWSCDK" in case.conflict.text else ()
    if importing and case.use.used:
        otherwise = (
            "Import the provider only if nothing else manages it; otherwise let Terraform read the provider with a "
            "data source"
        )
        referring = (*referring, otherwise)
    try:
        show = iam("get-open-id-connect-provider", ("open-id-connect-provider-arn", found.arn))
    except Untypable:
        show = ""
    change = "\n".join(filter(None, [importing, show]))
    why = (
        f"The text does not name the requested audience ({listed}). To add the missing audiences, paste the "
        "command or resource that names them."
    )
    yield Fix(
        title, Who.YOU, command_or_note(found.arn, change, why), cautions=(listed, *referring), advice=Advice.REUSE
    )
