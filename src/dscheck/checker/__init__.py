"""The checker: can a protocol go wrong, and did a system go wrong."""

# The data flows down these lists, and so do the imports: nobody knows who uses them.
#
#   specifications/  sequential data types in plain Python, for models and recordings alike
#
# Models:
#   notation/   what a model is written in; it knows nothing of searching
#   rules/      runs the model's methods on tracked state, and keeps their footprints as the engine's rules
#   traces/     counterexamples: told in the model's terms, explained, saved, replayed
#   search/     searches over the rules, with limits; ends in a Result
#
# Recordings (dscheck.histories):
#   consistency/ which promises a history keeps, which it breaks, and the operations that prove it
#
# Below all of them: `errors`, what dscheck raises on purpose; `verdict`, what it answers; a `line` of what it
# tells, and `amounts` in it; its `version`; and `interrupts`, so that Ctrl-C is always heard.
