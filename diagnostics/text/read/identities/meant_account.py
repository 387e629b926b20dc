"""Detect a call that did not go to the account that its author means: the profile may be the wrong one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from diagnostics.failure import Denial
from diagnostics.text.read.identities.call_settings import around
from diagnostics.text.read.identities.callers import answered_identities
from diagnostics.text.read.identities.credential_chain import credential_chain
from diagnostics.text.read.identities.own_account import NUMBER
from diagnostics.text.read.layout.shell import PROFILE_OPTION, PROMPT
from diagnostics.words import is_trust_action
from iam.arn import account_of, identity_of, name_of
from iam.lazy_pattern import regex

_LONGEST = 20_000
_SHOWN = regex(
    r"\becho[ \t]+[\"']?\$\{?AWS_(?:DEFAULT_)?PROFILE\}?[\"']?[ \t]*\r?\n[ \t]*(?P<profile>[\w.@+-]{1,64})[ \t]*\r?$",
    re.MULTILINE,
)
# What `aws configure list` prints.
_LISTED = regex(r"^[ \t]*profile[ \t:]+(?P<profile>[\w.@+-]{1,64})[ \t:]+(?:env|manual)\b", re.MULTILINE)
# AWS CLI User Guide, "Configuring IAM Identity Center authentication": sso_account_id of a profile.
_CONFIGURED = regex(
    r"^\[profile (?P<profile>[\w.@+-]{1,64})\][^\n]*\n(?:(?!\[)[^\n]*\n){0,8}?"
    r"\s*sso_account_id\s*=\s*(?P<account>\d{12})\b",
    re.MULTILINE,
)
# Such a profile's session may be the source of a role's in another account.
_ASSUMES = regex(r"^\s*source_profile\s*=", re.MULTILINE)
_ACCOUNT = regex(NUMBER)
_SPEAKS_OF = regex(
    r"\baccount\b|\b(?:is|are|lives?|runs?|be) in\b|\bbelongs?\b|\bshould\b|\bmeant\b|\bexpected\b",
    re.IGNORECASE,
)


_SHOULD_BE = regex(
    r"\b(?:should|supposed|meant|want(?:ed)?|expect(?:ed)?"
    rf"|must)\b[^\n]{{0,60}}?{NUMBER}",
    re.IGNORECASE,
)


_THINGS = {
    "dynamodb": "table",
    "ec2": "instance|volume|image|ami|vpc|subnet|snapshot|security group",
    "ecr": "repo|repository|image|registry",
    "ecs": "cluster|service|task",
    "eks": "cluster",
    "events": "bus|rule",
    "glue": "database|table|job|crawler",
    "kinesis": "stream",
    "kms": "key",
    "lambda": "function|lambda",
    "logs": "log group|logs?",
    "rds": "database|db|instance|cluster",
    "secretsmanager": "secret",
    "sns": "topic",
    "sqs": "queue",
    "ssm": "parameter|param|document",
    "states": "state machine|workflow",
}
"""Everyday words for the resources of services whose ARNs contain an account."""


_OF_A_COPY = regex(
    r"\b(?:cop(?:y|ies|ied)|same|identical|another|old|works?|worked|fine|too|also|second|backup|replica\w*|restored?)\b",
    re.IGNORECASE,
)
"""Words that show that a line is not about the denied resource."""


def _place_of(noun: str) -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:{noun})s?\b(?:(?!\b(?:not|never|copied|moved|was)\b)[^\n.;?]){{0,30}}?\b(?:lives?|is|are|sits?|resides?"
        r"|belongs?|exists?|runs?|defined|in|of)\b(?:(?!\b(?:not|never|copied|moved|was|allow\w*|grants?)\b|n['’]t)"
        rf"[^\n.;?]){{0,40}}?{NUMBER}",
        re.IGNORECASE,
    )


@dataclass(frozen=True, slots=True)
class MeantAccount:
    """A call that was made in a different account from the one that the text mentions.

    ``called`` is the account of the caller and of the resource, ``named`` the one that the text mentions.
    ``configured``: the text shows that the profile is for that account. ``profile`` is empty if the text names none.
    ``thing`` is what the text says is in the named account, empty if it does not say so; ``caller`` made the call.
    """

    called: str
    named: str
    profile: str
    configured: bool = False
    thing: str = ""
    caller: str = ""

    @property
    def sentence(self) -> str:
        if self.thing:
            profile = f" (profile {self.profile})" if self.profile else ""
            return (
                f"The call looked for the {self.thing} in account {self.called}, the account of "
                f"{self.caller}{profile}, but the text says that it is in account {self.named}. Call with credentials "
                f"of account {self.named}; to call across accounts, name the {self.thing} by its full ARN. Granting "
                f"{self.caller} more in account {self.called} does not help."
            )
        if self.configured:
            return (
                f"The call was made in account {self.called}, but profile {self.profile} is for account {self.named}: "
                "the call did not use it."
            )
        if not self.profile:
            return f"The call was made in account {self.called}, but the text says that it should be {self.named}."
        return (
            f"Profile {self.profile} made the call in account {self.called}, but the text names account {self.named}."
        )


@dataclass(frozen=True, slots=True)
class OverridingKeys:
    """Keys in the environment that made the call; ``profile`` is the value of AWS_PROFILE, which they override."""

    caller: str
    profile: str

    @property
    def sentence(self) -> str:
        return (
            f"The keys in the environment (AWS_ACCESS_KEY_ID) made the call, as {self.caller}: they override "
            f"AWS_PROFILE={self.profile}."
        )


def overriding_keys(denial: Denial) -> OverridingKeys | None:
    """Return the environment's keys, if the text shows them in addition to AWS_PROFILE; else None.

    AWS CLI User Guide, "Configuration and credential file settings": keys in the environment take precedence over
    AWS_PROFILE (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html).
    """
    chain = credential_chain(denial.text[:_LONGEST])
    if chain is None or not chain.profile or "AWS_ACCESS_KEY_ID" not in chain.exported:
        return None
    return OverridingKeys(identity_of(denial.principal or "")[2] or "another caller", chain.profile)


def keys_over_profile(text: str) -> str:
    """Return a sentence saying that the environment's keys override AWS_PROFILE; "" unless the text shows both.

    AWS CLI User Guide, as in `overriding_keys`.
    """
    chain, shown = credential_chain(text[:_LONGEST]), answered_identities(text[:_LONGEST])
    if chain is None or not chain.profile or "AWS_ACCESS_KEY_ID" not in chain.exported or len(set(shown)) > 1:
        return ""
    caller = f", and the caller is {shown[0]}" if shown else ""
    return (
        f"Unset AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN first: they override "
        f"AWS_PROFILE={chain.profile}{caller}."
    )


_REFUSED_COMMAND = regex(
    rf"^{PROMPT}(?P<command>(?P<sudo>sudo +(?:-\S+ +)*)?aws [^\n]+)\n"
    rf"(?:(?!{PROMPT}\w)[^\n]*\n){{0,3}}?[^\n]*error occurred",
    re.MULTILINE,
)
_BEFORE_COMMAND = regex(r"\bAWS_PROFILE=[\"']?(?P<name>[\w.@+-]{1,64})[\"']? +$")
_ASKED_WHO = regex(r"\baws (?:-\S+ +)*sts get-caller-identity\b(?P<options>[^\n]*)")


@dataclass(frozen=True, slots=True)
class OtherCaller:
    """An AWS CLI command that ran with different credentials from the command that shows the caller.

    ``how`` is a sentence that says how they differ; empty if the text does not show it. ``printed`` is true if
    ``shown``, the command that shows the caller, ran with credentials that assume-role returned in the text.
    """

    called: str
    shown: str
    how: str
    printed: bool = False

    @property
    def sentence(self) -> str:
        of = (
            "whose credentials assume-role returned: they were printed and not used."
            if self.printed
            else "whom get-caller-identity shows: the two commands used different credentials."
        )
        return f"The call was made by {self.called}, not by {self.shown}, {of}{self.how}"


def other_caller(denial: Denial) -> OtherCaller | None:
    """Return the actual caller, if get-caller-identity in the text shows a different identity; else None.

    Return None also if a program or service made the call. AWS CLI User Guide, "Configuration and credential file
    settings": a profile applies to the command that names it, and sudo does not pass the environment on
    (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html).
    """
    if (left := _left_in_use(denial) or _printed(denial)) is not None:
        return left
    text = denial.text[:_LONGEST]
    shown, refused = answered_identities(text), list(_REFUSED_COMMAND.finditer(text))
    if len(shown) != 1 or not refused or not denial.principal or identity_of(shown[0]) == identity_of(denial.principal):
        return None
    asked, command = _ASKED_WHO.search(text), refused[-1]
    given = PROFILE_OPTION.search(asked["options"]) if asked else None
    before = _BEFORE_COMMAND.search(text[text.rfind("\n", 0, asked.start()) + 1 : asked.start()]) if asked else None
    how = ""
    if command["sudo"] and not (asked and "sudo" in text[max(0, asked.start() - 8) : asked.start()]):
        how = " sudo drops the environment, so the call uses root's configuration: make the call without sudo."
    elif given is not None and "--profile" not in command["command"]:
        how = f" Give the refused command the same profile: --profile {given['name']}."
    elif before is not None and "--profile" not in command["command"]:
        how = (
            f" AWS_PROFILE={before['name']} before a command applies only to that command: repeat the call with it, or "
            "export it."
        )
    return OtherCaller(_short(denial.principal), _short(shown[0]), how)


_REFUSED_ROLE = regex(r"is not authorized to perform: sts:AssumeRole\b")


def _left_in_use(denial: Denial) -> OtherCaller | None:
    """Return the caller if it is a session of a role that the text assumes first, and that assumes another role.

    Return None unless get-caller-identity showed another identity before, which was meant to assume both roles.

    AWS CLI User Guide, "Configuring environment variables for the AWS CLI": keys stay until they are unset
    (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html).
    """
    principal = denial.principal or ""
    if denial.action != "sts:AssumeRole" or ":assumed-role/" not in principal:
        return None
    text = (denial.pasted or denial.text)[:_LONGEST]
    refused = _REFUSED_ROLE.search(text)
    before = text[: text.rfind("\n", 0, refused.start()) + 1] if refused else ""
    role = identity_of(principal)[2]
    taken = list(
        re.finditer(rf"\bassum(?:e|ed|ing)\b[^\n]*:role/(?:[\w+=,.@-]+/)*{re.escape(role)}(?![\w+=,.@-])", before)
    )
    shown = answered_identities(before[: taken[-1].start()]) if taken else ()
    if len(shown) != 1 or len(answered_identities(text)) != 1 or identity_of(shown[0]) == identity_of(principal):
        return None
    how = (
        f" The session of {role}, which the text assumes before, is still in use: unset AWS_ACCESS_KEY_ID, "
        "AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN before the next role is assumed."
    )
    return OtherCaller(_short(principal), _short(shown[0]), how)


_ASSUMED = regex(
    r"AssumedRoleUser[\"'\s:{]{1,12}[^{}]{0,200}?(?P<session>arn:[\w-]+:sts::\d{12}:assumed-role/[\w+=,.@/-]+)"
    r"|\bassum(?:ed|ing)\b[ \t]+(?:the[ \t]+)?(?:role[ \t:]+)?(?P<role>arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+)"
    r"[^\n]*\n[^\n]{0,20}\"?Credentials\b"
    r"|\bsts assume-role\b[^\n|>)]*--role-arn[ =][\"']?(?P<asked>arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+)[^\n|>)]*\n"
    r"[\s{\"]{0,20}(?:Credentials|AccessKeyId|ASIA\w+)\b",
    re.IGNORECASE,
)
_TAKEN = regex(
    r"\bexport\b|\beval\b|\$\(|\bjq\b|\b(?:AWS_)?(?:SESSION_TOKEN|SECRET_ACCESS_KEY)\b[ \t]*=|\baws configure set\b"
    r"|\$env:|\bset AWS_|\bsource\b|GITHUB_ENV|--profile[ =]",
    re.IGNORECASE,
)


def _printed(denial: Denial) -> OtherCaller | None:
    """Return the role that the text assumes, if no later call uses its credentials and another identity makes the call.

    AWS CLI Command Reference, "assume-role": the command only returns credentials, which the user must configure
    (https://docs.aws.amazon.com/cli/latest/reference/sts/assume-role.html).
    """
    text = (denial.pasted or denial.text)[:_LONGEST]
    assumed, refused = list(_ASSUMED.finditer(text)), text.rfind("is not authorized to perform")
    roles = [each["session"] or each["role"] or each["asked"] for each in assumed]
    if len(set(map(identity_of, roles))) != 1 or refused < assumed[-1].end():
        return None
    role, taken = roles[-1], _TAKEN.search(text, assumed[-1].end())
    principal = denial.principal or ""
    if taken or not principal or is_trust_action(denial.action) or identity_of(role) == identity_of(principal):
        return None
    how = (
        " Export AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN from that answer, or call with a "
        "profile that has role_arn."
    )
    return OtherCaller(_short(principal), identity_of(role)[2], how, printed=True)


def _short(principal: str) -> str:
    """Return the name of a user; for a session, its role and its session name."""
    return principal.partition(":assumed-role/")[2] or name_of(principal)


def meant_account(denial: Denial) -> MeantAccount | None:
    """Return the account that the text mentions if it is neither the caller's nor the resource's; else None.

    Return None if the text names no profile and no account to use. Also return None if an ARN in the text contains the
    mentioned account, because the call then involves both accounts.
    """
    called = account_of(denial.principal or "")
    if called is None or account_of(denial.resource or "") not in (called, None):
        return None
    text = denial.text[:_LONGEST]
    if (elsewhere := _thing_elsewhere(denial, called)) is not None:
        return elsewhere
    configured = {(each["profile"], each["account"]) for each in _CONFIGURED.finditer(text)}
    if len(configured) == 1:
        name, account = next(iter(configured))
        if account != called and f":{account}:" not in text and not _uses(text, name) and not _ASSUMES.search(text):
            return MeantAccount(called, account, name, configured=True)
    profile = _profile(text)
    if profile is None and (meant := {each["account"] for each in _SHOULD_BE.finditer(text)}):
        said = meant.pop() if len(meant) == 1 else called
        return MeantAccount(called, said, "") if said != called and f":{said}:" not in text else None
    if profile is None or overriding_keys(denial) is not None:
        return None
    lines = (line for line in text.splitlines() if "arn:" not in line and _SPEAKS_OF.search(line))
    named = {found["account"] for line in lines for found in _ACCOUNT.finditer(line)}
    if len(named) != 1 or called in named or f":{min(named)}:" in text:
        return None
    return MeantAccount(called, named.pop(), profile)


def _thing_elsewhere(denial: Denial, called: str) -> MeantAccount | None:
    """Return the account that has the denied resource according to the text, if the call used the caller's account.

    An ARN in AWS's message contains the account in which the call looked: a name without an account is looked up in the
    caller's.
    """
    text = (denial.pasted or denial.text)[:_LONGEST]
    noun = _THINGS.get((denial.action or "").partition(":")[0].lower())
    if noun is None:
        return None
    name = name_of(denial.resource or "")
    own = rf"|(?<![\w-]){re.escape(name)}(?![\w-])" if len(name) > 2 else ""
    lines = (line for line in text.splitlines() if not _OF_A_COPY.search(line))
    found = [each for line in lines for each in _place_of(f"{noun}{own}").finditer(line)]
    named = {each["account"] for each in found}
    if (
        len(named) != 1
        or called in named
        or f":{min(named)}:" in text
        or re.search(rf"/{min(named)}/|{min(named)}\.dkr", text)
    ):
        return None
    thing = re.match(noun, found[0][0], re.IGNORECASE)
    return MeantAccount(
        called,
        named.pop(),
        _profile(text) or "",
        thing=thing[0].lower() if thing else "resource",
        caller=identity_of(denial.principal or "")[2],
    )


@dataclass(frozen=True, slots=True)
class OwnersProfile:
    """Two profiles in the text.

    ``used`` is for the caller's account, ``called``, or "" if the call used none; ``other`` is for the resource's
    account, ``owner``.
    """

    used: str
    called: str
    other: str
    owner: str

    @property
    def sentence(self) -> str:
        of = f", that of profile {self.used}" if self.used else ""
        return (
            f"The call was made in account {self.called}{of}, and the resource is in "
            f"{self.owner}, that of profile {self.other}: call with --profile {self.other}. No policy has to change, "
            "unless you want to call across accounts."
        )


_PERSON = regex(r":user/|:assumed-role/AWSReservedSSO_")
"""A person's identity, which a profile of that person can replace."""


def owners_profile(denial: Denial) -> OwnersProfile | None:
    """Return the profile of the resource's account if the call used the profile of another account; else None."""
    called, owner = account_of(denial.principal or ""), account_of(denial.resource or "")
    if owner is None or called == owner:
        return None
    text = (denial.pasted or denial.text)[:_LONGEST]
    accounts = {each["profile"]: each["account"] for each in _CONFIGURED.finditer(text)}
    if not accounts and (current := _profile(text)):
        accounts = {**_said_profiles(text), **_beside(text, current)}
        called = called or accounts.get(current)
        accounts |= {current: called} if called else {}
    if called is None or called == owner:
        return None
    used = [name for name, account in accounts.items() if account == called]
    others = [name for name, account in accounts.items() if account == owner]
    default = not used and _PERSON.search(denial.principal or "") is not None and _profile(text) is None
    if not (default or len(used) == 1) or len(others) != 1 or _ASSUMES.search(text) or _uses(text, others[0]):
        return None
    return OwnersProfile("" if default else used[0], called, others[0], owner)


_NAMES_PROFILE = (
    r"\bprofile[ :=]{1,3}[\"'`]?"
    r"(?P<profile>(?!(?:is|for|in|of|with|was|and|the|to|that|a|on|which)\b)[\w.@+-]{1,64})"
)
_SAID_PROFILE = (
    regex(rf"{NUMBER}[^\n]{{0,50}}?{_NAMES_PROFILE}", re.IGNORECASE),
    regex(rf"{_NAMES_PROFILE}[\"'`]?[^\n]{{0,40}}?{NUMBER}", re.IGNORECASE),
)


def _said_profiles(text: str) -> dict[str, str]:
    """Return the accounts of profiles, keyed by the profiles' names, if a line states both in words."""
    return {each["profile"]: each["account"] for pattern in _SAID_PROFILE for each in pattern.finditer(text)}


_NAME_AND_ACCOUNT = regex(
    rf"(?<![\w.-])[\"'`]?(?P<profile>[\w.@+-]{{1,64}})[\"'`]?[ \t]*(?:\bis\b|=|:|->|\u2192|\(|\|)[ \t]*{NUMBER}"
)


def _beside(text: str, profile: str) -> dict[str, str]:
    """Return the accounts, keyed by the names that a line or table gives them, if the profile is one of these names."""
    found = {each["profile"]: each["account"] for each in _NAME_AND_ACCOUNT.finditer(text)}
    return found if profile in found else {}


def _uses(text: str, profile: str) -> bool:
    """Whether a command in the text names the profile."""
    return re.search(rf"--profile[ =]{re.escape(profile)}\b|AWS_PROFILE={re.escape(profile)}\b", text) is not None


def _profile(text: str) -> str | None:
    """Return the profile that a command names, or that AWS_PROFILE contains."""
    if shown := _SHOWN.search(text) or _LISTED.search(text):
        return shown["profile"]
    named = around(text).profile
    return named.value if named is not None else None
