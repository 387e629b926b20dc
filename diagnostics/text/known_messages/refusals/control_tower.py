"""Messages of AWS Control Tower about AWSControlTowerExecution and AWS Config."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"

_TOWER = f"{_API}/controltower/latest/userguide"

_ORG = "aws organizations describe-organization --query Organization.MasterAccountId"

CONTROL_TOWER: tuple[ServiceSentence, ...] = (
    row(
        "awscontroltowerexecution",
        r"AWSControlTowerExecution role can(?:'t|not) be assumed on the account",
        "Control Tower, by the account's role AWSControlTowerExecution",
        "Control Tower cannot assume AWSControlTowerExecution in that account",
        "Control Tower cannot assume AWSControlTowerExecution in the member account: most likely the account was "
        "closed or suspended before its provisioned product was deleted.",
        UsualCause(
            "If the account is closed: have AWS Support reopen it, delete the provisioned product and close it "
            "again; or remove its stack instances from Control Tower's StackSets and keep the stacks.",
            "aws organizations describe-account --account-id ACCOUNT",
            Who.ORG_ADMIN,
        ),
        UsualCause(
            "If the account is active: the role must exist in it, trust the management account, and have "
            "AdministratorAccess.",
            "aws iam get-role --role-name AWSControlTowerExecution",
            Who.ORG_ADMIN,
        ),
        page=f"{_TOWER}/troubleshooting.html",
    ),
    row(
        "awscontroltowerexecution",
        r"(?:missing|create|must have|doesn't have|does not have|add)\b[^\n.]{0,80}\bAWSControlTowerExecution\b"
        r"(?! role cannot)|\bAWSControlTowerExecution\b[^\n.]{0,60}\b(?:missing|does not exist|doesn't exist"
        r"|not found)",
        "Control Tower, by the account's role AWSControlTowerExecution",
        "the account lacks the role AWSControlTowerExecution",
        "The account lacks the role AWSControlTowerExecution: create it there, with the management account in its "
        "trust policy and AdministratorAccess, then enroll the account again.",
        UsualCause(
            "After a first attempt that failed: first terminate the provisioned product in Service Catalog, "
            "move the account back to the root, then create the role and enroll it.",
            _ORG,
            Who.ORG_ADMIN,
        ),
        page=f"{_TOWER}/enroll-manually.html",
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
    ),
    row(
        ("assume the awscontroltowerexecution", "assume awscontroltowerexecution", "role awscontroltowerexecution"),
        r"(?:cannot|can't|can not|unable to|not able to|could not|failed to) assume (?:the )?(?:role )?"
        r"AWSControlTowerExecution\b",
        "Control Tower, by the account's role AWSControlTowerExecution",
        "Control Tower cannot assume AWSControlTowerExecution in that account",
        "Control Tower cannot assume AWSControlTowerExecution in the member account: the role is missing there, or its "
        "trust policy does not name the management account.",
        UsualCause(
            "Let the role trust the management account's root (sts:AssumeRole), keep AdministratorAccess, and "
            "enroll the account again.",
            "aws iam get-role --role-name AWSControlTowerExecution",
            Who.ORG_ADMIN,
            shown_by=r"\A(?=[\s\S]*?\b[Mm]anagement account\D{0,20}(?P<management>\d{12}))"
            r"(?=[\s\S]*?\"AWS\"\s*:\s*\[?\s*\"(?:arn:[\w-]+:iam::)?(?!(?P=management))(?P<trusted>\d{12}))"
            r"(?![\s\S]*?\"AWS\"[^}]{0,200}(?P=management))",
            decides="Correct the trust policy of AWSControlTowerExecution in the member account: it names "
            "account {trusted}, not the management account {management}.",
        ),
        UsualCause(
            "If the role exists in the member account: compare the account in its trust policy with the "
            "management account. If it is missing: create it, with AdministratorAccess.",
            "aws iam get-role --role-name AWSControlTowerExecution",
            Who.ORG_ADMIN,
        ),
        page=f"{_TOWER}/enroll-manually.html",
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
    ),
    row(
        "control tower cannot create an aws config",
        r"Control Tower cannot create an AWS Config (?:delivery channel|configuration recorder) because one already "
        "exists",
        "nobody",
        "the account has an AWS Config recorder or delivery channel of its own",
        "The account has its own recorder and delivery channel of AWS Config in a governed Region: delete both there, "
        "or have them adapted. No permission is missing.",
        UsualCause(
            "Turning AWS Config off in the console deletes neither the recorder nor the delivery channel: in "
            "each governed Region use aws configservice stop-configuration-recorder, delete-delivery-channel "
            "and delete-configuration-recorder. To keep them, see the page on enrolling accounts with AWS "
            "Config.",
            "aws configservice describe-delivery-channels",
            Who.RESOURCE_OWNER,
        ),
        page=f"{_TOWER}/existing-config-resources.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
)
