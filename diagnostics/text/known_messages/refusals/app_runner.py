"""Messages of AWS App Runner about its access role."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, assumed_by, row

APP_RUNNER: tuple[ServiceSentence, ...] = (
    row(
        (
            "failed to pull your application image",
            "invalid access role in authenticationconfiguration",
            "image from ecr",
        ),
        r"Failed to pull your application image\. Be sure you configure your service with a valid access role"
        r"|Invalid Access Role in AuthenticationConfiguration"
        r"|Failed to copy the image from ECR(?: to App Runner)?[^\n]{0,80}?(?:Access Denied|denied|permission)",
        "App Runner, which pulls the image",
        "App Runner cannot pull the image with its access role",
        "App Runner pulls a private ECR image with the service's access role, not with the instance role: the access "
        "role is missing or incomplete.",
        UsualCause(
            "Give the service an access role that trusts build.apprunner.amazonaws.com and has "
            "AWSAppRunnerServicePolicyForECRAccess.",
            "aws apprunner list-services --query 'ServiceSummaryList[].ServiceArn'",
        ),
        page="https://docs.aws.amazon.com/apprunner/latest/dg/service-source-image.html",
        asks=assumed_by("build.apprunner.amazonaws.com"),
    ),
)
