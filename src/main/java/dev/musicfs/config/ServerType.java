package dev.musicfs.config;

import java.util.List;
import java.util.Set;
import java.util.function.Function;

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
    private static final int CONCURRENCY = 8;

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
