"""Messages of AWS Transfer Family."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    ServiceSentence,
    UsualCause,
    assumed_by,
    lacking,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_CONNECTOR = r"(?:\bconnector\b|\bc-[0-9a-f]{17}\b|aws/transfer)"
_UNREAD = r"(?:Access denied when retrieving|(?:Unable to|Cannot) retrieve) the secret\b"

TRANSFER_CONNECTORS: tuple[ServiceSentence, ...] = (
    row(
        ("access denied when retrieving the secret", "unable to retrieve the secret", "cannot retrieve the secret"),
        rf"{_CONNECTOR}[\s\S]{{0,2000}}?{_UNREAD}|{_UNREAD}(?=[\s\S]{{0,2000}}?{_CONNECTOR})",
        "the connector's access role",
        "the connector's role cannot read the secret",
        "Transfer Family reads the secret with the connector's access role, and that role is not allowed to read it: "
        "change that role, not the caller's policies.",
        UsualCause("The role must trust transfer.amazonaws.com, and needs secretsmanager:GetSecretValue on the secret "
                   "and kms:Decrypt on its key. Its S3 permissions are a separate matter.",
                   "aws transfer describe-connector --connector-id CONNECTOR --query Connector.AccessRole",
                   needs=("secretsmanager:GetSecretValue", "kms:Decrypt")),
        page="https://docs.aws.amazon.com/transfer/latest/userguide/configure-sftp-connector.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip

TRANSFER_USERS: tuple[ServiceSentence, ...] = (
    row(
        "operation=",
        r"\bMessage=\"?Access denied\"?[^\n]{0,80}?\bOperation=(?P<operation>[A-Z_]+)(?: Path=(?P<path>\S+))?",
        "the user's role",
        "S3 did not let the user's role perform {operation}",
        "S3 refused the role of the Transfer Family user ({operation}): its policies, the user's session policy or "
        "the bucket's KMS key do not allow the operation. The sign-in itself worked.",
        UsualCause("The bucket is encrypted with a KMS key: allow the role kms:Decrypt and kms:GenerateDataKey, in its "
                   "policies and in the key policy. AWS documents this cause for errors on "
                   "CLOSE.", None, Who.ACCOUNT_ADMIN,
                   shown_by=r"Operation=CLOSE"),
        UsualCause("Allow the role s3:ListBucket and s3:GetBucketLocation on the bucket, and s3:GetObject, "
                   "s3:PutObject and s3:DeleteObject on the path in the log. A session policy must allow these "
                   "actions, too, and the home directory must be in that bucket.",
                   "aws transfer describe-user --server-id SERVER --user-name USER",
                   needs=("s3:ListBucket", "s3:GetBucketLocation", "s3:GetObject", "s3:PutObject", "s3:DeleteObject")),
        page="https://docs.aws.amazon.com/transfer/latest/userguide/troubleshooting.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    lacking(
        "couldn't canonicalize: permission denied",
        r"Couldn't canonicalize: Permission denied",
        "the Transfer Family user's role",
        ("elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"),
        UsualCause("Allow the user's role to use the EFS file system (elasticfilesystem:ClientMount, and ClientWrite "
                   "to write), and check the POSIX user and group of the Transfer Family user against the folder's "
                   "owner.", "aws transfer describe-user --server-id SERVER --user-name USER"),
        page="https://docs.aws.amazon.com/transfer/latest/userguide/troubleshooting.html",
        on="on the EFS file system",
    ),
)  # fmt: skip

TRANSFER_PROVIDERS_AND_WORKFLOWS: tuple[ServiceSentence, ...] = (
    row(
        "unable to call identity provider",
        r"Unable to call identity provider: Unable to invoke (?P<function>arn:\S+?:function:[\w:-]+)?",
        "Transfer Family",
        "Transfer Family is not allowed to invoke the function of the identity provider",
        "Transfer Family could not invoke the Lambda function that is its identity provider: the function's resource "
        "policy must let transfer.amazonaws.com perform lambda:InvokeFunction.",
        UsualCause("Run aws lambda add-permission --principal transfer.amazonaws.com --action lambda:InvokeFunction "
                   "--source-arn SERVER-ARN. If the policy already has this statement, compare the server's ARN in it, "
                   "and look for an error or a timeout in the function's "
                   "log.", "aws lambda get-policy --function-name FUNCTION",
                   Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/transfer/latest/userguide/custom-lambda-idp.html",
    ),
    row(
        "steperrored",
        r"\bStepErrored\b[\s\S]{0,600}?(?:PERMISSION_DENIED|Access ?Denied)",
        "the workflow's execution role",
        "AWS refused the workflow's execution role",
        "A step of the Transfer Family workflow was refused: allow the workflow's execution role the actions of the "
        "step. The role of the user who uploads does not matter.",
        UsualCause("The execution role must trust transfer.amazonaws.com. COPY needs s3:GetObject on the upload and "
                   "s3:PutObject on the target, TAG s3:PutObjectTagging, DELETE s3:DeleteObject, a custom step "
                   "lambda:InvokeFunction; with a KMS key, the role also needs kms:Decrypt and kms:GenerateDataKey.",
                   "aws transfer describe-server --server-id SERVER --query Server.WorkflowDetails"),
        page="https://docs.aws.amazon.com/transfer/latest/userguide/workflow-execution-role.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip

TRANSFER_OPERATIONS_AND_ROLES: tuple[ServiceSentence, ...] = (
    # AWS Transfer Family User Guide, "Creating a session policy": the session may do what role and policy both allow.
    row(
        ("remote open(", "remote mkdir(", "remote readdir("),
        r"remote (?:open|mkdir|readdir)\([^\n]{0,300}Permission denied"
        r"(?=[\s\S]{0,2000}(?:Transfer Family|\baws transfer\b|scope-?down))"
        r"|(?:Transfer Family|\.server\.transfer\.)[\s\S]{0,2000}?remote (?:open|mkdir|readdir)\([^\n]{0,300}"
        r"Permission denied",
        "the user's role, as the user's session policy limits it",
        "Transfer Family refuses the operation to the user",
        "Transfer Family refused the operation: a user is allowed only what the user's role and session policy both "
        "allow.",
        UsualCause("The session policy in the text names ${transfer:UserName}, and gives no access in a home folder "
                   "with a different name. Write ${transfer:HomeDirectory}/* for objects, and ${transfer:HomeFolder}/* "
                   "as s3:prefix.", None, Who.RESOURCE_OWNER, shown_by=r"\$\{transfer:UserName\}", needs_evidence=True),
        # AWS Transfer Family User Guide, "Create an IAM role and policy", encrypted buckets
        # (https://docs.aws.amazon.com/transfer/latest/userguide/requirements-roles.html).
        UsualCause("Allow the user's role kms:Decrypt and kms:GenerateDataKey on the bucket's key, and let the key's "
                   "policy allow that role. Listing works without the key.", None, Who.RESOURCE_OWNER,
                   shown_by=r"\A(?![\s\S]*\bkms:(?:GenerateDataKey|\*))(?=[\s\S]*s3:PutObject)"
                   r"[\s\S]*(?:SSE-KMS|aws:kms\b|:kms:[\w-]+:\d{12}:key/)",
                   decides="The bucket is encrypted with a KMS key, and the policy in the text has no action of KMS: "
                   "most likely the user's role lacks kms:GenerateDataKey and kms:Decrypt on that key."),
        UsualCause("Compare the session policy's actions and paths with the call and the user's home folder. It is "
                   "not enough that the role allows the call.",
                   "aws transfer describe-user --server-id SERVER --user-name USER", Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/transfer/latest/userguide/users-policies-session.html",
    ),
    row(
        ("unable to assumerole", "unable to assume role"),
        r"(?:Transfer Family|\btransfer\b|\bSFTP\b|AUTH_FAILURE)[\s\S]{0,300}?Unable to AssumeRole"
        r"|Unable to AssumeRole(?=[\s\S]{0,300}(?:Transfer Family|\bSFTP\b|AUTH_FAILURE))",
        "AWS Transfer Family",
        "Transfer Family cannot assume the user's role",
        "Transfer Family cannot assume the role of the user who signs in: the role's trust policy must let "
        "transfer.amazonaws.com perform sts:AssumeRole.",
        UsualCause("Add transfer.amazonaws.com to the trust policy of the user's role. Conditions on aws:SourceArn or "
                   "aws:SourceAccount in that policy must name this server and account.",
                   "aws transfer list-servers --query 'Servers[].[ServerId,IdentityProviderType]'",
                   Who.RESOURCE_OWNER),
        page="https://repost.aws/knowledge-center/transfer-family-permission-errors",
        asks=assumed_by("transfer.amazonaws.com"),
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip
