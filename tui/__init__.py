"""The shell: command line, start-up, application, keys, themes, command palette, configuration."""

__version__ = "0.2.0"
