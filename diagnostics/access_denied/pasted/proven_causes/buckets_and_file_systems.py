"""Buckets and file systems: copies with tags, deliveries, trails and mounts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.text.known_messages.refusals.efs import MOUNTED_WITHOUT_IAM
from diagnostics.text.near_pairs.similarity import edits
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.policy.decision import Fault
from iam.policy.match import names_action
from iam.words import listing

_MOUNT_REFUSED = regex(r"access denied by server while mounting", re.IGNORECASE)


_CLIENT = regex(r"elasticfilesystem:Client(?:Write|RootAccess)(?!\w)", re.IGNORECASE)


_MOUNTS = regex(r"elasticfilesystem:(?:Client(?:Mount|\*)|\*)|ClientMount", re.IGNORECASE)


def of_a_file_system(denial: Denial) -> Finding | None:
    """Return a finding if a file system's policy in the text allows clients to write but not to mount; None otherwise.

    Amazon EFS User Guide, "Using IAM to control access to file systems"
    (https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html).
    """
    text = denial.pasted or denial.text
    named = dict.fromkeys(found[0] for found in _CLIENT.finditer(text))
    if not _MOUNT_REFUSED.search(text) or not named or _MOUNTS.search(text) or '"Principal"' not in text:
        return None
    said = f"the file system policy allows {listing(list(named))}, but not elasticfilesystem:ClientMount"
    sentence = (
        f"In the text, {said}, so no client is allowed to mount. Without a policy, every client in the network is "
        "allowed to mount."
    )
    change = (
        "Add elasticfilesystem:ClientMount to the actions of its Allow. Or delete the policy (aws efs "
        "delete-file-system-policy), if no policy was intended: a tool may have created it by default."
    )
    note = Note("the file system policy in the text", change)
    return Finding(
        "resource.no-action",
        said,
        sentence,
        fix=Fix("Allow elasticfilesystem:ClientMount in the file system policy", Who.RESOURCE_OWNER, note),
    )


_ACCESS_POINT = regex(
    r"elasticfilesystem:AccessPointArn[\"']?[\s:=\[{]{1,6}[\"']?arn:[\w-]+:elasticfilesystem:[^\s\"']*access-point/"
    r"(?P<id>fsap-[0-9a-f]+)"
)
_MOUNTS_EFS = regex(
    r"\b[Mm]ount(?:\.efs|ing arguments)?\b[^\n]{0,200}\bfs-[0-9a-f]{8,17}\b"
    r"|\bfs-[0-9a-f]{8,17}[\w.-]*:/\S*[ \t]+/\S+[ \t]+(?:efs|nfs)"
)
_THROUGH = regex(r"\baccess_?point\s*[=:]|\bfs-[0-9a-f]{8,17}::fsap-", re.IGNORECASE)


def of_an_access_point(denial: Denial) -> Finding | None:
    """Return a finding if a file system's policy in the text requires an access point and the mount names none.

    Amazon EFS User Guide, "Using IAM to control access to file systems", and "Mounting with access points"
    (https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html,
    https://docs.aws.amazon.com/efs/latest/ug/mounting-access-points.html).
    """
    text = denial.pasted or denial.text
    points = {found["id"] for found in _ACCESS_POINT.finditer(text)} if _MOUNT_REFUSED.search(text) else set()
    if not points or not _MOUNTS_EFS.search(text) or _THROUGH.search(text):
        return None
    point = sorted(points)[0]
    said = f"the file system policy allows the mount only through access point {listing(sorted(points), 'or')}"
    note = Note(
        "the mount",
        f"Mount with -o tls,iam,accesspoint={point}. Keep the policy. If the mount is still refused, check whether the "
        "policy names the client's role as its principal.",
    )
    fix = Fix(f"Mount through the access point {point}", Who.CALLER, note)
    sentence = f"In the text, {said}, but the mount command names no access point."
    return Finding(f"resource.{Fault.CONDITION_UNMET.value}", said, sentence, fix=fix)


_IAM_NOT_NAMED = regex(MOUNTED_WITHOUT_IAM)
_IN_KUBERNETES = regex(r"\b(?:MountVolume|PersistentVolume|StorageClass|kubelet|csi|mountOptions)\b", re.IGNORECASE)


def of_an_anonymous_mount(denial: Denial, policies: Iterable[PastedPolicy]) -> Finding | None:
    """Return a finding if a mount does not use IAM and the file system's policy allows only some principals; else None.

    Without the mount option ``iam``, the client is anonymous, and matches only a statement for every principal.

    Amazon EFS User Guide, "Mounting with IAM authorization", and "Using IAM to control access to file systems"
    (https://docs.aws.amazon.com/efs/latest/ug/mounting-IAM-option.html,
    https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html).
    """
    text = denial.pasted or denial.text
    if not (_MOUNT_REFUSED.search(text) and _MOUNTS_EFS.search(text) and _IAM_NOT_NAMED.search(text)):
        return None
    shown = [each for one in policies for each in one.document.statements if each.principal is not None]
    allows = [
        each for each in shown if each.effect == "Allow" and names_action(each.action or (), _MOUNT) and each.principal
    ]
    named = [value for each in allows for _, value in each.principal or ()]
    if not named or "*" in named:
        return None
    who = listing(list(dict.fromkeys(named)))
    said = f"the mount has no iam option, but the file system policy allows only {who}"
    place = "in the mountOptions of the PersistentVolume or StorageClass" if _IN_KUBERNETES.search(text) else "with -o"
    whose = "the pod of the CSI driver on the node" if _IN_KUBERNETES.search(text) else "the machine that mounts"
    note = Note(
        "the mount",
        f"Name the options tls and iam {place} (EFS mount helper). Check that {whose} has credentials of an identity "
        "that the policy names. Keep the policy.",
    )
    sentence = f"Mount with the options tls and iam: in the text, {said}. Without iam the client is anonymous."
    fix = Fix("Mount with the options tls and iam", Who.CALLER, note)
    return Finding(f"resource.{Fault.PRINCIPAL_MISMATCH.value}", said, sentence, fix=fix)


_MOUNT = "elasticfilesystem:ClientMount"


_COPIES = ("s3:getobject", "s3:putobject")


_TAGGING = ("s3:GetObjectTagging", "s3:PutObjectTagging")


def of_a_copy(denial: Denial, allows: Iterable[tuple[str, ...]]) -> Finding | None:
    """Return a finding if the text's policies allow both sides of a copy but not the object's tags; None otherwise.

    Amazon S3 API reference, "CopyObject", Permissions
    (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html).
    """
    named = list(allows)
    if denial.operation != "CopyObject" or denial.stated_reason or denial.missing_action:
        return None
    if not all(any(names_action(each, action) for each in named) for action in _COPIES):
        return None
    lacks = [action for action in _TAGGING if not any(names_action(each, action) for each in named)]
    if not lacks:
        return None
    said = f"the policy allows both sides of a copy, but not {listing(lacks)}"
    sentence = (
        f"In the text, {said}: CopyObject copies the object's tags, too. If the objects have no tags, look at the KMS "
        "keys of both sides, and at the source bucket's policy."
    )
    change = "Allow s3:GetObjectTagging on the source's objects, and s3:PutObjectTagging on the target's."
    fix = Fix(f"Allow {listing(lacks)}", Who.ACCOUNT_ADMIN, Note("the policy in the text", change))
    return Finding("identity.no-action", said, sentence, fix=fix)


_COPIED_IN_PARTS = regex(r"\bcopy failed: s3://|\baws s3 (?:cp|mv|sync)\b[^\n]*\bs3://[^\n]*\bs3://")


def of_the_tags_of_parts(denial: Denial) -> Finding | None:
    """Return a finding if the call reads or writes the tags of an object that the AWS CLI copies in parts; else None.

    AWS CLI reference, "s3 cp", --copy-props (https://docs.aws.amazon.com/cli/latest/reference/s3/cp.html).
    """
    tagging = next((each for each in _TAGGING if each.lower() == (denial.action or "").lower()), None)
    bucket = (denial.resource or "").partition("/")[0]
    denied = (denial.stated_reason or "implicit:identity") == "implicit:identity"
    if tagging is None or not denied or not bucket.startswith("arn:"):
        return None
    if not _COPIED_IN_PARTS.search(denial.pasted or denial.text):
        return None
    said = "the AWS CLI copies large objects in parts, and then copies their tags by separate calls"
    sentence = (
        f"The caller lacks {tagging}: {said}. A small object is copied by one call, which needs this permission "
        "only if the object has tags. The error is not throttling."
    )
    statement = json.dumps({"Effect": "Allow", "Action": tagging, "Resource": f"{bucket}/*"})
    other = (
        "s3:PutObjectTagging on the target's objects"
        if tagging == _TAGGING[0]
        else "s3:GetObjectTagging on the source's"
    )
    note = Note(
        "the caller's policies",
        f"Add the statement {statement}, and also allow {other} if the objects have tags. Or copy without tags: "
        "--copy-props metadata-directive.",
    )
    fix = Fix(f"Allow {tagging} on {bucket}/*", Who.ACCOUNT_ADMIN, note)
    return Finding("identity.no-action", said, sentence, fix=fix)


_DELIVERS_TO = regex(
    r"\"(?:destination|BucketARN)\"\s*:\s*\"arn:[\w-]+:s3:::(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\""
)


_OBJECTS_OF = regex(r"arn:[\w-]+:s3:::(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/")


def of_a_delivery(denial: Denial) -> Finding | None:
    """Return a finding if a Firehose stream delivers to a different bucket from the one in the text's policy.

    Amazon Data Firehose developer guide, "Grant Firehose access to an Amazon S3 destination"
    (https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html).
    """
    text = denial.pasted or denial.text
    to = {each["bucket"] for each in _DELIVERS_TO.finditer(text)}
    named = {each["bucket"] for each in _OBJECTS_OF.finditer(text)}
    if "S3.AccessDenied" not in text or len(to) != 1 or not named or to & named:
        return None
    bucket = to.pop()
    said = f"the stream delivers to {bucket}, but the policy names {listing(sorted(named))}"
    note = Note(
        "the policy of the stream's role",
        f"Write the ARN of {bucket}, once without and once with /*, in its Resource. The producer's policies "
        "are not the cause.",
    )
    fix = Fix(f"Name {bucket} in the policy of the stream's role", Who.ACCOUNT_ADMIN, note)
    return Finding(f"identity.{Fault.RESOURCE_MISMATCH.value}", said, f"In the text, {said}.", fix=fix)


_TRAIL_PREFIX = regex(r"/AWSLogs/(?P<account>\d{12})/")


_ACCOUNTS = regex(r"(?<![\d/])(?P<account>\d{12})(?!\d)")


_CHECKED = (
    (regex(r"InsufficientS3BucketPolicy|Incorrect S3 bucket policy"), "cloudtrail", "CloudTrail"),
    (regex(r"InsufficientDeliveryPolicy|Insufficient delivery policy"), "config", "AWS Config"),
)
"""Errors of services that check a bucket's policy before they deliver to the bucket, with the service's principal and
name."""


def of_a_trails_account(denial: Denial) -> Finding | None:
    """Return a finding if the bucket's policy names an account that resembles the delivering one; None otherwise.

    AWS CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail"
    (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html); AWS Config
    Developer Guide, "Permissions for the Amazon S3 bucket"
    (https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html).
    """
    text = denial.pasted or denial.text
    service = next((name for error, _, name in _CHECKED if error.search(text)), "")
    if not service:
        return None
    named = {each["account"] for each in _TRAIL_PREFIX.finditer(text)}
    own = {each["account"] for each in _ACCOUNTS.finditer(text)} - named
    near = [(one, other) for one in named for other in own if sorted(one) == sorted(other) or edits(one, other, 1) == 1]
    if len(named) != 1 or len(near) != 1:
        return None
    written, meant = near[0]
    said = f"the bucket policy lets {service} write to AWSLogs/{written}/, but the account is {meant}"
    note = Note(
        "the bucket policy",
        f"Write AWSLogs/{meant}/ in its Resource, and correct the account in its conditions. The caller needs no "
        "further permission.",
    )
    fix = Fix(f"Name account {meant} in the bucket policy", Who.RESOURCE_OWNER, note)
    return Finding(f"resource.{Fault.RESOURCE_MISMATCH.value}", said, f"In the text, {said}.", fix=fix)
