"""What the words around a refusal say of it: names of calls in a policy, a mistyped account, an old permission set."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.first_look.denials.signs import Signs
from diagnostics.first_look.look import contains
from diagnostics.fix import Who
from iam.api_operations import actions_behind
from iam.lazy_pattern import regex

_LONGEST = 20_000
_NAME = regex(r"(?<![\w:/-])[a-z][a-z0-9-]{1,40}:[A-Z][A-Za-z0-9]{2,60}(?![\w*:])")
_TYPED_ACCOUNT = regex(r"arn:[\w-]+:[\w-]*:[\w-]*:(?P<account>(?=\d*[IlOo])[\dIlOo]{12}):")
_OLD = r"(?:not current|re-?appl(?:y|ied)|re-?provision\w*|out of date)\b"
_OF_SETS = r"\b(?:permission sets?|Identity Center)\b"
_OLD_COPY = regex(
    rf"(?-i:\bNot [Cc]urrent\b)|{_OF_SETS}[^.\n]{{0,80}}\b{_OLD}|\b{_OLD}[^.\n]{{0,80}}{_OF_SETS}", re.IGNORECASE
)


def call_names(signs: Signs) -> Iterator[FirstLook]:
    """Names of calls that a policy has in place of the refused action (Service Authorization Reference)."""
    refused = signs.action
    for name in dict.fromkeys(_NAME.findall(signs.denial.text[:_LONGEST])):
        behind = actions_behind(name)
        if name.lower() != refused and refused in (each.lower() for each in behind):
            yield FirstLook(
                f"{name} is the name of a call and no IAM action: a policy that lists it allows nothing. Write "
                f"{signs.denial.action}.",
                contains(name),
                None,
                Who.ACCOUNT_ADMIN,
            )
            return


def mistyped_account(signs: Signs) -> Iterator[FirstLook]:
    """An account number has digits alone (AWS Account Management Reference Guide, "View AWS account identifiers")."""
    if found := _TYPED_ACCOUNT.search(signs.denial.text[:_LONGEST]):
        meant = found["account"].translate(str.maketrans("IlOo", "1100"))
        yield FirstLook(
            f"The account number {found['account']} contains a letter, so it is mistyped: {meant} may be meant. Check "
            "it before you use the ARN.",
            contains(found["account"]),
            None,
            Who.CALLER,
        )


def not_provisioned(signs: Signs) -> Iterator[FirstLook]:
    """A permission set that was changed and not applied: IAM Identity Center API Reference, "ProvisionPermissionSet"
    (https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ProvisionPermissionSet.html).
    """
    if not signs.role.startswith("AWSReservedSSO_"):
        return
    if said := _OLD_COPY.search(signs.denial.text[:_LONGEST]):
        yield FirstLook(
            "Most likely the account still has the old version of the permission set: apply it to the account again in "
            "IAM Identity Center (aws sso-admin provision-permission-set). Do not edit the AWSReservedSSO_ role.",
            contains(" ".join(said[0].split())),
            None,
            Who.ORG_ADMIN,
        )
