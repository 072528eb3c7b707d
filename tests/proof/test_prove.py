"""What `prove` says of small models, one thing each."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

import dscheck
from dscheck import (
    Message,
    Model,
    ModelError,
    Node,
    Proof,
    Verdict,
    action,
    always,
    bound,
    budget,
    choose,
    lemma,
    prove,
    receive,
    refines,
    require,
    sometimes,
    var,
    volatile,
)
from dscheck.checker.search.proof import domains


class Pair(Model):
    """Two numbers that go up together, so the third never does."""

    a: int = var(0)
    b: int = var(0)
    c: int = var(0)

    @action
    def up(self) -> None:
        require(self.a < 2)
        self.a += 1
        self.b += 1

    @action
    def spoil(self) -> None:
        require(self.a != self.b)
        self.c = 1

    @always
    def unspoiled(self) -> bool:
        return self.c == 0

    @sometimes
    def two(self) -> bool:
        return self.a == 2


class Helped(Pair):
    @lemma
    def equal(self) -> bool:
        return self.a == self.b


def gap(proof: Proof) -> Any:
    assert (proof.verdict, proof.stop, proof.exit_code) == (Verdict.UNDECIDED, "gap", 3)
    assert proof.gap is not None
    return proof.gap


def test_without_a_lemma_there_is_a_gap() -> None:
    proof = prove(Pair())
    found = gap(proof)
    assert found.finding.name == "unspoiled"
    assert [step.label for step in found.trace.steps] == ["spoil()"]
    assert set(found.trace.free) == {"a", "b"}, "only what must differ does"
    assert proof.reach is not None
    assert proof.reach.is_complete
    assert "reachable no: the state before is none of all 3 states" in str(proof)


def test_with_it_there_is_a_proof() -> None:
    proof = prove(Helped())
    assert (proof.verdict, proof.exit_code, proof.lemmas) == (Verdict.HOLDS, 0, ("equal",))
    assert proof.sentence() == "Helped is proved: unspoiled holds in every state"
    assert proof.audited > 0


def test_several_states_in_a_row_say_more_than_one() -> None:
    """From `apart` three steps lead to 5, and none leads to `apart`."""

    class Far(Model):
        at: int = var(0)
        flag: bool = var(False)
        other: bool = var(False)

        @action
        def toggle(self) -> None:
            require(self.at == 0)
            self.flag = self.other = not self.flag

        @action
        def go(self) -> None:
            require(self.flag == self.other and self.at in (1, 2))
            self.at += 1

        @action
        def jump(self) -> None:
            require(self.flag != self.other)
            self.at, self.flag, self.other = 1, False, False

        @always
        def not_three(self) -> bool:
            return self.at != 3

    for k in (1, 2, 3):
        found = gap(prove(Far(), k=k))
        assert len(found.trace.steps) == k
        assert found.trace.steps[-1].label == "go()"
    assert prove(Far(), k=4).verdict is Verdict.HOLDS


def test_what_is_broken_in_a_reachable_state_is_a_violation() -> None:
    class Wrong(Helped):
        @action
        def b_alone(self) -> None:
            require(self.a == 2)
            self.b = 0

    proof = prove(Wrong())
    assert (proof.verdict, proof.exit_code) == (Verdict.VIOLATED, 1)
    assert proof.sentence().endswith("Wrong violates lemma equal, after 3 steps")
    assert proof.trace is not None
    assert [step.label for step in proof.trace.steps] == ["up()", "up()", "b_alone()"]


def test_the_last_step_from_a_state_that_a_cut_search_has_seen() -> None:
    class Late(Model):
        a: int = var(0)

        @action
        def up(self) -> None:
            require(self.a < 5)
            self.a += 1

        @always
        def small(self) -> bool:
            return self.a < 3

    proof = prove(Late(), search=3)
    assert proof.verdict is Verdict.VIOLATED
    assert proof.trace is not None
    assert len(proof.trace.steps) == 3


def test_houdini_says_what_it_took_away() -> None:
    class Guesses(Helped):
        @lemma
        def always_zero(self) -> bool:
            return self.a == 0

        @lemma
        def never_five(self) -> bool:
            return self.a != 5

        @lemma
        def unfounded(self) -> bool:
            return self.c < 2 or self.a == 1

    assert prove(Guesses()).verdict is Verdict.VIOLATED
    proof = prove(Guesses(), houdini=True)
    assert proof.verdict is Verdict.HOLDS
    assert proof.dropped == ("always_zero",)
    assert "dropped   always_zero: not inductive" in str(proof)


def test_what_raises_where_nobody_gets_is_a_gap() -> None:
    class Raises(Pair):
        @action
        def trip(self) -> None:
            require(self.a < self.b)
            raise ValueError("here")

    found = gap(prove(Raises()))
    assert (found.finding.kind, found.label) == ("fault", "trip()")
    assert found.finding.failure is not None
    assert found.finding.failure.error == "ValueError: here"
    with_lemma: Any = type("With", (Raises,), {"equal": Helped.equal})
    assert prove(with_lemma()).verdict is Verdict.HOLDS


def test_what_raises_where_somebody_gets_is_a_fault() -> None:
    class Raises(Pair):
        @action
        def trip(self) -> None:
            require(self.a == 1)
            raise ValueError("here")

    proof = prove(Raises())
    assert (proof.verdict, proof.exit_code) == (Verdict.AT_FAULT, 4)
    assert "the model raised ValueError in trip(), after 1 step" in proof.sentence()


def test_misuse_of_the_notation_where_nobody_gets_is_a_gap() -> None:
    class Misuses(Pair):
        @action
        def store(self) -> None:
            require(self.a < self.b)
            self.c = []  # type: ignore[assignment]

    found = gap(prove(Misuses()))
    assert found.finding.failure is not None
    assert found.finding.failure.kind == "ModelError"


def test_a_bound_limits_the_proof_and_is_told() -> None:
    class Bounded(Model):
        a: int = var(0)

        @action
        def up(self) -> None:
            self.a += 1

        @bound
        def near(self) -> bool:
            return self.a < 4

        @always
        def small(self) -> bool:
            return self.a <= 4

    proof = prove(Bounded())
    assert proof.sentence().endswith("Bounded is proved: small holds in every state within its bound")

    class TooFar(Bounded):
        def small(self) -> bool:
            return self.a < 4

    assert prove(TooFar()).verdict is Verdict.VIOLATED


def test_values_without_end_make_the_proof_relative() -> None:
    class Endless(Model):
        a: int = var(0)
        b: bool = var(False)

        @action
        def up(self) -> None:
            self.a += 1

        @always
        def never(self) -> bool:
            return not self.b

    proof = prove(Endless(), search=50)
    assert (proof.verdict, proof.stop, proof.is_closed) == (Verdict.UNDECIDED, "domains", False)
    assert proof.sentence().endswith(
        "is undecided: steps write ever new values; from the values seen in 50 states, no step breaks never"
    )
    assert proof.warnings


def test_domains_grow_beyond_what_the_search_has_seen() -> None:
    proof = prove(Helped(), search=1)
    assert proof.verdict is Verdict.HOLDS
    assert proof.is_closed


class Ball(Message):
    hops: int


class Player(Node):
    score: int = volatile(0)
    has: bool = var(False)


class Game(Model):
    """Faults, choices and messages in one."""

    crashes: int = budget("crash", 1)
    restarts: int = budget("restart", 1)

    def setup(self) -> None:
        self.players = self.make(Player, 2, "p")
        self.players[0].has = True

    @action
    def throw(self, p: Player) -> None:
        require(p.has)
        p.has = False
        p.send(choose(p.peers), Ball(hops=1))

    @receive
    def on_ball(self, p: Player, m: Ball) -> None:
        p.has = True
        p.score = 1

    @always
    def one_ball(self, p: Player, q: Player) -> bool:
        return p is q or not (p.has and q.has)

    @lemma
    def held_or_flying(self, p: Player, q: Player, r: Player) -> bool:
        flying = p is not q and Ball(hops=1, src=p, dst=q) in self.in_flight(Ball)
        return not (flying and r.has)

    @lemma
    def one_flies(self, p: Player, q: Player) -> bool:
        balls = [Ball(hops=1, src=a, dst=b) for a, b in ((p, q), (q, p)) if a is not b]
        return sum(ball in self.in_flight(Ball) for ball in balls) <= 1


@pytest.mark.parametrize("network", ["set", "bag", "fifo"])
@pytest.mark.parametrize("extra", [None, "lose", "partition"])
def test_networks_and_faults(network: str, extra: str | None) -> None:
    body: dict[str, Any] = {"network": network}
    if extra:
        body[f"{extra}s"] = budget(extra, 1)
    model: Any = type("Variant", (Game,), body)
    proof = prove(model())
    if network in ("bag", "fifo"):  # where two balls alike could be in flight, the lemmas do not say enough
        assert proof.stop in ("gap", "proved")
    else:
        assert proof.verdict is Verdict.HOLDS, proof


def test_a_message_that_may_come_twice_breaks_it() -> None:
    model: Any = type("Twice", (Game,), {"duplicates": budget("duplicate", 1)})
    assert prove(model(), search=1).verdict is not Verdict.HOLDS


def test_what_it_is_not_about_is_named() -> None:
    class Spec(Model):
        @action
        def go(self) -> None: ...

    class More(Helped):
        @refines(lambda self: Spec())
        def spec(self, abstract: Spec) -> None: ...

    proof = prove(More())
    assert proof.unseen == (("spec", "@refines"),)
    assert "not in it spec (@refines)" in str(proof)
    with pytest.raises(ModelError, match=r"More.spec is marked @refines, and only what is marked @always"):
        prove(More(), properties=["spec"])


def test_what_cannot_be_asked() -> None:
    with pytest.raises(TypeError, match=r"write prove\(Pair\(\)\)"):
        prove(Pair)  # type: ignore[arg-type]
    with pytest.raises(ModelError, match="has no property 'nothing'"):
        prove(Pair(), properties=["nothing"])
    with pytest.raises(ModelError, match="marked @lemma, and only"):
        prove(Helped(), properties=["equal"])
    with pytest.raises(ValueError, match="k=0"):
        prove(Pair(), k=0)

    class Silent(Model):
        @action
        def go(self) -> None: ...

    with pytest.raises(ModelError, match="no property marked @always"):
        prove(Silent())


def test_hidden_state_is_found_out() -> None:
    runs: list[int] = []

    class Hidden(Helped):
        @action
        def odd(self) -> None:
            runs.append(1)
            require(self.a == 1 if len(runs) % 2 else self.b == 1)

    with pytest.raises(dscheck.HiddenState):
        prove(Hidden())


def test_time_is_a_limit() -> None:
    from dscheck.models.consensus.paxos import Paxos

    proof = prove(Paxos(), time=0.5)
    assert (proof.verdict, proof.stop, proof.exit_code) == (Verdict.UNDECIDED, "time", 3)
    assert proof.sentence() == "Paxos is undecided: the time of 0.5 s was over"
    assert proof.seconds < 5


def test_memory_is_a_limit() -> None:
    from dscheck.models.consensus.paxos import Paxos

    proof = prove(Paxos(), memory=1_000_000)
    assert (proof.verdict, proof.stop) == (Verdict.UNDECIDED, "memory")


def test_an_interrupt_ends_it_with_what_was_covered() -> None:
    def stop(numbers: Mapping[str, float]) -> None:
        if numbers["questions"] > 5:
            raise KeyboardInterrupt

    from dscheck.models.consensus.paxos import Paxos

    proof = prove(Paxos(), progress=stop)
    assert (proof.verdict, proof.stop) == (Verdict.UNDECIDED, "interrupted")
    assert proof.covered.footprints > 0


def test_as_data_and_as_a_page() -> None:
    for proof in (prove(Pair()), prove(Helped())):
        data = json.loads(json.dumps(proof.to_json()))
        assert data["schema"] == "dscheck.proof/1"
        assert data["exit_code"] == proof.exit_code
        page = proof.to_html()
        assert proof.sentence() in page
        assert not re.search(r"""(src|href)=["']http""", page)
        assert proof._repr_html_().startswith("<iframe")


def test_two_proofs_of_one_model_are_the_same() -> None:
    one, two = prove(Game()).to_json(), prove(Game()).to_json()
    assert one.pop("cost")["questions"] == two.pop("cost")["questions"]
    one["request"].pop("memory"), two["request"].pop("memory")
    assert one == two


def test_domains_give_up() -> None:
    grown = domains.Domains([[0]])
    for number in range(domains.MOST_ROUNDS + 1):
        grown.add([(0, number)])
    assert not grown.is_closed
    assert dict(grown) == {0: (0,)}
