"""Long and bad texts are read to their end: nothing of them is left out, and no secret slips through a seam."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import read_text
from diagnostics.failure import Denial
from diagnostics.text.tokens.secrets import without_secrets

WHO = "arn:aws:sts::111122223333:assumed-role/web/i-1"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


def denied(resource: str, reason: str = "because no identity-based policy allows the s3:GetObject action") -> str:
    return f'User: {WHO} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::b/{resource}" {reason}'


def test_hundreds_of_different_failures_are_all_there() -> None:
    found = read_text("\n".join(denied(f"k{number}") for number in range(400)))
    assert len(found) == 400
    assert [failure.resource for failure in found if isinstance(failure, Denial)][-1] == "arn:aws:s3:::b/k399"


def test_a_denial_inside_binary_data_is_read() -> None:
    found = read_text("\x00\x01\x02\x7fELF\x01" * 2_000 + denied("k") + "\x00" * 50)
    assert [failure.resource for failure in found if isinstance(failure, Denial)] == ["arn:aws:s3:::b/k"]


def test_a_sentence_states_the_reason_that_comes_first() -> None:
    both = denied("k") + " with an explicit deny in a service control policy"
    (found,) = read_text(both)
    assert isinstance(found, Denial)
    assert found.stated_reason == "implicit:identity"


def test_two_reasons_for_one_call_are_two_failures() -> None:
    text = f"{denied('k')}\n{denied('k', 'with an explicit deny in a service control policy')}"
    assert [f.stated_reason for f in read_text(text) if isinstance(f, Denial)] == ["implicit:identity", "explicit:scp"]


@pytest.mark.parametrize("before", range(399_940, 400_010, 7))
def test_a_secret_at_the_seam_of_two_pieces_is_taken_out(before: int) -> None:
    text = "x" * before + f"\naws_secret_access_key =\n{SECRET}\n" + "y" * 100_000
    assert SECRET not in without_secrets(text)
    assert without_secrets(text).startswith("x" * before)
    assert without_secrets(text).endswith("y" * 100_000)
