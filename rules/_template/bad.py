"""The finding at its place, and its shapes: one function each."""
session = make_session()  # expect: RULE_NAME
