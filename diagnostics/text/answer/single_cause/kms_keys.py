"""A KMS key of another Region, or one behind CloudFront, as a policy or another command in the text shows."""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.text.read.identities.call_settings import around
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

_UNKNOWN_KEY = regex(r"master key that does not exist", re.IGNORECASE)


_ENCRYPTS = regex(
    rf"\baws kms (?:encrypt|re-encrypt|generate-data-key[\w-]*)\b[^\n]*?--region[ =](?P<region>{REGION_NAME})"
    rf"|\bencrypted (?:it )?(?:in|with (?:a|the) key (?:in|of)) (?P<said>{REGION_NAME})\b"
    # The ID of the key beside its Region. The ID of a multi-Region key is mrk-….
    rf"|\b[Kk]ey[-_ ]?(?:id|ID|Id)\W{{1,4}}(?!mrk-)[0-9a-f]{{8}}-[0-9a-f-]{{27}}[^\n]{{0,60}}?\bregion\W{{1,4}}"
    rf"(?P<beside>{REGION_NAME})"
)


_DECRYPTS = regex(rf"\baws kms decrypt\b[^\n]*?--region[ =](?P<region>{REGION_NAME})")


def encrypted_elsewhere(denial: Denial) -> Decision | None:
    """Return the decision for data that was encrypted with a KMS key in another Region than the one called.

    A single-Region key exists only in its own Region, and the ciphertext names the key: AWS KMS API Reference,
    "Decrypt" (https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html); AWS KMS Developer Guide,
    "Multi-Region keys in AWS KMS"
    (https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html).
    """
    made = {each["region"] or each["said"] or each["beside"] for each in _ENCRYPTS.finditer(denial.text)}
    if len(made) != 1 or not _UNKNOWN_KEY.search(denial.text):
        return None
    own, setting = _DECRYPTS.search(denial.text), around(denial.text).region
    called = own["region"] if own is not None else setting.value if setting is not None else ""
    (there,) = made
    if not called or called == there:
        return None
    return decide(
        "not-iam",
        f"encrypted in {there}, decrypted in {called}",
        f"The data was encrypted in {there}, but Decrypt went to {called}, where that key does not exist: call "
        f"Decrypt in {there}. Only if Decrypt also fails there, check kms:Decrypt.",
        f"Decrypt with --region {there}",
        Who.CALLER,
        "the call",
        f"Or encrypt the data again with a key of {called}, or with a multi-Region key that has a replica there.",
    )


_FROM_CLOUDFRONT = regex(r"\.cloudfront\.net\b|Error from cloudfront|\bOAC\b|[Oo]rigin [Aa]ccess [Cc]ontrol")


_WITH_KMS = regex(r"\bSSE-KMS\b|\baws:kms\b|\bcustomer[- ]managed key\b")


_LETS_CLOUDFRONT = regex(
    r"\"Service\"\s*:\s*\"cloudfront\.amazonaws\.com\"[^{}]*\}[^{}]*\b(?P<action>s3:GetObject|s3:\*)"
)


_DENIES = regex(r"\"Effect\"\s*:\s*\"Deny\"")


_KEY_FOR_CLOUDFRONT = regex(r"\"Service\"\s*:\s*\"cloudfront\.amazonaws\.com\"[^{}]*\}[^{}]*\bkms:(?:Decrypt|\*)")


def of_a_key_behind_cloudfront(denial: Denial) -> Decision | None:
    """Return the decision for encrypted objects behind CloudFront, if the bucket's policy in the text lets it read.

    CloudFront reads an object that is encrypted with a customer managed key only if the key's policy lets it: Amazon
    CloudFront Developer Guide, "Restrict access to an Amazon S3 origin", SSE-KMS
    (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html).
    """
    text = denial.pasted or denial.text
    encrypted, allowed = _WITH_KMS.search(text), _LETS_CLOUDFRONT.search(text)
    if denial.principal or _FROM_CLOUDFRONT.search(text) is None or encrypted is None or allowed is None:
        return None
    if _KEY_FOR_CLOUDFRONT.search(text) or _DENIES.search(text):
        return None
    found_out = decide(
        "resource.no-action",
        f"“{allowed['action']}” for cloudfront.amazonaws.com, and “{encrypted[0]}”",
        "Most likely the key policy does not let cloudfront.amazonaws.com decrypt: add this permission to it. The "
        f"bucket's policy in the text lets CloudFront perform {allowed['action']}, but the objects are encrypted "
        "with a KMS key.",
        "Let the key's policy allow cloudfront.amazonaws.com kms:Decrypt",
        Who.RESOURCE_OWNER,
        "the key's policy",
        'Add a statement with "Principal": {"Service": "cloudfront.amazonaws.com"}, kms:Decrypt '
        "(kms:GenerateDataKey* for uploads) and a condition on AWS:SourceArn, the distribution's ARN. A statement "
        "for the account's root does not include CloudFront. Keep the bucket's policy as it is.",
    )
    return replace(found_out, nearer=_names_one_distribution(text))


_ACCESS_IDENTITY = regex(
    r"origin-access-identity/cloudfront/E\w+|\bCloudFront Origin Access Identity E\w+|\bS3CanonicalUserId\b"
    r"|\borigin access identity\b|\bOAI\b",
    re.IGNORECASE,
)
_ACCESS_CONTROL = regex(
    r"\bOriginAccessControl(?:Id)?[\"']?\s*[:=]\s*[\"']?E\w+|origin_access_control_id\s*=\s*\w"
    r"|\b(?:moved|switched|migrated|uses?|using|with) (?:to )?(?:an? )?(?:OAC|origin access control)\b",
    re.IGNORECASE,
)
_WITHOUT_KMS = regex(r"\b(?:no|not|without|never|isn['’]t)\s+(?:\w+\s+)?(?:SSE-KMS|aws:kms|KMS)\b", re.IGNORECASE)


def of_an_identity_that_reads_no_key(denial: Denial) -> Decision | None:
    """Return the decision for SSE-KMS objects behind a distribution that has an origin access identity.

    An origin access identity does not work with SSE-KMS: Amazon CloudFront Developer Guide, "Restrict access to an
    Amazon S3 origin", "Use an origin access identity (legacy)"
    (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html).
    """
    text = denial.pasted or denial.text
    identity, encrypted = _ACCESS_IDENTITY.search(text), _WITH_KMS.search(text)
    if denial.principal or denial.action not in (None, "s3:GetObject") or identity is None or encrypted is None:
        return None
    if _ACCESS_CONTROL.search(text) or _WITHOUT_KMS.search(text) or not _OF_CLOUDFRONT.search(text):
        return None
    return replace(
        decide(
            "not-iam",
            f"“{identity[0]}”, and “{encrypted[0]}”",
            "Use an origin access control: the distribution reads the bucket with an origin access identity, which "
            "cannot read objects encrypted with SSE-KMS, whatever the bucket policy and the key policy allow.",
            "Replace the origin access identity by an origin access control",
            Who.RESOURCE_OWNER,
            "the distribution's origin",
            "Create an origin access control for the origin. In the bucket policy, allow s3:GetObject to "
            "cloudfront.amazonaws.com with AWS:SourceArn, the distribution's ARN; in the key policy, allow it "
            "kms:Decrypt with the same condition (the key must be customer managed). Or encrypt the objects with "
            "SSE-S3 again: existing objects must be copied.",
        ),
        nearer=True,
    )


_OF_CLOUDFRONT = regex(r"cloudfront", re.IGNORECASE)
_DISTRIBUTION = regex(r"\bE[A-Z0-9]{12,13}\b")


def _names_one_distribution(text: str) -> bool:
    """Whether the text names at most one distribution, so that it shows no other than the policy admits."""
    return len(set(_DISTRIBUTION.findall(text))) <= 1


_CONDITION = regex(
    r"\"(?i:AWS:SourceArn)\"\s*:\s*\[?\s*\"arn:aws[\w-]*:cloudfront::\d{12}:distribution/(?P<id>[A-Z0-9]+)\""
)
_LISTS = regex(r"\bs3:(?:ListBucket|\*)")


def of_an_origin_that_is_open(denial: Denial) -> Decision | None:
    """Return what to check if S3 refuses CloudFront although the bucket's policy in the text lets a distribution read.

    Amazon CloudFront Developer Guide, the page above; Amazon S3 API Reference, "GetObject": 403 in place of 404 without
    s3:ListBucket (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html).
    """
    text = denial.pasted or denial.text
    admitted = _CONDITION.search(text)
    if denial.principal or denial.action not in (None, "s3:GetObject") or _FROM_CLOUDFRONT.search(text) is None:
        return None
    if admitted is None or _LETS_CLOUDFRONT.search(text) is None or _DENIES.search(text) or _LISTS.search(text):
        return None
    if not _names_one_distribution(text) or _WITH_KMS.search(text):
        return None
    return replace(
        decide(
            "unreadable",
            f"the bucket's policy lets the distribution {admitted['id']} perform s3:GetObject",
            "First check whether the object exists under the path that CloudFront requests: the bucket's policy in "
            f"the text lets the distribution {admitted['id']} read, and without s3:ListBucket S3 answers 403 "
            "instead of 404.",
            "Compare the requested key with the bucket, then the distribution with the policy",
            Who.CALLER,
            "the distribution",
            "List the key (aws s3api list-objects-v2 --prefix), with the origin path and the default root object "
            f"in mind. Then check that the request goes to {admitted['id']}. The distribution's origin must name "
            "this bucket (not its website endpoint), and must have an origin access control that signs requests. "
            "If a KMS key encrypts the object, the key policy must let cloudfront.amazonaws.com decrypt.",
        ),
        nearer=True,
    )
