"""boto3 sessions whose requests are answered within this process, regardless of the machine's AWS configuration."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import Any

import boto3
import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.loaders import Loader


@functools.cache
def _loader() -> Loader:
    """Return botocore's loader of service models, so that they are read once for all sessions of the demo."""
    return Loader(include_default_search_paths=True)


def session_for(
    server: Callable[..., AWSResponse], *, access_key: str, secret: str = "demo", token: str | None = None, region: str
) -> boto3.Session:
    """Return a boto3 session that signs with this access key and sends nothing over the network.

    Only this session's own event system is changed: other sessions of the process reach AWS, or another endpoint, as
    before. The machine's configuration files, profiles and endpoint variables have no effect on it.
    """
    fixed: dict[str, tuple[Any, ...]] = {
        "profile": (None, None, None, None),
        "config_file": (None, None, os.devnull, None),
        "credentials_file": (None, None, os.devnull, None),
        "ignore_configured_endpoint_urls": (None, None, True, None),
        "use_fips_endpoint": (None, None, None, None),
        "use_dualstack_endpoint": (None, None, None, None),
        "sts_regional_endpoints": (None, None, "regional", None),
    }
    core = botocore.session.Session(session_vars=fixed)
    core.register_component("data_loader", _loader())
    # boto3 adds its own folder for each session, and every folder is searched for each model.
    _loader().search_paths[:] = dict.fromkeys(_loader().search_paths)
    core.register("before-send.*.*", server)
    return boto3.Session(
        aws_access_key_id=access_key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        region_name=region,
        botocore_session=core,
    )
