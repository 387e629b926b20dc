"""Ids and passwords masked: wherever one can stand, each by one mask of its own, and what is around it left alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from diagnostics.masking.masks import Masks
from diagnostics.report import to_json, to_markdown, to_text
from iam.own_command import own_command, use_account_options
from iam.sources.reader.opened import OpenedAccount
from tests.support.demo.failures import FAILURES
from tests.support.driving.explained import diagnose_text

OWN, OTHER, THIRD = "111122223333", "444455556666", "777788889999"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"arn:aws:iam::{OWN}:role/x", "arn:aws:iam::ACCOUNT-1:role/x"),
        (f"{OWN} {OTHER} {OWN} {THIRD}", "ACCOUNT-1 ACCOUNT-2 ACCOUNT-1 ACCOUNT-3"),
        (f"s3://logs-{OWN}-eu/AWSLogs/{OTHER}/x", "s3://logs-ACCOUNT-1-eu/AWSLogs/ACCOUNT-2/x"),
        (f"acct{OWN}bucket", "acctACCOUNT-1bucket"),
        (f"sign in at {OWN}.signin.aws.amazon.com", "sign in at ACCOUNT-1.signin.aws.amazon.com"),
        ("account 1111-2222-3333 is 111122223333", "account ACCOUNT-1 is ACCOUNT-1"),
        (f"arn%3Aaws%3Aiam%3A%3A{OWN}%3Arole%2Fx%20{OWN}", "arn%3Aaws%3Aiam%3A%3AACCOUNT-1%3Arole%2Fx%20ACCOUNT-1"),
        ("AKIAIOSFODNN7EXAMPLE of " + OWN, "ACCESS-KEY-1 of ACCOUNT-1"),
        ("1732093200123 ms, 42 bytes, 1111222233334", "1732093200123 ms, 42 bytes, 1111222233334"),
        ("i-0123456789abcdef0 at 10.0.0.1", "i-0123456789abcdef0 at 10.0.0.1"),
        ("card 1111-2222-3333-4444", "card 1111-2222-3333-4444"),
    ],
)
def test_ids_in_every_spelling(text: str, masked: str) -> None:
    assert Masks().text(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("https://admin:hunter2@host.example/x", "https://admin:PASSWORD@host.example/x"),
        ("mysql --password=s3! -h db; PGPASSWORD=x psql", "mysql --password=PASSWORD -h db; PGPASSWORD=PASSWORD psql"),
        ("docker login --password hunter2 host", "docker login --password PASSWORD host"),
        ("PWD=/home/x Uid=sa;Pwd=y;", "PWD=/home/x Uid=sa;Pwd=PASSWORD;"),
        ("for user 'x' (using password: YES)", "for user 'x' (using password: YES)"),
        ("Authorization: Bearer short", "Authorization: Bearer TOKEN"),
        ("sent Bearer abc123.x; the bearer token", "sent Bearer TOKEN; the bearer token"),
        ("--external-id acme-7 and acme-7, acme-70", "--external-id EXTERNAL-ID-1 and EXTERNAL-ID-1, acme-70"),
        (
            '"sts:ExternalId": ["acme", "b-12"]: acme',
            '"sts:ExternalId": ["EXTERNAL-ID-1", "EXTERNAL-ID-2"]: EXTERNAL-ID-1',
        ),
        ('external_id = "acme"', 'external_id = "EXTERNAL-ID-1"'),
        ("Tell it the external ID and let it go", "Tell it the external ID and let it go"),
    ],
)
def test_what_is_nobody_elses(text: str, masked: str) -> None:
    assert Masks().text(text) == masked


def test_an_external_id_is_masked_in_sentences_too(demo_reader: Any) -> None:
    account = list(demo_reader.accounts())[-1]
    text = next(each.text for each in FAILURES if each.id == "F10")
    (diagnosis,) = diagnose_text(text, OpenedAccount(account, demo_reader))
    for written in (to_markdown(diagnosis), to_text(diagnosis), json.dumps(to_json(diagnosis))):
        assert "hl-7Q2-audit" in written
        masks = Masks()
        masks.learn(diagnosis)
        masked = masks.text(written)
        assert "hl-7Q2-audit" not in masked and "EXTERNAL-ID-1" in masked


def test_decoded_json_keeps_its_shape() -> None:
    document = {f"arn:aws:iam::{OWN}:root": [int(OWN), {"aws:PrincipalAccount": OWN}], "n": 12, "ok": True, "no": None}
    assert Masks().value(document) == {
        "arn:aws:iam::ACCOUNT-1:root": ["ACCOUNT-1", {"aws:PrincipalAccount": "ACCOUNT-1"}],
        "n": 12,
        "ok": True,
        "no": None,
    }


def test_three_accounts_in_one_diagnosis(demo_reader: Any) -> None:
    account = list(demo_reader.accounts())[-1]
    text = (
        f"User: arn:aws:sts::{OTHER}:assumed-role/broker/s1 is not authorized to perform: sts:AssumeRole on resource: "
        f"arn:aws:iam::{OWN}:role/vendor/vendor-cost-auditor"
    )
    (found,) = diagnose_text(text, OpenedAccount(account, demo_reader))
    masks = Masks()
    document, page, plain = masks.value(to_json(found)), masks.text(to_markdown(found)), masks.text(to_text(found))
    whole = json.dumps(document) + page + plain
    assert not [known for known in (OWN, OTHER, "999988887777") if known in whole]
    assert document["parsed"]["principal"] == "arn:aws:sts::ACCOUNT-1:assumed-role/broker/s1"
    assert document["parsed"]["resource"] == "arn:aws:iam::ACCOUNT-2:role/vendor/vendor-cost-auditor"
    assert "ACCOUNT-3" in whole and "ACCOUNT-4" not in whole
    assert "arn:aws:sts::ACCOUNT-1:assumed-role/broker/s1" in page and "ACCOUNT-2:role/vendor" in page


def test_what_two_texts_share_has_one_mask_in_all_of_the_output(demo_reader: Any) -> None:
    account = list(demo_reader.accounts())[-1]
    masks = Masks()
    pages = [
        masks.text(to_markdown(found))
        for text in (
            f"User: arn:aws:iam::{THIRD}:user/a is not authorized to perform: s3:GetObject",
            f"User: arn:aws:iam::{OWN}:user/ben is not authorized to perform: s3:GetObject on resource: "
            f'"arn:aws:s3:::b-{THIRD}/k"',
        )
        for found in diagnose_text(text, OpenedAccount(account, demo_reader))
    ]
    assert "arn:aws:iam::ACCOUNT-1:user/a" in pages[0]
    assert "b-ACCOUNT-1/k" in pages[1]


@pytest.mark.parametrize(
    "text",
    [
        "AWS_SESSION_TOKEN={}",
        'export AWS_SECRET_ACCESS_KEY="{}"',
        '{{"SecretAccessKey": "{}"}}',
        "secretAccessKey: {}",
        "X-Amz-Security-Token: {}",
        "https://bucket.s3.amazonaws.com/x?X-Amz-Signature={}&a=b",
        "aws sts get-session-token --token-code {}",
        "--web-identity-token {}",
        "client_secret = '{}'",
        "x-api-key: {}",
        "Cookie: session={}; a=b",
        "-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----",
        "the token eyJhbGciOiJSUzI1NiJ9.{}.c2lnbmF0dXJl was refused",
    ],
)
def test_what_its_name_says_to_be_secret(text: str) -> None:
    assert "Zx9canary7" not in Masks().text(text.format("Zx9canary7"))


@pytest.mark.parametrize(
    "text",
    [
        '"token.actions.githubusercontent.com:sub": "repo:harbor/app1:ref"',
        "arn:aws:secretsmanager:us-east-1:x:secret:orders/db-Ab12Cd",
        '"aws:TokenIssueTime": "2026-11-20T09:00:00Z", "SecretId": "orders/db-1234"',
        "secret: arn:aws:secretsmanager:us-east-1:x:secret:orders/db-Ab12Cd",
        "Signature expired: 20261127T100000Z is now earlier than 20261127T101500Z",
        "the token: it has 3 parts, of 2026",
    ],
)
def test_names_that_only_speak_of_secrets(text: str) -> None:
    assert Masks().text(text) == text


def test_names_on_request() -> None:
    masks = Masks(names=True)
    text = (
        f"arn:aws:iam::{OWN}:role/web/orders_api, orders\\_api (role orders_api) may lambda:InvokeFunction on "
        f"arn:aws:lambda:us-east-1:{OWN}:function:lambda and read orders-bucket.s3.amazonaws.com; "
        "arn:aws:s3:::orders-bucket/${aws:username}/* by arn:aws:iam::aws:policy/ReadOnlyAccess"
    )
    assert masks.text(text) == (
        "arn:aws:iam::ACCOUNT-1:role/NAME-1/NAME-2, NAME-2 (role NAME-2) may lambda:InvokeFunction on "
        "arn:aws:lambda:us-east-1:ACCOUNT-1:function:NAME-3 and read NAME-4.s3.amazonaws.com; "
        "arn:aws:s3:::NAME-4/${aws:username}/* by arn:aws:iam::aws:policy/ReadOnlyAccess"
    )


def test_what_is_a_mask_is_lit() -> None:
    masks = Masks()
    masked = masks.text(f"role of {OWN}, password=hunter2; ACCOUNT-9")
    assert [piece for piece, lit in masks.lit(masked) if lit] == ["ACCOUNT-1", "PASSWORD"]


def test_a_name_that_a_column_cut_off_is_one() -> None:
    masks = Masks(names=True)
    masks.learn_text(f"arn:aws:iam::{OWN}:role/orders-api-lambda")
    assert masks.text("orders-a… orders-ap... an… other…") == "NAME-1… NAME-2... an… other…"


def test_a_name_made_from_one_and_values_of_any_kind() -> None:
    masks = Masks(names=True)
    masks.learn_text(f"arn:aws:iam::{OWN}:role/web-frontend")
    assert masks.text("web-frontend-prod, web-front") == "NAME-1-prod, web-front"
    assert masks.value({"values": (OWN, [OWN])}) == {"values": ["ACCOUNT-1", ["ACCOUNT-1"]]}


@pytest.mark.parametrize("names", (False, True))
@pytest.mark.parametrize(
    ("options", "shown"),
    (
        (("--profile", "acme-prod", "--region", "eu-west-1"), "--profile NAME-1 --region eu-west-1"),
        (("--snapshot", "/home/ann/acme.json"), "--snapshot NAME-1"),
        (("--snapshot", "an acme folder", "--account", "acme-data"), "--snapshot NAME-1 --account NAME-2"),
        (("--endpoint-url", "http://iam.acme.example:4566"), "--endpoint-url NAME-1"),
        (("--demo", "--as", "ben"), "--demo --as ben"),
    ),
)
def test_an_offered_command_does_not_tell_where_the_account_comes_from(
    options: tuple[str, ...], shown: str, names: bool
) -> None:
    use_account_options(*options)
    command = own_command("right-size", "x")
    for text in (command, json.dumps({"fix": f"prod: {command}."}), command.replace(" ", "\n  ")):
        masked = Masks(names=names).document(text)
        assert "acme" not in masked
        assert f"rolescope {shown} right-size x" in " ".join(masked.replace("\n", " ").split())
    masks = Masks(names=names)
    assert masks.revealed(masks.text(command)) == command
    assert masks.text("the prod acme-production stays") == "the prod acme-production stays"
