"""Causes of Amazon Bedrock: an account that is not enabled, a provider that is not chosen, a Region of a profile."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import WHO_AM_I, contains, speaks_of
from diagnostics.text.causes.denials.model_regions import access_elsewhere
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who
from iam.facts.client_calls import INFERENCE_PROFILE
from iam.lazy_pattern import regex
from iam.words import listing

_ACCOUNT = r"your account is not authorized"


_AREA = regex(
    r"(?<![\w.-])(?P<id>(?P<area>global|us|eu|apac|jp|au|ca|us-gov)\.(?:amazon|anthropic|cohere|deepseek|meta|mistral)"
    r"\.[\w.:*-]*[\w*])"
)


def other_area(signs: Signs) -> str:
    """Return an inference profile for another geography, if all others in the text are for another one; else ""."""
    target = signs.target
    if target is None or target.type != "inference-profile" or (own := _AREA.fullmatch(target.name)) is None:
        return ""
    named = {each["id"]: each["area"] for each in _AREA.finditer(signs.denial.text) if each["id"] != own["id"]}
    return next(iter(named)) if named and own["area"] not in named.values() else ""


GOVERNED = (
    r"(?<!not )(?<!no )\b(?:through|via|by|with|using|uses|in) (?:AWS )?Lake ?Formation\b"
    r"|\bLake ?Formation[- ](?:governed|managed|shared)\b"
)


PROFILE = rf"\binference[- ]profile|{INFERENCE_PROFILE}"


_PROVIDER = (
    r"(?<!assumed\.role\.)credentials\.provider\S{0,20}?[=:\s]+[\"']?"
    r"(?P<names>[\w.$]*CredentialsProvider\b(?:\s*,\s*[\w.$]*Provider\w*)*)"
)


def chosen_provider(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the configuration lists credential providers, which replaces the default chain.

    Hadoop-AWS module, "Authenticating with S3"
    (https://hadoop.apache.org/docs/stable/hadoop-aws/tools/hadoop-aws/index.html).
    """
    found = re.search(_PROVIDER, signs.denial.text)
    if found is None or signs.denial.principal or signs.says(r"\bAssumedRoleCredentialProvider\b"):
        return  # S3A's own provider assumes a role with the credentials of other providers
    names = [re.split(r"[.$]", each.strip())[-1] for each in found["names"].split(",")]
    yield FirstLook(
        f"According to its configuration, the program takes its credentials only from {listing(names)}: check whether "
        "these are the credentials that you want.",
        contains(names[0]),
        WHO_AM_I,
        Who.CALLER,
    )


def account_not_enabled(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a service is not enabled for the account, which no policy of the caller changes.

    https://github.com/aws-samples/amazon-bedrock-workshop/issues/20
    """
    if signs.service != "bedrock" or not signs.says(_ACCOUNT):
        return
    if (regions := access_elsewhere(signs.denial.pasted or signs.denial.text)) is not None:
        granted, called = regions
        yield FirstLook(
            f"Most likely access to the model was granted in {granted} only, and the call goes to {called}: model "
            f"access is per Region. Grant access in {called}, if the model is offered in {called}, or call Bedrock in "
            f"{granted}.",
            contains(granted),
            None,
            Who.ACCOUNT_ADMIN,
        )
    else:
        yield FirstLook(
            "AWS has not enabled Bedrock for this account, which happens with some new accounts. Ask AWS Support: no "
            "IAM policy of the account changes that.",
            speaks_of("the text mentions the account, not the caller", _ACCOUNT),
            None,
            Who.ACCOUNT_ADMIN,
        )
