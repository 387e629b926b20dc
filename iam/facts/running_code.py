"""Actions that, by themselves, let the caller run code or open a session in an existing resource.

The code runs with the permissions of the resource's role. These actions are therefore the most serious of their access
level.
"""

from __future__ import annotations

from collections.abc import Mapping

_DOCS = "https://docs.aws.amazon.com"
_SYSTEMS_MANAGER = f"{_DOCS}/systems-manager/latest/APIReference"
_SAGEMAKER = f"{_DOCS}/sagemaker/latest/APIReference"
_CODEBUILD = f"{_DOCS}/codebuild/latest/APIReference"
_PAGES: Mapping[str, str] = {
    "apprunner:UpdateService": f"{_DOCS}/apprunner/latest/api/API_UpdateService.html",
    "batch:SubmitJob": f"{_DOCS}/batch/latest/APIReference/API_SubmitJob.html",
    "cloudformation:UpdateStack": f"{_DOCS}/AWSCloudFormation/latest/APIReference/API_UpdateStack.html",
    "codebuild:StartBuild": f"{_CODEBUILD}/API_StartBuild.html",
    "codebuild:StartBuildBatch": f"{_CODEBUILD}/API_StartBuildBatch.html",
    "ec2-instance-connect:SendSSHPublicKey": f"{_DOCS}/ec2-instance-connect/latest/APIReference/"
    "API_SendSSHPublicKey.html",
    "ecs:ExecuteCommand": f"{_DOCS}/AmazonECS/latest/APIReference/API_ExecuteCommand.html",
    "elasticmapreduce:AddJobFlowSteps": f"{_DOCS}/emr/latest/APIReference/API_AddJobFlowSteps.html",
    "glue:RunStatement": f"{_DOCS}/glue/latest/webapi/API_RunStatement.html",
    "glue:UpdateDevEndpoint": f"{_DOCS}/glue/latest/webapi/API_UpdateDevEndpoint.html",
    "lambda:UpdateFunctionCode": f"{_DOCS}/lambda/latest/api/API_UpdateFunctionCode.html",
    "sagemaker:CreatePresignedDomainUrl": f"{_SAGEMAKER}/API_CreatePresignedDomainUrl.html",
    "sagemaker:CreatePresignedNotebookInstanceUrl": f"{_SAGEMAKER}/API_CreatePresignedNotebookInstanceUrl.html",
    "ssm:SendCommand": f"{_SYSTEMS_MANAGER}/API_SendCommand.html",
    "ssm:StartSession": f"{_SYSTEMS_MANAGER}/API_StartSession.html",
}
RUNNING_CODE: Mapping[str, str] = {action.lower(): page for action, page in _PAGES.items()}
"""AWS's page about each action, by the action in lower case."""
