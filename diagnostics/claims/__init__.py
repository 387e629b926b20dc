"""The claims of a diagnosis's sentences, as data, and the check of these claims against steps, readings and text."""
