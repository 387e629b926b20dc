"""Causes for requests without accepted credentials, and for calls that need no permission."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.answer.credentials.api_paths import is_served, listed_paths, nearest_path
from diagnostics.text.answer.credentials.missing_credentials.github_actions import BY_DEPENDABOT, FROM_FORKS
from diagnostics.text.answer.credentials.rejected_credentials import fault_of
from diagnostics.text.answer.credentials.unsigned_host import unsigned_host
from diagnostics.text.causes.build_causes import WHO_AM_I, contains, quoted, reading
from diagnostics.text.causes.shared_causes import role_not_taken
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.words import listing

_NO_TOKEN = (
    r"(?:\b(?:get|missing|no|without|undefined|KeyError|need|requires?)\b[^\n]{0,40}"
    r"ACTIONS_ID_TOKEN_REQUEST_(?:URL|TOKEN)"
    r"|ACTIONS_ID_TOKEN_REQUEST_(?:URL|TOKEN)\b[^\n]{0,40}\b(?:not (?:set|found|defined|available)|unset|empty"
    r"|undefined|missing|unbound|env(?:ironment)? variable))|Did you mean to set the `?id-token`? permission"
    r"|Credentials could not be loaded[^\n]{0,60}Could not load credentials from any providers"
)
# The SDK for JavaScript prints this in any program: the action is meant only if the text shows it.
_NO_PROVIDERS = r"Could not load credentials from any providers"
_OF_THE_ACTION = r"configure-aws-credentials|role-to-assume|##\[error\]|::error"


_ID_TOKEN = r"id-token[\"']?\s*:\s*[\"']?write"


# GitHub, "Workflow syntax", permissions: those that are not named are set to none
# (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions).
_PERMISSIONS = regex(
    r"^[ \t]*permissions:[ \t]*(?:\{(?P<flow>[^}\n]+)\}|\n(?:[ \t]*(?:actions|attestations|checks|contents|deployments"
    r"|discussions|issues|models|packages|pages|pull-requests|security-events|statuses|id-token)"
    r":[ \t]*\w+[ \t]*(?:\n|$))+)",
    re.MULTILINE,
)


_ROLE_GIVEN = regex(r"role-to-assume[\"']?\s*:\s*[\"']?(?:\$\{\{\s*(?P<from>[\w.-]+)[^}\n]*\}\}|(?P<arn>arn:\S+))")


def without_a_token(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the cause if configure-aws-credentials has no token.

    Its README, "OIDC" and "Inputs": without role-to-assume the action looks for keys
    (https://github.com/aws-actions/configure-aws-credentials).
    """
    said = quoted(failure.text, _NO_TOKEN)
    if not said and quoted(failure.text, _OF_THE_ACTION):
        said = quoted(failure.text, _NO_PROVIDERS)
    if not said or re.search(f"{FROM_FORKS}|{BY_DEPENDABOT}", failure.text, re.IGNORECASE):
        return
    block = _PERMISSIONS.search(failure.text)
    if block is not None and not quoted(failure.text, _ID_TOKEN) and "id-token" not in block[0]:
        yield FirstLook(
            "The workflow's permissions block in the text lacks “id-token: write”. A block grants only the "
            "permissions in it, so add this permission to let the job request a token from GitHub.",
            contains(" ".join(block[0].split())[:90]),
            None,
            Who.CALLER,
        )
        return
    role, permitted = _ROLE_GIVEN.search(failure.text), quoted(failure.text, _ID_TOKEN)
    keys = quoted(failure.text, r"aws-access-key-id[\"']?\s*:[^\n]{0,80}")
    if keys and "ACTIONS_ID_TOKEN_REQUEST" not in said and "role-to-assume" not in failure.text:
        # GitHub, "Using secrets in GitHub Actions": a secret that is not set is an empty string, and workflows of forks
        # get none (https://docs.github.com/en/actions/security-for-github-actions/security-guides).
        yield FirstLook(
            "The step takes keys from its inputs, and most likely they are empty: a secret of this name is not set for "
            "this repository or environment; the job that calls a reusable workflow does not pass it on (secrets: "
            "inherit); or the run is for a fork or Dependabot, which get no secrets. The step assumes no role, so "
            "“id-token: write” is not needed.",
            contains(keys),
            None,
            Who.CALLER,
        )
        return
    asked_in_vain = "ACTIONS_ID_TOKEN_REQUEST" in said
    if role is not None and role["from"] and not asked_in_vain:
        source = role["from"]
        yield FirstLook(
            f"role-to-assume comes from {source}: if that has no value (not set for this repository, environment or "
            "kind of run, or a secret instead of a variable), the action assumes no role and looks for keys.",
            contains(source, said),
            None,
            Who.CALLER,
        )
    if permitted:
        yield FirstLook(
            "The permission “id-token: write” is in the text: check that it applies to this job (a job's own "
            "permissions replace the workflow's; a reusable workflow also needs its caller to grant it), and that the "
            "run is not for a fork's pull request.",
            contains(permitted),
            None,
            Who.CALLER,
        )
        return
    yield FirstLook(
        "The job is not allowed to request a token from GitHub: “permissions: id-token: write” is missing in the "
        "workflow (or its caller), or the run is for a fork's pull request.",
        contains(said),
        None,
        Who.CALLER,
    )


_STATE_NOT_SAVED = r"\bFailed to save state\b|\bError saving state\b|\berrored\.tfstate\b"


def unsaved_state(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield what to do first if Terraform's credentials expired before it saved its state.

    Terraform, "Command: state push" and "Command: force-unlock"
    (https://developer.hashicorp.com/terraform/cli/commands/state/push,
    https://developer.hashicorp.com/terraform/cli/commands/force-unlock); its own message names errored.tfstate.
    """
    said = quoted(failure.text, _STATE_NOT_SAVED)
    if failure.trouble is not Trouble.CREDENTIALS or not said:
        return
    yield FirstLook(
        "Terraform could not save its state and keeps it in errored.tfstate, in its folder: keep that file. With new "
        "credentials run terraform state push errored.tfstate before any plan or apply. If the lock remains, and no "
        "run is active, terraform force-unlock removes it.",
        contains(said),
        None,
        Who.CALLER,
    )


# The query APIs' own sentence, and their hosts.
_NO_GATEWAY = regex(r"Request is missing Authentication Token|https?://(?!\S*execute-api)[\w.-]+\.amazonaws\.com")


def unsigned(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield causes for a missing authentication token.

    API Gateway developer guide, "Troubleshoot issues with REST APIs".
    """
    if not (said := quoted(failure.text, r"Missing ?Authentication ?Token\w*")) or unsigned_host(failure.text):
        return
    if (no_path := _no_such_path(failure.text)) is not None:
        yield no_path
        return
    if not _NO_GATEWAY.search(failure.text) and (not_deployed := _NOT_DEPLOYED.search(failure.text)):
        # API Gateway Developer Guide, "Deploy REST APIs in API Gateway"
        # (https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html).
        yield FirstLook(
            "Most likely the API was changed and not deployed: a stage serves a new path or method only after a "
            "deployment. Deploy to the stage that is called: aws apigateway create-deployment --rest-api-id API "
            "--stage-name STAGE. No permission is missing.",
            contains(" ".join(not_deployed[0].split())),
            reading("apigateway", "get-stages", ("rest-api-id", None), query="item[].[stageName,deploymentId]"),
            Who.RESOURCE_OWNER,
        )
        return
    if fault_of(failure).usual:
        return  # its row names the causes
    if not _NO_GATEWAY.search(failure.text):
        yield FirstLook(
            "API Gateway does not have this path, method or stage (for example, the URL is only the stage's, has a "
            "wrong letter, or was never deployed): API Gateway gives this answer for everything that it does not know.",
            contains(said),
            reading("apigateway", "get-rest-apis", query="items[].[id,name]"),
            Who.CALLER,
        )
    works_unsigned = failure.sequel is not None and failure.sequel.otherwise == "path"
    if works_unsigned or _NOT_SIGNED_EITHER.search(failure.text):
        return
    yield FirstLook(
        "The request is not signed, but the method or service requires IAM's signature (SigV4).",
        contains(said),
        WHO_AM_I,
        Who.CALLER,
    )


_NOT_DEPLOYED = regex(
    r"\b(?:no|without(?: an?)?|never|missing(?: an?)?|skip(?:s|ped)?(?: the)?) "
    r"(?:create-deployment|(?:re-?)?deploy(?:ment|ed|ing)?)\b(?! (?:errors?|problems?|issues?|failures?|needed))"
    r"|\b(?:not|n't|n\u2019t)(?: yet| been)? (?:re-?)?deployed\b|\bforgot to (?:re-?)?deploy\b",
    re.IGNORECASE,
)
_NOT_SIGNED_EITHER = regex(
    r"\bauthorization_?type\b[^\n]*\n?[^\n]{0,40}\bNONE\b|\bauth(?:orization|orizer)?:? (?i:none)\b", re.IGNORECASE
)
_CALLED = regex(r"https://[a-z0-9]+\.execute-api\.[\w.-]+/[\w$-]+(?P<path>/[\w./-]*[\w-])(?![\w./-])")


def _no_such_path(text: str) -> FirstLook | None:
    """Return the cause if the text lists the API's resources, and no resource has the path that was called."""
    called = {each["path"] for each in _CALLED.finditer(text)}
    paths = listed_paths(text)
    if len(called) != 1 or not paths:
        return None
    path = called.pop()
    if is_served(path, paths):
        return None
    near = nearest_path(path, paths)
    call = f" Call {near}, or add" if near else " Add"
    return FirstLook(
        f"The API has no {path}, as far as the text lists its paths: {listing(paths[:6])}. API Gateway gives "
        f"this answer for a path that it does not have.{call} {path} to the API and deploy it.",
        contains(path),
        None,
        Who.CALLER,
    )


def credentials(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the common causes of rejected credentials, from the same row of the table as the verdict."""
    if failure.trouble is not Trouble.CREDENTIALS:
        return
    fault = fault_of(failure)
    said = quoted(failure.text, fault.words.pattern)
    for cause in filter(None, (fault.usual, *fault.also)):
        yield FirstLook(cause, contains(said), fault.check, fault.who)


def caller_identity(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the fact that GetCallerIdentity needs no permission (STS API reference, "GetCallerIdentity")."""
    of_sts = (failure.name or "").startswith("sts.")
    if of_sts and failure.trouble is Trouble.NOT_IAM and (said := quoted(failure.text, r"get-?caller-?identity")):
        yield FirstLook(
            "sts:GetCallerIdentity needs no permission: no policy has to grant it, and granting it does not help.",
            contains(said),
            None,
            Who.CALLER,
        )


def other_role(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the cause if a program did not assume the role that it was given."""
    if failure.trouble is Trouble.UNRECOGNIZED and (look := role_not_taken(failure.text)) is not None:
        yield look
