"""What s3fs, rclone and docker's credential helpers say about their own settings."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

STORAGE_PROGRAMS: tuple[System, ...] = (
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
    # rclone, "Amazon S3" (https://rclone.org/s3/), Glacier and Glacier Deep Archive.
    documented(
        "the object's storage class",
        "The object is archived, and rclone cannot read it before it is restored: run rclone backend restore or aws "
        "s3api restore-object, then wait.",
        "rclone backend restore REMOTE:BUCKET/KEY -o priority=Standard -o lifetime=7 (it needs s3:RestoreObject).",
        "Object in GLACIER, restore first",
        title="Restore the object first",
    ),
    # Chamber, README, "S3 Backend" (https://github.com/segmentio/chamber).
    documented(
        "chamber's bucket",
        "chamber is set to use S3, but no bucket is named: set CHAMBER_S3_BUCKET, or --backend-s3-bucket. AWS was not "
        "called.",
        "Without CHAMBER_SECRET_BACKEND chamber uses Parameter Store.",
        "Must set bucket for s3 backend",
        title="Name the bucket",
    ),
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
