"""Read what a text shows about a program's credentials: exported keys, profiles, token files, IMDS.

Programs look first for the profile named with --profile, then for keys in the environment, then for the profile in
AWS_PROFILE or the default profile, and last for the container or instance. Source: AWS CLI User Guide, "Configuration
and credential file settings" (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html).
"""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.failure_details import CredentialChain
from diagnostics.text.read.identities.key_settings import key_settings
from diagnostics.text.read.layout.shell import PROFILE_VARIABLE, PROMPT
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

_LONGEST = 20_000
_KEY = regex(
    r"^[ \t]*(?:export[ \t]+|declare -x[ \t]+)?AWS_(?P<name>ACCESS_KEY_ID|SESSION_TOKEN)=[\"']?[^\s$\"']", re.MULTILINE
)
# A sign-in names a profile and uses none of its keys.
_PROFILE_OPTION = regex(r"^(?![^\n]*\b(?:sso login|configure)\b)[^\n]*(?<![\w-])--profile[ =]\S", re.MULTILINE)
_SIGNED_IN = regex(r"Successfully logged into Start URL")
_TOKEN_FILE = regex(r"\bAWS_WEB_IDENTITY_TOKEN_FILE[\"']?\s*[=:]\s*[\"']?(?P<path>/[^\s\"',;]{1,200})")
# What EKS and its webhook mount, and renew (EKS User Guide, "IAM roles for service accounts").
_RENEWED = regex(r"^/var/run/secrets/")
# `aws configure list`: NAME VALUE TYPE LOCATION, in newer versions with colons between.
_CONFIGURED = regex(r"^[ \t]*access_key[ \t:]+(?P<value>\*{4,}\w*|<not set>)[ \t:]+(?P<type>[\w-]+)", re.MULTILINE)
_LISTED_PROFILE = regex(r"^[ \t]*profile[ \t:]+(?P<name>[\w.+@-]{1,64})[ \t:]+env\b", re.MULTILINE)
_IMDS = r"169\.254\.169\.254|\[fd00:ec2::254\]"
_IMDS_TOKEN = regex(
    rf"\b(?:PUT|-X\s*PUT)\b[^\n]{{0,120}}(?:{_IMDS})/latest/api/token|(?:{_IMDS})/latest/api/token[^\n]{{0,120}}\bPUT\b"
)
_IMDS_ROLE = regex(
    rf"(?:{_IMDS})/latest/meta-data/iam/security-credentials/?[\"']?[ \t]*\n\s*"
    r"(?P<role>[\w+=,.@-]{1,64})[ \t]*(?:\n|$)"
)
_NO_ANSWER = regex(r"timed out|timeout|0 bytes received|\(28\)", re.IGNORECASE)
_ROLE = regex(
    r"\b(?:AWS_ROLE_ARN|role[ _-]?arn)\b[^\n:=]{0,30}[:=][ \t]*[\"']?arn:[\w-]+:iam::[^\s:\"']*:role/(?:[^\s\"'/]+/)*"
    r"(?P<name>[\w+=,.@-]{1,64})",
    re.IGNORECASE,
)
_RETIRED = regex(
    r"\blist-access-keys\b[^$]{0,300}?\bInactive\b|"
    r"\bupdate-access-key\b[^\n]{0,160}--status[ =]Inactive|\bdelete-access-key\b[^\n]{0,120}"
    r"|\b(?:set|made|marked)\b[^\n]{0,40}\bkey\b[^\n]{0,40}\binactive\b|\b(?:deleted|deactivated|disabled"
    r"|removed)\b[^\n]{0,20}"
    r"\b(?:old|previous|former) (?:access )?key\b|\bold (?:access )?key\b[^\n]{0,30}\b(?:deleted|deactivated|disabled"
    r"|inactive)\b",
    re.IGNORECASE,
)
_CONTAINER = regex(
    r"\b(?:docker|podman|nerdctl|finch)\s+(?:run|exec|compose)\b|\bkubectl\s+exec\b|root@[0-9a-f]{4,12}:", re.IGNORECASE
)


def _names_a_profile(text: str) -> bool:
    """Whether the failed call names a profile.

    If the text shows commands, the failed call is the last command before the failure.
    """
    failed = _FAILED.search(text)
    commands = [found for found in _COMMAND.finditer(text) if failed is None or found.start() < failed.start()]
    if failed is None or not commands:
        return any(not _is_said_to_work(text, found) for found in _PROFILE_OPTION.finditer(text))
    return _PROFILE_OPTION.search(commands[-1][0]) is not None


_WORKS = regex(r"(?<!not )\bworks?(?: fine)?\b[^\n]{0,20}:[ \t]*\n(?:[^\n]{0,12}\n)?[^\n]{0,4}$")
_WORKED = regex(r"[^\n]*?(?:#|->|=>|\()[^\n]{0,20}\b(?:works?|worked|ok|fine)\b")


def _is_said_to_work(text: str, command: re.Match[str]) -> bool:
    """Whether the text says that this command works, so that another program failed."""
    before = text[max(0, command.start() - 80) : command.start()]
    return _WORKS.search(before) is not None or _WORKED.match(text, command.end()) is not None


_COMMAND = regex(rf"^{PROMPT}(?:\w+=\S+ +)*[a-z][\w./-]*[^\n]*$", re.MULTILINE)
_FAILED = regex(r"error occurred|\bError\b|Expired|InvalidClientTokenId|InvalidAccessKeyId|UnrecognizedClient")


_SIGNS = (
    "AWS_",
    "169.254",
    "fd00:ec2",
    "access_key",
    "access-key",
    " key",
    ":role/",
    "ASIA",
    "KEY",
    "arn:aws-",
    "hop",
    "Hop",
)
# IAM User Guide, "IAM identifiers": AKIA begins the ID of an access key, ASIA that of a session's
# (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html).
_AWS_KEY = regex(r"\b(?:AKIA|ASIA)[A-Z0-9*x.\u2026]{0,20}")
_OF_SESSION = regex(r"\bASIA(?![a-z]{2,})")
_SECRET = regex(r"secret[ _-]?(?:access[ _-]?)?key", re.IGNORECASE)
_TOKEN = regex(
    r"[^\n]{0,60}\b(?:(?:aws_?)?session[_-]?token|aws_token)\b[^\n]{0,40}|[^\n]{0,20}X-Amz-Security-Token[^\n]{0,20}",
    re.IGNORECASE,
)
_NO_TOKEN = regex(
    r"\b(?:no|not|without|lacks?|missing|unset|never|empty|forgot\w*|removed|dropped|stripped|omitted|left out|nicht"
    r"|ohne|kein\w*|sin|sans)\b|n['\u2019]t\b|token[\"']?\s*[=:]\s*[\"']?\s*$",
    re.IGNORECASE,
)
_LONG_LIVED = regex(
    r"[^.\n]{0,60}\b(?:long[- ](?:lived|term)|static|permanent|IAM user['\u2019]?s?)\b[^.\n]{0,20}"
    r"\b(?:keys?|credentials)\b[^.\n]{0,60}\b(?:works?|fine|ok|succeeds?)\b",
    re.IGNORECASE,
)
_NO_KEYS = regex(
    r"\bno (?:access |static |AWS )?keys (?:are |were )?(?:set|given|configured|provided)\b"
    r"|\bwithout (?:any )?(?:static |access )keys\b"
    r"|\b\w*ACCESS_KEY(?:_ID)?=(?:\"\"|'')?(?=\s+\w*SECRET\w*=(?:\"\"|'')?(?:\s|$))",
    re.IGNORECASE,
)
_PRESIGNED = regex(r"[^\n]{0,40}pre-?signed?[^\n]{0,40}", re.IGNORECASE)
_WORKS_OTHERWISE = regex(
    r"\b(?:get|put|head|list|upload|download)\w*\b[^\n]{0,60}(?://|#|->|:|\bis\b)\s*(?:ok|works?|fine)\b", re.IGNORECASE
)
_FOREIGN_IDENTITY = regex(
    r"\barn:(?P<partition>aws-[a-z-]+):(?:iam|sts)::(?:\d{12}|\.{3}|\u2026|[xX*]{3,12}):(?:user|assumed-role)/"
)
# `aws configure list`: the Region that calls of this profile go to.
_REGION_OF_PROFILE = regex(
    rf"^[ \t]*region[ \t]+(?P<region>{REGION_NAME})[ \t]+(?:config-file|env|manual)\b", re.MULTILINE
)


def _words(found: re.Match[str] | None) -> str:
    return " ".join(found[0].split())[:96].strip(" ;,-") if found else ""


def _is_temporary(text: str) -> bool:
    return _OF_SESSION.search(text) is not None


def _is_half(text: str) -> bool:
    """Whether a session's key is used without its token: the text says so, or shows the other two values alone."""
    if not _is_temporary(text):
        return False
    if any(each.of_session and each.without_token for each in key_settings(text)):
        return True
    said = [_NO_TOKEN.search(found[0]) is not None for found in _TOKEN.finditer(text)]
    return all(said) and (bool(said) or _SECRET.search(text) is not None)


def _presigned(text: str) -> str:
    """Return the words about a presigned URL without a session token, if the session's key works in another call.

    Return "" otherwise. Amazon S3 User Guide, "Sharing objects with presigned URLs": a URL signed with temporary
    credentials must contain the token (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html).
    """
    if not _is_temporary(text) or "X-Amz-Security-Token" in text or not _WORKS_OTHERWISE.search(text):
        return ""
    return _words(_PRESIGNED.search(text))


def _home(text: str) -> str:
    """Return the partition of the only identity that the text shows as the caller; "" for the usual one or none."""
    found = {each["partition"] for each in _FOREIGN_IDENTITY.finditer(text)}
    return found.pop() if len(found) == 1 and "get-caller-identity" in text else ""


# Terraform's, CloudFormation's and the AWS CLI's names of the option, and what people write.
_ONE_HOP = regex(
    r"\b(?:http_put_response_hop_limit|HttpPutResponseHopLimit|http-put-response-hop-limit)[\"']?\s*[:= ]\s*[\"']?1\b"
    r"|\bhop limit\b[^\n\d]{0,12}\b1\b",
    re.IGNORECASE,
)
_IN_A_CONTAINER = regex(r"\b(?:pods?|EKS|kubernetes|containers?|docker|daemonset|add-?on)\b", re.IGNORECASE)
_COUNTED = regex(r"\benv\b[^\n]*\bgrep -c\w* [\"']?\^?AWS_ACCESS_KEY_ID\b[^\n]*\n[ \t]*[1-9][ \t]*$", re.MULTILINE)
_NO_METADATA = regex(r"ec2metadata is not available|\bIMDS\b|instance metadata|EC2MetadataError|ec2imds", re.IGNORECASE)


_REQUIRED = regex(r"http[-_ ]?tokens[\"'\s:=]{1,6}required", re.IGNORECASE)  # has a row of its own


def _one_hop(text: str) -> bool:
    """Whether the text shows a hop limit of 1, a container, and a program that misses the instance's metadata."""
    missed = _NO_METADATA.search(text) or ("NoCredential" in text and not _REQUIRED.search(text))
    return bool(missed) and _IN_A_CONTAINER.search(text) is not None and _is_limited(text)


def _is_limited(text: str) -> bool:
    """Whether the text sets a hop limit of 1, or a command prints it."""
    if _ONE_HOP.search(text):
        return True
    from diagnostics.text.read.printed_values import outputs  # few texts show an instance's metadata options

    printed = (each for made in outputs(text) if made.operation == "describe-instances" for each in made.fields)
    return any(each.path[-1] == "HttpPutResponseHopLimit" and each.value == "1" for each in printed)


_OTHER_PARTITION = regex(r"\barn:(?P<partition>aws-cn|aws-us-gov):")
_COMMANDS_REGION = regex(rf"\baws [^\n]*--region[ =][\"']?(?P<region>{REGION_NAME})")


def with_partition(chain: CredentialChain | None, text: str) -> CredentialChain | None:
    """Return the chain with the only other partition in the text's ARNs, if a command names the Region of its call."""
    text = text[:_LONGEST]
    named, called = {each["partition"] for each in _OTHER_PARTITION.finditer(text)}, _COMMANDS_REGION.search(text)
    if len(named) != 1 or called is None or "arn:aws:" in text:
        return chain
    return replace(chain or CredentialChain(), spoken=named.pop(), called=called["region"])


def credential_chain(text: str) -> CredentialChain | None:
    """Return what the text shows about the credential provider chain; None if it shows nothing."""
    text = text[:_LONGEST]
    if not any(sign in text for sign in _SIGNS):
        return None
    exported = tuple(dict.fromkeys(f"AWS_{found['name']}" for found in _KEY.finditer(text)))
    configured = _CONFIGURED.search(text)
    if (configured and configured["type"] == "env") or _COUNTED.search(text):
        exported = exported or ("AWS_ACCESS_KEY_ID",)
    profile, token = PROFILE_VARIABLE.search(text) or _LISTED_PROFILE.search(text), _TOKEN_FILE.search(text)
    host, token_asked = _IMDS_ROLE.search(text), list(_IMDS_TOKEN.finditer(text))
    lost = any(_NO_ANSWER.search(text[asked.end() : asked.end() + 300].partition("$ ")[0]) for asked in token_asked)
    roles = {named["name"] for named in _ROLE.finditer(text)}
    retired = _RETIRED.search(text)
    found = CredentialChain(
        exported=() if _names_a_profile(text) else exported,
        profile=profile["name"] if profile else "",
        signed_in=_SIGNED_IN.search(text) is not None,
        stored=configured is not None and configured["type"] == "shared-credentials-file",
        token_file=token["path"] if token and not _RENEWED.match(token["path"]) else "",
        unreachable=(lost and _CONTAINER.search(text) is not None) or _one_hop(text),
        host_role=host["role"] if host else "",
        role=roles.pop() if len(roles) == 1 else "",
        retired=" ".join(retired[0].split())[:96] if retired else "",
        half_session=_is_half(text),
        unsigned_token=_presigned(text),
        long_lived_works=_words(_LONG_LIVED.search(text)),
        no_keys=_words(_NO_KEYS.search(text)) if not (exported or _AWS_KEY.search(text)) else "",
        home=_home(text),
        region=configured_region["region"] if (configured_region := _REGION_OF_PROFILE.search(text)) else "",
    )
    return found if replace(found, region="") != CredentialChain() else None
