"""Causes in the policy of a resource: a bucket, a key, a secret, a function or a layer.

Source: IAM User Guide, "Troubleshoot access denied error messages".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.claims.kinds import Sentence
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import blames, contains, excerpt, reading
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.causes.denials.pasted_conditions import of_an_endpoint
from diagnostics.who import Who
from diagnostics.words import BOTH_SIDES
from iam.arn import Arn, names_a_service
from iam.facts.global_services import url_suffix
from iam.lazy_pattern import regex


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
            shown_by=("resource", "trust"),
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
            shown_by=("resource", "trust"),
        )
    elif signs.target_role:
        yield FirstLook(
            "The role's trust policy does not name this caller, or requires something that the call did not send "
            "(external ID, MFA, session tags).",
            because,
            signs.trust_read,
            Who.RESOURCE_OWNER,
            shown_by=("resource", "trust"),
        )
    else:
        yield FirstLook(
            "A Deny in the resource's own policy: no Allow can override it. Read its statements and their conditions."
            if signs.denied_explicitly
            else _lacking(signs),
            because,
            reading_of_resource(signs),
            Who.RESOURCE_OWNER,
            shown_by=("resource", "trust"),
        )


_WENT_THROUGH = {"s3:putobject": "upload", "s3:getobject": "download", "s3:deleteobject": "delete"}
"""The report of `aws s3` for each object, by action."""


def _others_went_through(signs: Signs) -> FirstLook | None:
    """Return the cause if a Deny refuses one object, and calls on other objects in the same bucket succeeded."""
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
        "ask its owner to make this call.",
        contains(excerpt(others[0][0])),
        reading("s3api", "get-bucket-policy", ("bucket", bucket), query="Policy"),
        Who.RESOURCE_OWNER,
        shown_by=("resource", "trust"),
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
    """Yield the cause for a layer version of another account, whose own policy must allow the call.

    Lambda Developer Guide, "Granting Lambda layer access to other accounts"
    (https://docs.aws.amazon.com/lambda/latest/dg/permissions-layer-cross-account.html).
    """
    there = f" in {signs.region}" if signs.region else ""
    yield FirstLook(
        f"Most likely this layer version is not shared with this account, or not published{there}. Each version is "
        "shared separately: ask the owner to share it (aws lambda add-layer-version-permission), or use a version that "
        "is shared, or a copy of your own. The caller's policies alone do not help.",
        because,
        _layer_version_policy(signs),
        Who.RESOURCE_OWNER,
        shown_by=("resource", "trust"),
    )


# Amazon SNS, EventBridge and S3 documentation of deliveries: the service's principal, bound to its resource.
_DELIVERED = {
    "sqs:sendmessage": "sns.amazonaws.com, events.amazonaws.com or s3.amazonaws.com",
    "sns:publish": "events.amazonaws.com, s3.amazonaws.com or cloudwatch.amazonaws.com",
    "lambda:invokefunction": "apigateway.amazonaws.com, events.amazonaws.com, s3.amazonaws.com or sns.amazonaws.com",
}


def _lacking(signs: Signs) -> str:
    """Return what the resource's policy lacks: an Allow for the calling service, or else for the caller."""
    service = signs.denial.principal or ""
    if names_a_service(service):
        return (
            f"The resource's own policy does not allow the principal {service}. Add the principal to that policy, with "
            "an aws:SourceArn condition for the topic, rule, bucket or API on whose behalf it calls."
        )
    target, caller = signs.target, signs.caller
    own = "The resource's own policy does not allow this caller; the caller's own policies alone do not help."
    unknown = caller is None or target is None or not target.account_id
    if unknown and signs.service not in BOTH_SIDES:
        # IAM User Guide, "Cross-account policy evaluation logic"
        # (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html).
        own = (
            "The resource's own policy does not allow this caller. Across accounts it must allow the call, and so "
            "must the caller's own policies; within one account, an Allow in either is enough."
        )
    if (
        target is not None
        and caller is not None
        and target.account_id == caller.account_id
        and target.service not in BOTH_SIDES
    ):
        # IAM User Guide, "Policy evaluation for requests within a single account"
        # (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html).
        return (
            "Neither side allows the call. Caller and resource are in one account, so one Allow is enough: in the "
            "caller's own policies, or in the resource's own policy."
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
            shown_by=("resource",),
        )
        return
    yield FirstLook(
        "A Deny in the key policy: no Allow can override it. Read its statements and their conditions (an encryption "
        "context, kms:ViaService)."
        if signs.denied_explicitly
        else (
            "The key's policy does not name this caller, and does not leave the decision to IAM policies of its "
            f"account.{_of_scaling(signs)}"
        ),
        because,
        reading("kms", "get-key-policy", ("key-id", key), ("policy-name", "default"), region=signs.region),
        Who.RESOURCE_OWNER,
        shown_by=("resource",),
    )


def _of_scaling(signs: Signs) -> str:
    """Return what Auto Scaling's service-linked role needs on the key, as sentences; "" for other callers."""
    if signs.role != "AWSServiceRoleForAutoScaling":
        return ""
    from diagnostics.text.answer.key_state import KEY_POLICY_OF_SCALING  # few callers are this role

    return (
        f" {KEY_POLICY_OF_SCALING} If nothing names this key, it may be the account's default key for EBS (aws ec2 "
        "get-ebs-default-kms-key-id)."
    )


_KEYS_SIDE = "resource does not exist in this Region, no resource-based policies allow access"
"""KMS's own words for a denial by the key's account."""


def foreign_key(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if KMS's own words report a denied key in another account: both accounts must allow the call."""
    if signs.service == "kms" and signs.two_accounts is not None and _KEYS_SIDE in signs.denial.text:
        yield from key_policy(signs, contains("no resource-based policies allow access"))


_OF_A_SET = regex(r"AWSReservedSSO_(?P<set>[\w+=,.@-]+)_(?P<suffix>[0-9a-f]{16})")


def made_anew(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a policy names an earlier role of the caller's permission set.

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
        "when the permission set was assigned again. Replace the old role in the policy with the new role. To be "
        "independent of the role's suffix, use the account as principal, with ArnLike on aws:PrincipalArn = "
        f"…/AWSReservedSSO_{own['set']}_*.",
        contains(old),
        reading_of_resource(signs),
        Who.RESOURCE_OWNER,
        shown_by=("resource", "trust"),
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
    return f"https://sqs.{arn.region}.{url_suffix(arn.partition)}/{arn.account}/{arn.resource}"
