"""Fixes for a resource that does not exist here: use its right name, rather than permit access to the missing one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.evidence.existence import Missing
from diagnostics.access_denied.evidence.history import Changes
from diagnostics.access_denied.evidence.simulator import Witness
from diagnostics.access_denied.fixes.notes import request_words
from diagnostics.access_denied.fixes.proof import proof_of
from diagnostics.access_denied.fixes.together import FixesOf, completed
from diagnostics.access_denied.gather import gathered_for
from diagnostics.access_denied.judge import UNREADABLE, DenialFinding, judge
from diagnostics.fix import Fix, Note, Situation, UnknownValue
from diagnostics.who import Who
from iam.arn import name_of
from iam.policy.request import Request
from iam.words import listing

_OF_THE_RESOURCE = ("aws:resourcetag/", "aws:resourceaccount", "aws:resourceorgid", "ec2:resourcetag/", "s3:existing")
"""Prefixes of the condition keys whose values come from the missing resource."""
_OF_THE_CALLER = ("identity", "boundary", "session", "scp")
"""The layers whose result does not depend on the resource."""


def missing_fixes(case: Case, missing: Missing, finding: DenialFinding, fixes_of: FixesOf) -> Iterator[Fix]:
    """Yield the fix to use the closest existing resource and, if access to that resource is denied too, fixes for it.

    May block. If AWS reports an explicit deny that was not found, no Allow is offered, because the Deny may also apply
    to the existing resource.
    """
    moved = missing.moved()
    if moved is None:
        yield _look(case, missing)
        if (also := _under_any_name(case, finding)) is not None:  # the right name may be denied as well
            said = (
                f"The statement denies {name_of(missing.shown)}; it is unknown whether it also denies the intended "
                "resource"
            )
            if also.cause == UNREADABLE:
                said = f"This answer is for {name_of(missing.shown)}: ask again once the right name is known"
            yield from (replace(fix, verified=None, cautions=(*fix.cautions, said)) for fix in fixes_of(also, case))
        return
    there = case_at(case, moved)
    asked = Situation(there.request, there.effective_policies)
    proof = proof_of(there, asked.policies)
    title = f"Use {name_of(missing.nearest or '')}: {name_of(missing.shown)} {missing.absent}"
    note = Note(missing.arn, f"{request_words(case)}. {missing.sentence} Call it with {moved}.")
    if proof.verified is not False:
        yield Fix(title, Who.CALLER, note, proof.verified, hangs_on=proof.hangs_on, situation=asked)
        return
    yield Fix(f"{title}; {name_of(missing.nearest or '')} is not allowed yet either", Who.CALLER, note)
    if finding.fault == "explicit-deny" and finding.deny is None:
        yield from fixes_of(finding, case)
        return
    finding = judge(there, Witness(), Changes())
    near, gone = name_of(missing.nearest or ""), name_of(missing.shown)
    said = f"This answer is for {near}, the closest existing resource, because {gone} {missing.absent}"
    for fix in completed(there, finding, list(fixes_of(finding, there)), fixes_of):
        forms = tuple(_if_meant(form, near, said) for form in fix.forms)
        yield replace(_if_meant(fix, near, said), forms=forms)


def _under_any_name(case: Case, finding: DenialFinding) -> DenialFinding | None:
    """Return the finding if its cause would also deny the request for the resource's right name; None otherwise.

    Such a cause is a Deny, or a layer of the caller that cannot be read. A missing Allow is not such a cause, because
    an Allow may exist for the right name.
    """
    if finding.fault == "explicit-deny":
        return finding
    if finding.cause == UNREADABLE:
        unread = tuple(word for word in finding.unread if word in _OF_THE_CALLER)
        return replace(finding, unread=unread) if unread else None
    unstated = replace(case, denial=replace(case.denial, stated_reason=None, policy_arn=None))
    found = judge(unstated, Witness(), Changes())
    return found if found.fault == "explicit-deny" and not found.questions else None


def _if_meant(fix: Fix, near: str, said: str) -> Fix:
    """Return the fix, on condition that the closest resource is the one that was meant."""
    if fix.verified is False:
        return replace(fix, cautions=(said, *fix.cautions))
    meant = UnknownValue("resource", f"{near} is the resource you meant")
    together = fix.together and replace(fix.together, verified=None, hangs_on=(*fix.together.hangs_on, meant))
    hangs_on = fix.hangs_on if fix.together else (*fix.hangs_on, meant)
    return replace(fix, cautions=(said, *fix.cautions), verified=None, hangs_on=hangs_on, together=together)


def case_at(case: Case, resource: str) -> Case:
    """Return the case of the same request for another resource, with that resource's own policy. May block."""
    request = case.request
    kept = {key: had for key, had in request.context.items() if not key.lower().startswith(_OF_THE_RESOURCE)}
    asked = Request(request.principal, request.action, resource, context=kept)
    found, _ = gathered_for(asked, case.opened)
    policies = replace(found.policies, session=case.policies.session, vpc_endpoint=case.policies.vpc_endpoint)
    denial = replace(case.denial, stated_reason=None, policy_arn=None)
    return replace(
        case,
        denial=denial,
        request=found.request,
        policies=policies,
        readings=found.readings,
        beside=None,
        named=None,
        recorded=None,
        record=None,
        missing=None,
    )


def _look(case: Case, missing: Missing) -> Fix:
    there = f" There are {listing(missing.known, limit=6)}." if missing.known and not missing.existed else ""
    why = (
        "AWS evaluated the resource's own policy or settings, so the resource existed then. The resource has been "
        "deleted since, or the text calls it by another name."
        if missing.existed
        else (
            "If the resource existed then and has been deleted since, the same policies would still deny the request."
        )
        if case.denial.stated_reason and ":s3:::" in missing.arn  # for a bucket that does not exist, S3 returns 404
        else (
            "AWS denies the request before it checks whether the resource exists, so a permission for this name "
            "would only lead to another error."
        )
    )
    return Fix(
        f"Look for the right name: {name_of(missing.shown)} {missing.absent}",
        Who.CALLER,
        Note(
            missing.arn,
            f"{request_words(case)}. {missing.sentence}{there} {why} Compare the name, Region and account with the "
            "deployed resource.",
        ),
    )
