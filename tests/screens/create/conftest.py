"""AWS's own policies, which the screen lists each time that it is opened: read once for each of the demo's users."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from iam.sources.aws.policies import AwsPolicies
from iam.sources.reader.reading import Reading


@pytest.fixture(scope="session", autouse=True)
def _listed_once() -> Iterator[None]:
    listed: dict[str, Reading[tuple[str, ...]]] = {}
    read = AwsPolicies.aws_managed_policies

    def once(self: AwsPolicies) -> Reading[tuple[str, ...]]:
        key = self.aws.session.get_credentials().access_key
        if key not in listed:
            listed[key] = read(self)
        return listed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AwsPolicies, "aws_managed_policies", once)
        yield
