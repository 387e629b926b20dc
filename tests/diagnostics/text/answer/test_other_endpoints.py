"""A store that is only compatible with S3 is named with the setting that makes the calls go there."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

DENIED = "An error occurred (AccessDenied) when calling the {} operation: Access Denied"


@pytest.mark.parametrize(
    ("text", "host", "setting"),
    [
        (
            DENIED.format("GetObject") + "\nboto3.client('s3', endpoint_url='https://fra1.digitaloceanspaces.com')",
            "fra1.digitaloceanspaces.com",
            "endpoint_url",
        ),
        (
            DENIED.format("ListObjectsV2") + "\nexport AWS_ENDPOINT_URL=https://minio.corp.example:9000",
            "minio.corp.example:9000",
            "AWS_ENDPOINT_URL",
        ),
    ],
)
def test_the_host_and_its_setting_are_named(text: str, host: str, setting: str) -> None:
    answer = collect_offline(read_text(text)[0])
    assert answer.verdict.summary.startswith(f"The call went to {host} ({setting}), not to Amazon S3")
    assert f"remove {setting}" in answer.fixes[0].change.text  # type: ignore[union-attr]
    assert ("mc admin" in answer.fixes[0].change.text) is ("minio" in host)  # type: ignore[union-attr]


def test_an_endpoint_of_aws_is_no_store() -> None:
    text = DENIED.format("PutObject") + "\nAWS_ENDPOINT_URL_S3=https://s3.eu-west-1.amazonaws.com"
    assert "not to Amazon S3" not in collect_offline(read_text(text)[0]).verdict.summary
