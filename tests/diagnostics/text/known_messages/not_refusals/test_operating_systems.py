"""Words that the operating system and a service over HTTP share."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed


@pytest.mark.parametrize("said", ["403 Forbidden / permission denied", "HTTP 401: permission denied"])
def test_an_http_status_is_not_the_operating_systems(said: str) -> None:
    assert (
        "operating system"
        not in diagnosed(f"source-controller lists the tags of a chart and logs\n\n  {said}\n").verdict.summary
    )


def test_a_file_that_may_not_be_opened_is() -> None:
    assert "operating system" in diagnosed("cat: /etc/app/token: Permission denied").verdict.summary
