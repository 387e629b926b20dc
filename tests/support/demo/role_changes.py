"""A change of each kind of a role of the demo account, in the words of ``rolescope change``."""

from __future__ import annotations

from collections.abc import Callable

from tests.support.accounts.documents import READ, trust

ROLE, USED = "orders-api-lambda", "web-frontend-ec2"
OIDC = "token.actions.githubusercontent.com"

CHANGES: dict[str, list[str]] = {
    "trust": [ROLE, "trust", "TRUST"],
    "inline": [ROLE, "inline", "new", "READ"],
    "delete-inline": [ROLE, "delete-inline", "orders-table-rw"],
    "attach": [ROLE, "attach", "aws:AmazonS3ReadOnlyAccess"],
    "detach": [ROLE, "detach", "AWSLambdaBasicExecutionRole"],
    "own-copy": [ROLE, "own-copy", "AWSLambdaBasicExecutionRole", "mine"],
    "boundary": [ROLE, "boundary", "DeveloperBoundary"],
    "no-boundary": ["ci-pipeline-builder", "no-boundary"],
    "policy": [USED, "policy", "app-assets-read", "READ"],
    "version": [USED, "version", "app-assets-read", "v2"],
    "add-profile": [ROLE, "profile", "add"],
    "remove-profile": [USED, "profile", "remove"],
    "tag": [ROLE, "tag", "team=other", "new="],
    "untag": [USED, "untag", "team"],
    "description": [ROLE, "description", "other words"],
    "session": [ROLE, "session", "7200"],
    "disable": [USED, "disable"],
    "revoke": [USED, "revoke"],
    "audience": [ROLE, "audience", f"https://{OIDC}", "mine"],
    "provider": [ROLE, "provider", "https://gitlab.com"],
    "copy": [ROLE, "copy", "another"],
    "rename": [ROLE, "rename", "another"],
}


def words_of(kind: str, file: Callable[[str], str]) -> list[str]:
    """The words of a change. ``file`` saves a document and gives its path."""
    documents = {"TRUST": trust("glue.amazonaws.com").text, "READ": READ.text}
    return [file(documents[word]) if word in documents else word for word in CHANGES[kind]]
