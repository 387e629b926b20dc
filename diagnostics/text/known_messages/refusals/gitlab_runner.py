"""Messages of GitLab Runner about its cache in S3."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

GITLAB_RUNNER: tuple[ServiceSentence, ...] = (
    row(
        "request failed with 403",
        r"received: 403 Forbidden[\s\S]{0,200}?Request failed with 403|Request failed with 403[^\n]{0,60}cache",
        "GitLab Runner's identity",
        "S3 refused the runner's cache",
        "S3 refused the runner's cache: the cache is uploaded to a URL that the runner signed, so the runner's keys "
        "or role need s3:PutObject (and s3:GetObject to read) on the cache's objects. The job's own credentials do "
        "not matter.",
        UsualCause(
            "Allow the identity of the runner manager (AuthenticationType iam: the instance's or pod's role; otherwise "
            "AccessKey and SecretKey) s3:PutObject and s3:GetObject on BUCKET/*, and with SSE-KMS the use of the key.",
            "aws sts get-caller-identity",
            needs=("s3:PutObject", "s3:GetObject"),
        ),
        UsualCause(
            "The URL is for another bucket or Region: compare BucketName and BucketLocation with the bucket.",
            who=Who.CALLER,
        ),
        page="https://docs.gitlab.com/runner/configuration/advanced-configuration/",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)
