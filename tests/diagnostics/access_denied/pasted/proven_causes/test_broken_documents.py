"""The place at which a rejected policy is not JSON is named; a policy that is cut or complete has none."""

from __future__ import annotations

import pytest

from diagnostics.access_denied.pasted.proven_causes.broken_documents import of_a_broken_document
from tests.support.denials.pasted import diagnosed

INVALID = (
    "An error occurred (MalformedPolicyDocument) when calling the CreateRole operation: This policy contains invalid "
    "Json\n\n"
)
SYNTAX = "MalformedPolicyDocument when calling the PutUserPolicy operation: Syntax errors in policy.\n"
GOOD = """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "s3:GetObject",
      "Resource": "*"
    }
  ]
}"""
SHELL = '--assume-role-policy-document "{}"'.format(GOOD.replace('"', '\\"'))


@pytest.mark.parametrize(
    ("document", "wrong"),
    [
        (GOOD.replace('"Allow",', '"Allow"'), 'a comma is missing after “"Effect": "Allow"”'),
        (GOOD.replace('"Resource": "*"', '"Resource": "*",'), "the comma before } is one too many"),
        (SHELL.replace("    }\n", "    }\n    }\n"), 'a closing } is too many after “"Resource": "*"”'),
        (GOOD.replace("    }\n", "    }}}\n"), "2 closing brackets } are too many"),
        (GOOD.replace('"s3:GetObject"', '"s3:GetObject'), "a quote is not closed"),
    ],
)
@pytest.mark.parametrize("message", [INVALID, SYNTAX])
def test_the_place_that_is_not_json_is_named(message: str, document: str, wrong: str) -> None:
    answer = diagnosed(message + document)
    assert answer.verdict.cause == "not-iam"
    assert wrong in answer.verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        f"{INVALID}{GOOD}\nand I ran it again",
        INVALID + SHELL,
        INVALID + GOOD.replace('"Allow",', "...")[:-4],
        INVALID + GOOD[:70],
        f"AccessDenied\n\n{GOOD.replace(',', '')}",
    ],
)
def test_a_document_that_is_complete_or_cut_has_no_such_place(text: str) -> None:
    assert of_a_broken_document(text) is None
