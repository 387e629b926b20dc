"""Messages of the CloudWatch agent."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, lacking

_API = "https://docs.aws.amazon.com"
_WATCH = f"{_API}/AmazonCloudWatch/latest/monitoring"

CLOUDWATCH_AGENT: tuple[ServiceSentence, ...] = (
    lacking(
        "ec2tagger",
        r"ec2tagger[^\n]{0,80}?(?:describe|retrieve)[^\n]{0,80}?(?:tags|volumes)?[^\n]{0,80}?UnauthorizedOperation",
        "the role of the CloudWatch agent (the instance's, or the pod's)",
        ("ec2:DescribeTags",),
        UsualCause(
            "Allow that role to perform ec2:DescribeTags (and ec2:DescribeVolumes, if the agent adds volume "
            "IDs) on *. CloudWatchAgentServerPolicy has both. Or remove append_dimensions from the agent's "
            "configuration.",
            "aws sts get-caller-identity",
        ),
        page=f"{_WATCH}/create-iam-roles-for-cloudwatch-agent.html",
    ),
)
