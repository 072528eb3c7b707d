"""Models are clean under strict type checking, and mistakes in them are not."""

from __future__ import annotations

from pathlib import Path

import pytest

import dscheck
from notation.plain_run import run
from notation.typed_model import Colour, Everything, Forgetful, Server, Slot

HERE = Path(__file__).parent
SOURCE = Path(dscheck.__file__).parent.parent

MISTAKES = """
from __future__ import annotations
from typed_model import Abstract, Answer, Everything, Server
from dscheck import Model, action, always, budget

def look(m: Everything, s: Server, a: Answer) -> None:
    s.term = "one"                                     # [assignment]
    s.terms = 1                                        # [attr-defined]
    m.leeder = s                                       # [attr-defined]
    s.votes.add(1)                                     # [arg-type]
    s.next["s1"] = 2                                   # [index]
    s.acks >= "2"                                      # [operator]
    Answer(grantd=True)                                # [call-arg]
    Answer(granted="yes")                              # [arg-type]
    a.granted = False                                  # [misc]
    reveal_type(s.peers)                               # list[typed_model.Server]
    reveal_type(m.all(Server))                         # list[typed_model.Server]
    reveal_type(m.in_flight(Answer))                   # Set[typed_model.Answer]
    reveal_type(m.nodes)                               # int

class Wrong(Model):
    network = "pigeons"                                # [assignment]

    @always                                            # [type-var]
    def nothing(self) -> int:
        return "x" == "y"
"""


def check(monkeypatch: pytest.MonkeyPatch, cache: Path, *files: Path) -> str:
    mypy = pytest.importorskip("mypy.api")
    paths = [str(HERE)] if "site-packages" in SOURCE.parts else [str(HERE), str(SOURCE)]
    monkeypatch.setenv("MYPYPATH", ":".join(paths))
    options = ("--strict", "--config-file=", f"--cache-dir={cache}")
    output: str = mypy.run([*options, *map(str, files)])[0]
    return output


def test_a_model_that_uses_everything_is_clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert "no issues found" in check(monkeypatch, tmp_path, HERE / "typed_model.py")


def test_that_model_runs() -> None:
    model = Everything(nodes=3)
    s1, s2 = model.all(Server)
    with run(model) as r:
        model.ask(s1, Slot(0), "now", True, Colour.BLUE)
        [*asked, told] = r.sent
        assert [repr(m) for m in asked] == ["Ask(term=1, entries=(Entry(term=1, value='a'),)) s1->s2"]
        model.handler(told).function(model, told.dst, told)
        s1.votes.add(s2)
        model.handler(r.sent[-1]).function(model, s1, r.sent[-1])
        assert model.leader is s1
        assert (s1, True) in model.done
        assert model.agree(s1, s2)
    assert Forgetful().all(Server)[0].name == "f1"


def test_mistakes_are_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "mistakes.py"
    file.write_text(MISTAKES)
    output = check(monkeypatch, tmp_path, file).splitlines()
    for number, line in enumerate(MISTAKES.splitlines(), 1):
        if "# " in line:
            said = [said for said in output if f"mistakes.py:{number}:" in said]
            expected = line.split("# ")[1]
            assert any(expected in text for text in said), (line, output)
