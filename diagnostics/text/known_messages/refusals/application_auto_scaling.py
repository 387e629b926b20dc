"""Messages of Application Auto Scaling."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, of_codes

_DOCS = "https://docs.aws.amazon.com"

APPLICATION_AUTO_SCALING: tuple[ServiceSentence, ...] = (
    of_codes(
        "FailedResourceAccessException",
        "Application Auto Scaling, with the role of the scalable target",
        "the role of the scalable target is not allowed to read the alarms",
        "Application Auto Scaling could not read the policy's alarms: the role of the scalable target lacks "
        "cloudwatch:DescribeAlarms.",
        "Use the service-linked role (leave out --role-arn), or allow the role cloudwatch:DescribeAlarms, "
        "cloudwatch:PutMetricAlarm and cloudwatch:DeleteAlarms.",
        f"{_DOCS}/autoscaling/application/APIReference/API_PutScalingPolicy.html",
        check="aws application-autoscaling describe-scalable-targets --service-namespace NAMESPACE --query "
        "'ScalableTargets[].RoleARN'",
        actions=("cloudwatch:DescribeAlarms",),
    ),
)  # fmt: skip
