"""Texts with planted secrets."""

from __future__ import annotations

import pytest

from diagnostics.masking.examples import SECRET_EXAMPLES, SecretExample


def leaks(example: SecretExample, written: str) -> list[str]:
    """Pieces of the example's secrets, also as JSON and Markdown have them."""
    pieces = {piece for secret in example.secrets for piece in (secret, *secret.split("\n")) if len(piece.strip()) > 3}
    plain = written.replace("\\n", "\n").replace('\\"', '"').replace("\\", "")
    return [piece for piece in pieces if piece in written or piece.replace("\\", "") in plain]


@pytest.fixture(params=SECRET_EXAMPLES, ids=lambda example: example.kind)
def example(request: pytest.FixtureRequest) -> SecretExample:
    planted: SecretExample = request.param
    return planted
