package dev.musicfs.config;

import dev.musicfs.model.ServerUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What differs between two configurations, key by key, and whether a running daemon can take it.
 *
 * @param changes in the order of the example file; none twice
 */
public record ConfigDiff(List<Change> changes) {
    private static final String NOTHING = "nothing";

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

    /** What {@code after} has that {@code before} has not, or otherwise. */
    public static ConfigDiff of(MusicFsConfig before, MusicFsConfig after) {
        List<Change> changes = new ArrayList<>();
        for (Key<MusicFsConfig, ?> key : ConfigKeys.all()) {
            String old = shown(key.text(before).orElse(NOTHING));
            String now = shown(key.text(after).orElse(NOTHING));
            if (!old.equals(now)) {
                changes.add(new Change(key.name(), old, now, key.heat().isHot(before, after)));
            }
        }
        addOrigins(byId(before), byId(after), changes);
        return new ConfigDiff(changes);
    }

    /** What a daemon that runs with {@code before} has after it took all it can of {@code after}. */
    public static MusicFsConfig taken(MusicFsConfig before, MusicFsConfig after) {
        KeyValues values = new KeyValues() {
            @Override
            public <T> Optional<T> find(Key<MusicFsConfig, T> key) {
                return key.getter().apply(key.heat().isHot(before, after) ? after : before);
            }
        };
        return values.toConfig(before.cacheDir(), after.origins());
    }

    /** Those a running daemon takes, or those that need a restart. */
    public List<Change> changes(boolean hot) {
        return changes.stream().filter(change -> change.hot == hot).toList();
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
                changes.add(new Change(prefix + key, shown(was), shown(is), true));
            }
        }
    }

    private static Map<String, Object> values(OriginConfig origin) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put(OriginKeys.TYPE.name(), origin.type().name());
        values.putAll(new TreeMap<>(origin.settings().values()));
        for (Key<OriginConfig, ?> key : OriginKeys.all()) {
            key.text(origin).ifPresent(text -> values.put(key.name(), text));
        }
        return values;
    }

    private static Map<String, OriginConfig> byId(MusicFsConfig config) {
        Map<String, OriginConfig> origins = new LinkedHashMap<>();
        config.origins().forEach(origin -> origins.put(origin.id().value(), origin));
        return origins;
    }

    private static String shown(Object value) {
        if (value instanceof Duration time) {
            return Quantities.text(time);
        }
        return value instanceof Secret ? "a secret" : ServerUrl.redacted(value.toString());
    }
}
