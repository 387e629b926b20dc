"""Convert the names of API calls and parameters into those of the AWS CLI."""

from __future__ import annotations

import re

_ACRONYM = re.compile(r"(OpenIDConnect|ClientID|ID|URL|ARN|MFA|SSH)(?=[A-Z]|$)")
_SPECIAL = {"OpenIDConnect": "OpenIdConnect", "ClientID": "ClientId"}
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def cli_name(name: str) -> str:
    """Return a name as the AWS CLI spells it: ``put-role-policy`` for ``PutRolePolicy``."""
    return _WORD.sub("-", _ACRONYM.sub(lambda match: _SPECIAL.get(match[1], match[1].capitalize()), name)).lower()
