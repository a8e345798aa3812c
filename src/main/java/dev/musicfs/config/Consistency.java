package dev.musicfs.config;

import java.nio.file.Path;
import java.util.Optional;

/** What is wrong between values that are good by themselves. */
final class Consistency {
    private final Settings settings;

    Consistency(Settings settings) {
        this.settings = settings;
    }

    void check(MusicFsConfig config) {
        checkTags(config.cache().sizeBytes());
        config.mountPoint().ifPresent(mountPoint -> settings.raw(ConfigKeys.MOUNT_POINT.name())
                .ifPresent(raw -> checkMountPoint(raw, mountPoint, config)));
    }

    private void checkTags(long size) {
        Key<MusicFsConfig, Long> key = ConfigKeys.CACHE_TAGS;
        long tags = find(key).orElse(0L);
        boolean sizeIsMeant = find(ConfigKeys.CACHE_SIZE).isPresent()
                || settings.raw(ConfigKeys.CACHE_SIZE.name()).isEmpty();
        if (tags > size && size != 0 && sizeIsMeant) {
            settings.raw(key.name())
                    .ifPresent(raw -> settings.problem(
                            raw,
                            key.name() + " is " + Quantities.text(tags) + ", more than the " + Quantities.text(size)
                                    + " of cache.size that it is a part of"));
        }
    }

    // By name only: following links means asking the disk, which is done elsewhere.
    private void checkMountPoint(Setting raw, Path mountPoint, MusicFsConfig config) {
        for (OriginConfig origin : config.enabledOrigins()) {
            origin.directory().ifPresent(directory -> checkDirectory(raw, mountPoint, directory));
        }
        if (config.cacheDir().startsWith(mountPoint)) {
            settings.problem(
                    raw, "mount_point " + mountPoint + " would cover the cache directory " + config.cacheDir());
        }
    }

    private void checkDirectory(Setting raw, Path mountPoint, Path origin) {
        if (mountPoint.startsWith(origin)) {
            settings.problem(raw, "mount_point " + mountPoint + " lies in the origin " + origin);
        } else if (origin.startsWith(mountPoint)) {
            settings.problem(raw, "mount_point " + mountPoint + " would cover the origin " + origin);
        }
    }

    private Optional<Long> find(Key<MusicFsConfig, Long> key) {
        return settings.find(key.name(), key.type());
    }
}
