"""A Lambda function whose resource-based policy is that of another version or alias than the called one."""

from __future__ import annotations

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.text.read.messages.service_sentences import sentence_in
from diagnostics.who import Who
from iam.lazy_pattern import regex

_QUALIFIED = regex(
    r"arn:[\w-]+:lambda:[\w-]+:\d{12}:function:(?P<name>[\w-]{1,64}):(?P<qualifier>\$LATEST|[\w-]{1,128})(?![\w:-])"
)


_FROM_API_GATEWAY = regex(r"\bInvalid permissions on Lambda function\b")


_GETS_POLICY = regex(r"\baws lambda get-policy\b(?P<options>[^\n]*)")


def on_another_qualifier(denial: Denial) -> Decision | None:
    """Return the decision for an alias or version that is invoked, if the text shows only the function's own policy.

    The policy of a function is separate from the policies of its aliases and versions: AWS Lambda Developer Guide,
    "Using Lambda aliases in event sources and permissions policies"
    (https://docs.aws.amazon.com/lambda/latest/dg/using-aliases.html).
    """
    invokes = (denial.action or "").lower() == "lambda:invokefunction" or _FROM_API_GATEWAY.search(denial.text)
    if not invokes and (
        (found := sentence_in(denial.text)) is None or "lambda:InvokeFunction" not in found.row.actions
    ):
        return None
    called, shown = _QUALIFIED.search(denial.text), _GETS_POLICY.search(denial.text)
    if called is None or shown is None or called["qualifier"] == "$LATEST":
        return None
    name, qualifier = called["name"], called["qualifier"]
    options = shown["options"]
    if name not in options or "--qualifier" in options or f"{name}:{qualifier}" in options:
        return None
    return decide(
        "resource.no-action",
        f"“{shown[0].strip()}”",
        f"The call goes to {name}:{qualifier}, but the text's policy belongs to the function without an alias: add "
        f"the permission to {qualifier} (aws lambda add-permission --function-name {name} --qualifier {qualifier}).",
        f"Add the permission to {name}:{qualifier}",
        Who.RESOURCE_OWNER,
        f"the function's policy of {qualifier}",
        f"aws lambda add-permission --function-name {name} --qualifier {qualifier} with the same principal, action "
        f"and source ARN; aws lambda get-policy --function-name {name} --qualifier {qualifier} shows the policy.",
    )
