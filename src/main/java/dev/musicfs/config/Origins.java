package dev.musicfs.config;

import dev.musicfs.model.OriginId;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Makes origins of {@code [[origins]]} tables, of bare paths and of URLs. */
final class Origins {
    private static final Pattern URL = Pattern.compile("([a-z][a-z0-9+.-]*)://.*");
    private static final String LOCAL = "local";
    private static final int MOST_CONCURRENT = 256;

    private final Settings settings;
    private final Path home;
    private final List<OriginType> types;

    Origins(Settings settings, Path home, List<OriginType> types) {
        this.settings = settings;
        this.home = home;
        this.types = types;
    }

    /** Those of the file; tables with a mistake are left out and reported. */
    List<OriginConfig> ofFile(int tables) {
        List<OriginConfig> origins = new ArrayList<>();
        Map<OriginId, String> seen = new HashMap<>();
        for (int i = 0; i < tables; i++) {
            String table = "origins[" + i + "].";
            Optional<OriginId> id = required(table, "id", Origins::id);
            Optional<OriginType> type = type(table);
            Optional<OriginSettings> own = type.flatMap(known -> own(table, known));
            int priority =
                    settings.get(table + "priority", Convert.integer(0, 1_000_000), OriginConfig.DEFAULT_PRIORITY);
            boolean enabled = settings.get(table + "enabled", Convert.bool(), true);
            Duration poll =
                    settings.get(table + "poll_interval", Convert.duration(), OriginConfig.DEFAULT_POLL_INTERVAL);
            Optional<Duration> timeout = settings.find(table + "timeout", Convert.duration());
            Optional<Integer> concurrency = settings.find(table + "concurrency", Convert.integer(1, MOST_CONCURRENT));
            long bandwidth = settings.get(table + "bandwidth_limit", Convert.size(1L << 40), 0L);
            if (id.isPresent()) {
                String first = seen.putIfAbsent(id.get(), table);
                if (first != null) {
                    settings.raw(table + "id")
                            .ifPresent(raw -> settings.problem(
                                    raw, table + "id is \"" + id.get() + "\", as " + first + "id is already"));
                }
            }
            if (id.isPresent() && type.isPresent() && own.isPresent()) {
                origins.add(new OriginConfig(
                        id.get(),
                        type.get(),
                        own.get(),
                        priority,
                        enabled,
                        poll,
                        timeout.orElseGet(type.get()::defaultTimeout),
                        concurrency.orElseGet(type.get()::defaultConcurrency),
                        bandwidth));
            }
        }
        if (tables == 0) {
            settings.find("origins", Origins::noTables);
        }
        return origins;
    }

    private Optional<OriginType> type(String table) {
        List<String> names = types.stream().map(OriginType::name).sorted().toList();
        boolean named = settings.raw(table + "type").isPresent();
        Optional<String> name = settings.find(table + "type", Convert.oneOf(names));
        if (named && name.isEmpty()) {
            settings.excuse(table);
            return Optional.empty();
        }
        return Optional.of(byName(name.orElse(LOCAL)));
    }

    private OriginType byName(String name) {
        return types.stream()
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no backend for origins of type " + name));
    }

    /** Empty, and everything wrong reported, when a required key is missing. */
    private Optional<OriginSettings> own(String table, OriginType type) {
        Map<String, Object> values = new LinkedHashMap<>();
        boolean complete = true;
        for (OriginKey key : type.keys()) {
            Optional<?> value = key.kind() == OriginKey.Kind.SECRET
                    ? secret(table, key.name())
                    : key.required()
                            ? required(table, key.name(), convert(key.kind()))
                            : settings.find(table + key.name(), convert(key.kind()));
            value.ifPresent(present -> values.put(key.name(), present));
            complete &= value.isPresent() || !key.required();
        }
        if (!complete) {
            return Optional.empty();
        }
        OriginSettings own = new OriginSettings(values);
        List<String> problems = type.problems(own);
        header(table).ifPresent(header -> problems.forEach(text -> settings.problem(header, table + text)));
        return problems.isEmpty() ? Optional.of(own) : Optional.empty();
    }

    private Optional<Secret> secret(String table, String name) {
        settings.find(table + name, Origins::secretInClear);
        Optional<Secret> found = Optional.empty();
        for (Secret.Source source : Secret.Source.values()) {
            String key = table + name + "_" + source.name().toLowerCase(java.util.Locale.ROOT);
            Optional<Secret> named = source == Secret.Source.FILE
                    ? settings.find(
                                    key,
                                    unshown(
                                            Convert.path(home),
                                            "the absolute path of the file, or one that starts with ~/,"))
                            .map(path -> new Secret(source, path.toString()))
                    : settings.find(key, unshown(Convert.string(), "a string, the name of that"))
                            .map(text -> new Secret(source, text));
            found = found.or(() -> named);
        }
        return found;
    }

    /** The same, though what is wrong is not shown: somebody may have written the secret itself there. */
    private static <T> Convert<T> unshown(Convert<T> convert, String wanted) {
        return setting -> {
            try {
                return convert.apply(setting);
            } catch (Convert.Refused shown) {
                throw new Convert.Refused("must be " + wanted + " that holds the secret");
            }
        };
    }

    /**
     * Whether the file has a value, of whatever table, under a key that is a secret's of any type, or a URL with a password
     * in it.
     */
    boolean secretInFile() {
        Set<String> secrets = types.stream()
                .flatMap(type -> type.keys().stream())
                .filter(key -> key.kind() == OriginKey.Kind.SECRET)
                .map(OriginKey::name)
                .collect(Collectors.toSet());
        return settings.fileHas((key, value) -> (value instanceof String text
                        && !redacted(text).equals(text))
                || (value != Setting.Structure.TABLE && secrets.contains(key.substring(key.lastIndexOf('.') + 1))));
    }

    private Convert<?> convert(OriginKey.Kind kind) {
        return switch (kind) {
            case TEXT, SECRET -> Convert.string();
            case INTEGER -> Convert.integer(0, Integer.MAX_VALUE);
            case FLAG -> Convert.bool();
            case DURATION -> Convert.duration();
            case PATH, PRIVATE_FILE -> Convert.path(home);
        };
    }

    /** Bare paths and URLs, in order; the same one twice is one origin. */
    List<OriginConfig> ofPaths(List<String> paths, String where, Setting.Source source) {
        Map<OriginId, OriginConfig> origins = new LinkedHashMap<>();
        for (String text : paths) {
            Setting setting = new Setting(text, where, 0, source);
            try {
                OriginConfig origin = ofText(setting, text);
                origins.putIfAbsent(origin.id(), origin);
            } catch (Convert.Refused refused) {
                settings.problem(setting, String.valueOf(refused.getMessage()));
            }
        }
        return List.copyOf(origins.values());
    }

    private OriginConfig ofText(Setting setting, String text) throws Convert.Refused {
        Matcher url = URL.matcher(text);
        if (url.matches()) {
            return ofUrl(text, url.group(1));
        }
        try {
            Path path = Convert.path(home).apply(setting);
            return OriginConfig.of(idFor(path), byName(LOCAL), new OriginSettings(Map.of("path", path)));
        } catch (Convert.Refused refused) {
            throw new Convert.Refused("each origin " + refused.getMessage());
        }
    }

    private OriginConfig ofUrl(String text, String scheme) throws Convert.Refused {
        OriginType type = types.stream()
                .filter(known -> known.schemes().contains(scheme))
                .findFirst()
                .orElseThrow(
                        () -> new Convert.Refused("origins cannot be read over " + scheme + ": " + redacted(text)));
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new Convert.Refused("the origin " + redacted(text) + " is not a URL: " + e.getReason());
        }
        if (uri.getRawUserInfo() != null && uri.getRawUserInfo().contains(":")) {
            throw new Convert.Refused("the origin " + redacted(text)
                    + " has a password in it, which others can see; give it in a configuration file instead");
        }
        OriginSettings own = new OriginSettings(Map.of("url", text));
        List<String> problems = type.problems(own);
        if (!problems.isEmpty()) {
            throw new Convert.Refused("the origin " + redacted(text) + ": " + String.join("; ", problems));
        }
        return OriginConfig.of(idFor(uri), type, own);
    }

    /** A URL without the password in it; any other text as it is. */
    static String redacted(String url) {
        return url.replaceFirst("//([^/@:]*):[^/@]*@", "//$1:...@");
    }

    /** The name of an origin given as a bare path: the same at every start, since the catalog keeps it. */
    static OriginId idFor(Path path) {
        Path last = path.getFileName();
        return idFor(last == null ? "root" : last.toString(), path.toString());
    }

    /** The same of a URL. */
    static OriginId idFor(URI uri) {
        return idFor(uri.getHost() == null ? uri.getScheme() : uri.getHost(), uri.toString());
    }

    private static OriginId idFor(String name, String whole) {
        String safe = name.replaceAll("[^A-Za-z0-9._-]", "_");
        String hash = "%08x".formatted(whole.hashCode());
        return new OriginId(safe.substring(0, Math.min(safe.length(), 48)) + "-" + hash);
    }

    private <T> Optional<T> required(String table, String name, Convert<T> convert) {
        Optional<T> value = settings.find(table + name, convert);
        if (settings.raw(table + name).isEmpty()) {
            header(table).ifPresent(header -> settings.problem(header, table + name + " is missing"));
        }
        return value;
    }

    private Optional<Setting> header(String table) {
        return settings.raw(table.substring(0, table.length() - 1));
    }

    private static OriginId id(Setting setting) throws Convert.Refused {
        try {
            return new OriginId(Convert.string().apply(setting));
        } catch (IllegalArgumentException e) {
            throw Convert.Refused.wrongType("1 to 64 of a-z A-Z 0-9 . _ -", setting);
        }
    }

    private static Boolean secretInClear(Setting setting) throws Convert.Refused {
        throw new Convert.Refused("must not stand here in clear; add _env, _file or _credential to the key and name"
                + " the variable, the file or the systemd credential that holds it");
    }

    private static Boolean noTables(Setting setting) throws Convert.Refused {
        if (setting.value() == Setting.Structure.ARRAY) {
            throw new Convert.Refused("must be tables, each written [[origins]], not an array of values");
        }
        throw Convert.Refused.wrongType("tables, each written [[origins]]", setting);
    }
}
