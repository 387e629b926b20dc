"""Errors about an account's subscriptions, state and Regions."""

from __future__ import annotations

from diagnostics.text.answer.error_meanings.meaning import API, meaning

_METER = f"{API}/marketplacemetering/latest/APIReference"
ACCOUNTS = (
    meaning(
        "ProductionAccessNotGranted",
        "The account is in the sandbox of Amazon SES in this Region: request production access there (SES console, "
        "account dashboard).",
        f"{API}/ses/latest/APIReference/API_SendCustomVerificationEmail.html",
    ),
    meaning(
        "AccountSendingPaused SendingPaused",
        "Sending is paused for this account or configuration set in Amazon SES, by you or by AWS (because of your "
        "reputation): aws sesv2 get-account shows the pause, and AWS sends its reason by e-mail.",
        f"{API}/ses/latest/APIReference/API_SendEmail.html",
    ),
    meaning(
        "AccountSuspended InvalidAccountStatus",
        "AWS has suspended this account, or its use of the service: its owner must ask AWS Support. No policy changes "
        "that.",
        f"{API}/appstream2/latest/APIReference/API_CreateFleet.html",
    ),
    meaning(
        "InvalidRole",
        "WorkSpaces Applications (AppStream 2.0) cannot use the role: the role does not exist in this account, or "
        "its trust policy does not name appstream.amazonaws.com.",
        f"{API}/appstream2/latest/APIReference/API_CreateFleet.html",
        of=r"Fleet|ImageBuilder|AppBlock|Stack",
        is_permission=True,
    ),
    meaning(
        "InvalidEndpointRegion InvalidRegion",
        "Call the Marketplace Metering endpoint of the Region in which the instance, task or pod runs: do not set "
        "another Region in the program.",
        f"{_METER}/API_MeterUsage.html",
        of=r"Meter|RegisterUsage",
    ),
    meaning(
        "CustomerNotEntitled",
        "This account has no valid subscription of the product: subscribe in AWS Marketplace with the account in "
        "which the container runs.",
        f"{_METER}/API_RegisterUsage.html",
    ),
    meaning(
        "PlatformNotSupported",
        "AWS Marketplace meters this product only on Amazon ECS, Amazon EKS and Fargate: run the container there.",
        f"{_METER}/API_RegisterUsage.html",
    ),
    meaning(
        "DisabledApi",
        "This operation of AWS Marketplace is disabled in the Region of the call: call a Region in which it is "
        "offered.",
        f"{_METER}/API_ResolveCustomer.html",
    ),
    meaning(
        "InvalidProductCode",
        "Correct the product code, which differs from the code under which the product is published in AWS "
        "Marketplace.",
        f"{_METER}/API_MeterUsage.html",
    ),
    meaning(
        "InvalidHomeRegion",
        "Make this call in the trail's home Region, in which the trail was created: in other Regions, the trail "
        "can only be read (aws cloudtrail describe-trails shows HomeRegion).",
        f"{API}/awscloudtrail/latest/APIReference/API_UpdateTrail.html",
    ),
    meaning(
        "InvalidActiveRegion",
        "Make this call in the currently active Region of the Amazon Connect instance's traffic group: the call "
        "was sent to the group's other Region.",
        f"{API}/connect/latest/APIReference/API_ResumeContactRecording.html",
    ),
    meaning(
        "Redirect",
        "The license is in another Region: make the call there.",
        f"{API}/license-manager/latest/APIReference/API_CheckoutBorrowLicense.html",
        of=r"Licen|Grant|Token",
    ),
    meaning(
        "OptedOut",
        "The phone number has opted out of messages: only its owner can opt in again. No policy is the cause.",
        f"{API}/sns/latest/api/API_CreateSMSSandboxPhoneNumber.html",
    ),
    meaning(
        "BadRequest Validation InvalidRequest InvalidParameterValue",
        "The bucket is not in the Region that was called: use a bucket in that Region, or make the call in the "
        "bucket's Region.",
        f"{API}/transcribe/latest/APIReference/API_StartTranscriptionJob.html",
        said=r"(?:bucket|S3 URI|S3 location)[^.]{0,60}(?:isn.t|is not|must be|should be) in (?:the )?same region",
    ),
    meaning(
        "Validation",
        "Bedrock has no model with this identifier in the Region of the call: compare it letter by letter with the "
        "output of aws bedrock list-foundation-models and list-inference-profiles in that Region.",
        f"{API}/bedrock/latest/userguide/troubleshooting-api-error-codes.html",
        said=r"provided model identifier is invalid",
    ),
)
