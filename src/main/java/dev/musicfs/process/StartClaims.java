package dev.musicfs.process;

import dev.musicfs.catalog.Catalog;
import dev.musicfs.config.CacheEntry;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.fuse.FuseMount;
import dev.musicfs.library.OriginCheck;
import dev.musicfs.runtime.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * What a daemon holds before it mounts. Its owner closes the catalog and then the lock.
 *
 * @param lock on the cache directory
 * @param catalog in the cache directory, open
 * @param realMountPoint the mountpoint without links, as the mount table names it
 */
public record StartClaims(InstanceLock lock, Catalog catalog, Path realMountPoint) {
    /**
     * Checks what can be checked, settles with the process that has the cache directory, if any, and takes it. Blocks.
     *
     * @throws MusicFsException with one sentence for the user when it cannot be; nothing is held then
     */
    public static StartClaims takeBlocking(MusicFsConfig config, Path mountPoint, StartOptions options) {
        OriginCheck.requireApart(config, mountPoint);
        StuckDaemon.letGo(config.cacheDir(), mountPoint);
        Path database = CacheEntry.CATALOG.in(config.cacheDir());
        if (!Catalog.existsBlocking(database)) {
            OriginCheck.requireAll(config.enabledOrigins());
        }
        if (options.replace()) {
            // Nobody is ended for what is refused then.
            FuseMount.checkToReplace(mountPoint);
            OriginCheck.requireUnknown(config.enabledOrigins(), id -> Catalog.knowsBlocking(database, id));
        }
        RunningDaemon.settle(config.cacheDir(), mountPoint, options.replace());
        FuseMount.check(mountPoint);
        InstanceLock lock = InstanceLock.take(config.cacheDir());
        Catalog catalog;
        try {
            catalog = openBlocking(database, new SpareRoom(config.cacheDir()));
        } catch (RuntimeException | Error e) {
            lock.close();
            throw e;
        }
        return new StartClaims(lock, catalog, real(mountPoint)).begun(claims -> {
            OriginCheck.requireUnknown(config.enabledOrigins(), catalog.reader());
            return claims;
        });
    }

    /** What {@code begin} makes of them; when it throws, they are given up. */
    public <T> T begun(Function<StartClaims, T> begin) {
        try {
            return begin.apply(this);
        } catch (RuntimeException | Error e) {
            giveUp(e);
            throw e;
        }
    }

    // What went wrong at first is what the user should read.
    private void giveUp(Throwable first) {
        try {
            catalog.closeBlocking();
        } catch (RuntimeException | Error e) {
            first.addSuppressed(e);
        }
        lock.close();
    }

    private static Catalog openBlocking(Path database, SpareRoom spare) {
        boolean full = spare.letGoIfFullBlocking();
        Catalog catalog = Catalog.openOrRecoverBlocking(database, Clock.system());
        if (!full) {
            spare.keepBlocking();
        }
        return catalog;
    }

    /** Before it is mounted: a mountpoint that is mounted may be a dead one. */
    private static Path real(Path mountPoint) {
        try {
            return mountPoint.toRealPath();
        } catch (IOException e) {
            return mountPoint;
        }
    }
}
