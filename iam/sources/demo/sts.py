"""STS: who one is, roles assumed only as their trust policies and the caller's own policies let, messages decoded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from iam.sources.demo import encoded
from iam.sources.demo.callers import caller_of
from iam.sources.demo.seed.facts import ACCOUNT
from iam.sources.demo.server import Handler
from iam.sources.demo.wire import AwsError, Call
from iam.sources.demo.world import World


def _get_caller_identity(world: World, call: Call) -> Mapping[str, Any]:
    caller = caller_of(world, call)
    return {"UserId": caller.user_id, "Account": ACCOUNT, "Arn": caller.arn}


def _decode(world: World, call: Call) -> Mapping[str, Any]:
    try:
        return {"DecodedMessage": encoded.decode(str(call.get("EncodedMessage")))}
    except ValueError as error:
        raise AwsError(
            "InvalidAuthorizationMessageException", "Message is not valid or not for this account."
        ) from error


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("sts", "DecodeAuthorizationMessage"): _decode,
    ("sts", "GetCallerIdentity"): _get_caller_identity,
}
