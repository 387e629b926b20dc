"""Rows for AWS SAM."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

SAM: tuple[System, ...] = (
    # AWS SAM, "Troubleshooting AWS SAM CLI"
    # (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-cli-troubleshooting.html).
    documented(
        "SAM's question about the API",
        "SAM asked whether a function's API may have no authorization, and the answer was no: define Auth for the API, "
        "or answer y. Nothing was deployed.",
        "In the template, set Auth with a DefaultAuthorizer, or Auth of the event. SAM asks this with sam deploy "
        "--guided and confirm_changeset.",
        "Security Constraints Not Satisfied!",
        title="Define Auth for the API, or confirm",
    ),
    documented(
        "the Region of the bucket for artifacts",
        "The bucket for the deployment's artifacts is in a different Region from the stack: use a bucket in the "
        "stack's Region (--s3-bucket, or --resolve-s3).",
        "Correct s3_bucket or region in samconfig.toml; sam deploy --guided creates a bucket in the right Region.",
        "deployment s3 bucket is in a different region, try sam deploy --guided",
        title="Use a bucket in the stack's Region",
    ),
)
