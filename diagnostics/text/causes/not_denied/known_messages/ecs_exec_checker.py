"""What the checker of ECS Exec prints about the task role."""

from __future__ import annotations

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains
from diagnostics.who import Who
from iam.lazy_pattern import regex

_TASK_ROLE = regex(
    r"Task Role Permissions[^\n]{0,20}?arn:[\w-]+:iam::\d{12}:role/(?:[^\s/]+/)*(?P<role>[\w+=,.@-]*[\w+=@-])[ \t]*"
    r"(?P<rows>(?:\n[ \t]*ssmmessages:\w+:[^\n]*)+)"
)
_RESULT = regex(r"ssmmessages:(?P<action>\w+):[ \t]*(?P<result>implicitDeny|explicitDeny)\b")


def of_the_exec_checker(text: str) -> FirstLook | None:
    """Return the cause if the checker prints that the task role lacks an action of Session Manager.

    Amazon ECS Developer Guide, "Task IAM role", permissions for ECS Exec
    (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html#ecs-exec-required-iam-permissions);
    the words of the checker (https://github.com/aws-containers/amazon-ecs-exec-checker).
    """
    if (found := _TASK_ROLE.search(text)) is None or not (lacks := list(_RESULT.finditer(found["rows"]))):
        return None
    four = len(lacks) == len(("CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"))
    missing = ", ".join(each["action"] for each in lacks)
    what = f"the four ssmmessages actions ({missing})" if four else f"ssmmessages:{missing}"
    denied = any(each["result"] == "explicitDeny" for each in lacks)
    first = "First find the Deny that the checker reports for the task role, then allow" if denied else "Allow"
    of = "it" if denied else f"the task role {found['role']}"
    return FirstLook(
        f"{first} {of} {what} on *, and start new tasks: the checker in the text prints {lacks[0]['result']} for the "
        f"role {found['role']}. The caller's own permissions are not the cause.",
        contains(" ".join(lacks[0][0].split())),
        None,
        Who.ACCOUNT_ADMIN,
    )
