"""Causes of a taken name by the kind of entity, and what remains if something was deleted by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.claims.kinds import TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.failure import Conflict
from diagnostics.text.causes.build_causes import contains, lacks, says
from diagnostics.text.causes.conflicts.names_of_services import name_is
from diagnostics.text.causes.conflicts.seen import seen
from diagnostics.text.causes.conflicts.tool_of_text import tool_of
from diagnostics.who import Who
from iam.lazy_pattern import regex


def instance_profile(conflict: Conflict) -> Iterator[FirstLook]:
    if conflict.entity_type == "instance-profile":
        yield FirstLook(
            "An instance profile is not a role and remains when its role is deleted. The console does not show it.",
            says("the text mentions an instance profile", TextPart.KIND, "instance-profile"),
            seen(conflict),
            Who.ACCOUNT_ADMIN,
        )


def by_kind(conflict: Conflict) -> Iterator[FirstLook]:
    kind, name = conflict.entity_type, conflict.name
    if kind == "instance-profile":
        return
    if found := ONE_OF_ITS_OWN.get(kind or conflict.operation or ""):
        yield FirstLook(
            found[0],
            says(found[1], TextPart.KIND if kind else TextPart.OPERATION, kind or conflict.operation),
            seen(conflict),
            Who.ACCOUNT_ADMIN,
        )
        return
    if kind == "oidc-provider":
        yield FirstLook(
            "An account has one provider for each issuer's URL: reuse that provider, and add your audience to it.",
            says("the text mentions an identity provider", TextPart.KIND, kind),
            seen(conflict),
            Who.ACCOUNT_ADMIN,
        )
    elif kind == "policy" and (conflict.owner_stack or tool_of(conflict) is None):
        yield FirstLook(
            "The policy exists, perhaps with another path. If the policy is yours, create a new version of it, which "
            "affects every role, user and group that the policy is attached to. Otherwise choose another name.",
            says("the text mentions a policy", TextPart.KIND, kind),
            seen(conflict),
            Who.ACCOUNT_ADMIN,
        )
    elif conflict.owner_stack or tool_of(conflict) is None:
        yield FirstLook(
            "Another run, person or stack has already created a resource of this name. A name can exist only once in "
            "an account, across all Regions, whatever its path and letter case. Choose another or a generated name, "
            "take over the existing resource (an import), or delete it once nothing uses it.",
            name_is(name) if name else lacks("the text says that it exists", TextPart.NAME),
            seen(conflict),
            Who.ACCOUNT_ADMIN,
        )


# What is taken otherwise than by a name in the account.
ONE_OF_ITS_OWN = {
    "login-profile": (
        "The user already has a console password: change it (update-login-profile) instead of creating a new one.",
        "the text mentions a login profile",
    ),
    "virtual-mfa-device": (
        "An unfinished registration left a virtual MFA device with this name. It remains, without a user, until "
        "somebody deletes it.",
        "the text mentions an MFA device",
    ),
    "CreateAccountAlias": (
        "Choose another alias: an account alias is unique across all accounts of the partition, and most likely "
        "another account has this one. To see your account's own alias: aws iam list-account-aliases.",
        "the operation is CreateAccountAlias",
    ),
}


_BY_HAND = regex(
    r"(?<!not )(?<!never )\bdelet(?:e|ed|es|ing)\b(?:(?!\bnot\b|n['’]t\b|\.\s)[^\n]){0,100}?"
    r"\b(?:by hand|manually|in the console)\b|\b(?:by hand|manually)\b[^.\n]{0,20}\bdelet(?:e|ed|es|ing)\b",
    re.IGNORECASE,
)


_SHARED = regex(
    r"\b(?:other|another|shared|earlier|previous) (?:projects?|stacks?|teams?|apps?|services?|repos?\w*|company)\b",
    re.IGNORECASE,
)


def deleted_by_hand(conflict: Conflict) -> Iterator[FirstLook]:
    """Yield the warning not to delete what others use, if the author deletes the existing resource by hand."""
    found = _BY_HAND.search(conflict.text)
    if (
        found is None
        or conflict.owner_stack
        or not (_SHARED.search(conflict.text) or conflict.entity_type == _PROVIDER)
    ):
        return
    what, instead = "the existing resource", "Use the existing resource here as it is, or create it in one place only."
    if conflict.entity_type == _PROVIDER:
        what = "the existing provider"
        instead = (
            "An account has one provider for each issuer's URL: create it once, and refer to it elsewhere (Terraform: "
            "data aws_iam_openid_connect_provider; CDK: fromOpenIdConnectProviderArn)."
        )
    yield FirstLook(
        f"Do not delete {what}: other projects in the account most likely use it, and would lose their access. "
        f"{instead}",
        contains(" ".join(found[0].split())[:96]),
        seen(conflict),
        Who.CALLER,
    )


_PROVIDER = "oidc-provider"
