"""Exempt a service from a Deny of calls in other Regions: a global service, or one that CloudFront needs."""

from __future__ import annotations

from diagnostics.access_denied.pasted.denies.deny import Deny
from diagnostics.access_denied.pasted.denies.needed_request import needed_request
from diagnostics.fix import Fix, Note
from iam.facts.global_services import FOR_CLOUDFRONT, global_region


def leave_out_a_global_service(deny: Deny) -> Fix | None:
    """The service has only one endpoint, so it cannot be called in another Region."""
    if not _tests_the_region(deny):
        return None
    service = deny.service
    region = global_region(service, deny.request.resource.partition(":")[2].partition(":")[0] or "aws")
    if not region:
        return None
    text = (
        f"{service} has one endpoint, in {region}: no other Region can be called. To allow these calls, "
        f"{_in_not_action(deny) or 'the statement must leave out ' + service + ':*'}."
    )
    title = f"Exclude {service}:* from {deny.which} if callers should be able to use {service}"
    return Fix(title, deny.owner, Note(deny.place, text))


def leave_out_for_cloudfront(deny: Deny) -> Fix | None:
    """CloudFront uses the service's resources from us-east-1 only, and the call was made there."""
    service = deny.service
    if not _tests_the_region(deny) or service not in FOR_CLOUDFRONT:
        return None
    if not any("us-east-1" in (each.had or ()) for each in deny.conditions):
        return None
    needed = f"CloudFront uses {service} resources only from us-east-1, so a call in another Region does not help."
    adds = _in_not_action(deny) or f"the statement must leave out {service}:*"
    note = Note(deny.place, f"{needed} Then {adds}. Otherwise: {needed_request(deny)}")
    return Fix(f"Exclude {service}:* from {deny.which} if CloudFront needs it", deny.owner, note)


def _tests_the_region(deny: Deny) -> bool:
    return any(each.key.lower() == "aws:requestedregion" for each in deny.conditions)


def _in_not_action(deny: Deny) -> str:
    """Return how the owner adds the service to the statement's NotAction; "" if the statement has no NotAction."""
    return f"the statement's owner must add {deny.service}:* to its NotAction" if "NotAction" in deny.covers else ""
