"""Messages of Amazon ECR: the pull through cache, its secrets and keys, the public registry."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, of_codes, row
from diagnostics.text.read.messages.pull_through_cache import CACHED_IMAGE
from diagnostics.who import Who

_API = "https://docs.aws.amazon.com"
_CACHE = f"{_API}/AmazonECR/latest/userguide/error-pullthroughcache.html"
ECR_SECRETS: tuple[ServiceSentence, ...] = (
    of_codes(
        "UnableToAccessSecretException",
        "Amazon ECR, which reads the secret of the pull through cache",
        "ECR is not allowed to read the secret of the upstream registry",
        "Amazon ECR is not allowed to read the secret of the pull through cache rule.",
        "The secret's name must begin with ecr-pullthroughcache/. The secret must be in the registry's account and "
        "Region, and its own policy and KMS key must not deny ECR's service-linked role.",
        f"{_API}/AmazonECR/latest/APIReference/API_CreatePullThroughCacheRule.html",
        who=Who.RESOURCE_OWNER,
    ),
)  # fmt: skip

ECR_CACHE_AND_KEYS: tuple[ServiceSentence, ...] = (
    # Amazon ECR User Guide, "Troubleshooting pull through cache issues in Amazon ECR".
    *(
        row(
            signal,
            rf"{CACHED_IMAGE}[^\n]{{0,300}}?{said}"
            rf"|pull[ -]through[ -]cache[\s\S]{{0,600}}?{said}",
            "whoever pulls the image",
            reason,
            summary,
            UsualCause(f"Whoever pulls (on EKS the node's role, on ECS the execution role) needs {actions}, in its "
                       "policy or in the registry's permissions policy.", "aws ecr describe-pull-through-cache-rules"),
            UsualCause(other, "aws ecr describe-repositories --query 'repositories[].repositoryName'", Who.CALLER),
            page=_CACHE,
            actions=actions_of,
        )
        for signal, said, reason, summary, actions, actions_of, other in (
            ("name unknown: the repository with "
             "name", r"The repository with name '[^']+' does not exist in the registry",
             "the repository of the pull through cache does not exist yet",
             "ECR has no such repository yet. If the name begins with the prefix of a pull through cache rule, whoever "
             "pulls first lacks ecr:CreateRepository or ecr:BatchImportUpstreamImage.",
             "ecr:CreateRepository and ecr:BatchImportUpstreamImage", (),
             "There is no pull through cache rule with this prefix in this account and Region, or the URI is "
             "mistyped."),
            ("manifest unknown: requested image not found", r"manifest unknown: Requested image not found",
             "the image is not in the pull through cache",
             "The cache has no such image: it does not exist in the upstream registry, or whoever pulls lacks "
             "ecr:BatchImportUpstreamImage.",
             "ecr:BatchImportUpstreamImage", ("ecr:BatchImportUpstreamImage",),
             "Check that name and tag exist upstream."),
        )
    ),
    of_codes(
        "UnableToDecryptSecretValueException",
        "Amazon ECR, which decrypts the secret of the pull through cache",
        "the secret's KMS key does not let ECR decrypt it",
        "ECR is allowed to read the secret of the pull through cache rule, but not to decrypt it: the policy of the "
        "secret's KMS key does not allow ECR to use the key.",
        "Encrypt the secret with the AWS managed key aws/secretsmanager, or let the key policy allow ECR's "
        "service-linked role AWSServiceRoleForECRPullThroughCache to perform kms:Decrypt.",
        f"{_API}/AmazonECR/latest/APIReference/API_ValidatePullThroughCacheRule.html",
        who=Who.RESOURCE_OWNER,
        actions=("kms:Decrypt",),
    ),
    of_codes(
        "UnableToGetUpstreamImageException",
        "Amazon ECR, at the upstream registry",
        "the upstream registry did not give the image",
        "The upstream registry did not give ECR the image: usually the credentials in the rule's secret are wrong or "
        "expired.",
        "Check the secret of the rule (its name is ecr-pullthroughcache/…, with username and accessToken), and that "
        "the image exists upstream.",
        f"{_API}/AmazonECR/latest/APIReference/API_BatchGetImage.html",
        check="aws ecr describe-pull-through-cache-rules",
        who=Who.RESOURCE_OWNER,
        refuses=False,
    ),
    # Amazon ECR API Reference, "CreateRepository": KmsException; User Guide, "Encryption at rest".
    row(
        "kmsexception",
        r"\bKmsException\b(?=[\s\S]{0,200}?(?:\bCreateRepository\b|\brepository\b|\becr\b))"
        r"|\becr\b[\s\S]{0,200}?\bKmsException\b",
        "the caller, or ECR's grant on the key",
        "ECR cannot use the repository's KMS key",
        "ECR could not use the KMS key of the repository: the key is unusable, or its policy does not allow whoever "
        "makes the call.",
        UsualCause("Whoever creates the repository needs kms:CreateGrant, kms:RetireGrant and kms:DescribeKey on the "
                   "key; ECR then works with grants. The key must be symmetric, enabled, and in the repository's "
                   "Region.",
                   "aws kms describe-key --key-id KEY",
                   needs=("kms:CreateGrant", "kms:RetireGrant", "kms:DescribeKey")),
        UsualCause("If the repository already existed, somebody revoked ECR's grants, or disabled the key.",
                   "aws kms list-grants --key-id KEY", Who.RESOURCE_OWNER),
        page=f"{_API}/AmazonECR/latest/userguide/encryption-at-rest.html",
    ),
    of_codes(
        "BlockedByOrganizationPolicyException",
        "the organization",
        "an organization's policy manages this setting of ECR",
        "A policy of the organization (Amazon Inspector's or another) manages this setting of the registry: change "
        "the policy in the organization, not the setting in this account.",
        "Ask the organization's administrator, who sets this for the account from the management or delegated "
        "administrator account. No permission of the caller helps.",
        f"{_API}/AmazonECR/latest/APIReference/API_PutRegistryScanningConfiguration.html",
        who=Who.ORG_ADMIN,
        refuses=False,
    ),
    row(
        "docker push public.ecr.aws",
        r"docker push public\.ecr\.aws/\S+[\s\S]{0,600}?"
        r"(?:denied: (?!Your authorization token has expired)|403 Forbidden|no basic auth)"
        r"|denied: (?!Your authorization token has expired)[^\n]{0,200}[\s\S]{0,200}?docker push public\.ecr\.aws/",
        "whoever pushes to the public registry",
        "the push to public.ecr.aws was refused",
        "ECR Public rejected the push: log in to public.ecr.aws with a token from us-east-1, and allow the identity to "
        "push to the registry with your alias.",
        UsualCause("A login to a private registry is not valid for public.ecr.aws. Log in there: aws ecr-public "
                   "get-login-password --region us-east-1 | docker login --username AWS --password-stdin "
                   "public.ecr.aws. This command needs "
                   "ecr-public:GetAuthorizationToken and sts:GetServiceBearerToken.", None, Who.CALLER),
        UsualCause("Allow ecr-public:BatchCheckLayerAvailability, InitiateLayerUpload, UploadLayerPart, "
                   "CompleteLayerUpload and PutImage on the repository, and compare the alias in the image's name with "
                   "the registry's.",
                   "aws ecr-public describe-registries --region us-east-1",
                   needs=("ecr-public:BatchCheckLayerAvailability", "ecr-public:InitiateLayerUpload",
                          "ecr-public:UploadLayerPart", "ecr-public:CompleteLayerUpload", "ecr-public:PutImage")),
        page=f"{_API}/AmazonECR/latest/public/public-registry-auth.html",
    ),
)  # fmt: skip
