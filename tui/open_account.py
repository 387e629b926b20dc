"""Which account the options mean."""

from __future__ import annotations

import argparse

from iam.sources.reader import AccountReader, SourceError
from tui.account_choice import contradiction


def open_reader(options: argparse.Namespace) -> AccountReader:
    """The reader that the account options choose. Imports what it needs only now: boto3 and moto are heavy.

    Raises `SourceError` when the options contradict each other or nothing can be opened.
    """
    trouble = contradiction(options)
    if trouble:
        raise SourceError(trouble)
    if options.snapshot:
        from iam.sources.snapshot import open_snapshot

        return open_snapshot(options.snapshot)
    if options.demo:
        from iam.sources.demo.open import open_demo

        return open_demo(as_user=options.as_user, region=options.region)
    from iam.sources.aws import open_aws

    return open_aws(profile=options.profile, region=options.region, endpoint_url=options.endpoint_url)
