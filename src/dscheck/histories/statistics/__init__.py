"""What a recording says about load: how much was asked, how long it took, how much at once, of which keys."""

# The data flows down this list, and so do the imports:
#
#   measures    what is measured, as plain data
#   overtime    concurrency, throughput and latency in slices of the recording's time
#   load        operations per key
#   measuring   all of it from a history
#   wording     the same as lines for a terminal
#   drawing     charts as SVG
#   page        one self-contained HTML page
