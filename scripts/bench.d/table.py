"""The result: one row for each thing measured, a column for each system, and what section 10 of the spec asks."""

COLUMNS = ("native", "bindfs", "rclone", "musicfs", "cached")
OURS = ("musicfs", "cached")
TITLES = {"musicfs": "MusicFS"}


def number(value):
    if value is None:
        return ""
    if value >= 100:
        return "%.0f" % value
    return "%.1f" % value if value >= 10 else "%.2f" % value


def _ratio(value, other):
    return number(value / other) if value is not None and other else ""


class Must:
    """One requirement: its text and a test of (value, the other system's value or None)."""

    def __init__(self, text, test, other=None):
        self.text, self.test, self.other = text, test, other

    def verdict(self, row):
        said = []
        for name in OURS:
            if row.get(name) is None:
                continue
            other = row.get(self.other) if self.other else None
            if self.other and not other:
                answer = "not known"
            else:
                answer = "yes" if self.test(row[name], other) else "**NO**"
                if self.other == "native":  # The others' ratios have columns.
                    answer += " (%s)" % _ratio(row[name], other)
            said.append(("cached " if name == "cached" else "") + answer)
        return self.text + ": " + ", ".join(said) if said else ""


def at_least(factor, other):
    return Must("at least %gx %s" % (factor, other), lambda value, than: value >= factor * than, other)


def at_most(factor, other):
    return Must("at most %gx %s" % (factor, other), lambda value, than: value <= factor * than, other)


def under(most, unit=""):
    return Must(("under %d %s" % (most, unit)).strip(), lambda value, _: value < most)


class Table:
    """Rows of medians by column name; columns that nothing was measured for are left out."""

    def __init__(self):
        self.rows = []
        self.notes = []

    def add(self, what, *musts, **values):
        self.rows.append((what, values, musts))

    def note(self, text):
        if text not in self.notes:
            self.notes.append(text)

    def markdown(self):
        columns = [name for name in COLUMNS if any(values.get(name) is not None for _, values, _ in self.rows)]
        peers = [name for name in ("bindfs", "rclone") if name in columns]
        head = ["what (median)"]
        for name in columns:
            head.append(TITLES.get(name, name))
            if name in OURS:
                head += ["/ " + peer for peer in peers]
        head.append("must")
        lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 2) + "---|"]
        for what, values, musts in self.rows:
            cells = [what]
            for name in columns:
                cells.append(number(values.get(name)))
                if name in OURS:
                    cells += [_ratio(values.get(name), values.get(peer)) for peer in peers]
            cells.append("; ".join(filter(None, (must.verdict(values) for must in musts))))
            lines.append("| " + " | ".join(cells) + " |")
        return "\n".join(lines + [""] + ["- " + note for note in self.notes] if self.notes else lines)
