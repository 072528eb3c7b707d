-------------------------- MODULE two_phase_commit --------------------------
\* Two-phase commit, after Gray and Lamport (2006): messages are never forgotten.
EXTENDS Naturals

CONSTANT nodes

RMs == 1..nodes

VARIABLES rm, tm, counted, sent

vars == <<rm, tm, counted, sent>>

Init ==
  /\ rm = [r \in RMs |-> "working"]
  /\ tm = "undecided"
  /\ counted = {}
  /\ sent = {}

Prepared(r) == [type |-> "prepared", from |-> r]
Decision(what) == [type |-> what]

Commit ==
  /\ tm = "undecided" /\ counted = RMs
  /\ tm' = "committed"
  /\ sent' = sent \cup {Decision("commit")}
  /\ UNCHANGED <<rm, counted>>

Abort ==
  /\ tm = "undecided"
  /\ tm' = "aborted"
  /\ sent' = sent \cup {Decision("abort")}
  /\ UNCHANGED <<rm, counted>>

Count(r) ==
  /\ tm = "undecided" /\ Prepared(r) \in sent
  /\ counted' = counted \cup {r}
  /\ UNCHANGED <<rm, tm, sent>>

Prepare(r) ==
  /\ rm[r] = "working"
  /\ rm' = [rm EXCEPT ![r] = "prepared"]
  /\ sent' = sent \cup {Prepared(r)}
  /\ UNCHANGED <<tm, counted>>

Become(r, what) ==
  /\ rm' = [rm EXCEPT ![r] = what]
  /\ UNCHANGED <<tm, counted, sent>>

GiveUp(r) == rm[r] = "working" /\ Become(r, "aborted")
HearCommit(r) == Decision("commit") \in sent /\ Become(r, "committed")
HearAbort(r) == Decision("abort") \in sent /\ Become(r, "aborted")

Next ==
  \/ Commit
  \/ Abort
  \/ \E r \in RMs : Count(r) \/ Prepare(r) \/ GiveUp(r) \/ HearCommit(r) \/ HearAbort(r)

Spec == Init /\ [][Next]_vars

Holds == \A a, b \in RMs : ~(rm[a] = "committed" /\ rm[b] = "aborted")
=============================================================================
