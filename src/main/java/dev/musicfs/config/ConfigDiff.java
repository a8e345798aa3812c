package dev.musicfs.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is another between two configurations, key by key, and whether a running daemon can take it.
 *
 * @param changes in the order of the example file; none twice
 */
public record ConfigDiff(List<Change> changes) {
    private static final String NOTHING = "nothing";

    private static final List<Key> KEYS = List.of(
            cold(
                    "mount_point",
                    config -> config.mountPoint().map(Object::toString).orElse(NOTHING)),
            cold("cache_dir", MusicFsConfig::cacheDir),
            hot("template", MusicFsConfig::template),
            cold("drain_timeout", MusicFsConfig::drainTimeout),
            new Key("cache.size", of(config -> size(config.cache().sizeBytes())), ConfigDiff::keepsAStore),
            hot("cache.min_free", config -> size(config.cache().minFreeBytes())),
            // A part of the size: where that has to wait, so has this.
            new Key("cache.tags", of(config -> size(config.cache().tagsBytes())), ConfigDiff::keepsAStore),
            cold("cache.local", config -> config.cache().local()),
            cold("cache.durability", config -> config.cache().durability()),
            hot("cache.scrub_interval", config -> config.cache().scrubInterval()),
            hot("cache.read_ahead", config -> size(config.cache().readAheadBytes())),
            cold("fuse.uid", config -> config.fuse().uid()),
            cold("fuse.gid", config -> config.fuse().gid()),
            cold("fuse.file_mode", config -> mode(config.fuse().fileMode())),
            cold("fuse.dir_mode", config -> mode(config.fuse().dirMode())),
            cold("fuse.allow_other", config -> config.fuse().allowOther()),
            cold("fuse.announce", config -> config.fuse().announce()),
            cold("fuse.max_readahead", config -> config.fuse().maxReadaheadBytes()),
            cold("fuse.xattrs", config -> config.fuse().xattrs()),
            hot("health.interval", config -> config.health().interval()),
            hot("health.timeout", config -> config.health().timeout()),
            hot("health.threshold_local", config -> config.health().localThreshold()),
            hot("health.threshold_remote", config -> config.health().remoteThreshold()),
            hot("safety.max_removed_percent", config -> config.safety().maxRemovedPercent()),
            hot("logging.level", config -> config.logging().level()));

    /** Keeps its own copy. */
    public ConfigDiff {
        changes = List.copyOf(changes);
    }

    /**
     * One key.
     *
     * @param key as in the file, an origin's with its name: {@code origins.disk.priority}
     * @param before the old value as text; no secret
     * @param after the new one
     * @param hot whether a running daemon takes it; else it needs a restart
     */
    public record Change(String key, String before, String after, boolean hot) {
        @Override
        public String toString() {
            return key + ": " + before + " -> " + after;
        }
    }

    private record Key(String name, Function<MusicFsConfig, String> value, Heat heat) {}

    @FunctionalInterface
    private interface Heat {
        boolean isHot(MusicFsConfig before, MusicFsConfig after);
    }

    /** What {@code after} has that {@code before} has not, or otherwise. */
    public static ConfigDiff of(MusicFsConfig before, MusicFsConfig after) {
        List<Change> changes = new ArrayList<>();
        for (Key key : KEYS) {
            String old = key.value.apply(before);
            String now = key.value.apply(after);
            if (!old.equals(now)) {
                changes.add(new Change(key.name, old, now, key.heat.isHot(before, after)));
            }
        }
        addOrigins(byId(before), byId(after), changes);
        return new ConfigDiff(changes);
    }

    /** What a daemon that runs with {@code before} has after it took all it can of {@code after}. */
    public static MusicFsConfig taken(MusicFsConfig before, MusicFsConfig after) {
        CacheConfig old = before.cache();
        CacheConfig now = after.cache();
        boolean resized = keepsAStore(before, after);
        return new MusicFsConfig(
                before.mountPoint(),
                before.cacheDir(),
                after.template(),
                after.origins(),
                new CacheConfig(
                        resized ? now.sizeBytes() : old.sizeBytes(),
                        now.minFreeBytes(),
                        resized ? now.tagsBytes() : old.tagsBytes(),
                        old.local(),
                        old.durability(),
                        now.scrubInterval(),
                        now.readAheadBytes()),
                before.fuse(),
                after.health(),
                after.safety(),
                after.logging(),
                before.drainTimeout());
    }

    /** Those a running daemon takes, or those that need a restart. */
    public List<Change> changes(boolean hot) {
        return changes.stream().filter(change -> change.hot == hot).toList();
    }

    // A store is made, or left out, at the start only.
    private static boolean keepsAStore(MusicFsConfig before, MusicFsConfig after) {
        return (before.cache().sizeBytes() == 0) == (after.cache().sizeBytes() == 0);
    }

    private static void addOrigins(
            Map<String, OriginConfig> before, Map<String, OriginConfig> after, List<Change> changes) {
        Set<String> all = new LinkedHashSet<>(before.keySet());
        all.addAll(after.keySet());
        for (String id : all) {
            OriginConfig old = before.get(id);
            OriginConfig now = after.get(id);
            if (old == null || now == null) {
                changes.add(new Change("origins." + id, nameOf(old), nameOf(now), true));
            } else {
                addOrigin("origins." + id + ".", old, now, changes);
            }
        }
        List<String> kept = new ArrayList<>(before.keySet());
        kept.retainAll(after.keySet());
        List<String> now = new ArrayList<>(after.keySet());
        now.retainAll(before.keySet());
        if (!kept.equals(now)) {
            changes.add(new Change("origins", String.join(", ", kept), String.join(", ", now), true));
        }
    }

    private static String nameOf(@Nullable OriginConfig origin) {
        return origin == null ? NOTHING : origin.type().name() + " origin" + (origin.enabled() ? "" : ", not enabled");
    }

    private static void addOrigin(String prefix, OriginConfig before, OriginConfig after, List<Change> changes) {
        Map<String, Object> old = values(before);
        Map<String, Object> now = values(after);
        Set<String> keys = new LinkedHashSet<>(old.keySet());
        keys.addAll(now.keySet());
        for (String key : keys) {
            Object was = old.getOrDefault(key, NOTHING);
            Object is = now.getOrDefault(key, NOTHING);
            if (!was.equals(is)) {
                changes.add(new Change(prefix + key, text(was), text(is), true));
            }
        }
    }

    private static Map<String, Object> values(OriginConfig origin) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("type", origin.type().name());
        for (String key : new TreeSet<>(origin.settings().values().keySet())) {
            values.put(key, origin.settings().values().get(key));
        }
        values.put("priority", origin.priority());
        values.put("enabled", origin.enabled());
        values.put("poll_interval", origin.pollInterval());
        values.put("timeout", origin.timeout());
        values.put("concurrency", origin.concurrency());
        values.put("bandwidth_limit", size(origin.bandwidthLimitBytes()));
        return values;
    }

    private static Map<String, OriginConfig> byId(MusicFsConfig config) {
        Map<String, OriginConfig> origins = new LinkedHashMap<>();
        config.origins().forEach(origin -> origins.put(origin.id().value(), origin));
        return origins;
    }

    private static Key hot(String name, Function<MusicFsConfig, Object> value) {
        return new Key(name, of(value), (before, after) -> true);
    }

    private static Key cold(String name, Function<MusicFsConfig, Object> value) {
        return new Key(name, of(value), (before, after) -> false);
    }

    private static Function<MusicFsConfig, String> of(Function<MusicFsConfig, Object> value) {
        return config -> text(value.apply(config));
    }

    private static String text(Object value) {
        if (value instanceof Duration time) {
            return Convert.durationText(time);
        }
        if (value instanceof Secret) {
            return "a secret";
        }
        if (value instanceof Enum<?> word) {
            return word.name().toLowerCase(Locale.ROOT);
        }
        return Origins.redacted(value.toString());
    }

    private static String size(long bytes) {
        return Convert.sizeText(bytes);
    }

    private static String mode(int bits) {
        return String.format(Locale.ROOT, "%04o", bits);
    }
}
