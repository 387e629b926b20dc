"""A secret that the call names without its ARN: it is in another account, or in none."""

from __future__ import annotations

import re
from dataclasses import replace
from fnmatch import fnmatchcase

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.text.read.resources.set_regions import calls_region
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
        f"the call has only the name {name}, but the text has this secret in account {owner}",
        f"Give the secret's complete ARN in account {owner}: the call has only the secret's name, and Secrets "
        f"Manager looks up a name in the caller's own account {own}. In the text, the secret is in account {owner}.",
        "Name the secret by its ARN",
        Who.CALLER,
        name,
        f"Write {arn} where the program names the secret (describe-secret in account {owner} shows the ARN), or "
        "let the program assume a role in that account. The secret's own policy, and the policy of its customer "
        "managed KMS key, must also allow the caller.",
    )
    return replace(decision, nearer=True)


_GRANTED = regex(
    r"\barn:[\w-]+:secretsmanager:(?P<region>[a-z0-9*-]+):(?P<account>\d{12}|\*):secret:(?P<name>[\w/+=.@*?-]+)"
)
_SUFFIX = "-aB3dE5"


def secret_that_is_granted(denial: Denial) -> Decision | None:
    """Return the decision that no secret has the name in the message, if the text's policy covers that name; else None.

    Of a secret that exists, the message has the ARN: its end is random (AWS Secrets Manager User Guide, "What's in a
    Secrets Manager secret?": https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html).
    """
    name, own = denial.resource or "", account_of(denial.principal or "")
    if not (denial.action or "").lower().startswith("secretsmanager:") or own is None or not _NAME.fullmatch(name):
        return None
    text = denial.pasted or denial.text
    covers = next(
        (
            found
            for found in _GRANTED.finditer(text)
            if found["account"] in (own, "*")
            and not found["name"].startswith(f"{name}-")  # then the Region may be the difference
            and fnmatchcase(f"{name}{_SUFFIX}", found["name"])
        ),
        None,
    )
    if covers is None or (denial.stated_reason or "").startswith("explicit"):
        return None
    called = calls_region(text)
    region = "" if "*" in covers["region"] else f" The policy names {covers['region']}: compare the call's Region."
    if region and called is not None and called.region != covers["region"]:
        region = f" The call goes to {called.region} (“{called.words}”), and the policy names {covers['region']}."
    decision = decide(
        "resource.not-found",
        f"the message names only {name}, but the text has {covers[0]}, which covers a secret of that name",
        f"Most likely account {own} has no secret named {name} in the call's Region: for an existing secret, the "
        f"message has the ARN, and {covers[0]} would cover it.{region}",
        "Check whether the secret exists where the call looks for it",
        Who.CALLER,
        name,
        f"aws secretsmanager describe-secret --secret-id {name}, in the call's Region. Correct the name or the "
        "Region, create the secret, or stop the program from requesting it (Airflow: connections_lookup_pattern). "
        "To get ResourceNotFoundException instead, the policy would have to allow every name.",
    )
    return replace(decision, nearer=True)
