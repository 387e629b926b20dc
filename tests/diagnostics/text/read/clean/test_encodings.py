"""Texts that a mail, a form or an editor has encoded."""

from __future__ import annotations

import base64
import quopri
import urllib.parse

import pytest

from diagnostics.failure import Denial
from diagnostics.text.read.clean.encodings import decoded
from diagnostics.text.read.parse import parse

ROLE = "arn:aws:sts::560911827343:assumed-role/hr-sync/hr-sync"
KEY = "arn:aws:kms:eu-central-1:560911827343:key/4f0c2a9e-5d1b-4c77-8a30-9be1f7c6d2aa"
SAID = (
    f"User: {ROLE} is not authorized to perform: kms:Decrypt on resource: {KEY} because no identity-based policy "
    f"allows "
    "the kms:Decrypt action"
)
WIDE = str.maketrans({code: code + 0xFEE0 for code in range(ord("!"), ord("~") + 1)})


@pytest.mark.parametrize(
    "text",
    [
        f"Content-Transfer-Encoding: quoted-printable\n\n{quopri.encodestring(SAID.encode()).decode()}",
        quopri.encodestring(SAID.encode()).decode(),
        "Content-Transfer-Encoding: quoted-printable\n\n" + SAID.replace(" is not ", " is =\nnot "),
        f"https://app.example/cb?error=denied&error_description={urllib.parse.quote_plus(SAID)}",
        f"m={urllib.parse.quote(urllib.parse.quote(SAID))}",
        base64.b64encode(SAID.encode()).decode(),
        SAID.translate(WIDE),
        SAID.replace("-", "\u2011"),
        SAID.replace("-", "\u2013"),
        SAID.replace(" not authorized ", " **not authorized** "),
        f"<p>{SAID.replace(' on resource', '<br/>on resource').replace('User: ', 'User: <b>')}</b></p>",
    ],
)
def test_an_encoded_text_is_read(text: str) -> None:
    (failure,) = parse(text)
    assert isinstance(failure, Denial)
    assert (failure.principal, failure.action, failure.resource) == (ROLE, "kms:Decrypt", KEY)
    assert failure.stated_reason == "implicit:identity"


@pytest.mark.parametrize(
    "text",
    [SAID, "a=b\nc=d\narn:aws:s3:::b", "principal arn:aws:iam::***:user/**** is not authorized", "100%20 of x"],
)
def test_a_plain_text_stays(text: str) -> None:
    assert decoded(text) == text


def test_a_tables_last_column_is_one_message() -> None:
    pieces = [SAID[at : at + 50] for at in range(0, len(SAID), 50)]
    rows = "\n".join(f"| 10:00:01 | {piece:<50} |" for piece in ("Message", *pieces))
    (failure,) = parse(rows)
    assert isinstance(failure, Denial)
    assert (failure.principal, failure.action, failure.resource) == (ROLE, "kms:Decrypt", KEY)


@pytest.mark.parametrize(("before", "after"), [("| 10:00 | app | ", ""), ("| app | ", "| | other | cancelled |\n")])
def test_a_cell_that_goes_on_in_its_column_is_one_message(before: str, after: str) -> None:
    first, *pieces = [SAID[at : at + 50] for at in range(0, len(SAID), 50)]
    empty = "".join("|" if letter == "|" else " " for letter in before)
    rows = [f"{before}{first}|", *(f"{empty}{piece:<50}|" for piece in pieces)]
    other = f"{before}{'cancelled':<50}|"
    (failure,) = parse("\n".join((other, *rows, other, after)))
    assert isinstance(failure, Denial)
    assert (failure.principal, failure.action, failure.resource) == (ROLE, "kms:Decrypt", KEY)


def test_rows_that_are_complete_keep_their_columns() -> None:
    rows = "\n".join(f"| {each} | 403 AccessDenied (no identity-based policy) |" for each in ("A", "B", "C"))
    assert decoded(rows) == rows
