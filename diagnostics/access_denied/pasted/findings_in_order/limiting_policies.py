"""Name a policy that only limits permissions, and explain how to change a session policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from diagnostics.access_denied.pasted.finding import LAYERS_IN_WORDS, Finding
from diagnostics.access_denied.pasted.findings_in_order.further_actions import next_ones, with_next_ones
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy, session_source
from diagnostics.fix import Note
from diagnostics.who import Who
from iam.policy.decision import Fault


def of_a_limit(finding: Finding, action: str, text: str, pasted: Sequence[PastedPolicy]) -> Finding:
    """Return the finding with the kind of the policy named, if the policy only limits permissions.

    For a session policy, the finding also says how session policies work and where to change this one. ``pasted`` are
    the text's policies of that layer. IAM User Guide, "Policies and permissions", session policies
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session).
    """
    layer = finding.layer
    if layer not in LAYERS_IN_WORDS:
        return with_next_ones(finding, action, pasted)
    kind = LAYERS_IN_WORDS[layer]
    finding = replace(
        finding, sentence=finding.sentence.replace("The policy in the text", f"The {kind} in the text", 1)
    )
    fix = finding.fix
    if layer != "session" or fix is None or not isinstance(fix.change, Note):
        return finding
    named = [name for one in pasted if (name := session_source(text, one.span[0]))]
    place = f"{named[0]}, which is the session policy" if named else fix.change.target
    also = next_ones(action, pasted) if finding.code == f"{layer}.{Fault.NO_ACTION.value}" else ""
    how = f"{fix.change.text}{also} Then create a new session: an existing session keeps its old policy."
    fix = replace(fix, who=Who.CALLER, change=replace(fix.change, text=how, target=place))
    then = "A session has only the permissions that both this policy and the policies of its role or user allow."
    return replace(finding, sentence=f"{finding.sentence} {then}", fix=fix)
