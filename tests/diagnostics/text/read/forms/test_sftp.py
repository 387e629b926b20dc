"""Refusals of an SFTP client are S3's where the server is AWS Transfer Family's, and its session policy decides."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Denial
from diagnostics.text.read.forms.sftp import sftp_denials

PUT = 'sftp> put a.csv\nremote open("/acme/north/in/a.csv"): Permission denied\n'
GET = 'sftp> get a.csv\nCouldn\'t open remote file "/acme/north/in/a.csv": Permission denied\n'
REMOVE = "sftp> rm a.csv\nCouldn't delete file: Permission denied\n"
POLICY = '{{"Statement":[{{"Effect":"Allow","Action":{},"Resource":"arn:aws:s3:::${{transfer:HomeDirectory}}*"}}]}}'

LISTS, PUTS = POLICY.format('["s3:ListBucket"]'), POLICY.format('["s3:PutObject"]')


@pytest.mark.parametrize(
    ("client", "action", "resource"),
    [
        (PUT, "s3:PutObject", "arn:aws:s3:::acme/north/in/a.csv"),
        (GET, "s3:GetObject", "arn:aws:s3:::acme/north/in/a.csv"),
        (REMOVE, "s3:DeleteObject", None),
    ],
)
def test_the_command_is_the_call_of_s3(client: str, action: str, resource: str | None) -> None:
    (denial,) = sftp_denials(f"{client}server of AWS Transfer Family")
    assert (denial.action, denial.resource) == (action, resource)
    (failure,) = read_text(f"{client}the user's policy in Transfer: {LISTS}")
    assert isinstance(failure, Denial)
    diagnosis = collect_offline(failure)
    assert f"the session policy of the Transfer Family user has s3:ListBucket, but not {action}" in str(
        diagnosis.verdict.summary
    )
    assert "Leave the role as it is" in str(diagnosis.fixes[0].change)


@pytest.mark.parametrize(
    ("dialog", "action"),
    [
        ("> DELE /out/a.xml\n< 550 Permission denied\n", "s3:DeleteObject"),
        ("---> STOR b.csv\n<--- 550 Permission denied.\n", "s3:PutObject"),
        ("10:01 RETR /in/c.csv\n10:01 550 Access denied\n", "s3:GetObject"),
    ],
)
def test_the_command_of_the_ftp_protocol_is_the_call_of_s3(dialog: str, action: str) -> None:
    (failure,) = read_text(f"user of AWS Transfer, FTPS\n{dialog}Policy: {LISTS}")
    assert isinstance(failure, Denial) and failure.action == action
    assert f"but not {action}" in collect_offline(failure).verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        PUT,
        "> DELE /out/a.xml\n< 550 Permission denied\non our vsftpd",
        "AWS Transfer Family\n> DELE /out/a.xml\n< 250 Deleted\n> QUIT\n",
        f"{PUT}our own OpenSSH server, files are synced to S3 later",
        f"{PUT}AWS Transfer Family with EFS, POSIX uid 1001",
        "server of AWS Transfer Family\nsftp> put a.csv\nUploading a.csv\n",
        "AWS Transfer Family\nscp: /etc/passwd: Permission denied",
    ],
)
def test_other_servers_and_texts_are_no_refusal_of_s3(text: str) -> None:
    assert list(sftp_denials(text)) == []


def test_a_session_policy_that_has_the_action_is_not_at_fault() -> None:
    (failure,) = read_text(f"{PUT}in Transfer: {PUTS}")
    assert "but not s3:PutObject" not in collect_offline(failure).verdict.summary


@pytest.mark.parametrize(
    ("said", "action"),
    [
        ("Couldn't read directory: Permission denied", "s3:ListBucket"),
        ("Couldn't create directory: Permission denied", "s3:PutObject"),
        ("Couldn't delete file: Permission denied", "s3:DeleteObject"),
    ],
)
def test_the_clients_words_are_enough_without_a_command(said: str, action: str) -> None:
    (failure,) = read_text(f"AWS Transfer Family, SFTP. Login works, then:\n{said}\n")
    assert isinstance(failure, Denial) and failure.action == action
    (other,) = read_text(f"our own SFTP server. Login works, then:\n{said}\n")
    assert not isinstance(other, Denial)


def described(home: str, kind: str = "PATH") -> str:
    return f'aws transfer describe-user: {{"HomeDirectory": "{home}", "HomeDirectoryType": "{kind}"}}\n'


LISTS_ROOT = 'sftp> ls\nremote readdir("/"): Permission denied\n'
TOP = 'sftp> put b.csv\nremote open("/b.csv"): Permission denied\n'


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        (f"{LISTS_ROOT}{described('/acme/south')}{PUTS}", "denied access to /, outside"),
        (f"{PUT}{described('/acme/south')}{PUTS}", "denied access to /acme/north/in/a.csv, outside"),
        (f"{TOP}{LISTS_ROOT}{described('/acme/south')}{PUTS}", "denied access to /b.csv and /, outside"),
        (f"{PUT}{described('/acme/nor')}{PUTS}", "denied access to /acme/north/in/a.csv, outside"),
    ],
)
def test_a_path_outside_the_home_directory_is_not_allowed_by_its_session_policy(text: str, paths: str) -> None:
    for failure in read_text(text):
        answer = collect_offline(failure)
        assert answer.verdict.cause == "session.resource-mismatch"
        assert paths in answer.verdict.summary
        assert "map / to /acme/" in str(answer.fixes[0].change)


@pytest.mark.parametrize(
    "text",
    [
        f"{PUT}{described('/acme/north')}{PUTS}",
        f"{TOP}{described('/acme/north', 'LOGICAL')}{PUTS}",
        f"{TOP}{PUT}{described('/acme/north')}{PUTS}",
        f"{REMOVE}{described('/acme/north')}{PUTS}",
        f"{TOP}AWS Transfer Family\n{PUTS}",
    ],
)
def test_a_path_that_may_be_in_the_home_directory_is_not_outside(text: str) -> None:
    assert all("outside of it" not in collect_offline(each).verdict.summary for each in read_text(text))


def test_a_file_next_to_the_buckets_is_no_bucket() -> None:
    (denial,) = sftp_denials(f"{TOP}server of AWS Transfer Family")
    assert (denial.action, denial.resource) == ("s3:PutObject", None)
