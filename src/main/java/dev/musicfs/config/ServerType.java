package dev.musicfs.config;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A type of origin that is a server somewhere, named by its {@code url}.
 *
 * @param name as {@link OriginType#name}
 * @param help as {@link OriginType#help}
 * @param schemes as {@link OriginType#schemes}
 * @param keys as {@link OriginType#keys}
 * @param judge what {@link OriginType#problems} answers
 */
public record ServerType(
        String name,
        String help,
        Set<String> schemes,
        List<OriginKey> keys,
        Function<OriginSettings, List<String>> judge)
        implements OriginType {
    /** The key of the most entries that a directory may have. */
    public static final String MAX_ENTRIES = "max_entries";

    /** The key of how deep directories may lie in one another. */
    public static final String MAX_DEPTH = "max_depth";

    /** Of an origin that does not say. */
    public static final int DEFAULT_ENTRIES = 100_000;

    /** Of an origin that does not say. */
    public static final int DEFAULT_DEPTH = 64;

    private static final int CONCURRENCY = 8;
    private static final List<OriginKey> LIMITS = List.of(
            OriginKey.optional(
                            MAX_ENTRIES,
                            OriginKey.Kind.INTEGER,
                            "a directory with more entries is not listed, for fear of names without end")
                    .shown(String.valueOf(DEFAULT_ENTRIES)),
            OriginKey.optional(MAX_DEPTH, OriginKey.Kind.INTEGER, "the same of directories in one another")
                    .shown(String.valueOf(DEFAULT_DEPTH)));

    /** Adds the keys that every server has. */
    public ServerType {
        keys = Stream.concat(keys.stream(), LIMITS.stream()).toList();
    }

    @Override
    public boolean remote() {
        return true;
    }

    @Override
    public int defaultConcurrency() {
        return CONCURRENCY;
    }

    @Override
    public List<String> problems(OriginSettings settings) {
        return judge.apply(settings);
    }
}
