"""The manual's examples of a matrix job, an array job and a Distributed Map, run with a stand-in for the AWS CLI."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.organizations.generate import MEMBERS, document, generate, role

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "manual" / "organization.md"
PARTS = (1, 2, 3, 4)
ROLESCOPE = (
    f'#!/bin/sh\nexec "{sys.executable}" -c "import sys; from tui.cli import main; sys.exit(main(sys.argv[1:]))" "$@"\n'
)
AWS = """#!/bin/sh
# aws s3 cp [--recursive] FROM TO, with buckets below $STORE
shift 2
if [ "$1" = --recursive ]; then shift; fi
from=$(echo "$1" | sed "s,^s3://,$STORE/,"); to=$(echo "$2" | sed "s,^s3://,$STORE/,")
mkdir -p "$(dirname "$to")" && cp -r "$from" "$to"
"""


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


class Workplace:
    """A folder with ``org/``, where commands of the manual run."""

    def __init__(self, place: Path) -> None:
        self.place = place
        made = generate(0)
        everything = document({"Effect": "Allow", "Action": "*", "Resource": "*"})
        for account in MEMBERS:
            made.roles[account] = [role(account, "wide", document(), {"all": everything})]
        made.write(place / "org")
        for name, text in (("rolescope", ROLESCOPE), ("aws", AWS)):
            (place / "bin").mkdir(exist_ok=True)
            (place / "bin" / name).write_text(text)
            (place / "bin" / name).chmod(0o755)

    def run(self, command: str, **settings: str) -> str:
        path = f"{self.place / 'bin'}:{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "STORE": str(self.place / "s3"), **settings}
        done = subprocess.run(
            ["/bin/sh", "-ec", command], cwd=self.place, env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    return Workplace(tmp_path_factory.mktemp("jobs"))


@pytest.fixture(scope="module")
def whole(workplace: Workplace) -> str:
    return workplace.run("rolescope review --snapshot org/ --json")


def joined(workplace: Workplace, command: str, **settings: str) -> str:
    workplace.run(command, **settings)
    return (workplace.place / "review.json").read_text()


@pytest.fixture(scope="module")
def matrix(workplace: Workplace) -> dict[str, Any]:
    """The jobs of a matrix; what each of its four parts leaves is in ``part-1.json`` …"""
    (text,) = blocks("yaml")
    jobs: dict[str, Any] = yaml.safe_load(text)["jobs"]
    (review,) = commands_of(jobs["review"])
    assert jobs["review"]["strategy"]["matrix"]["part"] == list(PARTS)
    for part in PARTS:
        workplace.run(review.replace("${{ matrix.part }}", str(part)))
    return jobs


def commands_of(job: dict[str, Any]) -> list[str]:
    return [step["run"] for step in job["steps"] if "rolescope " in step.get("run", "")]


def beside(workplace: Workplace, bucket: str, made: int) -> None:
    """The other parts in the bucket, as the matrix left them; what the job made is the same as the matrix's."""
    stored = workplace.place / "s3" / bucket / "parts"
    [own] = stored.iterdir()
    assert own.read_text() == (workplace.place / f"part-{made}.json").read_text()
    for part in PARTS:
        if part != made:
            (stored / f"other-{part}.json").write_text((workplace.place / f"part-{part}.json").read_text())


def test_a_matrix_job(workplace: Workplace, whole: str, matrix: dict[str, Any]) -> None:
    uploaded = next(step["with"]["path"] for step in matrix["review"]["steps"] if "upload" in step.get("uses", ""))
    assert all((workplace.place / uploaded.replace("${{ matrix.part }}", str(part))).exists() for part in PARTS)
    (merge,) = commands_of(matrix["merge"])
    assert joined(workplace, merge) == whole


@pytest.mark.usefixtures("matrix")
def test_an_array_job(workplace: Workplace, whole: str) -> None:
    (job,) = (block for block in blocks("sh") if "AWS_BATCH_JOB_ARRAY_INDEX" in block)
    (merge,) = (block for block in blocks("sh") if "--recursive" in block)
    workplace.run(job, AWS_BATCH_JOB_ARRAY_INDEX="1", PARTS="4", BUCKET="batch")
    beside(workplace, "batch", 2)
    assert joined(workplace, merge, BUCKET="batch") == whole


@pytest.mark.usefixtures("matrix")
def test_a_distributed_map(workplace: Workplace, whole: str) -> None:
    (text,) = blocks("json")
    machine: dict[str, Any] = json.loads(text)["States"]["Parts"]
    (given,) = re.findall(r"The input of this state machine is `(\{.*?\})`", PAGE.read_text(encoding="utf-8"))
    overrides = machine["ItemProcessor"]["States"]["Review"]["Parameters"]["ContainerOverrides"]
    assert [each["Value.$"] for each in overrides["Environment"] if each["Name"] == "PART"] == ["$"]
    *shell, command = overrides["Command"]
    assert shell == ["sh", "-c"] and machine["ItemsPath"] == "$.parts"
    parts = json.loads(given)["parts"]
    assert parts == [f"{part}/4" for part in PARTS]
    workplace.run(command, PART=parts[2])
    beside(workplace, "BUCKET", 3)
    (merge,) = (block for block in blocks("sh") if "--recursive" in block)
    workplace.run("rm -rf parts")
    assert joined(workplace, merge, BUCKET="BUCKET") == whole


def test_a_part_that_failed_is_not_stored(workplace: Workplace) -> None:
    (job,) = (block for block in blocks("sh") if "AWS_BATCH_JOB_ARRAY_INDEX" in block)
    with pytest.raises(subprocess.CalledProcessError):
        workplace.run(job, AWS_BATCH_JOB_ARRAY_INDEX="3", PARTS="3", BUCKET="failed")
    assert not (workplace.place / "s3" / "failed").exists()
