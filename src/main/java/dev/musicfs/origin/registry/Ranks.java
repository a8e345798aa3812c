package dev.musicfs.origin.registry;

import dev.musicfs.config.OriginConfig;
import dev.musicfs.model.OriginId;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * How much each origin is believed: of the copies of a track, the one whose origin has the lowest rank is shown. Priority
 * decides, and among equals the order of the configuration; an origin that is not configured any more comes last.
 */
public record Ranks(List<OriginId> best) implements ToIntFunction<OriginId> {
    public static Ranks of(List<OriginConfig> origins) {
        return new Ranks(origins.stream()
                .sorted(Comparator.comparingInt(OriginConfig::priority))
                .map(OriginConfig::id)
                .toList());
    }

    @Override
    public int applyAsInt(OriginId origin) {
        int place = best.indexOf(origin);
        return place < 0 ? best.size() : place;
    }

    /** Another text whenever origins rank otherwise. */
    public String fingerprint() {
        return best.stream().map(OriginId::value).collect(Collectors.joining(" "));
    }
}
