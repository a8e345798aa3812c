package dev.musicfs.origin.wire;

import dev.musicfs.model.FileVersion;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How HTTP tells one version from another: an ETag, and a time in whole seconds.
 *
 * @param etag as it was sent, empty when there is none
 * @param mtimeNanos nanoseconds since the epoch, 0 when unknown; of a time that a {@code long} cannot say the nearest,
 *     which is no condition for a server
 */
public record Validators(String etag, long mtimeNanos) {
    private static final String WEAK = "W/";
    // The JDK's own RFC 1123 writes the first nine days of a month with one digit, which HTTP does not have.
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    /** From the values of the two headers, or of WebDAV's properties, each of which may be empty. */
    public static Validators of(String etag, String lastModified) {
        return new Validators(etag.strip(), nanos(lastModified.strip()));
    }

    /** Those of a response. */
    public static Validators of(Response response) {
        return of(response.header("ETag"), response.header("Last-Modified"));
    }

    /** A version with the ETag as it was sent. */
    public FileVersion version(long sizeBytes) {
        return new FileVersion(sizeBytes, mtimeNanos, etag);
    }

    /** Whether there is nothing to tell versions apart by. */
    public boolean isEmpty() {
        return etag.isEmpty() && mtimeNanos == 0;
    }

    /**
     * Whether an answer with these is of another version. A weak tag is compared like a strong one, since some servers
     * send both for the same bytes; an answer that says nothing contradicts nothing.
     */
    boolean contradict(Validators answer) {
        if (!etag.isEmpty() && !answer.etag.isEmpty()) {
            return !opaque(etag).equals(opaque(answer.etag));
        }
        return mtimeNanos != 0 && answer.mtimeNanos != 0 && mtimeNanos != answer.mtimeNanos;
    }

    /** Whether an answer of another server, which has tags of its own, says that it is this very version. */
    public boolean vouchedBy(Validators answer) {
        return (mtimeNanos != 0 && mtimeNanos == answer.mtimeNanos)
                || (!etag.isEmpty() && !answer.etag.isEmpty() && opaque(etag).equals(opaque(answer.etag)));
    }

    /** The headers with which a server that understands them answers 412 instead of another version's bytes. */
    Map<String, String> conditions() {
        Map<String, String> headers = new LinkedHashMap<>();
        if (etag.startsWith("\"")) {
            headers.put("If-Match", etag);
        } else if (mtimeNanos != 0 && mtimeNanos != Long.MAX_VALUE && mtimeNanos != Long.MIN_VALUE) {
            Instant time = Instant.ofEpochSecond(TimeUnit.NANOSECONDS.toSeconds(mtimeNanos));
            headers.put("If-Unmodified-Since", FORMAT.format(time));
        }
        return headers;
    }

    private static String opaque(String tag) {
        return unquoted(tag.startsWith(WEAK) ? tag.substring(WEAK.length()) : tag);
    }

    /** A tag without its quotes. */
    public static String unquoted(String tag) {
        return tag.length() > 1 && tag.startsWith("\"") && tag.endsWith("\"")
                ? tag.substring(1, tag.length() - 1)
                : tag;
    }

    private static long nanos(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        try {
            return TimeUnit.SECONDS.toNanos(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text))
                    .getEpochSecond());
        } catch (DateTimeException notOfTheField) {
            return 0;
        }
    }
}
