"""An S3 access point and its bucket: both must allow a request through the access point.

The bucket must allow it under the bucket's own name (S3 User Guide, "Configuring IAM policies for using access
points").
"""

from __future__ import annotations

from dataclasses import replace

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.evidence.history import Changes
from diagnostics.access_denied.evidence.simulator import Witness
from diagnostics.access_denied.judge import ALLOWED_NOW, UNREADABLE, DenialFinding, judge
from diagnostics.access_denied.layers import layer_step
from diagnostics.diagnosis import Step
from iam.policy.layer import Layer

_WEIGHT = {ALLOWED_NOW: 0, UNREADABLE: 1}
"""How much each cause explains; an unlisted cause has weight 2.

   Of two findings, the one with more weight is reported.
"""


def through_an_access_point(
    case: Case, finding: DenialFinding, changes: Changes
) -> tuple[Case, DenialFinding, tuple[Step, ...]]:
    """Return the case and finding to report, and the steps about the bucket.

    The bucket's case and finding are returned if its finding explains more than that of the access point; otherwise the
    arguments are returned unchanged. ``case.beside`` is the bucket's case.
    """
    bucket = case.beside
    assert bucket is not None
    found = judge(bucket, Witness(), changes)
    takes_over = _WEIGHT.get(found.cause, 2) > _WEIGHT.get(finding.cause, 2)
    decides = Layer.RESOURCE if bucket.cautious.allowed else bucket.cautious.decided_by or Layer.RESOURCE
    # The bucket's layers are reported again if the verdict is about them.
    layers = dict.fromkeys((Layer.RCP, Layer.RESOURCE, decides) if takes_over else (decides,))
    steps = tuple(_step(bucket, layer, takes_over) for layer in layers)
    return (bucket, found, steps) if takes_over else (case, finding, steps)


def _step(bucket: Case, layer: Layer, takes_over: bool) -> Step:
    step = layer_step(bucket, layer, Witness())
    name = bucket.request.resource.partition(":::")[2].partition("/")[0]
    title = f"The access point's bucket, {name}: {step.title}"
    return replace(step, title=title, id=step.id if takes_over else "bucket", asserts=())
