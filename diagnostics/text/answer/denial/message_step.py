"""The step on what the text states: action, resource, caller and reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from diagnostics.claims.kinds import Claim, TextBlames, TextPart, TextStates
from diagnostics.diagnosis import Evidence, Status, Step
from diagnostics.failure import Denial
from diagnostics.text.answer.denial.named_actions import named_as_refused
from diagnostics.text.answer.denial.reason_of_service import own_words
from diagnostics.text.read.messages.additions_to_message import stated_in
from diagnostics.words import POLICY_TYPES
from iam.lazy_pattern import regex
from iam.words import listing, with_article

if TYPE_CHECKING:
    from diagnostics.failure_details import DecodedMessage


def stated_words(denial: Denial) -> str:
    """Return the reason that the text states, in a few words; "" if it states none."""
    reason, _, layer = (denial.stated_reason or "").partition(":")
    if reason == "s3-block-public-access":
        return "S3 Block Public Access prevents it"
    kind = POLICY_TYPES.get(layer)
    if reason == "implicit" and kind:
        return f"no {kind} allows {denial.missing_action or 'it'}"
    if reason == "explicit":
        return (
            f"explicit deny in {with_article(kind)}"
            if kind
            else ("an explicit deny; the message does not name the type of policy")
        )
    if denial.decoded:
        return "no statement allows the action, and none denies it"
    stated = stated_in(denial.text)
    return stated.words if stated else ""


def message_step(denial: Denial) -> Step:
    """Return the step on what the text states. It fails only if the text contains neither an action nor a reason."""
    words = stated_words(denial)
    asked = listing(named_as_refused(denial)) or (denial.operation and f"operation {denial.operation}")
    alone = words and not (denial.resource or denial.principal)
    said = [denial.action or asked or ("" if alone else "an action that was not recognized")]
    if denial.resource:
        said.append(f"on {denial.resource}")
    if denial.principal and not _OF_ANOTHER.search(words):
        said.append(f"by {denial.principal}")
    if denial.claims_trust:
        role = denial.resource or "its role"
        said = [f"{denial.service or 'a service'} cannot assume {role}"]
    own = own_words(denial) if not words and not denial.claims_trust else ""
    why = words or (own and f"it says “{own}”")
    what = " ".join(filter(None, said))
    summary = f"{what}; {why}" if what and why else what or why
    if denial.count > 1:
        summary += f"; {denial.count} times"
    evidence = [Evidence(text=summary, layer="message")]
    if denial.decoded:
        evidence += _decoded_evidence(denial.decoded)
    if denial.policy_arn:
        evidence.append(Evidence(text="the policy that the text names", layer="message", arn=denial.policy_arn))
    if denial.authorization_id:
        evidence.append(
            Evidence(
                text=f"AWS keeps the full evaluation under {denial.authorization_id} for at least 24 hours",
                layer="message",
                call="iam-toolbox:GetRequestAuthorizationDetails",
            )
        )
    known = bool(denial.action or denial.operation or denial.stated_reason or denial.claims_trust or words)
    status = Status.PASS if known else Status.UNKNOWN
    return Step("message", "What the text says", status, summary, tuple(evidence), asserts=_claims_of_text(denial))


_OF_ANOTHER = regex(r"\bexecution role\b[^;]{0,20}\b(?:lacks?|cannot)\b")
"""Words that say that a role other than the caller's was denied."""


def _claims_of_text(denial: Denial) -> tuple[Claim, ...]:
    """The claims of the step about the text."""
    word = (denial.stated_reason or "").partition(":")[2]
    stated = [TextBlames(word)] if word in POLICY_TYPES else []
    named = [TextStates(TextPart.RESOURCE)] if denial.resource else []
    called = [TextStates(TextPart.PRINCIPAL)] if denial.principal else []
    return (*stated, *named, *called)


def _decoded_evidence(decoded: DecodedMessage) -> Iterator[Evidence]:
    """The evidence in a decoded message: the matching statements, the failures, and the condition keys' values."""
    for statement in decoded.statements:
        said = [statement.effect or "a statement", ", ".join(statement.actions)]
        said += [f"on {', '.join(statement.resources)}"] if statement.resources else []
        said += [f"if {key} = {', '.join(values)}" for key, values in statement.conditions]
        yield Evidence(text=f"matched: {' '.join(filter(None, said))}", layer="message", sid=statement.sid)
    for each in decoded.failures:
        yield Evidence(text=f"failure: {each}", layer="message")
    for key, values in decoded.context:
        yield Evidence(text=f"{key} = {', '.join(values)}", layer="message", element="Condition")
