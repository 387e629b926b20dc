"""Rows for the GitHub action configure-aws-credentials."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

CONFIGURE_AWS_CREDENTIALS: tuple[System, ...] = (
    documented(
        "the action's list of expected accounts",
        "The credentials belong to account {name}, which allowed-account-ids does not list: correct role-to-assume, or "
        "the list. The sign-in itself worked.",
        "Compare the account in role-to-assume with the input allowed-account-ids of configure-aws-credentials.",
        "The account ID of the provided credentials ({name}) does not match any of the expected account IDs",
        title="Correct the role or allowed-account-ids",
    ),
    documented(
        "the credentials that the action finds",
        "The GitHub action was given an access key, but its AWS SDK found other credentials: the runner's environment "
        "or a profile already contains some. No role was assumed yet.",
        "Remove the other credentials (AWS_ACCESS_KEY_ID, AWS_SESSION_TOKEN, AWS_PROFILE of the job or of an earlier "
        "step; unset-current-credentials: true), or use them with role-chaining: true.",
        "Credentials loaded by the SDK do not match the expected access key ID configured by the action",
        title="Remove the other credentials, or set role-chaining: true",
    ),
    documented(
        "the session's name in the action",
        "The role session name has a character that STS does not allow, or the wrong length: use 2 to 64 letters, "
        "digits and _ + = , . @ -. No call was made.",
        "Set role-session-name to a value without these characters, for example the run's ID: a branch's name "
        "contains slashes.",
        "Role session name is not valid: '{}'. Must satisfy regular expression pattern",
        "Role session name must be between 2 and 64 characters, got {}",
        title="Send a different role session name",
    ),
    documented(
        "the action's inputs",
        "The action has neither an access key nor a token to assume the role with: with force-skip-oidc, give "
        "aws-access-key-id or web-identity-token-file; otherwise remove force-skip-oidc.",
        "For GitHub's OIDC, remove force-skip-oidc and give the job permissions: id-token: write.",
        "If 'force-skip-oidc' is true and 'role-to-assume' is set, 'aws-access-key-id' or 'web-identity-token-file' "
        "must be set",
        title="Give the action credentials, or let it use OIDC",
    ),
)
