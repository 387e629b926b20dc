"""The copy menu and the clipboard."""
