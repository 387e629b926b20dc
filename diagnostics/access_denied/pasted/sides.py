"""The two sides of a request that both must allow it, where the text shows the policy of one of them, or of both."""

from __future__ import annotations

import json
from dataclasses import replace

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.fixes import allowing, granting
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note, Who
from diagnostics.messages.external_id import unsent_external_id
from iam.arn import identity_of
from iam.policy.decision import Fault
from iam.policy.request import Request
from iam.service_reference import spelled

_LACKS = "The policy in the text"


def own_side_lacking(denial: Denial, action: str, home: str, owner: str | None, *, trust: bool) -> Finding:
    """The resource's side allows the request: what is missing is in the caller's own policies."""
    name = identity_of(denial.principal or "")[2] or "the caller"
    key = action.lower().startswith("kms:")
    side = "role's trust policy" if trust else "key policy" if key else "resource's own policy"
    apart = owner != home
    why = (
        "across accounts both sides must allow it" if apart else f"the {side} leaves that to the account's own policies"
    )
    said = f"the {side} allows {name}: that side is done. The policies of {name} must allow {action} too, for {why}"
    on = denial.resource or "*"
    statement = json.dumps(allowing(action, on, {}))
    account = f" in account {home}" if home and apart else ""
    note = Note(f"the policies of {name}{account}", f"Add the statement {statement}.")
    return Finding(
        f"identity.{Fault.NO_ACTION.value}",
        said,
        f"In the text, {said}.",
        fix=Fix(f"Allow {name} {spelled(action)} on {on}", Who.ACCOUNT_ADMIN, note),
    )


def other_side_lacking(denial: Denial, action: str, owner: str, *, trust: bool) -> Finding:
    """The caller's own policies allow the request: what is missing is in the resource's account."""
    name = identity_of(denial.principal or "")[2] or "the caller"
    where = f" in account {owner}" if owner else ""
    if trust and (external := unsent_external_id(denial.pasted or denial.text)):
        said = (
            f"the policy of {name} allows {action}, the text names the external ID {external}, and the call sends none"
        )
        then = (
            f"If the call is still refused, the other side{where} must check that the trust policy "
            f"accepts {name} and this external ID."
        )
        fix = Fix("Send the external ID", Who.CALLER, Note("the call", f"Add --external-id {external}. {then}"))
        return Finding(None, said, f"In the text, {said}. Send it first. {then}", leads=True, fix=fix)
    look = (
        f"whether the role exists under this name and path, and whether its trust policy accepts {name} (and the "
        "external ID)"
        if trust
        else f"whether the resource's own policy allows {name}"
    )
    said = f"the policy of {name} allows {action}: look at the other side{where}, {look}"
    if trust or denial.principal is None or not (denial.resource or "").startswith("arn:"):
        return Finding(None, said, f"In the text, {said}.", leads=True)
    request = Request(denial.principal, action, denial.resource or "*")
    path = " Add the role's path, if it has one." if ":assumed-role/" in denial.principal else ""
    statement = json.dumps(granting(request, action, request.resource))
    fix = Fix(
        f"Let the resource's own policy allow {name}",
        Who.RESOURCE_OWNER,
        Note(f"the resource's policy{where}", f"Add the statement {statement}.{path}"),
    )
    return Finding(f"resource.{Fault.NO_ACTION.value}", said, f"In the text, {said}.", fix=fix)


def both_lacking(mine: Finding | None, theirs: Finding, own: Finding | None = None) -> Finding:
    """The resource's side lacks the request, and the caller's own side does so too, or is not shown (``own``)."""
    trust = (theirs.code or "").startswith("trust")
    called = "The trust policy in the text" if trust else "The resource's policy in the text"
    first = theirs.sentence.replace(_LACKS, called)
    if mine is not None:
        second = mine.sentence.replace(_LACKS, "The caller's own policy in the text")
        return replace(
            theirs,
            said=f"{theirs.said}; the caller's own policy: {mine.said}",
            sentence=f"Both sides lack it. {first} {second}",
            further=mine.fixes,
        )
    then = "Across accounts the caller's own policies must allow it too."
    return replace(theirs, sentence=f"{first} {then}", further=own.fixes if own is not None else ())
