"""Causes for encrypted volumes of an instance that does not start."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure
from diagnostics.text.causes.build_causes import contains, quoted, reading
from diagnostics.who import Who

_BY_DEFAULT = r"(?:EBS )?encryption by default|default (?:EBS |KMS )?(?:encryption )?key|ebs-default-kms-key-id"


def default_volume_key(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield how to find the key of the volumes: if the launch names none, the account's default key encrypts them.

    Amazon EBS User Guide, "Enable Amazon EBS encryption by default"
    (https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html).
    """
    launched, default = quoted(failure.text, r"Client\.InternalError"), quoted(failure.text, _BY_DEFAULT)
    if not (launched and default):
        return
    yield FirstLook(
        "Find out first which key encrypts the volumes: if the launch names no KmsKeyId for a volume, the account's "
        "default EBS key is used, not the key whose policy the text may show. Whoever launches (in an Auto Scaling "
        "group AWSServiceRoleForAutoScaling) must be allowed to use that key and create grants.",
        contains(launched, default),
        reading("ec2", "get-ebs-default-kms-key-id"),
        Who.RESOURCE_OWNER,
    )
