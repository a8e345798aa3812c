package dev.musicfs.origin.wire;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header {@code Content-Range} (RFC 9110, 14.4).
 *
 * @param first the first byte, inclusive; -1 when the range was refused (416)
 * @param last the last byte, inclusive; -1 when the range was refused
 * @param sizeBytes the size of the whole, empty when the server does not say
 */
public record ContentRange(long first, long last, OptionalLong sizeBytes) {
    private static final Pattern FORM =
            Pattern.compile("bytes\\s+(?:(\\d{1,18})-(\\d{1,18})|\\*)/(\\d{1,18}|\\*)", Pattern.CASE_INSENSITIVE);

    /** Empty when the value is none, or none that makes sense. */
    public static Optional<ContentRange> parse(String value) {
        Matcher found = FORM.matcher(value.strip());
        if (!found.matches()) {
            return Optional.empty();
        }
        OptionalLong size =
                found.group(3).equals("*") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(found.group(3)));
        if (found.group(1) == null) {
            return Optional.of(new ContentRange(-1, -1, size));
        }
        long first = Long.parseLong(found.group(1));
        long last = Long.parseLong(found.group(2));
        return last < first || (size.isPresent() && last >= size.getAsLong())
                ? Optional.empty()
                : Optional.of(new ContentRange(first, last, size));
    }
}
