"""The profiles in the AWS configuration, with the method, account and expiry of each profile's credentials.

No call is made: the data comes from the configuration, the credentials file, and the sign-in caches of the AWS CLI (AWS
SDKs and Tools Reference Guide, "Shared config and credentials files", "IAM Identity Center").
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from iam.account import Role
from iam.arn import Arn
from iam.credentials.sso import SsoSettings, kept_token
from iam.ownership import permission_set_of
from iam.sources.atomic_file import replacing
from iam.sources.reader.reading import Reading

MAX_BYTES = 1024 * 1024
_CONFIGURATION = "the AWS configuration"
_ROLE_ARN = re.compile(r"arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+", re.ASCII)
_ENDS = ("x_security_token_expires", "aws_expiration", "expiration", "aws_session_expiration")
"""Settings in which other tools record the expiry of session keys that they write to the credentials file."""


class ProfilesError(Exception):
    """Raised if the configuration cannot be read. ``str()`` is one sentence."""


class ProfileMethod(StrEnum):
    """The ways in which a profile gets its credentials."""

    SSO = "SSO"
    ROLE = "role"
    WEB_IDENTITY = "web identity"
    LOGIN = "aws login"
    PROCESS = "a program"
    KEYS = "keys"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile. ``account`` and ``role`` are None if its configuration does not contain them, as for access keys.

    ``source`` is the profile whose credentials assume the role. ``sso`` is set if this profile or its source requires a
    sign-in. ``ends`` is when the sign-in or the session keys expire. ``signed_in`` is False if the user has not signed
    in yet, None if no sign-in is needed. ``renews``: an expired sign-in may be renewed without the user.
    ``package_missing``: the optional package that the profile requires is not installed.
    """

    name: str
    region: str
    method: ProfileMethod
    account: str | None = None
    role: str | None = None
    source: str | None = None
    mfa: bool = False
    sso: SsoSettings | None = None
    ends: datetime | None = None
    signed_in: bool | None = None
    renews: bool = False
    package_missing: bool = False

    def ended(self, now: datetime) -> bool:
        """Whether the user must sign in or get new keys before the profile can be used."""
        return self.signed_in is False or (self.ends is not None and self.ends <= now and not self.renews)


def profiles_using(role: Role) -> Reading[tuple[Profile, ...]]:
    """Return the profiles that get credentials for the role. May block.

    Their configuration contains the role's ARN, possibly in the command of a program, or they sign in to the role's
    permission set (IAM Identity Center User Guide, "Permission sets": ``AWSReservedSSO_NAME_suffix``).
    """
    arn = Arn.parse(role.arn)
    try:
        profiles = configured_profiles()
    except ProfilesError as error:
        return Reading(_CONFIGURATION, why=str(error))
    if arn is None:
        return Reading(_CONFIGURATION, ())
    names = {
        ProfileMethod.ROLE: role.name,
        ProfileMethod.WEB_IDENTITY: role.name,
        ProfileMethod.PROCESS: role.name,
        ProfileMethod.SSO: permission_set_of(role.name),
    }
    found = (each for each in profiles if each.role is not None and each.account == arn.account_id)
    return Reading(_CONFIGURATION, tuple(each for each in found if names.get(each.method) == each.role))


def configured_profiles() -> tuple[Profile, ...]:
    """Return the profiles, ordered by name. Raises `ProfilesError`. May block: reads files and loads botocore."""
    import botocore.session
    from botocore.exceptions import BotoCoreError

    session = botocore.session.Session()
    for variable in ("config_file", "credentials_file"):
        path = Path(os.path.expandvars(session.get_config_variable(variable))).expanduser()
        with suppress(OSError):
            if path.stat().st_size > MAX_BYTES:
                raise ProfilesError(f"{path} is not read, because it is larger than a megabyte.")
    try:
        configuration = session.full_config
    except (BotoCoreError, OSError, ValueError) as error:
        raise ProfilesError(f"The AWS configuration cannot be read: {error}") from error
    found = _ProfilesRead(configuration["profiles"], configuration.get("sso_sessions", {}))
    return tuple(found.profile(name) for name in sorted(found.profiles))


@dataclass(frozen=True, slots=True)
class _ProfilesRead:
    profiles: Mapping[str, Any]
    sso_sessions: Mapping[str, Any]

    def profile(self, name: str, seen: tuple[str, ...] = ()) -> Profile:
        given = self.profiles[name]
        region = str(given.get("region", ""))
        if "role_arn" in given:
            return self._of_role(name, region, given, seen)
        if "sso_account_id" in given or "sso_role_name" in given:
            sso = self._sso(given)
            account, role = given.get("sso_account_id"), given.get("sso_role_name")
            found = Profile(name, region, ProfileMethod.SSO, account, role, sso=sso)
            return _with_sign_in(found) if sso is not None else found
        if "login_session" in given:
            arn = Arn.parse(str(given["login_session"]))
            account, role = (arn.account_id, arn.name) if arn is not None else (None, None)
            return Profile(name, region, ProfileMethod.LOGIN, account, role, package_missing=not _has_crt())
        if "credential_process" in given:
            # Such programs (rolescope, IAM Roles Anywhere) get the role's ARN as an argument.
            arns = set(_ROLE_ARN.findall(str(given["credential_process"])))
            arn = Arn.parse_entity(arns.pop(), "role") if len(arns) == 1 else None
            account, role = (arn.account_id, arn.name) if arn is not None else (None, None)
            return Profile(name, region, ProfileMethod.PROCESS, account, role)
        if "aws_access_key_id" in given:
            ends = next((_time(given[key]) for key in _ENDS if key in given), None)
            return Profile(name, region, ProfileMethod.KEYS, ends=ends)
        return Profile(name, region, ProfileMethod.UNKNOWN)

    def _of_role(self, name: str, region: str, given: Mapping[str, Any], seen: tuple[str, ...]) -> Profile:
        arn = Arn.parse_entity(str(given["role_arn"]), "role")
        account, role = (arn.account_id, arn.name) if arn is not None else (None, None)
        if "web_identity_token_file" in given:
            return Profile(name, region, ProfileMethod.WEB_IDENTITY, account, role)
        source, mfa = given.get("source_profile"), "mfa_serial" in given
        found = Profile(name, region, ProfileMethod.ROLE, account, role, source, mfa)
        if source is None or source not in self.profiles or source in (*seen, name):
            return found
        under = self.profile(source, (*seen, name))
        return Profile(
            *(name, region, ProfileMethod.ROLE, account, role, source, mfa or under.mfa),
            *(under.sso, under.ends, under.signed_in, under.renews, under.package_missing),
        )

    def _sso(self, given: Mapping[str, Any]) -> SsoSettings | None:
        """Return the sign-in settings, or None if the configuration is incomplete."""
        named = given.get("sso_session")
        given_settings = self.sso_sessions.get(named, {}) if named is not None else given
        if "sso_start_url" not in given_settings or "sso_region" not in given_settings:
            return None
        scopes = tuple(
            each.strip() for each in str(given_settings.get("sso_registration_scopes", "")).split(",") if each.strip()
        )
        return SsoSettings(given_settings["sso_start_url"], given_settings["sso_region"], named, scopes)


def _with_sign_in(profile: Profile) -> Profile:
    assert profile.sso is not None
    token = kept_token(profile.sso)
    if token is None:
        return replace(profile, signed_in=False)
    registered = _time(token.get("registrationExpiresAt"))
    renews = "refreshToken" in token and registered is not None and registered > datetime.now(UTC)
    return replace(profile, signed_in=True, ends=_time(token["expiresAt"]), renews=renews)


def _has_crt() -> bool:
    from importlib.util import find_spec

    return find_spec("awscrt") is not None


def _time(text: object) -> datetime | None:
    """Parse a time as written by the AWS CLI's caches and other tools: ``2026-11-27T06:00:00Z``, formerly ``…UTC``."""
    try:
        found = datetime.fromisoformat(str(text).strip().replace("UTC", "Z"))
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


# The profiles that were opened from the list of profiles.

MOST_LAST = 10


def _last_path() -> Path:
    from platformdirs import user_state_path

    return user_state_path("rolescope") / "last-profiles"


def last_profiles() -> tuple[str, ...]:
    """Return the names of the profiles that were opened last, latest first; at most `MOST_LAST`. May block."""
    try:
        lines = _last_path().read_text(encoding="utf-8")[:10_000].splitlines()
    except (OSError, UnicodeDecodeError):
        return ()
    return tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))[:MOST_LAST]


def remember_profiles(opened: Sequence[str]) -> None:
    """Record which profiles were opened, in this order, for the next run. Write errors are ignored. May block."""
    path, names = _last_path(), dict.fromkeys((*reversed(opened), *last_profiles()))
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with replacing(path) as file:
            file.write("".join(f"{each}\n" for each in list(names)[:MOST_LAST]))
