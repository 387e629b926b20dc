"""Rows for s3fs."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

S3FS: tuple[System, ...] = (
    # s3fs, README and src/s3fs_cred.cpp (https://github.com/s3fs-fuse/s3fs-fuse).
    documented(
        "the credentials of s3fs",
        "s3fs found no credentials: give it ~/.passwd-s3fs (KEY:SECRET, mode 600), a profile (-o profile=NAME), or the "
        "instance's role (-o iam_role=auto). S3 was not called.",
        "When started by fstab or sudo, s3fs runs as root, with root's home directory: name the file with -o "
        "passwd_file=FILE.",
        "could not determine how to establish security credentials",
        title="Give s3fs credentials",
    ),
    documented(
        "the mode of s3fs's credentials file",
        "s3fs refuses to use {name} while other users can read it: run chmod 600 {name}. S3 was not called.",
        "Only /etc/passwd-s3fs may be readable by its group (640).",
        "credentials file {name} should not have others permissions",
        "credentials file {name} should not have group permissions",
        title="Make the file readable only for its owner",
    ),
)
