package dev.musicfs.cli;

import dev.musicfs.model.Printable;
import java.io.PrintStream;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * Prints texts with nothing in them that a terminal would obey: names of files and answers of servers are in many. What is
 * to rewrite its line begins with {@link #ERASE}.
 */
final class PrintableStream extends PrintStream {
    /** Back to the beginning of a terminal's line, and all of it gone. */
    static final String ERASE = "\r\033[K";

    private final PrintStream target;

    /** Onto another stream, in whose encoding. */
    PrintableStream(PrintStream target) {
        super(target, true, Charset.defaultCharset());
        this.target = target;
    }

    @Override
    public void print(@Nullable String printed) {
        String text = String.valueOf(printed);
        target.print(
                text.startsWith(ERASE) ? ERASE + Printable.text(text.substring(ERASE.length())) : Printable.text(text));
    }
}
