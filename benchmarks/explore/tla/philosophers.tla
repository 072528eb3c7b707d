---------------------------- MODULE philosophers ----------------------------
\* Dining philosophers, after Dijkstra (1971): everyone takes the left fork, then the right one.
EXTENDS Naturals

CONSTANT nodes

Table == 0..(nodes - 1)

VARIABLES does, taken

vars == <<does, taken>>

Before(p) == (p + nodes - 1) % nodes

\* The fork to the left has the philosopher's own number.
Left(p) == p
Right(p) == Before(p)

Init ==
  /\ does = [p \in Table |-> "think"]
  /\ taken = [f \in Table |-> FALSE]

TakeLeft(p) ==
  /\ does[p] = "think" /\ ~taken[Left(p)]
  /\ does' = [does EXCEPT ![p] = "wait"]
  /\ taken' = [taken EXCEPT ![Left(p)] = TRUE]

TakeRight(p) ==
  /\ does[p] = "wait" /\ ~taken[Right(p)]
  /\ does' = [does EXCEPT ![p] = "eat"]
  /\ taken' = [taken EXCEPT ![Right(p)] = TRUE]

PutDown(p) ==
  /\ does[p] = "eat"
  /\ does' = [does EXCEPT ![p] = "think"]
  /\ taken' = [taken EXCEPT ![Left(p)] = FALSE, ![Right(p)] = FALSE]

Next == \E p \in Table : TakeLeft(p) \/ TakeRight(p) \/ PutDown(p)

Spec == Init /\ [][Next]_vars

Holds == \A p \in Table : ~(does[p] = "eat" /\ does[Before(p)] = "eat")
=============================================================================
