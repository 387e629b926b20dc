"""Messages of VM Import/Export."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row

VM_IMPORT: tuple[ServiceSentence, ...] = (
    # VM Import/Export User Guide, "Required permissions"; IAM User Guide, "Grant a user permissions to pass a role".
    row(
        "or does not have sufficient permissions",
        r"service role (?P<role>[\w+=,.@-]+) (?:provided )?does not exist or does not have sufficient permissions",
        "the service, or whoever called it",
        "the service could not use the role {role}",
        "The service could not use the role {role} and does not say why: the caller may lack iam:PassRole, or the role "
        "may not trust the service, lack permissions, or not exist in this account.",
        UsualCause("The role was never used, so check this first: its trust policy must let the service assume it, and "
                   "the caller needs iam:PassRole on it.", "aws iam get-role --role-name ROLE --query Role",
                   shown_by=r"\bnever (?:been )?used\b|\bno activity\b|RoleLastUsed\W{1,4}\{\s*\}",
                   needs_evidence=True),
        UsualCause("For VM Import the trust policy must let vmie.amazonaws.com perform sts:AssumeRole with "
                   "sts:ExternalId = vmimport, and the caller needs iam:PassRole on the role. For an import the role "
                   "needs s3:GetBucketLocation, s3:GetObject and s3:ListBucket on the bucket, and ec2:CopySnapshot, "
                   "ec2:ModifySnapshotAttribute, ec2:RegisterImage and ec2:Describe*.",
                   shown_by=r"\bImport(?:Image|Snapshot|Instance)\b|\bvmimport\b|\bvmie\b", needs_evidence=True),
        UsualCause("Allow the caller to perform iam:PassRole on the role, let the role's trust policy name the "
                   "service, and give the role the permissions that the service needs."),
        page="https://docs.aws.amazon.com/vm-import/latest/userguide/required-permissions.html",
    ),
)  # fmt: skip
