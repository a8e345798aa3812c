package dev.musicfs.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What is configured when nobody configures anything, for tests that change a part of it. */
public final class DefaultConfig {
    private static final MusicFsConfig ALL = new KeyValues() {
        @Override
        public <T> Optional<T> find(Key<MusicFsConfig, T> key) {
            return Optional.empty();
        }
    }.toConfig(Path.of("/var/cache/musicfs"), List.of());

    public static final CacheConfig CACHE = ALL.cache();
    public static final FuseConfig FUSE = ALL.fuse();
    public static final HealthConfig HEALTH = ALL.health();
    public static final SafetyConfig SAFETY = ALL.safety();
    public static final LoggingConfig LOGGING = ALL.logging();
    public static final String TEMPLATE = ALL.template();
    public static final Duration DRAIN_TIMEOUT = ALL.drainTimeout();

    private DefaultConfig() {}
}
