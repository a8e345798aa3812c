package dev.musicfs.config;

import java.math.BigInteger;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns a {@link Setting} into a value of its type, or says what it must be. */
@FunctionalInterface
interface Convert<T> {
    /** Fails with a {@link Refused} whose message goes on after the key: "must be ...". */
    T apply(Setting setting) throws Refused;

    /** What a value must be instead. */
    final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }

        static Refused wrongType(String wanted, Setting setting) {
            return new Refused("must be " + wanted + ", not " + describe(setting));
        }

        private static String describe(Setting setting) {
            Object value = setting.value();
            if (value instanceof Setting.Structure structure) {
                return structure.words;
            }
            if (setting.isText() || !(value instanceof String)) {
                return String.valueOf(value);
            }
            return "the string \"" + value + "\"";
        }
    }

    Pattern OCTAL = Pattern.compile("0?[0-7]{3}");
    Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    Pattern SIZE = Pattern.compile("([0-9]{1,16})(?:B|([KMGT])(i?)B)?");

    static Convert<String> string() {
        return setting -> {
            if (setting.value() instanceof String text) {
                return text;
            }
            throw Refused.wrongType("a string", setting);
        };
    }

    static Convert<String> oneOf(List<String> allowed) {
        return setting -> {
            if (setting.value() instanceof String text && allowed.contains(text.toLowerCase(Locale.ROOT))) {
                return text.toLowerCase(Locale.ROOT);
            }
            throw Refused.wrongType(
                    allowed.size() == 1 ? quote(allowed.get(0)) : "one of " + quoteAll(allowed), setting);
        };
    }

    /** The constants of an enumeration by their names, in any case. */
    static <E extends Enum<E>> Convert<E> oneOf(Class<E> type) {
        Convert<String> name = oneOf(Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .toList());
        return setting -> Enum.valueOf(type, name.apply(setting).toUpperCase(Locale.ROOT));
    }

    static Convert<Boolean> bool() {
        return setting -> {
            if (setting.value() instanceof Boolean flag) {
                return flag;
            }
            if (setting.isText()
                    && (setting.value().equals("true") || setting.value().equals("false"))) {
                return setting.value().equals("true");
            }
            throw Refused.wrongType("true or false", setting);
        };
    }

    /** Whole numbers from {@code min} to {@code max}, both inclusive. */
    static Convert<Integer> integer(int min, int max) {
        String wanted = "a whole number from " + min + " to " + max;
        return setting -> {
            Object value = setting.isText() && setting.value().toString().matches("-?[0-9]{1,10}")
                    ? Long.valueOf(setting.value().toString())
                    : setting.value();
            if (value instanceof Long number && number >= min && number <= max) {
                return number.intValue();
            }
            throw Refused.wrongType(wanted, setting);
        };
    }

    /** Permission bits. Only as text: a bare 444 in a TOML file would be a decimal number. */
    static Convert<Integer> mode() {
        return setting -> {
            if (setting.value() instanceof String text && OCTAL.matcher(text).matches()) {
                return Integer.parseInt(text, 8);
            }
            throw Refused.wrongType("a string of octal digits from \"0000\" to \"0777\"", setting);
        };
    }

    /** Times from a second to a year. */
    static Convert<Duration> duration() {
        return duration(Duration.ofDays(366), "366 days");
    }

    /** Times from a second to {@code most}, which {@code mostText} names. */
    static Convert<Duration> duration(Duration most, String mostText) {
        return setting -> {
            Matcher matcher = DURATION.matcher(setting.value() instanceof String text ? text : "");
            if (matcher.matches()) {
                long count = Long.parseLong(matcher.group(1));
                Duration duration =
                        switch (matcher.group(2)) {
                            case "ms" -> Duration.ofMillis(count);
                            case "s" -> Duration.ofSeconds(count);
                            case "m" -> Duration.ofMinutes(count);
                            case "h" -> Duration.ofHours(count);
                            default -> Duration.ofDays(count);
                        };
                if (duration.compareTo(Duration.ofSeconds(1)) >= 0 && duration.compareTo(most) <= 0) {
                    return duration;
                }
            }
            throw Refused.wrongType(
                    "a time from a second to " + mostText + " such as \"90s\", \"5m\", \"1h\" or \"30d\"", setting);
        };
    }

    /**
     * Bytes from 0 to {@code maxBytes}, at most 2^50: a whole number, alone or followed by B, KB, MB, GB, TB (powers of
     * 1000), KiB, MiB, GiB or TiB (powers of 1024).
     */
    static Convert<Long> size(long maxBytes) {
        String wanted = "a size such as \"500MB\" or \"10GiB\", at most " + sizeText(maxBytes);
        return setting -> {
            Object value = setting.value();
            Matcher matcher = SIZE.matcher(value instanceof Boolean ? "" : value.toString());
            if (matcher.matches()) {
                int power = matcher.group(2) == null ? 0 : 1 + "KMGT".indexOf(matcher.group(2));
                BigInteger unit = BigInteger.valueOf("i".equals(matcher.group(3)) ? 1024 : 1000);
                BigInteger bytes = new BigInteger(matcher.group(1)).multiply(unit.pow(power));
                if (bytes.compareTo(BigInteger.valueOf(maxBytes)) <= 0) {
                    return bytes.longValueExact();
                }
            }
            throw Refused.wrongType(wanted, setting);
        };
    }

    /** In the largest unit that needs no fraction. */
    static String durationText(Duration time) {
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
    static String sizeText(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        int power = bytes == 0 ? 0 : Math.min(units.length - 1, Long.numberOfTrailingZeros(bytes) / 10);
        return (bytes >> (10 * power)) + units[power];
    }

    /** Absolute paths, {@code ~/} at the start for {@code home}; on the command line also relative ones. */
    static Convert<Path> path(Path home) {
        return setting -> {
            String wanted = "an absolute path or one that starts with ~/";
            if (!(setting.value() instanceof String text) || text.isEmpty()) {
                throw Refused.wrongType(wanted, setting);
            }
            try {
                Path path = text.equals("~") || text.startsWith("~/")
                        ? home.resolve(text.substring(Math.min(2, text.length())))
                        : Path.of(text);
                if (!path.isAbsolute() && setting.source() != Setting.Source.ARGUMENT) {
                    throw Refused.wrongType(wanted, setting);
                }
                return path.toAbsolutePath().normalize();
            } catch (InvalidPathException e) {
                throw new Refused("cannot be turned into a path under the locale's encoding: " + e.getReason());
            }
        };
    }

    private static String quote(String word) {
        return "\"" + word + "\"";
    }

    private static String quoteAll(List<String> words) {
        return String.join(", ", words.stream().map(Convert::quote).toList());
    }
}
