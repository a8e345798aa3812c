package dev.musicfs.origin.s3;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.origin.s3.Answer.BodyRule;
import dev.musicfs.origin.s3.Answer.Taking;
import io.vertx.core.MultiMap;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the answer to a request for a range must look like to be believed.
 *
 * @param about how a message begins
 * @param range inside the file and not empty
 */
record RangeRule(String about, FileVersion expected, ByteRange range) implements Taking {
    // A server that answers with the whole file is read up to the range and then cut; not for ever.
    private static final long MOST_SKIPPED = 16 << 20;
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

    /** The headers that ask for it. */
    Map<String, String> headers() {
        Map<String, String> headers = new HashMap<>();
        headers.put("Range", "bytes=" + range.offset() + "-" + (range.end() - 1));
        // A weak tag never matches.
        if (!expected.tag().isEmpty() && !expected.tag().startsWith("W/")) {
            headers.put("If-Match", "\"" + expected.tag() + "\"");
        }
        return headers;
    }

    @Override
    public BodyRule rule(int status, MultiMap headers) {
        checkVersion(headers);
        Long length = length(headers);
        int wanted = Math.toIntExact(range.length());
        if (status == 206) {
            checkRange(headers.get("Content-Range"));
            if (length != null && length != wanted) {
                throw corrupt(length + " bytes announced instead of " + wanted);
            }
            return new BodyRule(0, wanted, false);
        }
        if (status != 200) {
            throw corrupt("an answer of status " + status);
        }
        if (!ObjectHeaders.describe(headers)) {
            throw corrupt("something else than an object");
        }
        if (length != null && length != expected.sizeBytes()) {
            throw stale();
        }
        if (range.offset() > MOST_SKIPPED) {
            throw new MusicFsException(
                    FailureKind.REJECTED, about + ": the server does not give ranges, only whole files");
        }
        return new BodyRule(range.offset(), wanted, true);
    }

    private void checkVersion(MultiMap headers) {
        String tag = headers.get("ETag");
        if (expected.tag().isEmpty() || tag == null) {
            Long modified = ObjectHeaders.modifiedNanos(headers);
            if (modified != null && modified != expected.mtimeNanos()) {
                throw stale();
            }
        } else if (!ListingPage.unquoted(tag).equals(expected.tag())) {
            throw stale();
        }
    }

    private void checkRange(@Nullable String given) {
        Matcher parts = CONTENT_RANGE.matcher(given == null ? "" : given);
        if (!parts.matches()) {
            throw corrupt("part of a file without saying which");
        }
        if (!parts.group(3).equals("*") && Long.parseLong(parts.group(3)) != expected.sizeBytes()) {
            throw stale();
        }
        if (Long.parseLong(parts.group(1)) != range.offset() || Long.parseLong(parts.group(2)) != range.end() - 1) {
            throw corrupt("another part than the one asked for: " + given);
        }
    }

    private static @Nullable Long length(MultiMap headers) {
        String length = headers.get("Content-Length");
        return length != null && length.matches("\\d{1,18}") ? Long.valueOf(length) : null;
    }

    private MusicFsException stale() {
        return new MusicFsException(FailureKind.STALE, about + ": it has changed since it was looked at");
    }

    private MusicFsException corrupt(String what) {
        return new MusicFsException(FailureKind.CORRUPT, about + ": the server gave " + what);
    }
}
