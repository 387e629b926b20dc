"""The screens of the program: one package for each screen. Shared widgets are in `screens.widgets`."""
