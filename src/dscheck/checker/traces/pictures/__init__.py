"""Counterexamples as drawings: a page with a sequence diagram, and text for documents."""

# The data flows down this list, and so do the imports:
#
#   arrows     from where to where each message went, and what became of it
#   sequence   lanes per node, steps from top to bottom, as SVG
#   mermaid    the same for documents that draw Mermaid
#   dot        the same for Graphviz
#   page       one self-contained HTML page
