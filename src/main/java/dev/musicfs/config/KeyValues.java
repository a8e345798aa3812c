package dev.musicfs.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The values of the keys of {@link ConfigKeys}, as far as they are set. */
interface KeyValues {
    /** So many quarters of the store are for tags, unless set. A scan stores them; a store without one is all audio's. */
    int TAGS_QUARTERS = 3;

    /** The value somebody set. */
    <T> Optional<T> find(Key<MusicFsConfig, T> key);

    /** The same, or the key's fallback. */
    default <T> T get(Key<MusicFsConfig, T> key) {
        return find(key).or(key::fallback).orElseThrow();
    }

    /**
     * The configuration that has these values.
     *
     * @param cacheDir where the cache is unless that is set
     */
    default MusicFsConfig toConfig(Path cacheDir, List<OriginConfig> origins) {
        return new MusicFsConfig(
                find(ConfigKeys.MOUNT_POINT),
                find(ConfigKeys.CACHE_DIR).orElse(cacheDir),
                get(ConfigKeys.TEMPLATE),
                origins,
                new CacheConfig(
                        get(ConfigKeys.CACHE_SIZE),
                        get(ConfigKeys.CACHE_MIN_FREE),
                        tagsBytes(),
                        get(ConfigKeys.CACHE_LOCAL),
                        get(ConfigKeys.CACHE_DURABILITY),
                        get(ConfigKeys.CACHE_SCRUB_INTERVAL),
                        get(ConfigKeys.CACHE_READ_AHEAD)),
                new FuseConfig(
                        get(ConfigKeys.FUSE_UID),
                        get(ConfigKeys.FUSE_GID),
                        get(ConfigKeys.FUSE_FILE_MODE),
                        get(ConfigKeys.FUSE_DIR_MODE),
                        get(ConfigKeys.FUSE_ALLOW_OTHER),
                        get(ConfigKeys.FUSE_ANNOUNCE),
                        get(ConfigKeys.FUSE_MAX_READAHEAD),
                        get(ConfigKeys.FUSE_XATTRS)),
                new HealthConfig(
                        get(ConfigKeys.HEALTH_INTERVAL),
                        get(ConfigKeys.HEALTH_TIMEOUT),
                        get(ConfigKeys.HEALTH_THRESHOLD_LOCAL),
                        get(ConfigKeys.HEALTH_THRESHOLD_REMOTE)),
                new SafetyConfig(get(ConfigKeys.SAFETY_MAX_REMOVED_PERCENT)),
                new LibraryConfig(get(ConfigKeys.LIBRARY_EXCLUDE), get(ConfigKeys.LIBRARY_INCLUDE)),
                new TagsConfig(get(ConfigKeys.TAGS_FALLBACK_CHARSET)),
                new LoggingConfig(get(ConfigKeys.LOGGING_LEVEL)),
                get(ConfigKeys.DRAIN_TIMEOUT));
    }

    // A user who sets only cache.size, even to 0, gets no complaint about cache.tags.
    private long tagsBytes() {
        long size = get(ConfigKeys.CACHE_SIZE);
        return find(ConfigKeys.CACHE_TAGS).filter(tags -> tags <= size).orElse(size / 4 * TAGS_QUARTERS);
    }
}
