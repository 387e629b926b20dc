"""Messages of AWS CodeConnections."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, lacking

CODECONNECTIONS: tuple[ServiceSentence, ...] = (
    lacking(
        "unable to use connection",
        r"Unable to use Connection: (?P<resource>arn:\S+?)\.? The provided role does not have sufficient permissions",
        "the service role of the pipeline or build",
        ("codeconnections:UseConnection", "codestar-connections:UseConnection"),
        UsualCause("The service role lacks codeconnections:UseConnection on the connection (or "
            "codestar-connections:UseConnection: the prefix in the policy must be that of the connection's ARN). The "
            "person in the console does not need this permission.",
                   "aws codepipeline list-pipelines"),
        UsualCause("The policy allows the action for another connection, or under a condition on the repository "
            "(codeconnections:FullRepositoryId) that does not match.", "aws codeconnections list-connections"),
        page="https://docs.aws.amazon.com/dtconsole/latest/userguide/security-iam.html",
        on="on the connection",
    ),
    lacking(
        "not authorized to access connection",
        r"User is not authorized to access connection (?P<resource>arn:\S+[\w])",
        "the build project's service role",
        ("codeconnections:UseConnection", "codeconnections:GetConnection", "codeconnections:GetConnectionToken"),
        UsualCause("“User” is the build project's service role here: allow it to perform "
                   "codeconnections:GetConnection and codeconnections:GetConnectionToken (and UseConnection) on the "
                   "connection, with the prefix of the connection's ARN.", "aws codebuild list-projects"),
        page="https://docs.aws.amazon.com/codebuild/latest/userguide/connections-github-app.html",
        on="on the connection",
    ),
)  # fmt: skip
