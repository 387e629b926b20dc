"""The row for a module that a function's package lacks."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

LAMBDA_PACKAGES: tuple[System, ...] = (
    # AWS Lambda Developer Guide, "Troubleshoot deployment issues in Lambda" and "Packaging your layer content"
    # (https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html).
    documented(
        "the function's package",
        "The function's code imports a module that its package lacks, or the handler names a file that is not there: "
        "add the module to the package or to a layer.",
        "In a layer, Python's modules are in the folder python/ (Node.js: nodejs/node_modules), built for the "
        "function's runtime and architecture. The handler's name must be FILE.FUNCTION.",
        "Unable to import module {}: No module named",
        "Unable to import module {}: cannot import name",
        "Runtime.ImportModuleError: Error: Cannot find module",
        title="Put the module into the package or a layer",
    ),
)
