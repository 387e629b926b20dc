"""Rows for Amazon ECR and ECR Public: names, logins, tags, limits of pulls."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system
from diagnostics.text.read.messages.pull_through_cache import CACHED
from iam.regions import REGION_NAME

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

ECR_PUBLIC_PULL_LIMITS: tuple[System, ...] = (
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
    # Amazon ECS Developer Guide, "CannotPullContainer task errors in Amazon ECS": the image or the tag does not exist
    # (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html).
    made_system(
        "the image's tag in the repository",
        "Compare the tag with those of the repository: aws ecr describe-images --repository-name NAME --query "
        f"'imageDetails[].imageTags'. Push the image with this tag, or name a tag that exists. {NONE_MISSING}",
        rf"\b{_REGISTRY}/[\w./-]+:[\w.-]+[\"']?:?\s+(?:{_REGISTRY}/\S+:\s+)?not\s+found\b",
        "not found",
        unless=CACHED,
        subject=rf"\b{_REGISTRY}/([\w./-]+:[\w.-]+?)[\"']?:?\s+(?:{_REGISTRY}/\S+:\s+)?not\s+found\b",
        verdict="ECR has no image {name}: the tag, or the repository, does not exist in that registry and Region. ECR "
        "did not refuse the pull, so no permission is missing.",
        title="Name a tag that exists, or push the image with this tag",
    ),
)
