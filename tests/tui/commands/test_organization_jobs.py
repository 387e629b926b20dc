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


def test_a_matrix_job(workplace: Workplace, whole: str) -> None:
    (text,) = blocks("yaml")
    jobs: dict[str, Any] = yaml.safe_load(text)["jobs"]
    steps = {name: [step["run"] for step in job["steps"] if "rolescope " in step.get("run", "")] for name, job in
             jobs.items()}  # fmt: skip
    (review,), (merge,) = steps["review"], steps["merge"]
    uploaded = next(step["with"]["path"] for step in jobs["review"]["steps"] if "upload" in step.get("uses", ""))
    for part in jobs["review"]["strategy"]["matrix"]["part"]:
        workplace.run(review.replace("${{ matrix.part }}", str(part)))
        assert (workplace.place / uploaded.replace("${{ matrix.part }}", str(part))).exists()
    assert joined(workplace, merge) == whole


def test_an_array_job(workplace: Workplace, whole: str) -> None:
    (job,) = (block for block in blocks("sh") if "AWS_BATCH_JOB_ARRAY_INDEX" in block)
    (merge,) = (block for block in blocks("sh") if "--recursive" in block)
    for index in range(3):
        workplace.run(job, AWS_BATCH_JOB_ARRAY_INDEX=str(index), PARTS="3", BUCKET="batch")
    assert joined(workplace, merge, BUCKET="batch") == whole


def test_a_distributed_map(workplace: Workplace, whole: str) -> None:
    (text,) = blocks("json")
    machine: dict[str, Any] = json.loads(text)["States"]["Parts"]
    (given,) = re.findall(r"Its input is `(\{.*?\})`", PAGE.read_text(encoding="utf-8"))
    overrides = machine["ItemProcessor"]["States"]["Review"]["Parameters"]["ContainerOverrides"]
    assert [each["Value.$"] for each in overrides["Environment"] if each["Name"] == "PART"] == ["$"]
    *shell, command = overrides["Command"]
    assert shell == ["sh", "-c"] and machine["ItemsPath"] == "$.parts"
    for part in json.loads(given)["parts"]:
        workplace.run(command, PART=part)
    (merge,) = (block for block in blocks("sh") if "--recursive" in block)
    workplace.run("rm -rf parts")
    assert joined(workplace, merge, BUCKET="BUCKET") == whole


def test_a_part_that_failed_is_not_stored(workplace: Workplace) -> None:
    (job,) = (block for block in blocks("sh") if "AWS_BATCH_JOB_ARRAY_INDEX" in block)
    with pytest.raises(subprocess.CalledProcessError):
        workplace.run(job, AWS_BATCH_JOB_ARRAY_INDEX="3", PARTS="3", BUCKET="failed")
    assert not (workplace.place / "s3" / "failed").exists()
