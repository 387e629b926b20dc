"""Rows for GitHub: workflows, tokens, its package registry."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

GITHUB_WORKFLOWS: tuple[System, ...] = (
    # GitHub, "Reuse workflows": permissions can only be kept or reduced from the calling to the called workflow
    # (https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows).
    made_system(
        "the permissions of the calling workflow",
        "A called workflow cannot have more permissions than its caller, and a permissions block grants only what it "
        f"names. {NONE_MISSING}",
        r"nested job '[^'\n]{1,200}' is requesting '[^'\n]{1,300}', but is only allowed",
        "is requesting '",
        subject=r"is requesting '([^'\n]{1,300})'",
        verdict="GitHub refuses the workflow before any call to AWS: add the setting permissions: {name} to the "
        "workflow or job that calls the nested one. The role's trust policy is not the cause.",
        title="Write the permissions into the calling workflow",
    ),
)

GITHUB_PACKAGES: tuple[System, ...] = (
    # GitHub Docs, "Working with the Container registry"
    # (https://docs.github.com/packages/working-with-a-github-packages-registry/working-with-the-container-registry).
    made_system(
        "GitHub's package registry",
        "Give the job permissions: packages: write (for a pull, read), and give the repository access to the package "
        "(the package's settings, Manage Actions access). A personal token needs the scope write:packages. No AWS "
        "permission is missing.",
        r"\bghcr\.io/[^\n]{0,200}(?:denied|unauthorized|\b40[13]\b)|(?:denied|unauthorized"
        r"|\b40[13]\b)[^\n]{0,200}\bghcr\.io/"
        r"|permission_denied:\s+(?:write|read)_package",
        "ghcr.io",
        "permission_denied:",
        flags=re.IGNORECASE,
        verdict="GitHub's package registry refused the request, not AWS. No AWS permission is missing.",
        title="Give the job or token access to the package in GitHub",
    ),
)

GITHUB: tuple[System, ...] = (
    made_system(
        "GitHub",
        "Check the permissions of the workflow's token (permissions: in the workflow, and Settings, Actions, General), "
        "or of the app or token that was used.",
        r"Resource\s+not\s+accessible\s+by\s+(?:integration|personal\s+access\s+token)"
        r"|Permission\s+to\s+\S+\s+denied\s+to"
        r"|Must\s+have\s+admin\s+rights\s+to\s+Repository",
        "resource not accessible by integration",
        "resource not accessible by personal access token",
        "denied to",
        "must have admin rights",
    ),
)
