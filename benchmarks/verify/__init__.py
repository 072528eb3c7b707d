"""How fast are recordings judged, next to the tools of the field?"""

# The data flows down this list:
#
#   closed_loop, collections, lists, registers   recordings of any size, made in a second
#   jobs       what is judged, what it may cost, and what others need for it
#   child      one job in a process of its own
#   peers      Porcupine on the same recordings
#   report     the table, and the data to keep
