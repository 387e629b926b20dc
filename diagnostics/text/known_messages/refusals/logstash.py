"""Messages of Logstash about its bucket."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

LOGSTASH: tuple[ServiceSentence, ...] = (
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
)
