"""Messages of mounts of EFS, by CodeBuild, the CSI driver and by hand: what the text decides."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from tests.support.texts.answers import answer_to


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


CSI = (
    'MountVolume.SetUp failed for volume "pvc-1": Mounting arguments: -t efs -o tls,iam fs-1 /var/lib/kubelet/pods/1/'
    "volumes/kubernetes.io~csi/pvc-1/mount\nmount.nfs4: access denied by server while mounting 127.0.0.1:/\n"
)


ALLOWS = '{{"Effect": "Allow", "Principal": {{"AWS": [{}]}}, "Action": "elasticfilesystem:ClientMount"}}'


ROLE = '"arn:aws:iam::111122223333:role/{}"'


@pytest.mark.parametrize(
    ("roles", "of_controller"),
    [
        (("efs-controller",), True),
        (("EFS_CSI_Controller_Role",), True),
        (("efs-controller", "efs-node"), False),
        (("workers",), False),
    ],
)
def test_the_csi_driver_mounts_with_the_role_of_its_node_pods(roles: tuple[str, ...], of_controller: bool) -> None:
    answer = answer_to(CSI + ALLOWS.format(", ".join(ROLE.format(each) for each in roles)))
    assert "service account efs-csi-node-sa" in answer
    assert ("the controller's role, but the EFS CSI driver mounts" in answer) is of_controller


def test_a_mount_by_hand_is_not_the_csi_drivers() -> None:
    assert "efs-csi-node-sa" not in answer_to("mount.nfs4: access denied by server while mounting 127.0.0.1:/ (iam)")
