"""What one run of an instance did, in the model's terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dscheck.checker.notation.run import Place

if TYPE_CHECKING:
    from dscheck.checker.notation.messages import Message
    from dscheck.checker.notation.operations import Event
    from dscheck.checker.rules.instances import Instance


@dataclass(frozen=True)
class Happening:
    """One step of a trace, or one question asked of a state."""

    instance: Instance
    enabled: bool
    """False where a guard refused; then nothing happened."""
    chosen: tuple[Any, ...]
    """What `choose` returned, in order."""
    sent: tuple[Message, ...]
    recorded: tuple[Event, ...]
    """What clients began and were told."""
    gone: tuple[Message, ...]
    """What left the network: delivered or lost."""
    delivered: Message | None
    """What the network held ready for it: delivered, duplicated or lost."""
    writes: tuple[tuple[Place, Any, Any], ...]
    """Variables whose value changed: place, before, after."""
    result: Any
    """What the function returned; of a property, whether it holds."""
    exception: Exception | None

    @property
    def label(self) -> str:
        """As traces show it, with the message in question."""
        return self.instance.label(self.delivered)
