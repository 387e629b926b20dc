"""The list of AWS's policies that comes with the program, and the command that makes it anew."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import boto3
import pytest
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends

from iam import aws_managed_policies
from iam.aws_managed_policies import refresh
from iam.demo.aws.aws_managed import load

BILLING = "arn:aws:iam::aws:policy/job-function/Billing"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def test_every_policy_of_the_list_can_be_evaluated() -> None:
    arns = aws_managed_policies.arns()
    assert len(arns) > 1500 and {BILLING, READ_ONLY} < set(arns)
    for arn in arns:
        policy = aws_managed_policies.find(arn)
        assert policy is not None and policy.arn == arn and policy.aws_managed
        assert arn == f"arn:aws:iam::aws:policy{policy.path}{policy.name}"
        assert policy.document is not None and policy.document.statements
        assert policy.default_version_id and policy.created and policy.updated


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_a_policy_of_another_partition_speaks_of_that_partition(partition: str) -> None:
    policy = aws_managed_policies.find(f"arn:{partition}:iam::aws:policy/AWSLambda_FullAccess")
    assert policy is not None and policy.document is not None and policy.arn.startswith(f"arn:{partition}:")
    assert set(re.findall(r"\barn:([\w-]+):", policy.document.stored)) <= {partition}


@pytest.mark.parametrize(
    "arn",
    [BILLING.replace("job-function/", ""), f"{READ_ONLY}s", READ_ONLY.replace("::aws:", "::111122223333:"), "", "*"],
)
def test_a_policy_that_the_list_does_not_have(arn: str) -> None:
    assert aws_managed_policies.find(arn) is None


def test_it_says_what_it_is_made_of() -> None:
    about = aws_managed_policies.provenance()
    assert about.source and re.fullmatch(r"\d{4}-\d\d-\d\d", about.taken) and about.newest <= about.taken


def test_it_needs_neither_moto_nor_boto3() -> None:
    look = (
        f"import sys; from iam.aws_managed_policies import find; assert find({BILLING!r})\n"
        "print([name for name in ('moto', 'boto3', 'botocore') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_made_anew_from_moto_it_is_the_same_every_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = tmp_path / "first.gz", tmp_path / "second.gz"
    assert refresh.main(["--moto"], first) == refresh.main(["--moto"], second) == 0
    assert first.read_bytes() == second.read_bytes() and "policies from moto 5" in capsys.readouterr().out


def test_made_anew_from_aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLEEXAMPLE00")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
    with mock_aws():
        load(iam_backends[DEFAULT_ACCOUNT_ID]["aws"], [BILLING, READ_ONLY])
        source, policies = refresh.from_aws(boto3.Session(region_name="us-east-1"))
    file = tmp_path / aws_managed_policies.FILE.name
    file.write_bytes(aws_managed_policies.packed(source, "2026-11-25", policies))
    before = [aws_managed_policies.find(arn) for arn in (BILLING, READ_ONLY)]
    monkeypatch.setattr(aws_managed_policies, "FILE", file)
    _forget()
    try:
        assert aws_managed_policies.arns() == (BILLING, READ_ONLY)
        assert [aws_managed_policies.find(arn) for arn in (BILLING, READ_ONLY)] == before
        assert aws_managed_policies.provenance().source == "AWS"
    finally:
        _forget()


def test_where_aws_cannot_be_read_the_list_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "list.gz"
    assert refresh.main(["--profile", "nobody"], file) == 3
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLEEXAMPLE00")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
    with mock_aws():
        backend = iam_backends[DEFAULT_ACCOUNT_ID]["aws"]
        load(backend, [BILLING, READ_ONLY])
        backend.managed_policies[BILLING].versions.clear()
        assert refresh.main([], file) == 3
    assert not file.exists() and capsys.readouterr().err.count("could not be read: ") == 2


def _forget() -> None:
    aws_managed_policies._list.cache_clear()
    aws_managed_policies.find.cache_clear()
