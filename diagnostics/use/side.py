"""The calling side: the caller, its policies, those of its organization, and the context of its credentials."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from diagnostics.use.source import DEFAULT, CredentialSource, source_of
from diagnostics.use.way import CHAINED_SECONDS, DEFAULT_SECONDS
from iam.account import Account, Role, User
from iam.context import across_accounts, with_context
from iam.key_presence import key_presence
from iam.layers import Gathering, LayerReading
from iam.organization.accounts import Accounts
from iam.policy.condition_keys import Presence
from iam.policy.principal import Kind, RequestCaller, caller
from iam.policy.request import Policies, Request
from iam.sources.reader.account_reader import AccountReader

MFA_KEYS = frozenset({"aws:multifactorauthpresent", "aws:multifactorauthage"})
_MADE_WITHOUT_POLICY = ("sso", "iam-role", "container-role", "assume-role", "assume-role-with-web-identity")
"""botocore's names for credentials whose sessions have no session policy. AWS creates these sessions with only the
role's or permission set's policies; or botocore creates them, and a profile has no setting for a session policy."""
_OF_SERVICES = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths", "aws:calledvia")
"""Keys that only calls made by, or through, a service contain."""


@dataclass(frozen=True, slots=True)
class CallingSide:
    """A caller that assumes roles.

    ``policies`` are those of all layers except the trust policy. ``serials`` are the user's MFA devices, None if
    unknown; ``long_term``: the keys do not belong to a session, so they carry no MFA; ``may_be_limited``: the session
    may have a session policy, which cannot be read.
    """

    who: RequestCaller
    account: Account
    entity: Role | User | None
    policies: Policies
    readings: tuple[LayerReading, ...]
    user_id: str = ""
    serials: tuple[str, ...] | None = None
    long_term: bool = False
    source: CredentialSource = DEFAULT
    region: str = ""
    may_be_limited: bool = False
    accounts: Accounts | None = None

    def absent(self, key: str) -> bool:
        """Return whether no call by this caller can contain the key (in lower case), whatever the caller passes."""
        if key in MFA_KEYS:
            return self.long_term and self.serials == ()
        return key.startswith(_OF_SERVICES) or self.presence(key) is Presence.NEVER

    def presence(self, key: str) -> Presence:
        ours = self.account if self.who.account == self.account.id else None
        return key_presence(self.who.kind, self.entity, ours)(key)

    def request(self, action: str, role_arn: str, context: dict[str, tuple[str, ...]]) -> Request:
        filled = {"aws:ViaAWSService": ("false",), **context}
        given = {key.lower() for key in context}
        if self.region and "aws:requestedregion" not in given:
            filled["aws:RequestedRegion"] = (self.region,)
        if self.user_id and "aws:userid" not in given:
            filled["aws:userid"] = (self.user_id,)
        if self.who.kind is Kind.SESSION and "aws:multifactorauthpresent" not in given:
            # "The temporary credentials returned by AssumeRole do not include MFA information" (IAM User Guide,
            # "Secure API access with MFA").
            filled["aws:MultiFactorAuthPresent"] = ("false",)
        asked = with_context(Request(self.who.text, action, role_arn, None, filled), self.account, self.entity)
        return asked if self.accounts is None else across_accounts(asked, self.accounts, None)

    @property
    def session_name(self) -> str:
        """The default session name, taken from the caller's name."""
        name = self.who.text.rpartition("/")[2] if self.who.kind is not Kind.ROOT else "root"
        name = re.sub(r"[^\w+=,.@-]", "-", name, flags=re.ASCII)[:64]
        return name if len(name) > 1 else "rolescope"

    def most_seconds(self, role: Role | None) -> int:
        most = (role.max_session_seconds if role is not None else None) or DEFAULT_SECONDS
        return min(most, CHAINED_SECONDS) if self.who.kind in (Kind.SESSION, Kind.ROLE) else most


def calling_side(account: Account, reader: AccountReader) -> CallingSide | None:
    """Return the caller that reads the account, or that read the snapshot; None if it is unknown. May block."""
    identity = reader.caller().value
    arn = identity.arn if identity is not None else account.caller_arn
    if arn is None:
        return None
    side = side_of(arn, account, reader)
    if identity is None:
        return side
    long_term = identity.key_kind == "long-term"
    serials = None
    if side.who.kind is Kind.USER and side.who.account == account.id and side.who.name:
        devices = reader.mfa_devices(side.who.name).value
        serials = None if devices is None else tuple(device.serial for device in devices)
    return replace(
        side,
        user_id=identity.user_id,
        serials=serials,
        long_term=long_term,
        source=source_of(identity),
        region=getattr(reader, "region", None) or "",
        may_be_limited=side.who.kind is Kind.SESSION and identity.method not in _MADE_WITHOUT_POLICY,
    )


def side_of(
    arn: str, account: Account, reader: AccountReader, accounts: Accounts | None = None, role: str = ""
) -> CallingSide:
    """Return the policies and context that apply when a user, role or session calls AssumeRole. May block.

    For the ARN of a role, the caller is a session of that role. ``role`` is the role to assume: with several
    ``accounts``, the RCPs of its account apply.
    """
    a_role = role or f"arn:{account.partition}:iam::{account.id}:role/any"
    work = Gathering(Request(arn, "sts:AssumeRole", a_role), account, reader, accounts)
    identity, boundary = work.principal_layers()
    policies = work.gathered(Policies(identity=identity, boundary=boundary, scps=work.scps(), rcps=work.rcps()))
    missing = tuple(reading for reading in work.readings if reading.unread)
    return CallingSide(caller(arn), account, work.entity, policies.policies, missing, accounts=accounts)
