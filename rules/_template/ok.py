"""What looks alike and must stay silent: one function each, with the reason."""
