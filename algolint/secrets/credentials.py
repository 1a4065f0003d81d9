"""Detection of credentials: by forms that nothing else has, and by names that promise a secret."""

from __future__ import annotations

from algolint import limits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    # Start, end and kind of a credential in a text.
    Found: TypeAlias = tuple[int, int, str]

#: Shorter text is not treated as a secret, as masking it would make reports unreadable.
SHORTEST = 8
_SHORTEST_TOKEN = 20

# ---------------------------------------------------------------- known forms

# Text that must occur, the kind of credential, and a pattern that is compiled when the text occurs. The forms
# are from their issuers' documentation, as no package lists them. Forms that are unmistakable are also found
# in the middle of a word. Others are not: `task_live_`, `disk-` and `pnpm_` do not begin a key.
_AWS_KEY = r"(?<![A-Z0-9])A[KS]IA[A-Z0-9]{16}(?![A-Z0-9])"
_GITHUB = r"gh[pousr]_[A-Za-z0-9]{36,}"
_FORMS: tuple[tuple[str, str, str], ...] = (
    ("AKIA", "an AWS access key id", _AWS_KEY),
    ("ASIA", "an AWS access key id", _AWS_KEY),
    ("X-Amz-", "a presigned address", r"X-Amz-(?:Signature|Credential|Security-Token)=[^&\s\"']{16,}"),
    ("eyJ", "a JSON web token", r"(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}"),
    *((f"gh{kind}_", "a GitHub token", _GITHUB) for kind in "pousr"),
    ("github_pat_", "a GitHub token", r"github_pat_\w{40,}"),
    ("glpat-", "a GitLab token", r"glpat-[\w-]{20,}"),
    ("xox", "a Slack token", r"(?<![A-Za-z0-9])xox[abeoprs]-[A-Za-z0-9-]{20,}"),
    ("xox", "a Slack token", r"xox[abeoprs]-(?:\d-)?\d{9,}-[A-Za-z0-9-]{10,}"),
    ("hooks.slack.com/services/", "a Slack webhook", r"hooks\.slack\.com/services/[\w/]{20,}"),
    ("hf_", "a Hugging Face token", r"(?<![A-Za-z0-9_])hf_(?=\w*[A-Z])(?=\w*[a-z])[A-Za-z0-9]{30,}"),
    ("k_live_", "a Stripe key", r"(?<![A-Za-z0-9])[rs]k_live_[A-Za-z0-9]{16,}"),
    ("sk-", "an API key", r"(?<![\w-])sk-(?=[\w-]*\d)(?=[\w-]*[A-Z])[\w-]{32,}"),
    ("sk-", "an API key", r"(?<![\w-])sk-(?:ant|proj|svcacct|admin)-(?=[\w-]*[\dA-Z])[\w-]{20,}"),
    ("AIza", "a Google API key", r"(?<![A-Za-z0-9])AIza[\w-]{35}"),
    ("npm_", "an npm token", r"(?<![A-Za-z0-9])npm_(?=\w*\d)[A-Za-z0-9]{36}"),
    ("pypi-AgE", "a PyPI token", r"pypi-AgE[\w-]{50,}"),
    ("dckr_pat_", "a Docker token", r"dckr_pat_[\w-]{20,}"),
    ("SG.", "a SendGrid key", r"(?<![\w.-])SG\.[\w-]{16,32}\.[\w-]{16,64}"),
    ("hvs.", "a Vault token", r"(?<![\w.-])hvs\.[\w-]{24,}"),
    ("glsa_", "a Grafana token", r"glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}"),
    ("shpat_", "a Shopify token", r"shpat_[0-9a-fA-F]{32}"),
    ("dop_v1_", "a DigitalOcean token", r"dop_v1_[0-9a-f]{64}"),
    ("AccountKey=", "a storage account key", r"AccountKey=[A-Za-z0-9+/]{40,}={0,2}"),
)
_KEY_BEGINS, _KEY_ENDS = "PRIVATE KEY-----", "-----END "
# The user and the password before the host of an address. A password that begins like a variable is a
# placeholder.
_LOGIN = r"://([^/?#\s\"':]*:[^/?#\s\"'$%{<][^/?#\s\"']*@)"
# Words in values that are to be filled in.
_FILLERS = frozenset(
    "example placeholder replace changeme change_me change-me redacted dummy"
    " your insert todo fake mock test xxxx **** ... …".split()
)
# Texts without a finding, as the same descriptions and values occur in many files.
_clean: dict[str, bool] = {}


def token(text: str) -> tuple[str, str] | None:
    """Return the credentials in a text and their kind, judging by forms that only credentials have.

    If there are several, the text from the first to the last is returned.
    """
    if len(text) < _SHORTEST_TOKEN or text in _clean:
        return None
    if "://" not in text and "KEY-----" not in text and not _has_long_word(text):
        return None
    if found := tokens(text):
        start, _, kind = min(found)
        return kind, text[start : max(end for _, end, _ in found)].strip()
    limits.keep(_clean, text)
    return None


def _has_long_word(text: str) -> bool:
    """Whether a word of the text is long enough for a token. Splitting the text would take twice as long."""
    start = 0
    while start + _SHORTEST_TOKEN <= len(text):
        space = text.rfind(" ", start, start + _SHORTEST_TOKEN)
        if space < 0:
            return True
        start = space + 1
    return False


def tokens(text: str) -> list[Found]:
    """Return the credentials in a text of any length, judging by forms that only credentials have."""
    found: list[Found] = []
    for marker, kind, form in _FORMS:
        if marker in text:
            import re

            for match in re.finditer(form, text, re.ASCII):
                if not is_filler(match[0]):
                    found.append((*match.span(), kind))
    if _KEY_BEGINS in text:
        found += _private_keys(text)
    if "://" in text and "@" in text:
        import re

        for match in re.finditer(_LOGIN, text):
            if not is_filler(match[1]):
                found.append((*match.span(1), "an address with a password"))
    return found


# The longest name of a kind of key in its first or last line.
_LONGEST_LABEL = 60


def _private_keys(text: str) -> Iterator[Found]:
    """Yield the private keys in a text, each up to its end line, or to the end of the text without one."""
    at = text.find(_KEY_BEGINS)
    while at >= 0:
        start = text.rfind("-----BEGIN ", max(0, at - _LONGEST_LABEL), at)
        after = at + len(_KEY_BEGINS)
        if start >= 0:
            end = text.find(_KEY_ENDS, after)
            after = len(text) if end < 0 else end + len(_KEY_ENDS)
            closing = text.find(_KEY_BEGINS, after, after + _LONGEST_LABEL)
            after = closing + len(_KEY_BEGINS) if closing >= 0 else after
            if not is_filler(text[start:after]):
                yield start, after, "a private key"
        at = text.find(_KEY_BEGINS, after)


# The characters of a value that are searched for filler words, and those whose variety is counted.
_LONGEST_FILLER = 200
_LONGEST_COUNTED = 1000


def is_filler(text: str) -> bool:
    """Whether a value is only a placeholder."""
    lowered = text[:_LONGEST_FILLER].lower()
    few = len(set(text[:_LONGEST_COUNTED])) < SHORTEST - 2
    return few or (text[0] == "<" and text[-1] == ">") or any(filler in lowered for filler in _FILLERS)


def login(text: str) -> str:
    """Return the user:password@ of the first address in a text that has one; empty if there is none."""
    if "://" not in text or "@" not in text:
        return ""
    import re

    found = re.search(_LOGIN, text)
    return found[1] if found else ""


# ---------------------------------------------------------------- names and their values

# Parts of names that may be secret, searched for before a name is split into words.
HINTS = ("pass", "pw", "secret", "token", "key", "cred")
_PASSWORD_WORDS = frozenset("password passwd passphrase passcode pwd".split())
_SECRET_WORDS = _PASSWORD_WORDS | frozenset(
    "pass pw secret secrets token apikey credential credentials creds".split()
)
# Names written without separators: dbpassword, authtoken.
_PASSWORD_ENDS = ("password", "passwd", "passphrase")
SECRET_ENDS = (*_PASSWORD_ENDS, "secret", "token", "apikey", "accesskey", "privatekey")
_KEY_OWNERS = frozenset(("api", "access", "private", "auth", "account", "encryption", "signing", "shared"))
# Last words that make a name one of something about a secret: SECRET_NAME, token_url.
_ABOUT = frozenset(
    "arn name names id ids url uri path file dir bucket type index"
    " hash sha sha256 md5 digest checksum revision version region owner"
    " column field header prefix suffix format endpoint policy manager".split()
)
# Words that occur with tokens of text, and with keys that are public.
_OPEN = frozenset(
    {"pad", "eos", "bos", "unk", "mask", "cls", "sep", "special", "tokens", "tokenizer", "public"}
)
_AWS_NAMES = frozenset(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"))
# The promise of a name: "" for none, "password", or "secret".
_promises: dict[str, str] = {}
_LONGEST_NAME = 256


def secret(name: str, text: str) -> tuple[str, str] | None:
    """Return the kind of secret in a named value and the secret itself, or None."""
    return (token(text) or named(name, text)) if len(text) >= SHORTEST else None


def named(name: str, text: str) -> tuple[str, str] | None:
    """Return the kind of secret in a value whose name promises one, and the secret itself, or None.

    If the name is that of a password, nearly any text with several kinds of characters is a secret.
    """
    promise = promise_of(name) if len(text) >= SHORTEST else ""
    if not promise or is_filler(text):
        return None
    if name.upper() in _AWS_NAMES and not promise_of(text):
        return f"the value of {name.upper()}", text.strip()
    if _is_reference(text):
        return None
    if promise == "password" and _looks_like_a_password(text):
        return "a credential", text.strip()
    if not _looks_random(text):
        return None
    plain_token = name.lower().endswith("token") and "api" not in name.lower()
    return None if plain_token and _is_uuid(text) else ("a credential", text.strip())


def promise_of(name: str) -> str:
    """Return the promise of a name: DB_PASSWORD and apiKey have one, max_tokens and SECRET_NAME do not."""
    known = _promises.get(name)
    if known is None:
        lowered = name[:_LONGEST_NAME].lower()
        known = _promise_of_words(name) if any(hint in lowered for hint in HINTS) else ""
        limits.keep(_promises, name, known)
    return known


def _promise_of_words(name: str) -> str:
    if name.upper() in _AWS_NAMES:
        return "secret"
    words = _words(name[:_LONGEST_NAME])
    if not words or words[-1] in _ABOUT or not _OPEN.isdisjoint(words):
        return ""
    if words[-1] in _PASSWORD_WORDS or words[-1].endswith(_PASSWORD_ENDS):
        return "password"
    if any(word in _SECRET_WORDS or word.endswith(SECRET_ENDS) for word in words):
        return "secret"
    owned = any(word == "key" and words[i] in _KEY_OWNERS for i, word in enumerate(words[1:]))
    return "secret" if owned else ""


def _words(name: str) -> list[str]:
    """Return the words of a name in lower case: db, password for DB_PASSWORD; api, token for APIToken."""
    words = [""]
    for character in name:
        word = words[-1]
        if not (character.isascii() and character.isalpha()):
            words.append("")
        elif character.isupper():
            if word[-1:].islower():
                words.append(character)
            else:
                words[-1] += character
        elif word[1:].isupper():
            # The last of several capitals begins the next word.
            words[-1:] = [word[:-1], word[-1] + character]
        else:
            words[-1] += character
    return [word.lower() for word in words if word]


def _is_reference(text: str) -> bool:
    """Whether a text is a location or a digest instead of the secret itself."""
    return "://" in text or text.startswith(("/", "./", "~", "arn:", "sha256:", "data:", "$", "%", "{{", "<"))


def _looks_like_a_password(text: str) -> bool:
    """Whether the value of a password is not a sentence, a number, a word, or joined words."""
    text = text.strip()
    if len(text) < SHORTEST or len(text.split(None, 1)) > 1 or _is_number(text):
        return False
    if any(not c.isalnum() and c not in "-_./:,()[]{}" for c in text):
        return True
    letters = [c for c in text if c.isalpha()]
    return bool(letters) and any(map(str.isdigit, text)) and not _is_joined_words(text)


def _looks_random(text: str) -> bool:
    """Whether a text looks random: letters and digits mixed, no words, high entropy."""
    text = text.strip()
    if len(text.split(None, 1)) > 1 or not (any(map(str.isdigit, text)) and any(map(str.isalpha, text))):
        return False
    if _is_number(text) or _is_joined_words(text):
        return False
    # A hexadecimal digit has at most four bits, and random text seldom uses all of them evenly.
    is_hex = len(text) >= 32 and all(c in "0123456789abcdefABCDEF_-/.:," for c in text)
    return entropy(text) > (3.0 if is_hex else 3.5)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _is_joined_words(text: str) -> bool:
    """Whether a text consists of joined words and numbers, as prod/database-2 or llama-3-8b-instruct."""
    for separator in "-/.:,":
        text = text.replace(separator, "_")
    parts = [part for part in text.split("_") if part]
    return len(parts) > 1 and all(_is_word(part) for part in parts)


def _is_word(part: str) -> bool:
    """Whether a part of a name is a word, a number, a word followed by a number, or very short."""
    return len(part) <= 3 or part.isdigit() or part.rstrip("0123456789").isalpha()


def _is_uuid(text: str) -> bool:
    parts = text.split("-")
    return [len(part) for part in parts] == [8, 4, 4, 4, 12] and all(
        c in "0123456789abcdefABCDEF-" for c in text
    )


def entropy(text: str) -> float:
    """Return the entropy of a text in bits a character, from the frequency of its characters."""
    from math import log2

    counts = [text.count(character) for character in set(text)]
    return -sum(count / len(text) * log2(count / len(text)) for count in counts)
