"""Other systems whose denials and name conflicts read like IAM's: how to recognize each, and where to look.

A system may be recognized only by words that IAM does not use.
"""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.amazon_mq import AUTHORIZATION_MAPS
from diagnostics.text.known_messages.not_refusals.bedrock import MODEL_ACCESS, OWN_MODEL
from diagnostics.text.known_messages.not_refusals.cloudformation import STACK_POLICIES
from diagnostics.text.known_messages.not_refusals.connections import CONNECTIONS, GATEWAY_ENDPOINT, NETWORK, UNREACHED
from diagnostics.text.known_messages.not_refusals.databases import PASSWORD_LOGIN
from diagnostics.text.known_messages.not_refusals.system_row import System
from diagnostics.text.known_messages.not_refusals.table import AWS_ANSWERS, NO_REFUSALS, PLATFORMS
from diagnostics.text.known_messages.not_refusals.taken_names import OTHER_RESOURCE, TAKEN_NAMES
from iam.lazy_pattern import regex

SYSTEMS: tuple[System, ...] = (
    *NO_REFUSALS,
    *STACK_POLICIES,
    *AUTHORIZATION_MAPS,
    *CONNECTIONS,
    *PLATFORMS,
    *AWS_ANSWERS,
    *UNREACHED,
    *TAKEN_NAMES,
)
_WHERE = {system.name: system.where for system in SYSTEMS}
_UNSURE = frozenset(("the server of the endpoint", *(system.name for system in SYSTEMS if not system.sure)))
_REGIONAL = frozenset(system.name for system in SYSTEMS if system.regional)
_VERDICTS = {system.name: system.verdict for system in SYSTEMS if system.verdict}
_TITLES = {system.name: system.title for system in SYSTEMS if system.title}
# Stores that speak S3's language and know nothing of IAM.
_HOST_OF_ENDPOINT = r"[\"']?(?:https?://)?(?P<host>[a-zA-Z0-9][\w.-]*(?::\d{2,5})?)"
_ENDPOINT = regex(
    r"(?:--endpoint-url[ =]|\bAWS_ENDPOINT_URL(?:_\w+)?\s*[=:]\s*|\bendpoint(?:_url|Url|URL|_override"
    r"|Override)[\"']?\s*[=:(]\s*"
    # GitLab Runner, "The [runners.cache.s3] section": ServerAddress, host:port of the S3-compatible server
    # (https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runnerscaches3-section).
    r"|\bs3a?\.endpoint\s*[=:]?\s*|\bServerAddress\s*=\s*)" + _HOST_OF_ENDPOINT
)
# The AWS SDK for JavaScript and the configuration of object stores call it endpoint: so do others.
_PLAIN_ENDPOINT = regex(r"\bendpoint[\"']?\s*[=:]\s*[\"']?https?://" + _HOST_OF_ENDPOINT)
_OF_S3_CLIENT = regex(r"\bS3Client\b|\bAmazonS3\b|force_?path_?style|use_path_style|path-style", re.IGNORECASE)
_OF_AWS_HOST = regex(r"amazonaws\.com|\.aws\b|amazonaws\.|c2s\.ic\.gov|\$", re.IGNORECASE)
_HOSTS_FORM = regex(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?|[\w-]+:\d{2,5}|localhost")
_LOOKALIKE = regex(
    # Hosts of such stores, the request IDs of Ceph's gateway, MinIO's client, headers and error document (its HostId is
    # a hash in hexadecimal, Amazon S3's is base64: https://github.com/minio/minio/blob/master/cmd/api-response.go).
    r"x-minio-|\bmc (?:admin|alias|ls|cp)\b|\btx[0-9a-f]{17,}-[0-9a-f]+-[0-9a-f]+-\w|(?:localhost|127\.0\.0\.1):9000\b"
    r"|<HostId>[0-9a-f]{64}</HostId>|\bhost_?id[\"']?\s*[:=]\s*[\"']?[0-9a-f]{64}\b|\bServer:\s*MinIO\b"
    r"|/node_modules/minio/|\bminio\.error\.\w+|\bS3 API Request made to Console port"
    r"|(?:https?://|\b(?:endpoint\S{0,12}|ServerAddress)\s*[=:]\s*[\"']?|\bHost:\s+)[\w.-]*(?:minio|ceph|radosgw|garage|seaweedfs|noobaa|storj"
    r"|tigris|filebase|lyvecloud|cubbit)[\w.:-]*|\bendpoint\S{0,12}\s*[=:]\s*[\"']?(?:https?://)?storage\.googleapis\.com"
    r"|r2\.cloudflarestorage\.com|digitaloceanspaces\.com|wasabisys\.com|backblazeb2\.com|linodeobjects\.com"
    r"|storage\.yandexcloud\.net|aliyuncs\.com|myqcloud\.com|\bscw\.cloud|oraclecloud\.com|vultrobjects\.com|idrivee2"
    r"|cloud\.ovh\.net|exo\.io|your-objectstorage\.com|contabostorage\.com|ionoscloud\.com|dream\.io"
    r"|selcloud\.ru|impossiblecloud\.com|upcloudobjects\.com",
    re.IGNORECASE,
)
LOOKALIKE = "the S3-compatible store"
_WHERE[LOOKALIKE] = (
    "Check the keys and policies of that store: AWS's IAM never saw the request, and its policies have no effect there."
)
_VERDICTS[LOOKALIKE] = (
    "The call went to a store that is only compatible with S3, and that store refused it: AWS policies have no effect "
    "there."
)
STORES_KEYS = "the keys of the store"
_WHERE[STORES_KEYS] = (
    "Use the access key and secret key that this store issued: AWS keys are unknown to the store, and the store's keys "
    "are unknown to AWS. For calls to this endpoint, the profile or the environment must contain the store's keys. If "
    "you meant to call AWS, remove the endpoint (--endpoint-url, AWS_ENDPOINT_URL)."
)
_VERDICTS[STORES_KEYS] = (
    "The call went to a store outside AWS, and the store does not accept the key: it has its own keys."
)
_TITLES[STORES_KEYS] = "Use the keys that this store issued"
OTHER_ENDPOINT = "the server of the endpoint"
_WHERE[OTHER_ENDPOINT] = (
    "Find out which server this is, and check the server's own keys and policies. If you meant to call AWS, remove the "
    "endpoint (--endpoint-url, AWS_ENDPOINT_URL, endpoint_url in the profile)."
)
_VERDICTS[OTHER_ENDPOINT] = (
    "The call went to {name}, which is not an AWS endpoint, and that server refused it: AWS policies have no effect "
    "there."
)
_TITLES[OTHER_ENDPOINT] = "Check the server that the call went to"
NOTHING_REFUSED = "a refusal that the text only mentions"
_VERDICTS[NOTHING_REFUSED] = (
    "Nothing in the text was refused: the words of a refusal are only in names, in counts of 0 or in what a rule looks "
    "for."
)
_WHERE[NOTHING_REFUSED] = "If an alert matched the word, make it match only errors: level ERROR, or a count above 0."
_TITLES[NOTHING_REFUSED] = "Change nothing; narrow the alert or search that matched the word"
EXPECTED = "a refusal that a test expects"
EXPECTED_BESIDE = "a refusal that a test expects, next to a test that failed"
_WANTED_REFUSAL = "The refusal in the text is an expected one, and no permission is missing for it."
_VERDICTS[EXPECTED] = f"{_WANTED_REFUSAL} Nothing else failed in the text."
_VERDICTS[EXPECTED_BESIDE] = f"What failed is “{{name}}”. {_WANTED_REFUSAL}"
_WHERE[EXPECTED] = "Change no policy: a test checks that this call is denied."
_WHERE[EXPECTED_BESIDE] = f"Start with that line. {_WHERE[EXPECTED]}"
_TITLES[EXPECTED] = "Change nothing: the refusal was expected"
_TITLES[EXPECTED_BESIDE] = "Look at what failed, not at IAM"
LET_THROUGH = "a call that a test expects to be denied, and that succeeded"
_VERDICTS[LET_THROUGH] = (
    "A test expects {name} to be denied, but the call succeeded: no Deny that applies to this caller matches it."
)
_WHERE[LET_THROUGH] = (
    "Undo what the call did. Then find out why no Deny matches: the guardrail (an SCP, a boundary or another policy) "
    "lacks the action, is not attached here, or has a condition that excepts this caller. Refusals of tests that "
    "passed are expected."
)
_TITLES[LET_THROUGH] = "Undo the call, and make the guardrail deny it"


def _row(name: str | None) -> str:
    """Return the name of the system's row. A CloudFormation type belongs to the row of other services' resources."""
    return OTHER_RESOURCE if (name or "").startswith("AWS::") else name or ""


def where_to_look(name: str | None, subject: str | None = None) -> str:
    """Return the sentence that says where a system keeps its permissions or the named object; "" if it is unknown.

    ``subject`` is what the text names.
    """
    return _WHERE.get(_row(name), "").replace("{name}", subject or "the endpoint")


def verdict_on(name: str | None, subject: str | None) -> str:
    """Return the sentence about what failed; "" if the system has none, or needs a name that the text lacks."""
    sentence = _VERDICTS.get(_row(name), "")
    if "{name}" not in sentence:
        return sentence
    return sentence.replace("{name}", subject) if subject else ""


def is_sure(name: str | None) -> bool:
    """Return whether the system's words have no other meaning."""
    return name not in _UNSURE


def is_regional(name: str | None) -> bool:
    """Return whether the call may have gone to a different Region from the one that has the resource."""
    return name in _REGIONAL


def title_of(name: str | None) -> str:
    """Return the title of the fix if the system has its own; else ""."""
    return _TITLES.get(name or "", "")


def in_the_whole(name: str | None, text: str) -> str | None:
    """Return the system's name according to the full text.

    The full text may show that a more specific system is meant: for example, another line shows that the model is one
    of Amazon's own.
    """
    if name == DATABASE and _OF_REDSHIFT.search(text):
        return REDSHIFT
    if name in (DATABASE, PASSWORD_LOGIN) and next(each for each in SYSTEMS if each.name == SIGN_IN).made(text):
        return SIGN_IN
    if name == "the operating system" and _OF_VAULT.search(text):
        return "Vault"
    if name == NETWORK and next(each for each in SYSTEMS if each.name == GATEWAY_ENDPOINT).made(text):
        return GATEWAY_ENDPOINT
    own = next(each for each in SYSTEMS if each.name == OWN_MODEL)
    return OWN_MODEL if name == MODEL_ACCESS and own.made(text) else name


def subject_of(name: str | None, text: str) -> str | None:
    """Return what the text names for the system's verdict; None if it names nothing or the system has no verdict."""
    row = next((each for each in SYSTEMS if each.name == name), None)
    return row.named(text) if row is not None else None


# Vault's client prints the request's URL, the status and the server's errors, one a line
# (https://developer.hashicorp.com/vault/api-docs#http-status-codes).
_OF_VAULT = regex(
    r"(?:\bURL:\s*[A-Z]+\s+https?://\S+/v1/\S+|\bCode:\s*403\.\s*Errors:)[\s\S]{0,120}\*\s+permission\s+denied",
    re.IGNORECASE,
)
SIGN_IN = "the database's sign-in"
REDSHIFT = "Amazon Redshift"
DATABASE = "the database"
_OF_REDSHIFT = regex(
    r"permission\s+denied\s+for\s+(?:relation|schema|table)[\s\S]{0,600}\bredshift|\bredshift[\s\S]{0,600}"
    r"permission\s+denied\s+for\s+(?:relation|schema|table)",
    re.IGNORECASE,
)


def speaks_of_lookalike(text: str) -> bool:
    """Return whether the calls go to a store that is only compatible with S3."""
    found = list(_LOOKALIKE.finditer(text))
    # MinIO's client also calls Amazon S3.
    return any(not each[0].startswith("mc ") for each in found) or (bool(found) and not _ALIAS_OF_AWS.search(text))


_ALIAS_OF_AWS = regex(r"\bmc alias set \S+ https?://[\w.-]*\bs3[\w.-]*\.amazonaws\.com\b|\bmc \w+ s3/")
"""An alias of MinIO's client for Amazon S3; the alias s3 is its own for it."""


def endpoint_setting(text: str) -> tuple[str, str] | None:
    """Return the host that receives the calls and the setting that names it, if it is not AWS's; else None."""
    host = other_endpoint(text)
    found = next((each for each in _ENDPOINT.finditer(text) if each["host"] == host), None) if host else None
    if host is None or found is None:
        return None
    words = text[found.start() : found.start("host")].partition("http")[0]
    return host, words.strip(" \t\r\n=:(\"'")


def other_endpoint(text: str) -> str | None:
    """Return the host that receives the calls, if the text names it and it is not AWS's; else None."""
    found = [*_ENDPOINT.finditer(text), *(_PLAIN_ENDPOINT.finditer(text) if _OF_S3_CLIENT.search(text) else ())]
    hosts = {each["host"] for each in found if _HOSTS_FORM.fullmatch(each["host"])}
    return hosts.pop() if len(hosts) == 1 and not any(map(_OF_AWS_HOST.search, hosts)) else None


SIGNALS = tuple(phrase for system in SYSTEMS for phrase in system.signals)
