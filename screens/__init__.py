"""What a person sees: one module a screen, shared widgets in `screens.widgets`."""
