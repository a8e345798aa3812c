package dev.musicfs.config;

import dev.musicfs.model.OriginId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes origins of {@code [[origins]]} tables and of bare paths. */
final class Origins {
    private static final Convert<String> TYPE = Convert.oneOf(List.of("local"));

    private final Settings settings;
    private final Path home;

    Origins(Settings settings, Path home) {
        this.settings = settings;
        this.home = home;
    }

    /** Those of the file; tables with a mistake are left out and reported. */
    List<OriginConfig> ofFile(int tables) {
        List<OriginConfig> origins = new ArrayList<>();
        Map<OriginId, String> seen = new HashMap<>();
        for (int i = 0; i < tables; i++) {
            String table = "origins[" + i + "].";
            Optional<OriginId> id = required(table, "id", Origins::id);
            Optional<Path> path = required(table, "path", Convert.path(home));
            settings.find(table + "type", TYPE);
            int priority =
                    settings.get(table + "priority", Convert.integer(0, 1_000_000), OriginConfig.DEFAULT_PRIORITY);
            boolean enabled = settings.get(table + "enabled", Convert.bool(), true);
            Duration poll =
                    settings.get(table + "poll_interval", Convert.duration(), OriginConfig.DEFAULT_POLL_INTERVAL);
            if (id.isPresent()) {
                String first = seen.putIfAbsent(id.get(), table);
                if (first != null) {
                    settings.raw(table + "id")
                            .ifPresent(raw -> settings.problem(
                                    raw, table + "id is \"" + id.get() + "\", as " + first + "id is already"));
                }
            }
            if (id.isPresent() && path.isPresent()) {
                origins.add(new OriginConfig(id.get(), path.get(), priority, enabled, poll));
            }
        }
        if (tables == 0) {
            settings.find("origins", Origins::noTables);
        }
        return origins;
    }

    /** Bare paths, in order; the same directory twice is one origin. */
    List<OriginConfig> ofPaths(List<String> paths, String where, Setting.Source source) {
        Map<OriginId, OriginConfig> origins = new LinkedHashMap<>();
        for (String text : paths) {
            Setting setting = new Setting(text, where, 0, source);
            if (text.matches("[a-z][a-z0-9+]*://.*")) {
                settings.problem(setting, text + " is not on this machine; this version reads local directories only");
                continue;
            }
            try {
                Path path = Convert.path(home).apply(setting);
                OriginConfig origin = new OriginConfig(
                        idFor(path), path, OriginConfig.DEFAULT_PRIORITY, true, OriginConfig.DEFAULT_POLL_INTERVAL);
                origins.putIfAbsent(origin.id(), origin);
            } catch (Convert.Refused refused) {
                settings.problem(setting, "each origin " + refused.getMessage());
            }
        }
        return List.copyOf(origins.values());
    }

    /** The name of an origin given as a bare path: the same at every start, since the catalog keeps it. */
    static OriginId idFor(Path path) {
        Path last = path.getFileName();
        String name = (last == null ? "root" : last.toString()).replaceAll("[^A-Za-z0-9._-]", "_");
        String hash = "%08x".formatted(path.toString().hashCode());
        return new OriginId(name.substring(0, Math.min(name.length(), 48)) + "-" + hash);
    }

    private <T> Optional<T> required(String table, String name, Convert<T> convert) {
        Optional<T> value = settings.find(table + name, convert);
        if (settings.raw(table + name).isEmpty()) {
            settings.raw(table.substring(0, table.length() - 1))
                    .ifPresent(header -> settings.problem(header, table + name + " is missing"));
        }
        return value;
    }

    private static OriginId id(Setting setting) throws Convert.Refused {
        try {
            return new OriginId(Convert.string().apply(setting));
        } catch (IllegalArgumentException e) {
            throw Convert.Refused.wrongType("1 to 64 of a-z A-Z 0-9 . _ -", setting);
        }
    }

    private static Boolean noTables(Setting setting) throws Convert.Refused {
        if (setting.value() == Setting.Structure.ARRAY) {
            throw new Convert.Refused("must be tables, each written [[origins]], not an array of values");
        }
        throw Convert.Refused.wrongType("tables, each written [[origins]]", setting);
    }
}
