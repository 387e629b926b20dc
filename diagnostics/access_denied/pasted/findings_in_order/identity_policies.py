"""Evaluate the caller's policies, and report that they lack the action or that another role has the action."""

from __future__ import annotations

import re
from collections.abc import Sequence

from diagnostics.access_denied.pasted.aws_managed_policies import of_managed_policies
from diagnostics.access_denied.pasted.evaluation.another_role import of_another
from diagnostics.access_denied.pasted.evaluation.evaluate import judge
from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.findings_in_order.actions_of_other_services import (
    of_other_services,
    of_wrong_prefix,
)
from diagnostics.access_denied.pasted.findings_in_order.callers_policies import DEPLOYS, documents_of_the_caller
from diagnostics.access_denied.pasted.findings_in_order.comparison import Comparison, allows
from diagnostics.access_denied.pasted.policies_in_text import WRITES_POLICIES, PastedPolicy
from diagnostics.access_denied.pasted.request_in_words import known_caller
from diagnostics.access_denied.pasted.request_resource import with_arn
from iam.arn import account_of
from iam.lazy_pattern import regex
from iam.policy.decision import Fault
from iam.policy.layer import Layer


def evaluated_for_the_caller(case: Comparison, others: Sequence[PastedPolicy]) -> list[Finding]:
    """Return what the caller's documents say about the request."""
    of_the_role_alone = case.is_trust and (case.stated == "trust" or case.denial.principal is None)
    if not others or of_the_role_alone:
        return []
    whole = all(one.whole for one in others)
    return list(judge(case.denial, case.action, others, Layer.IDENTITY, case.word, case.values, whole=whole))


def with_what_is_missing(
    case: Comparison, findings: Sequence[Finding], foreign: Sequence[PastedPolicy]
) -> list[Finding]:
    """Return the findings of the caller's documents, with those about what none of these documents allows.

    ``foreign`` are the documents that are attached to another role.
    """
    findings = list(findings)
    if foreign and known_caller(case.denial) is not None and not allows(findings):
        another = list(of_another(case.denial, case.action, foreign, case.name, case.values))
        names = any((one.code or "").endswith(Fault.RESOURCE_MISMATCH.value) for one in findings)
        findings = [*findings, *another] if names else [*another, *findings]
    of_the_caller = not case.is_trust or case.stated == "identity"
    if not foreign and of_the_caller and not case.is_explicit and not allows(findings):
        findings = _without_the_action(case, findings)
    if case.is_trust and not findings and not foreign and not case.stated:
        managed = of_managed_policies(with_arn(case.denial), case.text, case.action)
        home, owner = account_of(case.denial.principal or ""), account_of(case.denial.resource or "")
        both = home is not None and owner is not None and home != owner  # within an account, trust may be enough
        findings += (one for one in managed if one.code is None or both)
    return findings


def _without_the_action(case: Comparison, findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings, and one more if the caller's documents allow only other services' actions or prefixes."""
    action, word, text = case.action, case.word, case.text
    of_caller, _ = documents_of_the_caller(case.documents, case.denial, word, case.name, text)
    findings = [*of_wrong_prefix(of_caller, action, word), *findings]
    elsewhere = word == "identity" and (DEPLOYS.search(text) or (not case.stated and _OTHER_POLICIES.search(text)))
    if not findings and case.stated != "resource" and not elsewhere and not WRITES_POLICIES.search(action):
        parts = case.denial.stated_reason == f"implicit:{word}" and "Statement" not in text
        parts = parts or (word == "identity" and _THE_POLICY.search(text) is not None)
        findings += of_other_services(of_caller, with_arn(case.denial), action, word, parts=parts)
    if not findings and word == "identity":
        findings += of_managed_policies(with_arn(case.denial), text, action)
    return findings


_THE_POLICY = regex(
    r"\b(?:inline|only|full|complete|entire) policy\b[^\n:]{0,60}:\s{0,4}\{\s*\"(?:Sid|Effect|Action)\"", re.IGNORECASE
)
"""Words that introduce a statement as all of a policy."""
_OTHER_POLICIES = regex(
    r":policy/|managed_?policy_?arns?|policy_arn\b|^[ \t]*-[ \t]+\w{1,60}Policy:", re.IGNORECASE | re.MULTILINE
)
"""A reference to a policy whose statements are not in the text: its ARN, or a SAM policy template."""
