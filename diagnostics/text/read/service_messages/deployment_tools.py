"""Sentences of tools and agents that deploy: the Serverless Framework, CodeArtifact's clients, CodeDeploy's agent."""

from __future__ import annotations

from diagnostics.text.read.service_messages.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_DOCS = "https://docs.aws.amazon.com"
_ARTIFACTS = f"{_DOCS}/codeartifact/latest/ug"

DEPLOYMENT_TOOLS: tuple[ServiceSentence, ...] = (
    # Serverless Framework, "State": what version 4 keeps outside the stack, in us-east-1 whatever the service's Region.
    row(
        "/serverless-framework/state/s3-bucket",
        r"Access denied when [^\n]{0,60}?/serverless-framework/state/s3-bucket\b",
        "whoever runs the Serverless Framework",
        "the caller was refused the parameter of the state bucket, or that bucket",
        "The Serverless Framework (version 4) was refused its parameter /serverless-framework/state/s3-bucket, which "
        "is in us-east-1 whatever the service's Region, or the bucket that it names.",
        UsualCause("Allow ssm:GetParameter on the parameter in us-east-1 (for the first use also ssm:PutParameter and "
                   "s3:CreateBucket). On the bucket that it names, allow s3:GetBucketVersioning, s3:GetObject and "
                   "s3:PutObject. CloudTrail in us-east-1 names the refused call.",
                   "aws ssm get-parameter --name /serverless-framework/state/s3-bucket --region us-east-1"),
        UsualCause("Or set an existing bucket with versioning in the setting state: then the parameter is not used.",
                   None, Who.CALLER),
        page="https://www.serverless.com/framework/docs/guides/state",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "/serverless-framework/deployment/s3-bucket",
        r"Access denied when [^\n]{0,60}?/serverless-framework/deployment/s3-bucket\b",
        "whoever runs the Serverless Framework",
        "the caller was refused the parameter of the deployment bucket",
        "The Serverless Framework (version 4) was refused its parameter /serverless-framework/deployment/s3-bucket, "
        "which names the deployment bucket of the Region. Even the command package reads it.",
        UsualCause("Allow ssm:GetParameter on the parameter, and for the first use in a Region also ssm:PutParameter "
                   "and s3:CreateBucket; or set an existing bucket in provider.deploymentBucket.",
                   "aws ssm get-parameter --name /serverless-framework/deployment/s3-bucket"),
        page="https://www.serverless.com/framework/docs/guides/deployment-bucket",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    # CodeArtifact User Guide, "Repository policies": a user of another account needs both policies.
    row(
        ".d.codeartifact.",
        r"(?:\A|\n)(?=(?:[^\n]*\n)?[^\n]*\b403\b)[^\n]*?https?://(?P<domain>[a-z][a-z0-9-]{0,48}[a-z0-9])-(?P<owner>\d{12})"
        r"\.d\.codeartifact\.(?P<region>[\w-]+)\.amazonaws\.com/\w+/(?P<repository>[\w.-]+)",
        "the identity that fetched the token",
        "the identity that fetched the token is not allowed to use the repository {repository}",
        "CodeArtifact refused the request to the repository {repository} of the domain {domain} (account {owner}): "
        "most likely the identity that fetched the token lacks codeartifact:ReadFromRepository on it.",
        UsualCause("Allow codeartifact:ReadFromRepository on the repository to the identity that ran aws "
                   "codeartifact login. If that identity does not belong to {owner}, the repository's policy must "
                   "allow its account, too. A login needs only the domain, so a successful login does not show that "
                   "the identity can read the repository.",
                   "aws codeartifact get-repository-permissions-policy --domain {domain} --domain-owner {owner} "
                   "--repository {repository} --region {region}"),
        UsualCause("To publish (PUT), allow codeartifact:PublishPackageVersion on the package, whose ARN begins with "
                   "arn:aws:codeartifact:{region}:{owner}:package/{domain}/{repository}/."),
        UsualCause("Or the token is old (12 hours at most): fetch a new one and try again.", None, Who.CALLER),
        page=f"{_ARTIFACTS}/repo-policies.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    # CodeDeploy User Guide, "Use CodeDeploy with Amazon Virtual Private Cloud", and the agent's issue 331.
    row(
        ("commandpoller: cannot reach instanceservice", "poll_host_command"),
        r"(?:CommandPoller: Cannot reach InstanceService|poll_host_command)[\s\S]{0,300}?AccessDenied",
        "the CodeDeploy agent",
        "CodeDeploy refused the agent of the instance",
        "CodeDeploy refused the agent: it must sign with the instance profile's role, and most likely it found other "
        "or old credentials. The deployment group's service role is not the cause.",
        UsualCause("Remove the keys of the user that runs the agent (root: /root/.aws, AWS_ variables): the agent uses "
                   "them instead of the instance profile's credentials. Then restart the agent: sudo systemctl restart "
                   "codedeploy-agent.", "sudo ls -l /root/.aws", Who.CALLER),
        UsualCause("Was the profile attached or replaced while the agent ran? Restart the agent.", None, Who.CALLER),
        UsualCause("If the agent uses a VPC endpoint (enable_auth_policy), the role needs "
                   "codedeploy-commands-secure:PollHostCommand, GetDeploymentSpecification, "
                   "PutHostCommandAcknowledgement and PutHostCommandComplete."),
        page=f"{_DOCS}/codedeploy/latest/userguide/vpc-endpoints.html",
    ),
)  # fmt: skip
