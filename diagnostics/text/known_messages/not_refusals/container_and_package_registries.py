"""Rows for GitHub's package registry and for container registries outside AWS."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.other_servers import NOT_AWS
from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

_ENDINGS = r"(?:io|com|dev|org|net|cloud|internal|local|lan|corp|eu|de)"
_REGISTRY = rf"(?<![\w.@-])(?!ghcr\.io){NOT_AWS}((?:[a-z0-9-]+\.)+{_ENDINGS}(?::\d{{2,5}})?)"

REGISTRIES: tuple[System, ...] = (
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
    # Distribution's "Registry errors" (https://distribution.github.io/distribution/spec/api/#errors-2).
    made_system(
        "another container registry",
        "Log in to {name} (docker login), and check who is allowed to pull or push the image there. No AWS permission "
        "is missing.",
        rf"(?:push|pull|solve|fetch|resolve|copy)\w*[^\n]{{0,200}}?{_REGISTRY}/[^\n]{{0,300}}?(?:denied|unauthorized"
        rf"|\b40[13]\b"
        r"|authentication\s+required|insufficient_scope)"
        rf"|(?:denied|unauthorized)\s+for\s+{_REGISTRY}/",
        *("push", "pull", "solve", "fetch", "resolve", "copy", "denied for", "unauthorized for"),
        flags=re.IGNORECASE,
        unless=r"authorized\s+to\s+perform",
        subject=_REGISTRY,
        verdict="{name} refused, and that registry is not ECR: no AWS permission is missing.",
        title="Log in to the registry that refused",
    ),
)
