"""Messages of Amazon EC2 Auto Scaling."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, assumed_by, row
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"

AUTO_SCALING_ROLE: tuple[ServiceSentence, ...] = (
    row(
        "role for auto scaling could not be created",
        r"default Service-Linked Role for Auto Scaling could not be created",
        "whoever creates the Auto Scaling group",
        "the caller is not allowed to create Auto Scaling's service-linked role",
        "This account has no service-linked role for Auto Scaling yet, and the caller is not allowed to create it.",
        UsualCause("Somebody with iam:CreateServiceLinkedRole must create it once: aws iam create-service-linked-role "
                   "--aws-service-name autoscaling.amazonaws.com. No other permission was refused."),
        page=f"{_API}/autoscaling/ec2/userguide/autoscaling-service-linked-role.html",
        actions=("iam:CreateServiceLinkedRole",),
        cause="identity.no-action",
        ground=Ground.STATED,
    ),
)  # fmt: skip

AUTO_SCALING_LAUNCH_TEMPLATES: tuple[ServiceSentence, ...] = (
    row(
        "valid fully-formed launch template",
        r"must use a valid fully-formed launch template\.? You (?:are not|aren.t) authorized to perform this operation",
        "the caller, at what the launch template describes",
        "the caller is not allowed to launch what the template describes",
        "The template itself may be valid: the caller is not allowed to launch what it describes. Auto Scaling checks "
        "the caller's own ec2:RunInstances, ec2:CreateTags and iam:PassRole.",
        UsualCause("Allow the caller the action that the message names; if it is encoded, aws sts "
                   "decode-authorization-message --encoded-message … names it. In all, the caller needs "
                   "ec2:RunInstances on what the template names, often also iam:PassRole on its instance profile's "
                   "role, and ec2:CreateTags.",
                   "aws ec2 describe-launch-template-versions --launch-template-id TEMPLATE"),
        page=f"{_API}/autoscaling/ec2/userguide/ts-as-launch-template.html",
    ),
)  # fmt: skip

LIFECYCLE_HOOKS: tuple[ServiceSentence, ...] = (
    row(
        "unable to publish test message to notification target",
        r"Unable to publish test message to notification target (?P<target>arn:\S+?)?(?=[\s.,]|$)",
        "the role of the lifecycle hook",
        "Auto Scaling could not publish to the hook's target",
        "Auto Scaling could not publish a test message with the role of the lifecycle hook. The policies of whoever "
        "creates the hook are not the cause.",
        UsualCause(
            "The hook's role must trust autoscaling.amazonaws.com, and be allowed sqs:SendMessage or "
            "sns:Publish on the target (and its KMS key). A new role or target can take a few seconds to "
            "become usable. A FIFO queue cannot be a target.",
            "aws autoscaling describe-lifecycle-hooks --auto-scaling-group-name GROUP",
        ),
        page="https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutLifecycleHook.html",
        asks=assumed_by("autoscaling.amazonaws.com"),
    ),
)
