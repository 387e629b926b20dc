"""The values in a text that the rows for rejected credentials need: keys, profiles, Regions, times and registries."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime, timedelta

from diagnostics.failure import OtherFailure
from diagnostics.text.answer.credentials.api_paths import unknown_path
from diagnostics.text.answer.credentials.clocks import clock_difference, clock_is_right, clocks_agree
from diagnostics.text.answer.credentials.codeartifact import codeartifact_values
from diagnostics.text.answer.credentials.credential_fault import SCOPED, UNKNOWN_KEY, WHO, WRONG_SIGNATURE
from diagnostics.text.answer.credentials.credential_sources import sources_shown
from diagnostics.text.answer.credentials.emulators import emulator_values
from diagnostics.text.answer.credentials.key_faults import (
    OF_SESSION,
    OWN_ROLE,
    TOKEN_SHOWN,
    called_default_region,
    key_faults,
)
from diagnostics.text.answer.credentials.partition_values import (
    OPTION_OF_REGION,
    key_of_another_partition,
    partitions_of_chain,
    partitions_of_text,
    region_left_out,
)
from diagnostics.text.answer.credentials.registry_logins import registry_values
from diagnostics.text.answer.credentials.sessions_without_mfa import created_without_mfa
from diagnostics.text.answer.credentials.unsigned_host import unsigned_host
from diagnostics.text.answer.own_machine import no_instance, off_ec2
from diagnostics.text.answer.regions.called_region import profile_region, regions_off
from diagnostics.text.read.author.remarks import Remark, remark_of
from diagnostics.text.read.identities.call_settings import Named, around
from diagnostics.text.read.identities.callers import answered_identities
from diagnostics.text.read.identities.instance_profiles import has_no_profile, was_attached
from diagnostics.text.read.identities.key_settings import token_left_out, token_left_over, user_key_after_session
from diagnostics.text.read.identities.pod_associations import NO_AGENT, lacks_agent, other_association
from diagnostics.text.read.identities.tool_settings import tool_setting
from diagnostics.text.read.layout.shell import WORKED
from diagnostics.text.read.messages.context import speaks_of_aws
from iam.api_operations import action_for
from iam.facts.request_windows import S3, SIGNATURE
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME, opt_in_region, other_partition_region

_SCOPED_TO = regex(rf"{SCOPED} (?:a |the )?(?:valid |correct )?(?P<what>region|service)", re.IGNORECASE)
_SCOPE = regex(rf"/(?:19|20)\d{{6}}/(?P<region>{REGION_NAME})/(?P<service>[a-z0-9-]+)/aws4_request")
_HOST = regex(rf"(?<![\w.-])(?P<service>[a-z0-9-]+)\.(?P<region>{REGION_NAME})\.amazonaws\.com(?![\w.-])")
_SIGNING_NAMES = {
    "bedrock-runtime": "bedrock",
    "bedrock-agent": "bedrock",
    "bedrock-agent-runtime": "bedrock",
    "email": "ses",
}
"""The first part of a host → the service in the signature of its requests, where the two differ.

The models of https://github.com/boto/botocore have it as ``signingName``.
"""
_TOKENS_REQUIRED = regex(
    r"(?:\bHttp[-_ ]?Tokens|http_tokens|\bmetadata\b[^\n]{0,40}tokens?)[\"'\s:=]{1,6}(?:was set to |set to "
    r"|is )?[\"']?required"
    r"|\bIMDSv2\w*[`\"' =:]{1,4}(?:to |set to )?[`\"']?required"
    r"|\bIMDSv2[ -](?:only|required|enforced)|\b(?:requires?|enforces?) IMDSv2",
    re.IGNORECASE,
)
_REFUSED_BY_IMDS = regex(
    r"ec2imds:[^\n]{0,120}StatusCode:\s*401|169\.254\.169\.254[^\n]{0,300}\n?[ \t]*\b401\b"
    r"|\b401\b[^\n]{0,200}\n?[^\n]{0,60}169\.254\.169\.254"
)
_TIMES_OUT = regex(
    r"(?:169\.254\.169\.254|ec2imds|IMDS)[^\n]{0,200}(?:time(?:d)?[ -]?out|deadline exceeded|i/o timeout)",
    re.IGNORECASE,
)
_POD_AGENT = regex(r"169\.254\.170\.23|\[?fd00:ec2::23\]?")
_PROXIED = regex(r"(?<![\w-])HTTPS?_PROXY[\"']?(?:\s*[=:]|\s*\n\s*value\s*:)\s*[\"']?\w", re.IGNORECASE)
_NOT_PROXIED = regex(r"(?<![\w-])NO_PROXY\b[^\n]*(?:\n[ \t]*value[^\n]*)?169\.254\.", re.IGNORECASE)
_DOCKER = regex(r"\b(?:docker|podman|container)\b", re.IGNORECASE)
_ON_EC2 = regex(
    r"\bon (?:an? )?EC2\b|\bEC2 (?:instance|host|machine|box|server)|\binstance(?:'s)? (?:role|profile)\b"
    r"|\bi-[0-9a-f]{8,17}\b"
    r"|@ip-\d|\bHttp[-_ ]?Tokens|hop[-_ ]?limit",
    re.IGNORECASE,
)
_KUBERNETES = regex(r"\b(?:kube\w*|(?:aws_)?eks\w*|pods?|k8s|service ?account|IRSA|CSI)\b", re.IGNORECASE)
# Amazon EKS User Guide, "Upgrade from Amazon Linux 2 to Amazon Linux 2023": the hop limit of managed node groups
# (https://docs.aws.amazon.com/eks/latest/userguide/al2023.html).
_AL2023 = regex(r"\b(?:AL2023\w*|Amazon Linux 2023)\b", re.IGNORECASE)
_CLI_IN_POD = regex(
    rf"\baws[ -]?cli\b[^.\n]{{0,40}}\b(?:same|this|that) (?:pod|container)\b[^.\n]{{0,40}}\b{WORKED}\b", re.IGNORECASE
)
_POD_IDENTITY = regex(r"\bpod[ _-]?identity\b", re.IGNORECASE)
_CONTAINER_URI = regex(
    r"\bAWS_CONTAINER_(?:CREDENTIALS_FULL_URI|AUTHORIZATION_TOKEN_FILE)\b(?![^.\n]{0,60}\b(?:not|n't|unset|missing|empty)\b)"
)
_ONE_HOP = regex(r"(?:HopLimit|hop[-_ ]limit)[\"'\s:=]{1,6}(?:is |of )?1\b", re.IGNORECASE)
_IN_CONTAINER = regex(
    r"\b(?:docker|container\w*|podman|pods?|kubernetes|ecs)\b"
    # The prefix of docker compose's logs, and its last line.
    r"|^[ \t]*[\w.-]+-\d+[ \t]+\| |^[\w.-]+ exited with code \d",
    re.IGNORECASE | re.MULTILINE,
)
_TEMPORARY_KEY = regex(r"AWS_ACCESS_KEY_ID[\"']?\s*[=:]\s*[\"']?ASIA", re.IGNORECASE)
_AWS_SAYS = regex(
    r"security token included in the request|provided token (?:has|is) expired|ExpiredTokenException|\(ExpiredToken"
    r"|api error ExpiredToken|TokenRefreshRequired"
)
"""AWS's own words for a session that has expired."""
_TIME = r"(\d{8}T\d{6}Z|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)"
_TIMES = (
    # "Signature expired: REQUEST is now earlier than LIMIT (SERVER - 5 min.)"
    regex(rf"(?:Signature expired|Signature not yet current)[^\n]{{0,20}}?{_TIME}[^\n(]{{1,80}}\({_TIME}"),
    regex(rf"RequestTime\W{{1,4}}{_TIME}[\s\S]{{1,120}}?ServerTime\W{{1,4}}{_TIME}"),
)
_OF_API_GATEWAY = regex(r"execute-api|--domain-name")
_HOUR, _EXACT = timedelta(hours=1), timedelta(minutes=2)
_FARTHEST_ZONE = 14  # hours from UTC
# In the message's own words: "(20261129T032640Z - 15 min.)"; S3's MaxAllowedSkewMilliseconds.
_OWN_WINDOW = regex(r"[-+]\s*(?P<minutes>\d{1,3})\s*min\b|MaxAllowedSkewMilliseconds\W{1,4}(?P<thousandths>\d{5,9})")
_OF_S3 = regex(r"RequestTimeTooSkewed|\bS3\b|s3[.-][\w.-]*amazonaws|calling the \w*(?:Object|Bucket)\w* operation")


_JUST_LATE = timedelta(seconds=30)
"""The maximum amount by which a retried request exceeds the limit at its first refusal."""


def _limit(text: str) -> timedelta:
    """How far the request's time may be from AWS's: as the message says, else the limit of S3 or of other services."""
    if own := _OWN_WINDOW.search(text):
        minutes = int(own["minutes"]) if own["minutes"] else int(own["thousandths"]) // 60_000
    else:
        minutes = (S3 if _OF_S3.search(text) else SIGNATURE).minutes
    return timedelta(minutes=minutes)


def _window(text: str) -> str:
    return f"{_limit(text) // timedelta(minutes=1)} minutes"


def _apart(difference: timedelta) -> str:
    """Return the difference as ``75 min``.

    From three hours on it is in hours and minutes, from three days on in days.
    """
    minutes = round(abs(difference).total_seconds() / 60)
    if minutes < 1:
        return f"{round(abs(difference).total_seconds())} s"
    if minutes < 180:
        return f"{minutes} min"
    if minutes < 3 * 1440:
        return f"{minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 else "")
    return f"{minutes // 1440} days"


_MODULE = regex(
    r"['\"`]?(?P<module>[a-z][a-z0-9-]{1,40})['\"`]?\s+(?:service\s+)?module\s+must\s+be\s+on\s+the\s+class\s?path"
)
_PROVIDER = regex(
    r"Unable to load credentials from (?P<provider>\w+Provider)\([^)\n]{0,400}\)\s*:\s*(?P<why>[^\n\x1e]{3,300})"
)
_PROCESS = regex(r"retrieving credentials from custom-process:\s*(?P<why>[^\n\x1e]{3,300})")
_CLI_WORKS = regex(
    rf"\bsts get-caller-identity\b[^\n]{{0,80}}(?:\b(?:{WORKED}|shows?|returns?|gives?)\b|assumed-role/)"
    r"|\bsts get-caller-identity\b[^\n]{0,80}\n[^\n$]{0,80}(?:\"UserId\"|\d{12}|\{)",
    re.IGNORECASE,
)
# What the AWS CLI itself prints without credentials, and a call of the CLI as another user.
_ITSELF = regex(r"configure credentials by running \"?aws (?:configure|login)")
_AS_ANOTHER = regex(r"\bsudo\b[^\n]*\bsts get-caller-identity\b|\bsts get-caller-identity\b[^\n]*--profile\b")
_RENEWED = regex(
    r"\b(?:sso login|login|log(?:ged)? in|sign(?:ed)?[- ]in|credentials|session|token)\b[^.\n]{0,40}"
    r"\b(?:again|anew|re-?newed|refreshed)\b|\bre-?(?:r[au]n|newed|freshed|logged|signed|authenticated)\b[^.\n]{0,40}"
    r"\b(?:login|in|credentials|session|token)\b",
    re.IGNORECASE,
)
_OF_SDK = regex(r"when calling the \w+ operation")
_LONG_RUNNING = regex(
    r"\b(?:reload|re-?start|re-?open|re-?launch)\w*\b[^.\n]{0,50}\b(?:works?|help\w*|fix\w*|solve[sd]?|gone)\b"
    r"|\b(?:extension|plug-?in|IDE|VS ?Code|IntelliJ|PyCharm|DataGrip|DBeaver|Cursor|Toolkit|notebook|kernel|daemon"
    r"|(?:desktop|dev|web) (?:app|server)|assistant)\b",
    re.IGNORECASE,
)
"""Words that name a long-running program, which keeps its old credentials when its user signs in again."""
_FAILS_ALL_THE_SAME = regex(
    r"\b(?:still|keeps?|goes on|continues?|same error|no (?:change|difference|effect))\b|n['’]t (?:help|change|work)\b"
    r"|\b(?:not|nothing) (?:help\w*|change\w*)\b",
    re.IGNORECASE,
)
_TAKES_ROLE = regex(r"\bassume[-_ ]?role\b|\bAssumeRole\w*", re.IGNORECASE)
_FIRST_WORKS = regex(
    rf"\b(?:first|early|earlier)\b[^.\n]{{0,40}}\b(?:pass(?:es|ed)?|{WORKED})\b"
    rf"|\b(?:stages?|steps?|tests?|jobs?|calls?) \d+(?:(?:,| and|-| to) ?\d+)* (?:pass(?:es|ed)?|{WORKED})\b"
    rf"|\b(?:pass(?:es|ed)?|{WORKED})\b[^.\n]{{0,20}}\b(?:at first|in the beginning|for (?:some|a) time"
    rf"|for \d+ min\w*)\b",
    re.IGNORECASE,
)
_LATER = regex(
    r"\b(?:some time|a while|minutes|hours?) later\b|\blater (?:ones|tests?|steps?|calls?|jobs?)\b"
    r"|\bafter (?:some time|a while|(?:about |roughly )?\d+ ?(?:min|h)\w*)\b",
    re.IGNORECASE,
)
_DURATION = regex(r"(?:--duration-seconds|DurationSeconds|\bduration_seconds)[\s=:\"']{1,4}(?P<seconds>\d{3,5})\b")
_EXPORTED_WORK = regex(
    rf"\b{WORKED}\b[^\n]{{0,40}}export-credentials|export-credentials[^\n]{{0,200}}\b{WORKED}\b",
    re.IGNORECASE,
)
_FROM_STS = regex(r"\(Service: \w+")
_WRONG = regex(WRONG_SIGNATURE, re.IGNORECASE)
_EXPIRED_AT = regex(r"current date/time (?P<now>\d{9,11}) must be before the expiration date/time (?P<end>\d{9,11})")


def values_of(failure: OtherFailure) -> dict[str, str]:
    """Return the values for the rows' placeholders that the text contains."""
    called = {"iam_call": "yes"} if _calls_iam(failure) else {}
    if called and created_without_mfa(failure.text):
        called["session_without_mfa"] = "yes"
    values = {**_of_text(failure.text), **_of_chain(failure), **called}
    if not called and _own_key_works(failure.text):
        values["own_key_works"] = "yes"
    if failure.operation == "AssumeRole" and (sources := {each["name"] for each in _SOURCE.finditer(failure.text)}):
        # The SDK calls AssumeRole with the keys of the profile that source_profile names.
        values |= _of_profile(sources.pop()) if len(sources) == 1 else {}
    values |= unknown_path(failure.text) if _OF_API_GATEWAY.search(failure.text) else {}
    if has_no_profile(failure.text):
        values["profile_null"] = "yes"
    elsewhere = works_in_another_region(failure)
    if "opt_in_region" in values and elsewhere:
        values["opt_in_works_elsewhere"] = "yes"
    works = elsewhere or "cli_works" in values or bool(answered_identities(failure.text))
    values["key_faults"] = key_faults(failure.text, works=works)
    if (same := remark_of(failure.text, Remark.SAME_KEYS_WORK)) is not None:
        values["same_keys_work"] = same.words
    return values | (_of_signed_part(failure.text) if _WRONG.search(f"{failure.code} {failure.text}") else {})


def _of_signed_part(text: str) -> dict[str, str]:
    from diagnostics.text.read.author.signed_parts import part_that_differs  # few texts have a wrong signature

    found = part_that_differs(text)
    if found is None:
        return {}
    return {
        "failing_requests": found.which,
        "signed_part": found.remedy,
        "signed_part_detail": found.detail,
        "passing_requests": found.passes,
    }


_WHOLE_ANSWER = regex(r"signature we calculated|(?i:\bSignature (?:expired|not yet current))")
"""AWS's words that show whether the signature or the time is wrong. The error code alone may mean either."""


_OTHER_REGIONS_WORK = regex(
    r"(?<!not )\b(?:works?|worked|working|succeeds?|fine|OK)\b(?: (?:well|fine|correctly))? in"
    r" (?:all|every|each|any|the) (?:of )?(?:the |our )?others? regions?\b"
    r"|\b(?:all|every|the) (?:the |our )?other regions? (?:all )?(?:works?|worked|succeeds?|(?:is|are) (?:fine|OK))\b",
    re.IGNORECASE,
)
"""The author's statement that the call succeeds in other Regions."""


def works_in_another_region(failure: OtherFailure) -> bool:
    """Whether the text shows that the same command, with the same profile, succeeds in another Region."""
    if failure.sequel is not None and failure.sequel.otherwise == "region":
        return True
    if _OTHER_REGIONS_WORK.search(failure.text):
        return True
    if "aws " not in failure.text or not failure.operation:
        return False
    from diagnostics.text.read.sequence.same_command_elsewhere import worked_elsewhere

    return worked_elsewhere(failure.text, failure.operation)


# AWS CLI User Guide, "Using an IAM role in the AWS CLI"
# (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-role.html).
_SOURCE = regex(r"^[ \t]*source_profile[ \t]*=[ \t]*(?P<name>[\w.@+-]{1,64})[ \t]*$", re.MULTILINE)


def _of_profile(name: str) -> dict[str, str]:
    """Return the values that replace, in the rows, the placeholders for a profile's name."""
    return {"named_profile": name, "profile_name": name, "profile_option": f" --profile {shlex.quote(name)}"}


_IAM_NAMED = regex(
    r"\boperation error IAM\b|\baws iam [a-z]|\biam\.amazonaws\.com|\b(?:client|resource)\([\"']iam[\"']"
)
_OF_IAM_RESOURCE = regex(  # Terraform's words and CloudFormation's, in the line of the refusal
    r"\b(?:creating|reading|updating|deleting|attaching|listing) IAM [A-Z][^\n]{0,160}"
    r"(?:InvalidClientTokenId|security token)|security token[^\n]{0,80}\(Service: Iam\b"
)


def _own_key_works(text: str) -> bool:
    """Return whether the program was given a user's key that works elsewhere in the same partition."""
    if OF_SESSION.search(text) or other_partition_region(text):
        return False
    return _OWN_KEY.search(text) is not None and _KEY_WORKS.search(text) is not None


def _calls_iam(failure: OtherFailure) -> bool:
    """Return whether the denied operation is IAM's.

    It is IAM's if no other service has an operation of that name, or if the text names IAM as the called service.
    """
    if not failure.operation:
        return _OF_IAM_RESOURCE.search(failure.text) is not None
    if action_for(failure.operation, "iam") is None:
        return False
    # InvalidClientTokenId is a code of the query APIs: other services with this operation say UnrecognizedClient.
    by_code = action_for(failure.operation) is not None or failure.code == "InvalidClientTokenId"
    return by_code or _IAM_NAMED.search(failure.text) is not None


def _of_chain(failure: OtherFailure) -> dict[str, str]:
    """Return phrases for what the text shows about the credential provider chain."""
    chain = failure.chain
    if chain is None:
        return {}
    values: dict[str, str] = {}
    if chain.exported:
        values["exported"] = " and ".join(chain.exported)
        values["profile_words"] = f"AWS_PROFILE={chain.profile}" if chain.profile else "the default profile"
        values["signed_in"] = " The sign-in of IAM Identity Center is valid." if chain.signed_in else ""
        if chain.profile and not chain.half_session:
            values["keys_over_profile"] = f"AWS_PROFILE={chain.profile}"
    if chain.retired:
        values["retired"] = chain.retired
    if chain.half_session:
        values["half_session"] = "yes"
        if chain.exported and chain.profile:
            values["over_profile"] = f"AWS_PROFILE={chain.profile}"
        if _DOCKER.search(failure.text):
            values["pass_on"] = " Pass it to the container, too (docker run -e AWS_SESSION_TOKEN)."
    if chain.unsigned_token:
        values["unsigned_token"] = chain.unsigned_token
    if chain.long_lived_works:
        values["long_lived_works"] = chain.long_lived_works
    values |= partitions_of_chain(chain, failure.text)
    if chain.no_keys:
        values["no_keys"] = chain.no_keys
    if chain.stored:
        values["stored"] = "yes"
    if chain.token_file:
        values["token_file" if _KUBERNETES.search(failure.text) else "own_token_file"] = chain.token_file
        when = _EXPIRED_AT.search(failure.text)
        ago = timedelta(seconds=int(when["now"]) - int(when["end"])) if when else timedelta(0)
        values["expired_ago"] = f" {_apart(ago)} before the call" if ago > timedelta(0) else ""
    if chain.unreachable:
        values["unreachable"] = "yes"
        values["host_gives"] = (
            (f" On the host, the metadata service returns the credentials of {chain.host_role}.")
            if chain.host_role
            else ""
        )
    return values


_HOURS = r"(?:an|one|\d{1,2}|some|a few|several)(?: and a half)? ?(?:hours?|hrs?|h)(?![a-z])"
_OUTLASTED = regex(
    r"\b(?:[2-9]|\d\d)[ -]?h(?:ours?|rs?)?[ -](?:step|run|job|build|deploy\w*|task|test)s?\b|"
    rf"\b(?:after|beyond|past|for)\b[^.\n]{{0,24}}?\b{_HOURS}|\b(?:more than|over|longer than) {_HOURS}"
    r"|\b(?:[6-9]\d|\d{3}) ?min(?:ute)?s?\b|\bafter \d{4,5}(?:\.\d+)? ?s(?:econds)?\b|\blong[- ]running\b",
    re.IGNORECASE,
)
"""Words that say that a run takes an hour or more."""
_OF_JOB = regex(
    r"\bCI\b|\bCI/CD\b|\b[Pp]ipelines?\b|\b[Ww]orkflows?\b|\b[Gg]it[Hh]ub [Aa]ctions?\b|\bJenkins\b|\bGitLab\b"
    r"|\bCircleCI\b|\bBuildkite\b|\bAzure DevOps\b|\bstart of the (?:job|run|build)\b|\brunner\b|\brelease failed\b"
    r"|\b[Tt]erraform (?:apply|destroy|creation|run)\b|\b[Pp]ulumi up\b|\bcdk deploy\b"
)
_UNTIL_RESTART = regex(
    r"\bcach(?:es|ed|ing)\b[^.\n]{0,40}\b(?:client|credentials|session)s?\b"
    r"|\b(?:client|session)s?\b[^.\n]{0,30}\b(?:is|are) (?:cached|created once|a singleton)\b|"
    r"\b(?:until|unless|till)\b[^.\n]{0,40}\brestart\w*|\brestart\w*\b[^.\n]{0,50}\b(?:fix\w*|help\w*|works?|solves?"
    r"|resolves?|recovers?|cures?|gets? it)\b|\bworks? (?:again )?(?:after|following) (?:a |each |every )?(?:re)?start",
    re.IGNORECASE,
)
_HAS_ROLE = regex(
    r"\binstance (?:profile|role)\b|\btask role\b|\bpod identity\b|\bIMDS(?:v2)?\b|\bcredential_chain\b"
    r"|\b(?:EC2|ECS|node|execution)(?:'s)? role\b",
    re.IGNORECASE,
)
_RUNS_LONG = regex(
    r"\b(?:runs?|running|takes?)\b[ \t]+(?:for|about|around|over|up to|~|some|[ \t])*\d+[ \t]?(?:h|hours?|days?)\b",
    re.IGNORECASE,
)
_RUNS_WITH_ROLE = regex(
    r"\b(?:runs?|running)\b[ \t]+(?:with|as|under|on)[ \t]+(?:(?:the|an?|its|our)[ \t]+)?(?:(?:ECS|EC2)[ \t]+)?"
    r"(?:task role|instance (?:profile|role))\b",
    re.IGNORECASE,
)
"""Words that show that a program runs with a role. The SDK renews a role's credentials during a long run."""
_RENEWS = regex(
    r"\b(?:it|that|which|program|app\w*|adapter|client|sdk|service|session|agent|driver|plugin)s?(?: \w+ly)? "
    r"(?:(?:is|are) (?:renewed|refreshed)|renews|refreshes)\b"
    r"|\bcredentials (?:were |have been )?(?:refreshed|renewed) successfully\b",
    re.IGNORECASE,
)
"""A person's statement that the credentials are renewed."""
_OTHERS_SUCCEED = regex(
    r"\b(?:other|others|some|most|new(?:er)?)\b[^.;\n]{0,50}\b(?:succeeds?|works?|(?:go|run|pass|complete)(?:es|s)?|fine)\b"
    r"|\bwhile (?:the |our )?[^.;,\n]{3,50}\b(?:goes on|keeps (?:working|running|going)|continues"
    r"|still works|stays up)\b",
    re.IGNORECASE,
)
"""A person's statement that other calls at the same time succeed."""
_OWN_KEY = regex(
    r"\b(?:keys?|accessKeyId|credentials) (?:pair )?(?:of|from|for) (?:an?|the|our|my|their) (?:[\w-]+ ){0,2}IAM user\b"
    r"|\b(?:long[- ](?:lived|term)|static|permanent)\b[^.\n]{0,20}\b(?:access )?keys?\b|\bAKIA(?:[A-Z0-9*]{2,}|\.{3}|…)"
    r"|\bno session token\b",
    re.IGNORECASE,
)
"""Words for a user's key that a person gave to the program."""
_KEY_WORKS = regex(
    r"\b(?:same|these|those|both)(?: \w+){0,2} (?:keys?|credentials)\b[^.\n]{0,40}\b(?<!not )(?<!n't )"
    r"(?:works?|worked|valid)\b"
    r"|\b(?:same|these) (?:\w+ )?(?:code|call|request)\b[^.\n]{0,30}\bkeys?\b[^.\n]{0,20}\bworks?\b"
    r"|\b(?<!not )(?<!n't )works? (?:locally|on (?:my|the|our|his|her) [\w' ]{0,20}"
    r"(?:laptop|machines?|computers?|PC))\b"
    r"|\b(?<!not )(?<!n't )works? (?:\w+ )?with (?:the|these|those) same (?:\w+ )?(?:keys?|credentials)\b"
    r"|\bkeys? (?:are|is|was|were)\b[^.\n]{0,60}\bchecked with\b",
    re.IGNORECASE,
)
"""Words that say that the key works somewhere else, and so is valid."""
_NAMES_KEYS = regex(r"\bAWS_ACCESS_KEY_ID\b|\baccessKeyId\b|\baws_access_key_id\b|\bAKIA[A-Z0-9*]{2,}")
_BY_TOKEN = regex(
    r"\bid-token[\"']?[ \t]*:[ \t]*[\"']?write\b|\bid_tokens[\"']?:|\boidc[\"']?:[ \t]*true\b"
    r"|\bTFC_AWS_PROVIDER_AUTH\b|\bBITBUCKET_STEP_OIDC_TOKEN\b|\bCIRCLE_OIDC_TOKEN(?:_V2)?\b|\bCI_JOB_JWT\w*"
    r"|\bwith OIDC\b"
    r"|\bACTIONS_ID_TOKEN_REQUEST_\w+"
)
"""Signs of a CI job that signs in with its own token."""
_KEY_VARIABLE = regex(
    r"^[ \t]*(?:-[ \t]+)?(?:export[ \t]+)?AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY)[ \t]*[:=|]", re.MULTILINE
)
_RUN_WITHOUT_KEYS = regex(
    r"\b(?:docker|podman|nerdctl)(?:[ -]compose)? run\b"
    r"(?!(?:[^\n]|\\\n){0,600}(?:\bAWS_[A-Z]|--env-file|\.aws\b|net(?:work)?[= ]host))"
)
_SIGNED_IN = regex(
    r"configure-aws-credentials|\bassumedRoleId\b|\bexport AWS_ACCESS_KEY_ID=|\$env:AWS_ACCESS_KEY_ID"
    r"|\baws configure export-cred|\bawsume\b|\beval \W{0,2}\$\((?:aws|granted|assume)"
)
_JUST_MADE = regex(
    r"\baws iam create-access-key\b|\bCreateAccessKeyCommand\b|\bcreate_access_key\(|\bNew-IAMAccessKey\b"
)


_POD_ROLE = regex(
    r"\bAWS_ROLE_ARN\b[\"']?\s*[=:]\s*[\"']?(?:value:\s*)?(?P<arn>arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+)"
)


def _of_a_pod(text: str) -> dict[str, str]:
    """Return the role that a pod's environment variables name; empty if the text does not show them."""
    role = _POD_ROLE.search(text)
    if role is None or "AWS_WEB_IDENTITY_TOKEN_FILE" not in text:
        return {}
    return {"pods_token": "yes", "own_pods_role": f" ({role['arn'].rpartition('/')[2]})"}


_CONTAINER_FAILS = regex(r"\b(?:docker|podman|containers?)\b(?!-)", re.IGNORECASE)
_DOCKER_FAILS = regex(
    r"\b(?:docker|podman)(?:[- ]compose)? (?:run|exec|up|build)\b|\b(?:in|inside|within|from) (?:an? |the |my |our )?"
    r"(?:docker|podman)\b|\bdocker containers?\b",
    re.IGNORECASE,
)
_HOPS_SHOWN = regex(r"hop[-_ ]?limit[\"'\s:=]{1,6}(?:is |of |to )?\d", re.IGNORECASE)
_OF_ECS = regex(r"\b(?:ECS|Fargate|task role)\b|AWS_CONTAINER_CREDENTIALS", re.IGNORECASE)
_UNBROKEN = r"(?:(?!\b(?:fail|but|not|cannot|while|whereas|container|docker)|n['\u2019]t\b)[^.\n])"
_MACHINE = r"(?:host|instance|VM|machine|box|EC2|runner|agent)"
_HOST_WORKS = regex(
    rf"\b{WORKED}\b[^.\n]{{0,80}}\b(?:with|using|by|through) (?:the |its )?(?:EC2 )?instance (?:role|profile)\b"
    rf"|\bon (?:the |its |our |an? )?(?:[\w-]+ )?{_MACHINE}(?: itself| directly)?\b{_UNBROKEN}{{0,60}}\b{WORKED}\b"
    rf"|\b{WORKED}\b{_UNBROKEN}{{0,40}}\b(?:on|from) (?:the |its |our )?(?:[\w-]+ )?{_MACHINE}\b"
    rf"|\boutside (?:of )?(?:the |a )?(?:docker )?(?:container|docker)\b{_UNBROKEN}{{0,60}}\b{WORKED}\b"
    rf"|\b{WORKED}\b{_UNBROKEN}{{0,40}}\boutside (?:of )?(?:the |a )?(?:docker )?(?:container|docker)\b",
    re.IGNORECASE,
)
# Karpenter's own controller does not run on the nodes that it creates.
_KARPENTERS_NODE = regex(
    r"\bkarpenter\b[^.\n]{0,30}\bnodes?\b|\bnodes?\b[^.\n]{0,60}\bkarpenter\b|\bEC2NodeClass\b", re.IGNORECASE
)
_OF_KARPENTER = regex(r"karpenter-provider-aws/pkg|\bkarpenter-[0-9a-f]{6,10}-\w{5}\b|kube-system/karpenter")
_MORE_HOPS = regex(r"\bv?0\.3\d\.\d+\b|hop[-_ ]?limit[\"'\s:=]{1,6}(?:is |of |to )?[2-9]\b", re.IGNORECASE)
_CLOCK_OFF = regex(
    r"\bLocal CMOS Clock\b|\bFree-running System Clock\b|\b(?:System clock|NTP) synchronized: no\b"
    r"|\bLeap status\s*: Not synchroni[sz]ed\b"
)
"""The output of w32tm, timedatectl and chronyc for a clock that is not synchronized."""
_OF_NODE = regex(r"\bnode(?:'s|group)?[ -](?:instance )?role\b", re.IGNORECASE)


def _is_enabled(region: str, text: str) -> bool:
    """Return whether the text says that the opt-in Region is enabled in the account."""
    words = (
        r"and|or|both|all|of|them|is|are|was|were|which|that|already|has|have|been|long|fails?|failing|governed|the|an?|opt-in"
        rf"|regions?|our|account|{REGION_NAME}"
    )
    said = (
        rf"(?<!if )(?<!whether )(?<!once ){region}\W{{1,4}}(?:(?:{words})\W{{1,4}}){{0,8}}(?:enabled|opted[ -]in)\b"
        rf"(?!\W*\?)|\b(?:we|I|they) (?:have |had )?(?:already )?enabled (?:the )?(?:opt-in )?(?:region )?{region}"
        rf"|{region}[^.\n]{{1,40}}\b(?:we|I) (?:have |had )?(?:already )?enabled it\b"
    )
    named = _NAMED_IN_STATUS.findall(text)
    is_of_it = not named or region in named
    return (is_of_it and _STATUS.search(text) is not None) or re.search(said, text, re.IGNORECASE) is not None


_STATUS = regex(r"RegionOptStatus\W{1,6}ENABLED(?!_BY_DEFAULT)\b")
_NAMED_IN_STATUS = regex(rf"(?:\bRegionName\W{{1,12}}|--region-name[ =][\"']?)(?P<region>{REGION_NAME})\b")


def _of_text(text: str) -> dict[str, str]:
    profile, own = around(text).profile, tool_setting(text)
    if profile is None and own is not None and own.profile:
        profile = Named(own.profile, own.words)
    values = {
        "next_provider": "",
        "who_am_i": WHO,
        "no_need": "",
        "date_is_signed": "",
        "pass_on": "",
        "whose_partition": "The text speaks of",
        "window": _window(text),
        **registry_values(text),
        **emulator_values(text),
        **_of_a_pod(text),
        "region_name": "REGION",
        "profile_name": profile.value if profile and profile.value else "PROFILE",
        "of_profile": f" with the profile {profile.value}" if profile and profile.value else "",
        "profile_option": f" --profile {shlex.quote(profile.value)}" if profile and profile.value else "",
    }
    if (endpoint := unsigned_host(text)) is not None:
        values |= {"unsigned_host": endpoint[0], "signing_name": endpoint[1]}
    if speaks_of_aws(text) or _AWS_SAYS.search(text):
        values["of_aws"] = "yes"
    values |= sources_shown(text)
    if _OUTLASTED.search(text) and _OF_JOB.search(text):
        values["outlasted"] = "yes"
    of_long_run = _RUNS_LONG.search(text) and _RUNS_WITH_ROLE.search(text)
    if _RENEWS.search(text) is None and (of_long_run or (_UNTIL_RESTART.search(text) and _HAS_ROLE.search(text))):
        values["kept_by_program"] = "yes"
    if not (_WHOLE_ANSWER.search(text) or _OF_S3.search(text) or clocks_agree(text)):
        values["code_alone"] = "yes"
    if _RENEWS.search(text) and _OTHERS_SUCCEED.search(text):
        values["renewed_beside"] = "yes"
    if token_left_over(text):
        values["left_over_token"] = "yes"
    if user_key_after_session(text):
        values["keys_replaced"] = "yes"
    if token_left_out(text):
        values["token_left_out"] = "yes"
    if OWN_ROLE.search(text) and _NAMES_KEYS.search(text) and not OF_SESSION.search(text):
        values["keys_beside_role"] = "yes"
    if _BY_TOKEN.search(text) and _KEY_VARIABLE.search(text) and "SESSION_TOKEN" not in text.upper():
        values["keys_beside_token"] = "yes"
    if _RUN_WITHOUT_KEYS.search(text) and _SIGNED_IN.search(text):
        values["signed_in_outside"] = "yes"
    if (rarely := remark_of(text, Remark.NOW_AND_THEN)) is not None:
        values["rarely"] = rarely.words
    if _JUST_MADE.search(text):
        values["new_key"] = "yes"
    if (option := around(text).profile_option) and option.value:
        values["named_profile"] = option.value
    elif own is not None and own.profile:
        values["named_profile"] = own.profile
    if _ASKS_FOR_IDENTITY.search(text):
        values["no_need"] = " sts:GetCallerIdentity needs no permission, so changing a policy does not help."
    values |= partitions_of_text(text) | key_of_another_partition(text) | region_left_out(text) | _of_scope(text)
    audiences = set(re.findall(r"\"aud\"\s*:\s*\"([^\"\s$`;|&']{1,200})\"", text))
    providers = set(re.findall(r"\barn:[\w-]+:iam::\d{12}:oidc-provider/[\w.:/-]*[\w/]", text))
    values["audience"] = audiences.pop() if len(audiences) == 1 else "AUDIENCE"
    values["provider_arn"] = providers.pop() if len(providers) == 1 else "PROVIDER-ARN"
    off = {region: state for region, state in regions_off(text).items() if _is_called(region, text)}
    if len(off) == 1:
        (off_region, state) = off.popitem()
        values |= {"off_region": off_region, "off_state": state, "region_name": off_region}
        pending = state == "ENABLING"
        until = "its status is ENABLED" if pending else "it is enabled"
        values["off_means"] = f"until {until}, no key is valid there{': wait for that' if pending else ''}"
    elif (named := opt_in_region(text)) and _is_called(named, text):
        values |= {"enabled_region" if _is_enabled(named, text) else "opt_in_region": named, "region_name": named}
    if (named := other_partition_region(text)) and _is_called(named, text):
        values["partition_region"] = named
    if default := called_default_region(text):
        values["default_region"] = default
    if _KUBERNETES.search(text):
        values["kubernetes"] = "yes"
        if _KARPENTERS_NODE.search(text) and not (_OF_KARPENTER.search(text) or _MORE_HOPS.search(text)):
            values["karpenters_node"] = "yes"
        if _TIMES_OUT.search(text) and not _MORE_HOPS.search(text):
            values["pod_times_out"] = "yes"
        if _AL2023.search(text):
            values["al2023"] = "yes"
        if (other := other_association(text)) is not None:
            values |= {"other_association": other.sentence, "of_pod": str(other.of_pod)}
        if lacks_agent(text):
            values["no_agent"] = NO_AGENT
        if off_ec2(text):
            values["off_ec2"] = "yes"
    if _POD_IDENTITY.search(text) and (_CONTAINER_URI.search(text) or _CLI_IN_POD.search(text)):
        values["pod_identity"] = "yes"
    if _POD_AGENT.search(text) and _PROXIED.search(text) and not _NOT_PROXIED.search(text):
        values["agent_proxied"] = "yes"
    if _TIMES_OUT.search(text) and _DOCKER.search(text) and _ON_EC2.search(text) and not _KUBERNETES.search(text):
        values["container_times_out"] = "yes"
    values |= _of_a_container(text)
    values |= _of_metadata(text, "host_gets" in values)
    if _TEMPORARY_KEY.search(text) and TOKEN_SHOWN.search(text):
        values["whole_session"] = "yes"
    if process := _PROCESS.search(text):
        values["process_reason"] = " ".join(process["why"].split()).rstrip(".")[:160]
    if module := _MODULE.search(text):
        group = "com.amazonaws" if module["module"].startswith("aws-java-sdk") else "software.amazon.awssdk"
        values |= {"module": module["module"], "module_group": group}
        if _OF_NODE.search(text):
            values["next_provider"] = " The next provider in the chain is used instead, on EKS the node's role."
    if (provider := _PROVIDER.search(text)) and not _FROM_STS.search(text):
        values |= {"provider": provider["provider"], "provider_reason": provider["why"].strip(" \n.")[:160]}
    if _TAKES_ROLE.search(text) and _FIRST_WORKS.search(text) and _LATER.search(text):
        values["session_over"] = "yes"
        asked = _DURATION.search(text)
        values["session_length"] = f" (the text asks for {asked['seconds']} seconds)" if asked else ""
    if "ExpiredToken" in text:
        asked = _DURATION.search(text)
        values["token_expired"] = f" (the text asks for {asked['seconds']} seconds)" if asked else ""
    values |= codeartifact_values(text)
    if not opt_in_region(text) and _OPT_IN.search(text) and _OF_REGIONS.search(text):
        values["opt_in_words"] = "yes"
    if _EXPORTED_WORK.search(text):
        values["exported_work"] = "yes"
    if (clock := _CLOCK_OFF.search(text)) is not None:
        values["clock_off"] = clock[0]
    if _CLI_WORKS.search(text) and not (_ITSELF.search(text) or _AS_ANOTHER.search(text)):
        values["cli_works"] = "yes"
        values |= {"profile_attached": "yes"} if was_attached(text) else {}
        if not _OF_SDK.search(text):
            values["valid_beside"] = "while the AWS CLI has valid ones"
    elif _RENEWED.search(text) and _FAILS_ALL_THE_SAME.search(text):
        values["renewed"] = "yes"
        if _LONG_RUNNING.search(text):
            values["valid_beside"] = "although the sign-in was renewed"
    found = next((match for pattern in _TIMES if (match := pattern.search(text))), None)
    if found is None:
        values |= _of_clocks(text)
    elif apart := _time(found[1]) - _time(found[2]):
        values |= {"apart": _apart(apart), "direction": "ahead of" if apart > timedelta(0) else "behind"}
        if apart > timedelta(0):
            values["ahead"] = "yes"
        elif (late := -apart - _limit(text)) > timedelta(0) and late < _JUST_LATE and clock_is_right(text):
            values["late"] = f"{round(late.total_seconds())}"
        elif late > timedelta(0) and (at_first := _WORKS_AT_FIRST.search(text)):
            values["works_at_first"] = " ".join(at_first[0].split())
        if _DATE_CHANGED.search(text) and re.search(WRONG_SIGNATURE, text):
            values["date_is_signed"] = (
                "The date is part of what is signed: pass the correct time to the signer (an option such as datetime), "
                "and do not change X-Amz-Date after signing. Changing a signed header makes the signature invalid."
            )
        hours = round(abs(apart) / _HOUR)
        if 0 < hours <= _FARTHEST_ZONE and abs(abs(apart) - hours * _HOUR) <= _EXACT:
            values["hours"] = f"{hours} hour{'' if hours == 1 else 's'}"
    return values


# A request with a token (or of IMDSv1) for the role's credentials, and the answer 404; what the SDKs for Go print.
_WITHOUT_ROLE = regex(
    r"169\.254\.169\.254/latest/meta-data/iam(?:/security-credentials|/info)?/?(?![\w/-])"
    r"(?:(?!169\.254\.169\.254|\n\S*[$#] )[\s\S]){0,400}?(?:^|[ \t>\"'(])404\b(?! ?(?:ms|bytes))"
    r"|ec2imds: GetMetadata[^\n]{0,120}StatusCode:\s*404|EC2Metadata[^\n]{0,80}status code: 404",
    re.MULTILINE,
)


_WORKS_AT_FIRST = regex(
    r"\b(?:works?|worked|succeeds?|ok|fine)\b[^.\n]{0,20}\b(?:at first|initially"
    r"|after (?:an? |each |every |the )?(?:re)?start"
    r"|for (?:some |about |around |the first )?(?:15|fifteen) ?min\w*)"
    r"|\bafter (?:some |about |around |roughly |~ ?)?(?:15|16|17|18|20|fifteen) ?min\w*",
    re.IGNORECASE,
)
# The header that people name when their program sets the date itself.
_DATE_CHANGED = regex(r"\bx-amz-date\b", re.IGNORECASE)
_OPT_IN = regex(
    r"\bopt(?:-in|ional)[ -]regions?\b|\bregions?\b[^.\n]{0,40}\b(?:opt-in|opted[ -]in)\b"
    r"|\bopted[ -]in(?:to)?\b[^.\n]{0,30}\bregions?\b|\b(?:both|all|are|is) (?:already )?opted[ -]in\b"
    r"|\bregions?\b[^.\n]{0,60}\bnot enabled by default\b|\bdefault-enabled regions?\b",
    re.IGNORECASE,
)


_OF_REGIONS = regex(rf"\bregions?\b|\b{REGION_NAME}\b", re.IGNORECASE)


def _of_clocks(text: str) -> dict[str, str]:
    """Return by how much two clocks in the text differ; empty if the text does not show two clocks."""
    found = clock_difference(text)
    if found is None:
        return {}
    return {"clock_apart": _apart(found.apart), "clock_direction": "behind" if found.behind else "ahead of"}


_PROFILE_ATTACHED = regex(
    r"\b(?:has|have|with)\b[^.\n]{0,24}\bprofile\b[^.\n]{0,30}(?<!not )\b(?:attached|associated)\b", re.IGNORECASE
)


def _of_metadata(text: str, host_gets: bool) -> dict[str, str]:
    """Return what the text shows about a metadata service that requires tokens; empty if it shows nothing."""
    if _WITHOUT_ROLE.search(text) and not _PROFILE_ATTACHED.search(text):
        if no_instance(text) and not _KUBERNETES.search(text):
            return {"no_instance": "yes"}
        return {"pod_without_role" if _KUBERNETES.search(text) else "no_profile": "yes"}
    refused = _REFUSED_BY_IMDS.search(text)
    required = refused or (None if host_gets else _TOKENS_REQUIRED.search(text))
    if required is None:
        return {}
    if not _ONE_HOP.search(text):
        return {"tokens_required": required[0]}
    if _IN_CONTAINER.search(text) or _KUBERNETES.search(text):
        return {"container_of_one_hop": required[0]}
    return {"tokens_required" if refused else "tokens_of_one_hop": required[0]}


def _of_a_container(text: str) -> dict[str, str]:
    """Return the beginning of a sentence on a container that gets no credentials from its instance.

    Empty if the text does not show such a container.
    """
    if _KUBERNETES.search(text) or _HOPS_SHOWN.search(text) or _OF_ECS.search(text):
        return {}
    if _CONTAINER_FAILS.search(text) and _HOST_WORKS.search(text):
        return {"host_gets": "The host gets credentials from its role, and the program in the container"}
    if _DOCKER_FAILS.search(text) and (_ON_EC2.search(text) or _TOKENS_REQUIRED.search(text)):
        return {"host_gets": "The program in the container looks for credentials and"}
    return {}


def _of_scope(text: str) -> dict[str, str]:
    """Return how a signature's scope and the endpoint differ, if the text says or shows it; empty otherwise."""
    hosts = list({(each["region"], each["service"]): each for each in _HOST.finditer(text)}.values())
    host = hosts[0] if len(hosts) == 1 else None
    scopes = {(each["region"], each["service"]) for each in _SCOPE.finditer(text)}
    if host is not None and len(scopes) == 1:
        region, service = scopes.pop()
        wanted = _SIGNING_NAMES.get(host["service"])
        if wanted and service == host["service"]:
            return {
                "scope": "service",
                "scope_words": f": the signature names {service}, and {host['service']}'s requests are signed for "
                f"{wanted}",
            }
        if region != host["region"]:
            return {"scope": "Region", "scope_words": f": {region} in the signature, {host['region']} in the endpoint"}
    said = _SCOPED_TO.search(text)
    if said is None:
        return {}
    if said["what"].lower() == "service":
        return {"scope": "service", "scope_words": ""}
    return {"scope": "Region", "scope_words": ""}


# STS API reference, "GetCallerIdentity": no permissions are required.
_ASKS_FOR_IDENTITY = regex(r"\bsts:GetCallerIdentity\b")


def _is_called(region: str, text: str) -> bool:
    """Return whether the call may have gone to the Region: no command, profile or setting names a different one."""
    failed = re.search(UNKNOWN_KEY, text, re.IGNORECASE)
    commands = re.findall(r"--region[ =]([a-z0-9-]+)", text[: failed.start()] if failed else "")
    if commands:
        return bool(commands[-1] == region)
    its_own = profile_region(text)
    if its_own is not None and its_own.region:
        return its_own.region == region
    end = failed.end() if failed else len(text)
    # A command below the failure is another call.
    called = around(text[:end] + OPTION_OF_REGION.sub("", text[end:])).region
    return called is None or not called.value or called.value == region


def _time(written: str) -> datetime:
    form = "%Y%m%dT%H%M%SZ" if "-" not in written else "%Y-%m-%dT%H:%M:%SZ"
    return datetime.strptime(re.sub(r"\.\d+", "", written), form).replace(tzinfo=UTC)
