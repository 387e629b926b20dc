"""Report that an SCP, RCP, permissions boundary or session policy in the text denies the request."""

from __future__ import annotations

from diagnostics.access_denied.pasted.data_perimeters import of_a_perimeter
from diagnostics.access_denied.pasted.denies.guardrails import of_guardrails
from diagnostics.access_denied.pasted.evaluation.evaluate import judge
from diagnostics.access_denied.pasted.finding import LAYERS_IN_WORDS, Finding
from diagnostics.access_denied.pasted.findings_in_order.comparison import Comparison
from iam.policy.decision import Fault
from iam.policy.layer import Layer

_LIMITS = ("session", "boundary")


_ALLOWS_NOT = (".explicit-deny", f".{Fault.NO_ACTION.value}", f".{Fault.RESOURCE_MISMATCH.value}")


def of_matching_guardrails(case: Comparison) -> list[Finding]:
    """Return what an SCP, RCP, boundary, session policy or data perimeter says, if AWS names no policy."""
    return (
        list(of_guardrails(case.documents, case.action, case.name))
        or list(of_a_perimeter(case.documents, case.denial, case.action))
        or _met_guardrails(case)
    )


def _met_guardrails(case: Comparison) -> list[Finding]:
    """Return the first Deny of an SCP, RCP, boundary or session policy that the request matches.

    A missing Allow in a boundary or session policy counts too, because nothing else can replace that Allow (IAM User
    Guide, "Policy evaluation logic":
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
    """
    return [
        finding
        for one in case.documents
        if one.label in LAYERS_IN_WORDS
        for finding in judge(
            case.denial,
            case.action,
            [one],
            Layer.IDENTITY,
            one.label,
            case.values,
            whole=one.whole and one.label in _LIMITS,
        )
        if (finding.code or "").endswith(_ALLOWS_NOT if one.label in _LIMITS else _ALLOWS_NOT[:1])
    ][:1]
