"""Stacks that deployment tools create for themselves, and how to do without them."""

from __future__ import annotations

from iam.lazy_pattern import regex

_STACKS = (
    # AWS SAM Developer Guide, "sam deploy": --resolve-s3, --s3-bucket
    # (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-cli-command-reference-sam-deploy.html).
    (
        regex(r"\bstack/aws-sam-cli-managed-default\b"),
        "SAM creates the stack aws-sam-cli-managed-default for its own bucket. Name an existing bucket instead "
        "(--s3-bucket BUCKET --no-resolve-s3, in samconfig.toml s3_bucket without resolve_s3), or let an administrator "
        "create the stack once.",
    ),
)


def stack_of_a_tool(resource: str) -> str:
    """Return what to do about a denied stack that a deployment tool creates for itself; "" for other resources."""
    return next((advice for stack, advice in _STACKS if stack.search(resource)), "")
