"""A paste whose call went to another account than its author speaks of: the profile may be the wrong one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from diagnostics.failure import Denial
from diagnostics.messages.around import around
from diagnostics.messages.credential_chain import credential_chain
from iam.arn import account_of, name_of
from iam.lazy_pattern import regex

_LONGEST = 20_000
_SHOWN = regex(
    r"\becho[ \t]+[\"']?\$\{?AWS_(?:DEFAULT_)?PROFILE\}?[\"']?[ \t]*\r?\n[ \t]*(?P<profile>[\w.@+-]{1,64})[ \t]*\r?$",
    re.MULTILINE,
)
# AWS CLI User Guide, "Configuring IAM Identity Center authentication": sso_account_id of a profile.
_CONFIGURED = regex(
    r"^\[profile (?P<profile>[\w.@+-]{1,64})\][^\n]*\n(?:(?!\[)[^\n]*\n){0,8}?"
    r"\s*sso_account_id\s*=\s*(?P<account>\d{12})\b",
    re.MULTILINE,
)
# Such a profile's session may be the source of a role's in another account.
_ASSUMES = regex(r"^\s*source_profile\s*=", re.MULTILINE)
_ACCOUNT = regex(r"(?<![\w:/.-])(?P<account>\d{12})(?![\w:/-])")
_SPEAKS_OF = regex(
    r"\baccount\b|\b(?:is|are|lives?|runs?|be) in\b|\bbelongs?\b|\bshould\b|\bmeant\b|\bexpected\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class MeantAccount:
    """``called`` is the account of the caller and of the resource, ``named`` the one that the text speaks of.

    ``configured``: the text shows that the profile is for that account.
    """

    called: str
    named: str
    profile: str
    configured: bool = False

    @property
    def sentence(self) -> str:
        if self.configured:
            return (
                f"The call was made in account {self.called}, but profile {self.profile} is for account {self.named}: "
                "the call did not use it."
            )
        return (
            f"Profile {self.profile} made the call in account {self.called}, but the text names account {self.named}."
        )


@dataclass(frozen=True, slots=True)
class OverridingKeys:
    """Keys of the environment that made the call; ``profile`` is the value of AWS_PROFILE, which they override."""

    caller: str
    profile: str

    @property
    def sentence(self) -> str:
        return (
            f"The keys in the environment (AWS_ACCESS_KEY_ID) made the call, as {self.caller}: they override "
            f"AWS_PROFILE={self.profile}."
        )


def overriding_keys(denial: Denial) -> OverridingKeys | None:
    """Return the keys in the environment that the text shows beside AWS_PROFILE; None where it shows none.

    AWS CLI User Guide, "Configuration and credential file settings": keys in the environment come before AWS_PROFILE's
    (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html).
    """
    chain = credential_chain(denial.text[:_LONGEST]) if "AWS_ACCESS_KEY_ID" in denial.text else None
    if chain is None or not chain.profile or "AWS_ACCESS_KEY_ID" not in chain.exported:
        return None
    return OverridingKeys(name_of(denial.principal or "") or "another caller", chain.profile)


def meant_account(denial: Denial) -> MeantAccount | None:
    """Return the account that the text speaks of where it is neither the caller's nor the resource's.

    None without a profile in the text, and where the text has that account in an ARN: then both are involved.
    """
    called = account_of(denial.principal or "")
    if called is None or account_of(denial.resource or "") not in (called, None):
        return None
    text = denial.text[:_LONGEST]
    configured = {(each["profile"], each["account"]) for each in _CONFIGURED.finditer(text)}
    if len(configured) == 1:
        name, account = next(iter(configured))
        if account != called and f":{account}:" not in text and not _uses(text, name) and not _ASSUMES.search(text):
            return MeantAccount(called, account, name, configured=True)
    profile = _profile(text)
    if profile is None or overriding_keys(denial) is not None:
        return None
    lines = (line for line in text.splitlines() if "arn:" not in line and _SPEAKS_OF.search(line))
    named = {found["account"] for line in lines for found in _ACCOUNT.finditer(line)}
    if len(named) != 1 or called in named or f":{min(named)}:" in text:
        return None
    return MeantAccount(called, named.pop(), profile)


def _uses(text: str, profile: str) -> bool:
    """Whether a command of the text names the profile."""
    return re.search(rf"--profile[ =]{re.escape(profile)}\b|AWS_PROFILE={re.escape(profile)}\b", text) is not None


def _profile(text: str) -> str | None:
    """The profile that a command names, or that AWS_PROFILE contains."""
    if shown := _SHOWN.search(text):
        return shown["profile"]
    named = around(text).profile
    return named.value if named is not None else None
