"""Settings of a program that fix its profile or its keys, beside the identity of the shell."""

from __future__ import annotations

import pytest

from diagnostics.text.read.identities.tool_settings import tool_setting
from tests.support.texts.answers import answer_to

SHELL = "$ aws sts get-caller-identity\narn:aws:sts::111122223333:assumed-role/data/eva"
REFUSED = "An error occurred (403) when calling the HeadObject operation: Forbidden"
DVC = "$ cat .dvc/config.local\n['remote \"lake\"']\n    profile = hobby"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"$ dvc pull\n{REFUSED}\n{DVC}\n{SHELL}", "DVC calls with the profile hobby"),
        (f"rclone: AccessDenied: Access Denied\n[c]\ntype = s3\naccess_key_id = AKIAOLD\n{SHELL}", "rclone calls with"),
        (f"sls deploy: AccessDenied\nprovider:\n  name: aws\n  profile: old\n{SHELL}", "Serverless calls with"),
        (
            f"$ terraform init\n{REFUSED}\n$ cat backend.hcl\nbucket  = 'state'\nkey = 'x'\nprofile = 'old'\n{SHELL}",
            "Terraform's backend calls with the profile old",
        ),
        # Near misses: the shell has that profile, the profile is in the environment, and nothing is set.
        (f"$ dvc pull\n{REFUSED}\n{DVC}\n$ aws sts get-caller-identity --profile hobby\n{SHELL[30:]}", ""),
        (f"$ AWS_PROFILE=data dvc pull\n{REFUSED}\n{DVC}\n{SHELL}", ""),
        (f"$ dvc pull\n{REFUSED}\n{SHELL}", ""),
    ],
)
def test_the_settings_of_the_program_come_before_the_shell(text: str, said: str) -> None:
    answer = answer_to(text)
    assert said in answer if said else "of its own settings" not in answer


def test_no_key_is_quoted() -> None:
    found = tool_setting("rclone copy\n[c]\ntype = s3\naccess_key_id = AKIAOLD\n")
    assert found is not None
    assert "AKIAOLD" not in found.words


DENIED = (
    "AccessDeniedException: User: {} is not authorized to perform: {} on resource: * because no identity-based policy "
    "allows the {} action"
)
VIEW = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_View_0123456789abcdef/eva"
BUILD = "arn:aws:iam::111122223333:user/build"
DECRYPT = DENIED.format(VIEW, "kms:Decrypt", "kms:Decrypt")
CREATE = DENIED.format(BUILD, "sqs:CreateQueue", "sqs:CreateQueue")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"$ export AWS_PROFILE=ops\n$ sops edit k.yaml\n{DECRYPT}\n    aws_profile: view", "the permission set View"),
        (f'$ AWS_PROFILE=ops sops -d k.json\n{DECRYPT}\n"aws_profile": "view"', "with the profile view"),
        (f"AWS_PROFILE=me\n$ pulumi up\n{CREATE}\n  aws:profile: build", "most likely made with the profile build"),
        # Near misses: the same profile, no profile in the shell, and the shell's identity made the call.
        (f"$ export AWS_PROFILE=view\n$ sops edit k.yaml\n{DECRYPT}\n    aws_profile: view", ""),
        (f"$ sops edit k.yaml\n{DECRYPT}\n    aws_profile: view", ""),
        (
            f"$ export AWS_PROFILE=o\n$ sops -d k\n{DECRYPT}\naws_profile: view\n$ aws sts get-caller-identity\n{VIEW}",
            "",
        ),
    ],
)
def test_the_profile_of_the_program_explains_who_called(text: str, said: str) -> None:
    answer = answer_to(text)
    assert said in answer if said else "takes precedence over AWS_PROFILE" not in answer


PUT = (
    "PS D:\\> {session}\nPS D:\\> .\\go.ps1\n{cmdlet} : "
    + DENIED.format(BUILD, "s3:PutObject", "s3:PutObject")
    + "\nPS D:\\> Get-Content .\\go.ps1 -TotalCount 9\n{default}\n{after}"
)
SESSION, TO_OPS = "Set-AWSCredential -ProfileName ops", "$PSDefaultParameterValues['{}:ProfileName'] = 'build'"
SHOWN = "PS D:\\> Get-STSCallerIdentity\n\nAccount      Arn   UserId\n-------      ---   ------\n111122223333 {} A:x"
OPS = "arn:aws:sts::111122223333:assumed-role/ops/eva"


@pytest.mark.parametrize(
    ("session", "cmdlet", "default", "after", "explained"),
    [
        (SESSION, "Write-S3Object", TO_OPS.format("*-S3*"), "", True),
        ("Set-AWSCredentials ops", "Copy-S3Object", TO_OPS.format("copy-s3object"), SHOWN.format(OPS), True),
        (
            "$env:AWS_PROFILE = 'ops'",
            "Write-S3Object",
            "$PSDefaultParameterValues.Add('*:ProfileName', 'build')",
            "",
            True,
        ),
        # Near misses: the default is for other cmdlets, names the session's profile, or the session is the caller.
        (SESSION, "Write-S3Object", TO_OPS.format("*-EC2*"), "", False),
        (SESSION.replace("ops", "build"), "Write-S3Object", TO_OPS.format("*-S3*"), "", False),
        (SESSION, "Write-S3Object", TO_OPS.format("*-S3*"), SHOWN.format(BUILD), False),
    ],
)
def test_a_default_of_powershell_explains_who_called(
    session: str, cmdlet: str, default: str, after: str, explained: bool
) -> None:
    answer = answer_to(PUT.format(session=session, cmdlet=cmdlet, default=default, after=after))
    assert ("most likely made with the profile build" in answer) is explained
