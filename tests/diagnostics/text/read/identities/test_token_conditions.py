"""Conditions on a token are read from every language in which trust policies are written."""

from __future__ import annotations

import pytest

from diagnostics.text.read.identities.token_conditions import token_conditions

FORMS = {
    "json": '"StringLike": {"ci.example.org:sub": ["repo:a/*", "repo:b"], "ci.example.org:aud": "sts.amazonaws.com"}',
    "terraform": 'test = "StringLike"\nvariable = "ci.example.org:sub"\nvalues = [\n "repo:a/*",\n "repo:b"]\n'
    'condition {\n test = "StringLike"\n variable = "ci.example.org:aud"\n values = ["sts.amazonaws.com"]\n}',
    "yaml": "StringLike:\n"
    "  ci.example.org:sub:\n    - repo:a/*\n    - repo:b\n  ci.example.org:aud: sts.amazonaws.com\n",
    "program": "StringLike: { "
    "'ci.example.org:sub': ['repo:a/*', 'repo:b'], 'ci.example.org:aud': 'sts.amazonaws.com' }",
}


@pytest.mark.parametrize("form", FORMS)
def test_forms(form: str) -> None:
    sub, aud = token_conditions(FORMS[form])
    assert (sub.claim, sub.issuer, sub.values) == ("sub", "ci.example.org", ("repo:a/*", "repo:b"))
    assert (aud.claim, aud.values) == ("aud", ("sts.amazonaws.com",))
    assert sub.accepts("repo:a/x") and not sub.accepts("repo:c") and not sub.literal_wildcards


def test_literal_wildcards_and_negations() -> None:
    (one,) = token_conditions('"StringEquals": {"ci.example.org:sub": "repo:a/*"}')
    assert one.literal_wildcards == ("repo:a/*",)
    assert not token_conditions('"StringNotEquals": {"ci.example.org:sub": "repo:a/*"}')
    (open_,) = token_conditions('"StringEquals": {"ci.example.org:sub": "repo:${var.repo}"}')
    assert open_.accepts("repo:anything")
