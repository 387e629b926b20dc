"""Find a Deny of every action of a service. It matches any call, even if the text does not name the action."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from diagnostics.access_denied.pasted.evaluation.evaluate import judge
from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.failure import Denial
from iam.policy.layer import Layer


def of_any_action(
    denial: Denial, documents: Sequence[PastedPolicy], values: tuple[tuple[int, int, Any], ...]
) -> Finding | None:
    """Return the Deny of the text's resource policies on every action, if values of the text meet its conditions.

    None if a condition's value is unknown, because something else may then deny the call.
    """
    for one in documents:
        every = next(
            (
                action
                for each in one.document.statements
                if each.effect == "Deny" and each.conditions
                for action in each.action or ()
                if action.endswith(":*")
            ),
            None,
        )
        if every is None or not one.names_principals or one.label not in ("", "resource"):
            continue
        asked = replace(denial, action=every)
        for finding in judge(asked, every, [one], Layer.RESOURCE, "resource", values, whole=False):
            if (finding.code or "").endswith(".explicit-deny") and not finding.absent:
                return finding
    return None
