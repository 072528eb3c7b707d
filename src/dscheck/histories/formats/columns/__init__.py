"""Tables: CSV and Parquet, with a mapping from their columns to what dscheck calls them."""

# The data flows down this list, and so do the imports:
#
#   cells            one cell: values, times, outcomes
#   mapping          which column plays which role
#   tables           a history from the columns of a table
#   comma_separated  CSV, TSV and their kin, read and written
#   parquet          Parquet, with pyarrow
