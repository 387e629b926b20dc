"""Rows for docker: the format of a program, credential helpers, logins, the network to the registry."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

FILE_FORMATS: tuple[System, ...] = (
    # Dockerfile reference and "Multi-platform builds" (https://docs.docker.com/build/building/multi-platform/).
    made_system(
        "the program's file format",
        "The image is for another CPU (arm64, amd64), or a script lacks its first line (#!/bin/sh): build for the "
        f"host's platform with docker build --platform. {NONE_MISSING}",
        r"exec\s+format\s+error",
        "exec format error",
        flags=re.IGNORECASE,
        verdict="The program could not start: its file is for another CPU, or is not a script. A missing permission is "
        "not the cause.",
    ),
)
