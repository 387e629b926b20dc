"""The places of the program's own files: the configuration, the review's accepted findings and the log."""

from __future__ import annotations

import os
from pathlib import Path


def configuration_path() -> Path:
    """Return ROLESCOPE_CONFIG if it is set, or else ``rolescope/config.toml`` in the user's configuration directory."""
    if path := os.environ.get("ROLESCOPE_CONFIG"):
        return Path(path).expanduser()
    from platformdirs import user_config_path

    return user_config_path("rolescope") / "config.toml"


def accepted_path() -> Path:
    """Return the path of the file with the review's accepted findings: ``accepted.toml`` next to the configuration."""
    return configuration_path().with_name("accepted.toml")


def log_path() -> Path:
    """Return the path of the log: ``rolescope/rolescope.log`` in the user's state directory."""
    from platformdirs import user_state_path

    return user_state_path("rolescope") / "rolescope.log"
