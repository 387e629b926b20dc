"""Messages of Mimir, GitLab Runner, Logstash and Fluentd about their buckets."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_ONLY_OBJECTS = r"\A(?=[\s\S]*:s3:::[\w.*-]+/\*)(?![\s\S]*:s3:::[\w.*-]+[\"'\s,\]])"

MIMIR: tuple[ServiceSentence, ...] = (
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
)

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

LOGSTASH_AND_FLUENTD: tuple[ServiceSentence, ...] = (
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
)
