"""Rows for Jenkins and for package registries."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

JENKINS_AND_PACKAGES: tuple[System, ...] = (
    made_system(
        "Jenkins",
        "Check the permissions of the user in Jenkins (Manage Jenkins, Security), or of the folder.",
        r"is\s+missing\s+the\s+\w+/\w+\s+permission",
        "is missing the",
    ),
    made_system(
        "the package registry",
        "Check the token, and who may publish to the repository in the package registry.",
        r"\bnpm\s+(?:ERR!|error)\s+(?:code\s+E)?403|Not\s+enough\s+permissions\s+to\s+(?:delete/)?overwrite",
        "npm err",
        "not enough permissions to",
        unless=r"\.codeartifact\.",
    ),
)
