"""A hundred bad or unwise specs, in each partition: none passes green, each is answered with the key to put right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from diagnostics.check.run import check
from iam.account import InlinePolicy
from iam.creation.recipes.recipe import AccountFacts
from iam.creation.spec import RoleSpec
from iam.creation.spec_file import SpecError, decoded_json, key_of, spec_of
from iam.gate.finding import Level
from iam.policy.document import Document
from iam.sources.snapshot.reader import SnapshotReader, open_snapshot
from tests.support.accounts.bad_specs import BadSpec, bad_specs, small_account
from tests.support.accounts.questions import allow, document, opened, snapshot, trust

_ALL = tuple(bad_specs())


def _account(partition: str, folder: Path) -> SnapshotReader:
    path = folder / "account.json"
    path.write_text(json.dumps(small_account(partition)))
    return open_snapshot(path)


def _answered(bad: BadSpec, reader: SnapshotReader) -> set[str]:
    """The keys that errors and warnings name."""
    account = reader.account
    facts = AccountFacts.of(account)
    try:
        value = decoded_json(bad.text(account.partition))
        spec = spec_of(value, facts)
    except SpecError as error:
        return {bad.key} if bad.key in str(error) else {str(error)}
    faults = {key_of(field, value) for field, _ in spec.field_faults()}
    if faults:
        return faults
    found = [each for each in check(spec, account, reader) if each.level in (Level.ERROR, Level.WARNING)]
    return {key_of(each.field, value, each.value) for each in found}


@pytest.mark.parametrize(("partition", "every"), [("aws", 1), ("aws-cn", 3), ("aws-us-gov", 4)])
def test_none_passes_green(partition: str, every: int, tmp_path: Path) -> None:
    reader = _account(partition, tmp_path)
    assert len(_ALL) > 160
    wrong = {bad.what: found for bad in _ALL[::every] if bad.key not in (found := _answered(bad, reader))}
    assert not wrong


def test_policies_of_an_organization_that_could_not_be_read_are_said(tmp_path: Path) -> None:
    spec = RoleSpec(
        "reader",
        Document.from_value(trust({"Service": "lambda.amazonaws.com"})),
        inline=(InlinePolicy("read", Document.from_value(document(allow("s3:GetObject", "arn:aws:s3:::b/*")))),),
    )
    content = snapshot([])
    for known in (True, False):
        if not known:
            content["Rolescope"].pop("Organization")
        account, reader = opened(tmp_path, content)
        codes = {each.code for each in check(spec, account, reader)}
        assert ("organization.unknown" in codes) != known, codes
