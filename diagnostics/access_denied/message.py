"""The first step: what the text itself says, and what can be done with the text alone."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from diagnostics.diagnosis import Evidence, Status, Step
from diagnostics.failure import DecodedMessage, Denial
from diagnostics.fix import Command, Fix, Who
from diagnostics.messages.stated import stated_in
from diagnostics.words import POLICY_TYPES, with_article


def stated_words(denial: Denial) -> str:
    """The reason that the text states, in a few words; empty where it states none."""
    reason, _, layer = (denial.stated_reason or "").partition(":")
    if reason == "s3-block-public-access":
        return "S3 Block Public Access prevents it"
    kind = POLICY_TYPES.get(layer)
    if reason == "implicit" and kind:
        missing = f" allows {denial.missing_action}" if denial.missing_action else ""
        return f"no {kind}{missing}"
    if reason == "explicit":
        return f"explicit deny in {with_article(kind)}" if kind else "an explicit deny, of a kind it does not name"
    if denial.decoded:
        return "no statement allows it, and none denies it"
    stated = stated_in(denial.text)
    return stated.words if stated else ""


def message_step(denial: Denial) -> Step:
    """What the text says. It fails only where the text carries neither an action nor a reason."""
    said = [denial.action or (denial.operation and f"operation {denial.operation}") or "an action it does not name"]
    if denial.resource:
        said.append(f"on {denial.resource}")
    if denial.principal:
        said.append(f"by {denial.principal}")
    words = stated_words(denial)
    if denial.claims_trust:
        said = [f"{denial.service or 'a service'} cannot assume {denial.resource or 'a role that it does not name'}"]
    summary = f"{' '.join(said)}; {words or 'no reason is stated'}"
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
    known = bool(denial.action or denial.operation or denial.stated_reason or denial.claims_trust)
    return Step("message", "What the text says", Status.PASS if known else Status.UNKNOWN, summary, tuple(evidence))


def _decoded_evidence(decoded: DecodedMessage) -> Iterator[Evidence]:
    """What a decoded message tells: the statements that matched, what went wrong, and the condition keys' values."""
    for statement in decoded.statements:
        said = [statement.effect or "a statement", ", ".join(statement.actions)]
        said += [f"on {', '.join(statement.resources)}"] if statement.resources else []
        said += [f"if {key} = {', '.join(values)}" for key, values in statement.conditions]
        yield Evidence(text=f"matched: {' '.join(filter(None, said))}", layer="message", sid=statement.sid)
    for each in decoded.failures:
        yield Evidence(text=f"failure: {each}", layer="message")
    for key, values in decoded.context:
        yield Evidence(text=f"{key} = {', '.join(values)}", layer="message", element="Condition")


def decode_command(blob: str) -> str:
    return (
        f"aws sts decode-authorization-message --encoded-message {shlex.quote(blob)} "
        "--query DecodedMessage --output text"
    )


def text_fixes(denial: Denial) -> Iterator[Fix]:
    """What helps with the text alone: the commands that tell more."""
    if denial.encoded_message and not denial.decoded:
        yield Fix(
            "Decode the message, or let someone do it who may (sts:DecodeAuthorizationMessage)",
            Who.YOU,
            Command("the encoded message", decode_command(denial.encoded_message)),
        )
    if denial.authorization_id:
        yield Fix(
            "Ask AWS for the evaluation that it kept (iam:GetRequestAuthorizationDetails)",
            Who.YOU,
            Command(
                denial.authorization_id,
                "aws iam-toolbox get-request-authorization-details --authorization-id "
                f"{shlex.quote(denial.authorization_id)}",
            ),
        )
