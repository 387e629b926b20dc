"""Sentences about sign-in: other failures that only resemble refusals."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.read.messages.service_sentences import sentence_in

CALLED = "An error occurred ({}) when calling the {} operation: {}"


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:sts::111122223333:assumed-role/AWSControlTowerExecution/x called CreateStack",
        "AWS Control Tower cannot create the OU because one already exists",
        "the permission sets of the management account were provisioned",
        CALLED.format("InsufficientPermissionsException", "CreateDirectory", "More is needed."),
        CALLED.format("AuthorizationException", "CreateLicense", "Not found."),
        CALLED.format("KMSAccessDenied", "Publish", "The topic's key is not accessible."),  # of Amazon SNS
        "caa records are set for example.com",
    ],
)
def test_similar_texts_have_no_such_cause(text: str) -> None:
    assert sentence_in(text) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("You don't have permission to access billing information for this account.\nwhat is missing?", True),
        ("Você não tem permissão para acessar as informações de faturamento desta conta.\no que falta??", True),
        ("voce nao tem permissao para acessar as informacoes de faturamento desta conta", True),
        ("No tiene permiso para acceder a la información de facturación de esta cuenta. ¿Qué falta?", True),
        ("Sie sind nicht berechtigt, auf die Abrechnungsinformationen dieses Kontos zuzugreifen.", True),
        ("Wo finde ich die Abrechnungsinformationen?", False),
    ],
)
def test_the_setting_for_billing_is_named_in_every_language(text: str, said: bool) -> None:
    failures = read_text(text)
    assert any("The Billing pages open only" in collect_offline(each).verdict.summary for each in failures) is said


NOT_ENROLLED = (
    "AWS Control Tower is unable to assume the AWSControlTowerExecution role. Be sure that the role exists.\n"
)
TRUSTS = '{{"Effect": "Allow", "Principal": {{"AWS": "{}"}}, "Action": "sts:AssumeRole"}}\nmanagement account: {}'


@pytest.mark.parametrize(
    ("trusted", "management", "differs"),
    [
        ("arn:aws:iam::111122223333:root", "444455556666", True),
        ("111122223333", "444455556666", True),
        ("arn:aws:iam::444455556666:root", "444455556666", False),
    ],
)
def test_the_trusted_account_is_compared_with_the_management_account(
    trusted: str, management: str, differs: bool
) -> None:
    answer = collect_offline(read_text(NOT_ENROLLED + TRUSTS.format(trusted, management))[0])
    assert ("names account 111122223333, not the management account" in answer.verdict.summary) is differs
    assert answer.verdict.cause == "trust.principal-mismatch"
