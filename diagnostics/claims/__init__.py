"""The claims that a diagnosis's sentences make, as data, and the check of these claims against steps and text."""
