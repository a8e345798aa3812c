package dev.musicfs.config;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Puts flags, environment, file and defaults together, in this order of precedence. */
public final class ConfigLoader {
    private static final List<String> LEVELS = List.of("trace", "debug", "info", "warn", "error", "off");
    private static final Duration MOST_DRAIN = Duration.ofMinutes(10);
    private static final int MAX_THRESHOLD = 100;
    private static final int MAX_READAHEAD_BYTES = 16 * 1024 * 1024;

    /** The keys a variable can set, beside {@link CacheSection#KEYS}: {@code MUSICFS_} and the key in capitals, dots as underscores. */
    private static final List<String> SCALARS = List.of(
            "mount_point",
            "cache_dir",
            "template",
            "drain_timeout",
            "fuse.uid",
            "fuse.gid",
            "fuse.file_mode",
            "fuse.dir_mode",
            "fuse.allow_other",
            "fuse.announce",
            "fuse.max_readahead",
            "fuse.xattrs",
            "health.interval",
            "health.timeout",
            "health.threshold_local",
            "health.threshold_remote",
            "safety.max_removed_percent",
            "logging.level");

    private static final String ORIGINS_VARIABLE = "MUSICFS_ORIGINS";

    private final Surroundings surroundings;
    private final List<OriginType> types;

    /** A loader for this process's environment and user, that knows these types of origins. */
    public ConfigLoader(List<OriginType> types) {
        this(Surroundings.ofThisProcess(), types);
    }

    ConfigLoader(Surroundings surroundings, List<OriginType> types) {
        this.surroundings = surroundings;
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
        Settings settings = new Settings();
        flags.scalars()
                .forEach((key, value) ->
                        settings.put(key, new Setting(value.text(), value.flag(), 0, Setting.Source.ARGUMENT)));
        putEnvironment(settings);

        Optional<Path> found = file.or(
                () -> surroundings.configFiles().stream().filter(Files::exists).findFirst());
        int tables =
                found.map(path -> TomlFile.read(path, textOf(path), settings)).orElse(0);

        Origins origins = new Origins(settings, surroundings.home(), types);
        List<OriginConfig> listed = origins.ofPaths(flags.origins(), "--origin", Setting.Source.ARGUMENT);
        String variable = surroundings.environment().get(ORIGINS_VARIABLE);
        if (variable != null) {
            List<OriginConfig> ofVariable =
                    origins.ofPaths(split(variable), ORIGINS_VARIABLE, Setting.Source.ENVIRONMENT);
            listed = listed.isEmpty() ? ofVariable : listed;
        }
        List<OriginConfig> fromFile = origins.ofFile(tables);
        MusicFsConfig config = build(settings, listed.isEmpty() ? fromFile : listed);
        new Overlaps(settings).check(config);
        return new LoadedConfig(found, config, settings.finish(), origins.secretInFile());
    }

    private MusicFsConfig build(Settings settings, List<OriginConfig> origins) {
        Convert<Path> path = Convert.path(surroundings.home());
        FuseConfig fuse = FuseConfig.DEFAULTS;
        return new MusicFsConfig(
                settings.find("mount_point", path),
                settings.get("cache_dir", path, surroundings.defaultCacheDir()),
                settings.get("template", Convert.string(), MusicFsConfig.DEFAULT_TEMPLATE),
                origins,
                CacheSection.read(settings),
                new FuseConfig(
                        settings.get("fuse.uid", Convert.integer(FuseConfig.OWN_ID, Integer.MAX_VALUE), fuse.uid()),
                        settings.get("fuse.gid", Convert.integer(FuseConfig.OWN_ID, Integer.MAX_VALUE), fuse.gid()),
                        settings.get("fuse.file_mode", Convert.mode(), fuse.fileMode()),
                        settings.get("fuse.dir_mode", Convert.mode(), fuse.dirMode()),
                        settings.get("fuse.allow_other", Convert.bool(), fuse.allowOther()),
                        settings.get("fuse.announce", Convert.bool(), fuse.announce()),
                        settings.get(
                                "fuse.max_readahead",
                                Convert.integer(0, MAX_READAHEAD_BYTES),
                                fuse.maxReadaheadBytes()),
                        settings.get("fuse.xattrs", Convert.bool(), fuse.xattrs())),
                new HealthConfig(
                        settings.get("health.interval", Convert.duration(), HealthConfig.DEFAULTS.interval()),
                        settings.get("health.timeout", Convert.duration(), HealthConfig.DEFAULTS.timeout()),
                        settings.get(
                                "health.threshold_local",
                                Convert.integer(1, MAX_THRESHOLD),
                                HealthConfig.DEFAULTS.localThreshold()),
                        settings.get(
                                "health.threshold_remote",
                                Convert.integer(1, MAX_THRESHOLD),
                                HealthConfig.DEFAULTS.remoteThreshold())),
                new SafetyConfig(settings.get(
                        "safety.max_removed_percent",
                        Convert.integer(0, 100),
                        SafetyConfig.DEFAULTS.maxRemovedPercent())),
                new LoggingConfig(settings.get("logging.level", Convert.oneOf(LEVELS), LoggingConfig.DEFAULTS.level())),
                settings.get(
                        "drain_timeout", Convert.duration(MOST_DRAIN, "10m"), MusicFsConfig.DEFAULT_DRAIN_TIMEOUT));
    }

    // Other variables of our prefix are let be: Kubernetes sets MUSICFS_PORT and the like for a service of that name.
    private void putEnvironment(Settings settings) {
        for (String key : scalars()) {
            String variable = "MUSICFS_" + key.replace('.', '_').toUpperCase(Locale.ROOT);
            String value = surroundings.environment().get(variable);
            if (value != null) {
                settings.put(key, new Setting(value, variable, 0, Setting.Source.ENVIRONMENT));
            }
        }
    }

    // Paths as in PATH; a list with a URL in it, whose colons are its own, is split at white space.
    private static List<String> split(String origins) {
        return origins.contains("://") ? List.of(origins.strip().split("\\s+")) : List.of(origins.split(":", -1));
    }

    private static List<String> scalars() {
        return Stream.concat(SCALARS.stream(), CacheSection.KEYS.stream()).toList();
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
