"""A resource of the text is compared with the one of its kind that a condition names."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

POINT = "arn:aws:elasticfilesystem:eu-west-2:111122223333:access-point"
POLICY = (
    '{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/render"},'
    '"Action":"elasticfilesystem:ClientMount","Resource":"*",'
    f'"Condition":{{"StringEquals":{{"elasticfilesystem:AccessPointArn":"{POINT}/fsap-0b1d9c22aa71e4f06"}}}}}}]}}'
)
MOUNT = (
    "mount -t efs -o tls,iam,accesspoint={} fs-04c7e5519a2b8d3ce:/ /mnt\n"
    "mount.nfs4: access denied by server while mounting\n"
)
CALLER = "arn:aws:sts::111122223333:assumed-role/render/i-0e7718b3d0c94a52f\n"


def said(mount: str, more: str = "") -> str:
    return collect_offline(read_text(f"{mount}{CALLER}{more}file system policy:\n{POLICY}")[0]).verdict.summary


@pytest.mark.parametrize("point", ["fsap-0b1d9c22aa71e4f60", "fsap-0f00aa11bb22cc33d"])
def test_another_access_point_than_the_condition_names_is_said(point: str) -> None:
    assert f"and it is {POINT}/{point}" in said(MOUNT.format(point))


@pytest.mark.parametrize(
    ("point", "more"),
    [
        ("fsap-0b1d9c22aa71e4f06", ""),
        ("fsap-0b1d9c22aa71e4f06", "the old one was fsap-0f00aa11bb22cc33d\n"),
        ("fsap-0b1d9c22aa71e4f06", "fsap-0f00aa11bb22cc33d works\n"),
    ],
)
def test_the_conditions_own_access_point_is_no_difference(point: str, more: str) -> None:
    assert "and it is" not in said(MOUNT.format(point), more)
