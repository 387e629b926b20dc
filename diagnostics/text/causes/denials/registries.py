"""Causes in a registry of images or packages: who pulls or pushes, and with which login.

Sources: Amazon ECR User Guide, "Private registry authentication"; CodeArtifact User Guide, "AWS CodeArtifact
authentication and tokens".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import (
    AN_ALLOW_HELPS,
    WHO_AM_I,
    contains,
    reading,
    speaks_of,
)
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who
from diagnostics.words import TASK_START
from iam.lazy_pattern import regex

_PULLING = (
    r"failed to pull|pulling image|CannotPull(?:ECR)?Container|ErrImagePull|ImagePullBackOff|kubelet[^\n]{0,200}ecr"
)
_OF_A_CLUSTER = (
    r"\bkube\w*|\bpods?\b|\bErrImagePull\b|\bImagePullBackOff\b|\beks\b|\brpc error\b|\bnodes?\b|CannotPull"
    r"|\becs\b|\bcontainerd\b|\bdeployment\b|\bhelm\b"
)
_OUTSIDE = r"\bk3s\b|\bminikube\b|\bmicrok8s\b|\bkind-control-plane\b|\bgke[-_]|\baks-|\bon[- ]prem\w*"
_OF_THE_HUB = regex(r"pull\s+access\s+denied\s+for\s+(?P<image>[a-z0-9][a-z0-9_-]*(?:/[a-z0-9._-]+)?)(?=[,:\s])")
_LOGGED_IN = r"\bLogin Succeeded\b"
_PUSHES = r"\bfailed to push\b|/blobs/uploads/|\b(?:POST|PUT|PATCH) request to \S*dkr"
_DOCKER = r"pull\s+access\s+denied|\.dkr[.-]ecr[^\x1e]{1,400}?403"
_OURS = regex(
    r"\b(?:CI|ours?|my|caller|runner|pipeline|build|deploy)\b[^\n.]{0,30}?\b(?:acct|account)\b\W{0,3}(?P<said>\d{12})\b"
    r"|arn:[\w-]+:(?:iam|sts):[\w-]*:(?P<arn>\d{12}):",
    re.IGNORECASE,
)


def _own_account(text: str, registry: str) -> str:
    """The caller's account in the text, if it is not the registry's; else ""."""
    own = {each["said"] or each["arn"] for each in _OURS.finditer(text)}
    return own.pop() if len(own) == 1 and registry not in own else ""


def _across(signs: Signs, registry: str) -> str:
    """Return what a pull from another account's registry needs, if commands in the text print the caller's account."""
    if signs.alone:
        return ""
    from diagnostics.text.read.identities.own_account import only_account  # few texts show it

    account = only_account(signs.denial.pasted or signs.denial.text)
    if not account or account == registry:
        return ""
    return (
        f" The registry belongs to account {registry}, and the text shows account {account}: if the image is pulled in "
        f"account {account}, the repository's policy must allow account {account} ecr:BatchGetImage and "
        "ecr:GetDownloadUrlForLayer, and the role needs them, too."
    )


# AWS Managed Policy Reference, AmazonEC2ContainerRegistryPullOnly
# (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEC2ContainerRegistryPullOnly.html).
_PULLS = regex(
    r"ecr:(?:batchgetimage|batchchecklayeravailability|batchimportupstreamimage|getdownloadurlforlayer"
    r"|getauthorizationtoken)$"
)


def private_registry(signs: Signs) -> Iterator[FirstLook]:
    if signs.action and not _PULLS.match(signs.action):
        return  # the text names an action that is not part of a pull
    host = re.search(r"(\d{12})\.dkr[.-]ecr[\w-]*\.([\w-]+)", signs.denial.text)
    read = reading("ecr", "describe-repositories", ("registry-id", host[1]), region=host[2]) if host else None
    pulling = "" if signs.session.startswith("AWSCodeBuild") else signs.quote(_PULLING)
    if pulling and not (signs.says(_OF_A_CLUSTER) or signs.says(TASK_START)):
        pulling = ""  # docker on a machine or a runner uses its own login
    if pulling and signs.says(_OUTSIDE):
        return  # its nodes have no role
    if pulling:
        needs = (
            ': the role that pulls needs ecr:GetAuthorizationToken on "*", ecr:BatchGetImage and '
            "ecr:GetDownloadUrlForLayer. Another account's repository must allow it in its policy, too"
        )
        puller = "task's execution role" if signs.says(TASK_START) else "node's role"
        if puller == "node's role" and signs.says(r"\bfargate\b"):
            # Amazon ECR User Guide, "Using Amazon ECR Images with Amazon EKS"
            # (https://docs.aws.amazon.com/AmazonECR/latest/userguide/ECR_on_EKS.html).
            puller = "Fargate profile's pod execution role"
        yield FirstLook(
            f"The image is pulled with the {puller}, not with the program's own role{needs if signs.action else ''}."
            f"{_across(signs, host[1]) if host else ''}",
            contains(pulling),
            signs.caller_read or read,
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
        return
    if not signs.says(_DOCKER) or signs.action == "ecr:getauthorizationtoken":  # the action is not on a repository
        return
    if (other := _OF_THE_HUB.search(signs.denial.text)) is not None and not signs.denial.principal:
        # Docker documentation, "docker image tag": without a host, the name is one of Docker Hub's
        # (https://docs.docker.com/reference/cli/docker/image/tag/).
        name = other["image"]
        yield FirstLook(
            f"The refused image {name} has no registry in its name, so docker looks for it on Docker Hub: ECR was not "
            f"asked. Write the complete name (ACCOUNT.dkr.ecr.REGION.amazonaws.com/{name}), or build or tag {name} "
            "on this machine first.",
            contains(" ".join(other[0].split())),
            None,
            Who.CALLER,
        )
        return
    if host and (own := _own_account(signs.denial.text, host[1])):
        needs = (
            "the actions of a push (ecr:BatchCheckLayerAvailability, ecr:InitiateLayerUpload, ecr:UploadLayerPart, "
            "ecr:CompleteLayerUpload, ecr:PutImage)"
            if signs.says(_PUSHES)
            else "ecr:BatchGetImage and ecr:GetDownloadUrlForLayer"
        )
        if signs.layer == "identity":
            yield FirstLook(
                f"Allow {needs} on this repository in the caller's own policies, which the text names. The "
                f"repository's policy, in account {host[1]}, must allow the caller, too; the policies of AWS's own "
                "registries do.",
                contains(host[1], own),
                signs.caller_read or read,
                Who.ACCOUNT_ADMIN,
                asserts=AN_ALLOW_HELPS,
            )
            return
        yield FirstLook(
            f"The registry belongs to account {host[1]}, and the caller to {own}: the repository's policy in account "
            f"{host[1]} must allow the caller {needs}. The caller's own policies must allow the same, but cannot "
            "replace the repository's policy.",
            contains(host[1], own),
            read,
            Who.RESOURCE_OWNER,
        )
    elif signs.says(BY_A_NODE):
        yield FirstLook(
            "The node pulls the image and signs in to ECR with its own role, so docker login has no effect. If the "
            "node's role can pull other images, check the registry's account ID: in some Regions, EKS's own images are "
            "in a different account (https://docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html).",
            speaks_of("the text is a node's answer", BY_A_NODE),
            read,
            Who.ACCOUNT_ADMIN,
        )
    # Where ECR names the caller, docker was logged in.
    elif not (signs.denial.principal or signs.says(_LOGGED_IN)):
        yield FirstLook(
            "Docker is not logged in to this registry, or the login is older than 12 hours (aws ecr "
            "get-login-password).",
            speaks_of("the text is the registry's answer to docker", _DOCKER),
            WHO_AM_I,
            Who.CALLER,
        )


BY_A_NODE = (
    r"\bkubelet\b|ErrImagePull|ImagePullBackOff|\b(?:node|pod|EKS)s?\b[\s\S]{0,1500}?failed to resolve reference"
)
"""Words that only the container runtime of a node prints."""
_OF_IMAGES = regex(
    r"ecr:(?:initiatelayerupload|uploadlayerpart|completelayerupload|putimage|batchchecklayeravailability|batchgetimage"
    r"|getdownloadurlforlayer)$"
)


def own_repository(signs: Signs) -> Iterator[FirstLook]:
    """Yield what to compare if ECR refuses a role or user in the repository's own account without giving a reason.

    Amazon ECR User Guide, "Private repository policies": within an account, identity-based policies are enough
    (https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html); "Using tag-based access control"
    (https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-supported-iam-actions-tagging.html).
    """
    if signs.denial.stated_reason or signs.layer or not _OF_IMAGES.match(signs.action):
        return
    caller, target = signs.caller, signs.target
    if caller is None or target is None or not caller.account or caller.account != target.account:
        return
    if not (signs.role or signs.user):
        return  # the root user has no policies
    who = f"role {signs.role}" if signs.role else f"user {signs.user}"
    yield FirstLook(
        "No reason was recognized in the text. The repository is in the caller's own account, so the policies of the "
        f"{who} are enough, and no repository policy is needed. Compare the Resource of the statement for images with "
        f"{target.resource}: its pattern must match the part before a slash, too. Then check its conditions: with "
        "aws:ResourceTag, a repository that lacks the tag or does not exist yet does not match.",
        signs.action_is,
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )


def package_token(signs: Signs) -> Iterator[FirstLook]:
    """Yield causes for a denied CodeArtifact token.

    CodeArtifact User Guide, "AWS CodeArtifact authentication and tokens"
    (https://docs.aws.amazon.com/codeartifact/latest/ug/tokens-authentication.html).
    """
    if signs.denial.action or signs.denial.principal or not (said := signs.quote(r"\bcodeartifact\b")):
        return
    yield FirstLook(
        "The CodeArtifact token may have expired, after 12 hours or with the session that requested it: fetch a new "
        "token (aws codeartifact login, or get-authorization-token), and try again.",
        contains(said),
        WHO_AM_I,
        Who.CALLER,
    )
    yield FirstLook(
        "Whoever fetched the token is not allowed to do this: reading needs codeartifact:ReadFromRepository, and "
        "publishing codeartifact:PublishPackageVersion on the package. Or the repository's policy does not allow the "
        "account.",
        contains(said),
        reading("codeartifact", "list-repositories", query="repositories[].[name,domainName,domainOwner]"),
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )
