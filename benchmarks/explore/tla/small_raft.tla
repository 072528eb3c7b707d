----------------------------- MODULE small_raft -----------------------------
\* Raft for one entry, after Ongaro and Ousterhout (2014): elections, and the entry's way to a majority.
\* The network is a set: any order, late or never; what is in flight already is there once.
EXTENDS Naturals, FiniteSets

CONSTANTS nodes, terms, candidates

Servers == 1..nodes
Nobody == 0
NoEntry == 0

VARIABLES term, role, votedFor, backers, entry, committed, network

local == <<term, role, votedFor, backers, entry, committed>>
vars == <<local, network>>

Init ==
  /\ term = [s \in Servers |-> 0]
  /\ role = [s \in Servers |-> "follower"]
  /\ votedFor = [s \in Servers |-> Nobody]
  /\ backers = [s \in Servers |-> {}]
  /\ entry = [s \in Servers |-> NoEntry]
  /\ committed = [s \in Servers |-> FALSE]
  /\ network = {}

Majority(some) == 2 * Cardinality(some) > nodes

Others(s) == Servers \ {s}

Timeout(s) ==
  /\ s <= candidates /\ role[s] # "leader" /\ term[s] < terms
  /\ term' = [term EXCEPT ![s] = @ + 1]
  /\ role' = [role EXCEPT ![s] = "candidate"]
  /\ votedFor' = [votedFor EXCEPT ![s] = s]
  /\ backers' = [backers EXCEPT ![s] = {s}]
  /\ network' = network \cup
       {[type |-> "request", src |-> s, dst |-> to, term |-> term[s] + 1, last |-> entry[s]] : to \in Others(s)}
  /\ UNCHANGED <<entry, committed>>

Lead(s) ==
  /\ role[s] = "candidate" /\ Majority(backers[s])
  /\ role' = [role EXCEPT ![s] = "leader"]
  /\ backers' = [backers EXCEPT ![s] = {s}]
  /\ UNCHANGED <<term, votedFor, entry, committed, network>>

Write(s) ==
  /\ role[s] = "leader" /\ entry[s] = NoEntry
  /\ entry' = [entry EXCEPT ![s] = term[s]]
  /\ UNCHANGED <<term, role, votedFor, backers, committed, network>>

Copy(s, to) ==
  /\ role[s] = "leader" /\ entry[s] # NoEntry
  /\ network' = network \cup {[type |-> "append", src |-> s, dst |-> to, term |-> term[s],
                               entry |-> entry[s], committed |-> committed[s]]}
  /\ UNCHANGED local

Commit(s) ==
  /\ role[s] = "leader" /\ ~committed[s] /\ entry[s] = term[s] /\ Majority(backers[s])
  /\ committed' = [committed EXCEPT ![s] = TRUE]
  /\ UNCHANGED <<term, role, votedFor, backers, entry, network>>

\* What a server is when it has heard of a message's term.
Later(m) == m.term > term[m.dst]
Role(m) == IF Later(m) THEN "follower" ELSE role[m.dst]
VotedFor(m) == IF Later(m) THEN Nobody ELSE votedFor[m.dst]
Backers(m) == IF Later(m) THEN {} ELSE backers[m.dst]
Current(m) == m.term >= term[m.dst]

Observe(m, newRole, newVote, newBackers) ==
  /\ term' = [term EXCEPT ![m.dst] = IF Later(m) THEN m.term ELSE @]
  /\ role' = [role EXCEPT ![m.dst] = newRole]
  /\ votedFor' = [votedFor EXCEPT ![m.dst] = newVote]
  /\ backers' = [backers EXCEPT ![m.dst] = newBackers]

Answer(m, type) == [type |-> type, src |-> m.dst, dst |-> m.src, term |-> m.term]

OnRequest(m) ==
  LET granted == Current(m) /\ VotedFor(m) \in {Nobody, m.src} /\ m.last >= entry[m.dst]
  IN /\ m.type = "request"
     /\ Observe(m, Role(m), IF granted THEN m.src ELSE VotedFor(m), Backers(m))
     /\ network' = (network \ {m}) \cup IF granted THEN {Answer(m, "vote")} ELSE {}
     /\ UNCHANGED <<entry, committed>>

\* A vote counts for a candidate, an acknowledgement for a leader.
OnSupport(m, type, who) ==
  LET counts == Current(m) /\ Role(m) = who
  IN /\ m.type = type
     /\ Observe(m, Role(m), VotedFor(m), IF counts THEN Backers(m) \cup {m.src} ELSE Backers(m))
     /\ network' = network \ {m}
     /\ UNCHANGED <<entry, committed>>

OnAppend(m) ==
  LET stepsDown == Current(m) /\ Role(m) = "candidate"
  IN /\ m.type = "append"
     /\ Observe(m, IF stepsDown THEN "follower" ELSE Role(m), VotedFor(m),
                IF stepsDown THEN {} ELSE Backers(m))
     /\ IF Current(m)
          THEN /\ entry' = [entry EXCEPT ![m.dst] = m.entry]
               /\ committed' = [committed EXCEPT ![m.dst] = @ \/ m.committed]
               /\ network' = (network \ {m}) \cup {Answer(m, "ack")}
          ELSE /\ network' = network \ {m}
               /\ UNCHANGED <<entry, committed>>

Next ==
  \/ \E s \in Servers : Timeout(s) \/ Lead(s) \/ Write(s) \/ Commit(s)
  \/ \E s \in Servers : \E to \in Others(s) : Copy(s, to)
  \/ \E m \in network :
       OnRequest(m) \/ OnSupport(m, "vote", "candidate") \/ OnAppend(m) \/ OnSupport(m, "ack", "leader")

Spec == Init /\ [][Next]_vars

ElectionSafety ==
  \A a, b \in Servers : a = b \/ ~(role[a] = "leader" /\ role[b] = "leader" /\ term[a] = term[b])
StateMachineSafety == \A a, b \in Servers : (committed[a] /\ committed[b]) => entry[a] = entry[b]

Holds == ElectionSafety /\ StateMachineSafety
=============================================================================
