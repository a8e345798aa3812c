package dev.musicfs.config;

import java.nio.file.Path;

/** Finds a mount that would cover what it is made of. By name only: links are for whoever looks at the disk. */
final class Overlaps {
    private final Settings settings;

    Overlaps(Settings settings) {
        this.settings = settings;
    }

    void check(MusicFsConfig config) {
        config.mountPoint().ifPresent(mountPoint -> settings.raw("mount_point").ifPresent(raw -> {
            for (OriginConfig origin : config.enabledOrigins()) {
                checkOrigin(raw, mountPoint, origin);
            }
            if (config.cacheDir().startsWith(mountPoint)) {
                settings.problem(
                        raw, "mount_point " + mountPoint + " would cover the cache directory " + config.cacheDir());
            }
        }));
    }

    private void checkOrigin(Setting raw, Path mountPoint, OriginConfig origin) {
        origin.directory().ifPresent(directory -> checkDirectory(raw, mountPoint, directory));
    }

    private void checkDirectory(Setting raw, Path mountPoint, Path origin) {
        if (mountPoint.startsWith(origin)) {
            settings.problem(raw, "mount_point " + mountPoint + " lies in the origin " + origin);
        } else if (origin.startsWith(mountPoint)) {
            settings.problem(raw, "mount_point " + mountPoint + " would cover the origin " + origin);
        }
    }
}
