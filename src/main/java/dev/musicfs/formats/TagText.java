package dev.musicfs.formats;

import dev.musicfs.model.TrackNumber;
import java.text.Normalizer;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes sense of what people and programs write into tags. */
final class TagText {
    /** In UTF-16 units. Names are cut far shorter; this keeps a hostile tag from filling the catalog. */
    private static final int MAX_LENGTH = 1024;

    /** A year that stands alone or begins a date, also 19990301 and 200405. */
    private static final Pattern YEAR = Pattern.compile("(?<!\\d)([12]\\d{3})(?:\\d{4}|\\d{2})?(?!\\d)");

    private static final Pattern COUNT_OF_TOTAL =
            Pattern.compile("(\\d{1,6})(?:\\s*(?:/|of)\\s*(\\d{1,6}))?.*", Pattern.DOTALL);

    private static final Pattern SIDE_AND_NUMBER = Pattern.compile("([A-Za-z])(?:[ .-]?(\\d{1,6}))?(?:\\s*/.*)?");

    private TagText() {}

    /**
     * Trimmed, in NFC, control characters as spaces. Lone surrogates become U+FFFD: in a
     * {@link dev.musicfs.model.RealPath} they would stand for raw bytes.
     */
    static String clean(String raw) {
        String bounded = raw.length() > MAX_LENGTH ? raw.substring(0, MAX_LENGTH) : raw;
        StringBuilder text = new StringBuilder(bounded.length());
        bounded.codePoints().forEach(c -> {
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                text.append('\uFFFD');
            } else {
                text.appendCodePoint(Character.isISOControl(c) ? ' ' : c);
            }
        });
        return Normalizer.normalize(text, Normalizer.Form.NFC).strip();
    }

    /** The first value that is not blank; empty when there is none. */
    static String first(List<String> values) {
        return values.stream()
                .map(TagText::clean)
                .filter(v -> !v.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** All distinct values that are not blank, joined by {@code "; "}. */
    static String joined(List<String> values) {
        return clean(values.stream()
                .flatMap(v -> Stream.of(v.split("\0", -1)))
                .map(TagText::clean)
                .filter(v -> !v.isEmpty())
                .distinct()
                .collect(Collectors.joining("; ")));
    }

    /** The year of the first value that has one; 0 when none has. */
    static int year(List<String> values) {
        for (String value : values) {
            Matcher matcher = YEAR.matcher(clean(value));
            if (matcher.find()) {
                return Integer.parseInt(matcher.group(1));
            }
        }
        return 0;
    }

    /** The 3 of {@code 3}, {@code 03} and {@code 3/12}; 0 when there is none. */
    static int number(List<String> values) {
        return group(values, 1);
    }

    /** The same of a track, which on a record may be {@code A1}, {@code B 12} or only {@code A}. */
    static int track(List<String> values) {
        int number = number(values);
        Matcher matcher = SIDE_AND_NUMBER.matcher(first(values));
        if (number > 0 || !matcher.matches()) {
            return number;
        }
        char side = Character.toUpperCase(matcher.group(1).charAt(0));
        return TrackNumber.ofSide(side, matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2)));
    }

    /** The 12 of {@code 3/12}; 0 when there is none. */
    static int total(List<String> values) {
        return group(values, 2);
    }

    /** Whether the first value means yes. */
    static boolean flag(List<String> values) {
        String value = first(values);
        return value.equalsIgnoreCase("true") || value.equalsIgnoreCase("yes") || number(List.of(value)) == 1;
    }

    private static int group(List<String> values, int group) {
        Matcher matcher = COUNT_OF_TOTAL.matcher(first(values));
        return matcher.matches() && matcher.group(group) != null ? Integer.parseInt(matcher.group(group)) : 0;
    }
}
