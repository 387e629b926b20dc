"""Causes in a program's own settings, for a failure that no policy decides."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.causes.build_causes import contains
from diagnostics.text.read.resources.set_regions import set_regions
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.regions import similar_region

_NOT_REACHED = regex(
    r"\bdispatch failure\b|\btime[ds]?[- ]?out\b|no such host|(?:could not|failed to|unable to) (?:connect|resolve)"
    r"|connection (?:error|failed|refused)|\bunreachable\b|health[- ]?check[\w.: ]{0,12} failed"
    r"|(?:invalid|unknown|unsupported) region|name or service not known",
    re.IGNORECASE,
)


def unknown_region(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield a Region in the program's settings that is not known, if the name of one that is known is similar.

    AWS SDKs and Tools Reference Guide, "AWS Region": an SDK builds the host name from the setting
    (https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html).
    """
    if failure.trouble is not Trouble.UNRECOGNIZED or not (said := _NOT_REACHED.search(failure.text)):
        return
    for each in set_regions(failure.text):
        if (near := similar_region(each.region)) is not None:
            yield FirstLook(
                f"No Region {each.region} is known here: most likely {near} is meant. SDKs build the host's name "
                "from the Region, so correct the setting first. AWS was not reached, and no permission was checked.",
                contains(said[0], each.region),
                "aws account list-regions --query 'Regions[].[RegionName,RegionOptStatus]'",
                Who.CALLER,
                decides=True,
            )
            return


_NO_ACLS = regex(r"\bAccessControlListNotSupported\b|bucket\s+does\s+not\s+allow\s+ACLs")
_ACL = regex(
    r"(?:\b(?:AWS_DEFAULT_ACL|S3_PERMISSION|(?:canned|object|default|s3)_?acl|x-amz-acl|acl)\b|--acl\b|[\"']visibility[\"'])"
    r"[\"']?[ \t]*(?:=>|[:=])?[ \t]*[\"']?(?P<acl>public(?:-read(?:-write)?)?|private|authenticated-read|aws-exec-read"
    r"|bucket-owner-read|log-delivery-write)\b[\"']?",
    re.IGNORECASE,
)
_INSTEAD = {"aws_default_acl": "AWS_DEFAULT_ACL = None", "s3_permission": "S3_PERMISSION= (empty)"}
"""What some settings are set to without an ACL: django-storages, "Amazon S3"
(https://django-storages.readthedocs.io/en/latest/backends/amazon-S3.html); Mastodon, "Configuring object storage"
(https://docs.joinmastodon.org/admin/optional/object-storage/)."""


def acl_of_settings(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the setting in the text that sends an ACL, if the bucket accepts none.

    Amazon S3 User Guide, "Controlling ownership of objects and disabling ACLs for your bucket"
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html).
    """
    said, setting = _NO_ACLS.search(failure.text), _ACL.search(failure.text)
    if said is None or setting is None:
        return
    words = " ".join(setting[0].split())
    instead = next((new for old, new in _INSTEAD.items() if words.lower().startswith(old)), "")
    public = (
        " To publish the objects, use the bucket's policy or CloudFront." if setting["acl"].startswith("public") else ""
    )
    yield FirstLook(
        f"The setting “{words}” sends the ACL: "
        f"{f'write {instead}' if instead else 'remove it'}. The upload itself needs none.{public}",
        contains(said[0], words),
        None,
        Who.CALLER,
    )


_NOT_DECRYPTED = regex(r"SOPS encrypted, configuring decryption is required")


def flux_without_decryption(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the setting that a Flux Kustomization lacks if it is to apply an encrypted Secret.

    Flux, "Kustomization", "Decryption" (https://fluxcd.io/flux/components/kustomize/kustomizations/#decryption).
    """
    if failure.trouble is Trouble.UNRECOGNIZED and (said := _NOT_DECRYPTED.search(failure.text)):
        yield FirstLook(
            "The Flux Kustomization that applies this Secret has no spec.decryption: add provider: sops to it. Flux "
            "decrypts nothing before that, so neither the role nor the KMS key is at fault yet. Each Kustomization "
            "needs its own setting; with AWS KMS, no secretRef is needed.",
            contains(said[0]),
            "kubectl get kustomizations.kustomize.toolkit.fluxcd.io -A -o "
            "custom-columns=NAME:.metadata.name,DECRYPTION:.spec.decryption.provider",
            Who.CALLER,
            decides=True,
        )
