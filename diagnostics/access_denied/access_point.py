"""An S3 access point and the bucket behind it: a request that goes through the one must be permitted by both, by the
bucket under its own name (S3 User Guide, "Configuring IAM policies for using access points").
"""

from __future__ import annotations

from dataclasses import replace

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.evidence.history import Changes
from diagnostics.access_denied.evidence.simulator import Witness
from diagnostics.access_denied.judge import ALLOWED_NOW, UNREADABLE, DenialFinding, judge
from diagnostics.access_denied.layers import layer_step
from diagnostics.diagnosis import Step
from iam.policy.decision import Layer

_WEIGHT = {ALLOWED_NOW: 0, UNREADABLE: 1}
"""Of two findings the one that explains more counts: any other cause is 2."""


def through_an_access_point(
    case: Case, finding: DenialFinding, changes: Changes
) -> tuple[Case, DenialFinding, tuple[Step, ...]]:
    """The case and the finding of the bucket, where that explains more than the access point; and the steps that say
    what the bucket does. ``case.beside`` is the bucket's.
    """
    bucket = case.beside
    assert bucket is not None
    found = judge(bucket, Witness(), changes)
    takes_over = _WEIGHT.get(found.cause, 2) > _WEIGHT.get(finding.cause, 2)
    decides = Layer.RESOURCE if bucket.cautious.allowed else bucket.cautious.decided_by or Layer.RESOURCE
    # Its layers are told again where the verdict is about them.
    layers = dict.fromkeys((Layer.RCP, Layer.RESOURCE, decides) if takes_over else (decides,))
    steps = tuple(_step(bucket, layer, takes_over) for layer in layers)
    return (bucket, found, steps) if takes_over else (case, finding, steps)


def _step(bucket: Case, layer: Layer, takes_over: bool) -> Step:
    step = layer_step(bucket, layer, Witness())
    name = bucket.request.resource.partition(":::")[2].partition("/")[0]
    title = f"The access point's bucket, {name}: {step.title}"
    return replace(step, title=title, id=step.id if takes_over else "bucket", asserts=())
