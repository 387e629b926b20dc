"""Rows for docker: the format of a program, credential helpers, logins, the network to the registry."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, documented, made_system

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

DOCKER_LOGINS: tuple[System, ...] = (
    # Amazon ECR Docker Credential Helper, README (https://github.com/awslabs/amazon-ecr-credential-helper).
    documented(
        "docker's credential helper",
        "Docker's configuration names the credential helper {name}, which is not on the PATH: install it, or remove it "
        "from credHelpers or credsStore in ~/.docker/config.json.",
        "The helper must be on the PATH of whoever calls the registry: a build's user, dockerd's client, a container. "
        "ECR was not called.",
        'exec: "{name}": executable file not found in',
        title="Install the credential helper, or remove it from the configuration",
        unless=r"\A(?![\s\S]*docker-credential-)",
    ),
    documented(
        "docker login in addition to the credential helper",
        "Docker cannot store this login: its credential helper for ECR (ecr-login) does not store logins, but fetches "
        "tokens itself. Leave docker login out, or remove the helper.",
        "With credsStore or credHelpers: ecr-login no docker login is needed; AWS_ECR_IGNORE_CREDS_STORAGE=true makes "
        "the helper ignore it. For another registry, set credHelpers for ECR's hosts only.",
        "Error saving credentials: error storing credentials - err: exit status 1, out: `not implemented`",
        title="Leave docker login out, or remove the helper",
        unless=r"\A(?![\s\S]*ecr)",
    ),
    documented(
        "the network to the registry",
        "Docker got no answer from the registry {name}: the machine's network has no route there. The login itself was "
        "not refused.",
        "A private subnet needs endpoints for ecr.api and ecr.dkr (with S3's gateway endpoint), a NAT gateway, or a "
        "proxy that dockerd knows.",
        "Could not login to registry {name}: Error response from daemon: {} request canceled while waiting for "
        "connection",
        "Error response from daemon: Get {}://{name}/v2/{} net/http: request canceled while waiting for connection",
        title="Let the machine reach the registry",
        unless=r"\A(?![\s\S]*\.dkr\.ecr)",
    ),
)
