"""Whether things were taken for what they are: the F1 of every kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from engine.fidelity.boxes import F1, match
from engine.fidelity.content import contents, jaccard
from engine.fidelity.structure import HERO, ICON, KINDS, OTHER_LANDMARK, Element, Structure
from engine.geometry import Box

_LANDMARKS = frozenset({"nav", "header", "footer"})
_EXCUSING = _LANDMARKS | {OTHER_LANDMARK}
# What may stand for a kind and is none too many elsewhere.
_STAND_INS = {"header": HERO, "image": ICON}
_LABELLED = frozenset({"heading", "link", "button"})
_IOU_LEAST = 0.5
_LABEL_LEAST = 0.7
# Labels of icon fonts carry the icons' names, so the visible label is only a part.
_CONTAINED_LEAST = 3
# How much of the smaller of a made element and an original without paint both take along either
# axis, and how near they are in the middle, as a share of the original's size.
_WITHIN_LEAST, _MIDDLE = 0.9, 0.25
# How large the sign is at most that a label draws for a check box, in pixels.
_SIGN = 48.0


def kinds_f1(made: Structure, original: Structure) -> Mapping[str, F1]:
    """Returns the F1 of each kind in `KINDS`.

    Landmarks are compared by the texts they hold, as a bar and the list in it
    are the same navigation. One that takes the place of another landmark of
    the original (a header around a bar that the original calls nav, the list of
    links in an aside) is excused.
    A hero stands for the original's header where that is what it holds. So does an icon for
    an image in its place, and an image in the place of the original's icon is excused.
    """
    result = {}
    wanted = [_settled(element, made.elements) for element in original.elements]
    texts = original.texts

    def likeness(first: Element, second: Element) -> float:
        if second.kind in _EXCUSING:
            return _landmark_likeness(first.box, second.box, texts)
        return _element_likeness(first, second)

    for kind in KINDS:
        ours = [element for element in made.elements if _stands_for(element, kind)]
        theirs = [element for element in wanted if element.kind == kind]
        matching = match(ours, theirs, likeness)
        near = _EXCUSING if kind in _LANDMARKS else {_STAND_INS.get(kind)}
        excusing = [element for element in original.elements if element.kind in near]
        wrong = sum(
            ours[index].kind == kind and not any(likeness(ours[index], it) for it in excusing)
            for index in matching.only_made
        )
        hits = len(matching.pairs)
        result[kind] = F1(hits, hits + wrong, len(theirs))
    return result


def _stands_for(element: Element, kind: str) -> bool:
    return element.kind in {kind, _STAND_INS.get(kind)}


def _element_likeness(made: Element, original: Element) -> float:
    iou = made.box.iou(original.box)
    if original.ink:
        iou = max(iou, made.box.iou(original.ink))
    if made.kind in _LABELLED and made.label and original.label:
        touching = made.box.intersection(original.box) > 0
        return 1 + iou if touching and _same_label(made.label, original.label) else 0.0
    if iou >= _IOU_LEAST or (original.padded and _fills(made, original)):
        return iou
    return 0.0


def _fills(made: Element, original: Element) -> bool:
    """Returns whether what was made is what can be seen of a control without paint.

    It lies in the control's box: in its middle, or anywhere for a mark with its
    label. A box of one line may be lower than the sign on it. A check box that is invisible
    itself is where its label draws it, which touches its box.
    """
    box, outer = made.box, original.box
    if original.stand_in and max(box.w, box.h) <= _SIGN and box.intersection(outer) > 0:
        return True
    width = min(box.right, outer.right) - max(box.x, outer.x)
    height = min(box.bottom, outer.bottom) - max(box.y, outer.y)
    if width < _WITHIN_LEAST * min(box.w, outer.w) or height < _WITHIN_LEAST * min(box.h, outer.h):
        return False
    if original.kind == "input" and box.area > outer.area:
        return False
    across = abs(box.center_x - outer.center_x) <= _MIDDLE * outer.w
    along = abs(box.center_y - outer.center_y) <= _MIDDLE * outer.h
    return original.kind == "input" or (across and along)


def _settled(element: Element, made: Sequence[Element]) -> Element:
    """Returns the element with the one of its two kinds that it was taken for."""
    if not element.or_kind:
        return element
    other = replace(element, kind=element.or_kind)
    if any(_element_likeness(item, element) for item in made if item.kind == element.kind):
        return element
    taken = any(_element_likeness(item, other) for item in made if item.kind == other.kind)
    return other if taken else element


def _same_label(made: str, original: str) -> bool:
    """Returns whether two labels are one, give or take an icon's name or a misread sign."""
    first, second = made.lower(), original.lower()
    if len(first) >= _CONTAINED_LEAST and first in second:
        return True
    ratio = SequenceMatcher(None, first, second, autojunk=False).ratio()
    return ratio >= _LABEL_LEAST


def _landmark_likeness(made: Box, original: Box, texts: Sequence[Box]) -> float:
    shared = jaccard(contents(made, texts), contents(original, texts))
    likeness = max(shared, made.iou(original))
    return likeness if likeness >= _IOU_LEAST else 0.0
