package dev.musicfs.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.config.ConfigLoader.Flag;
import dev.musicfs.config.ConfigLoader.Flags;
import dev.musicfs.origin.local.LocalBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigKeysTest {
    private static final OriginType LOCAL = new LocalBackend().type();

    @TempDir
    private Path directory;

    /** A default that changes changes the behaviour of everybody who set nothing: it has to be changed here as well. */
    @Test
    void configDefaults() throws IOException {
        LoadedConfig loaded = load("[[origins]]\nid = 'a'\npath = '/a'\n", Map.of(), Map.of());
        List<String> defaults = new ArrayList<>();
        for (Key<MusicFsConfig, ?> key : ConfigKeys.all()) {
            defaults.add(key.name() + " = " + key.text(loaded.config()).orElse("(none)") + " " + key.heat());
        }
        for (Key<OriginConfig, ?> key : OriginKeys.all()) {
            defaults.add("origins." + key.name() + " = "
                    + key.text(loaded.config().origins().get(0)).orElse("(none)"));
        }
        assertThat(defaults)
                .containsExactly(
                        "mount_point = (none) COLD",
                        "cache_dir = " + directory.resolve(".cache/musicfs") + " COLD",
                        "template = $albumartist/$album%ifdef{year, ($year)} [$format_upper]/"
                                + "%if{$multidisc,$disc-}$track - $title.$format HOT",
                        "drain_timeout = 20s COLD",
                        "cache.size = 10GiB HOT_WITH_STORE",
                        "cache.min_free = 1GiB HOT",
                        "cache.tags = 7680MiB HOT_WITH_STORE",
                        "cache.local = auto COLD",
                        "cache.durability = fast COLD",
                        "cache.scrub_interval = 30d HOT",
                        "cache.read_ahead = 8MiB HOT",
                        "fuse.uid = -1 COLD",
                        "fuse.gid = -1 COLD",
                        "fuse.file_mode = 0444 COLD",
                        "fuse.dir_mode = 0555 COLD",
                        "fuse.allow_other = false COLD",
                        "fuse.announce = true COLD",
                        "fuse.max_readahead = 131072 COLD",
                        "fuse.xattrs = true COLD",
                        "health.interval = 30s HOT",
                        "health.timeout = 5s HOT",
                        "health.threshold_local = 1 HOT",
                        "health.threshold_remote = 3 HOT",
                        "safety.max_removed_percent = 5 HOT",
                        "library.exclude = " + String.join(", ", LibraryConfig.DEFAULTS.exclude()) + " HOT",
                        "library.include =  HOT",
                        "tags.fallback_charset =  COLD",
                        "logging.level = info HOT",
                        "origins.id = a",
                        "origins.type = local",
                        "origins.priority = 100",
                        "origins.enabled = true",
                        "origins.poll_interval = 5m",
                        "origins.timeout = 10s",
                        "origins.concurrency = 4",
                        "origins.bandwidth_limit = 0B");
    }

    @Test
    void everyKeyHasAVariableThatTakesItsValueAsTheFileShowsIt() throws IOException {
        Map<String, String> environment = new HashMap<>();
        Map<String, String> sources = new HashMap<>();
        for (Key<MusicFsConfig, ?> key : ConfigKeys.all()) {
            String variable =
                    "MUSICFS_" + key.name().toUpperCase(java.util.Locale.ROOT).replace(".", "_");
            environment.put(variable, key.example());
            sources.put(key.name(), variable);
        }
        LoadedConfig loaded = load("", environment, Map.of());

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.sources()).isEqualTo(sources);
        for (Key<MusicFsConfig, ?> key : ConfigKeys.all()) {
            assertThat(key.text(loaded.config())).as(key.name()).contains(key.example());
        }
    }

    @Test
    void mountOptionsAreTheKeysOfFuseAndThreeOthers() {
        assertThat(ConfigLoader.mountOptions())
                .containsOnly(
                        Map.entry("uid", "fuse.uid"),
                        Map.entry("gid", "fuse.gid"),
                        Map.entry("file_mode", "fuse.file_mode"),
                        Map.entry("dir_mode", "fuse.dir_mode"),
                        Map.entry("allow_other", "fuse.allow_other"),
                        Map.entry("announce", "fuse.announce"),
                        Map.entry("max_readahead", "fuse.max_readahead"),
                        Map.entry("xattrs", "fuse.xattrs"),
                        Map.entry("template", "template"),
                        Map.entry("max_removed_percent", "safety.max_removed_percent"),
                        Map.entry("level", "logging.level"));
    }

    @Test
    void saysWhereEachValueCameFrom() throws IOException {
        String toml = "template = 'x'\n[fuse]\nuid = 1\ngid = 1\n[[origins]]\nid = 'a'\npath = '/a'\npriority = 2\n";
        String file = directory.resolve("musicfs.toml").toString();
        Map<String, String> environment = Map.of("MUSICFS_FUSE_UID", "2", "MUSICFS_FUSE_GID", "2");
        Map<String, Flag> flags = Map.of("fuse.uid", new Flag("-o uid", "3"));

        assertThat(load(toml, environment, flags).sources())
                .containsOnly(
                        Map.entry("template", file + ":1"),
                        Map.entry("fuse.uid", "-o uid"),
                        Map.entry("fuse.gid", "MUSICFS_FUSE_GID"),
                        Map.entry("origins.a.id", file + ":6"),
                        Map.entry("origins.a.path", file + ":7"),
                        Map.entry("origins.a.priority", file + ":8"));
        assertThat(load(toml, Map.of("MUSICFS_ORIGINS", "/b"), Map.of()).sources())
                .containsOnly(
                        Map.entry("template", file + ":1"),
                        Map.entry("fuse.uid", file + ":3"),
                        Map.entry("fuse.gid", file + ":4"),
                        Map.entry("origins", "MUSICFS_ORIGINS"));
    }

    private LoadedConfig load(String toml, Map<String, String> environment, Map<String, Flag> flags)
            throws IOException {
        Path file = Files.writeString(directory.resolve("musicfs.toml"), toml);
        return new ConfigLoader(new Environment(environment, directory, false), List.of(LOCAL))
                .load(Optional.of(file), new Flags(flags, List.of()));
    }
}
