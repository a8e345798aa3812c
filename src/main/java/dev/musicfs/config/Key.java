package dev.musicfs.config;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * One key of the configuration, with all there is to know of it.
 *
 * @param <C> what holds its value
 * @param name as in the file, with its section: {@code fuse.uid}
 * @param type what its value may be
 * @param fallback its value when nobody sets it; empty when there is none, or not always the same
 * @param unset its value when nobody sets it, in words
 * @param getter its value in a configuration, empty when nobody set it and there is no fallback
 * @param heat whether a running daemon takes another value
 * @param help what it is for, in a line
 * @param option whether {@code -o} takes it, under its name without the section
 * @param example a value that the example file shows, without quotes
 */
record Key<C, T>(
        String name,
        ValueType<T> type,
        Optional<T> fallback,
        String unset,
        Function<C, Optional<T>> getter,
        Heat heat,
        String help,
        boolean option,
        String example) {

    /** A key that always has a value. */
    static <C, T> Key<C, T> of(
            String name, ValueType<T> type, T fallback, Function<C, T> getter, Heat heat, String help) {
        return new Key<>(
                name,
                type,
                Optional.of(fallback),
                type.text().apply(fallback),
                getter.andThen(Optional::of),
                heat,
                help,
                false,
                type.text().apply(fallback));
    }

    /** A key without a value that always applies when nobody sets it; {@code unset} says in words what does. */
    static <C, T> Key<C, T> unset(
            String name,
            ValueType<T> type,
            T example,
            Function<C, Optional<T>> getter,
            Heat heat,
            String help,
            String unset) {
        String shown = type.text().apply(example);
        return new Key<>(name, type, Optional.empty(), unset, getter, heat, help, false, shown);
    }

    /** The same, which {@code -o} takes as well. */
    Key<C, T> asOption() {
        return new Key<>(name, type, fallback, unset, getter, heat, help, true, example);
    }

    /** The section it is in, empty for a key above all sections. */
    String section() {
        return name.substring(0, Math.max(0, name.lastIndexOf('.')));
    }

    /** The name without the section. */
    String simpleName() {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** The variable that sets it: {@code MUSICFS_FUSE_UID} for {@code fuse.uid}. */
    String variable() {
        return "MUSICFS_" + name.replace('.', '_').toUpperCase(Locale.ROOT);
    }

    /** Its value as text. */
    Optional<String> text(C config) {
        return getter.apply(config).map(type.text());
    }
}
