"""Read the values for the placeholders of the rows about credentials: what the text shows, of all subjects."""

from __future__ import annotations

import re
import shlex

from diagnostics.failure import OtherFailure
from diagnostics.text.answer.credentials.api_methods import unknown_method
from diagnostics.text.answer.credentials.api_paths import unknown_path
from diagnostics.text.answer.credentials.clocks import clocks_agree
from diagnostics.text.answer.credentials.codeartifact import codeartifact_values
from diagnostics.text.answer.credentials.credential_fault import WHO, WRONG_SIGNATURE
from diagnostics.text.answer.credentials.credential_sources import sources_shown
from diagnostics.text.answer.credentials.credential_values.another_region import works_in_another_region
from diagnostics.text.answer.credentials.credential_values.called_regions import of_called_regions
from diagnostics.text.answer.credentials.credential_values.empty_variables import of_empty_variables
from diagnostics.text.answer.credentials.credential_values.keys_beside_other_credentials import of_keys
from diagnostics.text.answer.credentials.credential_values.listed_providers import of_listed_providers
from diagnostics.text.answer.credentials.credential_values.missing_profiles import of_missing_profiles
from diagnostics.text.answer.credentials.credential_values.pods_and_metadata_service import (
    of_a_container,
    of_a_pod,
    of_a_pod_or_node,
    of_metadata,
)
from diagnostics.text.answer.credentials.credential_values.provider_chain import of_chain
from diagnostics.text.answer.credentials.credential_values.request_times import OF_S3, of_times, window
from diagnostics.text.answer.credentials.credential_values.sdk_providers import of_providers
from diagnostics.text.answer.credentials.credential_values.sessions import RENEWS, of_a_long_run, of_session_length
from diagnostics.text.answer.credentials.credential_values.signature_scope import of_scope
from diagnostics.text.answer.credentials.credential_values.working_cli import of_the_cli
from diagnostics.text.answer.credentials.emulators import emulator_values
from diagnostics.text.answer.credentials.key_faults import OF_SESSION, TOKEN_SHOWN, key_faults
from diagnostics.text.answer.credentials.partition_values import (
    key_of_another_partition,
    partitions_of_text,
    region_left_out,
)
from diagnostics.text.answer.credentials.registry_logins import registry_values
from diagnostics.text.answer.credentials.sessions_without_mfa import created_without_mfa
from diagnostics.text.answer.credentials.unsigned_host import unsigned_host
from diagnostics.text.read.author.remarks import Remark, remark_of
from diagnostics.text.read.identities.call_settings import Named, around
from diagnostics.text.read.identities.callers import answered_identities
from diagnostics.text.read.identities.instance_profiles import has_no_profile
from diagnostics.text.read.identities.tool_settings import tool_setting
from diagnostics.text.read.layout.shell import WORKED
from diagnostics.text.read.messages.context import speaks_of_aws
from iam.api_operations import action_for
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME, opt_in_region, other_partition_region

_TEMPORARY_KEY = regex(r"AWS_ACCESS_KEY_ID[\"']?\s*[=:]\s*[\"']?ASIA", re.IGNORECASE)
_AWS_SAYS = regex(
    r"security token included in the request|provided token (?:has|is) expired|ExpiredTokenException|\(ExpiredToken"
    r"|api error ExpiredToken|TokenRefreshRequired"
)
"""AWS's own words for a session that has expired."""

_OF_API_GATEWAY = regex(r"execute-api|--domain-name")

_EXPORTED_WORK = regex(
    rf"\b{WORKED}\b[^\n]{{0,40}}export-credentials|export-credentials[^\n]{{0,200}}\b{WORKED}\b",
    re.IGNORECASE,
)

_WRONG = regex(WRONG_SIGNATURE, re.IGNORECASE)


def values_of(failure: OtherFailure) -> dict[str, str]:
    """Return the values for the rows' placeholders that the text contains."""
    called = {"iam_call": "yes"} if _calls_iam(failure) else {}
    if called and created_without_mfa(failure.text):
        called["session_without_mfa"] = "yes"
    values = {**_of_text(failure.text), **of_chain(failure), **called}
    if not called and _own_key_works(failure.text):
        values["own_key_works"] = "yes"
    if failure.operation == "AssumeRole" and (sources := {each["name"] for each in _SOURCE.finditer(failure.text)}):
        # The SDK calls AssumeRole with the keys of the profile that source_profile names.
        values |= _of_profile(sources.pop()) if len(sources) == 1 else {}
    if _OF_API_GATEWAY.search(failure.text):
        values |= unknown_path(failure.text) or unknown_method(failure.text)
    if has_no_profile(failure.text):
        values["profile_null"] = "yes"
    elsewhere = works_in_another_region(failure)
    if "opt_in_region" in values and elsewhere:
        values["opt_in_works_elsewhere"] = "yes"
    works = elsewhere or "cli_works" in values or bool(answered_identities(failure.text))
    if "half_session" in values and not works:
        # A session's key without its token is valid in no Region.
        values = {name: value for name, value in values.items() if name not in ("opt_in_region", "enabled_region")}
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

_JUST_MADE = regex(
    r"\baws iam create-access-key\b|\bCreateAccessKeyCommand\b|\bcreate_access_key\(|\bNew-IAMAccessKey\b"
)

_CLOCK_OFF = regex(
    r"\bLocal CMOS Clock\b|\bFree-running System Clock\b|\b(?:System clock|NTP) synchronized: no\b"
    r"|\bLeap status\s*: Not synchroni[sz]ed\b"
)
"""The output of w32tm, timedatectl and chronyc for a clock that is not synchronized."""


def _of_text(text: str) -> dict[str, str]:
    profile, own = around(text).profile, tool_setting(text)
    if profile is None and own is not None and own.profile:
        profile = Named(own.profile, own.words)
    values = {
        "next_provider": "",
        "who_am_i": WHO,
        "no_need": "",
        "date_is_signed": "",
        "wrong_part": "URL",
        "pass_on": "",
        "whose_partition": "The text speaks of",
        "window": window(text),
        **registry_values(text),
        **emulator_values(text),
        **of_a_pod(text),
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
    values |= of_a_long_run(text)
    if not (_WHOLE_ANSWER.search(text) or OF_S3.search(text) or clocks_agree(text)):
        values["code_alone"] = "yes"
    if RENEWS.search(text) and _OTHERS_SUCCEED.search(text):
        values["renewed_beside"] = "yes"
    values |= of_keys(text)
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
    values |= partitions_of_text(text) | key_of_another_partition(text) | region_left_out(text) | of_scope(text)
    audiences = set(re.findall(r"\"aud\"\s*:\s*\"([^\"\s$`;|&']{1,200})\"", text))
    providers = set(re.findall(r"\barn:[\w-]+:iam::\d{12}:oidc-provider/[\w.:/-]*[\w/]", text))
    values["audience"] = audiences.pop() if len(audiences) == 1 else "AUDIENCE"
    values["provider_arn"] = providers.pop() if len(providers) == 1 else "PROVIDER-ARN"
    values |= of_called_regions(text)
    values |= of_a_pod_or_node(text)
    values |= of_a_container(text)
    values |= of_metadata(text, "host_gets" in values)
    if _TEMPORARY_KEY.search(text) and TOKEN_SHOWN.search(text):
        values["whole_session"] = "yes"
    values |= of_providers(text)
    values |= of_listed_providers(text)
    values |= of_missing_profiles(text)
    values |= of_empty_variables(text)
    values |= of_session_length(text)
    values |= codeartifact_values(text)
    if not opt_in_region(text) and _OPT_IN.search(text) and _OF_REGIONS.search(text):
        values["opt_in_words"] = "yes"
    if _EXPORTED_WORK.search(text):
        values["exported_work"] = "yes"
    if (clock := _CLOCK_OFF.search(text)) is not None:
        values["clock_off"] = clock[0]
    values |= of_the_cli(text)
    values |= of_times(text)
    return values


_OPT_IN = regex(
    r"\bopt(?:-in|ional)[ -]regions?\b|\bregions?\b[^.\n]{0,40}\b(?:opt-in|opted[ -]in)\b"
    r"|\bopted[ -]in(?:to)?\b[^.\n]{0,30}\bregions?\b|\b(?:both|all|are|is) (?:already )?opted[ -]in\b"
    r"|\bregions?\b[^.\n]{0,60}\bnot enabled by default\b|\bdefault-enabled regions?\b",
    re.IGNORECASE,
)


_OF_REGIONS = regex(rf"\bregions?\b|\b{REGION_NAME}\b", re.IGNORECASE)

# STS API reference, "GetCallerIdentity": no permissions are required.
_ASKS_FOR_IDENTITY = regex(r"\bsts:GetCallerIdentity\b")
