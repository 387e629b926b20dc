"""Causes for values that AWS checks before any permission: names, lengths and checksums."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure
from diagnostics.text.causes.build_causes import Said, causes_by_words
from diagnostics.who import Who

_NAME = r"at '(?:role|user|group|policy|instanceProfile)Name' failed to satisfy constraint: Member must "
_LENGTH = r"have length less than or equal to \d+"
_VALUES = (
    # IAM User Guide, "IAM and AWS STS quotas"
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html); Serverless Framework, "IAM"
    # (https://www.serverless.com/framework/docs/providers/aws/guide/iam).
    Said(
        _NAME + _LENGTH,
        "Shorten the name: it is longer than IAM allows (64 characters for a role or user, 128 for a group, policy or "
        "instance profile), and this limit cannot be raised. If a tool joins the name from parts (a stack's name, "
        "SERVICE-STAGE-REGION-lambdaRole of the Serverless Framework), shorten a part, or set a role name of your own "
        "(there provider.iam.role.name). No permission is missing.",
        None,
        Who.CALLER,
    ),
    # IAM User Guide, "IAM and AWS STS quotas", "IAM name requirements".
    Said(
        _NAME + rf"(?!{_LENGTH})",
        "IAM does not accept the characters of this name. Allowed are letters, digits and + = , . @ _ -, without "
        "spaces or slashes. No permission is missing.",
        None,
        Who.CALLER,
    ),
    # Amazon S3 User Guide, "Managing Object Lock"
    # (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html); Terraform's lock file:
    # https://github.com/hashicorp/terraform/pull/36120.
    Said(
        r"Content-MD5(?: OR x-amz-checksum-)? HTTP header[^.\n]{0,60} is required for Put (?:Object|Part) requests "
        r"with Object Lock",
        "The bucket has Object Lock, so each upload must carry a checksum, and the program sent none. Update the "
        "program, or let it send Content-MD5 or an x-amz-checksum header. (Terraform 1.10.0 leaves the checksum out "
        "for the lock file of use_lockfile: use a later version.) No permission is missing.",
        None,
        Who.CALLER,
    ),
)


def checked_values(failure: OtherFailure) -> Iterator[FirstLook]:
    return causes_by_words(failure.text, _VALUES)
