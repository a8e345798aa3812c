package dev.musicfs.config;

import java.util.List;
import java.util.Optional;

/** Makes a {@link CacheConfig} of the keys of {@code [cache]}. */
final class CacheSection {
    static final List<String> KEYS = List.of(
            "cache.size",
            "cache.min_free",
            "cache.tags",
            "cache.local",
            "cache.durability",
            "cache.scrub_interval",
            "cache.read_ahead");

    private static final long LEAST_SIZE = 16L << 20;
    private static final long MOST_SIZE = 1L << 50;
    private static final long MOST_READ_AHEAD = 64L << 20;
    private static final int TAGS_PART = 10;

    private CacheSection() {}

    static CacheConfig read(Settings settings) {
        CacheConfig defaults = CacheConfig.DEFAULTS;
        Optional<Long> set = settings.find("cache.size", CacheSection::size);
        long size = set.orElse(defaults.sizeBytes());
        boolean sizeIsMeant = set.isPresent() || settings.raw("cache.size").isEmpty();
        return new CacheConfig(
                size,
                settings.get("cache.min_free", Convert.size(MOST_SIZE), defaults.minFreeBytes()),
                tags(settings, size, sizeIsMeant),
                settings.get("cache.local", Convert.oneOf(CacheConfig.Local.class), defaults.local()),
                settings.get("cache.durability", Convert.oneOf(CacheConfig.Durability.class), defaults.durability()),
                settings.get("cache.scrub_interval", Convert.duration(), defaults.scrubInterval()),
                settings.get("cache.read_ahead", Convert.size(MOST_READ_AHEAD), defaults.readAheadBytes()));
    }

    private static Long size(Setting setting) throws Convert.Refused {
        long size = Convert.size(MOST_SIZE).apply(setting);
        if (size != 0 && size < LEAST_SIZE) {
            throw Convert.Refused.wrongType("0 or at least " + Convert.sizeText(LEAST_SIZE), setting);
        }
        return size;
    }

    // Whoever sets cache.size alone, be it to 0, is not to hear of cache.tags.
    private static long tags(Settings settings, long size, boolean sizeIsMeant) {
        long unlessSet = Math.min(CacheConfig.DEFAULTS.tagsBytes(), size / TAGS_PART);
        long tags = settings.get("cache.tags", Convert.size(MOST_SIZE), unlessSet);
        if (tags <= size) {
            return tags;
        }
        if (size != 0 && sizeIsMeant) {
            settings.raw("cache.tags")
                    .ifPresent(raw -> settings.problem(
                            raw,
                            "cache.tags is " + Convert.sizeText(tags) + ", more than the " + Convert.sizeText(size)
                                    + " of cache.size that it is a part of"));
        }
        return unlessSet;
    }
}
