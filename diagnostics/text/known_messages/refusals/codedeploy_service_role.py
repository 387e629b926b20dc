"""Messages of AWS CodeDeploy about its service role."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from iam.claims import Ground

CODEDEPLOY_SERVICE_ROLE: tuple[ServiceSentence, ...] = (
    row(
        "give you permission to perform operations",
        r"role (?P<resource>arn:\S+) does not give you permission to perform operations in the following AWS service",
        "CodeDeploy's service role",
        "CodeDeploy's service role lacks permissions",
        "The deployment group's service role lacks permissions in the service that the text names; whoever starts the "
        "deployment does not need them.",
        UsualCause(
            "Add ec2:RunInstances, ec2:CreateTags and iam:PassRole (on the role of the instance profile) to the "
            "policies of the service role {name}: a group with a launch template needs them in addition to "
            "AWSCodeDeployRole.",
            "aws iam list-attached-role-policies --role-name {name}",
            shown_by=r"role/(?:\S+/)?(?P<name>[\w+=,.@-]+) does not give you[\s\S]*"
            r"(?:launch ?template|\blt-[0-9a-f]{8,17}\b)",
            decides="The Auto Scaling group has a launch template: {name} needs ec2:RunInstances, "
            "ec2:CreateTags and iam:PassRole in addition to AWSCodeDeployRole.",
        ),
        UsualCause(
            "The deployment group's service role lacks AWSCodeDeployRole (for ECS AWSCodeDeployRoleForECS, for "
            "Lambda AWSCodeDeployRoleForLambda). With launch templates, it also needs ec2:RunInstances, "
            "ec2:CreateTags and iam:PassRole.",
            "aws deploy list-applications",
        ),
        page="https://docs.aws.amazon.com/codedeploy/latest/userguide/getting-started-create-service-role.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)
