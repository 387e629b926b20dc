"""Messages of Amazon ECS."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who

_DOCS = "https://docs.aws.amazon.com"

ECS_TARGET_GROUPS: tuple[ServiceSentence, ...] = (
    # Amazon ECS Developer Guide, "Using service-linked roles for Amazon ECS".
    row(
        "validate the specified targetgrouparn",
        r"Unable to assume role and validate the specified targetGroupArn",
        "ECS, which assumes the service's role for the load balancer",
        "ECS cannot use the service's role to look at the target group",
        "ECS could not look at the target group with the service's role, which is neither the task role nor the "
        "execution role: leave the role out, so that ECS uses its service-linked role AWSServiceRoleForECS.",
        UsualCause("If the service names no role, the account lacks AWSServiceRoleForECS, or that role was created a "
                   "moment ago: aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com, then try "
                   "again.",
                   "aws iam get-role --role-name AWSServiceRoleForECS"),
        UsualCause("If the service names a role (role, iam_role), that role must trust ecs.amazonaws.com and have "
                   "AmazonEC2ContainerServiceRole, attached before the service is created. Also check that the target "
                   "group exists in this account and Region.",
                   None, Who.RESOURCE_OWNER),
        page=f"{_DOCS}/AmazonECS/latest/developerguide/using-service-linked-roles.html",
    ),
)  # fmt: skip
