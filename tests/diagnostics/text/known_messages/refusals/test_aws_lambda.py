"""Messages of Lambda about the image of a function: what the text decides."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text


def summary(text: str) -> str:
    (failure, *_) = read_text(text)
    return collect_offline(failure).verdict.summary


PULLED = (
    "CREATE_FAILED: Lambda does not have permission to access the ECR image. Check the ECR permissions.\nImageUri: "
    '777788889999.dkr.ecr.us-west-2.amazonaws.com/api:1\n{{"Statement": [{{"Effect": "Allow", "Principal": {{"AWS": '
    '"111122223333"}}, "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]}}, {{"Effect": "Allow", '
    '"Principal": {{"Service": "lambda.amazonaws.com"}}, "Action": ["ecr:BatchGetImage", '
    '"ecr:GetDownloadUrlForLayer"], "Condition": {{"StringLike": {{"aws:SourceArn": {}}}}}}}]}}\n'
)


@pytest.mark.parametrize(
    ("arns", "differs"),
    [
        ('"arn:aws:lambda:us-east-1:111122223333:function:*"', True),
        ('["arn:aws:lambda:us-east-1:111122223333:function:a", "arn:aws:lambda:us-east-2:111122223333:*"]', True),
        ('"arn:aws:lambda:us-west-2:111122223333:function:*"', False),
        ('"arn:aws:lambda:*:111122223333:function:*"', False),
        ('["arn:aws:lambda:us-east-1:111122223333:function:a", "arn:aws:lambda:us-west-2:111122223333:*"]', False),
    ],
)
def test_the_region_of_an_image_is_compared_with_its_repositorys_policy(arns: str, *, differs: bool) -> None:
    said = summary(PULLED.format(arns))
    assert ("in us-east-1 (aws:SourceArn), but the image, and so the function, is in us-west-2" in said) is differs
