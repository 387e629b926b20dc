"""Rows for the limits of image pulls of ECR Public and Docker Hub."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

PULL_LIMITS: tuple[System, ...] = (
    # Amazon ECR Public User Guide, "Registry authentication" and "Service quotas"
    # (https://docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html,
    # https://docs.aws.amazon.com/AmazonECR/latest/public/public-service-quotas.html).
    made_system(
        "ECR Public's limit of pulls",
        "Log in to ECR Public: aws ecr-public get-login-password --region us-east-1 | docker login --username AWS "
        "--password-stdin public.ecr.aws. The login needs ecr-public:GetAuthorizationToken and "
        "sts:GetServiceBearerToken; the pull needs no permission.",
        r"public\.ecr\.aws[\s\S]{0,600}?\btoomanyrequests:|\btoomanyrequests:[\s\S]{0,600}?public\.ecr\.aws",
        "public.ecr.aws",
        flags=re.IGNORECASE,
        verdict="ECR Public limits pulls without a login, and that limit is reached: no permission is missing for the "
        "pull.",
        title="Log in to ECR Public before the pull",
    ),
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
