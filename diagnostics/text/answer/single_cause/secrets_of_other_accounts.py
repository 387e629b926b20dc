"""A secret of another account that the call names without its ARN."""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.who import Who
from iam.arn import account_of
from iam.lazy_pattern import regex

_NAME = regex(r"[\w/+=.@-]+")
_ARN = regex(
    r"\barn:[\w-]+:secretsmanager:[a-z0-9-]+:(?P<account>\d{12}):secret:(?P<name>[\w/+=.@-]+?)"
    r"(?:-(?:\?+|\*|\w{6}))?(?![\w/+=.@*?-])"
)


def secret_of_another_account(denial: Denial) -> Decision | None:
    """Return the decision that a secret's name is looked up in the caller's account, not in the secret's; else None.

    AWS Secrets Manager User Guide, "Access AWS Secrets Manager secrets from a different account": the caller names the
    secret by its ARN
    (https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html).
    """
    name, own = denial.resource or "", account_of(denial.principal or "")
    if not (denial.action or "").lower().startswith("secretsmanager:") or own is None or not _NAME.fullmatch(name):
        return None
    text = denial.pasted or denial.text
    named = [found for found in _ARN.finditer(text) if found["name"] == name]
    accounts = {found["account"] for found in named}
    if len(accounts) != 1 or own in accounts:
        return None
    (owner,) = accounts
    arn = re.sub(r"-(?:\?+|\*)$", "-SUFFIX", named[0][0])
    decision = decide(
        "resource.not-found",
        f"the call names {name} alone, and the text has this secret in account {owner}",
        "The call gives only the secret's name, and Secrets Manager looks up a name in the caller's own account "
        f"{own}. In the text, the secret is in account {owner}: give its complete ARN in account {owner}.",
        "Name the secret by its ARN",
        Who.CALLER,
        name,
        f"Write {arn} where the program names the secret (describe-secret in account {owner} shows the ARN), or let "
        "the program assume a role there. The secret's own policy, and the policy of its customer managed KMS key, "
        "must also allow the caller.",
    )
    return replace(decision, nearer=True)
