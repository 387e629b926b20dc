"""Messages of Amazon EC2 Auto Scaling."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
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
