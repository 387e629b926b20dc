"""Notes to send to the owners of guardrails, keys, buckets, endpoints and other accounts."""

from __future__ import annotations

from dataclasses import replace

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.fixes.place import place_of
from diagnostics.access_denied.judge import DenialFinding
from diagnostics.access_denied.near_misses import condition_words
from diagnostics.fix import Fix, Note
from diagnostics.who import OWNERS, Who
from diagnostics.words import POLICY_TYPES
from iam.arn import Arn, name_of
from iam.policy.decision import ConditionFailure
from iam.policy.principal import Kind
from iam.service_reference import spelled
from iam.words import listing


def request_words(case: Case) -> str:
    """Return the request in one line, for a note."""
    who = case.caller.entity_arn or case.caller.arn or "the caller"
    what = spelled(case.request.action)
    where = case.request.resource if case.resource_known else case.denial.resource or "an unnamed resource"
    return f"{who} requested {what} on {where}"


def find_endpoint_note(case: Case) -> Fix | None:
    """Return how to find the VPC endpoint if it is unknown; None if it is known.

    It may be unknown whether the request used one, or which one. As long as the endpoint is unknown, its owner is
    unknown too.
    """
    known = any(key.lower() == "aws:sourcevpce" and key not in case.assumed for key in case.request.context)
    if known or (case.policies.vpc_endpoint and not case.assumed):
        return None
    blamed = (case.denial.stated_reason or "").endswith(":vpce")
    why = (
        "The policy of a VPC endpoint denied the request, but the text does not say of which endpoint. The "
        "endpoint is in"
        if blamed
        else "If the call went through a VPC endpoint, the endpoint's policy must allow the call, too. The endpoint "
        "would be in"
    )
    note = (
        f"{request_words(case)}. {why} the network in which the program runs. List the endpoints of that network, "
        "then ask again with --context aws:SourceVpce=ID.\naws ec2 describe-vpc-endpoints --query "
        "'VpcEndpoints[].[VpcEndpointId,VpcId,ServiceName,PolicyDocument]'"
    )
    title = (
        "Find the VPC endpoint through which the call went: the text does not name it"
        if blamed
        else "Find out whether the call went through a VPC endpoint of the caller's network"
    )
    return Fix(title, Who.CALLER, Note("the network of the caller", note))


def unheard_note(case: Case, failure: ConditionFailure, claim: str) -> Fix:
    """Return a fix for a trust policy that tests a claim that no request ever contains."""
    from diagnostics.text.tokens.jwt import heard_of

    heard = sorted(heard_of((case.caller.arn or "").partition(":oidc-provider/")[2]))
    return Fix(
        f"In the trust policy of {name_of(case.request.resource)}, test a claim that IAM can test: {claim} cannot "
        "be tested",
        Who.ACCOUNT_ADMIN,
        Note(
            case.request.resource,
            f"The condition {condition_words(failure)}. For this issuer's tokens, policies can test "
            f"{listing(heard, limit=20)}, so the condition on {failure.key} is never met. Use one of these claims "
            f"instead of {claim}. Many issuers can put a group or a team into sub or aud, or into session tags.",
        ),
    )


def no_change_note(case: Case, finding: DenialFinding) -> Fix:
    """Return a note for the owner of the deciding policy that says what is known.

    It is used if no change can be written.
    """
    where = POLICY_TYPES[finding.word]
    target = place_of(finding.near.policy, where).words if finding.near else where
    if case.caller.kind is Kind.ANONYMOUS:
        title = "Sign the request: a policy can then allow the named caller. Allowing everybody is not a fix"
    else:
        title = f"Ask the owner of the {where} about this request"
    who = Who.CALLER if case.caller.kind is Kind.ANONYMOUS else OWNERS.get(finding.word, Who.ACCOUNT_ADMIN)
    return Fix(title, who, Note(target, f"{request_words(case)}. The {where} does not allow it."))


def missing_key_note(case: Case) -> Fix | None:
    """Return a note that the object does not exist, if a request for it was denied for s3:ListBucket.

    S3 requires that action only if no object has the key, and does not report a missing object to callers who may not
    list the bucket (S3 API Reference, GetObject, "Permissions").
    """
    asked = (case.denial.operation or "").lower()
    if case.request.action.lower() != "s3:listbucket" or asked not in ("getobject", "headobject"):
        return None
    bucket = name_of(case.request.resource) if case.resource_known else "the bucket"
    return Fix(
        f"Check the key first: the object does not exist in {bucket}. S3 reports this only to callers that may "
        "list the bucket",
        Who.CALLER,
        Note(
            case.request.resource,
            f"{case.denial.operation} requires s3:ListBucket only if no object has that key: S3 answers 404 to "
            "callers who may list the bucket, and 403 to all others. With s3:ListBucket, the same call returns "
            "NoSuchKey. Compare the key letter by letter: prefix, slash at the beginning, upper and lower case.",
        ),
    )


def perhaps_missing_key_note(case: Case) -> Fix | None:
    """Return a note that the object may not exist, for a text that names no action.

    It applies if all policies that were read allow reading the object. S3 does not report a missing object to callers
    who may not list the bucket (S3 API Reference, GetObject,
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html).
    """
    request, parts = case.request, Arn.parse(case.request.resource)
    asked = (case.denial.operation or "").lower()
    if asked not in ("getobject", "headobject") or case.denial.principal or case.denial.stated_reason:
        return None  # if s3:ListBucket was missing, a text that names the caller names that action
    if parts is None or parts.service != "s3" or request.action.lower() != "s3:getobject" or not case.resource_known:
        return None
    bucket, _, key = parts.resource.partition("/")
    if not key or bucket == "accesspoint":
        return None
    listing_it = replace(request, action="s3:ListBucket", resource=str(parts.beside(bucket)))
    if case.may_be_allowed(replace(case.effective_policies, vpc_endpoint=None), listing_it):
        return None
    who = case.caller.name or "the caller"
    return Fix(
        f"Check whether {key} exists in {bucket}: S3 answers 403 for a missing key, because {who} is not allowed "
        "to list the bucket",
        Who.CALLER,
        Note(
            request.resource,
            f"{request_words(case)}. If no object has that key, S3 answers 404 to callers who may list the bucket "
            "(s3:ListBucket), and 403 to all others. Compare the key letter by letter: prefix, slash at the "
            "beginning, upper and lower case.",
        ),
    )


def public_access_note(case: Case) -> Fix:
    """Return a note for the owner of the bucket or account: S3 Block Public Access is a setting and not a policy."""
    return Fix(
        "Leave the bucket private, or ask its owner about Block Public Access: no policy can allow the request "
        "while this setting is on",
        Who.RESOURCE_OWNER,
        Note(
            case.request.resource,
            f"{request_words(case)}. S3 Block Public Access rejects or ignores settings that would make the bucket "
            "public. Write the policy or the ACL for named principals instead. Turn the setting off only if "
            "everybody should have access to the bucket.",
        ),
    )
