"""Calls that a program makes, and credentials that it uses, unless its settings say otherwise; each has its page."""

from __future__ import annotations

import re
from dataclasses import dataclass

from iam.lazy_pattern import regex


@dataclass(frozen=True, slots=True)
class ProgramSetting:
    """A setting of a program that decides a denial.

    ``marks`` recognize the program, and ``actions`` the refused action in lower case ("" if the text names none).
    ``signs`` must match the text, and ``unless`` must not: then the setting is made already, or another call failed.
    ``summary``, ``title`` and ``fix`` are the answer; ``{bucket}`` in them is the bucket. ``of_node``: the row is on
    credentials, and applies only to a call with an instance's role. ``in_policy``: the fix changes the caller's policy.
    """

    marks: re.Pattern[str]
    actions: re.Pattern[str]
    signs: re.Pattern[str]
    unless: re.Pattern[str]
    summary: str
    title: str
    fix: str
    page: str
    of_node: bool
    in_policy: bool


def _row(
    marks: str,
    actions: str,
    signs: str,
    unless: str,
    summary: str,
    title: str,
    fix: str,
    page: str,
    *,
    of_node: bool = False,
    in_policy: bool = False,
) -> ProgramSetting:
    of, called, said, other = (regex(each, re.IGNORECASE) for each in (marks, actions, signs, unless))
    return ProgramSetting(of, called, said, other, summary, title, fix, page, of_node, in_policy)


_ACL_NEEDED = (
    "To keep public objects instead, allow s3:PutObjectAcl on {arn}/*, enable ACLs in the bucket (Object Ownership), "
    "and turn off BlockPublicAcls."
)

PROGRAM_SETTINGS = (
    _row(
        r"\brclone\b",
        r"s3:createbucket$",
        r"",
        r"no[_-]check[_-]bucket[ \t]*[=:]?[ \t]*true|--s3-no-check-bucket\b|\brclone mkdir\b",
        "rclone checks or creates the bucket {bucket} before an upload. AWS refused this call; it did not refuse the "
        "upload. If the bucket exists, set no_check_bucket = true, and do not allow s3:CreateBucket.",
        "Set no_check_bucket = true",
        "Add no_check_bucket = true to the remote in rclone.conf, or call with --s3-no-check-bucket. rclone then needs "
        "s3:ListBucket on the bucket and s3:GetObject, s3:PutObject and s3:DeleteObject on {arn}/*.",
        "https://rclone.org/s3/#s3-permissions",
    ),
    _row(
        r"\bnext-?cloud\b|\bnc[_-]files\b|\bocc (?:files|config|app|user|maintenance)\b|Creation of bucket \\?\"",
        r"s3:createbucket$",
        r"Creation of bucket|\bnextcloud\b",
        r"verify_bucket_exists['\"]?\s*=>\s*false|\bs3:(?:\*|List\*|ListBucket\b)",
        "Nextcloud creates the bucket {bucket} only because it cannot see the bucket. If the bucket exists, allow "
        "s3:ListBucket on {arn}, but not s3:CreateBucket. If the bucket does not exist, create it.",
        "Allow s3:ListBucket on {arn}",
        'Add the statement {{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "{arn}"}}. Or set '
        "'verify_bucket_exists' => false in the arguments of objectstore (config.php). Also compare the region and the "
        "bucket's name there.",
        "https://docs.nextcloud.com/server/latest/admin_manual/configuration_files/primary_storage.html",
        in_policy=True,
    ),
    _row(
        r"\bmastodon\b|\bmedia_attachments?\b|Api::V[12]::MediaController",
        r"s3:putobject(?:acl)?$|$",
        r"AccessDenied|AccessControlListNotSupported|Access Denied",
        r"S3_PERMISSION\s*=|authorized to perform: s3:PutObject(?!Acl)",
        "Mastodon uploads with the ACL public-read unless S3_PERMISSION says otherwise: the upload needs "
        "s3:PutObjectAcl, and fails where the bucket blocks public ACLs. Set S3_PERMISSION=private, or allow the ACL.",
        "Set S3_PERMISSION=private, or allow the ACL",
        "With S3_PERMISSION=private in .env.production, serve the files through a proxy or CloudFront that may read "
        f"them. {_ACL_NEEDED}",
        "https://docs.joinmastodon.org/admin/optional/object-storage/",
    ),
    _row(
        r"\bkeda\b",
        r"(?:sqs|cloudwatch|kinesis|dynamodb|secretsmanager|aps):",
        r"\bpodIdentity:\s*\n?[ \t]*provider:[ "
        r"\t]*[\"']?aws\b|\bidentityOwner[\"']?\s*[:=]\s*[\"']?(?:operator|keda)\b",
        r"\bidentityOwner[\"']?\s*[:=]\s*[\"']?workload|\broleArn\b",
        "KEDA queries with its operator's role, as the TriggerAuthentication names no other identity: allow that role "
        "the action, or set identityOwner: workload to use the role of the workload's service account.",
        "Allow the operator's role the query, or set identityOwner: workload",
        "With podIdentity: {{provider: aws, identityOwner: workload}} the workload's role must also trust the "
        "operator: the operator's role needs sts:AssumeRole on the workload's role, whose trust policy must name the "
        "operator's role.",
        "https://keda.sh/docs/2.20/authentication-providers/aws",
    ),
    _row(
        r"\bprowler\b",
        r"s3:putobject$|$",
        r"(?:\s-B\s|--output-bucket[ =])(?=[\s\S]*(?:\s-R\s|--role[ =]))|(?:\s-R\s|--role[ "
        r"=])(?=[\s\S]*(?:\s-B\s|--output-bucket[ =]))",
        r"\s-D\s|--output-bucket-no-assume\b",
        "With -B prowler uploads its report with the role of -R, and not with the credentials that it started with: "
        "call with -D in place of -B, or allow that role s3:PutObject on {arn}/*.",
        "Call with -D (--output-bucket-no-assume) in place of -B",
        "-D {bucket} uploads with the first credentials, such as the instance's role. Otherwise allow the role of -R "
        "s3:PutObject on {arn}/*; SecurityAudit and ViewOnlyAccess allow no writes.",
        "https://docs.prowler.com/user-guide/providers/aws/s3",
    ),
    _row(
        r"\bpgbackrest\b",
        r"",
        r"s3-key-type[\"']?\s*[=:]\s*[\"']?auto\b",
        r"s3-key-type[\"']?\s*[=:]\s*[\"']?(?:web|pod)-id\b",
        "With repo-s3-key-type=auto, pgBackRest uses the instance's role, not the service account's role: set "
        "{key_type}. The node's role needs no permission for this.",
        "Set {key_type}",
        "In pgbackrest.conf (or the operator's global settings): {key_type}. web-id reads AWS_ROLE_ARN and "
        "AWS_WEB_IDENTITY_TOKEN_FILE (IRSA); pod-id is for EKS Pod Identity, in newer versions. Then run the stanza's "
        "command again.",
        "https://pgbackrest.org/configuration.html#section-repository/option-repo-s3-key-type",
        of_node=True,
    ),
)


def program_setting(action: str, text: str) -> ProgramSetting | None:
    """Return the first row whose program, action and signs the text has; None if there is none."""
    for row in PROGRAM_SETTINGS:
        shown = row.actions.match(action) and row.marks.search(text) and row.signs.search(text)
        if shown and not row.unless.search(text):
            return row
    return None
