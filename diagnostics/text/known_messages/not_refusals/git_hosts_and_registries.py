"""Rows for GitHub, GitLab, SSH, Git and container registries outside AWS."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

GITHUB_AND_SSH: tuple[System, ...] = (
    made_system(
        "GitHub",
        "Check the permissions of the workflow's token (permissions: in the workflow, and Settings, Actions, General), "
        "or of the app or token that was used.",
        r"Resource\s+not\s+accessible\s+by\s+(?:integration|personal\s+access\s+token)"
        r"|Permission\s+to\s+\S+\s+denied\s+to"
        r"|Must\s+have\s+admin\s+rights\s+to\s+Repository",
        "resource not accessible by integration",
        "resource not accessible by personal access token",
        "denied to",
        "must have admin rights",
    ),
    made_system(
        "SSH or Git",
        "Check the key or token that was offered, and who may use the repository or the host.",
        r"Permission\s+denied,?\s+\((?:publickey|password|keyboard)|fatal:\s+Authentication\s+failed"
        r"|Host\s+key\s+verification\s+failed|Could\s+not\s+read\s+from\s+remote\s+repository",
        "permission denied",
        "fatal: authentication failed",
        "host key verification failed",
        "could not read from remote repository",
    ),
)

GITLAB_AND_REGISTRIES: tuple[System, ...] = (
    # GitLab documentation, "Roles and permissions" (https://docs.gitlab.com/user/permissions/).
    made_system(
        "GitLab",
        "Check the token or deploy key, and the member's role in the project (GitLab, Manage, Members).",
        r"You\s+are\s+not\s+allowed\s+to\s+(?:push|force\s+push|download|upload)"
        r"|remote:\s+HTTP\s+Basic:\s+Access\s+denied",
        "you are not allowed to",
        "remote: http basic",
    ),
    made_system(
        "the container registry",
        "Log in to the registry (docker login), and check in the registry who may pull the image.",
        r"pull\s+access\s+denied\s+for|requested\s+access\s+to\s+the\s+resource\s+is\s+denied",
        "pull access denied for",
        "requested access to the resource is denied",
        unless=r"\.dkr[.-]ecr[\w-]*\.[\w.-]+|public\.ecr\.aws",
    ),
)
