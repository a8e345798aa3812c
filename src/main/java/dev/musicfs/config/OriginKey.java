package dev.musicfs.config;

/**
 * A key that a type of origin has of its own, as it stands in an {@code [[origins]]} table.
 *
 * @param name the key
 * @param kind what its value is
 * @param required whether a table without it is a mistake
 */
public record OriginKey(String name, Kind kind, boolean required) {
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
        /** A path of a file that its owner alone may read or write, such as a private key. */
        PRIVATE_FILE,
        /**
         * Something nobody may read. The key itself is not allowed in the file; {@code NAME_env}, {@code NAME_file} and
         * {@code NAME_credential} say where it is, see {@link Secret}.
         */
        SECRET
    }

    /** A key that must be there. */
    public static OriginKey required(String name, Kind kind) {
        return new OriginKey(name, kind, true);
    }

    /** A key that may be left out. */
    public static OriginKey optional(String name, Kind kind) {
        return new OriginKey(name, kind, false);
    }
}
