"""Images that Amazon ECR fetches with a pull through cache rule, recognized by the prefix of the repository."""

from __future__ import annotations

# The prefixes that the console proposes for the upstream registries: Amazon ECR User Guide, "Creating a pull through
# cache rule in Amazon ECR" (https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-rule.html).
CACHED_IMAGE = r"\.dkr\.ecr\.[\w.-]+/(?:ecr-public|quay|kubernetes|k8s|docker-hub|github|gitlab|azure|chainguard)/"
CACHED = rf"{CACHED_IMAGE}|[Pp]ull[ -]through[ -]cache"
"""Words that show that an image may come from the cache."""
