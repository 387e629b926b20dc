"""Find the Deny in the text's SCP, RCP, permissions boundary or session policy, if AWS names no policy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diagnostics.access_denied.pasted.finding import LAYERS_IN_WORDS, Finding
from diagnostics.access_denied.pasted.placeholders import resource_texts
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.diagnosis import Evidence
from diagnostics.fix import Fix, Note
from diagnostics.who import OWNERS, Who
from iam.policy.match import names_action
from iam.policy.operators import operator
from iam.words import listing


def of_guardrails(pasted: Sequence[PastedPolicy], action: str, caller: str) -> Iterator[Finding]:
    """Yield a Deny in the text's SCP, RCP, boundary or session policy, if AWS names no policy in the denial."""
    for one in pasted:
        if one.label not in LAYERS_IN_WORDS:
            continue
        for number, (written, statement) in enumerate(zip(one.written, one.document.statements, strict=True)):
            if statement.effect != "Deny" or not names_action(statement.action or (), action):
                continue
            if any(block.key.lower() != "aws:principalarn" for block in statement.conditions):
                continue  # it was evaluated, and the request does not meet it
            exempt = [
                value
                for kind, block in (written.get("Condition") or {}).items()
                if (parts := operator(kind)) is not None and parts.negated and isinstance(block, dict)
                for key, values in block.items()
                if key.lower() == "aws:principalarn"
                for value in resource_texts(values)
            ]
            layer, which = LAYERS_IN_WORDS[one.label], statement.sid or number + 1
            said = f"statement {which} of the {layer} denies {action}"
            who = caller or "the caller"
            if exempt:
                said += f", except for {listing(exempt[:3])}"
            sentence = f"In the text, {said}. No Allow can help{f' unless {who} is one of them' if exempt else ''}."
            evidence = Evidence(said, one.label, statement=number, sid=statement.sid, document=one.document)
            owner = OWNERS.get(one.label, Who.ACCOUNT_ADMIN)
            fix = None
            if exempt:
                text = (
                    f"Add the ARN of {who} to the condition's values. The entire statement then no longer applies "
                    f"to {who}."
                )
                note = Note(f"the {layer} in the text", text)
                fix = Fix(f"Exempt {who} from the Deny, if this request should be allowed", owner, note)
            yield Finding(f"{one.label}.explicit-deny", said, sentence, (evidence,), fix=fix)
            return
