"""Variables of Transfer Family have a value in a session policy, and none in a role's own policy."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

REFUSED = "sftp> ls\nCouldn't read directory: Permission denied\n\n"
POLICY = '{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::${transfer:HomeBucket}"}'


@pytest.mark.parametrize("heading", ["role sftp-users, inline policy:", "The policy of the role sftp: role policy:"])
def test_the_variables_in_a_roles_policy_are_the_cause(heading: str) -> None:
    answer = diagnosed(f"{REFUSED}{heading}\n{POLICY}")
    assert answer.verdict.cause == "identity.resource-mismatch"
    assert "which only a user's session policy can contain" in answer.verdict.summary


@pytest.mark.parametrize("heading", ["session policy of the user:", "aws transfer update-user --policy file://p.json:"])
def test_the_variables_in_a_session_policy_are_right(heading: str) -> None:
    assert "can contain" not in diagnosed(f"{REFUSED}{heading}\n{POLICY}").verdict.summary


ROLE = (
    "The role allows s3:ListBucket on arn:aws:s3:::fin-drop, s3:PutObject and s3:GetObject on arn:aws:s3:::fin-drop/*"
)
MAPPED = 'AWS Transfer Family user: "HomeDirectoryType": "LOGICAL", "HomeDirectoryMappings": '


@pytest.mark.parametrize(
    ("mapping", "meant"),
    [
        ('[{"Entry": "/", "Target": "/in/${transfer:UserName}"}]', "/fin-drop/in/${transfer:UserName}"),
        ('"[{\\"Entry\\": \\"/\\", \\"Target\\": \\"/users/bo\\"}]"', "/fin-drop/users/bo"),
        ('[{Entry: "/", Target: "/"}]', "/fin-drop"),
        ('[{"Entry": "/", "Target": "/fin-dorp/users/bo"}]', "/fin-drop/users/bo"),
        ('[{"Entry": "/", "Target": "/fin-drop/users/bo"}]', ""),
        ('[{"Entry": "/", "Target": "/${transfer:HomeBucket}/bo"}]', ""),
        ('[{"Entry": "/", "Target": "/fs-0123456789abcdef0/bo"}]', ""),
        ('[{"Entry": "/a", "Target": "/fin-drop/a"}, {"Entry": "/b", "Target": "/other/b"}]', ""),
    ],
)
def test_the_target_of_a_logical_directory_begins_with_the_bucket(mapping: str, meant: str) -> None:
    answer = diagnosed(f"{REFUSED}{MAPPED}{mapping}\n{ROLE}")
    assert ("Begin the Target of the logical directory with the bucket" in answer.verdict.summary) is bool(meant)
    assert f"most likely {meant}:" in answer.verdict.summary if meant else True


def test_a_path_of_a_user_without_logical_directories_is_no_target() -> None:
    answer = diagnosed(f"{REFUSED}AWS Transfer Family. Target: /users/bo\n{ROLE}")
    assert "Begin the Target" not in answer.verdict.summary


OWN = '{{"Effect":"Allow","Action":[{}],"Resource":"arn:aws:s3:::${{transfer:HomeBucket}}/in/*"}}'
GET = '"s3:GetObject"'
BOTH = f'{GET},"s3:PutObject"'


@pytest.mark.parametrize("heading", ["session policy of user ann:", "scope-down policy (user bo):"])
def test_listing_needs_the_bucket_in_the_session_policy(heading: str) -> None:
    answer = diagnosed(f"{REFUSED}{heading}\n{OWN.format(BOTH)}")
    assert answer.verdict.cause == "session.no-action"
    change = str(answer.fixes[0].change)
    assert "s3:ListBucket on arn:aws:s3:::${transfer:HomeBucket} with a condition" in change
    assert "HomeDirectory" not in change


def test_an_object_action_needs_the_objects_of_the_home_directory() -> None:
    refused = 'AWS Transfer Family\nsftp> put a.csv\nremote open("/fin-drop/bo/a.csv"): Permission denied\n\n'
    answer = diagnosed(f"{refused}session policy of user bo:\n{OWN.format(GET)}")
    assert "s3:PutObject on arn:aws:s3:::${transfer:HomeDirectory}*" in str(answer.fixes[0].change)
