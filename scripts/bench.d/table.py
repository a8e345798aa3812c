"""The result: one row for each thing measured, a column for each system."""


def _number(value):
    if value is None:
        return ""
    if value >= 100:
        return "%.0f" % value
    return "%.1f" % value if value >= 10 else "%.2f" % value


def _ratio(value, other):
    return _number(value / other) if value is not None and other else ""


class Table:
    """Rows of medians. A requirement is its text and a test of (native, bindfs, musicfs), from section 10 of the spec."""

    def __init__(self):
        self.rows = []

    def add(self, what, native=None, bindfs=None, musicfs=None, must=None):
        verdict = ""
        if must and musicfs is not None:
            text, holds = must
            verdict = text + (": yes" if holds(native, bindfs, musicfs) else ": **NO**")
        self.rows.append((what, _number(native), _number(bindfs), _number(musicfs), _ratio(musicfs, bindfs),
                          _ratio(musicfs, native), verdict))

    def markdown(self):
        head = ("what (median)", "native", "bindfs", "MusicFS", "/ bindfs", "/ native", "must")
        lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * 5 + "---|"]
        lines += ["| " + " | ".join(row) + " |" for row in self.rows]
        return "\n".join(lines)
