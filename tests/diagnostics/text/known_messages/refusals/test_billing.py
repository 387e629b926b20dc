"""Messages of the Billing pages, in every language."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text


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
