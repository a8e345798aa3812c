package dev.musicfs.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything that can be set, after flags, environment, file and defaults have been put together.
 *
 * @param mountPoint where to mount, absolute; empty when nothing names one
 * @param cacheDir where the catalog, the log and the store of chunks are kept, absolute
 * @param template how names are made of tags; not yet checked, since only the tree knows the template language
 * @param origins where the music lies, in the order of the configuration, disabled ones included
 * @param cache the store of chunks
 * @param fuse how the mount looks to the kernel and to other programs
 * @param health how it is found out which origins can be used
 * @param safety what keeps a library from vanishing by mistake
 * @param library what of an origin belongs to the library
 * @param tags how tags are read
 * @param logging what is logged
 * @param drainTimeout how long an end may take that nobody gave a time, 1 s to 10 min
 */
public record MusicFsConfig(
        Optional<Path> mountPoint,
        Path cacheDir,
        String template,
        List<OriginConfig> origins,
        CacheConfig cache,
        FuseConfig fuse,
        HealthConfig health,
        SafetyConfig safety,
        LibraryConfig library,
        TagsConfig tags,
        LoggingConfig logging,
        Duration drainTimeout) {
    /** Keeps its own copy of the origins. */
    public MusicFsConfig {
        origins = List.copyOf(origins);
    }

    /** With the rules of the library and of tags that apply when nobody sets any. */
    public MusicFsConfig(
            Optional<Path> mountPoint,
            Path cacheDir,
            String template,
            List<OriginConfig> origins,
            CacheConfig cache,
            FuseConfig fuse,
            HealthConfig health,
            SafetyConfig safety,
            LoggingConfig logging,
            Duration drainTimeout) {
        this(
                mountPoint,
                cacheDir,
                template,
                origins,
                cache,
                fuse,
                health,
                safety,
                LibraryConfig.DEFAULTS,
                TagsConfig.DEFAULTS,
                logging,
                drainTimeout);
    }

    /** The origins that are switched on, in the order of the configuration. */
    public List<OriginConfig> enabledOrigins() {
        return origins.stream().filter(OriginConfig::enabled).toList();
    }
}
