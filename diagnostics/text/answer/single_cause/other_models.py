"""A policy that allows the model that a program is set to use, where the program asks for another one, too."""

from __future__ import annotations

from dataclasses import replace

from diagnostics.failure import Denial
from diagnostics.text.answer.other_model import other_model
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.who import Who


def of_another_model(denial: Denial) -> Decision | None:
    """Return the decision that the program asked for a model that the text does not set; else None.

    `diagnostics.text.answer.other_model` has the page. A text without any policy is answered by the usual verdict.
    """
    if not (said := other_model(denial)) or not (denial.stated_reason or "").startswith("implicit:"):
        return None
    decision = decide(
        f"{(denial.stated_reason or '').partition(':')[2]}.no-action",
        "the requested model is not the one that the text sets",
        said,
        "Set the program's other model, or allow it",
        Who.CALLER,
        "the program's settings",
        f"Set the model that the program uses for small or background tasks to one that is allowed. If it is meant, "
        f"allow {denial.action} on {denial.resource} and on its foundation model in each Region of the profile.",
    )
    return replace(decision, nearer=True)
