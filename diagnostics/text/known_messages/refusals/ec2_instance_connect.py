"""Messages of EC2 Instance Connect."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, of_codes

_DOCS = "https://docs.aws.amazon.com"
EC2_INSTANCE_CONNECT: tuple[ServiceSentence, ...] = (
    of_codes(
        "AuthException",
        "the caller of EC2 Instance Connect",
        "the caller is not allowed to send the key to this instance",
        "EC2 Instance Connect refuses the caller: its credentials are not valid, or the caller is not allowed to send "
        "a key to this instance.",
        "Allow the caller ec2-instance-connect:SendSSHPublicKey on the instance's ARN; a condition on ec2:osuser must "
        "match the OS user of the call. Compare the instance's account and Region.",
        f"{_DOCS}/ec2-instance-connect/latest/APIReference/API_SendSSHPublicKey.html",
        check="aws sts get-caller-identity",
    ),
)  # fmt: skip
