package dev.musicfs.cli;

import dev.musicfs.control.api.LibraryStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What of an origin's files is not shown as it is there, in lines for people. */
final class LibraryText {
    private static final int MOST_NAMED = 5;

    private LibraryText() {}

    /** None when all is. */
    static List<String> lines(LibraryStatus library) {
        List<String> lines = new ArrayList<>();
        if (library.unknownEntries() > 0) {
            String named = library.unknown().stream()
                    .limit(MOST_NAMED)
                    .map(each -> each.path() + " (" + each.reason() + ")")
                    .collect(Collectors.joining(", "));
            lines.add(String.format(
                    Locale.ROOT,
                    "  %,d entries cannot be looked at, what is known of them is kept: %s%s",
                    library.unknownEntries(),
                    named,
                    library.unknownEntries() > MOST_NAMED ? ", ..." : ""));
        }
        if (library.damagedFiles() > 0) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  %,d files are damaged and shown under their own names; the log says what is wrong",
                    library.damagedFiles()));
        }
        library.held()
                .ifPresent(why -> lines.add(
                        "  " + why + " until you say that they are gone: musicfs origin confirm-removals ID"));
        if (!library.passedOver().isEmpty()) {
            lines.add("  passed over: "
                    + library.passedOver().stream()
                            .map(each -> String.format(Locale.ROOT, "%,d by %s", each.entries(), each.rule()))
                            .collect(Collectors.joining(", ")));
        }
        return lines;
    }
}
