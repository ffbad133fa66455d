"""Reading a report's page as a browser would."""

from html.parser import HTMLParser
from pathlib import Path

ADDRESSES = frozenset({"src", "href", "srcset", "action", "data", "poster"})
EMPTY = frozenset({"meta", "img", "br", "link"})


class Page(HTMLParser):
    """What a page names and says; fails on tags that are not closed in order."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(path.read_text())
        self.close()
        assert not self._open, f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name.split(":")[-1] in ADDRESSES]
        if tag not in EMPTY:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Closed at once."""

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
