"""Messages of AWS Batch about its service role, compute environments and Spot Fleet's role."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from iam.claims import Ground

BATCH_SERVICE_ROLE: tuple[ServiceSentence, ...] = (
    row(
        "service_role_permissions",
        r"MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS",
        "AWS Batch's service role",
        "AWS Batch's service role lacks permissions",
        "AWS Batch's service role lacks permissions, not the job's role or whoever submits the job.",
        UsualCause(
            "The compute environment has its own service role, with an old or narrow policy: use the "
            "service-linked role AWSServiceRoleForBatch, or allow that role the actions of AWSBatchServiceRole.",
            "aws batch describe-compute-environments --query "
            "'computeEnvironments[].[computeEnvironmentName,serviceRole,statusReason]'",
        ),
        page="https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)
