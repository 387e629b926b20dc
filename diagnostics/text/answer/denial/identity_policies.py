"""Denials in which AWS says that no identity-based policy allows the action: caller, action and missing Allow."""

from __future__ import annotations

import re

from diagnostics.failure import Denial
from diagnostics.text.answer.denial.advised import Advised
from diagnostics.text.answer.denial.boundary_and_session import of_a_boundary, of_a_session
from diagnostics.text.answer.denial.needed_next import needed_next
from diagnostics.text.answer.denial.read_only_callers import may_be_intended
from diagnostics.text.answer.denial.resource_to_allow import of_a_secret, of_each
from diagnostics.text.answer.other_model import other_model
from diagnostics.text.read.messages.additions_to_message import allowed_by
from diagnostics.text.read.one_message import is_alone
from iam.arn import identity_of
from iam.facts.client_calls import client_call
from iam.lazy_pattern import regex
from iam.service_reference import action as action_of


def nothing_allows(denial: Denial, missing: str) -> Advised:
    """Return the caller, the action and the resource, if AWS says that no identity-based policy allows the action."""
    if used := _identity_used(denial, missing):
        return Advised(used)
    who, change = who_lacks(denial.principal or "")
    known = action_of(missing)
    star = known is not None and not known.resource_types and denial.resource in (None, "*")
    on = f" on {denial.resource}" if denial.resource and not star else ""
    if "AWSReservedSSO_" in denial.text and _NOT_PROVISIONED.search(denial.text):
        return Advised(
            f"The text says that no identity-based policy of {who} allows {missing}{on}. The text also says that "
            "the permission set's last change is not provisioned to the account: first provision the permission "
            "set to that account."
        )
    how = ' with Resource "*"' if star else ""
    first = f"The text says that no identity-based policy of {who} allows {missing}{on}."
    if apart := _between_partitions(denial):
        return Advised(f"{apart} {first}")
    if "/AWSServiceRoleFor" in (denial.principal or ""):
        from diagnostics.text.answer.service_linked_roles import allow_elsewhere

        return Advised(f"{first} {allow_elsewhere(denial.principal or '', missing, denial.resource or '')}")
    if before := other_model(denial) or _instead_of_an_allow(denial, missing) or _not_covered(denial):
        return Advised(f"{first} {before}{of_a_boundary(denial)}")
    if by_itself := client_call(missing, denial.resource or "", denial.pasted or denial.text):
        allow = "" if "llow " in by_itself else f"If the call is intended, allow the action {change}. "
        return Advised(f"{first} {allow}{by_itself}{of_a_boundary(denial)}")
    if intended := may_be_intended(denial, missing, who):
        return Advised(f"{first} {intended} allow the action {change}{how}.{of_each(denial.resource or '')}")
    if held := _attached_policy(denial, missing, who):
        there = f"check that it is attached to {who}, and no boundary or condition limits it"
        return Advised(f"{first} The text names {held}, which has the action: {there}.{of_a_boundary(denial)}")
    further = of_each(denial.resource or "") or of_a_secret(denial, missing) or of_a_session(denial)
    further += of_a_boundary(denial) + _in_turn(denial, missing)
    allow = f"allow the action{needed_next(missing)} {change}{how}"
    if on and denial.resource != "*":
        advice = f"If this caller and this resource are intended, {allow}; otherwise correct the call."
    else:
        advice = f"If this caller is meant to make the call, {allow}; otherwise use other credentials."
    return Advised(f"{first} {advice}{further}") if further else Advised(first, advice)


_MESSAGE = regex(r"[^\n]*\bauthorized to perform\b[^\n]*|\bno [\w-]+ policy allows the \S+ action\b")
_HOLDERS = ("role", "user", "permission set", "group")


def _attached_policy(denial: Denial, missing: str, who: str) -> str:
    """Return the AWS managed policy that has the action and that the text says is attached; "" if it names none.

    A clause about another kind of identity than the caller's does not count.
    """
    if is_alone(denial):
        return ""
    text = _MESSAGE.sub("", denial.pasted or denial.text)
    held = allowed_by(missing, text, managed=True)
    if not held or ":" in held:
        return ""
    clause = next((each.lower() for each in re.split(r"[.;\n]", text) if held in each), "").replace(held.lower(), "")
    others = (each for each in _HOLDERS if f"the {each} " not in who)
    return "" if any(re.search(rf"\b{each}s?\b", clause) for each in others) else held


# A denial that is AWS's message alone shows no other identity and no policy: what reads these is not loaded for it.
def settings_not_used(denial: Denial) -> str:
    if is_alone(denial):
        return ""
    from diagnostics.text.answer.other_identity_than_meant import settings_not_used

    return settings_not_used(denial)


def _between_partitions(denial: Denial) -> str:
    caller, resource = denial.principal or "", denial.resource or ""
    if not resource.startswith("arn:") or caller.split(":")[:2] == resource.split(":")[:2]:
        return ""
    from diagnostics.text.answer.policy_documents.partition_of_policy import between_partitions

    return between_partitions(caller, resource)


def _identity_used(denial: Denial, missing: str) -> str:
    if is_alone(denial):
        return ""
    from diagnostics.text.answer.other_identity_than_meant import identity_used

    return identity_used(denial, missing)


def _instead_of_an_allow(denial: Denial, missing: str) -> str:
    if is_alone(denial):
        return ""
    from diagnostics.text.answer.allow_not_needed import instead_of_an_allow

    return instead_of_an_allow(denial, missing)


def _not_covered(denial: Denial) -> str:
    """Return why the grant that the text describes does not cover the call; "" if it describes none."""
    if is_alone(denial):
        return ""
    from diagnostics.text.read.author.spoken_grants import gap_in_grant  # few denials have prose

    return gap.sentence if (gap := gap_in_grant(denial)) is not None else ""


def _in_turn(denial: Denial, missing: str) -> str:
    if is_alone(denial):
        return ""
    from diagnostics.text.read.author.refused_in_turn import further_actions  # few denials have prose

    return further_actions(denial, missing)


_NOT_PROVISIONED = regex(r"\bNot [Cc]urrent\b[^\n]{0,40}\b[Rr]e-?provision")
"""Words in IAM Identity Center's console if a permission set was changed and not provisioned again."""


def who_lacks(principal: str) -> tuple[str, str]:
    """The denied role, user or permission set, and where its permissions are changed."""
    _, kind, name = identity_of(principal)
    if name.startswith("AWSReservedSSO_"):
        from iam.ownership import permission_set_of

        if permission_set := permission_set_of(name):
            return f"the permission set {permission_set}", "in that permission set (IAM Identity Center)"
    whose = f"the {kind} {name}" if kind in ("role", "user") else "the caller"
    return whose, "in the caller's policies"
