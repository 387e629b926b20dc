"""Causes for errors of an image registry that are not denials."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure
from diagnostics.text.causes.build_causes import affirmed, contains, quoted, reading
from diagnostics.text.read.messages.pull_through_cache import CACHED_IMAGE
from diagnostics.text.read.printed_values import printed_values
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

_MISSING = regex(
    rf"https?://(?P<account>\d{{12}})\.dkr[.-]ecr[\w-]*\.(?P<region>{REGION_NAME})\.[\w.]*/v2/"
    r"(?P<name>[a-z0-9][\w./-]{0,255}?)/blobs/uploads/?\S{0,200}[\"']?:?[^\n]{0,60}?"
    r"\b(?:404|[Nn]ot [Ff]ound)\b"
)


_PULLED = regex(
    rf"https?://(?P<account>\d{{12}})\.dkr[.-]ecr[\w-]*\.(?P<region>{REGION_NAME})\.[\w.]*/v2/"
    r"(?P<name>[a-z0-9][\w./-]{0,255}?)/manifests/[^\s\"]{1,200}[^\n]{0,60}?\b(?:404|[Nn]ot [Ff]ound)\b"
)
# containerd, and docker with an older registry: the image's own name, and that it was not found.
_PULLED_BY_NAME = regex(
    rf"(?<![\w./-])(?P<account>\d{{12}})\.dkr[.-]ecr[\w-]*\.(?P<region>{REGION_NAME})\.[a-z.]+/"
    r"(?P<name>[a-z0-9][\w./-]{0,255}?)[:@][\w:.-]{1,140}:? not found\b"
)
_CACHED = r"\bpull[- ]?through[- ]?cache\w*"


def not_cached_yet(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield what a first pull through the cache needs, if ECR lacks the image and the text mentions a cache rule.

    Amazon ECR User Guide, "IAM permissions required to sync an upstream registry with an Amazon ECR private registry"
    (https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html).
    """
    found = _PULLED.search(failure.text) or _PULLED_BY_NAME.search(failure.text)
    if found is None:
        return
    rule = affirmed(failure.text, _CACHED) or quoted(failure.text, CACHED_IMAGE)
    if not rule:
        return
    name = found["name"]
    yield FirstLook(
        "Allow whoever pulls (the node's role, or the task execution role) to perform ecr:BatchImportUpstreamImage "
        f"and ecr:CreateRepository on arn:aws:ecr:{found['region']}:{found['account']}:repository/{name}, or grant "
        "them in the registry's policy. The first pull of an image through the cache imports the image and creates "
        "the repository. Without these actions ECR answers 404, and AmazonEC2ContainerRegistryReadOnly has neither. "
        "Images that are already cached need neither. If both are allowed, check that upstream has this tag.",
        contains(" ".join(found[0].split())[-96:], rule),
        reading("ecr", "describe-pull-through-cache-rules", region=found["region"]),
        Who.ACCOUNT_ADMIN,
    )


def repository_missing(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the cause if a push went to a repository that does not exist.

    Amazon ECR User Guide, "Pushing a Docker image to an Amazon ECR private repository": the repository must exist, or a
    repository creation template must apply
    (https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-push-ecr-image.html).
    """
    found = _MISSING.search(failure.text)
    if found is None:
        return
    yield FirstLook(
        f"The repository {found['name']} does not exist in account {found['account']}, {found['region']}: ECR answers "
        f"404 to the push. Create it (aws ecr create-repository --repository-name {found['name']} --region "
        f"{found['region']}), or correct the name: the path is part of the name. A missing permission is not the "
        "cause. ECR creates a repository at a push only where a creation template applies.",
        contains(" ".join(found[0].split())[:96]),
        reading("ecr", "describe-repositories", ("registry-id", found["account"]), region=found["region"]),
        Who.CALLER,
    )


_PUSHED = regex(
    r"\bpush refers to (?:a )?repository \[?"
    rf"(?P<account>\d{{12}})\.dkr[.-]ecr[\w-]*\.(?P<region>{REGION_NAME})\.[\w.]*/"
    r"(?P<name>[a-z0-9][\w./-]{0,255}?)(?=[\]:\s])(?P<after>[\s\S]{0,4000})"
)
_STUCK = regex(r"\bRetrying in \d+ seconds?\b|\bEOF\b|\btoo many requests\b")
_SAYS_WHY = regex(r"\b(?:denied|not authorized|no basic auth|40[134]|does not exist|expired)\b", re.IGNORECASE)


def push_that_retries(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the causes if docker repeats each layer's push to ECR and ends with EOF, without ECR's own answer.

    Amazon ECR User Guide, "Pushing a Docker image to an Amazon ECR private repository"
    (https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-push-ecr-image.html).
    """
    found = _PUSHED.search(failure.text)
    if found is None or _SAYS_WHY.search(found["after"]) or not (stuck := _STUCK.search(found["after"])):
        return
    name, region = found["name"], found["region"]
    listed = printed_values(failure.text, "repositoryName") or _listed(failure.text)
    missing = bool(listed) and name not in listed
    if missing:
        cause = (
            f"The repository {name} is not in the list in the text, and docker repeats a push to a missing repository. "
        )
    else:
        cause = (
            f"Most likely the repository {name} does not exist in {region}: docker repeats a push to a missing "
            "repository. "
        )
    yield FirstLook(
        f"{cause}Create it (aws ecr create-repository --repository-name {name} --region {region}), or correct the "
        "name.",
        contains(" ".join(found[0][: found.start("after") - found.start()].split())[:96], stuck[0]),
        reading("ecr", "describe-repositories", ("registry-id", found["account"]), region=region),
        Who.CALLER,
    )
    if not missing:
        yield FirstLook(
            "If the repository exists, the identity of the login lacks ecr:InitiateLayerUpload, ecr:UploadLayerPart, "
            "ecr:CompleteLayerUpload, ecr:PutImage or ecr:BatchCheckLayerAvailability on it, or a proxy breaks off "
            "the upload.",
            contains(stuck[0]),
            None,
            Who.ACCOUNT_ADMIN,
        )


_LIST = regex(r"\becr describe-repositories\b[^\n]*repositoryName[^\n]*\n(?P<names>[^\n]+(?:\n[^\n$#]+){0,50})")


def _listed(text: str) -> tuple[str, ...]:
    """Return the repositories that a query for their names printed."""
    found = _LIST.search(text)
    return tuple(found["names"].replace('"', " ").replace(",", " ").split()) if found else ()
