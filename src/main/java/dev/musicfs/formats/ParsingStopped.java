package dev.musicfs.formats;

import dev.musicfs.model.ByteRange;
import org.jspecify.annotations.Nullable;

/** Why a parser of layouts got no further: bytes that are not known yet, or bytes that make no sense. */
final class ParsingStopped extends Exception {
    private static final long serialVersionUID = 1L;

    /** Null when the file is malformed. */
    private final transient @Nullable ByteRange missing;

    private final String reason;

    private ParsingStopped(@Nullable ByteRange missing, String reason) {
        // Thrown at every step of an ordinary file: without a stack trace.
        super(reason, null, false, false);
        this.missing = missing;
        this.reason = reason;
    }

    static ParsingStopped missing(ByteRange range) {
        return new ParsingStopped(range, "not known yet: " + range);
    }

    static ParsingStopped malformed(String reason) {
        return new ParsingStopped(null, reason);
    }

    @Nullable
    ByteRange missing() {
        return missing;
    }

    String reason() {
        return reason;
    }
}
