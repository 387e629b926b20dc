"""Messages of block and file storage: texts that only resemble them."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.read.messages.service_sentences import sentence_in


@pytest.mark.parametrize(
    "text",
    [
        "chown: changing ownership of '/data': Operation not permitted",
        "Block Public Access is enabled for this blog",
        "The service account provided by the cluster has no permission",
        "AWSServiceRoleForFSxS3Access_fs-0123456789abcdef0 was created",
        "Encrypted snapshots can be shared with EBS",
        "mount.nfs4: mounting '127.0.0.1:/' failed. permission denied",
        "CLIENT_ERROR: mounting '127.0.0.1:/' failed. no such device",
    ],
)
def test_what_only_resembles_a_message_is_not_read_as_one(text: str) -> None:
    assert sentence_in(text) is None


@pytest.mark.parametrize(
    ("line", "summary"),
    [
        ("CLIENT_ERROR: mounting '127.0.0.1:/' failed. permission denied", "CodeBuild mounts EFS without IAM"),
        ("Message: CLIENT_ERROR - mounting '127.0.0.1:/maven/m2' failed: permission denied", "CodeBuild mounts EFS"),
        ("CLIENT_ERROR: mounting '127.0.0.1:/' failed. connection reset by peer", "CodeBuild cannot reach the EFS"),
    ],
)
@pytest.mark.parametrize("note", ["", "\nthe build role has elasticfilesystem:* on it, ec2 mounts it fine\n"])
def test_a_mount_of_codebuild_that_fails_is_no_permission_of_its_role(line: str, summary: str, note: str) -> None:
    answer = collect_offline(read_text(f"Phase PROVISIONING\n{line}\n{note}")[0])
    assert answer.verdict.summary.startswith(summary)
    assert "owner and the mode" not in "".join(str(fix.change) for fix in answer.fixes)
