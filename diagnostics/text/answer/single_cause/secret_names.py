"""A secret whose name ends like a secret's ARN, so that its partial ARN is taken for a complete one."""

from __future__ import annotations

import re

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.who import Who
from iam.lazy_pattern import regex

_NAMED = regex(r"arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:(?P<name>[\w/+=.@-]+-[A-Za-z0-9]{6})")


def ends_like_an_arn(denial: Denial) -> Decision | None:
    """Return the decision that the call's partial ARN was taken for a complete one; else None.

    AWS Secrets Manager User Guide, "Create a secret": do not end a name with a hyphen and six characters, because
    Secrets Manager may then not find the secret by a partial ARN
    (https://docs.aws.amazon.com/secretsmanager/latest/userguide/create_secret.html).
    """
    found = _NAMED.fullmatch(denial.resource or "")
    if found is None or not (denial.action or "").lower().startswith("secretsmanager:"):
        return None
    text, name = denial.pasted or denial.text, found["name"]
    full = {each[0] for each in re.finditer(rf"{re.escape(found[0])}-(?:\?{{6}}|\*|[A-Za-z0-9]{{6}}(?![\w-]))", text)}
    if not full:
        return None  # nothing shows that the name itself has that end
    complete = next((each for each in sorted(full) if each[-1] not in "?*"), f"{found[0]}-SUFFIX")
    return decide(
        "identity.resource-mismatch",
        f"the call names {name} without the random end, and the text has {sorted(full)[0].rpartition(':')[2]}",
        f"The secret's name ends in a hyphen and six characters ({name[-7:]}), as complete ARNs do, so Secrets Manager "
        f"takes the ARN in the call for a complete one. A policy for {name}-?????? does not match it: use the complete "
        "ARN in the call.",
        "Name the secret by its complete ARN",
        Who.CALLER,
        name,
        f"Write {complete} where the program, task definition or stack names the secret (in the CDK "
        "Secret.fromSecretCompleteArn; aws secretsmanager describe-secret shows the ARN). Or use a secret whose name "
        "has no such end. The policy is right as it is.",
        nearer=True,
    )
