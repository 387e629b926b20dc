"""Nothing of an account's IDs, external IDs and names is left in what any command prints to be sent to others."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tui.cli import main
from tui.json_schemas import schema

OWN, OTHER = "123412341234", "432143214321"
EXTERNAL = "zxq-external-77"
POLICY = f"arn:aws:iam::{OWN}:policy/zxqpolicy"
ROLE = f"arn:aws:iam::{OWN}:role/zxqteam/zxq_deploy"


def _policy(action: str, resource: str) -> dict[str, object]:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "S1", "Effect": "Allow", "Action": action, "Resource": resource}],
    }


ACCOUNT = {
    "RoleDetailList": [
        {
            "RoleName": "zxq_deploy",
            "Arn": ROLE,
            "Path": "/zxqteam/",
            "RoleId": "AROAIOSFODNN7CANARY22",
            "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": f"arn:aws:iam::{OTHER}:role/zxqvendor"},
                        "Action": "sts:AssumeRole",
                        "Condition": {"StringEquals": {"sts:ExternalId": EXTERNAL}},
                    }
                ],
            },
            "RolePolicyList": [
                {
                    "PolicyName": "zxqinline",
                    "PolicyDocument": _policy("s3:GetObject", "arn:aws:s3:::zxq-bucket/zxqdir/*"),
                }
            ],
            "AttachedManagedPolicies": [
                {"PolicyName": "zxqpolicy", "PolicyArn": f"arn:aws:iam::{OWN}:policy/zxqpolicy"}
            ],
        },
    ],
    "UserDetailList": [
        {
            "UserName": "zxquser",
            "Arn": f"arn:aws:iam::{OWN}:user/zxquser",
            "Path": "/",
            "UserPolicyList": [{"PolicyName": "zxqall", "PolicyDocument": _policy("iam:*", "*")}],
        }
    ],
    "GroupDetailList": [],
    "Policies": [
        {
            "PolicyName": "zxqpolicy",
            "Arn": POLICY,
            "DefaultVersionId": "v1",
            "PolicyVersionList": [
                {
                    "VersionId": "v1",
                    "IsDefaultVersion": True,
                    "Document": _policy("dynamodb:*", f"arn:aws:dynamodb:eu-west-1:{OWN}:table/zxqtable"),
                }
            ],
        }
    ],
    "Rolescope": {"Version": 1, "Account": {"Id": OWN, "Alias": "zxq-prod"}},
}
DENIED = (
    f"User: arn:aws:sts::{OWN}:assumed-role/zxq_deploy/zxqsession is not authorized to perform: s3:PutObject on "
    "resource: arn:aws:s3:::zxq-bucket/zxqdir/zxqfile.csv because no identity-based policy allows the action"
)
ASSUMING = (
    f"User: arn:aws:sts::{OTHER}:assumed-role/zxqvendor/zxqsession is not authorized to perform: sts:AssumeRole on "
    f"resource: {ROLE}"
)
COMMANDS = (
    ("diagnose", DENIED),
    ("diagnose", "--markdown", DENIED),
    ("diagnose", "--json", DENIED),
    ("diagnose", "--markdown", ASSUMING),
    ("diagnose", "--json", ASSUMING),
    ("diagnose", "--offline", "--json", ASSUMING),
    *(("review", "--format", form) for form in ("text", "json", "markdown", "csv", "sarif", "svg", "dot", "mermaid")),
    *(("roles", "--format", form) for form in ("text", "json", "markdown", "csv")),
    ("role", "zxq_deploy"),
    ("role", "zxq_deploy", "--json"),
    ("who-can", "s3:GetObject", "arn:aws:s3:::zxq-bucket/zxqdir/a"),
    ("who-can", "dynamodb:*", "--json"),
    ("diff", "{other}", "{file}"),
    ("diff", "{other}", "{file}", "--json"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda each: " ".join(each)[:50])
def test_nothing_is_left(command: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, other = tmp_path / "account.json", tmp_path / "before.json"
    file.write_text(json.dumps(ACCOUNT))
    other.write_text(json.dumps({**ACCOUNT, "UserDetailList": [], "Policies": []}))
    words = [word.format(file=file, other=other) if word[0] == "{" else word for word in command]
    source = () if "--offline" in command or command[0] == "diff" else ("--snapshot", str(file))
    assert main([*source, *words, "--mask-names"]) in (0, 1)
    out, err = capsys.readouterr()
    assert out.strip()
    left = [word for word in (OWN, OTHER, "AROAIOSFODNN7", "zxq") if word in out]
    assert not left, "\n".join(line for line in out.splitlines() if any(word in line for word in left))
    assert "Masked: " in err
    if "json" in command or "--json" in command:
        jsonschema.validate(json.loads(out), schema(command[0]))
