"""Rows for session names, session tags and identity tokens of a request to AWS STS."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

SESSION_TAGS: tuple[System, ...] = (
    # re:Post, "How do I resolve the PackedPolicyTooLarge error" (https://repost.aws/knowledge-center/iam-role-aws-sts-error);
    # Amazon EKS API Reference, "PodIdentityAssociation": disableSessionTags, six tags by default
    # (https://docs.aws.amazon.com/eks/latest/APIReference/API_PodIdentityAssociation.html); the README of
    # configure-aws-credentials, "Session tagging" (https://github.com/aws-actions/configure-aws-credentials).
    made_system(
        "the size of the session tags",
        "Send fewer or shorter tags. GitHub's action configure-aws-credentials sends none with "
        "role-skip-session-tagging: true. A session of EKS Pod Identity passes on six tags (the association's "
        f"disableSessionTags turns them off). {NONE_MISSING}",
        r"Packed\s+size\s+of\s+session\s+tags\s+consumes\s+\d+%",
        "packed size of session tags",
        verdict="The session tags of this AssumeRole call are too large together: the tags that the call sends, and "
        "the tags that the caller's session passes on. Neither the trust policy nor a permission is the cause.",
        title="Send fewer session tags",
    ),
)
