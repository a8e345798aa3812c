package dev.musicfs.config;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Puts flags, environment, file and defaults together, in this order of precedence. */
public final class ConfigLoader {
    private static final String ORIGIN_FLAG = "--origin";
    static final String ORIGINS_VARIABLE = "MUSICFS_ORIGINS";

    private final Environment environment;
    private final List<OriginType> types;

    /** A loader for this process's environment and user, that knows these types of origins. */
    public ConfigLoader(List<OriginType> types) {
        this(Environment.ofThisProcess(), types);
    }

    ConfigLoader(Environment environment, List<OriginType> types) {
        this.environment = environment;
        this.types = List.copyOf(types);
    }

    /**
     * Reads the named file, or the first that exists of the usual ones, and judges everything.
     *
     * @param file the file somebody asked for; then it has to be there
     * @param flags what the command line sets
     * @throws MusicFsException when a file is there and cannot be read, or was asked for and is not there
     */
    public LoadedConfig load(Optional<Path> file, Flags flags) {
        Settings settings = new Settings(environment);
        flags.scalars()
                .forEach((key, value) ->
                        settings.put(key, new Setting(value.text(), value.flag(), 0, Setting.Source.ARGUMENT)));
        putEnvironment(settings);
        Optional<Path> found = file.or(
                () -> environment.configFiles().stream().filter(Files::exists).findFirst());
        int count =
                found.map(path -> TomlFile.read(path, textOf(path), settings)).orElse(0);

        OriginTables tables = new OriginTables(settings, types);
        List<OriginConfig> ofFile = tables.read(count);
        Map<String, String> sources = new HashMap<>();
        List<OriginConfig> given = given(flags, settings, sources);
        MusicFsConfig config =
                values(settings).toConfig(environment.defaultCacheDir(), given.isEmpty() ? ofFile : given);
        new Consistency(settings).check(config);
        settings.sources().forEach((key, where) -> {
            if (given.isEmpty() || !key.startsWith(OriginTables.ORIGINS)) {
                sources.put(tables.named(key), where);
            }
        });
        return new LoadedConfig(found, config, settings.finish(), tables.secretInFile(), sources);
    }

    /** The options of {@code -o} and the key that each sets. */
    public static Map<String, String> mountOptions() {
        return ConfigKeys.all().stream().filter(Key::option).collect(Collectors.toMap(Key::simpleName, Key::name));
    }

    // The origins of the command line, else of the environment.
    private List<OriginConfig> given(Flags flags, Settings settings, Map<String, String> sources) {
        Origins origins = new Origins(settings, environment, types);
        Optional<String> variable = Optional.ofNullable(environment.variables().get(ORIGINS_VARIABLE));
        List<OriginConfig> ofFlags = origins.of(flags.origins(), ORIGIN_FLAG, Setting.Source.ARGUMENT);
        List<OriginConfig> ofVariable = origins.of(
                variable.map(ConfigLoader::split).orElse(List.of()), ORIGINS_VARIABLE, Setting.Source.ENVIRONMENT);
        List<OriginConfig> given = ofFlags.isEmpty() ? ofVariable : ofFlags;
        if (!given.isEmpty()) {
            sources.put(OriginTables.ORIGINS, ofFlags.isEmpty() ? ORIGINS_VARIABLE : ORIGIN_FLAG);
        }
        return given;
    }

    // Every key is asked for, whatever is made of it: that is how the others are found to be unknown.
    private static KeyValues values(Settings settings) {
        return new KeyValues() {
            @Override
            public <T> Optional<T> find(Key<MusicFsConfig, T> key) {
                return settings.find(key.name(), key.type());
            }
        };
    }

    // Other variables of our prefix are let be: Kubernetes sets MUSICFS_PORT and the like for a service of that name.
    private void putEnvironment(Settings settings) {
        for (Key<MusicFsConfig, ?> key : ConfigKeys.all()) {
            String value = environment.variables().get(key.variable());
            if (value != null) {
                settings.put(key.name(), new Setting(value, key.variable(), 0, Setting.Source.ENVIRONMENT));
            }
        }
    }

    // Paths as in PATH; a list with a URL in it, whose colons are its own, is split at white space.
    private static List<String> split(String origins) {
        return origins.contains("://") ? List.of(origins.strip().split("\\s+")) : List.of(origins.split(":", -1));
    }

    private static String textOf(Path file) {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new MusicFsException(FailureKind.INVALID, file + " is not UTF-8; save it as UTF-8", e);
        } catch (IOException e) {
            throw MusicFsException.wrap("the configuration file " + file + " cannot be read", e);
        }
    }

    /**
     * What the command line sets.
     *
     * @param scalars by key such as {@code fuse.uid}
     * @param origins directories; when there are any, they stand in place of those of the environment and the file
     */
    public record Flags(Map<String, Flag> scalars, List<String> origins) {
        /** Nothing. */
        public static final Flags NONE = new Flags(Map.of(), List.of());

        /** Keeps its own copies. */
        public Flags {
            scalars = Map.copyOf(scalars);
            origins = List.copyOf(origins);
        }
    }

    /**
     * One value of the command line.
     *
     * @param flag how it was given, to be named when it is wrong
     * @param text what was given
     */
    public record Flag(String flag, String text) {}
}
