"""Choose the finding that the denial is about."""

from __future__ import annotations

from collections.abc import Sequence

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.failure import Denial
from diagnostics.text.read.messages.stated_reasons import stated_in
from iam.policy.decision import Fault


def is_of_policies(denial: Denial, finding: Finding, pasted: Sequence[PastedPolicy]) -> bool:
    """Whether a policy can be the reason.

    No policy can be the reason if the service itself says that permissions do not matter. A condition with an unknown
    value is not the reason either if the service says that KMS denied the request, and the policies do not name actions
    of KMS.
    """
    stated = stated_in(denial.text)
    if stated is not None and stated.cause.startswith(("not-iam", "credentials.")):
        return False
    unknown = (finding.code or "").endswith(Fault.CONDITION_UNKNOWN.value)
    named = (name for one in pasted for each in one.document.statements for name in each.action or ())
    of_keys = any(name.lower().startswith("kms:") for name in named)
    return of_keys or not (unknown and "KMS.AccessDeniedException" in denial.text)


def deciding(findings: list[Finding], *, explicit: bool, stated: str) -> Finding | None:
    """Return the finding that the denial is about.

    If the message says that a Deny matched, a finding about a Deny comes first; otherwise a finding about something
    missing does. A finding that the policies allow the request comes last. Findings about a different layer from the
    one that AWS names do not count.
    """
    named = [one for one in findings if one.code is None or stated in ("", "unknown", one.code.partition(".")[0])]

    def rank(one: Finding) -> tuple[bool, bool]:
        denies = (one.code or "").endswith(".explicit-deny")
        return (not denies, one.code is None) if explicit else (one.code is None, denies)

    return min(named, key=rank, default=None)
