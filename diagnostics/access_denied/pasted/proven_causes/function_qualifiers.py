"""Say that a service invokes a version or an alias of a Lambda function, whose policy the text does not show.

AWS Lambda API Reference, "AddPermission": a policy applies to the function or, with a qualifier, to one version or
alias, and the invoker must use the ARN of that version or alias
(https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.fixes.caller_arn import arn_to_name
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.commands import Untypable, aws
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.arn import account_of
from iam.policy.decision import Fault
from iam.policy.layer import Layer

_QUALIFIER = 7
"""The place of a version or alias among the parts of a function's ARN."""


def of_an_invoked_qualifier(denial: Denial, pasted: Sequence[PastedPolicy], action: str) -> Finding | None:
    """Return what to do if the denied caller of another account invokes a version or alias, as `of_a_qualifier`."""
    caller, owner = account_of(denial.principal or ""), account_of(denial.resource or "")
    if not action.lower().startswith("lambda:invoke") or caller in (None, owner):
        return None
    own = [one for one in pasted if one.names_principals]
    if len(own) != 1 or denial.stated_reason not in (None, "implicit:resource"):
        return None
    found = of_a_qualifier(own[0], denial.resource or "", arn_to_name(denial.principal or ""), action)
    if found is None:
        return None
    return replace(found, sentence=f"{found.sentence} Across accounts, the caller's own policies must allow it too.")


def of_a_qualifier(shown: PastedPolicy, invoked: str, caller: str, action: str) -> Finding | None:
    """Return what to do if ``caller`` invokes a version or alias, and the policy is the function's own; else None."""
    function, qualifier = _split(invoked)
    named = [each for statement in shown.document.statements for each in statement.resource or ()]
    if not qualifier or not named or any(each != function for each in named):
        return None
    source = next(
        (
            block.values[0]
            for statement in shown.document.statements
            for block in statement.conditions
            if block.key.lower() == "aws:sourcearn" and block.values
        ),
        None,
    )
    name = function.rpartition(":")[2]
    options = [("function-name", name), ("qualifier", qualifier), ("statement-id", f"{qualifier}-invoke")]
    options += [("principal", caller), ("action", action), *([("source-arn", source)] if source else [])]
    try:
        command = aws("lambda", "add-permission", *options)
    except Untypable:
        return None
    said = f"the policy is on {function}, but {caller} invokes {invoked}"
    sentence = (
        f"In the text, {said}. Each version and alias of a function has its own policy: look at the policy of "
        f"{qualifier} (aws lambda get-policy --function-name {name} --qualifier {qualifier}), and add the permission "
        "to that policy."
    )
    fix = Fix(f"Add the permission to {qualifier}", Who.RESOURCE_OWNER, Note(f"the policy of {qualifier}", command))
    return Finding(f"{Layer.RESOURCE.value}.{Fault.RESOURCE_MISMATCH.value}", said, sentence, fix=fix)


def _split(arn: str) -> tuple[str, str]:
    """Return a function's ARN without its version or alias, and the version or alias; ("", "") for another ARN."""
    parts = arn.split(":")
    if len(parts) != _QUALIFIER + 1 or parts[2] != "lambda":
        return "", ""
    return ":".join(parts[:_QUALIFIER]), parts[_QUALIFIER]
