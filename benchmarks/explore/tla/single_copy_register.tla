------------------------ MODULE single_copy_register ------------------------
\* A register on one server: every client writes its own letter, and then reads.
EXTENDS Naturals

CONSTANT clients

Clients == 1..clients
Nothing == 0

VARIABLES value, network

vars == <<value, network>>

Put(c) == [type |-> "put", client |-> c]
PutDone(c) == [type |-> "put_done", client |-> c]
Get(c) == [type |-> "get", client |-> c]
Got(c, v) == [type |-> "got", client |-> c, value |-> v]

Init ==
  /\ value = Nothing
  /\ network = {Put(c) : c \in Clients}

OnPut(m) ==
  /\ m.type = "put"
  /\ value' = m.client
  /\ network' = (network \ {m}) \cup {PutDone(m.client)}

OnPutDone(m) ==
  /\ m.type = "put_done"
  /\ network' = (network \ {m}) \cup {Get(m.client)}
  /\ UNCHANGED value

OnGet(m) ==
  /\ m.type = "get"
  /\ network' = (network \ {m}) \cup {Got(m.client, value)}
  /\ UNCHANGED value

OnGot(m) ==
  /\ m.type = "got"
  /\ network' = network \ {m}
  /\ UNCHANGED value

Next == \E m \in network : OnPut(m) \/ OnPutDone(m) \/ OnGet(m) \/ OnGot(m)

Spec == Init /\ [][Next]_vars

Holds == \A m \in network : m.type = "got" => m.value # Nothing
=============================================================================
