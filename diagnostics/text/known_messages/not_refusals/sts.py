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

SESSION_NAMES_AND_TOKENS: tuple[System, ...] = (
    # STS API Reference, "AssumeRole", RoleSessionName: 2 to 64 of these characters
    # (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
    made_system(
        "the session's name in the request",
        "Send 2 to 64 characters: letters a-z and A-Z, digits and _ + = , . @ -. Build the name from a run's number "
        "or ID, not "
        "from the name of a branch, a workflow or a person (GitHub: role-session-name; CLI: --role-session-name). "
        f"{NONE_MISSING}",
        r"at\s+'[Rr]oleSessionName'\s+failed\s+to\s+satisfy\s+constraint",
        "rolesessionname' failed to satisfy",
        verdict="STS does not accept the session's name: it is too short or too long, or has a character that is not "
        "allowed, such as a space, a slash or a colon.",
        title="Send a different role session name",
    ),
    # STS API Reference, "AssumeRoleWithWebIdentity", WebIdentityToken: at least 4 characters
    # (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html). GitLab's variables
    # CI_JOB_JWT… were removed in 17.0 for id_tokens (https://docs.gitlab.com/ci/secrets/id_token_authentication/).
    made_system(
        "the identity token in the request",
        "Find out why the variable is empty in this job (echo ${#TOKEN}). In GitLab, the job itself must declare "
        "id_tokens with this name, and CI_JOB_JWT no longer exists. In Bitbucket, the step needs oidc: true. In "
        f"GitHub, the job needs permissions: id-token: write. {NONE_MISSING}",
        r"at\s+'webIdentityToken'\s+failed\s+to\s+satisfy\s+constraint|argument\s+--web-identity-token:\s+expected\s+one",
        "webidentitytoken' failed to satisfy",
        "argument --web-identity-token",
        verdict="The identity token was not sent: the variable that should contain it is empty. No trust policy was "
        "evaluated.",
        title="Give the job its identity token",
    ),
)
