"""How a claim's bound and values read, and how a table is shown: words only, nothing is judged here."""

import html
import math
from collections.abc import Mapping, Sequence
from statistics import median

SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "==": "=", "is": "is"}


def bound_text(record: dict) -> str:
    """The bound in words: ``≥ 0.8``, ``= 2 ± 0.01``, ``is true``, ``≥ 0.8 on ≥ 4 of 5 seeds``.

    Args:
        record: of a claim (see ``learn.claims.Claims``).
    """
    op, bound = record["op"], record["bound"]
    if op == "is":
        return "is true"
    if "tolerance" in record:
        tolerance = record["tolerance"]
        target = _as_written(bound) if _is_short(bound) or tolerance <= 0 else _to(tolerance, bound)
        return f"= {target} ± {_as_written(tolerance)}"
    text = f"{SIGNS.get(op, op)} {_as_written(bound)}"
    if "at_least" in record:
        text += f" on ≥ {record['at_least']} of {len(record['value'] or ())} seeds"
    return text


def value_text(record: dict) -> str:
    """The value rounded for reading, with as many digits as it takes to see on which side of the bound it lies.

    Args:
        record: of a claim (see ``learn.claims.Claims``).
    """
    value, bound = record["value"], record["bound"]
    if "reason" in record:
        return record["reason"]
    if "at_least" in record:
        return " · ".join(number_text(v, bound) for v in value)
    if record.get("tolerance", 0) > 0:
        return _to(record["tolerance"], value, near=bound)
    return number_text(value, bound)


def _to(tolerance: float, value: float, near: float | None = None) -> str:
    """A number to the tenth of a tolerance, and to more places where these would put it on the wrong side of it."""
    places = max(0, 1 - math.floor(math.log10(tolerance)))
    if near is not None:
        inside = abs(value - near) <= tolerance
        while places < 17 and (abs(round(value, places) - near) <= tolerance) != inside:
            places += 1
    text = f"{round(value, places) + 0.0:,.{places}f}"  # + 0.0: no −0
    return text.rstrip("0").rstrip(".") if "." in text else text


def median_and_range(values: Mapping[str, float], digits: int = 2, times: float = 1) -> str:
    """What was measured over seeds: ``0.91 (0.88 to 0.93)``.

    Args:
        values: seed → number; at least one.
        digits: after the point.
        times: what each number is multiplied by: 100 for percent.
    """
    each = [times * value for value in values.values()]
    low, middle, high = (f"{value:.{digits}f}" for value in (min(each), median(each), max(each)))
    return f"{middle} ({low} to {high})"


def spread_text(values: Sequence[float]) -> str:
    """``5 to 8``, or ``true 8 times``.

    Args:
        values: at least one; numbers, or all of them True or False.
    """
    if all(isinstance(value, bool) for value in values):
        return f"true {sum(values)} times"
    return f"{number_text(min(values))} to {number_text(max(values))}"


def _as_written(bound: float) -> str:
    """A bound as the notebook has it; one that was computed, with its many digits, is rounded for reading."""
    return f"{bound:.8g}" if _is_short(bound) else number_text(bound)


def _is_short(bound: float) -> bool:
    return isinstance(bound, float) and abs(bound) < 1000 and len(repr(bound)) <= 8


def number_text(value: float | None, near: object = None) -> str:
    """Three significant digits, more while ``value`` and a different number ``near`` would read the same.

    Args:
        value: a number, True or False, or None where there is none.
        near: what it is to be told from, where that is a number.
    """
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value:,}"

    def short(number: float, digits: int) -> str:
        return f"{number:,.0f}" if 999.5 <= abs(number) < 1e9 and digits < 5 else f"{number:.{digits}g}"

    digits = 3
    other = float(near) if isinstance(near, int | float) and not isinstance(near, bool) and near != value else None
    while other is not None and digits < 17 and short(value, digits) == short(other, digits):
        digits += 1
    return short(value, digits)


def show_table(caption: str, header: Sequence[object], rows: Sequence[Sequence[object]], folded: str = "") -> None:
    """Display a table as HTML (caption, column and row headers) and as plain text; outside a kernel print it.

    Args:
        caption: what it shows.
        header: the names of the columns.
        rows: the cells of each row; its first names the row.
        folded: what stands in the place of the HTML table until it is clicked; without it, the table is open.
    """
    cells = "".join(f'<th scope="col" style="text-align:left">{html.escape(str(name))}</th>' for name in header)
    body = "".join(
        f'<tr><th scope="row" style="text-align:left">{html.escape(str(row[0]))}</th>'
        + "".join(f'<td style="text-align:left">{html.escape(str(cell))}</td>' for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    page = (
        f"<table><caption>{html.escape(caption)}</caption><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"
    )
    if folded:
        page = f"<details><summary>{html.escape(folded)}</summary>{page}</details>"
    plain = "\n".join([caption, *(" · ".join(str(cell) for cell in row) for row in [header, *rows])])
    if not publish({"text/html": page, "text/plain": plain}):
        print(plain)


def publish(data: dict) -> bool:
    """Send a display to the notebook.

    Args:
        data: MIME type → content.

    Returns:
        False where there is no notebook (a script, a test).
    """
    try:
        from IPython.core.interactiveshell import InteractiveShell
        from IPython.display import display
    except ImportError:
        return False
    if not InteractiveShell.initialized():
        return False
    display(data, raw=True)
    return True
