"""Pass a Deny of calls in other Regions: a global service, one that CloudFront needs, or a global inference profile."""

from __future__ import annotations

from diagnostics.access_denied.pasted.denies.deny import Deny
from diagnostics.access_denied.pasted.denies.needed_request import needed_request
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
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
    needed = f"A call in another Region does not help, because CloudFront uses {service} resources only from us-east-1."
    adds = _in_not_action(deny) or f"the statement must leave out {service}:*"
    note = Note(deny.place, f"{needed} Then {adds}. Otherwise: {needed_request(deny)}")
    return Fix(f"Exclude {service}:* from {deny.which} if CloudFront needs it", deny.owner, note)


def use_a_geographic_profile(deny: Deny) -> Fix | None:
    """A global inference profile calls the model without a Region, so the client's Region does not matter.

    Amazon Bedrock User Guide, "Global cross-Region inference", IAM policy requirements: the model's ARN has no Region,
    and aws:RequestedRegion is "unspecified"
    (https://docs.aws.amazon.com/bedrock/latest/userguide/global-cross-region-inference.html).
    """
    if not _tests_the_region(deny) or ":bedrock:::foundation-model/" not in deny.request.resource:
        return None
    text = (
        "The model's ARN has no Region because the call uses a global inference profile (global.…), so calling another "
        "Region does not help. Use the geographic profile of the allowed Regions (us.…, eu.…), if the model has one. "
        f"To allow the global profile, the owner of {deny.which} must exempt "
        "bedrock:InvokeModel* on arn:aws:bedrock:::foundation-model/*, or add the value unspecified to the Regions."
    )
    return Fix("Call a geographic inference profile instead of the global one", Who.CALLER, Note("the client", text))


def _tests_the_region(deny: Deny) -> bool:
    return any(each.key.lower() == "aws:requestedregion" for each in deny.conditions)


def _in_not_action(deny: Deny) -> str:
    """Return how the owner adds the service to the statement's NotAction; "" if the statement has no NotAction."""
    return f"the statement's owner must add {deny.service}:* to its NotAction" if "NotAction" in deny.covers else ""
