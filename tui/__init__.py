"""The shell: command line, start-up, application, keys, themes, command palette, configuration."""
