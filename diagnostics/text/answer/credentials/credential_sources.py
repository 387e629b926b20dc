"""Sources of credentials that a text shows: a profile's section, a provider in code, an issuer, a store of profiles."""

from __future__ import annotations

import re

from diagnostics.text.answer.sso_regions import sso_region_sentence
from diagnostics.text.read.identities.config_sections import sections_without_profile
from iam.lazy_pattern import regex


def sources_shown(text: str) -> dict[str, str]:
    """Return the rows' values that are about a source of credentials, as far as the text shows them."""
    found = {
        "plain_section": _plain_section(text),
        "only_instance": _only_instance(text),
        "private_issuer": _private_issuer(text),
        "stored_profile": _stored_profile(text),
        "not_mounted": _not_mounted(text),
        "sso_region_said": sso_region_sentence(text) if "sso_region" in text else "",
    }
    return {name: value for name, value in found.items() if value}


_STORED = regex(
    r"^[ \t]*(?P<name>[\w.@+-]+)[ \t]+(?P<kind>NetSDKCredentialsFile|SharedCredentialsFile)\b", re.MULTILINE
)


def _stored_profile(text: str) -> str:
    """The profile that a listing of PowerShell shows both in the AWS SDK store and in the shared file; else ""."""
    listed = {(each["name"], each["kind"]) for each in _STORED.finditer(text)}
    return next(
        (name for name, kind in sorted(listed) if kind[0] == "N" and (name, "SharedCredentialsFile") in listed), ""
    )


_ISSUER = regex(
    r"\b(?:iss(?:uer)?|idp|url|provider|token)\b[^\n]{0,40}?https://(?P<host>[\w.-]+)(?::\d+)?[^\s\"',]*"
    r"|https://(?P<discovery>[\w.-]+)(?::\d+)?[^\s\"',]*/\.well-known/openid-configuration",
    re.IGNORECASE,
)
_PRIVATE_HOST = regex(
    r"localhost|[\w-]+|.+\.(?:local|lan|internal|corp|intra(?:net)?|home|private|svc)"
    r"|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+|127\.\d+\.\d+\.\d+",
    re.IGNORECASE,
)
"""Host names and addresses that only a private network resolves or reaches."""


def _private_issuer(text: str) -> str:
    """The host of a token's issuer in the text that is reachable only in a private network; "" if there is none."""
    hosts = (each["host"] or each["discovery"] for each in _ISSUER.finditer(text))
    return next((host for host in hosts if _PRIVATE_HOST.fullmatch(host)), "")


_ONLY_INSTANCE = regex(
    r"\b(?P<named>InstanceProfileCredentialsProvider)(?:::builder\(\)|\.(?:create|builder|getInstance)\(|\s+\w+\s*[;({])"
    r"|\bnew\s+(?:AWS\.)?(?P<new>InstanceProfileCredentialsProvider|EC2MetadataCredentials|InstanceProfileAWSCredentials)\b"
    r"|\b(?P<called>fromInstanceMetadata|CredentialProvider::instanceProfile|InstanceProfileCredentials\.new"
    r"|ImdsCredentialsProvider::builder|InstanceMetadataProvider|ec2rolecreds\.New)\("
)
_OF_CONTAINERS = regex(
    r"\b(?:ECS|Fargate|taskRoleArn|task_role_arn|task role|IRSA|Pod Identity|service ?account)\b"
    r"|\bLambda (?:function|runtime)\b"
)


def _only_instance(text: str) -> str:
    """The credential provider of EC2 that code in the text uses in a container or function; "" if there is none."""
    found = _ONLY_INSTANCE.search(text)
    return next(filter(None, found.groups())) if found and _OF_CONTAINERS.search(text) else ""


_NAMED_PROFILE = regex(
    r"config profile \(?[\"']?(?P<missing>[\w.@+-]+)[\"']?\)? could not be found"
    r"|shared config profile, (?P<go>[\w.@+-]+)"
    r"|--profile[ =][\"']?(?P<option>[\w.@+-]+)|\bAWS_(?:DEFAULT_)?PROFILE=[\"']?(?P<variable>[\w.@+-]+)"
    r"|^[ \t]*profile\s*=\s*\"(?P<setting>[\w.@+-]+)\"|\bprofile(?:_name)?=[\"'](?P<argument>[\w.@+-]+)[\"']",
    re.MULTILINE,
)


def _plain_section(text: str) -> str:
    """The name of a profile that is used, and whose heading in ~/.aws/config lacks the word profile; else ""."""
    named = [next(filter(None, each.groups())) for each in _NAMED_PROFILE.finditer(text)]
    plain = sections_without_profile(text) if named else frozenset()
    return next((each for each in named if each in plain and f"[profile {each}]" not in text), "")


_DOCKER = regex(
    r"\bdocker[- ]compose\b|\bdocker run\b|\bpodman (?:run|compose)\b|\bdocker-compose\.ya?ml\b|\bdevcontainer\b"
)
_OWN_MACHINE = regex(
    r"\b(?:on|from) (?:my |the |our )?(?:Mac(?:Book)?|laptop|PC|Windows|workstation|WSL2?|desktop|developer machine)\b"
    r"|\blocal(?:ly)?\b[^\n]{0,30}\bdocker|\bDocker Desktop\b",
    re.IGNORECASE,
)
_HOST_HAS = regex(r"\.aws[/\\](?:credentials|config)\b|\baws (?:s3 ls|sts get-caller-identity)\b|\baws sso login\b")
_PASSED = regex(
    r"(?:-v|--volume|--mount|volumes?:)[^\n]*\.aws\b|^[ \t]*-[ \t]*[\"']?[^\n:]*\.aws\b[^\n]*:"
    r"|\bAWS_(?:ACCESS_KEY_ID|PROFILE|SHARED_CREDENTIALS_FILE)\b|\.aws:/",
    re.MULTILINE,
)


def _not_mounted(text: str) -> str:
    """Whether the text shows a container on the author's own machine that gets neither ~/.aws nor keys; "" if not."""
    shown = _DOCKER.search(text) and _OWN_MACHINE.search(text) and _HOST_HAS.search(text)
    return "yes" if shown and not _PASSED.search(text) else ""
