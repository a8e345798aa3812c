package dev.musicfs.config;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times and sizes, which are written with a unit. */
final class Quantities {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,16})(?:B|([KMGT])(i?)B)?");
    private static final Duration LEAST = Duration.ofSeconds(1);

    private Quantities() {}

    /** Times from a second to a year. */
    static ValueType<Duration> duration() {
        return duration(Duration.ofDays(366), "366 days");
    }

    /** Times from a second to {@code most}, which {@code mostText} names. */
    static ValueType<Duration> duration(Duration most, String mostText) {
        return new ValueType<>(
                "a time from a second to " + mostText + " such as \"90s\", \"5m\", \"1h\" or \"30d\"",
                (setting, environment) -> setting.value() instanceof String string
                        ? parseDuration(string).filter(time -> time.compareTo(LEAST) >= 0 && time.compareTo(most) <= 0)
                        : Optional.empty(),
                Quantities::text);
    }

    /**
     * Bytes from 0 to {@code maxBytes}, at most 2^50: a whole number, alone or followed by B, KB, MB, GB, TB (powers of
     * 1000), KiB, MiB, GiB or TiB (powers of 1024).
     */
    static ValueType<Long> size(long maxBytes) {
        return new ValueType<>(
                "a size such as \"500MB\" or \"10GiB\", at most " + text(maxBytes),
                (setting, environment) -> setting.value() instanceof Boolean
                        ? Optional.empty()
                        : parseSize(setting.value().toString(), maxBytes),
                Quantities::text);
    }

    /** In the largest unit that needs no fraction. */
    static String text(Duration time) {
        long millis = time.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds == 0 || seconds % 60 != 0) {
            return seconds + "s";
        }
        long minutes = seconds / 60;
        if (minutes % 60 != 0) {
            return minutes + "m";
        }
        long hours = minutes / 60;
        return hours % 24 == 0 ? hours / 24 + "d" : hours + "h";
    }

    /** In the largest unit that needs no fraction. */
    static String text(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        int power = bytes == 0 ? 0 : Math.min(units.length - 1, Long.numberOfTrailingZeros(bytes) / 10);
        return (bytes >> (10 * power)) + units[power];
    }

    private static Optional<Duration> parseDuration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(count);
                    case "s" -> Duration.ofSeconds(count);
                    case "m" -> Duration.ofMinutes(count);
                    case "h" -> Duration.ofHours(count);
                    default -> Duration.ofDays(count);
                });
    }

    private static Optional<Long> parseSize(String text, long maxBytes) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int power = matcher.group(2) == null ? 0 : 1 + "KMGT".indexOf(matcher.group(2));
        BigInteger unit = BigInteger.valueOf("i".equals(matcher.group(3)) ? 1024 : 1000);
        BigInteger bytes = new BigInteger(matcher.group(1)).multiply(unit.pow(power));
        return bytes.compareTo(BigInteger.valueOf(maxBytes)) <= 0
                ? Optional.of(bytes.longValueExact())
                : Optional.empty();
    }
}
