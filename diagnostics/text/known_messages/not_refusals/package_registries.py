"""The row for package registries."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

PACKAGE_REGISTRIES: tuple[System, ...] = (
    made_system(
        "the package registry",
        "Check the token, and who may publish to the repository in the package registry.",
        r"\bnpm\s+(?:ERR!|error)\s+(?:code\s+E)?403|Not\s+enough\s+permissions\s+to\s+(?:delete/)?overwrite",
        "npm err",
        "not enough permissions to",
        unless=r"\.codeartifact\.",
    ),
)
