"""Find the bucket that the endpoint policy in the text leaves out, by the address that was refused."""

from __future__ import annotations

import json
from collections.abc import Sequence

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.relevant_policies import PastedPolicy
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.text.read.forms.http_refusals import prefix_of_buckets, refused_objects
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.policy.decision import Fault
from iam.policy.match import names_action, resource_matcher

_ACTION = "s3:GetObject"
_OF_LAYERS = regex(r"prod-[a-z0-9-]{5,30}-starport-layer-bucket")
"""Amazon ECR User Guide, "Amazon ECR interface VPC endpoints (AWS PrivateLink)", minimum Amazon S3 bucket permissions:
https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html."""


def of_an_endpoint_policy(denial: Denial, pasted: Sequence[PastedPolicy]) -> Finding | None:
    """Return a finding if the endpoint policy in the text does not allow reading the refused object; None otherwise.

    Amazon ECR User Guide, "Amazon ECR interface VPC endpoints (AWS PrivateLink)": the policy of the Amazon S3 gateway
    endpoint must allow each bucket (https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html).
    """
    text = denial.pasted or denial.text
    allows = [
        each
        for one in pasted
        if one.label == "vpce"
        for each in one.document.statements
        if each.effect == "Allow" and names_action(each.action or (), _ACTION)
    ]
    named = [name for each in allows for name in each.resource or ()]
    if not named:
        return None
    prefix = prefix_of_buckets(text)
    left_out = [
        bucket
        for bucket, key in refused_objects(text)
        if not any(resource_matcher(name)(f"{prefix}{bucket}/{key}") for name in named)
    ]
    if not left_out:
        return None
    bucket = left_out[0]
    kept = ", AWS's bucket in which ECR keeps image layers" if _OF_LAYERS.fullmatch(bucket) else ""
    said = f"the endpoint policy does not allow {bucket}{kept or ', from which the refused address reads'}"
    statement = {"Effect": "Allow", "Principal": "*", "Action": _ACTION, "Resource": f"{prefix}{bucket}/*"}
    note = Note(
        "the endpoint policy in the text",
        f"Add the statement {json.dumps(statement)}. The caller's role and the policies of your own buckets are not "
        "the cause.",
    )
    fix = Fix(f"Let the endpoint policy allow {bucket}", Who.RESOURCE_OWNER, note)
    return Finding(f"vpce.{Fault.RESOURCE_MISMATCH.value}", said, f"In the text, {said}.", fix=fix)
