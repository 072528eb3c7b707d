"""Monitors: what @linearizable and @sequentially_consistent remember of the operations recorded so far.

A monitor is one more place of the state, with one value, and an event is a blind update of it: a table from
values to values that the engine repeats without Python, and that no footprint depends on.

    watch.py             one promise: which events it sees, and the place of its monitor
    monitor.py           what every monitor is
    linearizability.py   keeps the configurations that are possible, and forgets what has been answered
    sequential.py        keeps what each client did
    steps.py             a specification's steps, each asked once
"""
