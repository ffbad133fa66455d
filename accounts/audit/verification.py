"""Proving that the trail is whole, or naming the first row that is not."""

from dataclasses import dataclass

from django.db import transaction

from accounts.audit.chain import is_sealed
from accounts.audit.models import GENESIS, AuditEvent, ChainHead


class BrokenChain(Exception):
    """The trail is not what was recorded.

    Attributes:
        seq: number of the first bad row.
        reason: what is wrong with it, in one sentence.
    """

    def __init__(self, seq: int, reason: str) -> None:
        super().__init__(f"Row {seq}: {reason}")
        self.seq = seq
        self.reason = reason


@dataclass(frozen=True)
class Link:
    """A place in the chain, written `seq:hash`. A copy kept elsewhere shows what was cut off."""

    seq: int = 0
    hash: str = GENESIS

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> "Link":
        """Read `seq:hash`.

        Raises:
            ValueError: it is not written so.
        """
        seq, _, digest = text.partition(":")
        if not seq.isdecimal() or len(digest) != len(GENESIS):
            raise ValueError(f"{text!r} is not written `number:hash`.")
        return cls(int(seq), digest)


def verify(*, kept: Link | None = None) -> Link:
    """Walk the whole chain and return its last link.

    Rows that are appended meanwhile are walked too; only for those the chain is locked, so that a long trail
    can be verified while the site is at work.

    Args:
        kept: a link that was copied elsewhere earlier; it must still be in the chain.

    Raises:
        BrokenChain: with the number of the first bad row.
    """
    last = _walk(Link(), kept)
    with transaction.atomic():
        head = ChainHead.objects.select_for_update().filter(pk=1).first()
        last = _walk(last, kept)
        recorded = Link(head.seq, head.hash) if head else Link()
        if recorded != last:
            seq = min(recorded.seq, last.seq) + (recorded.seq != last.seq)
            raise BrokenChain(seq, f"the chain ends at {last.seq}, but {recorded.seq} rows were recorded.")
    if kept and kept.seq > last.seq:
        raise BrokenChain(
            last.seq + 1, f"the chain ends here, but a copy of row {kept.seq} was kept elsewhere."
        )
    return last


def _walk(last: Link, kept: Link | None) -> Link:
    """Check every row after ``last``; return the last one."""
    for event in AuditEvent.objects.filter(seq__gt=last.seq).order_by("seq").iterator(chunk_size=2000):
        if event.seq != last.seq + 1:
            raise BrokenChain(last.seq + 1, f"it is missing; the next one is {event.seq}.")
        if event.prev_hash != last.hash:
            raise BrokenChain(event.seq, "it does not follow from the row before it.")
        if not is_sealed(event):
            raise BrokenChain(event.seq, "its content is not what was recorded.")
        if kept and kept.seq == event.seq and kept.hash != event.hash:
            raise BrokenChain(event.seq, "it is not the row of which a copy was kept elsewhere.")
        last = Link(event.seq, event.hash)
    return last
