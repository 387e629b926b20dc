"""Read what the text shows about the credential provider chain."""

from __future__ import annotations

from datetime import timedelta

from diagnostics.failure import OtherFailure
from diagnostics.text.answer.credentials.credential_values.pods_and_metadata_service import DOCKER, KUBERNETES
from diagnostics.text.answer.credentials.credential_values.request_times import time_apart
from diagnostics.text.answer.credentials.partition_values import partitions_of_chain
from iam.lazy_pattern import regex

_EXPIRED_AT = regex(r"current date/time (?P<now>\d{9,11}) must be before the expiration date/time (?P<end>\d{9,11})")


def of_chain(failure: OtherFailure) -> dict[str, str]:
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
        if DOCKER.search(failure.text):
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
        values["token_file" if KUBERNETES.search(failure.text) else "own_token_file"] = chain.token_file
        when = _EXPIRED_AT.search(failure.text)
        ago = timedelta(seconds=int(when["now"]) - int(when["end"])) if when else timedelta(0)
        values["expired_ago"] = f" {time_apart(ago)} before the call" if ago > timedelta(0) else ""
    if chain.unreachable:
        values["unreachable"] = "yes"
        values["host_gives"] = (
            (f" On the host, the metadata service returns the credentials of {chain.host_role}.")
            if chain.host_role
            else ""
        )
    return values
