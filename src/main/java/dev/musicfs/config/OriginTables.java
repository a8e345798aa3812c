package dev.musicfs.config;

import dev.musicfs.model.OriginId;
import dev.musicfs.model.ServerUrl;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes origins of {@code [[origins]]} tables. */
final class OriginTables {
    static final String ORIGINS = "origins";
    private static final ValueType<Boolean> TABLES =
            new ValueType<>("tables, each written [[origins]]", OriginTables::notTables, String::valueOf);
    private static final ValueType<Path> SECRET_FILE =
            unshown(ValueType.path(), "the absolute path of the file, or one that starts with ~/,");
    private static final ValueType<String> SECRET_NAME = unshown(ValueType.string(), "a string, the name of that");
    private static final ValueType<String> IN_CLEAR = new ValueType<>("", OriginTables::inClear, String::valueOf);

    private final Settings settings;
    private final List<OriginType> types;
    private final Map<OriginId, String> tables = new HashMap<>();

    OriginTables(Settings settings, List<OriginType> types) {
        this.settings = settings;
        this.types = types;
    }

    /** Those of so many tables; tables with a mistake are left out and reported. */
    List<OriginConfig> read(int count) {
        if (count == 0) {
            settings.find(ORIGINS, TABLES);
        }
        List<OriginConfig> origins = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            read(ORIGINS + "[" + i + "].").ifPresent(origins::add);
        }
        return origins;
    }

    /** A key with the name of its origin in place of its number: {@code origins.disk.path} for {@code origins[0].path}. */
    String named(String key) {
        for (Map.Entry<OriginId, String> entry : tables.entrySet()) {
            if (key.startsWith(entry.getValue())) {
                return ORIGINS + "." + entry.getKey()
                        + key.substring(entry.getValue().length() - 1);
            }
        }
        return key;
    }

    private Optional<OriginConfig> read(String table) {
        Optional<OriginId> id = required(table, OriginKeys.ID.name(), OriginKeys.ID.type());
        Optional<OriginType> type = type(table);
        Optional<OriginSettings> own = type.flatMap(known -> own(table, known));
        int priority = get(table, OriginKeys.PRIORITY);
        boolean enabled = get(table, OriginKeys.ENABLED);
        var poll = get(table, OriginKeys.POLL_INTERVAL);
        var timeout = find(table, OriginKeys.TIMEOUT);
        var concurrency = find(table, OriginKeys.CONCURRENCY);
        long bandwidth = get(table, OriginKeys.BANDWIDTH_LIMIT);
        id.ifPresent(name -> noteId(table, name));
        if (id.isEmpty() || type.isEmpty() || own.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new OriginConfig(
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

    private void noteId(String table, OriginId id) {
        String first = tables.putIfAbsent(id, table);
        if (first != null) {
            settings.raw(table + "id")
                    .ifPresent(raw ->
                            settings.problem(raw, table + "id is \"" + id + "\", as " + first + "id is already"));
        }
    }

    private Optional<OriginType> type(String table) {
        List<String> names = types.stream().map(OriginType::name).sorted().toList();
        String key = table + OriginKeys.TYPE.name();
        Optional<String> name = settings.find(key, ValueType.oneOf(names));
        if (settings.raw(key).isPresent() && name.isEmpty()) {
            settings.excuse(table);
            return Optional.empty();
        }
        return Optional.of(
                Origins.byName(types, name.or(OriginKeys.TYPE::fallback).orElseThrow()));
    }

    /** Empty, and everything wrong reported, when a required key is missing. */
    private Optional<OriginSettings> own(String table, OriginType type) {
        Map<String, Object> values = new LinkedHashMap<>();
        boolean complete = true;
        for (OriginKey key : type.keys()) {
            Optional<?> value = key.kind() == OriginKey.Kind.SECRET
                    ? secret(table, key.name())
                    : key.required()
                            ? required(table, key.name(), key.type())
                            : settings.find(table + key.name(), key.type());
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
        settings.find(table + name, IN_CLEAR);
        Optional<Secret> found = Optional.empty();
        for (Secret.Source source : Secret.Source.values()) {
            String key = table + name + "_" + source.name().toLowerCase(Locale.ROOT);
            Optional<Secret> named = source == Secret.Source.FILE
                    ? settings.find(key, SECRET_FILE).map(path -> new Secret(source, path.toString()))
                    : settings.find(key, SECRET_NAME).map(text -> new Secret(source, text));
            found = found.or(() -> named);
        }
        return found;
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
        return settings.fileHas((key, value) -> (value instanceof String text && ServerUrl.mayHoldPassword(text))
                || (value != Setting.Structure.TABLE && secrets.contains(key.substring(key.lastIndexOf('.') + 1))));
    }

    private <T> T get(String table, Key<OriginConfig, T> key) {
        return find(table, key).or(key::fallback).orElseThrow();
    }

    private <T> Optional<T> find(String table, Key<OriginConfig, T> key) {
        return settings.find(table + key.name(), key.type());
    }

    private <T> Optional<T> required(String table, String name, ValueType<T> type) {
        Optional<T> value = settings.find(table + name, type);
        if (settings.raw(table + name).isEmpty()) {
            header(table).ifPresent(header -> settings.problem(header, table + name + " is missing"));
        }
        return value;
    }

    private Optional<Setting> header(String table) {
        return settings.raw(table.substring(0, table.length() - 1));
    }

    /** The same, though what is wrong is not shown: somebody may have written the secret itself there. */
    private static <T> ValueType<T> unshown(ValueType<T> type, String wanted) {
        ValueType.Reader<T> reader = (setting, environment) -> {
            try {
                return Optional.of(type.read(setting, environment));
            } catch (ValueType.Refused shown) {
                throw new ValueType.Refused("must be " + wanted + " that holds the secret");
            }
        };
        return new ValueType<>(wanted, reader, type.text());
    }

    private static Optional<String> inClear(Setting setting, Environment environment) throws ValueType.Refused {
        throw new ValueType.Refused("must not stand here in clear; add _env, _file or _credential to the key and name"
                + " the variable, the file or the systemd credential that holds it");
    }

    private static Optional<Boolean> notTables(Setting setting, Environment environment) throws ValueType.Refused {
        if (setting.value() == Setting.Structure.ARRAY || setting.value() instanceof Setting.Texts) {
            throw new ValueType.Refused("must be tables, each written [[origins]], not an array of values");
        }
        return Optional.empty();
    }
}
