"""Report what the text's policies allow if the text truncates the name of the resource."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.placeholders import resource_texts, stated_name
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.text.read.messages.cut_off import MARK
from iam.policy.match import names_action
from iam.words import listing


def of_a_cut_resource(shown: str, action: str, pasted: Sequence[PastedPolicy]) -> Iterator[Finding]:
    """Yield a finding if the resource's name is truncated and the text's policies allow the action on some resource."""
    begins = MARK.sub("", shown)
    allows = [
        (
            each.effect == "Allow" and names_action(each.action or (), action),
            resource_texts(written.get("Resource", "*")),
        )
        for one in pasted
        for written, each in zip(one.written, one.document.statements, strict=True)
    ]
    named = dict.fromkeys(stated_name(each) for allowed, some in allows if allowed for each in some)
    if not named or "*" in named:
        return
    allowed_on = listing(list(named)[:_FEW])
    said = (
        f"the policy allows {action} on {allowed_on}, but the text shows only the beginning of the resource: {begins}"
    )
    sentence = (
        f"Get the full message first, because the text cuts off the resource {begins} and the reason. The policy "
        f"in the text allows {action} on {allowed_on}. If the call was on another resource, the policy must name "
        "that resource. If the call was on an allowed resource, the rest of the message says what denied the call."
    )
    yield Finding(None, said, sentence, settles=True)


_FEW = 3
