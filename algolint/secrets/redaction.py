"""Secrets in a text of any syntax, and masking them in reports."""

from __future__ import annotations

from algolint import limits
from algolint.messages import escaped
from algolint.secrets.credentials import HINTS, SECRET_ENDS, SHORTEST, named, promise_of, tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from algolint.source import Span

# A value with or without quotes; the first characters of a longer one. It may have a name and a value too.
_VALUE = r"""(?=\\?"([^"\n]{8,512})|\\?'([^'\n]{8,512})|([^\s"'`,;(){}\[\]\\]{8,512}))"""
_NAME = r"""([\w.-]{2,64})(?![\w.-])\\?["']?"""
# Also before a block of YAML, between two texts of a list, and where a colon was forgotten.
_IS = (
    r"(?:[ \t]{0,8}[:=][ \t]{0,8}(?:[|>][-+0-9]{0,2}[ \t]{0,8}\r?\n[ \t]{1,64})?"
    r"""|(?<=["'])[ \t]{0,8},?[ \t]{0,8}(?=\\?["']))"""
)
_ASSIGNED = (
    # In `arn:aws:secretsmanager:…:secret:prod/db` there is no name.
    rf"(?<![\w.:-]){_NAME}\]?{_IS}{_VALUE}",
    # {"Name": "DB_PASSWORD", "Value": "…"}
    rf"""(?<![\w.-])(?:[Nn]ame|[Kk]ey)\\?["']?{_IS}\\?["']?{_NAME}[ \t]{{0,8}},?\s{{0,64}}"""
    rf"""\\?["']?(?:[Dd]efault)?[Vv]alue\\?["']?{_IS}{_VALUE}""",
    # An option of a command.
    rf"(?<![\w.:-])(--[\w-]{{2,64}}),?[ \t]{{1,8}}{_VALUE}",
)
# A name and a value in the query of an address.
_QUERY = r"[?&;]([\w-]{1,64})=([^&\s\"'#<>$%{][^&\s\"'#<>]{5,511})"
_QUERY_ENDS = (*SECRET_ENDS, "pwd", "signature", "credential", "api_key", "api-key", "keyid")


# A letter, digit or sign as an escape of JSON, YAML or a program.
_ESCAPE = r"\\(?:u00|U000000|x)([2-7][0-9A-Fa-f])"


def spans(text: str) -> list[tuple[int, int]]:
    """Return the spans of credentials in a text of any syntax, by their form or by the name before them.

    At most `limits.MAX_ASSIGNED` names are examined.
    """
    found = _plain_spans(text)
    if "\\u00" in text or "\\U0" in text or "\\x" in text:
        found += _escaped_spans(text)
    return found


def _has_promising_name(text: str, lowered: str) -> bool:
    """Whether a name in a text promises a secret. Most texts only have the `Key` of a tag."""
    if len(lowered) != len(text):
        return any(hint in lowered for hint in HINTS)
    left = limits.MAX_ASSIGNED
    for hint in HINTS:
        start = lowered.find(hint)
        while start >= 0:
            end = start + len(hint)
            while start and _is_of_name(text[start - 1]):
                start -= 1
            while end < len(text) and _is_of_name(text[end]):
                end += 1
            left -= 1
            if not left or promise_of(text[start:end]):
                return True
            start = lowered.find(hint, end)
    return False


def _is_of_name(character: str) -> bool:
    return character.isalnum() or character in "_.-"


def _escaped_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of credentials that appear when escapes are decoded, in the text with escapes."""
    import re
    from bisect import bisect_right

    # The offsets of the pieces between escapes, in the decoded and in the original text.
    starts, offsets = [0], [0]
    pieces = []
    for match in re.finditer(_ESCAPE, text):
        piece = text[offsets[-1] : match.start()] + chr(int(match[1], 16))
        pieces.append(piece)
        starts.append(starts[-1] + len(piece))
        offsets.append(match.end())
    plain = "".join(pieces) + text[offsets[-1] :]
    for start, end in _plain_spans(plain) if pieces else ():
        first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
        next_start = starts[first + 1] - 1 if first + 1 < len(starts) else -1
        # A credential may begin with an escape.
        begin = offsets[first] + start - starts[first]
        if start == next_start:
            begin = text.rindex("\\", 0, offsets[first + 1])
        ends_escaped = last + 1 < len(starts) and end == starts[last + 1]
        yield begin, offsets[last + 1] if ends_escaped else offsets[last] + end - starts[last]


def _plain_spans(text: str) -> list[tuple[int, int]]:
    found = [(start, end) for start, end, _ in tokens(text)]
    lowered = text.lower()
    may_query = "=" in text and any(f"{end}=" in lowered for end in (*_QUERY_ENDS, "sig"))
    may_assign = ("=" in text or ":" in text or "--" in text) and _has_promising_name(text, lowered)
    if not may_query and not may_assign:
        # A file with findings of another kind does not load `re`, a quarter of a clean run.
        return found
    import re
    from itertools import islice

    for match in islice(re.finditer(_QUERY, text, re.ASCII), limits.MAX_ASSIGNED):
        if match[1].lower().endswith(_QUERY_ENDS) or match[1] == "sig":
            found.append(match.span(2))
    for form in _ASSIGNED if may_assign else ():
        for match in islice(re.finditer(form, text), limits.MAX_ASSIGNED):
            group = match.lastindex or 0
            start, end = match.span(group)
            # Before a parenthesis it is the name of a function, and behind a comma it may be the next key.
            is_name = text[end : end + 1] == "(" or (
                "," in text[match.end(1) : start] and text[end : end + 9].lstrip("\\\"' \t")[:1] == ":"
            )
            if not is_name and named(match[1], match[group]):
                found.append((start, end))
    return found


def masked(text: str) -> str:
    """Return a text with its credentials masked wherever they occur in it. The length stays the same."""
    return Redaction(text).redacted(text)


def covered(text: str, found: Iterable[tuple[int, int]]) -> str:
    """Return a text with spans masked, which may overlap. The length stays the same."""
    pieces: list[str] = []
    offset = 0
    for start, end in sorted(found):
        if end > offset:
            begin = max(start, offset)
            pieces += text[offset:begin], "*" * (end - begin)
            offset = end
    return "".join(pieces) + text[offset:] if pieces else text


# At least this many characters of a truncated secret are masked; fewer do not reveal it.
_LEAST = 4
# A shorter line of a secret could be any word.
_WHOLE_LINE = 8
# A secret with at least this many letters and digits is a token instead of an ordinary word.
_MIN_PLAIN = 16
_PLAIN = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
# Only the start of a longer secret is searched for elsewhere.
_LONGEST_SECRET = 4096
# The text is masked in blocks, since all findings of a minified file are on one line. Evidence of a
# credential, such as a name before its value, may be this far from it.
_BLOCK = 64 * 1024
_CONTEXT = 1024
# Not all names of a longer text are examined, so a block may contain secrets although none was found.
_FULLY_SEARCHED = 8 * limits.MAX_ASSIGNED
# Up to this many different beginnings are searched for one by one; more are looked up at each character.
_FEW_BEGINNINGS = 64
# No message shows more of a text that it truncates.
_LONGEST_SHOWN = 300
_LONGEST_MESSAGE = 10_000


class Redaction:
    """The secrets of one text, and masking them in reports and messages about it.

    `known` are secrets that the text may contain, whatever they look like.
    """

    __slots__ = (
        "_blocks", "_cuts", "_has_more", "_hidden", "_known", "_longest", "_plain", "_searched", "_secrets",
        "_text",
    )  # fmt: skip

    def __init__(self, text: str, known: Iterable[str] = ()) -> None:
        self._text = text
        self._secrets = set(known)
        self._hidden: list[Span] = []
        self._searched = self._has_more = False
        # The masked blocks of the text by number.
        self._blocks: dict[int, str] = {}
        # The results of `_index` and `_cut_to` for the secrets found so far.
        self._known: tuple[dict[str, list[int]], set[str], set[int]] | None = None
        self._cuts: dict[int, set[str]] = {}
        self._plain: dict[str, str] | None = None
        self._longest = 0

    @property
    def secrets(self) -> frozenset[str]:
        """The texts that no report may show: secrets that rules found, and what looks like a credential."""
        self._search()
        return frozenset(self._secrets)

    def hide(self, secret: str, span: Span) -> None:
        """Mask a secret wherever it occurs, and the whole value at `span` if that differs from the secret.

        The text of a value may differ because of escapes, folded lines and indentation.
        """
        self._secrets.add(secret[:_LONGEST_SECRET])
        self._known = self._plain = None
        self._cuts, self._blocks = {}, {}
        if len(secret) > _LONGEST_SECRET or secret not in self._text[span[0] : span[1]]:
            self._hidden.append(span)

    def redacted(self, text: str) -> str:
        """Return text of or about this file with its secrets masked. The length stays the same, so columns do
        too.

        Secrets are those that rules found, and text in the file or in `text` that looks like one. In a
        message they may be escaped or truncated; the rest of a truncated secret is masked.
        """
        self._search()
        found = spans(text)
        if self._secrets:
            found += self._secret_spans(text)
        return covered(text, found) if found else text

    def _search(self) -> None:
        """Search for secrets that no rule has seen: in other fields, in comments, in invalid syntax."""
        if not self._searched:
            self._searched = True
            for number, (start, end) in enumerate(spans(self._text)):
                if number < limits.MAX_SECRETS:
                    self._secrets.add(self._text[start : min(end, start + _LONGEST_SECRET)])
                if end - start > _LONGEST_SECRET:
                    self._hidden.append((start, end))
                self._has_more = number >= limits.MAX_SECRETS
            self._known = self._plain = None

    @property
    def has_more(self) -> bool:
        """Whether there are too many secrets to search for in other places than where they were found."""
        if len(self._text) < SHORTEST * limits.MAX_SECRETS:
            return False
        self._search()
        return self._has_more

    def _secret_spans(self, text: str) -> list[Span]:
        """Return the spans of secrets in a text, including truncated ones. A file may have thousands."""
        spans = []
        lengths, forms, sizes = self._index()
        for at, beginning in _occurrences(text, lengths, sizes):
            for length in lengths[beginning]:
                if text[at : at + length] in forms:
                    spans.append((at, min(at + length, len(text))))
                    break
        # Long text comes from the file and was not truncated.
        cut = text.find("…") if len(text) < _LONGEST_MESSAGE else -1
        while cut >= 0:
            for at in range(max(cut - _LONGEST_SHOWN, 0), cut - _LEAST + 1):
                if text[at : at + _LEAST] in lengths and text[at:cut] in self._cut_to(cut - at):
                    spans.append((at, cut))
                    break
            cut = text.find("…", cut + 1)
        return spans + self._respelled_spans(text) if len(text) < _LONGEST_MESSAGE else spans

    def _respelled_spans(self, text: str) -> list[Span]:
        """Return the spans of secrets that are part of a name which another syntax spells differently.

        `ghp_Ab1` may be spelled `GhpAb1`, `ghp_ab1` or `ghpAb1`, so letters and digits are compared without
        case.
        """
        plain = self._plain_secrets()
        places = [at for at, character in enumerate(text) if character in _PLAIN] if plain else []
        letters = "".join(text[at] for at in places).lower()
        spans = []
        for first in range(len(letters) - _MIN_PLAIN + 1):
            secret = plain.get(letters[first : first + _MIN_PLAIN])
            if secret is not None:
                length = _MIN_PLAIN
                while letters[first : first + length + 1] == secret[: length + 1] and length < len(secret):
                    length += 1
                spans.append((places[first], places[first + length - 1] + 1))
        return spans

    def _plain_secrets(self) -> dict[str, str]:
        """Return the letters and digits of long secrets in lower case, by their beginnings."""
        if self._plain is None:
            plains = ["".join(filter(_PLAIN.__contains__, secret)).lower() for secret in self._secrets]
            long = sorted((plain for plain in plains if len(plain) >= _MIN_PLAIN), key=len)
            self._plain = {plain[:_MIN_PLAIN]: plain for plain in long}
        return self._plain

    def _cut_to(self, length: int) -> set[str]:
        """Return the beginnings of a length of all longer forms of the secrets."""
        if length not in self._cuts:
            self._cuts[length] = {form[:length] for form in self._forms() if len(form) > length}
        return self._cuts[length]

    def _index(self) -> tuple[dict[str, list[int]], set[str], set[int]]:
        """Return the lengths of the secrets' forms by their beginnings, all forms, and the beginnings'
        lengths.

        Lengths are in descending order.
        """
        if self._known is None:
            found: dict[str, set[int]] = {}
            forms = self._forms()
            for form in forms:
                found.setdefault(form[:_LEAST], set()).add(len(form))
            lengths = {start: sorted(known, reverse=True) for start, known in found.items()}
            self._known = lengths, set(forms), set(map(len, lengths))
            self._longest = len(forms[0]) if forms else 0
        return self._known

    def _forms(self) -> list[str]:
        """Return the secrets, long ones first, as messages and edits may spell them: escaped, by line."""
        import json
        import re

        forms = set(self._secrets)
        for secret in self._secrets:
            lines = [line.strip() for line in secret.split("\n")]
            forms.update(line for line in lines if len(line) >= _WHOLE_LINE)
        for form in list(forms):
            # Fixes and messages may spell a name differently that a secret is part of.
            words = re.sub("[^0-9A-Za-z]+", "-", form).strip("-")
            forms.update(one for one in (form.lower(), form.upper(), words) if len(one) >= _WHOLE_LINE)
            forms |= {escaped(form), json.dumps(form)[1:-1], json.dumps(form, ensure_ascii=False)[1:-1]}
        return sorted(forms, key=lambda form: (-len(form), form))

    def masked(self, span: Span) -> str:
        """Return the text of a span with its secrets masked, including those that overlap its ends."""
        start, end = span
        self._search()
        if not self._secrets and len(self._text) < _FULLY_SEARCHED:
            return self._text[start:end]
        first, last = start // _BLOCK, max(start, end - 1) // _BLOCK
        text = "".join(map(self._masked_block, range(first, last + 1)))
        return text[start - first * _BLOCK : end - first * _BLOCK]

    def _masked_block(self, number: int) -> str:
        if number not in self._blocks:
            self._index()
            start = number * _BLOCK
            margin = max(self._longest, _LONGEST_SECRET) + _CONTEXT
            first = max(start - margin, 0)
            text = self._text[first : start + _BLOCK + margin]
            inside = [(max(begin - first, 0), min(end - first, len(text))) for begin, end in self._hidden]
            text = covered(text, [(begin, end) for begin, end in inside if begin < end])
            self._blocks[number] = self.redacted(text)[start - first :][:_BLOCK]
        return self._blocks[number]


def _occurrences(text: str, beginnings: Collection[str], sizes: set[int]) -> Iterator[tuple[int, str]]:
    """Yield the offset and text of each occurrence of `beginnings`, whose lengths are `sizes`."""
    if len(beginnings) <= _FEW_BEGINNINGS:
        for beginning in beginnings:
            at = text.find(beginning)
            while at >= 0:
                yield at, beginning
                at = text.find(beginning, at + 1)
        return
    for size in sizes:
        found = [at for at in range(len(text) - size + 1) if text[at : at + size] in beginnings]
        yield from ((at, text[at : at + size]) for at in found)
