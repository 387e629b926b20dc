"""The row for Docker Hub's limit of pulls."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

DOCKER_HUB_PULL_LIMITS: tuple[System, ...] = (
    # Docker documentation, "Docker Hub usage and limits" (https://docs.docker.com/docker-hub/usage/).
    made_system(
        "Docker Hub's pull limit",
        "Pull with a Docker Hub login, through an ECR pull-through cache, or from public.ecr.aws/docker/library. "
        f"{NONE_MISSING}",
        r"reached\s+your\s+(?:unauthenticated\s+)?pull\s+rate\s+limit|docker\.com/increase-rate-limit",
        "pull rate limit",
        "increase-rate-limit",
        flags=re.IGNORECASE,
        verdict="Docker Hub's limit of pulls is reached: neither IAM nor ECR refused the pull.",
    ),
)
