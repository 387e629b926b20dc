"""Read what the command above a denial says about the call: profile, Region, credentials and options.

AWS CLI User Guide, "Configuration and credential file settings" and "Environment variables"
(https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-options.html): --profile takes precedence over the
environment; keys in the environment take precedence over AWS_PROFILE and the default profile.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from iam.lazy_pattern import regex

_LONGEST = 20_000
_VALUE = r"[\"']?(?P<value>[\w$@{}+=,./-]{1,128})[\"']?"
_PROFILE_OPTION = regex(rf"(?<![\w-])--(?:aws-)?profile[ =]{_VALUE}")
_SETS = r"[\"'`]?(?:,?\s*[\"']?value[\"']?(?=\s*[:=]))?[ \t]*[:=][ \t]*"
_PROFILE_VARIABLE = regex(rf"\bAWS_(?:DEFAULT_)?PROFILE{_SETS}{_VALUE}")
_REGION = regex(rf"(?:(?<![\w-])--region[ =]|\bAWS_(?:DEFAULT_)?REGION{_SETS}){_VALUE}")
_KEYS = regex(r"\bAWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)\s*=")
_COMMAND = regex(
    r"(?:^|[\s$#>])aws(?:\.exe)?[ \t]+(?P<words>[a-z0-9-]+[ \t]+[a-z0-9-]+[^\n|;&>]{0,4000})", re.MULTILINE
)
_OPTION = regex(r"--(?P<name>[a-z][a-z0-9-]{1,60})(?:[ =](?P<value>(?!-)[^\s\"'{}\[\]]{1,80}))?")
_SECRET = regex(
    r"passw|secret(?!s?(?:id|arn|name)s?$)|(?<!http)token(?!s)|credential|privatekey|authkey|authorization|keymaterial"
    r"|plaintext|userdata|apikey"
)
# Tools whose --profile is a profile of AWS's configuration.
_AWS_TOOL = regex(r"(?:^|[\s$#>/])(?:aws|sam|cdk|eksctl|serverless|sls|chalice|copilot|eb)(?:\.exe)?[ \t]")
# Options of the AWS CLI itself, which no policy looks at.
_CLI_OWN = frozenset(
    (
        *("profile", "region", "output", "query", "debug", "no-cli-pager", "cli-input-json", "endpoint-url"),
        *("ca-bundle", "no-verify-ssl", "no-sign-request", "no-paginate", "color", "cli-read-timeout"),
    )
)


def is_secret(parameter: str) -> bool:
    """Return whether values of this parameter, or of the AWS CLI's option for it, must never be shown."""
    return _SECRET.search(re.sub(r"[^a-z]", "", parameter.lower())) is not None


@dataclass(frozen=True, slots=True)
class Named:
    """A value that the text gives, and the words that give it. ``value`` is None for a variable."""

    value: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Around:
    """What the pasted command says. A field is None or empty if the text does not say it.

    ``profile_option`` is the profile of a command's ``--profile`` option, ``profile_variable`` the one in AWS_PROFILE.
    ``options`` are those of the last AWS CLI command, as written, without the CLI's global options.
    """

    profile_option: Named | None = None
    profile_variable: Named | None = None
    region: Named | None = None
    has_keys: bool = False
    options: tuple[str, ...] = ()

    @property
    def profile(self) -> Named | None:
        return self.profile_option or self.profile_variable


def around(text: str) -> Around:
    """Return what the commands in a pasted text say about the call."""
    text = text[:_LONGEST]
    joined = re.sub(r"[\\`^][ \t]*\r?\n[ \t]*", " ", text) if "--" in text else text
    return Around(
        profile_option=_named(_PROFILE_OPTION, "\n".join(line for line in joined.split("\n") if _is_call(line))),
        profile_variable=_named(_PROFILE_VARIABLE, joined),
        region=_named(_REGION, joined),
        has_keys=_KEYS.search(joined) is not None,
        options=_options(joined),
    )


def _is_call(line: str) -> bool:
    """Whether a line calls a tool that accepts a profile, and does not only show or change a profile."""
    return _AWS_TOOL.search(line) is not None and "aws configure " not in line


def _named(pattern: re.Pattern[str], text: str) -> Named | None:
    found = pattern.search(text)
    if found is None:
        return None
    value = found["value"].rstrip(".,")
    return Named(None if re.search(r"[$<>{}]", value) else value, " ".join(found[0].split()))


def _options(text: str) -> tuple[str, ...]:
    commands = list(_COMMAND.finditer(text))
    if not commands:
        return ()
    found = (match for match in _OPTION.finditer(commands[-1]["words"]) if match["name"] not in _CLI_OWN)
    written = (
        f"--{match['name']}" + (f" {match['value']}" if match["value"] and not is_secret(match["name"]) else "")
        for match in found
    )
    return tuple(dict.fromkeys(written))


PLAIN_HTTP = regex(
    r"--endpoint-url[= ][\"']?http://[\w.-]+\.amazonaws\.com(?:\.cn)?"
    r"|\b(?:endpoint_?(?:url|override)|AWS_ENDPOINT_URL\w*)[\"']?[ \t]*[=:][ \t]*[\"']?http://[\w.-]+\.amazonaws\.com(?:\.cn)?"
    r"|\buse_ssl[ \t]*=[ \t]*False\b"
    # An option of another program: an endpoint that is no namespace of XML, no group of an ACL and no website.
    r"|\b(?:url|uri|host|endpoint|server|service_?url|base_?url|s3\.endpoint)[\"']?[ \t]*[=:, ][ \t]*[\"']?"
    r"http://(?!acs\.|[\w.-]*s3-website)[\w.-]+\.amazonaws\.com(?:\.cn)?(?![\w.-]|/doc/)"
    r"|\bfs\.s3a\.connection\.ssl\.enabled[\"']?[ \t]*[=:, ][ \t]*[\"']?false\b",
    re.IGNORECASE,
)
"""The settings of the AWS CLI, SDKs and other programs with which a call goes to AWS without TLS."""
