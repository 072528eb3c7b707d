--------------------------- MODULE ring_election ----------------------------
\* Leader election on a ring, after Chang and Roberts (1979).  Messages go from each station to the one below it.
EXTENDS Naturals, Sequences

CONSTANT nodes

Ring == 1..nodes
None == 0

Below(s) == IF s = 1 THEN nodes ELSE s - 1

VARIABLES takesPart, leader, link

vars == <<takesPart, leader, link>>

Init ==
  /\ takesPart = [s \in Ring |-> FALSE]
  /\ leader = [s \in Ring |-> None]
  /\ link = [s \in Ring |-> <<>>]

Bid(who) == [type |-> "bid", who |-> who]
Elected(who) == [type |-> "elected", who |-> who]

\* The links after a station has read what it reads, and passed something on.
Passed(links, s, message) == [links EXCEPT ![Below(s)] = Append(@, message)]
Read(s) == [link EXCEPT ![s] = Tail(@)]

CallElection(s) ==
  /\ ~takesPart[s]
  /\ takesPart' = [takesPart EXCEPT ![s] = TRUE]
  /\ link' = Passed(link, s, Bid(s))
  /\ UNCHANGED leader

OnBid(s) ==
  /\ link[s] # <<>> /\ Head(link[s]).type = "bid"
  /\ LET who == Head(link[s]).who IN
     CASE who = s ->
            /\ leader' = [leader EXCEPT ![s] = s]
            /\ link' = Passed(Read(s), s, Elected(s))
            /\ UNCHANGED takesPart
       [] who > s ->
            /\ takesPart' = [takesPart EXCEPT ![s] = TRUE]
            /\ link' = Passed(Read(s), s, Bid(who))
            /\ UNCHANGED leader
       [] who < s /\ ~takesPart[s] ->
            /\ takesPart' = [takesPart EXCEPT ![s] = TRUE]
            /\ link' = Passed(Read(s), s, Bid(s))
            /\ UNCHANGED leader
       [] OTHER ->
            /\ link' = Read(s)
            /\ UNCHANGED <<takesPart, leader>>

OnElected(s) ==
  /\ link[s] # <<>> /\ Head(link[s]).type = "elected"
  /\ LET who == Head(link[s]).who IN
     IF who = s
       THEN /\ link' = Read(s)
            /\ UNCHANGED leader
       ELSE /\ link' = Passed(Read(s), s, Elected(who))
            /\ leader' = [leader EXCEPT ![s] = who]
  /\ UNCHANGED takesPart

Next == \E s \in Ring : CallElection(s) \/ OnBid(s) \/ OnElected(s)

Spec == Init /\ [][Next]_vars

Holds == \A a, b \in Ring : leader[a] = None \/ leader[b] = None \/ leader[a] = leader[b]
=============================================================================
