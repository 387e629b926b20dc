"""The text to copy for a way: the command, the profile, and what the way requires."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator

from diagnostics.use.side import MFA_KEYS, CallingSide
from diagnostics.use.source import DEFAULT, CredentialSource
from diagnostics.use.way import WayNeed
from iam.credentials.assume_request import TAG_KEY, AssumeRequest
from iam.lazy_pattern import regex
from iam.policy.principal import Kind
from iam.policy.statements import Statement
from iam.policy.words import holding

MFA_CODE, MFA_SERIAL, TOKEN_FILE = "MFA-CODE", "MFA-DEVICE-ARN", "TOKEN-FILE"
"""Placeholders in a command for values that are secret or could not be read."""
_WHAT = {
    "sts:externalid": "sts:ExternalId",
    "sts:sourceidentity": "sourceIdentity",
    "sts:rolesessionname": "sessionName",
    "aws:multifactorauthpresent": "mfa",
    "aws:multifactorauthage": "mfa",
}
_SHORTHAND = regex(r"[\w .:/+@-]+")


def needs(statement: Statement | None, asked: AssumeRequest | None, mfa: bool = False) -> tuple[WayNeed, ...]:
    """Return what the statement's conditions require, and the other values of the call.

    ``mfa``: an MFA code is needed.
    """
    return tuple({need.what: need for need in _needs(statement, asked, mfa)}.values())


def _needs(statement: Statement | None, asked: AssumeRequest | None, mfa: bool) -> Iterator[WayNeed]:
    passed = _passed(asked)
    for block in statement.conditions if statement is not None else ():
        key = block.key.lower()
        what = f"tag:{block.key.partition('/')[2]}" if key.startswith(TAG_KEY) else _WHAT.get(key, block.key)
        what = {"aud": "audience", "sub": "subject"}.get(key.rpartition(":")[2], what)
        one = block.values[0] if len(block.values) == 1 and what not in passed and what != "mfa" else None
        words = holding(block.operator, block.key, block.values)
        yield WayNeed(what, passed.get(what, one), words, secret=what == "mfa")
    written = {need.lower() for need in _WHAT.values()}
    for what, value in passed.items():
        if what in ("sts:ExternalId", "sourceIdentity") or what.lower() not in written:
            yield WayNeed(what, value, f"{what} is {value}")
    if mfa or (asked is not None and asked.mfa_code):
        yield WayNeed("mfa", None, "a code of an MFA device", secret=True)


def _passed(asked: AssumeRequest | None) -> dict[str, str]:
    if asked is None:
        return {}
    found = {f"tag:{key}": value for key, value in asked.tags}
    if asked.session_name:
        found["sessionName"] = asked.session_name
    if asked.external_id:
        found["sts:ExternalId"] = asked.external_id
    if asked.source_identity:
        found["sourceIdentity"] = asked.source_identity
    return found


def assume_command(role_arn: str, asked: AssumeRequest, *, mfa: bool, region: str = "") -> str:
    """Return ``aws sts assume-role …`` with all values except the MFA code, which must not appear in a command line."""
    parts = ["aws", "sts", "assume-role", "--role-arn", role_arn, "--role-session-name", asked.session_name]
    if asked.external_id:
        parts += ["--external-id", asked.external_id]
    if asked.source_identity:
        parts += ["--source-identity", asked.source_identity]
    if asked.tags:
        parts += ["--tags", *_tags(asked.tags)]
    if asked.seconds is not None:
        parts += ["--duration-seconds", str(asked.seconds)]
    if mfa:
        parts += ["--serial-number", asked.mfa_serial or MFA_SERIAL, "--token-code", MFA_CODE]
    if region:
        parts += ["--region", region]
    return shlex.join(parts)


def _tags(tags: tuple[tuple[str, str], ...]) -> list[str]:
    """Return tags in the AWS CLI's shorthand, or as JSON if a value contains a comma or a quote."""
    if all(_SHORTHAND.fullmatch(key) and _SHORTHAND.fullmatch(value) for key, value in tags):
        return [f"Key={key},Value={value}" for key, value in tags]
    return [json.dumps([{"Key": key, "Value": value} for key, value in tags], ensure_ascii=False)]


def profile_lines(
    role_arn: str, asked: AssumeRequest, *, mfa: bool, source: CredentialSource = DEFAULT, region: str = ""
) -> str:
    """Return the lines for a profile in ``~/.aws/config`` (AWS CLI User Guide, "Using an IAM role").

    A profile by itself cannot pass tags or a source identity, nor use every kind of credentials. In these cases, it
    runs rolescope to create the session. "" if a value cannot be written in such a file.
    """
    name = role_arn.rpartition("/")[2]
    if asked.tags or asked.source_identity or not source.setting:
        parts = ["rolescope", "use", role_arn, "--credential-process", "--session-name", asked.session_name]
        if source.profile:
            parts += ["--profile", source.profile]
        else:  # otherwise the profile would refer to itself, if it is the selected one
            parts = ["env", "-u", "AWS_PROFILE", "-u", "AWS_DEFAULT_PROFILE", *parts]
        parts += ["--region", region] if region else []
        parts += ["--duration", str(asked.seconds)] if asked.seconds is not None else []
        parts += ["--mfa-serial", asked.mfa_serial or MFA_SERIAL] if mfa else []
        for key, value in asked.tags:
            parts += ["--tag", f"{key}={value}"]
        if asked.source_identity:
            parts += ["--source-identity", asked.source_identity]
        if asked.external_id:
            parts += ["--external-id", asked.external_id]
        lines = [f"[profile {name}]", f"credential_process = {shlex.join(parts)}"]
    else:
        lines = [f"[profile {name}]", f"role_arn = {role_arn}", source.setting]
        lines.append(f"role_session_name = {asked.session_name}")
        if asked.external_id:
            lines.append(f"external_id = {asked.external_id}")
        if mfa:
            lines.append(f"mfa_serial = {asked.mfa_serial or MFA_SERIAL}")
        if asked.seconds is not None:
            lines.append(f"duration_seconds = {asked.seconds}")
    if region:
        lines.append(f"region = {region}")
    return _profile(lines)


def _profile(lines: list[str]) -> str:
    return "\n".join(lines) if all(line.isprintable() for line in lines) else ""


def unfilled(profile: str) -> str:
    """Return the placeholder for an unknown value in a profile's lines; "" if there is none."""
    return next((word for word in (MFA_SERIAL, TOKEN_FILE) if word in profile), "")


def token_command(role_arn: str) -> str:
    """Return ``aws sts assume-role-with-web-identity …`` with a token from a file."""
    parts = ["aws", "sts", "assume-role-with-web-identity", "--role-arn", role_arn, "--role-session-name"]
    return shlex.join([*parts, role_arn.rpartition("/")[2][:64], "--web-identity-token", f"file://{TOKEN_FILE}"])


def token_profile_lines(role_arn: str) -> str:
    """Return the lines for a profile in ``~/.aws/config`` that uses a token from a file."""
    name = role_arn.rpartition("/")[2]
    return _profile([f"[profile {name}]", f"role_arn = {role_arn}", f"web_identity_token_file = {TOKEN_FILE}"])


def saml_command(role_arn: str, provider: str) -> str:
    parts = ["aws", "sts", "assume-role-with-saml", "--role-arn", role_arn, "--principal-arn", provider]
    return shlex.join([*parts, "--saml-assertion", "file://ASSERTION-FILE"])


def wants_mfa(
    statement: Statement | None, hangs_on: tuple[str, ...], asked: AssumeRequest, side: CallingSide | None
) -> bool:
    """Return whether the call has, or must have, an MFA code.

    Always False for role sessions, which cannot have one.
    """
    if side is not None and side.who.kind in (Kind.SESSION, Kind.ROLE):
        return False
    blocks = statement.conditions if statement is not None else ()
    return bool(asked.mfa_code) or "mfa" in hangs_on or any(block.key.lower() in MFA_KEYS for block in blocks)
