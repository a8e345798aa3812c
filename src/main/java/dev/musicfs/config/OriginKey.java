package dev.musicfs.config;

/**
 * A key that a type of origin has of its own, as it stands in an {@code [[origins]]} table.
 *
 * @param name the key
 * @param kind what its value is
 * @param required whether a table without it is a mistake
 * @param help what it is for, in a line
 * @param example a value that the example file shows, without quotes; empty when it does not show the key. That of a secret
 *     is the path of a file, or else the name of a variable.
 */
public record OriginKey(String name, Kind kind, boolean required, String help, String example) {
    /** What a value may be. */
    public enum Kind {
        /** Any string. */
        TEXT,
        /** A whole number from 0 to 2147483647. */
        INTEGER,
        /** True or false. */
        FLAG,
        /** A time such as {@code 30s}. */
        DURATION,
        /** A path of this machine. */
        PATH,
        /** Paths of this machine: an array, or one string with commas between them. */
        PATHS,
        /** A path of a file that its owner alone may read or write, such as a private key. */
        PRIVATE_FILE,
        /**
         * Something nobody may read. The key itself is not allowed in the file; {@code NAME_env}, {@code NAME_file} and
         * {@code NAME_credential} say where it is, see {@link Secret}.
         */
        SECRET
    }

    /** A key that must be there. */
    public static OriginKey required(String name, Kind kind, String help, String example) {
        return new OriginKey(name, kind, true, help, example);
    }

    /** A key that may be left out. */
    public static OriginKey optional(String name, Kind kind, String help) {
        return new OriginKey(name, kind, false, help, "");
    }

    /** The same, which the example file shows with this value. */
    public OriginKey shown(String value) {
        return new OriginKey(name, kind, required, help, value);
    }

    ValueType<?> type() {
        return switch (kind) {
            case TEXT, SECRET -> ValueType.string();
            case INTEGER -> ValueType.integer(0, Integer.MAX_VALUE);
            case FLAG -> ValueType.bool();
            case DURATION -> Quantities.duration();
            case PATH, PRIVATE_FILE -> ValueType.path();
            case PATHS -> ValueType.texts(text -> text.startsWith("/"), "an absolute path");
        };
    }
}
