"""The global endpoint of STS is named if a call does not reach it."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text


@pytest.mark.parametrize(("host", "globally"), [("sts.amazonaws.com", True), ("sts.eu-central-1.amazonaws.com", False)])
def test_the_global_endpoint_of_sts_is_named(host: str, globally: bool) -> None:
    text = f'caused by: Post "https://{host}/": dial tcp 54.239.29.25:443: i/o timeout'
    assert ("global endpoint" in collect_offline(read_text(text)[0]).verdict.summary) is globally
