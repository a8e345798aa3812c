package dev.musicfs.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares configurations key by key, and knows which keys a running daemon can take over. */
public final class ConfigDiff {
    private static final String NONE = "none";

    /** Of the keys that are not an origin's. */
    private static final Set<String> HOT = Set.of(
            "cache.size",
            "cache.min_free",
            "cache.tags",
            "cache.scrub_interval",
            "cache.read_ahead",
            "health.interval",
            "health.timeout",
            "safety.max_removed_percent",
            "logging.level");

    /** Of an origin's keys. */
    private static final String PRIORITY = "priority";

    private ConfigDiff() {}

    /** Every key in which they differ, in the order of the file. Secrets show as the references they are. */
    public static List<ConfigChange> between(MusicFsConfig before, MusicFsConfig after) {
        Map<String, String> old = values(before);
        Map<String, String> now = values(after);
        Set<String> keys = new LinkedHashSet<>(old.keySet());
        keys.addAll(now.keySet());
        List<ConfigChange> changes = new ArrayList<>();
        for (String key : keys) {
            String was = old.getOrDefault(key, NONE);
            String is = now.getOrDefault(key, NONE);
            if (!was.equals(is)) {
                changes.add(new ConfigChange(key, was, is, isHot(key, old, now)));
            }
        }
        return changes;
    }

    /**
     * What holds after the hot keys of {@code after} have been taken over by a daemon that runs with {@code before}: the
     * others stay as they are.
     */
    public static MusicFsConfig withHotOf(MusicFsConfig before, MusicFsConfig after) {
        CacheConfig old = before.cache();
        CacheConfig now = after.cache();
        boolean stored = old.sizeBytes() > 0 && now.sizeBytes() > 0;
        return new MusicFsConfig(
                before.mountPoint(),
                before.cacheDir(),
                before.template(),
                before.origins().stream().map(origin -> ranked(origin, after)).toList(),
                new CacheConfig(
                        stored ? now.sizeBytes() : old.sizeBytes(),
                        now.minFreeBytes(),
                        now.tagsBytes(),
                        old.local(),
                        old.durability(),
                        now.scrubInterval(),
                        now.readAheadBytes()),
                before.fuse(),
                new HealthConfig(
                        after.health().interval(),
                        after.health().timeout(),
                        before.health().localThreshold(),
                        before.health().remoteThreshold()),
                after.safety(),
                after.logging());
    }

    private static OriginConfig ranked(OriginConfig origin, MusicFsConfig after) {
        return after.origins().stream()
                .filter(each -> each.id().equals(origin.id()))
                .findFirst()
                .map(each -> new OriginConfig(
                        origin.id(),
                        origin.type(),
                        origin.settings(),
                        each.priority(),
                        origin.enabled(),
                        origin.pollInterval(),
                        origin.timeout(),
                        origin.concurrency(),
                        origin.bandwidthLimitBytes()))
                .orElse(origin);
    }

    private static boolean isHot(String key, Map<String, String> old, Map<String, String> now) {
        if (key.equals("cache.size")) {
            // A store is made or given up at the start only.
            return !"0".equals(old.get(key)) && !"0".equals(now.get(key));
        }
        // An origin that comes or goes brings or takes all of its keys.
        boolean ofOrigin = key.startsWith("origins.");
        return ofOrigin
                ? key.endsWith("." + PRIORITY) && old.containsKey(key) && now.containsKey(key)
                : HOT.contains(key);
    }

    /** By key, as text. */
    static Map<String, String> values(MusicFsConfig config) {
        Map<String, String> values = new LinkedHashMap<>();
        config.mountPoint().ifPresent(path -> values.put("mount_point", path.toString()));
        values.put("cache_dir", config.cacheDir().toString());
        values.put("template", config.template());
        for (OriginConfig origin : config.origins()) {
            origin(values, "origins." + origin.id() + ".", origin);
        }
        values.put(
                "origins",
                String.join(
                        ", ",
                        config.origins().stream().map(each -> each.id().value()).toList()));
        CacheConfig cache = config.cache();
        values.put("cache.size", Long.toString(cache.sizeBytes()));
        values.put("cache.min_free", Long.toString(cache.minFreeBytes()));
        values.put("cache.tags", Long.toString(cache.tagsBytes()));
        values.put("cache.local", cache.local().toString());
        values.put("cache.durability", cache.durability().toString());
        values.put("cache.scrub_interval", cache.scrubInterval().toString());
        values.put("cache.read_ahead", Long.toString(cache.readAheadBytes()));
        FuseConfig fuse = config.fuse();
        values.put("fuse.uid", Integer.toString(fuse.uid()));
        values.put("fuse.gid", Integer.toString(fuse.gid()));
        values.put("fuse.file_mode", Integer.toOctalString(fuse.fileMode()));
        values.put("fuse.dir_mode", Integer.toOctalString(fuse.dirMode()));
        values.put("fuse.allow_other", Boolean.toString(fuse.allowOther()));
        values.put("fuse.announce", Boolean.toString(fuse.announce()));
        values.put("fuse.max_readahead", Integer.toString(fuse.maxReadaheadBytes()));
        values.put("fuse.xattrs", Boolean.toString(fuse.xattrs()));
        HealthConfig health = config.health();
        values.put("health.interval", health.interval().toString());
        values.put("health.timeout", health.timeout().toString());
        values.put("health.threshold_local", Integer.toString(health.localThreshold()));
        values.put("health.threshold_remote", Integer.toString(health.remoteThreshold()));
        values.put(
                "safety.max_removed_percent", Integer.toString(config.safety().maxRemovedPercent()));
        values.put("logging.level", config.logging().level());
        return values;
    }

    private static void origin(Map<String, String> values, String prefix, OriginConfig origin) {
        values.put(prefix + "type", origin.type().name());
        values.put(prefix + PRIORITY, Integer.toString(origin.priority()));
        values.put(prefix + "enabled", Boolean.toString(origin.enabled()));
        values.put(prefix + "poll_interval", origin.pollInterval().toString());
        values.put(prefix + "timeout", origin.timeout().toString());
        values.put(prefix + "concurrency", Integer.toString(origin.concurrency()));
        values.put(prefix + "bandwidth_limit", Long.toString(origin.bandwidthLimitBytes()));
        origin.settings().values().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each ->
                        values.put(prefix + each.getKey(), each.getValue().toString()));
    }
}
