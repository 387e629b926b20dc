"""Causes by the kind of policy that the text names: where to look, and who may change it.

Source: IAM User Guide, "Troubleshoot access denied error messages"; S3 User Guide, "Blocking public access".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.claims.kinds import Quotes, Sentence, TextDenies, TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.failure import Denial
from diagnostics.text.causes.denials.pasted_conditions import of_an_endpoint
from diagnostics.text.causes.denials.signs import INFERENCE_PROFILE, Signs
from diagnostics.text.causes.look import affirmed, blames, contains, reading, says, written_values
from diagnostics.who import Who
from diagnostics.words import BOTH_SIDES
from iam.arn import Arn, names_a_service
from iam.facts.global_services import GLOBAL_SERVICES
from iam.lazy_pattern import regex
from iam.policy.match import names_action
from iam.service_reference import spelled
from iam.words import listing

_REGION = regex(r"[a-z]{2,4}(?:-[a-z]+)+-\d")
_OK = r"(?:ok|okay|works|worked|fine|succeeds?|succeeded)"
_WORKS_IN = regex(
    rf"\bin (?P<before>{_REGION.pattern})\b[^.;\n]{{0,20}}\b{_OK}\b"
    rf"|\b{_OK}\b[^.;\n]{{0,12}}\bin (?P<behind>{_REGION.pattern})\b",
    re.IGNORECASE,
)
_WORKS_NOT = regex(r"n't\b|\bnot?\b|\bnever\b|\?", re.IGNORECASE)
_OF_THE_CALL = regex(
    r"(?:^|[.;,(])\s*$|\b(?:same|it|this|(?:call|command|cmd)s?)\b[^.;\n]{0,20}$", re.IGNORECASE | re.MULTILINE
)
"""Words before the Region that speak of the denied call, and not of another."""


def _other_region(signs: Signs) -> Iterator[FirstLook]:
    """Yield that the Deny is most likely on the call's Region, if the text says that the call works in another."""
    region = (signs.denial.resource or "").split(":")[3:4]
    text = signs.denial.text
    found = _WORKS_IN.search(text)
    if (
        found is None
        or not region
        or not _REGION.fullmatch(region[0])
        or _WORKS_NOT.search(text[max(0, found.start() - 12) : found.end() + 2])
        or not _OF_THE_CALL.search(text[max(0, found.start() - 40) : found.start()])
    ):
        return
    works = found["before"] or found["behind"]
    if works != region[0]:
        yield FirstLook(
            f"The call works in {works}, so most likely the Deny is on the Region {region[0]} (aws:RequestedRegion). "
            f"Use {works}. If it has to be {region[0]}, only the organization's administrators can exempt it.",
            contains(found[0]),
            None,
            Who.ORG_ADMIN,
            told_by=(signs.layer or "",),
        )


_GUARDRAIL = r"\bbedrock:GuardrailIdentifier\b"


def _wanted_guardrail(signs: Signs) -> Iterator[FirstLook]:
    """Yield that the request went without the guardrail, if the text says that the Deny depends on one.

    Amazon Bedrock User Guide, "Enforce the use of specific guardrails in model inference requests"
    (https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions-id.html).
    """
    if signs.service != "bedrock" or not signs.denied_explicitly or not (said := signs.quote(_GUARDRAIL)):
        return
    yield FirstLook(
        f"The Deny depends on {said}: most likely the refused request went without that guardrail, or with another "
        "version of it. See what the program sends (guardrailIdentifier and guardrailVersion), above all for this "
        "model or inference profile; if it leaves them out, use a model ID with which it sends them, or update it.",
        contains(said),
        None,
        Who.CALLER,
        told_by=(signs.layer,) if signs.layer else ("explicit-denies",),
    )


def _global_endpoint(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if an SCP on Regions refuses a call of STS's global endpoint.

    AWS SDKs and Tools Reference Guide, "AWS STS Regional endpoints"
    (https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html).
    """
    said = signs.quote(r"(?<![\w.-])sts\.amazonaws\.com\b")
    regions = signs.quote(r"\baws:RequestedRegion\b|\bawsRegion\W{1,4}us-east-1\b")
    if signs.service != "sts" or not (said and regions and signs.says(r"\bus-east-1\b")):
        return
    yield FirstLook(
        "The call went to STS's global endpoint, whose Region is us-east-1, and most likely the organization's "
        "Deny is on the Region. Let the program call STS in an allowed Region: AWS_STS_REGIONAL_ENDPOINTS=regional "
        "with AWS_REGION, its own Region setting, or a newer version. Or the organization exempts sts from that Deny.",
        contains(said, regions),
        None,
        Who.CALLER,
        told_by=(signs.layer,) if signs.layer else (),
    )


def organization(signs: Signs) -> Iterator[FirstLook]:
    if signs.layer not in ("scp", "rcp"):
        return
    kind = "service control policy" if signs.layer == "scp" else "resource control policy"
    policy = Arn.parse(signs.denial.policy_arn or "")
    read = reading("organizations", "describe-policy", ("policy-id", policy.name if policy else None))
    named = f"the text names a {kind}" + (f": {signs.denial.policy_arn}" if signs.denial.policy_arn else "")
    because = blames(named, signs.layer)
    if not signs.denied_explicitly:
        yield FirstLook(
            f"No {kind} at one of the levels above the account allows it: each level (root, every organizational "
            "unit, the account) must allow it.",
            because,
            reading("organizations", "list-parents", ("child-id", signs.caller.account_id if signs.caller else None)),
            Who.ORG_ADMIN,
            told_by=(signs.layer,),
        )
        return
    if signs.layer == "rcp":
        yield FirstLook(
            f"The resource's organization denies it, also to callers of other accounts: the policy is attached to "
            f"{_owner(signs)}, to a unit above it or to the root. Its administrators can say which condition the call "
            "does not meet, or exempt this caller.",
            because,
            read,
            Who.ORG_ADMIN,
            told_by=(signs.layer,),
        )
        return
    yield from _other_region(signs)
    yield from _global_endpoint(signs)
    yield from _wanted_guardrail(signs)
    if signs.session == "AWSCloudFormation" and signs.role:
        # CloudFormation User Guide, "AWS CloudFormation service role"
        # (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html).
        yield FirstLook(
            f"CloudFormation calls with the stack's own role {signs.role}, and not with whoever updates or deletes the "
            f"stack: an exemption of that caller does not count. Exempt {signs.role} in the policy's condition, or run "
            "the operation with a role that is exempt (--role-arn).",
            signs.caller_is,
            read,
            Who.ORG_ADMIN,
        )
    yield FirstLook(
        "The organization denies this. Its administrators can say which statement refuses it, and can exempt this "
        "caller. Otherwise the program has to do without the call."
        f"{_OF_ROOT if signs.is_root else ''}{_of_the_region(signs)}{_of_management(signs)}",
        because,
        read,
        Who.ORG_ADMIN,
        told_by=(signs.layer,),
    )


_CHOSEN_REGION = rf"(?:--region[ =]|\bAWS_(?:DEFAULT_)?REGION=)[\"']?{_REGION.pattern}\b"


def _of_the_region(signs: Signs) -> str:
    """Return what to do if the Deny is on the Region; "" if the text does not show that one was chosen.

    Amazon CloudFront Developer Guide, "Requirements for using SSL/TLS certificates with CloudFront"
    (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html).
    """
    if signs.service == "acm" and ":acm:us-east-1:" in (signs.denial.resource or ""):
        return " A certificate for CloudFront must be in us-east-1: for that one, no other Region helps."
    chosen = signs.quote(_CHOSEN_REGION)
    if not chosen or signs.service in GLOBAL_SERVICES:
        return ""
    region = re.split(r"[ =\"']", chosen)[-1]
    return f" If the Deny is on the Region (the text has {region}), use one that the organization allows."


_MANAGEMENT = (
    r"(?:\b(?:mgmt|management|payer)(?:[- ]account)?\b[^.?\n]{0,60}\b(?:works?|worked|ok|fine|succeeds?|succeeded)\b"
    r"|\b(?:works?|worked|ok|fine|succeeds?|succeeded)\b[^.?\n]{0,40}\b(?:mgmt|management|payer)[- ]account\b)"
    r"(?![^.\n]*\?)"
)


def _of_management(signs: Signs) -> str:
    """Return why the call succeeds in the management account, if the text says that it does.

    AWS Organizations User Guide, "Service control policies (SCPs)"
    (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html).
    """
    if signs.is_root or not affirmed(signs.denial.text, _MANAGEMENT):
        return ""
    return " SCPs do not apply to the management account: that it works there shows nothing."


_A_GUARDRAIL = r"\b(?:SCPs?|RCPs?|(?:service|resource) control polic(?:y|ies))\b"
_SINCE_IT = (
    r"\b(?:until|since|after|when)\b[^.\n]{0,30}\b(?:I|we|they)\b[^.\n]{0,20}\b(?:added|attached|enabled|applied"
    r"|turned on"
    r"|rolled out)\b[^.\n]{0,40}\b(?:one|it|(?:SCP|RCP|guardrail|polic(?:y|ies)))\b"
)


def new_guardrail(signs: Signs) -> Iterator[FirstLook]:
    """Yield that a guardrail refuses, if the text says that the call fails since one was added."""
    if signs.denial.stated_reason or not (kind := signs.quote(_A_GUARDRAIL)) or not (since := signs.quote(_SINCE_IT)):
        return
    yield FirstLook(
        "Most likely the new policy of the organization denies the call: its Deny also matches the role that makes "
        "it. "
        "Exempt that role in the policy's condition (aws:PrincipalArn), or make the call as the policy asks; "
        "detaching it "
        "for a moment proves it. No Allow helps.",
        contains(kind, since),
        None,
        Who.ORG_ADMIN,
    )


def _owner(signs: Signs) -> str:
    """Return the account to which an RCP is attached, as far as the text names it.

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
    if signs.says(_GUARDRAIL):
        return
    if signs.layer in ("scp", "rcp") and signs.service == "bedrock" and (said := signs.quote(INFERENCE_PROFILE)):
        model = signs.target if signs.target is not None and signs.target.type == "foundation-model" else None
        here = (
            f" Here it is the model in {model.region} that is refused, wherever the client calls."
            if model is not None and model.region
            else ""
        )
        yield FirstLook(
            "An inference profile (global., eu., us. …) calls the model in several Regions, and the organization "
            f"must allow each: use a profile or model of an allowed Region.{here}",
            contains(said),
            reading("bedrock", "list-inference-profiles"),
            Who.CALLER,
        )


_ALLOWED_AREA = regex(
    r"\bonly\b[^.\n]{0,60}?(?<![\w.-])(?P<area>global|us|eu|apac|jp|au|ca|us-gov)\.\*?(?=[\s*\"'`]|$)", re.IGNORECASE
)


def denied_region(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if an explicit deny denies a model that an inference profile calls in other Regions."""
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
            "it is the right one, its Deny names it or its Regions (aws:RequestedRegion)."
        )
    elif everywhere:
        cause = (
            "The resource has no Region: a global inference profile makes the call, and most likely a Deny on "
            "aws:RequestedRegion (a list of Regions) refuses it. Add an exception there, or use a profile of allowed "
            "Regions."
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
        told_by=("explicit-denies",),
    )


def boundary(signs: Signs) -> Iterator[FirstLook]:
    if signs.layer != "boundary":
        return
    yield FirstLook(
        "A Deny in the caller's permissions boundary refuses the action: no policy of the caller can override it."
        if signs.denied_explicitly
        else (
            "The caller's permissions boundary does not allow the action: no policy of the caller can grant more "
            "than the boundary allows."
        ),
        blames("the text names a permissions boundary", "boundary"),
        reading("iam", "get-role", ("role-name", signs.role), query="Role.PermissionsBoundary")
        or reading("iam", "get-user", ("user-name", signs.user), query="User.PermissionsBoundary"),
        Who.ACCOUNT_ADMIN,
        told_by=("boundary",),
    )
    yield from boundary_wanted(signs)


def boundary_wanted(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if new roles or users must have a certain permissions boundary.

    IAM User Guide, "Delegating responsibility using permissions boundaries".
    """
    if signs.action in ("iam:createrole", "iam:createuser") and (said := signs.quote(r"iam:PermissionsBoundary")):
        yield FirstLook(
            "Anyone who creates roles or users here must give them a certain permissions boundary "
            "(iam:PermissionsBoundary): name it in the template or the tool.",
            contains(said),
            signs.caller_read,
            Who.CALLER,
            told_by=("boundary",),
        )


def boundary_of_the_new(signs: Signs) -> Iterator[FirstLook]:
    """Yield the same as `boundary_wanted`, before other causes, if a Deny denies the request."""
    if signs.denied_explicitly:
        yield from boundary_wanted(signs)


_BY_TOKEN = r"AssumeRoleWithWebIdentity|web_identity_token"
_BY_SAML = r"AssumeRoleWithSAML"


def _maker(signs: Signs) -> str:
    """Return who made the session, as far as the text shows it."""
    by_saml = "AssumeRoleWithSAML" if signs.says(_BY_SAML) else "AssumeRole"
    who = f"The program that called {'AssumeRoleWithWebIdentity' if signs.says(_BY_TOKEN) else by_saml}"
    named = f" for {signs.role}" if signs.role else ""
    return f"{who}{named} (session {signs.session})" if signs.session else f"{who}{named}"


def session_perhaps(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a program made the session with a token, and the text says that the role allows the action.

    A session policy may then limit the session. IAM User Guide, "Session policies"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session).
    """
    if signs.layer not in ("", "identity") or signs.denied_explicitly or not (signs.role and signs.session):
        return
    action = signs.denial.missing_action or signs.denial.action or ""
    if signs.unsigned or not (said := signs.quote(_BY_TOKEN)) or not _allowed_beside(signs.denial, action):
        return
    yield FirstLook(
        f"{_maker(signs)} may have passed a session policy that lacks {action}: the session may then do less than the "
        "role. Look at the policy in its event in CloudTrail, and let the program pass one with the action, or none.",
        contains(said),
        reading(
            "cloudtrail",
            "lookup-events",
            ("lookup-attributes", "AttributeKey=EventName,AttributeValue=AssumeRoleWithWebIdentity"),
        ),
        Who.CALLER,
    )


def _allowed_beside(denial: Denial, action: str) -> bool:
    """Return whether an Allow elsewhere in the text names the action."""
    text = denial.pasted or denial.text
    named = rf"\"Action\"\s*:\s*(?:\[[^\]]{{0,4000}}?)?\"{re.escape(action)}\""
    return bool(action) and re.search(named, text, re.IGNORECASE) is not None


_ASSUMES = regex(r"\bassume_?role\w*\(", re.IGNORECASE)
_LONGEST_CALL = 2_000


def _passed_actions(text: str) -> list[str]:
    """The actions of the session policy that a call to assume a role passes in the text; empty if it has a Deny."""
    for found in _ASSUMES.finditer(text):
        depth, end = 1, found.end()
        while depth and end < min(len(text), found.end() + _LONGEST_CALL):
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
        call = text[found.end() : end]
        if re.search(r"\bPolicy\s*[=:]", call) and not re.search(r"\bDeny\b|\bNotAction\b", call):
            return list(dict.fromkeys(written_values(call, "Action")))
    return []


def session(signs: Signs) -> Iterator[FirstLook]:
    """Yield who passed the session policy; for an identity pool's guests, Cognito itself.

    AWS managed policies, AmazonCognitoUnAuthedIdentitiesSessionPolicy
    (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonCognitoUnAuthedIdentitiesSessionPolicy.html).
    """
    if signs.layer != "session":
        return
    if signs.session == "CognitoIdentityCredentials":
        yield FirstLook(
            "Cognito itself adds a session policy for guests in an identity pool's enhanced flow, with a fixed list of "
            "services. You need not have written one. For other services, use the basic flow or let users sign in.",
            blames("the text names a session policy, and the session is Cognito's", "session"),
            reading("cognito-identity", "list-identity-pools", ("max-results", "60")),
            Who.RESOURCE_OWNER,
            told_by=("session",),
        )
        return
    if ":federated-user/" in (signs.denial.principal or ""):
        # STS API reference, GetFederationToken: without a session policy the session has no permissions of its own.
        yield FirstLook(
            "GetFederationToken was called with a session policy that does not allow this, or without one: such a "
            "session may do only what both its session policy and the user's policies allow.",
            blames("the text names a session policy, and the caller is a federated user", "session"),
            None,
            Who.CALLER,
            told_by=("session",),
        )
        return
    lacks = "denies" if signs.denied_explicitly else "does not allow"
    if ":user/" in (signs.denial.principal or ""):
        yield FirstLook(
            f"The program that made the call for the user had credentials with a session policy that {lacks} the "
            "action: a change to the user's own policies does not help.",
            blames("the text names a session policy, and the caller is a user", "session"),
            None,
            Who.CALLER,
            told_by=("session",),
        )
        return
    action = signs.denial.missing_action or signs.denial.action
    change = "allows" if signs.denied_explicitly else "has"
    passed = _passed_actions(signs.denial.text) if action and not signs.denied_explicitly else []
    if action and passed and not names_action(passed, action):
        yield FirstLook(
            f"The Policy of the call in the text has {listing(passed, limit=4)}, and not {spelled(action)}: a session "
            "may do only what this policy and the role's own policies both allow. Add the action there, keep the "
            "Resource, and create a new session.",
            blames("the text names a session policy", "session"),
            None,
            Who.CALLER,
            told_by=("session",),
        )
        return
    yield FirstLook(
        f"{_maker(signs)} passed a session policy that {lacks} {action or 'the action'} when it created the session. "
        "A change to the role's own policies alone does not help. Have that program pass a session policy that "
        f"{change} the action on this resource (Policy and PolicyArns of the call), or use a version of the program "
        "that does.",
        blames("the text names a session policy", "session"),
        reading(
            "cloudtrail",
            "lookup-events",
            (
                "lookup-attributes",
                f"AttributeKey=ResourceName,AttributeValue={signs.session}" if signs.session else None,
            ),
        ),
        Who.CALLER,
        told_by=("session",),
    )


def endpoint(signs: Signs) -> Iterator[FirstLook]:
    if signs.layer != "vpce":
        return
    yield FirstLook(
        "The call went through a VPC endpoint whose policy denies it."
        if signs.denied_explicitly
        else (
            "The call went through a VPC endpoint whose policy does not allow it: check the action, the resource, "
            "the caller and the conditions."
        ),
        blames("the text names a VPC endpoint policy", "vpce"),
        reading("ec2", "describe-vpc-endpoints", query="VpcEndpoints[].[VpcEndpointId,ServiceName,PolicyDocument]"),
        Who.ACCOUNT_ADMIN,
        told_by=("vpce",),
    )


def public_access(signs: Signs) -> Iterator[FirstLook]:
    if signs.denial.stated_reason != "s3-block-public-access":
        return
    bucket = signs.bucket
    yield FirstLook(
        "Block Public Access of the bucket or of its account refuses public policies and ACLs: give access to named "
        "principals, or through CloudFront.",
        says("the text names S3 Block Public Access", TextPart.REASON, "s3-block-public-access"),
        reading("s3api", "get-public-access-block", ("bucket", bucket))
        or reading(
            "s3control",
            "get-public-access-block",
            ("account-id", signs.caller.account_id if signs.caller else None),
        ),
        Who.ACCOUNT_ADMIN,
        told_by=("block-public-access",),
    )


def resource_policy(signs: Signs) -> Iterator[FirstLook]:
    if signs.layer not in ("resource", "trust"):
        return
    bucket = signs.bucket
    because = blames("the text names a resource-based policy", signs.layer)
    if signs.service == "kms":
        yield from key_policy(signs, because)
    elif signs.layer_version:
        yield from _layer_version(signs, because)
    elif signs.access_point and signs.denied_explicitly:
        # S3 User Guide, "Creating access points restricted to a virtual private cloud".
        yield FirstLook(
            "A Deny on the access point's side: its own policy, the policy of its bucket, or its network origin. An "
            "access point that is restricted to a VPC refuses every call from outside that VPC.",
            because,
            _access_point_policy(signs),
            Who.RESOURCE_OWNER,
            told_by=("resource", "trust"),
        )
    elif signs.service == "s3" and signs.denied_explicitly and (apart := _others_went_through(signs)) is not None:
        yield apart
    elif signs.service == "s3" and of_an_endpoint(signs) is not None:
        return  # the condition that the text quotes is explained
    elif signs.service == "s3" and signs.denied_explicitly:
        yield FirstLook(
            "A Deny in the bucket's policy: read its statements and their conditions. Either the call has to meet "
            "them, or the bucket's owner has to change them.",
            because,
            reading("s3api", "get-bucket-policy", ("bucket", bucket), query="Policy"),
            Who.RESOURCE_OWNER,
            told_by=("resource", "trust"),
        )
    elif signs.target_role:
        yield FirstLook(
            "The role's trust policy does not name this caller, or requires something that the call did not send "
            "(external ID, MFA, session tags).",
            because,
            signs.trust_read,
            Who.RESOURCE_OWNER,
            told_by=("resource", "trust"),
        )
    else:
        yield FirstLook(
            "A Deny in the resource's own policy: no Allow can override it. Read its statements and their conditions."
            if signs.denied_explicitly
            else _lacking(signs),
            because,
            reading_of_resource(signs),
            Who.RESOURCE_OWNER,
            told_by=("resource", "trust"),
        )


_WENT_THROUGH = {"s3:putobject": "upload", "s3:getobject": "download", "s3:deleteobject": "delete"}
"""How `aws s3` reports what it did with each object, by action."""


def _others_went_through(signs: Signs) -> FirstLook | None:
    """Return the cause if a Deny denies one object of a run whose other objects in the same bucket succeeded."""
    verb, bucket = _WENT_THROUGH.get(signs.action), signs.bucket
    key = (signs.denial.resource or "").partition("/")[2]
    if verb is None or not bucket or not key:
        return None
    text = signs.denial.pasted or signs.denial.text
    place = rf"s3://{re.escape(bucket)}/"
    line = rf"^{verb}: (?:{place}(?P<from>\S+)|[^\n]* to {place}(?P<key>\S+))"
    done = list(re.finditer(line, text, re.MULTILINE))
    folder = key.rpartition("/")[0]
    others = [each for each in done if not folder or not (each["key"] or each["from"]).startswith(f"{folder}/")]
    if not others or len(others) != len(done):
        return None
    what = f"{folder}/*" if folder else key
    count = "another object" if len(others) == 1 else f"{len(others)} other objects"
    return FirstLook(
        f"A Deny in the bucket's policy covers only {what} or this object: {count} of the same run went through, so "
        f"TLS, network and encryption are not the cause. If {what} is reserved, leave it out (--exclude '{what}') or "
        "let its owner do it.",
        contains(" ".join(others[0][0].split())[:96]),
        reading("s3api", "get-bucket-policy", ("bucket", bucket), query="Policy"),
        Who.RESOURCE_OWNER,
        told_by=("resource", "trust"),
    )


def _access_point_policy(signs: Signs) -> str | None:
    account = signs.target.account if signs.target else None
    names = (("account-id", account), ("name", signs.access_point))
    return reading("s3control", "get-access-point-policy", *names, region=signs.region)


def _layer_version_policy(signs: Signs) -> str | None:
    layer, version = signs.layer_version or (None, None)
    names = (("layer-name", layer), ("version-number", version))
    return reading("lambda", "get-layer-version-policy", *names, region=signs.region)


def _layer_version(signs: Signs, because: Sentence) -> Iterator[FirstLook]:
    """Another account's layer version needs a statement in its own policy.

    Lambda Developer Guide, "Granting Lambda layer access to other accounts"
    (https://docs.aws.amazon.com/lambda/latest/dg/permissions-layer-cross-account.html).
    """
    yield FirstLook(
        "The layer version's own policy does not allow this account; the caller's policies alone do not help. Its "
        "owner allows each version separately (aws lambda add-layer-version-permission, action "
        "lambda:GetLayerVersion). Or use a version that is open to this account, or a copy of your own.",
        because,
        _layer_version_policy(signs),
        Who.RESOURCE_OWNER,
        told_by=("resource", "trust"),
    )


# Amazon SNS, EventBridge and S3 documentation of deliveries: the service's principal, bound to its resource.
_DELIVERED = {
    "sqs:sendmessage": "sns.amazonaws.com, events.amazonaws.com or s3.amazonaws.com",
    "sns:publish": "events.amazonaws.com, s3.amazonaws.com or cloudwatch.amazonaws.com",
    "lambda:invokefunction": "apigateway.amazonaws.com, events.amazonaws.com, s3.amazonaws.com or sns.amazonaws.com",
}


def _lacking(signs: Signs) -> str:
    """Return what the resource's policy lacks: an Allow for the calling service's principal, or else for the caller."""
    service = signs.denial.principal or ""
    if names_a_service(service):
        return (
            f"The resource's own policy does not allow the principal {service}. Add it there, with the topic, rule, "
            "bucket or API for which it calls as aws:SourceArn."
        )
    own = "The resource's own policy does not allow this caller; the caller's own policies alone do not help."
    target, caller = signs.target, signs.caller
    if (
        target is not None
        and caller is not None
        and target.account_id == caller.account_id
        and target.service not in BOTH_SIDES
    ):
        # IAM User Guide, "Policy evaluation for requests within a single account"
        # (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html).
        return (
            "Neither policy allows it, and caller and resource are in one account, where an Allow in either is enough: "
            "in the caller's own policies, or in the resource's own policy."
        )
    if target is not None and target.account_id and (caller is None or caller.account_id != target.account_id):
        where = f" in {target.region}" if target.region else ""
        own = (
            f"{own} The resource belongs to account {target.account_id}{where}: first check that this is the right "
            "resource."
        )
        if target.service == "secretsmanager" and caller is not None:
            # https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html
            own = (
                f"{own} The secret also needs a customer managed key whose policy lets the caller decrypt: the default "
                "key aws/secretsmanager cannot be used from another account."
            )
    principals = _DELIVERED.get(signs.action)
    if principals is None or caller is not None:
        return own
    return (
        f"{own} If a service delivers here, the policy must allow its principal ({principals}), with the topic, rule, "
        "bucket or API as aws:SourceArn."
    )


def key_policy(signs: Signs, because: Sentence) -> Iterator[FirstLook]:
    """Yield what to change in a KMS key's policy.

    KMS developer guide, "Key policies": IAM policies have no effect unless the key policy has a statement for the
    account.
    """
    key = str(signs.target) if signs.target else None
    if signs.two_accounts is not None and not signs.denied_explicitly:
        # KMS Developer Guide, "Allowing users in other accounts to use a KMS key"
        # (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html).
        ours, theirs = signs.two_accounts
        caller = f"the role {signs.role}" if signs.role else f"the user {signs.user}" if signs.user else "this caller"
        yield FirstLook(
            f"The key belongs to account {theirs}: its policy must allow account {ours}, or {caller} of that account, "
            f"{signs.denial.action}. {caller[0].upper()}{caller[1:]} also needs it in its own policies, on the key's "
            "ARN.",
            because,
            reading("kms", "get-key-policy", ("key-id", key), ("policy-name", "default"), region=signs.region),
            Who.RESOURCE_OWNER,
            told_by=("resource",),
        )
        return
    yield FirstLook(
        "A Deny in the key policy: no Allow can override it. Read its statements and their conditions (an encryption "
        "context, kms:ViaService)."
        if signs.denied_explicitly
        else (
            "The key's policy does not name this caller, and does not leave the decision to IAM policies of its "
            "account."
        ),
        because,
        reading("kms", "get-key-policy", ("key-id", key), ("policy-name", "default"), region=signs.region),
        Who.RESOURCE_OWNER,
        told_by=("resource",),
    )


_KEYS_SIDE = "resource does not exist in this Region, no resource-based policies allow access"
"""KMS's own words for a denial by the key's account."""


def foreign_key(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a key in another account is denied in KMS's own words: both accounts must allow the call."""
    if signs.service == "kms" and signs.two_accounts is not None and _KEYS_SIDE in signs.denial.text:
        yield from key_policy(signs, contains("no resource-based policies allow access"))


_OF_A_SET = regex(r"AWSReservedSSO_(?P<set>[\w+=,.@-]+)_(?P<suffix>[0-9a-f]{16})")


def made_anew(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a policy names the role that the caller's permission set had before it was assigned again.

    IAM Identity Center User Guide, "Referencing permission sets in resource policies, Amazon EKS cluster config maps,
    and AWS KMS key policies"
    (https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html).
    """
    own = _OF_A_SET.fullmatch(signs.role)
    if own is None or signs.caller is None or signs.layer not in ("", "resource", "trust"):
        return
    path = rf"arn:[\w-]+:iam::{signs.caller.account}:role/aws-reserved/sso\.amazonaws\.com/(?:[\w-]+/)?"
    name = rf"AWSReservedSSO_{re.escape(own['set'])}_[0-9a-f]{{16}}(?![0-9a-f])"
    others = {each for each in re.findall(f"{path}({name})", signs.denial.text) if each != signs.role}
    if len(others) != 1:
        return
    old = others.pop()
    yield FirstLook(
        f"The policy names {old}, and the caller is {signs.role}: most likely IAM Identity Center created a new role "
        "when the permission set was assigned again. Name the new role. To be independent of the role's suffix, name "
        f"the account as principal, with ArnLike on aws:PrincipalArn = …/AWSReservedSSO_{own['set']}_*.",
        contains(old),
        reading_of_resource(signs),
        Who.RESOURCE_OWNER,
        told_by=("resource", "trust"),
    )


def reading_of_resource(signs: Signs) -> str | None:
    """Return the command that shows the policy of the resource named in the text; None if no single call shows it."""
    if signs.target is None:
        return None
    arn, name, region = str(signs.target), signs.target.name, signs.target.region
    bucket = signs.target.resource.partition("/")[0]
    match signs.target.service:
        case "s3" if signs.access_point:
            return _access_point_policy(signs)
        case "s3":
            return reading("s3api", "get-bucket-policy", ("bucket", bucket), query="Policy")
        case "kms":
            return reading("kms", "get-key-policy", ("key-id", arn), ("policy-name", "default"), region=region)
        case "secretsmanager":
            return reading("secretsmanager", "get-resource-policy", ("secret-id", arn), region=region)
        case "sns":
            return reading("sns", "get-topic-attributes", ("topic-arn", arn), region=region)
        case "sqs":
            queue = _queue_url(signs.target)
            return reading(
                "sqs", "get-queue-attributes", ("queue-url", queue), ("attribute-names", "Policy"), region=region
            )
        case "lambda" if signs.layer_version:
            return _layer_version_policy(signs)
        case "lambda":
            return reading("lambda", "get-policy", ("function-name", arn), region=region)
        case "ecr":
            return reading("ecr", "get-repository-policy", ("repository-name", signs.target.id or name), region=region)
        case "dynamodb":
            return reading("dynamodb", "get-resource-policy", ("resource-arn", arn), region=region)
    return None


def _queue_url(arn: Arn) -> str | None:
    """Return a queue's URL, which names its owner's account; None if the ARN lacks a part."""
    if not (arn.region and arn.account and arn.resource):
        return None
    host = "amazonaws.com.cn" if arn.partition == "aws-cn" else "amazonaws.com"
    return f"https://sqs.{arn.region}.{host}/{arn.account}/{arn.resource}"
