"""State graphs as drawings and files, for models that are small enough to be looked at."""

# The data flows down this list, and so do the imports:
#
#   layers    where each state goes: one row per depth
#   svg       the drawing
#   dot       text for Graphviz
#   graphml   a file for other tools that show graphs
