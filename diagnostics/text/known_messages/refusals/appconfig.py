"""Messages of AWS AppConfig."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, no_permission

_API = "https://docs.aws.amazon.com"
APPCONFIG: tuple[ServiceSentence, ...] = (
    no_permission(
        "feature flag configurations must be accessed",
        r"Feature flag configurations must be accessed via AWS AppConfig Data",
        "The program calls the old GetConfiguration for feature flags: call StartConfigurationSession and "
        "GetLatestConfiguration of AWS AppConfig Data. This error refuses no permission.",
        "For these calls, the caller needs appconfig:StartConfigurationSession and appconfig:GetLatestConfiguration on "
        "the configuration. If you cannot change the program, use a freeform configuration profile.",
        f"{_API}/appconfig/latest/userguide/retrieving-feature-flags.html",
    ),
)
