"""Rows for clients of Amazon MSK: session names, listeners, limits, classes."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, documented, made_system

# Apache Kafka, SaslClientAuthenticator (https://github.com/apache/kafka), and librdkafka, rdkafka_sasl.c
# (https://github.com/confluentinc/librdkafka): what a broker offers instead of the client's mechanism.
_ASKED = r"Client\s+SASL\s+mechanism\s+'(?:{})'\s+not\s+enabled\s+in\s+the\s+server"
_HANDSHAKE = r"SASL\s+(?:{})\s+mechanism\s+handshake\s+failed"
_OFFERED = r"(?:enabled\s+mechanisms\s+are\s+\[|supported\s+mechanisms:\s*)([A-Z][A-Z0-9_-]+(?:,\s*[A-Z][A-Z0-9_-]+)*)"
_OF_MECHANISMS = ("not enabled in the server", "mechanism handshake failed")
_NOT_OF_MSK = r"\A(?![\s\S]*(?:AWS_MSK_IAM|\.kafka(?:-serverless)?\.[\w-]+\.amazonaws\.com))"
_NOT_JAVA = (
    r"(?:\brdkafka|\blibrdkafka|\bconfluent[-_]kafka|\baws[-_]msk[-_]iam[-_]sasl[-_]signer|\bMSKAuthTokenProvider\b"
    r"|\b(?:generate_auth_token|generateAuthToken|GenerateAuthToken)\b|\boauth_cb\b|\bsarama\b|\bkafkajs\b"
    r"|\bkafka-python\b|\bfranz-go\b)"
)
"""Names of Kafka clients, and of signers of MSK, that are not Java's."""

MSK_CLIENTS: tuple[System, ...] = (
    # Amazon MSK Library for AWS IAM, README, "Troubleshooting" (https://github.com/aws/aws-msk-iam-auth).
    documented(
        "the session's name when Kafka authenticates again",
        "The session's name changed when the credentials were renewed, and MSK requires the same principal for the "
        "entire connection: give the client a role with a fixed session name.",
        'In sasl.jaas.config, write IAMLoginModule required awsRoleArn="ROLE" awsRoleSessionName="NAME"; the '
        "role's trust policy must allow the client's own role. EKS Pod Identity creates a new name for each session.",
        "Cannot change principals during re-authentication",
        title="Set awsRoleArn and a fixed awsRoleSessionName",
        unless=_NOT_JAVA,
    ),
    # AWS SDKs and Tools Reference Guide, "Assume role credential provider": AWS_ROLE_SESSION_NAME
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html).
    documented(
        "the session's name when a Kafka client without Java authenticates again",
        "The session's name changed when the credentials were renewed, and MSK requires the same principal for the "
        "entire connection: fix the session's name.",
        "Set AWS_ROLE_SESSION_NAME to a fixed value in the client's environment: with a web identity (IRSA) the SDK "
        "otherwise makes a new name at each renewal. If the client assumes a role itself, pass a fixed session name "
        "in that call. Neither kafka-cluster actions nor the trust policy have to change.",
        "Cannot change principals during re-authentication",
        title="Set AWS_ROLE_SESSION_NAME to a fixed value",
        unless=rf"\A(?![\s\S]*{_NOT_JAVA})",
    ),
    documented(
        "MSK's limit of new connections",
        "The broker accepts only so many new IAM connections a second, and the clients make more: raise "
        "reconnect.backoff.ms to at least 1000.",
        "The limit depends on the broker's type. Look for clients that connect again and again. No kafka-cluster "
        "action was refused.",
        "failed authentication due to: {} Too many connects",
        title="Let the clients wait between connections",
    ),
    # Amazon MSK Developer Guide, "Port information" and "Get the bootstrap brokers"
    # (https://docs.aws.amazon.com/msk/latest/developerguide/port-info.html,
    # https://docs.aws.amazon.com/msk/latest/developerguide/msk-get-bootstrap-brokers.html).
    made_system(
        "MSK's listener for IAM",
        "aws kafka get-bootstrap-brokers prints the addresses of IAM's listener (BootstrapBrokerStringSaslIam); only a "
        "cluster with IAM authentication has one. The security group must admit its port. In MSK, ports 9096 and "
        "9196 are for SASL/SCRAM. No kafka-cluster action was refused.",
        rf"{_ASKED.format('AWS_MSK_IAM|OAUTHBEARER')}(?![^\n]*\[[^\]\n]*(?:AWS_MSK_IAM|OAUTHBEARER))"
        rf"|{_HANDSHAKE.format('AWS_MSK_IAM|OAUTHBEARER')}(?![^\n]*mechanisms:[^\n]*(?:AWS_MSK_IAM|OAUTHBEARER))",
        *_OF_MECHANISMS,
        unless=_NOT_OF_MSK,
        subject=_OFFERED,
        verdict="The client signs in with IAM, but the port that it called takes only {name}: call MSK's port for IAM, "
        "9098 (9198 for public access).",
        title="Call MSK's port for IAM, 9098 (9198 for public access)",
    ),
    made_system(
        "MSK's listener for SASL/SCRAM",
        "aws kafka get-bootstrap-brokers prints its addresses (BootstrapBrokerStringSaslScram); only a cluster with "
        "SASL/SCRAM has one. To keep the port for IAM, let the client sign in with IAM (sasl.mechanism AWS_MSK_IAM, "
        "or OAUTHBEARER with MSK's library). No kafka-cluster action was refused.",
        rf"{_ASKED.format('SCRAM-SHA-[0-9]+|PLAIN')}[^\n]*\[[^\]\n]*AWS_MSK_IAM"
        rf"|{_HANDSHAKE.format('SCRAM-SHA-[0-9]+|PLAIN')}[^\n]*mechanisms:[^\n]*AWS_MSK_IAM",
        *_OF_MECHANISMS,
        verdict="The client signs in with a user name and password, but the port that it called is MSK's port for IAM "
        "(9098, 9198 for public access): SASL/SCRAM has the ports 9096 and 9196.",
        title="Call MSK's port for SASL/SCRAM, or sign in with IAM",
    ),
    made_system(
        "a class that Kafka does not find",
        "Add the JAR aws-msk-iam-auth (with its dependencies, -all.jar) to the client's classpath. In Kafka Connect it "
        f"belongs on the worker's classpath (libs), not on plugin.path. {NONE_MISSING}",
        r"software\.amazon\.msk\.auth\.iam\.\w+\s+could\s+not\s+be\s+found"
        r"|No\s+LoginModule\s+found\s+for\s+software\.amazon\.msk\.auth\.iam"
        r"|(?:ClassNotFoundException|NoClassDefFoundError):\s+software[./]amazon[./]msk[./]auth[./]iam"
        r"|unable\s+to\s+find\s+LoginModule\s+class:\s+software\.amazon\.msk\.auth\.iam"
        r"|while\s+evaluating\s+challenge[^\x1e]{0,200}?Unsupported\s+callback\s+type:\s+software\.amazon\.msk",
        "software.amazon.msk",
        "software/amazon/msk",
        flags=re.MULTILINE | re.IGNORECASE,
        verdict="The Kafka client does not find the library for MSK's IAM authentication (aws-msk-iam-auth): its JAR "
        "is not on the client's own classpath.",
        title="Add aws-msk-iam-auth to the client's classpath",
    ),
)
