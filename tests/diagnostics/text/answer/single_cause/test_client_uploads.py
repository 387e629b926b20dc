"""MLflow's client writes to S3 by itself if the server names S3 as the experiments' location."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

REFUSED = (
    "boto3.exceptions.S3UploadFailedError: Failed to upload model.pkl to ml/7/model.pkl: An error occurred "
    "(AccessDenied) when calling the PutObject operation: Access Denied\n"
)


@pytest.mark.parametrize(
    ("server", "by_client"),
    [
        ("mlflow server --default-artifact-root s3://ml/7 --serve-artifacts", True),
        ("MLFLOW_DEFAULT_ARTIFACT_ROOT=s3://ml mlflow server\nthe server should proxy the uploads", True),
        ("mlflow server --artifacts-destination s3://ml --default-artifact-root s3://ml", True),
        ("mlflow server --artifacts-destination s3://ml", False),
        ("mlflow server --default-artifact-root s3://ml", False),
    ],
)
def test_a_client_uploads_by_itself(server: str, by_client: bool) -> None:
    answer = collect_offline(read_text(f"{server}\nmlflow.log_artifact('model.pkl')\n{REFUSED}")[0])
    assert ("MLflow's client uploads by itself" in answer.verdict.summary) is by_client


KEY = (
    "An error occurred (InvalidAccessKeyId) when calling the PutObject operation: The AWS Access Key Id you provided "
    "does not exist in our records."
)


@pytest.mark.parametrize("error", [KEY, "botocore.exceptions.NoCredentialsError: Unable to locate credentials (S3)"])
@pytest.mark.parametrize(
    ("server", "by_client"),
    [
        ("mlflow server --serve-artifacts --default-artifact-root s3://ml/7 --artifacts-destination s3://ml/7", True),
        ("mlflow server --artifacts-destination s3://ml", False),
    ],
)
def test_a_client_that_uploads_by_itself_needs_no_other_keys(server: str, error: str, by_client: bool) -> None:
    answer = collect_offline(read_text(f"{server}\nmlflow.log_model(model)\nboto3 S3: {error}")[0])
    assert ("MLflow's client uploads by itself" in answer.verdict.summary) is by_client
    if by_client:
        assert "Remove --default-artifact-root s3://ml/7" in str(answer.fixes[0].change)
