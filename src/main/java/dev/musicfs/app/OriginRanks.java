package dev.musicfs.app;

import dev.musicfs.config.OriginConfig;
import dev.musicfs.model.OriginId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/** Which origin's copy of a track is shown: by priority, then by place in the configuration. Others rank last. */
final class OriginRanks implements ToIntFunction<OriginId> {
    private final Map<OriginId, Integer> ranks = new HashMap<>();
    private final String fingerprint;

    /** Of the origins that are used, in the order of the configuration. */
    OriginRanks(List<OriginConfig> origins) {
        List<OriginId> sorted = origins.stream()
                .sorted(Comparator.comparingInt(OriginConfig::priority)) // stable
                .map(OriginConfig::id)
                .toList();
        sorted.forEach(id -> ranks.put(id, ranks.size()));
        fingerprint = sorted.stream().map(OriginId::value).collect(Collectors.joining(" "));
    }

    @Override
    public int applyAsInt(OriginId origin) {
        return ranks.getOrDefault(origin, Integer.MAX_VALUE);
    }

    /** Another text for another order. */
    String fingerprint() {
        return fingerprint;
    }
}
