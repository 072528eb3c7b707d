"""What recordings prove about a system: which consistency promises they keep and which they break."""

# The data flows down this list, and so do the imports:
#
#   judgement       what a check found: verdict per promise, anomalies, witnesses
#   linearizability/ one object after another as if alone: dispatch by data type, search last
#   isolation/      transactions: one dependency graph, levels, anomalies
#   sessions/       what a client may expect of its own session, and how stale reads were
#   verify          chooses the checks for a history, and gathers what they found
