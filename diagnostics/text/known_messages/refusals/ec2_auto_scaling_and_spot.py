"""Messages of EC2 Auto Scaling and of EC2 Spot about launch templates, hooks and roles."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    ServiceSentence,
    UsualCause,
    assumed_by,
    lacking,
    row,
)
from diagnostics.who import Who

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

SPOT_AND_LAUNCH_TEMPLATES: tuple[ServiceSentence, ...] = (
    lacking(
        "service-linked role for ec2 spot instances",
        r"permission to create the service-linked role for EC2 Spot Instances",
        "the caller of the launch",
        ("iam:CreateServiceLinkedRole",),
        UsualCause(
            "The account has no AWSServiceRoleForEC2Spot yet: somebody with iam:CreateServiceLinkedRole has to "
            "create it once (aws iam create-service-linked-role --aws-service-name spot.amazonaws.com). After that, "
            "the launch needs no further permission.",
            "aws iam get-role --role-name AWSServiceRoleForEC2Spot",
        ),
        UsualCause(
            "If the launching role should create the service-linked role itself, allow that role "
            "iam:CreateServiceLinkedRole, preferably with the condition iam:AWSServiceName = "
            "spot.amazonaws.com."
        ),
        page="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/service-linked-roles-spot-instance-requests.html",
        on="to create AWSServiceRoleForEC2Spot",
    ),
    row(
        ("authorized to use launch template", "authorized to launch instances with"),
        r"not authorized to (?:use|launch instances with(?: this| the)?) launch template",
        "the caller of the launch",
        "the caller is not allowed to launch with the launch template",
        "The caller is not allowed to launch with this launch template: AWS checks the caller's own permissions for "
        "everything in the template, and something in it is not allowed.",
        UsualCause(
            "The caller may start instances, as the text shows: most likely it lacks iam:PassRole on the role "
            "of the template's instance profile (or ec2:CreateTags, if the template sets tags).",
            None,
            shown_by=r"\A(?![\s\S]*iam:(?:PassRole|\*))(?=[\s\S]*ec2:(?:RunInstances|\*))"
            r"[\s\S]*?(?:IamInstanceProfile|iam_instance_profile|\binstance profile\b)",
            decides="The caller may start instances, and the template has an instance profile: most likely the "
            "caller lacks iam:PassRole on the role of that profile.",
        ),
        UsualCause(
            "The caller lacks ec2:RunInstances on one of the resources of the template (image, subnet, security "
            "group, key pair, the template itself), ec2:CreateTags for its tags, or iam:PassRole on its "
            "instance profile's role.",
            "aws ec2 describe-launch-templates --query 'LaunchTemplates[].[LaunchTemplateName,DefaultVersionNumber]'",
        ),
        UsualCause(
            "The template, or an image or key that it names, was deleted or is in another Region or account.",
            "aws ec2 describe-launch-templates",
            Who.CALLER,
        ),
        page="https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html",
    ),
)
