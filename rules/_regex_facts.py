"""The facts of metrics' regular expressions, which are remembered; usual patterns are not parsed.

The modules that parse and analyse patterns take a tenth of a run over one file to load, so they are loaded
for other patterns only.
"""

from __future__ import annotations

from algolint import limits
from algolint.aws.notation import LOGGED_NUMBER
from algolint.limits import keep

#: A metric's Regex may have this many characters.
MAX_LENGTH = 500
#: The characters that have a meaning in a pattern.
SPECIAL = frozenset(r".^$*+?{}[]\|()")


class Regex:
    """The facts of one pattern. A fact that cannot be decided has the value that leads to no finding."""

    __slots__ = (
        "at_once",
        "catastrophic",
        "cost",
        "ends_lazily",
        "expects_exponent",
        "fault",
        "greedy",
        "groups",
        "groups_in_first",
        "has_empty_number",
        "has_references",
        "has_text",
        "is_fault_certain",
        "is_group",
        "is_known",
        "is_line",
        "lazy_tail",
        "nullable",
        "number_only",
        "numeric",
        "plain_text",
        "unmatched",
    )

    def __init__(self) -> None:
        #: The steps that the analysis took, and whether there was one.
        self.cost = 0
        self.is_known = True
        #: What makes the pattern invalid, and whether every Python agrees.
        self.fault: str | None = None
        self.is_fault_certain = True
        #: The number of capturing groups, how many of them can take part in one match, and how many are
        #: inside the first.
        self.groups = 1
        self.at_once = 1
        self.groups_in_first = 0
        #: Whether the whole pattern is one group.
        self.is_group = False
        self.has_references = False
        #: Whether a group ends in a lazy quantifier, and nothing after it forces that to match more.
        self.ends_lazily = False
        self.lazy_tail = False
        #: The text before and after its only group, where that is all there is: `loss=(group);`.
        self.plain_text: tuple[str, str] | None = None
        #: Whether a group is `.*` or `.+`.
        self.greedy = False
        #: For each group, whether it can match a number; None where that is not decided.
        self.numeric: tuple[bool | None, ...] = (None,)
        #: The forms of a number that the first group does not match although it matches 0.5, and whether
        #: it has a place for an exponent.
        self.unmatched: tuple[str, ...] = ()
        self.expects_exponent = False
        #: Whether the first group is for a number and may be empty, without being lazy.
        self.has_empty_number = False
        #: A part that can match the same text in exponentially many ways, in words.
        self.catastrophic: str | None = None
        #: Whether it matches the empty text, matches only characters of numbers, has text of its own, is
        #: anchored at both ends of a line.
        self.nullable = False
        self.number_only = False
        self.has_text = True
        self.is_line = False

    @property
    def cuts_exponents(self) -> bool:
        """Whether the first group has a place for an exponent and still does not match a usual one."""
        return self.expects_exponent and "1.5e-05" in self.unmatched

    @property
    def is_imperfect(self) -> bool:
        """Whether a rule may offer a fix, but for doubled backslashes."""
        return bool(
            self.unmatched or self.lazy_tail or self.greedy or self.has_empty_number or self.at_once != 1
        )


_known: dict[str, Regex] = {}
_known_groups: dict[str, Regex] = {}


def analyzed(text: str) -> Regex:
    """Return the facts of a pattern, or of none after `limits.MAX_PATTERN_STEPS` of a file.

    Nor are there facts of an empty pattern, which is only too short.
    """
    work = limits.pattern_steps
    if not text or (work.left <= 0 and not work.is_left_for(text)):
        unknown = Regex()
        unknown.is_known = False
        return unknown
    found = _known.get(text)
    if found is None:
        found = _between_plain_text(text) or _parsed(text)
        keep(_known, text, found)
    work.take_once(text, found.cost)
    return found


def _parsed(text: str) -> Regex:
    from ._regex import parsed

    return parsed(text)


def _between_plain_text(text: str) -> Regex | None:
    """Return the facts of `name=(group)`, the usual pattern, by those of its group, which are remembered."""
    head, _, rest = text.partition("(")
    group, closed, tail = rest.rpartition(")")
    if not closed or not group or group[0] in "?*+" or not SPECIAL.isdisjoint(head + tail):
        return None
    inner = _known_groups.get(group)
    if inner is None:
        inner = _of_usual_group(group) if group in USUAL_GROUPS else _parsed(f"({group})")
        keep(_known_groups, group, inner)
    if not inner.is_group or inner.has_references:
        return None
    if not head and not tail:
        return inner
    regex = Regex()
    for name in _OF_THE_GROUP:
        setattr(regex, name, getattr(inner, name))
    regex.lazy_tail = inner.ends_lazily and not tail
    regex.plain_text = head, tail
    return regex


_OF_THE_GROUP = (
    "cost", "ends_lazily", "greedy", "numeric", "unmatched", "expects_exponent", "has_empty_number",
    "catastrophic",
)  # fmt: skip

#: Usual groups for numbers, and the forms that the analysis finds them not to match.
USUAL_GROUPS: dict[str, tuple[str, ...]] = {
    LOGGED_NUMBER: (),
    r"[-+]?[0-9]*[.]?[0-9]+(?:[eE][-+]?[0-9]+)?": (),
    r"[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?": (),
    r"-?\d+(?:\.\d+)?": ("1.5e-05",),
    r"[-+]?[0-9]*\.?[0-9]+": ("1.5e-05",),
    r"[0-9.]+": ("-0.5", "1.5e-05"),
    r"[0-9\.]+": ("-0.5", "1.5e-05"),
    r"[0-9]+\.[0-9]+": ("-0.5", "1.5e-05"),
    r"[0-9]*\.?[0-9]+": ("-0.5", "1.5e-05"),
    r"\d+\.\d+": ("-0.5", "1.5e-05"),
    r"[0-9]+": (),
    r"\d+": (),
}


def _of_usual_group(group: str) -> Regex:
    regex = Regex()
    regex.is_group = regex.number_only = True
    regex.has_text = False
    regex.numeric = (True,)
    regex.unmatched = USUAL_GROUPS[group]
    regex.expects_exponent = "eE" in group
    return regex
