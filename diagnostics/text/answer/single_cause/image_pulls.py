"""An image that cannot be pulled from ECR: another account's repository, or AWS's own bucket with its layers."""

from __future__ import annotations

import re

from diagnostics.claims.kinds import StatedFact
from diagnostics.diagnosis import Verdict
from diagnostics.failure import Denial
from diagnostics.fix import Fix, ShellCommand
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.text.read.author.stated_facts import Facts
from diagnostics.text.read.forms.http_refusals import prefix_of_buckets, refused_objects
from diagnostics.text.read.identities.own_account import own_accounts
from diagnostics.who import Who
from iam.claims import Ground, confidence
from iam.facts.aws_buckets import content_of, layers_of
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

_PULLS = regex(
    r"CannotPull(?:ECR)?Container|ErrImagePull|ImagePullBackOff|pull access denied|[Ff]ailed to (?:pull|resolve)"
)


# Amazon EKS User Guide, "Amazon EKS node IAM role": the kubelet pulls images with the node's role
# (https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html).
_OF_A_POD = regex(r"\bIRSA\b|\b[Pp]od[ _-]?[Ii]dentity\b|\b[Ss]ervice ?[Aa]ccount\b|\bpod(?:'s)? role\b|\bsa\b")


_PULLS_ITSELF = regex(r"\b(?:[Nn]ode|[Ee]xecution|[Ii]nstance|[Pp]ull)")


_FORBIDDEN = regex(r"\b403\b|denied|[Ff]orbidden")


def _line_of(words: str, text: str) -> str:
    """The line of the text that contains the words, or the words themselves."""
    return next((line for line in text.splitlines() if words in " ".join(line.split())), words)


_REFUSED_LAYER = regex(
    rf"\.dkr\.ecr(?:-fips)?\.(?P<region>{REGION_NAME})\.amazonaws\.com(?:\.cn)?"
    r"/v2/\S{1,200}?/blobs/\S{1,120}?:? 403\b"
)
"""A refused layer, which ECR's address redirects to S3."""


_S3_ENDPOINT = regex(r"\bs3\b[^\n]{0,30}\bendpoint|\bgateway endpoint|\bendpoint polic", re.IGNORECASE)


_ALLOWS_ALL = regex(r"[\"']?Resource[\"']?\s*[:=]\s*\[?\s*[\"']?\*")


def from_awss_bucket(denial: Denial, facts: Facts) -> Decision | None:
    """Return the decision that the network's S3 endpoint does not allow a bucket of AWS (`iam.facts.aws_buckets`).

    Return None if a policy in the text allows every resource.
    """
    text = denial.pasted or denial.text
    buckets = dict.fromkeys((bucket for bucket, _ in refused_objects(text)), "S3 refuses {}")
    if (layer := _REFUSED_LAYER.search(text)) and _S3_ENDPOINT.search(text):
        buckets.setdefault(layers_of(layer["region"]), "The refused layer is in {}")
    bucket, content = next(((each, content_of(each)) for each in buckets if content_of(each)), ("", ""))
    if not bucket or _ALLOWS_ALL.search(text):
        return None
    arn = f"{prefix_of_buckets(text)}{bucket}/*"
    return decide(
        "vpce.no-action",
        bucket,
        f"{buckets[bucket].format(bucket)}, AWS's own bucket with {content}: most likely the policy of the VPC's "
        "S3 endpoint does not allow this bucket. In that case, no role and no policy of a repository has to change.",
        f"Let the S3 endpoint's policy allow {bucket}",
        Who.RESOURCE_OWNER,
        "the policy of the VPC's S3 endpoint",
        f"Allow s3:GetObject on {arn} for every principal. See the policy with: aws ec2 describe-vpc-endpoints --query "
        "'VpcEndpoints[].[VpcEndpointId,ServiceName,PolicyDocument]'. If it allows the bucket, check for a proxy.",
    )


def registry_of_another(denial: Denial, facts: Facts) -> Decision | None:
    """Return the decision that a pull of an image from another account's repository lacks an Allow.

    The repository's policy and the puller's policies must both allow the pull: Amazon ECR User Guide, "Private
    repository policies" (https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html).
    """
    fact, may = facts.get(StatedFact.FOREIGN_REGISTRY), facts.get(StatedFact.MAY_PULL)
    if denial.principal or not (_PULLS.search(denial.text) and _FORBIDDEN.search(denial.text)):
        return None
    if (other := _account_not_allowed(denial)) is not None:
        return other
    if fact is None and may is None:
        return None
    if fact is None and may is not None:
        if (other := _of_the_job_role(may.words, denial.pasted or denial.text)) is not None:
            return other
        return Decision(
            Verdict(
                "unreadable",
                confidence(Ground.NOTHING),
                "ECR gives no reason. The text has a role with ECR's read actions: check whether this role pulls "
                "the image. In EKS, the node's role pulls (on Fargate, the pod execution role), never a pod's own "
                "role; in ECS, the execution role pulls. Then check the repository's policy, its Region, and the "
                "policy of a VPC endpoint.",
            ),
            Fix(
                "Find out which role pulled, and what the repository's policy says",
                Who.RESOURCE_OWNER,
                ShellCommand("the ECR repository", "aws ecr get-repository-policy --repository-name REPOSITORY"),
            ),
            f"“{may.words}”",
        )
    assert fact is not None
    whose = f"account {fact.name}" if fact.name else "another account"
    own = " The role that pulls the image also needs ECR's read actions."
    line = _line_of(may.words, denial.text) if may is not None else ""
    if _OF_A_POD.search(line):
        own = (
            " The pod's own role is not used here: the node's role pulls the image, and also needs ECR's read actions."
        )
    elif _PULLS_ITSELF.search(line):
        own = " According to the text, the role that pulls has ECR's read actions, so it needs no further permission."
    pulled = f", and it is pulled from account {fact.own}" if fact.own else ""
    none = _NO_POLICY.search(denial.text) is not None
    lacks = (
        "the text shows that it has no policy at all" if none else "most likely does not, or the image no longer exists"
    )
    verdict = Verdict(
        "resource.no-action",
        confidence(Ground.STATED if none else Ground.LIKENESS),
        f"The image is in the registry of {whose}{pulled}: the repository's policy must let your account pull the "
        f"image, and {lacks}.{own}",
    )
    title = f"Let the repository's policy allow {f'account {fact.own}' if fact.own else 'your account'} to pull"
    needs = "it must allow ecr:BatchGetImage and ecr:GetDownloadUrlForLayer"
    found = _IMAGE.search(denial.text)
    repository = found["repository"] if found is not None else "REPOSITORY"
    registry = f" --registry-id {fact.name}" if fact.name else ""
    verb, option = ("set", " --policy-text file://policy.json") if none else ("get", "")
    allowed = f"{needs} to Principal {fact.own or 'ACCOUNT'}" if none else needs
    command = (
        f"aws ecr {verb}-repository-policy{registry} --repository-name {repository}{option}  # in {whose}: {allowed}"
    )
    change = ShellCommand(f"the ECR repository in {whose}", command)
    words = f"“{may.words}”" if may is not None and not fact.own else fact.words
    return Decision(verdict, Fix(title, Who.RESOURCE_OWNER, change), words)


_PRINCIPALS = regex(
    r"[\"']?\bPrincipal[\"']?\s*:\s*\{[^{}]*?\bAWS\b[\"']?\s*:\s*(?P<who>\[[^\]]*\]|[\"'][^\"']+[\"'])\s*\}(?P<rest>[^{}]*)"
)
_ACCOUNT = regex(r"(?<!\d)\d{12}(?!\d)")
_PULLERS_ROLE = regex(
    r"\b(?:[Nn]odes?|[Ww]orkers?|[Ee]xecution|[Ii]nstance)\b[^\n]{0,60}?arn:[\w-]+:iam::(?P<account>\d{12}):role/"
)


def _account_not_allowed(denial: Denial) -> Decision | None:
    """Return the decision that the repository's policy in the text names other accounts than the puller's; else None.

    Amazon ECR User Guide, "Private repository policy examples"
    (https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html).
    """
    text = (denial.pasted or denial.text).replace('\\"', '"')  # policyText is JSON in a string
    image, allowed = _IMAGE.search(text), set()
    for found in _PRINCIPALS.finditer(text):
        if "ecr:" not in found["rest"] or "*" in found["who"]:
            return None
        allowed |= set(_ACCOUNT.findall(found["who"]))
    pullers = {each["account"] for each in _PULLERS_ROLE.finditer(text)} or own_accounts(text)
    registry = image[0][:12] if image is not None else ""
    pullers -= {registry}
    if image is None or not allowed or len(pullers) != 1 or pullers & allowed:
        return None
    puller, named = pullers.pop(), " and ".join(sorted(allowed))
    return decide(
        "resource.no-action",
        f"the repository's policy names account {named}, and the image is pulled from account {puller}",
        f"The repository's policy in the text lets account {named} pull, and the image is pulled from account "
        f"{puller}: name {puller} in it. The role's own permissions are not the cause.",
        f"Let the repository's policy allow account {puller} to pull",
        Who.RESOURCE_OWNER,
        f"the policy of {image['repository']} in account {registry}",
        f'Write "Principal": {{"AWS": "arn:aws:iam::{puller}:root"}} with ecr:BatchGetImage, '
        "ecr:GetDownloadUrlForLayer and ecr:BatchCheckLayerAvailability: aws ecr set-repository-policy --registry-id "
        f"{registry} --repository-name {image['repository']} --policy-text file://policy.json",
    )


_REPLICATES = regex(r"\breplicationStatuses\b|\bdescribe-image-replication-status\b|\bReplicateImage\b")
_DESTINATION = regex(r"\bregistryId[\"']?\s*[:=]\s*[\"']?(?P<account>\d{12})[^{}]*\bFAILED\b")


def replicated_from_another(denial: Denial) -> Decision | None:
    """Return the decision that the registry policy in the text names another account than the source's; else None.

    Amazon ECR User Guide, "Granting registry permissions for cross account replication"
    (https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions-create-replication.html).
    """
    text = denial.pasted or denial.text
    failed = {each["account"] for each in _DESTINATION.finditer(text)}
    if len(failed) != 1 or not _REPLICATES.search(text) or denial.action or denial.principal:
        return None
    policies = [each for each in _PRINCIPALS.finditer(text) if "ecr:ReplicateImage" in each["rest"]]
    allowed = {account for each in policies for account in _ACCOUNT.findall(each["who"])}
    others = set(_ACCOUNT.findall(text)) - failed - allowed
    if not allowed or len(others) != 1 or any("*" in each["who"] for each in policies):
        return None
    destination, source, named = failed.pop(), others.pop(), " and ".join(sorted(allowed))
    return decide(
        "resource.no-action",
        f"the registry policy names account {named}, and the images come from account {source}",
        f"The registry policy of account {destination} lets account {named} replicate, and the images come from "
        f"account {source}: name {source} in it, with ecr:ReplicateImage and ecr:CreateRepository.",
        f"Let the registry policy allow account {source} to replicate",
        Who.RESOURCE_OWNER,
        f"the registry policy of account {destination}",
        "aws ecr put-registry-policy --policy-text file://policy.json in the destination's account and Region, with "
        f'"Principal": {{"AWS": "arn:aws:iam::{source}:root"}}. Then push the image again to replicate it.',
    )


_ROLES = regex(
    r"\b(?:(?P<own>jobRoleArn|job_role(?:_arn)?|[Jj]ob role|taskRoleArn|task_role(?:_arn)?|[Tt]ask role)"
    r"|executionRoleArn|execution_role(?:_arn)?|[Ee]xecution role|[Nn]ode|[Ii]nstance)\b"
)
"""The role that a text names; ``own`` is the one of a job or task itself."""
_EXECUTION_ROLE = regex(
    r"\b(?:executionRoleArn|execution_role_arn)[\"']?\s*[:=]\s*[\"']?(?:arn:[\w-]+:iam::\d{12}:role/)?(?P<role>[\w+=,.@/-]+)"
)


def _of_the_job_role(words: str, text: str) -> Decision | None:
    """Return the decision that only the job's or task's own role has ECR's read actions, which pulls no image.

    Amazon ECS Developer Guide, "Amazon ECS task execution IAM role"
    (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html); AWS Batch User Guide,
    "IAM execution role" (https://docs.aws.amazon.com/batch/latest/userguide/execution-IAM-role.html).
    """
    place = re.search(r"\s+".join(map(re.escape, words.split())), text)
    before = text[max(0, place.start() - 200) : place.start()].rpartition("\n")[2] if place is not None else ""
    roles = list(_ROLES.finditer(before + words))
    if not roles or not roles[-1]["own"]:
        return None
    named = _EXECUTION_ROLE.search(text)
    role = f"the execution role {named['role'].rpartition('/')[2]}" if named is not None else "the execution role"
    return decide(
        "identity.no-action",
        words,
        f"Attach AmazonECSTaskExecutionRolePolicy to {role}, which pulls the image. The role with ECR's read "
        "actions is the role of the job or task itself, which does not pull the image.",
        f"Attach AmazonECSTaskExecutionRolePolicy to {role}",
        Who.ACCOUNT_ADMIN,
        role,
        "That policy has ecr:GetAuthorizationToken, ecr:BatchCheckLayerAvailability, ecr:GetDownloadUrlForLayer, "
        "ecr:BatchGetImage, logs:CreateLogStream and logs:PutLogEvents. If the role already has these actions, "
        "look at the repository's policy.",
    )


_NO_POLICY = regex(r"\bRepositoryPolicyNotFound(?:Exception)?\b|\bRepository policy does not exist\b")
"""Amazon ECR API Reference, "GetRepositoryPolicy", RepositoryPolicyNotFoundException
(https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetRepositoryPolicy.html)."""


_IMAGE = regex(r"\d{12}\.dkr[.-]ecr[\w-]*\.[\w.-]+/(?!v2/)(?P<repository>[a-z0-9][a-z0-9._/-]*[a-z0-9])(?=[:@\"'\s,)])")
