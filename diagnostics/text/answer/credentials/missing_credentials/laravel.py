"""The row for Laravel, which does not load .env after config:cache."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import NO_CREDENTIALS, CredentialFault, fault
from iam.claims import Ground

LARAVEL: tuple[CredentialFault, ...] = (
    # The same chain on a machine that is not an EC2 instance: no metadata service answers there.
    # Laravel, "Configuration caching": once the configuration is cached, .env is not loaded, and env() returns only
    # external environment variables (https://laravel.com/docs/configuration#configuration-caching).
    fault(
        NO_CREDENTIALS + r"|EC2RoleRequestError|credentials from the instance profile metadata",
        "After php artisan config:cache, Laravel does not load .env: env() outside the configuration files returns "
        "null, and the AWS SDK sees no keys. Most likely this is the cause; no permission is missing.",
        "Read the values with config(), and cache the configuration again",
        "php artisan config:clear  # if the call works now, this was the cause",
        "Pass the key, the secret and the Region from a file in config/ (such as config/services.php), or set the "
        "variables in the environment of PHP itself.",
        check=None,
        speaker=r"\bconfig:cache\b|\bartisan optimize\b(?!:clear)",
        ground=Ground.LIKENESS,
    ),
)
