"""Rows for Amazon ECR and ECR Public: names, logins, tags, limits of pulls."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

ECR_PUBLIC_LOGINS: tuple[System, ...] = (
    # Amazon ECR Public User Guide, "Pulling an image from the Amazon ECR Public Gallery": a login stays in docker's
    # configuration, and docker logout removes it (https://docs.aws.amazon.com/AmazonECR/latest/public/
    # docker-pull-ecr-image.html); "Registry authentication": its token is valid for 12 hours.
    made_system(
        "the stored login to public.ecr.aws",
        "Run docker logout public.ecr.aws (for Helm: helm registry logout public.ecr.aws) and pull again: everyone can "
        "pull without a login. For the higher limit, log in again: aws ecr-public get-login-password --region "
        "us-east-1 | docker login --username AWS --password-stdin public.ecr.aws. If the pull also fails without a "
        "login, check that the image and its tag exist.",
        r"^(?![^\n]*\bpush)[^\n]*\bpublic\.ecr\.aws/[^\n]{0,300}"
        r"(?:\b403\s+Forbidden|authorization\s+token\s+has\s+expired)",
        "public.ecr.aws",
        flags=re.MULTILINE | re.IGNORECASE,
        unless=r"toomanyrequests:|authorized\s+to\s+perform",
        verdict="public.ecr.aws refused a pull, which needs no login and no permission: most likely docker sends an "
        "old login, whose token was valid for only 12 hours. Run docker logout public.ecr.aws.",
        title="Remove the old login: docker logout public.ecr.aws",
        sure=False,
    ),
)

ECR_TAGS: tuple[System, ...] = (
    # Amazon ECR User Guide, "Preventing image tags from being overwritten in Amazon ECR"
    # (https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html).
    made_system(
        "the repository's immutable tags",
        "Push under a tag that does not exist yet (the commit, a version), or skip the push if the image exists. If "
        "tags must be movable (latest, a cache), the repository's owner can make them mutable: aws ecr "
        "put-image-tag-mutability --repository-name NAME --image-tag-mutability MUTABLE. " + NONE_MISSING,
        r"\bcannot\s+be\s+overwritten\s+because\s+the\s+(?:tag|repository)\s+is\s+immutable\b|\bImageTagAlreadyExistsException\b",
        "cannot be overwritten because",
        "imagetagalreadyexists",
        subject=r"\b[Ii]mage\s+tag\s+'([^'\s]{1,128})'\s+already\s+exists",
        verdict="The repository already has an image with the tag {name}, and its tags are immutable: no permission is "
        "missing for the push.",
        title="Push under a new tag",
    ),
)
