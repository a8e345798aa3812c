package dev.musicfs.config;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What the value of a key may be, how it is read and how it is shown.
 *
 * @param wanted what it must be, as a phrase that goes on after "must be"
 * @param reader turns a {@link Setting} into it
 * @param text a value as it would be written in the file, without quotes
 */
record ValueType<T>(String wanted, Reader<T> reader, Function<T, String> text) {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,10}");
    private static final int READ_AND_EXECUTE = 0555;
    private static final Pattern OCTAL = Pattern.compile("0?[0-7]{3}");

    /** Turns a setting into a value. Paths that begin with {@code ~/} are below the home directory of the environment. */
    @FunctionalInterface
    interface Reader<T> {
        /** Empty when it is not what is wanted; fails when another reason must be given. */
        Optional<T> read(Setting setting, Environment environment) throws Refused;
    }

    /** A value is wrong; the message goes on after the key: "must be ...". */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }

        static Refused wrongType(String wanted, Setting setting) {
            return new Refused("must be " + wanted + ", not " + setting.described());
        }
    }

    /** The value, or why it is none. */
    T read(Setting setting, Environment environment) throws Refused {
        return reader.read(setting, environment).orElseThrow(() -> Refused.wrongType(wanted, setting));
    }

    /** Of these values only those that are {@code such}; of the others it is said that they must be {@code narrower}. */
    ValueType<T> where(Predicate<T> such, String narrower) {
        Reader<T> narrowed = (setting, environment) -> {
            Optional<T> value = reader.read(setting, environment);
            if (value.isPresent() && !such.test(value.get())) {
                throw Refused.wrongType(narrower, setting);
            }
            return value;
        };
        return new ValueType<>(wanted, narrowed, text);
    }

    static ValueType<String> string() {
        return new ValueType<>(
                "a string",
                (setting, environment) ->
                        setting.value() instanceof String string ? Optional.of(string) : Optional.empty(),
                Function.identity());
    }

    /**
     * Texts, of which each is what {@code such} says: in a file an array, or as everywhere else one text with commas between
     * them.
     */
    static ValueType<List<String>> texts(Predicate<String> such, String each) {
        return new ValueType<>(
                "an array of strings, each " + each + ", or one string with commas between them",
                (setting, environment) -> {
                    Optional<List<String>> all = Optional.empty();
                    if (setting.value() instanceof Setting.Texts texts) {
                        all = Optional.of(texts.all());
                    } else if (setting.value() instanceof String text) {
                        all = Optional.of(Arrays.stream(text.split(",", -1))
                                .map(String::strip)
                                .filter(one -> !one.isEmpty())
                                .toList());
                    }
                    return all.filter(found -> found.stream().allMatch(such));
                },
                all -> String.join(", ", all));
    }

    /** One of these words, in any case. */
    static ValueType<String> oneOf(List<String> words) {
        List<String> quoted = words.stream().map(word -> "\"" + word + "\"").toList();
        return new ValueType<>(
                quoted.size() == 1 ? quoted.get(0) : "one of " + String.join(", ", quoted),
                (setting, environment) -> setting.value() instanceof String string
                        ? Optional.of(string.toLowerCase(Locale.ROOT)).filter(words::contains)
                        : Optional.empty(),
                Function.identity());
    }

    /** The constants of an enumeration by their names, in any case. */
    static <E extends Enum<E>> ValueType<E> oneOf(Class<E> type) {
        Function<E, String> name = constant -> constant.name().toLowerCase(Locale.ROOT);
        ValueType<String> names =
                oneOf(Arrays.stream(type.getEnumConstants()).map(name).toList());
        return new ValueType<>(
                names.wanted,
                (setting, environment) -> names.reader
                        .read(setting, environment)
                        .map(word -> Enum.valueOf(type, word.toUpperCase(Locale.ROOT))),
                name);
    }

    static ValueType<Boolean> bool() {
        return new ValueType<>(
                "true or false",
                (setting, environment) -> {
                    if (setting.value() instanceof Boolean flag) {
                        return Optional.of(flag);
                    }
                    return setting.isText() && List.of("true", "false").contains(setting.value())
                            ? Optional.of(setting.value().equals("true"))
                            : Optional.empty();
                },
                String::valueOf);
    }

    /** The name of an encoding that this Java knows, or an empty one. */
    static ValueType<String> charset() {
        return new ValueType<>(
                "the name of an encoding of text, such as \"windows-1251\" or \"Shift_JIS\", or empty",
                (setting, environment) -> setting.value() instanceof String name && isCharset(name)
                        ? Optional.of(name)
                        : Optional.empty(),
                Function.identity());
    }

    private static boolean isCharset(String name) {
        try {
            return name.isEmpty() || Charset.isSupported(name);
        } catch (IllegalCharsetNameException e) {
            return false;
        }
    }

    /** Whole numbers from {@code min} to {@code max}, both inclusive. */
    static ValueType<Integer> integer(int min, int max) {
        return new ValueType<>(
                "a whole number from " + min + " to " + max,
                (setting, environment) -> {
                    Object value = setting.isText()
                                    && NUMBER.matcher(setting.value().toString())
                                            .matches()
                            ? Long.valueOf(setting.value().toString())
                            : setting.value();
                    return value instanceof Long number && number >= min && number <= max
                            ? Optional.of(number.intValue())
                            : Optional.empty();
                },
                String::valueOf);
    }

    /** Permissions, but none to write, since nobody can. Only as text: a bare 444 in a TOML file would be a decimal number. */
    static ValueType<Integer> mode() {
        return new ValueType<>(
                "a string of octal digits from \"0000\" to \"0555\" that lets nobody write",
                (setting, environment) -> setting.value() instanceof String digits
                                && OCTAL.matcher(digits).matches()
                                && (Integer.parseInt(digits, 8) & ~READ_AND_EXECUTE) == 0
                        ? Optional.of(Integer.parseInt(digits, 8))
                        : Optional.empty(),
                bits -> String.format(Locale.ROOT, "%04o", bits));
    }

    /** Absolute paths, {@code ~/} at the start for the home directory; on the command line also relative ones. */
    static ValueType<Path> path() {
        return new ValueType<>("an absolute path or one that starts with ~/", ValueType::path, Path::toString);
    }

    private static Optional<Path> path(Setting setting, Environment environment) throws Refused {
        if (!(setting.value() instanceof String string) || string.isEmpty()) {
            return Optional.empty();
        }
        try {
            Path path = string.equals("~") || string.startsWith("~/")
                    ? environment.home().resolve(string.substring(Math.min(2, string.length())))
                    : Path.of(string);
            return path.isAbsolute() || setting.source() == Setting.Source.ARGUMENT
                    ? Optional.of(path.toAbsolutePath().normalize())
                    : Optional.empty();
        } catch (InvalidPathException e) {
            throw new Refused("cannot be turned into a path under the locale's encoding: " + e.getReason());
        }
    }
}
