"""Messages of Amazon ECR."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, of_codes
from diagnostics.who import Who

_API = "https://docs.aws.amazon.com"
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
