"""The checker of protocols: what a model is written in, what it does, the search for what can go wrong."""

# The data flows down this list, and so do the imports: nobody knows who uses them.
#
#   notation/   what a model is written in; it knows nothing of searching
#   rules/      runs the model's methods on tracked state, and keeps their footprints as the engine's rules
#   traces/     counterexamples: told in the model's terms, explained, saved, replayed
#   search/     searches over the rules, with limits; ends in a Result
#
# Below all of them: `errors`, what dscheck raises on purpose; `verdict`, what it answers; and its `version`.
