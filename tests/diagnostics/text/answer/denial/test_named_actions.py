"""Which words of a text are actions."""

from __future__ import annotations

from diagnostics.diagnose import collect_offline, read_text


def test_a_word_before_a_colon_that_is_no_service_is_no_action() -> None:
    (failure,) = read_text(
        "ClientError: Data download failed:Unable to download object s3://b/k (AccessDenied: Access Denied)"
    )
    diagnosis = collect_offline(failure)
    assert "failed:Unable" not in f"{diagnosis.steps[0].summary} {diagnosis.verdict.summary}"
