"""Sentences of programs about a denied call that omit the call or the reason."""

from __future__ import annotations

from diagnostics.text.read.service_messages.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_ONLY_OBJECTS = r"\A(?=[\s\S]*:s3:::[\w.*-]+/\*)(?![\s\S]*:s3:::[\w.*-]+[\"'\s,\]])"
CLIENT_PROGRAMS: tuple[ServiceSentence, ...] = (
    row(
        "successfully send a request to object storage",
        r"\A(?![\s\S]*\baccess_key(?:_id)?\b)[\s\S]*?"
        r"unable to successfully send a request to object storage: Access Denied",
        "the identity of Mimir's pods",
        "S3 refused the object that Mimir asks for at its start",
        "S3 refused Mimir's check at its start: it asks for an object that does not exist, and without s3:ListBucket "
        "on the bucket, S3 answers 403 instead of 404. Check that Mimir's identity has s3:ListBucket on each bucket.",
        UsualCause(
            "Add s3:ListBucket on the buckets themselves (arn:aws:s3:::BUCKET): s3:* on BUCKET/* does not include "
            "it. On "
            "the objects Mimir needs s3:PutObject, s3:GetObject and s3:DeleteObject.",
            shown_by=_ONLY_OBJECTS,
            decides="The policy in the text names only objects (BUCKET/*): Mimir asks for an object that does not "
            "exist, and without s3:ListBucket on the bucket itself, S3 answers 403 instead of 404. Add the buckets' "
            "ARNs.",
        ),
        UsualCause(
            "Allow s3:ListBucket on each bucket (blocks, ruler, alertmanager), and s3:PutObject, s3:GetObject and "
            "s3:DeleteObject on its objects.",
            "aws s3api get-bucket-policy --bucket BUCKET --query Policy",
        ),
        UsualCause(
            "Or the pods use the wrong credentials: keys in the configuration come first, then the role of the "
            "service account. Each component has its own section for its bucket.",
            "aws sts get-caller-identity",
            Who.CALLER,
        ),
        page="https://grafana.com/docs/mimir/latest/configure/configure-object-storage-backend/",
        actions=("s3:ListBucket",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        ("failure using stage area", "failed to access remote file"),
        r"Failure using stage area\. Cause: \[(?:Access Denied|Forbidden)"
        r"|Failed to access remote file: access denied\. Please check your credentials",
        "the identity of Snowflake's stage",
        "S3 refused the role of the stage's storage integration, or the keys of the stage",
        "S3 refused the identity of the stage: the role of its storage integration (or its keys) lacks an S3 action, "
        "or "
        "its policy does not cover this path. Snowflake could assume the role, so its trust policy is not the cause.",
        UsualCause(
            "The policy in the text limits s3:prefix or a folder: compare it with the path of the stage. Listing needs "
            "s3:ListBucket for that prefix, reading needs s3:GetObject and s3:GetObjectVersion on BUCKET/PREFIX/*.",
            who=Who.ACCOUNT_ADMIN,
            shown_by=r"\bs3:prefix\b",
            needs_evidence=True,
        ),
        UsualCause(
            "Allow the role s3:ListBucket and s3:GetBucketLocation on the bucket, s3:GetObject and s3:GetObjectVersion "
            "on its objects (to unload also s3:PutObject and s3:DeleteObject), and kms:Decrypt (kms:GenerateDataKey) "
            "if "
            "a customer managed key encrypts them. DESC INTEGRATION and DESC STAGE show the role and the path.",
            "aws s3api get-bucket-policy --bucket BUCKET --query Policy",
        ),
        UsualCause(
            "Otherwise a Deny in the bucket's policy refuses the call, for example a Deny of all but certain networks "
            "or VPC endpoints. Snowflake calls from its own VPC.",
        ),
        page="https://docs.snowflake.com/en/user-guide/data-load-s3-config-storage-integration",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
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
    row(
        "self-assuming",
        r"role with ARN (?P<role>arn:[^\s\"']+?) is non self-assuming|(?:is|are) not self-assuming"
        r"|\bnon[- ]self[- ]assuming",
        "Databricks",
        "the role of the storage credential does not trust itself",
        "The role's trust policy must also trust the role itself: add the role's own ARN as a principal for "
        "sts:AssumeRole, in addition to Databricks' role and the external ID.",
        UsualCause(
            "Also allow the role to perform sts:AssumeRole on itself in its own policy. The permissions on S3 are "
            "checked only after this.",
            "aws iam get-role --role-name ROLE --query Role.AssumeRolePolicyDocument",
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.databricks.com/aws/en/connect/unity-catalog/cloud-storage/storage-credentials",
        cause="trust.principal-mismatch",
        ground=Ground.STATED,
    ),
    row(
        ("failed to check bucket and directory", "check bucket failed"),
        r"Failed to check bucket and directory for mount point ?: ?(?:Invalid Credentials)?\(host=[^\n]{0,200}?"
        r"message=[^\n]{0,40}?Access ?Denied|Check bucket failed, S3 response: [\s\S]{0,120}<Code>AccessDenied",
        "the keys or the role of s3fs",
        "S3 refused the listing with which s3fs checks the bucket",
        "S3 refused the listing with which s3fs checks the bucket: its keys or role need s3:ListBucket on the bucket, "
        "in addition to s3:GetObject and s3:PutObject on the objects.",
        UsualCause(
            "Allow the identity that mounts the bucket to perform s3:ListBucket on arn:aws:s3:::BUCKET (not on "
            "BUCKET/*). That identity is the keys in passwd_file, the profile, or the instance's role. If the policy "
            "limits s3:prefix, mount that folder (BUCKET:/FOLDER).",
            "aws s3api list-objects-v2 --bucket BUCKET --max-items 1",
            needs=("s3:ListBucket", "s3:GetObject", "s3:PutObject"),
        ),
        UsualCause(
            "s3fs uses a different identity from the intended one: started by fstab or sudo, it runs as root and "
            "reads root's files.",
            who=Who.CALLER,
        ),
        page="https://github.com/s3fs-fuse/s3fs-fuse/blob/master/README.md",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        ("failed to copy: accessdenied", "failed to copy: operation error s3", "failed to prepare upload"),
        r"\A(?=[\s\S]*\brclone\b)[\s\S]*?Failed to copy: (?:failed to prepare upload: )?"
        r"(?:operation error S3: CreateBucket\b[^\n]{0,300})?AccessDenied: Access Denied",
        "rclone's keys or role",
        "S3 refused a call that rclone itself makes before or during an upload",
        "S3 refused rclone, most likely s3:CreateBucket: before an upload, rclone makes sure that the bucket exists. "
        "If the bucket exists, set no_check_bucket = true.",
        UsualCause(
            "With no_check_bucket = true in the remote (--s3-no-check-bucket), rclone does not make that call. "
            "Without this setting, the policy needs s3:CreateBucket on the bucket.",
            who=Who.CALLER,
        ),
        UsualCause(
            "The policy lacks another action that rclone needs: s3:ListBucket on the bucket, s3:GetObject, "
            "s3:PutObject, s3:PutObjectAcl and s3:DeleteObject on the objects. rclone -vv --dump headers shows the "
            "call that is refused.",
            needs=("s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:DeleteObject"),
        ),
        page="https://rclone.org/s3/#s3-permissions",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
        unless=r"no_check_bucket[ \t]*=[ \t]*true|--s3-no-check-bucket\b",
    ),
    row(
        "logstash must have the privileges to write",
        r"Logstash must have the privileges to write to root bucket [`'\"]?(?P<bucket>[\w.-]+\w)",
        "Logstash's keys or role",
        "Logstash is not allowed to write its test object to the bucket {bucket}",
        "Logstash is not allowed to write its test object to the root of the bucket {bucket}: allow s3:PutObject "
        "there, or set validate_credentials_on_root_bucket => false.",
        UsualCause(
            "At its start the s3 output writes and deletes an object at the bucket's root, whatever the output's "
            "prefix is. A policy that allows only a folder refuses this test: validate_credentials_on_root_bucket => "
            "false leaves the test out.",
            who=Who.CALLER,
        ),
        UsualCause(
            "Otherwise allow the identity of the output (access_key_id, role_arn, or the instance's role) to perform "
            "s3:PutObject and s3:DeleteObject on arn:aws:s3:::{bucket}/*.",
            "aws s3api get-bucket-policy --bucket {bucket}",
        ),
        page="https://www.elastic.co/docs/reference/logstash/plugins/plugins-outputs-s3",
        actions=("s3:PutObject",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "can't call s3 api. please check your credentials",
        r"can't call S3 API\. Please check your credentials or s3_region configuration\. error ?= ?[^\n]{0,40}"
        r"(?:Forbidden|AccessDenied)",
        "Fluentd's keys or role",
        "S3 refused the listing with which Fluentd checks the bucket at its start",
        "S3 refused the listing with which Fluentd checks the bucket at its start: its keys or role need s3:ListBucket "
        "on the bucket itself, or set check_apikey_on_start false. The keys were accepted.",
        UsualCause(
            "Allow s3:ListBucket on arn:aws:s3:::BUCKET (not on BUCKET/*) and s3:PutObject on its objects. "
            "check_apikey_on_start false and check_bucket false leave the checks out.",
            "aws s3api list-objects-v2 --bucket BUCKET --max-items 1",
        ),
        page="https://github.com/fluent/fluent-plugin-s3/blob/master/docs/output.md",
        actions=("s3:ListBucket",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "datadog is not authorized to perform",
        r"Datadog is not authorized to perform (?:the )?action sts:AssumeRole(?:[^\n]{0,40}?(?P<account>\d{12}))?",
        "Datadog, by the role's trust policy",
        "the integration's role in the account does not let Datadog assume it",
        "The integration's role does not let Datadog assume it: its trust policy must name Datadog's account with the "
        "integration's external ID, and the role's name must match the name in Datadog.",
        UsualCause(
            "Compare the role's name in Datadog's AWS integration with the role in the account that the message names "
            "(also for spaces), then the trust policy: Datadog's account as Principal, Action sts:AssumeRole, and "
            "sts:ExternalId as the integration shows it.",
            "aws iam get-role --role-name DatadogIntegrationRole --query Role.AssumeRolePolicyDocument",
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.datadoghq.com/integrations/faq/error-datadog-not-authorized-sts-assume-role",
        actions=("sts:AssumeRole",),
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
    ),
)
