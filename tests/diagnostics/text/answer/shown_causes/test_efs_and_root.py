"""Root that EFS treats as an ordinary user is named."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

MOUNTED = "$ sudo mount -t efs -o tls,iam fs-0123456789abcdef0:/ /mnt/efs\n"
NOT_WRITTEN = "touch: cannot touch '/mnt/efs/x': Permission denied\n"


@pytest.mark.parametrize(
    ("text", "squashed"),
    [
        (f"{MOUNTED}$ sudo touch /mnt/efs/x\n{NOT_WRITTEN}", True),
        (f"root@ip-10-0-0-5:~# mkdir /mnt/efs/a\nmkdir: cannot create directory: Permission denied\n{MOUNTED}", True),
        (f"{MOUNTED}$ touch /mnt/efs/x\n{NOT_WRITTEN}", False),
        (f"{MOUNTED}$ sudo touch /mnt/efs/x\n{NOT_WRITTEN}the policy has elasticfilesystem:ClientRootAccess", False),
        (f"$ sudo touch /mnt/nfs/x\n{NOT_WRITTEN.replace('efs', 'nfs')}", False),
    ],
)
def test_root_that_efs_treats_as_an_ordinary_user_is_named(text: str, squashed: bool) -> None:
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert ("EFS treats root as an ordinary user" in summary) is squashed
