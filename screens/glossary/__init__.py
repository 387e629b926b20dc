"""The glossary of words on the screen."""
