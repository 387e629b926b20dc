"""Detect a hosted zone that the text shows in a different account from the caller's: Route 53 needs a role there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from diagnostics.failure import Denial
from diagnostics.text.read.identities.own_account import NUMBER
from iam.arn import account_of, identity_of
from iam.lazy_pattern import regex

_LONGEST = 20_000
_OF_ROUTE_53 = regex(r"\broute53: AccessDenied|\boperation error Route 53\b")
_ZONE = regex(r"(?<![A-Z0-9])Z[A-Z0-9]{7,31}(?![A-Z0-9])")
_SAID = (
    regex(
        rf"\bzone\b(?:(?!\b(?:not|never|copied|moved|was|delegat\w+)\b|n['\u2019]t|(?-i:\.\s[A-Z]))[^\n;?]){{0,60}}?"
        rf"\b(?:is|lives|sits|belongs|owned|hosted|in|of)\b(?:(?!\bnot\b|n['\u2019]t)[^\n.;?]){{0,40}}?{NUMBER}(?!\?)",
        re.IGNORECASE,
    ),
    regex(rf"\b(?:zone|dns)(?:['\u2019]s)?[ -](?:owner|account|acct)\b[^\n.;?]{{0,20}}?{NUMBER}", re.IGNORECASE),
    regex(rf"\bOwningAccount\b\W{{1,6}}{NUMBER}"),
)
_ANOTHER = regex(
    r"\b(?:hosted )?zones?\b(?:(?!\b(?:not|never|copied|moved|was|delegat\w+)\b|n['\u2019]t)[^\n.;?]){0,30}?"
    r"\b(?:in|to|by|of)\b (?:another|a different|the other|a separate) (?:AWS )?account\b(?!\?)"
    r"|\bcross[- ]account (?:hosted )?zone\b",
    re.IGNORECASE,
)
_READ = regex(
    r"\baws [^\n]*\broute53 (?:get-hosted-zone|list-[a-z-]+)\b[^\n|#]*--profile[ =](?P<profile>[\w.@+-]+)[^\n]*\n"
    r"(?P<answer>[^\n]*)"
)
_REFUSED = regex(r"error occurred|denied|not authori[sz]ed|NoSuchHostedZone|^\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ForeignZone:
    """A denied call on a zone of account ``owner``; ``caller`` is the role or user of account ``home`` that made it.

    ``owner`` is empty if the text says only that the zone is in another account. ``profile`` is the profile with which
    the text reads the zone; empty if the text only says in words where the zone is. ``role`` is the ARN of the only
    role of the zone's account that the text names.
    """

    action: str
    zone: str
    owner: str
    partition: str
    home: str
    caller: str
    profile: str
    of_cert_manager: bool
    role: str = ""

    @property
    def place(self) -> str:
        """A noun for the account of the zone."""
        return f"account {self.owner}" if self.owner else "the account of the zone"

    @property
    def sentence(self) -> str:
        there = f"{self.place} (profile {self.profile})" if self.profile else self.place
        there = there if self.owner else "another account"
        zone = f" {self.zone}" if self.zone else ""
        return (
            f"The hosted zone{zone} is in {there}, but the call came from {self.caller} of account {self.home}. A zone "
            f"has no policy of its own, so nothing in account {self.home} allows it: the program has to assume "
            f"{self.role or f'a role of {self.place}'}."
        )

    @property
    def steps(self) -> str:
        """Return what to create in the zone's account, and what the caller must be allowed."""
        zone = f"arn:{self.partition}:route53:::hostedzone/{self.zone or 'ZONE'}"
        what = f"{self.action or 'the refused Route 53 actions'} on {zone}"
        role = f"arn:{self.partition}:iam::{self.owner or 'ACCOUNT'}:role/ROLE"
        if self.role:
            return (
                f"Make the call with {self.role}, which the text names and this call did not use. In Terraform, give "
                "the resource the provider that assumes it (provider = aws.ALIAS), or pass it to the module (providers "
                f"= {{ aws = aws.ALIAS }}). The role must allow {what} and trust {self.caller}."
            )
        where = " Name it as role in the issuer." if self.of_cert_manager else ""
        return (
            f"In {self.place}, create a role that allows {what} and trusts {self.caller} of account {self.home}. "
            f"Allow {self.caller} to perform sts:AssumeRole on {role}, and let the program assume it.{where}"
        )


def foreign_zone(denial: Denial) -> ForeignZone | None:
    """Return the zone of a different account from the caller's; None if the text shows none, or if a Deny decides.

    Amazon Route 53 Developer Guide, "Overview of managing access permissions to your Amazon Route 53 resources": the
    account that created a zone owns it, and another account's user needs a role there
    (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/access-control-overview.html). cert-manager, "Route53",
    cross account access (https://cert-manager.io/docs/configuration/acme/dns01/route53/).
    """
    action, home = denial.action or "", account_of(denial.principal or "")
    text = (denial.pasted or denial.text)[:_LONGEST]
    of_route_53 = action.startswith("route53:") or (not action and _OF_ROUTE_53.search(text) is not None)
    if not of_route_53 or home is None or (denial.stated_reason or "").startswith("explicit"):
        return None
    owner, profile = _owner(text, home)
    if not owner and not (_ANOTHER.search(text) and not any(each.search(text) for each in _SAID)):
        return None
    zones = {*_ZONE.findall(denial.resource or "")} or {*_ZONE.findall(text)}
    _, kind, name = identity_of(denial.principal or "")
    caller = f"the {kind} {name}" if name else "the caller"
    zone = zones.pop() if len(zones) == 1 else ""
    partition = (denial.principal or "").split(":")[1]
    roles = set(re.findall(rf"arn:[\w-]+:iam::{owner}:role/[\w+=,.@/-]*\w", text)) if owner else set()
    role = roles.pop() if len(roles) == 1 else ""
    return ForeignZone(action, zone, owner, partition, home, caller, profile, "cert-manager" in text, role)


def _owner(text: str, home: str) -> tuple[str, str]:
    """Return the zone's account, and the profile that shows it in the text; both "" if there is none or several."""
    said = {found["account"] for pattern in _SAID for found in pattern.finditer(text)}
    read = {
        (account, found["profile"])
        for found in _READ.finditer(text)
        if not _REFUSED.search(found["answer"])
        for account in _accounts_of(found["profile"], text)
    }
    owners = said | {account for account, _ in read}
    if len(owners) != 1 or home in owners:
        return "", ""
    profiles = {profile for _, profile in read}
    return owners.pop(), profiles.pop() if len(profiles) == 1 else ""


def _accounts_of(profile: str, text: str) -> set[str]:
    """Return the accounts that the text names for a profile: ``network = 111122223333``."""
    named = re.compile(
        rf"(?<![\w.-]){re.escape(profile)}(?![\w.-])[\"')]*(?: is)?(?: account)?[ \t:=#(]{{1,5}}{NUMBER}"
    )
    return {found["account"] for found in named.finditer(text)}
