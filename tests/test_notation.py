"""Numbers: what counts as one, what every parser reads, and exact comparison."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import pytest

from algolint import limits
from algolint.aws import notation
from algolint.aws.notation import Real, is_portable_number, number, portable_number

# text, as an Integer, as a Continuous: "plain" where every parser reads it, "lenient" where some do.
FORMS = [
    ("0", "plain", "plain"),
    ("7", "plain", "plain"),
    ("-12", "plain", "plain"),
    ("-0", "plain", "plain"),
    ("123456789012345678901234567890", "plain", "plain"),
    ("0.5", None, "plain"),
    (".5", None, "plain"),
    ("-.5", None, "plain"),
    ("1e-05", None, "plain"),
    ("1.5E+3", "lenient", "plain"),
    ("1e3", "lenient", "plain"),
    ("5.0", "lenient", "plain"),
    ("1_000", "lenient", "lenient"),
    ("1_000.5", None, "lenient"),
    ("1e1_0", "lenient", "lenient"),
    (" 5", "lenient", "lenient"),
    ("5\t", "lenient", "lenient"),
    ("+5", "lenient", "lenient"),
    ("+0.5", None, "lenient"),
    ("007", "lenient", "lenient"),
    ("00.5", None, "lenient"),
    ("5.", "lenient", "lenient"),
    ("\u0661\u0662", "lenient", "lenient"),
    ("", None, None),
    (" ", None, None),
    (".", None, None),
    ("-", None, None),
    ("e5", None, None),
    ("1e", None, None),
    ("1 000", None, None),
    ("1,000", None, None),
    ("1__000", None, None),
    ("_1", None, None),
    ("--1", None, None),
    ("0x10", None, None),
    ("1f", None, None),
    ("inf", None, None),
    ("-Infinity", None, None),
    ("nan", None, None),
    ("None", None, None),
    ("1e99999999999999999999", None, None),
    ("9" * 4500, None, None),
]


@pytest.mark.parametrize(("text", "integer", "continuous"), FORMS, ids=[repr(row[0][:20]) for row in FORMS])
def test_the_forms_of_numbers(text: str, integer: str | None, continuous: str | None) -> None:
    for kind, form in (("Integer", integer), ("Continuous", continuous)):
        assert (number(text, kind) is not None) == (form is not None)
        if form is not None:
            assert is_portable_number(text, kind) == (form == "plain")


@pytest.mark.parametrize(
    ("text", "kind", "plain"),
    [
        ("1_000", "Integer", "1000"),
        ("5.0", "Integer", "5"),
        ("1e3", "Integer", "1000"),
        (" -07 ", "Integer", "-7"),
        ("\u0661\u0662", "Integer", "12"),
        ("+5", "Continuous", "5"),
        ("5.", "Continuous", "5"),
        ("00.50", "Continuous", "0.50"),
        ("+1_0.5E+0_3", "Continuous", "10.5E+03"),
        ("-05.e-3", "Continuous", "-5e-3"),
        ("-.5", "Continuous", "-.5"),
        ("\u0661.\u0665", "Continuous", "1.5"),
        ("abc", "Continuous", None),
        ("0.5", "Integer", None),
    ],
)
def test_the_plain_form_of_a_number(text: str, kind: str, plain: str | None) -> None:
    assert portable_number(text, kind) == plain
    if plain is not None:
        assert is_portable_number(plain, kind)
        assert number(plain, kind) == number(text, kind)


ORDERED = [
    "-1e400", "-1e5", "-0.30000000000000000001", "-0.3", "-1e-400", "0", "1e-400", "0.1",
    "0.10000000000000000001", "0.1000000000000001", "1", "1.00000000000000000001", "9007199254740992",
    "9007199254740992.5", "9007199254740993", "1e308", "1e400", "1e401",
]  # fmt: skip


def test_numbers_compare_by_their_decimals() -> None:
    """Floats would call 0.1 and 0.10000000000000000001 equal, and round 9007199254740993."""
    numbers = [number(text, "Continuous") for text in ORDERED]
    for i, left in enumerate(numbers):
        for j, right in enumerate(numbers):
            assert left is not None
            assert right is not None
            assert (left < right) == (i < j), (ORDERED[i], ORDERED[j])
            assert (left > right) == (i > j), (ORDERED[i], ORDERED[j])
            assert (left <= right) == (i <= j), (ORDERED[i], ORDERED[j])
            assert (left >= right) == (i >= j), (ORDERED[i], ORDERED[j])
            assert (left == right) == (i == j), (ORDERED[i], ORDERED[j])
            assert (left != right) == (i != j), (ORDERED[i], ORDERED[j])


@pytest.mark.parametrize("same", [("0.5", "0.50", ".5", "5e-1"), ("2", "2.0", "2e0"), ("0", "0.0", "-0.0")])
def test_one_number_in_several_forms(same: tuple[str, ...]) -> None:
    values = [number(text, "Continuous") for text in same]
    assert all(left == right for left in values for right in values)
    assert not any(left != right for left in values for right in values)
    assert len(set(values)) == 1


def test_real_is_a_float() -> None:
    assert Real("0.25") == Fraction(1, 4)
    assert Real("0.25") + 1 == 1.25
    assert Real("0.25") != "0.25"


def test_plain_numbers_do_not_load_decimal() -> None:
    """Most specs only have these, and the import would slow down every start."""
    code = (
        "import sys; from algolint.aws.notation import number, is_portable_number\n"
        "texts = ('1', '10', '0.1', '0.10', '1e-05', '100.0')\n"
        "values = [number(text, 'Continuous') for text in texts]\n"
        "values.sort(); values == values[::-1]; [is_portable_number(text, 'Continuous') for text in texts]\n"
        "sys.exit('decimal' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_readings_are_kept_within_bounds() -> None:
    """In a long run the newest readings are kept, since they belong to the current file."""
    for _ in range(2):
        for index in range(3 * limits.MAX_KEPT):
            assert notation.number(f"{index}", "Integer") == index
            assert notation.number(f"{index}x", "Integer") is None
            assert notation.number(f"{index}.5", "Continuous") == index + 0.5
            assert notation.is_portable_number(f"{index}.5", "Continuous")
            assert not notation.is_portable_number(f"0{index}", "Integer")
            assert notation.image(f"a:{index}").tag == f"{index}"
            assert notation.image(f"a:{index}") is notation.image(f"a:{index}")
    kept = (notation._read_integers, notation._read_decimals, notation._portable_integers, notation._images)
    assert all(0 < len(known) <= limits.MAX_KEPT for known in kept)
