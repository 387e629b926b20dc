"""Handle requests that the caller's and the resource's policies must both allow, if the text shows one or both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.fixes.caller_statement import fix_of_caller
from diagnostics.access_denied.pasted.fixes.resource_statement import fix_of_resource
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.access_denied.pasted.request_resource import with_arn
from diagnostics.diagnosis import PolicyFact
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.text.read.identities.external_id import how_to_send, unsent_external_id
from diagnostics.who import Who
from diagnostics.words import is_trust_action
from iam.arn import account_of, identity_of, names_a_service
from iam.lazy_pattern import regex
from iam.policy.decision import Fault
from iam.policy.match import names_action
from iam.policy.principal import caller as request_caller

_OWN_SIDE_DONE = regex(
    r"\b(?:our|my|its|the (?:caller|role|user)(?:'s)?(?: own)?)(?: own)? (?:\w+ )?(?:polic(?:y|ies)|side|permissions?)"
    r"(?: of \S+)? (?:already )?(?:allows?|permits?|grants?|covers?|is (?:fine|done|ok(?:ay)?|in place|correct)"
    r"|are (?:fine|ok(?:ay)?|in place|correct)|has (?:it|this|the action))\b",
    re.IGNORECASE,
)
"""The author's words that the caller's side allows the request: ``our identity policy allows it already``."""
_LACKS = "The policy in the text"
_DEFINITE = (Fault.NO_ACTION.value, Fault.RESOURCE_MISMATCH.value)
"""What a policy lacks whatever values its conditions have."""


def own_side_lacking(denial: Denial, action: str, home: str, owner: str | None, *, trust: bool) -> Finding:
    """Return the finding that the resource's side allows the request, but the caller's own policies do not."""
    name = identity_of(denial.principal or "")[2] or "the caller"
    key = action.lower().startswith("kms:")
    side = "role's trust policy" if trust else "key policy" if key else "resource's own policy"
    apart = owner != home
    if request_caller(denial.principal or "").service_linked:
        said = (
            f"the {side} leaves {action} to the account's own policies, and only the service can change the "
            f"policies of {name}"
        )
        found = f"In the text, {said}: let the {side} itself allow it."
        return Finding(f"resource.{Fault.NO_ACTION.value}", said, found, fix=fix_of_resource(denial, action, ""))
    why = (
        "both accounts must allow a cross-account call"
        if apart
        else f"the {side} leaves the decision to the account's own policies"
    )
    said = f"the {side} already allows {name}. The policies of {name} must also allow {action}, because {why}"
    return Finding(
        f"identity.{Fault.NO_ACTION.value}",
        said,
        f"In the text, {said}.",
        fix=fix_of_caller(denial, action, account=home if apart else ""),
    )


def other_side_lacking(denial: Denial, action: str, owner: str, *, trust: bool) -> Finding:
    """Return the finding that the caller's own policies allow the request, so the other side must be checked."""
    name = identity_of(denial.principal or "")[2] or "the caller"
    where = f" in account {owner}" if owner else ""
    if trust and (external := unsent_external_id(denial.pasted or denial.text)):
        said = (
            f"the policy of {name} allows {action}, and the text names the external ID {external}, but the "
            "call sends none"
        )
        then = (
            f"If the call is still refused, the other side{where} must check that the trust policy "
            f"accepts {name} and this external ID."
        )
        fix = Fix("Send the external ID", Who.CALLER, Note("the call", f"{how_to_send(external)} {then}"))
        return Finding(None, said, f"In the text, {said}. First send the external ID. {then}", leads=True, fix=fix)
    if not trust and (share := _SHARE.search(denial.pasted or denial.text)):
        return _of_a_share(name, action, where, " ".join(share[0].split()))
    look = (
        f"whether the role exists under this name and path, and whether its trust policy accepts {name} (and the "
        "external ID)"
        if trust
        else f"whether the resource's own policy allows {name}"
    )
    said = f"the policy of {name} allows {action}. Check the other side{where}: {look}"
    if trust or denial.principal is None or not (denial.resource or "").startswith("arn:"):
        return Finding(None, said, f"In the text, {said}.", leads=True)
    fix = fix_of_resource(denial, action, where)
    return Finding(f"resource.{Fault.NO_ACTION.value}", said, f"In the text, {said}.", fix=fix)


_SHARE = regex(r"\bAWSRAM(?:Default)?Permission\w+|\bAWSRAM[A-Z]\w{8,}|\bRAM (?:resource )?shares?\b[ :]+[\w-]+")


def _of_a_share(name: str, action: str, where: str, share: str) -> Finding:
    """Return the finding that the permission of a RAM share decides, if the text shows such a share.

    AWS RAM User Guide, "Managing permissions in AWS RAM"
    (https://docs.aws.amazon.com/ram/latest/userguide/security-ram-permissions.html). For AWS Private CA, the permission
    also limits the certificate templates: AWS Private CA User Guide, "Resource-based policies"
    (https://docs.aws.amazon.com/privateca/latest/userguide/pca-rbp.html).
    """
    said = f"the policy of {name} allows {action}, and the resource is shared ({share})"
    limits = ", and for a CA only some certificate templates" if action.lower().startswith("acm-pca:") else ""
    text = (
        f"{where.removeprefix(' ').capitalize() or 'In the account of the resource'}, read the share's permission: "
        "aws ram list-resource-share-permissions, then aws ram get-permission. A share's permission allows only "
        f"some actions{limits}. If this request should be allowed, the resource's owner associates another "
        "permission with the share."
    )
    fix = Fix("Compare the request with the share's permission", Who.RESOURCE_OWNER, Note("the RAM share", text))
    return Finding(
        f"resource.{Fault.NO_ACTION.value}", said, f"In the text, {said}: the share's permission decides.", fix=fix
    )


def both_lacking(mine: Finding | None, theirs: Finding, own: Fix | None = None) -> Finding:
    """Return the finding that neither the resource's policy nor the caller's own policies allow the request.

    ``own`` is the fix for the caller's policies if the text does not show them.
    """
    trust = (theirs.code or "").startswith("trust")
    called = "The trust policy in the text" if trust else "The resource's policy in the text"
    first = theirs.sentence.replace(_LACKS, called)
    if mine is not None:
        second = mine.sentence.replace(_LACKS, "The caller's own policy in the text")
        if (theirs.code or "").endswith(Fault.CONDITION_UNKNOWN.value) and (mine.code or "").endswith(_DEFINITE):
            said = f"the caller's own policy: {mine.said}; the other side: {theirs.said}"
            return replace(mine, said=said, sentence=f"{second} {first}")
        return replace(
            theirs,
            said=f"{theirs.said}; the caller's own policy: {mine.said}",
            sentence=f"Both sides lack it. {first} {second}",
            further=mine.fixes,
        )
    then = "For a cross-account call, the caller's own policies must allow the action, too."
    if theirs.code == "resource.orphan-principal":
        return replace(theirs, sentence=first)  # what was deleted had access: its own policies are most likely the same
    return replace(theirs, sentence=f"{first} {then}", further=() if own is None else (own,))


def of_both_sides(
    denial: Denial, action: str, mine: Sequence[Finding], theirs: Sequence[Finding], pasted: Sequence[PastedPolicy]
) -> Finding | None:
    """Return the finding for a request that the caller's and the resource's policies must both allow.

    None if one of them suffices, or if the text shows neither. IAM User Guide, "Cross-account policy evaluation logic"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html).
    """
    reason, _, stated = (denial.stated_reason or "").partition(":")
    home, owner = account_of(denial.principal or ""), account_of(denial.resource or "")
    apart = home is not None and owner is not None and home != owner
    if owner is None and any(_names_account(one, home) for one in pasted):
        apart = stated == "identity"  # a bucket's ARN contains no account: the bucket's policy names the caller's
    if reason == "explicit" or denial.principal is None or names_a_service(denial.principal):
        return None
    delegated = is_trust_action(action) and any(map(_leaves_it_to_the_account, pasted))
    if action.lower().startswith("kms:") and home == owner and _grants_account(pasted, action, home):
        delegated = True  # KMS reports the key even if its policy leaves the decision to the account's policies
    if not apart and not delegated:
        return None
    ours, resources = _allows(mine), _allows(theirs)
    denies = any((one.code or "").endswith(".explicit-deny") for one in theirs)
    if not resources and not denies and _grants_account(pasted, action, home):
        resources = True
    if ours is False and resources is False and stated in ("", "unknown"):
        return _without_tags(both_lacking(mine[0], theirs[0]), denial, action)
    decides = (
        ("", "unknown", "identity", "resource") if action.lower().startswith("kms:") else ("", "unknown", "identity")
    )
    if resources and apart and stated == "resource" and not action.lower().startswith("kms:"):
        return _of_another_policy(with_arn(denial), action)
    if resources and ours is None and stated in decides:
        return own_side_lacking(with_arn(denial), action, home or "", owner, trust=is_trust_action(action))
    if resources is False and ours is None and apart and stated in ("", "unknown", "resource"):
        of_a_vendor = _is_of_databricks(denial.principal) or theirs[0].step.fact is PolicyFact.EXTERNAL_ID
        if _OWN_SIDE_DONE.search(denial.pasted or denial.text):
            return None  # the author says that the caller's own policies allow it
        own = None if of_a_vendor else fix_of_caller(with_arn(denial), action, account=home or "")
        return _without_tags(both_lacking(None, theirs[0], own), denial, action)
    if ours and resources is None and apart and stated in ("", "unknown", "resource", "trust"):
        return other_side_lacking(with_arn(denial), action, owner or "", trust=is_trust_action(action))
    return None


def _of_another_policy(denial: Denial, action: str) -> Finding:
    """Return the finding for a resource whose policy in the text allows what AWS says that none allows.

    Amazon S3 User Guide, "Configuring IAM policies for using access points": the bucket's policy must allow the
    request, too (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html).
    """
    on = (denial.resource or "the resource").partition("/object/")[0]
    said = f"the resource's policy in the text allows {action}, and AWS found no policy of the resource that does"
    look = f"Check that it is the policy of {on}, and was saved before the call."
    if ":accesspoint/" in on:
        look += " The policy of the access point's bucket must allow the request, too, or delegate to access points."
    return Finding(None, said, f"{said[0].upper()}{said[1:]}. {look}", settles=True)


def _without_tags(finding: Finding, denial: Denial, action: str) -> Finding:
    """Return the finding. If GitHub's action tags the session, the finding has the fix to omit the session tags.

    https://github.com/aws-actions/configure-aws-credentials (its README, "Session tagging")
    """
    if action.lower() != "sts:tagsession" or "configure-aws-credentials" not in denial.text:
        return finding
    how = "Set its input role-skip-session-tagging: true. No policy has to change then."
    note = Note("the step of the workflow", how)
    return replace(finding, further=(*finding.further, Fix("Or leave the session tags out", Who.CALLER, note)))


def _grants_account(pasted: Sequence[PastedPolicy], action: str, home: str | None) -> bool:
    """Return whether a resource's policy in the text allows the action to the caller's entire account."""
    return any(
        each.effect == "Allow"
        and names_action(each.action or (), action)
        and not each.conditions
        and any(_account_as_a_whole(value) == home for _, value in each.principal or ())
        for one in pasted
        for each in one.document.statements
    )


def _allows(findings: Sequence[Finding]) -> bool | None:
    """Return whether one side allows the request; None if the text has no policy for it."""
    return any(one.code is None for one in findings) if findings else None


def _names_account(one: PastedPolicy, account: str | None) -> bool:
    pairs = [pair for each in one.document.statements for pair in each.principal or ()]
    return account is not None and any(account in value for _, value in pairs)


def _leaves_it_to_the_account(one: PastedPolicy) -> bool:
    """Return whether a document trusts only accounts, so that the caller's own policies decide."""
    values = [value for each in one.document.statements for _, value in each.principal or ()]
    return bool(values) and all(map(_account_as_a_whole, values))


def _account_as_a_whole(principal: str) -> str | None:
    """Return the account if the principal is an entire account, in any partition; None for any other principal."""
    found = _ACCOUNT.fullmatch(principal)
    return (found[1] or found[2]) if found else None


_ACCOUNT = regex(r"(\d{12})|arn:[\w-]+:iam::([^:]+):root")


_OF_DATABRICKS = regex(r":(?:assumed-)?role/unity-catalog-prod-UCMasterRole-")


def _is_of_databricks(caller: str | None) -> bool:
    """Return whether the caller is the role of Databricks Unity Catalog.

    The role is in an account that Databricks' customers cannot change.

    https://docs.databricks.com/aws/en/connect/unity-catalog/cloud-storage/s3/s3-external-location-manual
    """
    return _OF_DATABRICKS.search(caller or "") is not None
