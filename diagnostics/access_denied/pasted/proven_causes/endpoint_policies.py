"""Find the bucket that the endpoint policy in the text does not allow, from the address that was refused."""

from __future__ import annotations

import json
from collections.abc import Sequence

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.text.read.forms.http_refusals import prefix_of_buckets, refused_objects
from diagnostics.who import Who
from iam.facts.aws_buckets import content_of
from iam.lazy_pattern import regex
from iam.policy.decision import Fault
from iam.policy.match import names_action, resource_matcher

_ACTION = "s3:GetObject"


_SAID = "the endpoint policy has no Allow statement, so it denies every call through the endpoint"
_NO_ALLOW = Finding(
    f"vpce.{Fault.NO_ACTION.value}",
    _SAID,
    f"In the text, {_SAID}. This policy replaces the default policy, which allows everything. Calls that do not go "
    "through the endpoint, such as calls to another Region, are not affected.",
    fix=Fix(
        "Add an Allow statement to the endpoint policy",
        Who.RESOURCE_OWNER,
        Note(
            "the endpoint policy in the text",
            'Add a statement with "Effect": "Allow", "Principal": "*", and the actions and resources of the '
            "intended calls. Keep the Deny. No role and no resource's own policy has to change.",
        ),
    ),
)
"""AWS PrivateLink Guide, "Control access to VPC endpoints using endpoint policies", default endpoint policy
(https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html).
"""


_DOCUMENT = regex(r"\bStatement[\"']?[ \t]*[:=]|\baws_iam_policy_document\b")
"""Words that show that a text contains a policy document, and not only single statements."""


def _allows_nothing(one: PastedPolicy) -> bool:
    complete = one.whole and one.names_principals and not one.part
    return complete and not any(each.effect == "Allow" for each in one.document.statements)


def of_an_endpoint_policy(denial: Denial, pasted: Sequence[PastedPolicy]) -> Finding | None:
    """Return a finding if the endpoint policy in the text allows nothing, or not the refused object; None otherwise.

    Amazon ECR User Guide, "Amazon ECR interface VPC endpoints (AWS PrivateLink)": the policy of the Amazon S3 gateway
    endpoint must allow each bucket (https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html).
    """
    text = denial.pasted or denial.text
    shown = [one for one in pasted if one.label == "vpce"]
    denied = (denial.stated_reason or "").startswith("explicit")  # by a Deny, and not because an Allow is missing
    if shown and not denied and _DOCUMENT.search(text) and all(map(_allows_nothing, shown)):
        return _NO_ALLOW
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
    content = content_of(bucket)
    kept = f", AWS's own bucket with {content}" if content else ""
    said = f"the endpoint policy does not allow {bucket}{kept or ', from which the refused address reads'}"
    statement = {"Effect": "Allow", "Principal": "*", "Action": _ACTION, "Resource": f"{prefix}{bucket}/*"}
    note = Note(
        "the endpoint policy in the text",
        f"Add the statement {json.dumps(statement)}. The caller's role and the policies of your own buckets are not "
        "the cause.",
    )
    fix = Fix(f"Let the endpoint policy allow {bucket}", Who.RESOURCE_OWNER, note)
    return Finding(f"vpce.{Fault.RESOURCE_MISMATCH.value}", said, f"In the text, {said}.", fix=fix)
