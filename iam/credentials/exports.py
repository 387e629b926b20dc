"""Format a session's credentials for shells and the AWS SDKs. The results contain secrets."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping
from enum import StrEnum

from iam.credentials.role_session import RoleSession

HIDING = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_SECURITY_TOKEN",
)
"""Environment variables that would select credentials other than the session's.

The last one is the old name of the session token, which botocore reads first.
"""


class Shell(StrEnum):
    SH = "sh"
    FISH = "fish"
    POWERSHELL = "powershell"
    ENV = "env"


def variables(session: RoleSession, region: str, endpoint_url: str | None) -> dict[str, str]:
    """Return the environment variables with which a program uses the session."""
    found = {
        "AWS_ACCESS_KEY_ID": session.access_key,
        "AWS_SECRET_ACCESS_KEY": session.secret_key,
        "AWS_SESSION_TOKEN": session.token,
        "AWS_CREDENTIAL_EXPIRATION": session.expires.isoformat(),
    }
    if region:
        found |= {"AWS_REGION": region, "AWS_DEFAULT_REGION": region}
    if endpoint_url:
        found["AWS_ENDPOINT_URL"] = endpoint_url
    return found


def environment(given: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    """Return ``before`` with the session's variables added, and without variables that would override them."""
    return {**{name: value for name, value in before.items() if name not in HIDING}, **given}


def export_lines(given: Mapping[str, str], shell: Shell) -> str:
    """Return shell commands that set the variables. For ``ENV``, return ``NAME=value`` lines for a .env file."""
    set_, unset = _FORMS[shell]
    lines = [unset.format(name) for name in HIDING] if unset else []
    return "\n".join([*lines, *(set_(name, value) for name, value in given.items())])


def _quoted_for_fish(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _quoted_for_powershell(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


_FORMS: Mapping[Shell, tuple[Callable[[str, str], str], str]] = {
    Shell.SH: (lambda name, value: f"export {name}={shlex.quote(value)}", "unset {}"),
    Shell.FISH: (lambda name, value: f"set -gx {name} {_quoted_for_fish(value)}", "set -e {}"),
    Shell.POWERSHELL: (
        lambda name, value: f"$Env:{name} = {_quoted_for_powershell(value)}",
        "Remove-Item Env:{} -ErrorAction SilentlyContinue",
    ),
    Shell.ENV: (lambda name, value: f"{name}={value}", ""),
}


def credential_process(session: RoleSession) -> str:
    """Return the JSON that a ``credential_process`` of the AWS configuration must print.

    See AWS SDKs and Tools Reference Guide, "Process credential provider".
    """
    return json.dumps(
        {
            "Version": 1,
            "AccessKeyId": session.access_key,
            "SecretAccessKey": session.secret_key,
            "SessionToken": session.token,
            "Expiration": session.expires.isoformat(),
        }
    )
