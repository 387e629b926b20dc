"""Rows for container registries outside AWS."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.other_servers import NOT_AWS
from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

_ENDINGS = r"(?:io|com|dev|org|net|cloud|internal|local|lan|corp|eu|de)"
_REGISTRY = rf"(?<![\w.@-])(?!ghcr\.io){NOT_AWS}((?:[a-z0-9-]+\.)+{_ENDINGS}(?::\d{{2,5}})?)"

OTHER_REGISTRIES: tuple[System, ...] = (
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
CONTAINER_REGISTRIES: tuple[System, ...] = (
    made_system(
        "the container registry",
        "Log in to the registry (docker login), and check in the registry who may pull the image.",
        r"pull\s+access\s+denied\s+for|requested\s+access\s+to\s+the\s+resource\s+is\s+denied",
        "pull access denied for",
        "requested access to the resource is denied",
        unless=r"\.dkr[.-]ecr[\w-]*\.[\w.-]+|public\.ecr\.aws",
    ),
)
