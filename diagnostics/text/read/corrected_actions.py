"""Correct the mangled actions of denials, and record which parts of a denial were corrected or repaired."""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.failure import CUT, Denial, Failure
from diagnostics.failure_details import Repair
from diagnostics.text.read.clean.nearest_action import begins_an_action, meant_action, only_action_begun, with_action
from iam.lazy_pattern import regex


def with_real_actions(found: list[Failure], text: str) -> tuple[list[Failure], str]:
    """Return the denials with the actual actions in place of mangled names, and the text corrected in the same way."""
    out: list[Failure] = []
    for failure in found:
        if isinstance(failure, Denial):
            failure, text = _with_real_action(failure, text)
        out.append(failure)
    return out, text


_HAS_POLICY = regex(r"\b(?:Not)?Actions?\b[\"']?\s*[:=]", re.IGNORECASE)


def _with_real_action(denial: Denial, text: str) -> tuple[Denial, str]:
    for written in dict.fromkeys(filter(None, (denial.action, denial.missing_action))):
        begins = written.removesuffix(CUT)
        begun = only_action_begun(begins)
        # Without a policy to compare with, the answer only says what the line may have been. The text is searched last:
        # it may be long, and have a thousand denials.
        if begun is not None and not denial.stated_reason:
            cut = re.search(rf"{re.escape(begins)}(?:{CUT}|\.\.\.)", text)
            begun = begun if cut and _HAS_POLICY.search(text) else None
        meant = begun or meant_action(written)
        if meant is None:
            if written == denial.action and begins_an_action(written):
                denial = replace(denial, action=written + CUT)
            continue
        missing = meant if denial.missing_action == written else denial.missing_action
        action = meant if denial.action == written else denial.action
        service, _, called = meant.partition(":")
        operation = denial.operation
        if operation and meant in (f"{service}:{operation}", meant_action(f"{service}:{operation}")):
            operation = called
        text = with_action(text, written, meant)
        denial = replace(
            denial,
            text=with_action(denial.text, written, meant),
            action=action,
            missing_action=None if missing == action else missing,
            operation=operation,
            repairs=(*denial.repairs, Repair(written, meant)),
        )
    return denial, text


def with_repairs(failure: Failure, repairs: tuple[Repair, ...]) -> Failure:
    """Return a denial with the repairs of its own principal, resource and policy."""
    if not repairs or not isinstance(failure, Denial):
        return failure
    values = f"{failure.principal} {failure.resource} {failure.policy_arn}"
    own = tuple(each for each in repairs if each.read in values)
    return replace(failure, repairs=(*own, *failure.repairs)) if own else failure
