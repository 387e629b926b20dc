"""Causes in the policies of an organization: which Deny refuses the call, and what the caller can do instead.

Source: AWS Organizations User Guide, "Service control policies (SCPs)" and "Resource control policies".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.claims.kinds import Quotes, Sentence, TextDenies
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import affirmed, blames, contains, reading
from diagnostics.text.causes.denials.allowed_regions import outside_the_allowed
from diagnostics.text.causes.denials.company_rules import earlier_exception, outside_the_list, stated_rule
from diagnostics.text.causes.denials.networks_that_work import network_that_works
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.causes.works_elsewhere import region_that_works
from diagnostics.text.read.author.stated_rules import allowed_regions
from diagnostics.who import Who
from iam.arn import Arn
from iam.facts.client_calls import INFERENCE_PROFILE
from iam.facts.global_services import global_region
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME


def _other_region(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the text says that the call works in another Region: the Deny likely depends on the Region."""
    if (found := region_that_works(signs.denial)) is not None:
        yield FirstLook(
            f"The call works in {found.name}, so most likely the Deny applies to the Region {found.refused} "
            f"(aws:RequestedRegion). Use {found.name}. If the call must go to {found.refused}, only the "
            "organization's administrators can exempt the call.",
            contains(found.said),
            None,
            Who.ORG_ADMIN,
            shown_by=(signs.layer or "",),
        )


_GUARDRAIL = r"\bbedrock:GuardrailIdentifier\b"


def _wanted_guardrail(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the text says that the Deny depends on a guardrail: the request likely did not name it.

    Amazon Bedrock User Guide, "Enforce the use of specific guardrails in model inference requests"
    (https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions-id.html).
    """
    if signs.service != "bedrock" or not signs.denied_explicitly or not (said := signs.quote(_GUARDRAIL)):
        return
    yield FirstLook(
        f"The Deny depends on {said}: most likely the refused request was sent without that guardrail, or with "
        "another version of it. Check which guardrailIdentifier and guardrailVersion the program sends, above all for "
        "this model or inference profile. If the program leaves these out, use a model ID for which it sends them, or "
        "update the program.",
        contains(said),
        None,
        Who.CALLER,
        shown_by=(signs.layer,) if signs.layer else ("explicit-denies",),
    )


def _destination(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if an SCP refuses a model in a Region to which an inference profile routes the request.

    Amazon Bedrock User Guide, "Geographic cross-Region inference": SCPs must allow all destination Regions
    (https://docs.aws.amazon.com/bedrock/latest/userguide/geographic-cross-region-inference.html).
    """
    model = signs.target is not None and signs.target.type == "foundation-model" and signs.target.region
    said = signs.quote(rf"{INFERENCE_PROFILE}|\binference profiles?\b") if model else ""
    if not said or signs.says(_GUARDRAIL) or signs.layer != "scp" or not signs.denied_explicitly:
        return
    yield FirstLook(
        f"Most likely the SCP denies the Region {model}, to which the inference profile routes: the organization must "
        "allow bedrock:InvokeModel* in all of the profile's Regions (aws bedrock get-inference-profile lists them). "
        "Until then use a model on demand, or a profile, of allowed Regions. No policy of this account helps.",
        contains(said),
        None,
        Who.ORG_ADMIN,
        shown_by=(signs.layer,),
    )


def _global_endpoint(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if an SCP that limits Regions refuses a call to STS's global endpoint.

    AWS SDKs and Tools Reference Guide, "AWS STS Regional endpoints"
    (https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html).
    """
    said = signs.quote(r"(?<![\w.-])sts\.amazonaws\.com\b")
    regions = signs.quote(r"\baws:RequestedRegion\b|\bawsRegion\W{1,4}us-east-1\b")
    if signs.service != "sts" or not (said and regions and signs.says(r"\bus-east-1\b")):
        return
    yield FirstLook(
        "The call went to STS's global endpoint, whose Region is us-east-1, and most likely the organization denies "
        "that Region. Let the program call STS in an allowed Region: set AWS_STS_REGIONAL_ENDPOINTS=regional and "
        "AWS_REGION, use its own Region setting, or use a newer version. Or ask the organization to exempt sts from "
        "that Deny.",
        contains(said, regions),
        None,
        Who.CALLER,
        shown_by=(signs.layer,) if signs.layer else (),
    )


_FULL_ACCESS = (
    " SCPs that contain only Deny statements allow nothing: attach FullAWSAccess, or an SCP that allows the action, at "
    "every level where neither is attached. Run the check for the account, then for each of its parents (list-parents) "
    "up to the root."
)
"""AWS Organizations User Guide, "SCP evaluation"
(https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html).
"""


def organization(signs: Signs) -> Iterator[FirstLook]:
    if signs.layer not in ("scp", "rcp"):
        return
    kind = "service control policy" if signs.layer == "scp" else "resource control policy"
    policy = Arn.parse(signs.denial.policy_arn or "")
    read = reading("organizations", "describe-policy", ("policy-id", policy.name if policy else None))
    named = f"the text names a {kind}" + (f": {signs.denial.policy_arn}" if signs.denial.policy_arn else "")
    because = blames(named, signs.layer)
    if not signs.denied_explicitly:
        yield from outside_the_list(signs)
        yield FirstLook(
            f"No {kind} at one of the levels above the account allows it: each level (root, every organizational "
            f"unit, the account) must allow it.{_FULL_ACCESS if signs.layer == 'scp' else ''}",
            because,
            reading(
                "organizations",
                "list-policies-for-target",
                ("target-id", signs.caller.account_id if signs.caller else None),
                ("filter", kind.upper().replace(" ", "_")),
            ),
            Who.ORG_ADMIN,
            shown_by=(signs.layer,),
        )
        return
    yield from network_that_works(signs)
    if signs.layer == "rcp":
        yield FirstLook(
            "The resource's organization denies the call, also to callers of other accounts: the policy is attached "
            f"to {_owner(signs)}, to an organizational unit above it or to the root. The organization's "
            "administrators can say which condition the call does not meet, or exempt this caller.",
            because,
            read,
            Who.ORG_ADMIN,
            shown_by=(signs.layer,),
        )
        return
    yield from _other_region(signs)
    yield from outside_the_allowed(signs)
    yield from earlier_exception(signs)
    yield from stated_rule(signs)
    yield from _global_endpoint(signs)
    yield from _destination(signs)
    yield from _wanted_guardrail(signs)
    if signs.session == "AWSCloudFormation" and signs.role:
        # CloudFormation User Guide, "AWS CloudFormation service role"
        # (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html).
        yield FirstLook(
            f"CloudFormation calls with the stack's own role {signs.role}, and not with whoever updates or deletes the "
            f"stack: an exemption of that caller does not help. Exempt {signs.role} in the policy's condition, or run "
            "the operation with a role that is exempt (--role-arn).",
            signs.caller_is,
            read,
            Who.ORG_ADMIN,
        )
    works = _WORKS_WITH.search(signs.denial.text)
    tag = (works["tag"] or works["named"]) if works else ""
    if (
        works
        and (setting := works["setting"])
        and not setting.startswith("--region")
        and signs.denial.text.count(setting) == 1
    ):
        yield FirstLook(
            f"The text says that the call works with {setting}, which the refused call does not have: most likely the "
            "Deny refuses calls without it, although the text does not show the statement. Set it; the policy says "
            "whether that is enough.",
            contains(" ".join(works[0].split())),
            read,
            Who.CALLER,
        )
    if works and tag and not re.search(rf"\bKey\W{{1,4}}{tag}\b", signs.denial.text):
        yield FirstLook(
            f"The text says that the call works with the tag {tag}: the Deny most likely refuses calls without it "
            f"(aws:RequestTag/{tag}). Set the tag in the call itself (--tag-specifications, --tags), on every type of "
            "resource that the call creates (a launch: instance, volume, network interface). The policy says which "
            "values it accepts.",
            contains(" ".join(works[0].split())),
            read,
            Who.CALLER,
        )
    yield FirstLook(
        "The organization denies this. Its administrators can say which statement refuses it, and can exempt this "
        f"caller.{_OF_ROOT if signs.is_root else ''}{_of_the_region(signs)}{_of_management(signs)}",
        because,
        read,
        Who.ORG_ADMIN,
        shown_by=(signs.layer,),
    )


_WORKS_WITH = regex(
    r"(?<!not )(?<!n't )(?<!never )"
    r"\b(?:works?|worked|succeeds?|succeeded|passes|passed|(?:goes|went|gets?|got) (?:through|past))\b"
    r"(?:(?!\b(?:not|without)\b)[^.\n]){0,40}?"
    r"\b(?:with|if|when|after)\b[^.\n]{0,25}?"
    r"(?:[\"'`]?(?P<tag>[A-Za-z][\w-]*[A-Z_-]\w*)[\"'`]? tags?\b"
    r"|\btag(?:ged|s)?(?: (?:key|with))? [\"'`]?(?P<named>[A-Za-z][\w-]*[A-Z_-]\w*)\b"
    r"|(?P<setting>(?<![\w-])(?:[A-Za-z_][\w.]*\s*=\s*[\"']?[\w-]+|--[a-z][a-z-]+(?:[= ](?!and\b|or\b|it\b)[\w-]+)?)))"
)
_CHOSEN_REGION = rf"(?:--region[ =]|\bAWS_(?:DEFAULT_)?REGION=)[\"']?{REGION_NAME}\b"


def _of_the_region(signs: Signs) -> str:
    """Return what to do if the Deny depends on the Region; "" if the text does not show that a Region was chosen.

    Amazon CloudFront Developer Guide, "Requirements for using SSL/TLS certificates with CloudFront"
    (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html).
    """
    if signs.service == "acm" and ":acm:us-east-1:" in (signs.denial.resource or ""):
        return " A certificate for CloudFront must be in us-east-1: no other Region helps."
    chosen = signs.quote(_CHOSEN_REGION)
    if not chosen or global_region(signs.service, "aws"):
        return ""
    region = re.split(r"[ =\"']", chosen)[-1]
    return f" If the Deny depends on the Region (the text has {region}), use a Region that the organization allows."


_MANAGEMENT = (
    r"(?:\b(?:mgmt|management|payer)(?:[- ]account)?\b[^.?\n]{0,60}\b(?:works?|worked|ok|fine|succeeds?|succeeded)\b"
    r"|\b(?:works?|worked|ok|fine|succeeds?|succeeded)\b[^.?\n]{0,40}\b(?:mgmt|management|payer)[- ]account\b)"
    r"(?![^.\n]*\?)"
)


def _of_management(signs: Signs) -> str:
    """Return why the call succeeds in the management account, if the text says so; else "".

    AWS Organizations User Guide, "Service control policies (SCPs)"
    (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html).
    """
    if signs.is_root or not affirmed(signs.denial.text, _MANAGEMENT):
        return ""
    return (
        " SCPs do not apply to the management account: a call that succeeds in the management account proves nothing."
    )


def _owner(signs: Signs) -> str:
    """Return the account in which an RCP takes effect, as far as the text names it.

    Organizations User Guide, "Resource control policies"
    (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html).
    """
    owner = signs.target.account_id if signs.target is not None else None
    what = "the bucket's account" if signs.service == "s3" else "the resource's account"
    return (
        f"{what} {owner}"
        if owner
        else f"{what}, which is not the caller's account if another account owns the resource"
    )


# AWS Organizations User Guide, "Service control policies (SCPs)"
# (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html).
_OF_ROOT = " SCPs bind the root user of a member account, too; they do not apply to the management account."


def bedrock_profile(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if an SCP or RCP denies a call through an inference profile, which uses several Regions.

    Bedrock user guide, "Increase throughput with cross-Region inference".
    """
    if signs.says(_GUARDRAIL) or any(_destination(signs)):
        return
    if signs.layer in ("scp", "rcp") and signs.service == "bedrock" and (said := signs.quote(INFERENCE_PROFILE)):
        model = signs.target if signs.target is not None and signs.target.type == "foundation-model" else None
        here = (
            f" Here the model in {model.region} is refused, whichever Region the client calls."
            if model is not None and model.region
            else ""
        )
        area = _allowed_area(signs)
        everywhere = model is not None and not model.region
        yield FirstLook(
            "The resource has no Region because the call uses a global inference profile. Most likely the Deny lists "
            f"the allowed Regions (aws:RequestedRegion). Use a geographic inference profile{area} instead of the "
            "global one, or have the organization exempt these calls."
            if everywhere
            else "An inference profile (global., eu., us. …) calls the model in several Regions, and the organization "
            f"must allow each Region: use a profile or model of an allowed Region.{here}",
            contains(said),
            reading("bedrock", "list-inference-profiles"),
            Who.CALLER,
        )


def _allowed_area(signs: Signs) -> str:
    """Return the area of the Regions that the text allows, in brackets; "" if it allows none, or those of several."""
    rule = allowed_regions(signs.denial.pasted or signs.denial.text)
    areas = {name.partition("-")[0] for name in rule.names} if rule is not None else set()
    return f" ({areas.pop()}.…)" if len(areas) == 1 and areas < {"eu", "us"} else ""


_ALLOWED_AREA = regex(
    r"\bonly\b[^.\n]{0,60}?(?<![\w.-])(?P<area>global|us|eu|apac|jp|au|ca|us-gov)\.\*?(?=[\s*\"'`]|$)", re.IGNORECASE
)


def denied_region(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a Deny refuses a model that an inference profile calls in other Regions."""
    if not signs.denied_explicitly or signs.service != "bedrock":
        return
    if signs.says(_GUARDRAIL):
        yield from _wanted_guardrail(signs)
        return
    everywhere = signs.target is not None and signs.target.type == "foundation-model" and not signs.target.region
    said = ":foundation-model/" if everywhere else signs.quote(INFERENCE_PROFILE)
    if not said:
        return
    if signs.target is not None and signs.target.type == "inference-profile":
        said = signs.target.name
        allowed = _ALLOWED_AREA.search(signs.denial.text)
        chosen = f"one of {allowed['area']}.*, which the text says are allowed" if allowed else "one that is allowed"
        cause = (
            f"The Deny refuses the inference profile {said} itself. Let the program use another profile: {chosen}. If "
            "this profile is the right one, look in the Deny for the profile or its Regions (aws:RequestedRegion)."
        )
    elif everywhere:
        cause = (
            "The resource has no Region: a global inference profile makes the call, and most likely a Deny on "
            "aws:RequestedRegion (a list of Regions) refuses it. Add an exception to this Deny, or use a profile of "
            "allowed Regions."
        )
    else:
        cause = (
            "The call goes through an inference profile to models in several Regions: most likely a Deny on "
            "aws:RequestedRegion refuses one of them."
        )
    yield FirstLook(
        cause,
        Sentence(f"the text says explicit deny, and contains “{said}”", (TextDenies(), Quotes(said))),
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
        shown_by=("explicit-denies",),
    )
