package dev.musicfs.config;

import java.math.BigInteger;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
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
    Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

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
            BigInteger number;
            if (setting.value() instanceof BigInteger whole) {
                number = whole;
            } else if (setting.isText() && setting.value().toString().matches("-?[0-9]{1,10}")) {
                number = new BigInteger(setting.value().toString());
            } else {
                throw Refused.wrongType(wanted, setting);
            }
            if (number.compareTo(BigInteger.valueOf(min)) < 0 || number.compareTo(BigInteger.valueOf(max)) > 0) {
                throw Refused.wrongType(wanted, setting);
            }
            return number.intValue();
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
        return setting -> {
            Matcher matcher = DURATION.matcher(setting.value() instanceof String text ? text : "");
            if (matcher.matches()) {
                long count = Long.parseLong(matcher.group(1));
                Duration duration =
                        switch (matcher.group(2)) {
                            case "ms" -> Duration.ofMillis(count);
                            case "s" -> Duration.ofSeconds(count);
                            case "m" -> Duration.ofMinutes(count);
                            default -> Duration.ofHours(count);
                        };
                if (duration.compareTo(Duration.ofSeconds(1)) >= 0 && duration.compareTo(Duration.ofDays(366)) <= 0) {
                    return duration;
                }
            }
            throw Refused.wrongType("a time of at least a second such as \"90s\", \"5m\" or \"1h\"", setting);
        };
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
