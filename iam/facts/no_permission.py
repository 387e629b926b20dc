"""Calls that need no permission, and names of API calls that are not IAM actions, each with its documentation page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Free:
    """A call that no policy needs to allow.

    ``sentence`` says so, ``stops`` says what decides instead or how to prevent the call, and ``page`` is AWS's page.
    """

    action: str
    sentence: str
    stops: str
    page: str


FREE = (
    Free(
        "sts:GetCallerIdentity",
        "sts:GetCallerIdentity needs no permission: it works for every valid key, even with an explicit Deny.",
        "A successful call proves only that the key works: to test a policy, make another call that the policy covers.",
        "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html",
    ),
    Free(
        "sts:GetSessionToken",
        "A user needs no permission for sts:GetSessionToken: removing it from a policy changes nothing.",
        "A session from this call can do only what the user may. To stop the user, deactivate the user's access keys "
        "or reduce the user's permissions.",
        "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html",
    ),
    Free(
        "sts:AssumeRoleWithWebIdentity",
        "sts:AssumeRoleWithWebIdentity is called without AWS credentials: no policy of a caller allows it.",
        "The role's trust policy decides, by the provider and by the token's aud and sub.",
        "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html",
    ),
    Free(
        "sts:AssumeRoleWithSAML",
        "sts:AssumeRoleWithSAML is called without AWS credentials: no policy of a caller allows it.",
        "The role's trust policy decides.",
        "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html",
    ),
)
PUBLIC_REGISTRY = (
    "Pulling from public.ecr.aws needs no permission: everyone may pull, without signing in. A higher rate limit needs "
    "a login: ecr-public:GetAuthorizationToken and sts:GetServiceBearerToken."
)
"""The sentence about pulling from the public ECR registry.

Amazon ECR Public User Guide, "Registry authentication in Amazon ECR public"
(https://docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html).
"""
