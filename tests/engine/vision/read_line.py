"""Gives tests of perception lines of text, as if they had been read."""

from engine.vision.perception.lines import ReadLine
from tests.engine.vision.layout.seen import line

GREY = "#6b6b6b"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun")


def read(text, x, y, size=16, color="#222222"):
    """Returns a line that is as wide as its letters are in Arial at this size."""
    item = line(text, x, y, size=size, color=color)
    return ReadLine(item, item.box)


def column(*words, x=70, across=0, size=13, colors=(GREY,)):
    """Returns small words below each other, 60 pixels apart, the first at 100."""
    return [
        read(word, x + across * n, 100 + 60 * n, size, colors[n % len(colors)])
        for n, word in enumerate(words)
    ]


def row(words, places, y=400, down=0, colors=(GREY,)):
    """Returns small words beside each other, each at its place."""
    return [
        read(word, x, y + down * n, 13, colors[n % len(colors)])
        for n, (word, x) in enumerate(zip(words, places, strict=True))
    ]
