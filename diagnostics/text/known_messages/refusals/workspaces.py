"""Messages of Amazon WorkSpaces."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, of_codes

_API = "https://docs.aws.amazon.com"
WORKSPACES: tuple[ServiceSentence, ...] = (
    of_codes(
        "WorkspacesDefaultRoleNotFound",
        "WorkSpaces",
        "the role workspaces_DefaultRole does not exist in this account",
        "The account has no role workspaces_DefaultRole, which the first registration of a directory needs.",
        "Create the role with exactly this name: it must trust workspaces.amazonaws.com, and have the managed policies "
        "AmazonWorkSpacesServiceAccess and AmazonWorkSpacesSelfServiceAccess.",
        f"{_API}/workspaces/latest/api/API_RegisterWorkspaceDirectory.html",
        check="aws iam get-role --role-name workspaces_DefaultRole",
        refuses=False,
    ),
)  # fmt: skip
