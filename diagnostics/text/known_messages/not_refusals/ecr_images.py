"""Rows for names of images and repositories of Amazon ECR."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system
from diagnostics.text.read.messages.pull_through_cache import CACHED
from iam.regions import REGION_NAME

_REGISTRY = rf"\d{{12}}\.dkr\.ecr\.{REGION_NAME}\.amazonaws\.com(?:\.cn)?"

IMAGE_NAMES: tuple[System, ...] = (
    # Amazon ECR User Guide, "Pushing an image": an image is REGISTRY/REPOSITORY:TAG
    # (https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-push-ecr-image.html).
    made_system(
        "the name of the image",
        "Write the image as ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG: most likely a variable for the "
        f"repository already contains the address. Do not create a repository of this name. {NONE_MISSING}",
        rf"The\s+repository\s+with\s+name\s+['\"]{_REGISTRY}/",
        "the repository with name",
        subject=rf"repository\s+with\s+name\s+['\"]({_REGISTRY})/",
        verdict="The image's name contains the registry's address {name} twice, so ECR takes it for a part of the "
        "repository's name: remove one. No permission is missing.",
        title="Remove the second address from the image's name",
    ),
    # Amazon ECR API reference, "InitiateLayerUpload": RepositoryNotFoundException
    # (https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_InitiateLayerUpload.html).
    made_system(
        "the name, Region or account of the ECR repository",
        f"Check the repository's name, Region and account, or create it (aws ecr create-repository). {NONE_MISSING}",
        r"\bRepositoryNotFoundException\b|The\s+repository\s+with\s+name\s+['\"][\w./-]+['\"]\s+does\s+not\s+exist",
        "repositorynotfound",
        "the repository with name",
        unless=rf"{CACHED}|with\s+name\s+['\"]{_REGISTRY}/",
        subject=r"repository\s+with\s+name\s+['\"]([\w./-]+)['\"]",
        verdict="ECR has no repository {name} in that registry and Region: check name, Region and account, or create "
        "it (aws ecr create-repository). A missing permission is not the cause.",
        regional=True,
    ),
)
