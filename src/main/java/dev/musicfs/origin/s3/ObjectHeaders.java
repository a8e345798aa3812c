package dev.musicfs.origin.s3;

import dev.musicfs.model.FileVersion;
import io.vertx.core.MultiMap;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The headers that describe an object. */
final class ObjectHeaders {
    private ObjectHeaders() {}

    /** Whether there is anything by which one version is told from another, as S3 always gives it. */
    static boolean describe(MultiMap headers) {
        return headers.contains("ETag") || headers.contains("Last-Modified");
    }

    /** Its version; null if these are not the headers of an object. */
    static @Nullable FileVersion version(MultiMap headers) {
        String length = headers.get("Content-Length");
        if (length == null || !length.matches("\\d{1,18}") || !describe(headers)) {
            return null;
        }
        Long modified = modifiedNanos(headers);
        return new FileVersion(
                Long.parseLong(length), modified == null ? 0 : modified, ListingPage.unquoted(headers.get("ETag")));
    }

    /** When it was last changed, nanoseconds since the epoch, exact to the second. */
    static @Nullable Long modifiedNanos(MultiMap headers) {
        String modified = headers.get("Last-Modified");
        if (modified == null) {
            return null;
        }
        try {
            return TimeUnit.SECONDS.toNanos(DateTimeFormatter.RFC_1123_DATE_TIME
                    .parse(modified, Instant::from)
                    .getEpochSecond());
        } catch (DateTimeException e) {
            return null;
        }
    }
}
