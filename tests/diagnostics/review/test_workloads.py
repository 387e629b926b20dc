"""What runs with the roles in a review: a kind that was not read is a line in every output; read ones are silent."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from diagnostics.differences.whole import compare
from diagnostics.review.escalation.ways import RUNS_AS
from diagnostics.review.finding import Finding, Progress
from diagnostics.review.report.csv_table import to_csv
from diagnostics.review.report.json_document import to_json
from diagnostics.review.report.sarif import to_sarif
from diagnostics.review.report.text import to_markdown, to_text
from diagnostics.review.run import Review, concluded, review
from iam.facts.workloads import KINDS, WORKLOAD_KINDS
from iam.sources.reader.reading import Reading
from iam.sources.snapshot.capture import Capture
from iam.sources.snapshot.format import to_json as saved
from iam.sources.snapshot.reader import open_snapshot
from tests.support.accounts.questions import allow, opened, role, scps
from tests.support.accounts.review_cases import BOSS, boss
from tests.support.accounts.reviewing import names, reviewed, snapshot
from tests.support.accounts.running import REGION, add_workloads, workload, workload_arn

EC2 = {"Service": "ec2.amazonaws.com"}


def content(*roles: dict[str, Any]) -> dict[str, Any]:
    made = snapshot(list(roles), organization={**scps([allow("*")]), "ResourceControlPolicies": []})
    made["Rolescope"]["Bindings"] = []
    return made


def done(tmp_path: Path, made: dict[str, Any], **options: Any) -> tuple[Review, set[str]]:
    subject = reviewed(tmp_path, made)
    for name, value in options.items():
        setattr(subject, name, value)
    found = [one for one in review(subject, rules=["escalation"]) if isinstance(one, Finding)]
    return concluded(subject, found, rules=["escalation"]), names(found)


def test_a_kind_that_is_not_in_the_file_is_a_line_in_every_output(tmp_path: Path) -> None:
    made = content(role("a"))
    add_workloads(made)
    del made["Rolescope"]["Workloads"]["glue-job"]
    result, _ = done(tmp_path, made)
    line = "Glue jobs: The snapshot does not contain Glue jobs."
    assert [(one.what, one.rules) for one in result.unread] == [(line, ("escalation.path",))]
    for text in (to_text(result), to_markdown(result)):
        assert line in text and "escalation.path" in text
    assert to_json(result)["unread"] == [{"what": line, "rules": ["escalation.path"]}]
    assert to_sarif(result, "1", "f")["runs"][0]["properties"]["unread"] == [
        f"{line} Incomplete rules: escalation.path."
    ]
    *_, last = csv.DictReader(io.StringIO(to_csv(result)))
    assert (last["severity"], last["rule"], last["summary"]) == ("unread", "escalation.path", line)


def test_every_kind_is_named_where_none_was_read_and_none_where_all_were(tmp_path: Path) -> None:
    made = content(role("a"))
    unread = [one.what for one in done(tmp_path, made)[0].unread]
    assert len(unread) == len(WORKLOAD_KINDS) + 1 and unread[0].startswith("Regions: ")
    skipped = [one.what for one in done(tmp_path, made, skip_workloads=True)[0].unread]
    assert len(skipped) == len(WORKLOAD_KINDS) and all("as requested" in one for one in skipped)
    add_workloads(made)
    assert done(tmp_path, made)[0].unread == ()


def test_regions_that_were_not_read_are_named(tmp_path: Path) -> None:
    made = content(role("a"))
    add_workloads(made)
    made["Rolescope"]["WorkloadRegions"]["NotRead"] = ["eu-west-1", "eu-north-1"]
    (line,) = done(tmp_path, made)[0].unread
    assert "2 enabled Regions: eu-west-1 and eu-north-1" in line.what and "--every-region" not in line.what
    (same,) = done(tmp_path, made, every_region=True)[0].unread  # a file has what it has
    assert same == line


def test_of_a_live_account_all_regions_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = content(role("a"))
    add_workloads(made)
    made["Rolescope"]["WorkloadRegions"]["NotRead"] = ["eu-west-1"]
    asked = []
    for every_region in (False, True):
        subject = reviewed(tmp_path, made)
        subject.every_region = every_region
        monkeypatch.setattr(type(subject.reader), "kind", "aws")
        monkeypatch.setattr(subject.reader, "all_bindings", lambda regions: asked.append(regions) or Reading("", ()))
        list(subject.read_workloads())
        lines = [one.what for one in subject.unread({})]
        assert any("--every-region" in one for one in lines) is not every_region
    assert asked == [(REGION,), (REGION, "eu-west-1")]


@pytest.mark.parametrize("regions", [{}, {"Read": []}, None])
def test_no_region_is_no_knowledge_of_regions(tmp_path: Path, regions: Any) -> None:
    made = content(role("a"))
    add_workloads(made)
    made["Rolescope"]["WorkloadRegions"] = regions
    made["Rolescope"]["Workloads"]["codebuild-project"] = None
    lines = [one.what for one in done(tmp_path, made)[0].unread]
    assert len(lines) == 2 and lines[0].startswith("Regions: ") and lines[1].startswith("CodeBuild projects: ")


def test_a_path_that_only_one_side_can_show_is_not_new(tmp_path: Path) -> None:
    may = [allow("codebuild:StartBuild"), allow("s3:GetObject")]
    trusted = boss({"Service": "codebuild.amazonaws.com"})
    after = content(role("doer", may[0]), trusted)
    add_workloads(after, workload("codebuild-project", BOSS))
    unknown = content(role("doer", may[0]), trusted)
    add_workloads(unknown)
    del unknown["Rolescope"]["Workloads"]["codebuild-project"]
    fewer = content(role("doer", may[1]), trusted)
    add_workloads(fewer, workload("codebuild-project", BOSS))
    for number, (before, new) in enumerate(((unknown, 0), (fewer, 1))):
        folders = [tmp_path / f"{number}{side}" for side in "ab"]
        for each in folders:
            each.mkdir()
        found = compare(reviewed(folders[0], before), reviewed(folders[1], after))
        assert len([one for one in found.new if one.rule == "escalation.path"]) == new
        assert bool(found.unread) is not bool(new)


def test_reading_can_be_left_between_kinds(tmp_path: Path) -> None:
    subject = reviewed(tmp_path, content(role("a")))
    reading = subject.read_workloads()
    first = next(reading)
    assert isinstance(first, Progress) and first.of == len(WORKLOAD_KINDS)
    reading.close()


@pytest.mark.parametrize(
    ("kind", "actions", "traits", "is_path"),
    [
        ("codebuild-project", ["codebuild:StartBuildBatch"], ["batch builds"], True),
        ("codebuild-project", ["codebuild:StartBuildBatch"], [], False),
        ("ecs-task", ["ecs:ExecuteCommand"], ["execute command"], True),
        ("ecs-task", ["ecs:ExecuteCommand"], [], False),
        ("rolesanywhere-profile", ["rolesanywhere:CreateTrustAnchor"], ["enabled"], False),
        ("transfer-user", ["transfer:*"], [], False),
        ("eventbridge-rule", ["events:*"], [], False),
    ],
)
def test_what_a_way_asks_of_the_resource(
    tmp_path: Path, kind: str, actions: list[str], traits: list[str], is_path: bool
) -> None:
    service = RUNS_AS[kind].service if kind in RUNS_AS else "ec2.amazonaws.com"
    made = content(role("doer", allow(actions)), boss({"Service": service}))
    add_workloads(made, workload(kind, BOSS, traits=tuple(traits)))
    assert ("doer" in done(tmp_path, made)[1]) is is_path


def test_a_new_trust_anchor_is_let_in_unless_the_trust_names_another(tmp_path: Path) -> None:
    runs = RUNS_AS["rolesanywhere-profile"]
    anywhere = {"Service": runs.service}
    other = {
        "Condition": {"ArnEquals": {"aws:SourceArn": f"arn:aws:rolesanywhere:{REGION}:111122223333:trust-anchor/old"}}
    }
    for more, is_path in (({}, True), (other, False)):
        made = content(
            role("doer", allow("rolesanywhere:CreateTrustAnchor")), boss(anywhere, action=list(runs.trusted), **more)
        )
        add_workloads(made, workload("rolesanywhere-profile", BOSS))
        assert ("doer" in done(tmp_path, made)[1]) is is_path


def test_what_another_tool_wrote_is_left_out(tmp_path: Path) -> None:
    made = content(role("doer", allow("lambda:*")), boss(EC2))
    add_workloads(made)
    made["Rolescope"]["Bindings"] = [{"Service": "quantum", "Name": "q", "Use": "its role", "RoleArn": BOSS}]
    made["Rolescope"]["Workloads"] |= {"quantum-job": [{"Arn": "q"}], "cloudformation-stack": [{"Roles": [BOSS]}]}
    assert done(tmp_path, made)[1] == set()


def test_the_number_of_calls_is_said_before_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = content(role("a"))
    add_workloads(made)
    subject = reviewed(tmp_path, made)
    monkeypatch.setattr(type(subject.reader), "kind", "aws")
    first = next(subject.read_workloads())
    assert first.what == "what runs as the roles (33 lists in 1 Region, then each item)" and first.done == 0


def test_the_other_resource_is_not_this_one(tmp_path: Path) -> None:
    arn = workload_arn("cloudformation-stack").replace("prod", "dev")
    made = content(role("doer", allow("cloudformation:UpdateStack", arn)), boss(EC2))
    add_workloads(made, workload("cloudformation-stack", BOSS))
    assert done(tmp_path, made)[1] == set()


def test_a_kind_that_was_read_in_part_is_saved_with_what_is_missing(tmp_path: Path) -> None:
    made = content(boss(EC2))
    add_workloads(made, workload("ecs-task", BOSS))
    made["Rolescope"]["WorkloadGaps"] = {"ecs-task": "eu-west-1: AWS denied ecs:ListTasks."}
    del made["Rolescope"]["Workloads"]["glue-job"]
    capture = Capture(opened(tmp_path, made)[1], lambda _: None)
    contents = capture.run()
    assert contents.workloads is not None and "glue-job" not in contents.workloads
    assert len(contents.workloads["ecs-task"]) == 1 and "ListTasks" in contents.workload_gaps["ecs-task"]
    assert any(one.startswith("ECS tasks, in part: ") for one in capture.skipped)


def test_a_snapshot_is_written_as_it_was_read(tmp_path: Path) -> None:
    made = content(boss(EC2))
    add_workloads(made, *(workload(kind, BOSS) for kind in KINDS))
    made["Rolescope"]["WorkloadGaps"] = {"ecs-task": "eu-west-1: AWS denied ecs:ListTasks."}
    _, reader = opened(tmp_path, made)
    assert reader.workloads("ecs-task").value and "ListTasks" in reader.workloads("ecs-task").note
    path = tmp_path / "again.json"
    path.write_text(json.dumps(saved(reader.snapshot)), encoding="utf-8")
    again = open_snapshot(path)
    assert all(again.workloads(kind) == reader.workloads(kind) for kind in KINDS)
    assert again.workload_regions() == reader.workload_regions()
