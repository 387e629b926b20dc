"""Setups that need two sides: each row has its page, and names actions that AWS lists."""

from __future__ import annotations

import re

from iam.facts.two_sided_setups import DESCRIBED, SENTENCES
from iam.service_reference import action, condition_keys


def test_each_row_has_its_page_and_its_own_sentence() -> None:
    assert len(SENTENCES) == len(DESCRIBED)
    sites = ("https://docs.aws.amazon.com/", "https://repost.aws/", "https://github.com/aws/")
    assert all(row.pages and all(page.startswith(sites) for page in row.pages) for row in DESCRIBED)
    assert all(len(row.signs) >= 2 for row in DESCRIBED)


def test_the_actions_and_keys_of_the_rows_are_listed_by_aws() -> None:
    for row in DESCRIBED:
        for name in re.findall(r"(?<![\w:])[a-z][a-z0-9-]+:[A-Z][A-Za-z]+(?![\w:*-])", row.sentence):
            service = name.partition(":")[0]
            assert action(name) is not None or name.lower() in condition_keys(service) or service == "aws", name
