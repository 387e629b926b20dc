"""Further permissions that Systems Manager and EC2 Image Builder need."""

from __future__ import annotations

from diagnostics.text.causes.denials.service_fact_row import DOCS, MANAGED, SAR, Known, known_row

SYSTEMS_MANAGER: tuple[Known, ...] = (
    known_row(
        r"imagebuilder:get(?:component|containerrecipe)$|s3:getobject$|kms:decrypt$|logs:(?:createlog(?:group|stream)|putlogevents)$",
        r"(?:imagebuilder:Get|ec2imagebuilder|\bImage ?Builder\b|/aws/imagebuilder/)[\s\S]*?/i-[0-9a-f]{8,17}\b"
        r"|/i-[0-9a-f]{8,17}\b[\s\S]*?(?:imagebuilder:|ec2imagebuilder|\bImage ?Builder\b|/aws/imagebuilder/)",
        "Image Builder's build instance calls with the role of the infrastructure configuration's instance profile: "
        "attach EC2InstanceProfileForImageBuilder and AmazonSSMManagedInstanceCore to it (for containers also "
        "EC2InstanceProfileForImageBuilderECRContainerBuilds). A bucket or key of your own needs a policy of its own.",
        f"{DOCS}/imagebuilder/latest/userguide/security-iam-awsmanpol.html",
    ),
    known_row(
        r"ssm:startsession$",
        r"ssm:startsession on resource: arn:[\w-]+:ssm:[\w-]*:\d*:document/(?=[\s\S]*Starting session with SessionId)",
        "A session starts in the text, so the instance and the access to it are fine: the refused request is for "
        "another session document. Allow ssm:StartSession on the document that the message names, too.",
        f"{DOCS}/systems-manager/latest/userguide/getting-started-restrict-access-quickstart.html",
    ),
    known_row(
        r"ssm:startsession$",
        r"ssm:startsession on resource: arn:[\w-]+:ssm:[\w-]*:\d*:document/",
        "StartSession is checked on the instance and on the session document, and here the document was refused: allow "
        "ssm:StartSession on the document that the message names, in addition to the instances. Neither the agent nor "
        "the instance's role is the cause.",
        f"{DOCS}/systems-manager/latest/userguide/getting-started-restrict-access-quickstart.html",
        gone=r"Starting session with SessionId",
    ),
    known_row(
        r"ssm:startsession$",
        r"",
        "StartSession is checked on the instance and on the document: allow instance/ID and "
        "document/SSM-SessionManagerRunShell (or the document that the call names). Encrypted sessions need "
        "kms:GenerateDataKey, too. The agent and the instance's role are not checked for the caller.",
        f"{DOCS}/systems-manager/latest/userguide/getting-started-restrict-access-quickstart.html",
        gone=r"ssm:startsession on resource: arn:[\w-]+:ssm:[\w-]*:\d*:document/",
    ),
    known_row(
        r"ssm:sendcommand$",
        r"",
        "SendCommand is checked on the document and on each instance: allow both document/NAME (AWS's own as "
        "arn:aws:ssm:REGION::document/AWS-…) and instance/ID. The result needs ssm:GetCommandInvocation on *.",
        f"{SAR}/list_awssystemsmanager.html",
    ),
    known_row(
        r"ssm:startautomationexecution$",
        r"",
        "An automation is checked on the document (automation-definition/NAME:VERSION) and the execution. If the "
        "automation has an assume role, the caller needs iam:PassRole on that role, to ssm.amazonaws.com; otherwise "
        "the steps use the caller's permissions.",
        f"{DOCS}/systems-manager/latest/userguide/automation-setup.html",
    ),
    known_row(
        r"(?:ssm:(?:update(?:instanceinformation|(?:instance)?associationstatus)|listinstanceassociations|listassociations"
        r"|getdeployablepatchsnapshotforinstance|getmanifest|putinventory|putcomplianceitems|putconfigurepackageresult"
        r"|getdocument|describeassociation)|ssmmessages:\w+|ec2messages:\w+)$",
        r":instance/i-|amazon-ssm-agent|\bi-[0-9a-f]{8,17}\b",
        "The SSM agent calls with the instance's role: attach AmazonSSMManagedInstanceCore to it, or turn on "
        "Default Host Management Configuration.",
        f"{MANAGED}/AmazonSSMManagedInstanceCore.html",
    ),
)
