"""An ARN that the text writes twice without one of its colons: in AWS's message, and in the setting that was sent."""

from __future__ import annotations

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.who import Who


def without_a_colon(denial: Denial) -> Decision | None:
    """Return the decision that the called resource's ARN lacks a colon where it is set; else None.

    AWS's message repeats the ARN of the call. An ARN that only the message has so may be a typing error of the text.
    IAM User Guide, "IAM ARNs": the Region is empty
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns).
    """
    text, resource = denial.pasted or denial.text, denial.resource or ""
    said = next((each.said for each in denial.repairs if each.read == resource), "")
    if not said or said.replace(":", "") != resource.replace(":", "") or text.count(resource) < _IN_BOTH:
        return None
    return decide(
        "identity.resource-mismatch",
        f"the call and a setting have {said}, which lacks a colon",
        f"The ARN {said} lacks a colon, and the call was made with it: write {resource} in the setting. No policy can "
        "match the ARN as it is.",
        "Correct the ARN in the setting",
        Who.CALLER,
        said,
        f"Write {resource} where the text has {said}, and make the call again. Only if that is refused, look at the "
        "policies.",
        nearer=True,
    )


_IN_BOTH = 2
"""The number of times that the ARN is in a text with the message and the setting."""
