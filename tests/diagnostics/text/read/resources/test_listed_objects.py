"""A listing in the text shows that a refused object exists."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.read.resources.listed_objects import listed_object

HEAD = "fatal error: An error occurred (403) when calling the HeadObject operation: Forbidden"
ROW = "2026-02-27 10:01:33  418230912 {}"


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        (
            f"$ aws s3 cp s3://builds/tool.tgz .\n{HEAD}\n$ aws s3 ls s3://builds/tool.tgz\n{ROW.format('tool.tgz')}",
            True,
        ),
        (f"$ aws s3 cp s3://builds/x/tool.tgz .\n{HEAD}\n$ aws s3 ls s3://builds/x/\n{ROW.format('tool.tgz')}", True),
        (f"$ aws s3 cp s3://builds/x/a\n{HEAD}\n$ aws s3 ls --recursive builds\n{ROW.format('x/a')}", True),
        (f"$ aws s3 cp s3://builds/tool.tgz .\n{HEAD}\n$ aws s3 ls s3://builds/\n{ROW.format('other.tgz')}", False),
        (f"$ aws s3 cp s3://builds/tool.tgz .\n{HEAD}\n$ ls -l\n{ROW.format('tool.tgz')}", False),
        (f"$ aws s3 cp s3://builds/tool.tgz .\n{HEAD}", False),
    ],
)
def test_an_object_that_a_listing_has_exists(text: str, listed: bool) -> None:
    assert bool(listed_object(text, None)) == listed
    (failure,) = read_text(text)
    causes = [each.cause for each in collect_offline(failure).first_look]
    assert any(each.startswith("The object exists") for each in causes) == listed
    assert any(each.startswith("The object may not exist") for each in causes) != listed
