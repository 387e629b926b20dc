"""The first look at a text that is neither a denial nor a name conflict."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.first_look.look import WHO_AM_I, Rule, looked_up, reading
from diagnostics.fix import Who


def _quote(failure: OtherFailure, pattern: str) -> str:
    found = re.search(pattern, failure.text, re.IGNORECASE)
    return f"“{' '.join(found[0].split())[:96]}”" if found else ""


def github_token(failure: OtherFailure) -> Iterator[FirstLook]:
    said = _quote(failure, r"ACTIONS_ID_TOKEN_REQUEST_(?:URL|TOKEN)|Could not load credentials from any providers")
    if said:
        yield FirstLook(
            "The job may not ask GitHub for a token: permissions: id-token: write is missing in the workflow (or its "
            "caller), or the run is a fork's pull request.",
            f"{said} stands in the text",
            None,
            Who.CALLER,
        )


def kubernetes(failure: OtherFailure) -> Iterator[FirstLook]:
    said = _quote(
        failure,
        r"must be logged in to the server|does not have access to Kubernetes objects|aws-auth|"
        r"the server has asked for the client to provide credentials",
    )
    if said and failure.trouble in (Trouble.NOT_IAM, Trouble.UNRECOGNIZED):
        yield FirstLook(
            "The cluster does not know this role or user: it needs an EKS access entry, or a line in aws-auth; IAM's "
            "policies are not asked.",
            f"{said} stands in the text",
            WHO_AM_I,
            Who.RESOURCE_OWNER,
        )


def service_linked_role(failure: OtherFailure) -> Iterator[FirstLook]:
    named = re.search(
        r"Service role name (AWSServiceRoleFor[\w+=,.@-]*?) has been taken in this account", failure.text, re.IGNORECASE
    )
    if named:
        yield FirstLook(
            "The service-linked role is there already, one an account: use it as it is and do not create it.",
            f"“{named[0]}”",
            reading("iam", "get-role", ("role-name", named[1])),
            Who.CALLER,
        )


def lake_formation(failure: OtherFailure) -> Iterator[FirstLook]:
    if said := _quote(failure, r"Lake ?Formation permission(?:\(s\)|s)?"):
        yield FirstLook(
            "Lake Formation guards this table or database: it wants a grant of its own, besides IAM's policies.",
            f"{said} stands in the text",
            reading("lakeformation", "list-permissions"),
            Who.RESOURCE_OWNER,
        )


def region(failure: OtherFailure) -> Iterator[FirstLook]:
    if said := _quote(
        failure, r"OptInRequired|not (?:enabled|supported|available) in (?:this|the) [\w-]* ?region|RegionDisabled"
    ):
        yield FirstLook(
            "The region is not turned on for this account, or the service is not there.",
            f"{said} stands in the text",
            reading("account", "list-regions", query="Regions[].[RegionName,RegionOptStatus]"),
            Who.ACCOUNT_ADMIN,
        )


def credentials(failure: OtherFailure) -> Iterator[FirstLook]:
    if failure.trouble is not Trouble.CREDENTIALS:
        return
    if said := _quote(failure, r"expired\w*|ExpiredToken\w*"):
        cause = "The session is over: sign in or assume the role again; old keys in the environment win over a profile."
    elif said := _quote(failure, r"SignatureDoesNotMatch|signature we calculated|not yet current"):
        cause = "The secret key is not that of the access key, or this machine's clock is wrong."
    elif said := _quote(
        failure, r"InvalidClientTokenId|UnrecognizedClient\w*|security token included in the request is invalid"
    ):
        cause = (
            "AWS does not know this access key: deleted or switched off, of another partition, without its session "
            "token, or the region is not turned on."
        )
    elif said := _quote(failure, r"Unable to locate credentials|NoCredential\w*|Could not load credentials"):
        cause = "The program finds no credentials where it looks: environment, profile, container or instance."
    else:
        return
    yield FirstLook(cause, f"{said} stands in the text", "aws configure list", Who.CALLER)


RULES: tuple[Rule[OtherFailure], ...] = (
    github_token,
    service_linked_role,
    kubernetes,
    lake_formation,
    region,
    credentials,
)


def first_look(failure: OtherFailure) -> tuple[FirstLook, ...]:
    return looked_up(RULES, failure)
