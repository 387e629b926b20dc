"""Advice about a managed policy whose name is taken: create a new version, within the limit of five versions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.already_exists.advice.removal import unused_fixes
from diagnostics.already_exists.advice.rename import rename_fix
from diagnostics.already_exists.case import ConflictCase
from diagnostics.already_exists.find.search import Found
from diagnostics.already_exists.kinds import EntityKind
from diagnostics.already_exists.study.documents import difference_text, wide_open
from diagnostics.already_exists.words import age, few, value_of
from diagnostics.commands import compact_json, shown
from diagnostics.diagnosis import Evidence, Status, Step
from diagnostics.fix import Advice, Calls, Change, Fix, Note, ShellCommand, calls_or_note, iam_call
from diagnostics.who import Who
from iam.account import ManagedPolicy, PolicyVersion
from iam.policy.document import Document

MOST_VERSIONS = 5  # a limit of IAM that cannot be raised


def policy_fixes(case: ConflictCase, found: Found) -> Iterator[Fix]:
    renaming = rename_fix(EntityKind.POLICY, case.name or found.name, case.wanted, case.opened, "")
    policy = found.entity
    owner = case.owner.words()
    name = shown(found.name)
    wanted = case.wanted.document
    if wanted is not None and "document" in case.comparison.same:
        title = f"adopt policy {name} as it is: its document is the intended one"
        yield Fix(title, Who.YOU, Note(found.arn), cautions=_other_path(case, found, policy), advice=Advice.ADOPT)
        yield renaming
        return
    if owner:
        yield renaming
        title = f"new-version of policy {name} only through {owner}, which manages it"
        yield Fix(title, Who.RESOURCE_OWNER, Note(found.arn), advice=Advice.NEW_VERSION)
        return
    yield _new_version(case, found, policy if isinstance(policy, ManagedPolicy) else None)
    yield renaming
    if case.studied:
        yield from unused_fixes(found, case.opened, case.owner, case.use, case.who("iam:DeletePolicy"))


def _new_version(case: ConflictCase, found: Found, policy: ManagedPolicy | None) -> Fix:
    name = shown(found.name)
    wanted = case.wanted.document
    versions = policy.versions if policy else ()
    oldest = oldest_unused(versions) if len(versions) >= MOST_VERSIONS else None
    title = f"new-version of policy {name} with the intended document"
    cautions = [*_other_path(case, found, policy)]
    if oldest:
        title += f", after {shown(oldest.id)} is deleted"
        cautions.append(
            f"the policy has {len(versions)} versions, the maximum, so the oldest version that is not the default "
            f"is deleted first: {shown(oldest.id)}, created {age(oldest.created, case.account.now)}"
        )
    elif not versions:
        cautions.append("it could not be read how many of the policy's 5 versions exist")
    if case.use.users:
        cautions.append(f"the new version applies at once to {few(case.use.users, 3)}")
    if case.studied and case.owner.unknown:
        cautions.append("the policy's owner cannot be seen from here, so ask before you change the policy")
    file = f"file://{case.wanted.elsewhere[0]}" if case.wanted.elsewhere else "file://policy.json"
    known = False
    if wanted is not None:
        if wide_open(wanted):
            cautions.append(
                "the pasted document allows everything, so replace its wildcards with actions and resources first"
            )
        else:
            known = True
    text = compact_json(value_of(wanted)) if known else file
    made = iam_call("CreatePolicyVersion", PolicyArn=found.arn, PolicyDocument=text, SetAsDefault=True)
    room = [iam_call("DeletePolicyVersion", PolicyArn=found.arn, VersionId=oldest.id)] if oldest else []
    before = policy.document if policy and wanted else None
    after = wanted if before else None
    change: Change = calls_or_note(found.arn, *room, made, before=before, after=after)
    if not known:
        why = _unknown_document(case, wanted)
        if isinstance(change, Calls):
            change = ShellCommand(found.arn, change.text, no_plan=why, before=before, after=after)
        else:
            change = Note(found.arn, no_plan=why, before=before, after=after)
    who = case.who("iam:CreatePolicyVersion", *(["iam:DeletePolicyVersion"] if oldest else []))
    return Fix(title, who, change, cautions=tuple(cautions), advice=Advice.NEW_VERSION)


def _other_path(case: ConflictCase, found: Found, policy: object) -> tuple[str, ...]:
    """Return a caution that the policy keeps its path and ARN, if a different path was wanted."""
    wanted = case.wanted.path
    if not isinstance(policy, ManagedPolicy) or wanted in (None, policy.path):
        return ()
    return (f"the policy keeps its path {policy.path}, not {wanted}: attach the policy by its ARN {found.arn}",)


def _unknown_document(case: ConflictCase, wanted: Document | None) -> str:
    """Return why a new version has no plan, and what to do.

    The document is unknown, or it allows everything.
    """
    if wanted is not None:
        return "Replace the wildcards with actions and resources first: the pasted document allows everything."
    if case.wanted.elsewhere:
        file = shown(case.wanted.elsewhere[0])
        return (
            f"Paste the text of {file} instead, and explain that text, because it contains the new version. Or run "
            "the commands where the file is (y copies them)."
        )
    return (
        "The text does not contain the intended policy. Paste the command, template or resource with its document, "
        "and run the explanation again."
    )


def versions_step(policy: ManagedPolicy) -> Step | None:
    """Return the step about the version to delete before a new one can be created; None below the limit."""
    oldest = oldest_unused(policy.versions) if len(policy.versions) >= MOST_VERSIONS else None
    if oldest is None:
        return None
    default = next((each for each in policy.versions if each.is_default), None)
    evidence = [Evidence(f"what {oldest.id} says", policy=policy.name, document=oldest.document)]
    if default is not None:
        text = difference_text(oldest.document, default.document) or "the same statements"
        evidence.append(Evidence(f"- the default {default.id}, + {oldest.id}, which would be deleted:\n{text}"))
    said = f"none: {oldest.id}, the oldest version that is not the default, would have to be deleted"
    return Step("versions", "Room for a version", Status.FAIL, said, tuple(evidence))


def oldest_unused(versions: tuple[PolicyVersion, ...]) -> PolicyVersion | None:
    """Return the version with the lowest number that is not the default; numbers are never reused.

    Return None if there is none.
    """

    def number(version: PolicyVersion) -> int:
        digits = re.sub(r"\D", "", version.id)[:9]
        return int(digits) if digits else 0

    return min((each for each in versions if not each.is_default), key=number, default=None)
