"""Explain what to do if a policy in the text allows the request, although AWS denied it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from diagnostics.access_denied.pasted.attached_elsewhere import attached_elsewhere
from diagnostics.access_denied.pasted.aws_managed_policies import of_a_policy_not_in_force, of_an_own_new_policy
from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.findings_in_order.comparison import Comparison
from diagnostics.access_denied.pasted.further_actions_of_the_call import of_a_further_need
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.access_denied.pasted.possible_allows import of_a_missing_object
from diagnostics.access_denied.pasted.proven_causes.ecs_task_roles import of_the_other_role
from diagnostics.text.read.identities.named_roles import named_roles
from diagnostics.text.read.identities.token_claims import claims_fit
from iam.lazy_pattern import regex


def although_allowed(
    case: Comparison, first: Finding, mine: Sequence[Finding], others: Sequence[PastedPolicy]
) -> Finding | None:
    """Return what explains a denial of a request that the documents allow: another need, role or policy.

    ``first`` is the finding that the documents allow the request, ``mine`` are those of the caller's policies
    ``others``.
    """
    denial, action = case.denial, case.action
    if mine and (further := of_a_further_need(denial, action, others, case.values)) is not None:
        return further
    if first.covers and action.lower() == "sts:assumerolewithwebidentity" and claims_fit(case.text):
        return replace(first, sentence=_CLAIMS_FIT)
    if first.covers:
        explained = (
            of_the_other_role(denial, case.found, case.text, action)
            or of_a_missing_object(denial, action, case.found)
            or of_a_policy_not_in_force(denial, case.text, action)
            or of_an_own_new_policy(denial, case.text, action)
        )
        if explained is not None:
            return explained
    if denial.stated_reason == "implicit:identity" and case.name and _other_holder(case.name, case.found, case.text):
        return replace(first, sentence=_which_caller_has_it(case.name, action, case.found, case.text), leads=True)
    if first.covers and denial.stated_reason == "implicit:identity" and case.name:
        return replace(first, sentence=_which_caller_has_it(case.name, action, case.found, case.text))
    return replace(first, leads=not others or case.stated in ("", "unknown", "identity"))


_CLAIMS_FIT = (
    "The token's claims in the text meet the conditions of the trust policy in the text, so the refusal has another "
    "reason: another role or account than the policy's, another token than the printed one, a policy that was changed "
    "moments ago, or an RCP of the organization."
)
_HEADING = 200
"""The number of characters before a policy that are searched for the role to which the policy belongs."""


_CALLED_A_ROLE = regex(r"(?<![\w:/.-])[A-Za-z][\w]*-(?:[\w]+-)*[Rr]ole(?![\w/-])")
"""A name that ends with "-role"."""


def _other_holder(name: str, pasted: Sequence[PastedPolicy], text: str) -> str:
    """Return the only role that the words before the policies name, if that is not the caller.

    Return "" if these words name several roles, or none.
    """
    headings = (text[max(0, one.span[0] - _HEADING) : one.span[0]].rpartition("\n\n")[2] for one in pasted)
    holders = {role for heading in headings for role in (*named_roles(heading), *_CALLED_A_ROLE.findall(heading))}
    return holders.pop() if len(holders) == 1 and name not in holders else ""


def _which_caller_has_it(name: str, action: str, pasted: Sequence[PastedPolicy], text: str) -> str:
    """Return what to do if no policy of ``name`` allowed the action, although a policy in the text names the action."""
    if other := _other_holder(name, pasted, text):
        return (
            f"The policy in the text is of the role {other}, but {name} made the call: these are two roles. If {other} "
            f"is "
            "meant, let the program run with it (the role in the settings of the job, function, task or profile). "
            f"Otherwise attach the policy to {name}."
        )
    if elsewhere := attached_elsewhere(name, text):
        return (
            f"The template in the text attaches the policy to {elsewhere}, but {name} was refused {action}. If "
            f"these are two different roles, attach the policy to {name}."
        )
    none = f"No identity-based policy of {name} allowed {action}, although a policy in the text names this action"
    if any(name in one.holders for one in pasted):
        return f"{none}, but no reason for the denial was recognized in that policy."
    return f"{none}. Find out first whether {name} has that policy."
