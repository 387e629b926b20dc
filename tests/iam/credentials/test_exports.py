"""A session's credentials in the forms of shells and SDKs, and as a link: quoted, and in no other place."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from iam.credentials.console import ConsoleError, console_link, refuse_foreign
from iam.credentials.exports import Shell, credential_process, environment, export_lines, variables
from iam.credentials.role_session import RoleSession
from iam.credentials.subshell import shell_environment

END = datetime.now(UTC) + timedelta(minutes=120)
SECRET = "s'ecret\\$(x)`y`\"z"
SESSION = RoleSession(
    "arn:aws:iam::111122223333:role/path/ops",
    "arn:aws:sts::111122223333:assumed-role/ops/me",
    END,
    "ASIAX",
    SECRET,
    "tok",
)


def test_no_secret_in_a_representation() -> None:
    assert SECRET not in repr(SESSION) and "tok" not in repr(SESSION)


@pytest.mark.parametrize("shell", [Shell.SH, Shell.FISH])
def test_a_shell_reads_back_what_was_exported(shell: Shell) -> None:
    program = shutil.which("bash" if shell is Shell.SH else "fish")
    if program is None:
        pytest.skip(f"there is no {shell}")
    lines = export_lines(variables(SESSION, "eu-west-1", None), shell)
    script = lines + '\nprintf %s "$AWS_SECRET_ACCESS_KEY"'
    assert subprocess.run([program, "-c", script], capture_output=True, text=True, check=True).stdout == SECRET


def test_powershell_doubles_its_quotes_and_variables_that_hide_the_session_go() -> None:
    lines = export_lines(variables(SESSION, "", None), Shell.POWERSHELL).splitlines()
    assert "$Env:AWS_SECRET_ACCESS_KEY = 's''ecret\\$(x)`y`\"z'" in lines
    assert "Remove-Item Env:AWS_PROFILE -ErrorAction SilentlyContinue" in lines
    before = {"AWS_PROFILE": "other", "AWS_SECURITY_TOKEN": "old", "HOME": "/h"}
    assert environment({"A": "b"}, before) == {"A": "b", "HOME": "/h"}


def test_credential_process_is_the_sdks_form() -> None:
    document = json.loads(credential_process(SESSION))
    assert document["Version"] == 1 and datetime.fromisoformat(document["Expiration"]) == END


@pytest.mark.parametrize(
    ("partition", "host", "console"),
    [
        ("aws", "signin.aws.amazon.com", "console.aws.amazon.com"),
        ("aws-cn", "signin.amazonaws.cn", "console.amazonaws.cn"),
        ("aws-us-gov", "signin.amazonaws-us-gov.com", "console.amazonaws-us-gov.com"),
    ],
)
def test_the_link_is_the_partitions_and_holds_the_token_alone(partition: str, host: str, console: str) -> None:
    asked: list[tuple[str, bytes]] = []

    def fetch(address: str, form: bytes) -> bytes:
        asked.append((address, form))
        return b'{"SigninToken": "T0KEN"}'

    link = urlsplit(console_link(SESSION, STS, partition, "eu-west-1", fetch))
    given = parse_qs(link.query)
    assert (link.netloc, given["SigninToken"]) == (host, ["T0KEN"])
    assert urlsplit(given["Destination"][0]).netloc == console
    (address, form) = asked[0]
    assert address == f"https://{host}/federation" and b"ASIAX" in form and "ASIAX" not in link.geturl()


def test_credentials_go_nowhere_where_the_partitions_console_is_not_known() -> None:
    def fetch(address: str, form: bytes) -> bytes:
        raise AssertionError(address)

    with pytest.raises(ConsoleError, match="aws-iso is unknown"):
        console_link(SESSION, STS, "aws-iso", "", fetch)


def test_without_an_answer_no_secret_is_in_the_sentence() -> None:
    def fetch(address: str, form: bytes) -> bytes:
        raise OSError(form.decode())

    with pytest.raises(ConsoleError) as raised:
        console_link(SESSION, STS, "aws", "", fetch)
    assert "ASIAX" not in str(raised.value) and "secret" not in str(raised.value)


def test_the_prompt_says_role_and_minutes_left_once() -> None:
    inside = shell_environment(SESSION, {"PATH": "/usr/bin:/bin", "AWS_PROFILE": "other"}, "", None)
    script = 'PS1="$ "; eval "$PROMPT_COMMAND"; eval "$PROMPT_COMMAND"; printf %s "$PS1"'
    shown = subprocess.run(["bash", "-c", script], env=inside, capture_output=True, text=True, check=True).stdout
    left = (SESSION.expires - datetime.now(UTC)).total_seconds() // 60
    assert re.fullmatch(r"\(ops \d+ min\) \$ ", shown) and 0 <= int(shown.split()[1]) - left <= 1
    assert "AWS_PROFILE" not in inside


STS = "https://sts.us-east-1.amazonaws.com"


@pytest.mark.parametrize(
    ("endpoint", "ours"),
    [
        (STS, True),
        ("https://sts.amazonaws.com/", True),
        ("https://sts.cn-north-1.amazonaws.com.cn", True),
        ("https://vpce-0a1-b2.sts.eu-west-1.vpce.amazonaws.com", True),
        ("https://sts.eu-west-1.api.aws", True),
        ("http://localhost:4566", False),
        ("http://sts.amazonaws.com", False),
        ("https://amazonaws.com.example.org", False),
        ("https://fakeamazonaws.com", False),
        ("https://sts.amazonaws.com@example.org", False),
        ("", False),
    ],
)
def test_a_session_of_another_endpoint_is_not_sent_to_aws(endpoint: str, ours: bool) -> None:
    if ours:
        refuse_foreign(endpoint)
        return
    with pytest.raises(ConsoleError, match="not an AWS endpoint"):
        console_link(SESSION, endpoint, "aws", "", lambda *_: pytest.fail("it was sent"))
