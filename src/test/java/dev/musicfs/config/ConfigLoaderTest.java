package dev.musicfs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.config.ConfigLoader.Flag;
import dev.musicfs.config.ConfigLoader.Flags;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.OriginId;
import dev.musicfs.origin.OriginBackend;
import dev.musicfs.origin.local.LocalBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
    private static final OriginType LOCAL = new LocalBackend().type();

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void namesTheFile() {
        file = directory.resolve("musicfs.toml");
    }

    @Test
    void givesDefaultsWithoutAFile() {
        LoadedConfig loaded = loader(Map.of("XDG_CONFIG_HOME", "/nonexistent")).load(Optional.of(empty()), Flags.NONE);

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config())
                .isEqualTo(new MusicFsConfig(
                        Optional.empty(),
                        directory.resolve(".cache/musicfs"),
                        DefaultConfig.TEMPLATE,
                        List.of(),
                        DefaultConfig.CACHE,
                        DefaultConfig.FUSE,
                        DefaultConfig.HEALTH,
                        DefaultConfig.SAFETY,
                        DefaultConfig.LOGGING,
                        DefaultConfig.DRAIN_TIMEOUT));
    }

    @Test
    void exampleFileHoldsTheDefaults() {
        LoadedConfig example = loader(Map.of()).load(Optional.of(Path.of("conf/musicfs.toml")), Flags.NONE);

        assertThat(example.problems()).isEmpty();
        assertThat(example.config())
                .isEqualTo(
                        loader(Map.of()).load(Optional.of(empty()), Flags.NONE).config());
    }

    @Test
    void exampleFileIsGoodWithItsCommentedKeysToo() throws IOException {
        String all = Files.readString(Path.of("conf/musicfs.toml"))
                .replaceAll(
                        "(?m)^# (\\[\\[|(mount_point|cache_dir|id|path|type|priority|enabled|poll_interval|timeout|concurrency|bandwidth_limit) =)",
                        "$1");
        int header = all.indexOf("[[origins]]");
        int cache = all.indexOf("[cache]");
        LoadedConfig loaded = load(all.substring(0, header) + all.substring(cache) + all.substring(header, cache));

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config().mountPoint()).contains(Path.of("/srv/music"));
        assertThat(loaded.config().origins())
                .containsExactly(OriginConfig.of(
                        new OriginId("disk"), LOCAL, new OriginSettings(Map.of("path", Path.of("/srv/flac")))));
    }

    @Test
    void examplesOfEveryTypeAreGood() throws IOException {
        Map<String, OriginType> types = new TreeMap<>();
        ServiceLoader.load(OriginBackend.class)
                .forEach(backend -> types.put(backend.type().name(), backend.type()));
        Set<String> shown = new TreeSet<>(Set.of("local"));
        for (String block : Files.readString(Path.of("conf/musicfs.toml")).split("\n#\n", -1)) {
            String keys = block.lines()
                    .filter(line -> line.startsWith("#   "))
                    .map(line -> line.substring(1))
                    .collect(Collectors.joining("\n"));
            if (!keys.isEmpty()) {
                write("[[origins]]\nid = 'x'\n" + keys + "\n");
                LoadedConfig loaded = new ConfigLoader(
                                new Environment(Map.of(), directory, false), List.copyOf(types.values()))
                        .load(Optional.of(file), Flags.NONE);
                assertThat(loaded.problems()).as(keys).isEmpty();
                shown.add(loaded.config().origins().get(0).type().name());
            }
        }
        assertThat(shown).containsExactly("http", "local", "nfs", "s3", "sftp");
    }

    @Test
    void readsEveryKey() {
        LoadedConfig loaded = load(
                """
                mount_point = "~/mnt"
                cache_dir = "/c"
                template = '$title'
                drain_timeout = "10m"
                fuse = { uid = 1000, gid = 0, file_mode = "440", dir_mode = "0550", allow_other = true, announce = false, max_readahead = 0, xattrs = false }
                [cache]
                size = "2GB"
                min_free = 0
                tags = "100MiB"
                local = "always"
                durability = "Strict"
                scrub_interval = "7d"
                read_ahead = 65536
                [health]
                interval = "10s"
                timeout = "2s"
                threshold_local = 2
                threshold_remote = 5
                [safety]
                max_removed_percent = 100
                [logging]
                level = "DEBUG"
                [[origins]]
                id = "a"
                path = "/a"
                type = "local"
                priority = 1
                enabled = false
                poll_interval = "90s"
                timeout = "20s"
                concurrency = 2
                bandwidth_limit = "1MB"
                """);

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config())
                .isEqualTo(new MusicFsConfig(
                        Optional.of(directory.resolve("mnt")),
                        Path.of("/c"),
                        "$title",
                        List.of(new OriginConfig(
                                new OriginId("a"),
                                LOCAL,
                                new OriginSettings(Map.of("path", Path.of("/a"))),
                                1,
                                false,
                                Duration.ofSeconds(90),
                                Duration.ofSeconds(20),
                                2,
                                1_000_000)),
                        new CacheConfig(
                                2_000_000_000L,
                                0,
                                100L << 20,
                                CacheConfig.Local.ALWAYS,
                                CacheConfig.Durability.STRICT,
                                Duration.ofDays(7),
                                65_536),
                        new FuseConfig(1000, 0, 0440, 0550, true, false, 0, false),
                        new HealthConfig(Duration.ofSeconds(10), Duration.ofSeconds(2), 2, 5),
                        new SafetyConfig(100),
                        new LoggingConfig("debug"),
                        Duration.ofMinutes(10)));
    }

    @Test
    void anEndTakesFromASecondToTenMinutes() {
        for (String text : List.of("999ms", "601s", "1h", "0s")) {
            LoadedConfig loaded = load("drain_timeout = \"" + text + "\"");
            assertThat(loaded.problems())
                    .as(text)
                    .singleElement()
                    .asString()
                    .contains("drain_timeout")
                    .contains("a time from a second to 10m such as");
        }
        assertThat(load("drain_timeout = \"1s\"").config().drainTimeout()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void namesFileLineAndKeyOfEveryProblemAtOnce() {
        LoadedConfig loaded = load(
                """
                # comment = "[not a table]"
                template = 7
                cache_dir = "relative"
                tempalte = '''
                [fuse]
                uid = 1
                '''

                [fuse]
                uid = "root"
                file_mode = 444
                max_readahead = 1.5
                allow_other = "yes"
                gidd = [
                  1, # ]
                  2,
                ]
                [safety]
                max_removed_percent = 101
                [search]
                [[origins]]
                path = "/a"
                type = "s3"
                [[origins]]
                id = "b/c"
                path = "/b"
                poll_interval = "soon"
                enabled = 1
                [[origins]]
                """);

        assertThat(loaded.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        file + ":2: template must be a string, not 7",
                        file + ":3: cache_dir must be an absolute path or one that starts with ~/, not the string"
                                + " \"relative\"",
                        file + ":4: tempalte is not a key of this version; did you mean template?",
                        file + ":10: fuse.uid must be a whole number from -1 to 2147483647, not the string \"root\"",
                        file
                                + ":11: fuse.file_mode must be a string of octal digits from \"0000\" to \"0555\" that lets"
                                + " nobody write, not 444",
                        file + ":12: fuse.max_readahead must be a whole number from 0 to 16777216, not 1.5",
                        file + ":13: fuse.allow_other must be true or false, not the string \"yes\"",
                        file + ":14: fuse.gidd is not a key of this version; did you mean fuse.gid?",
                        file + ":19: safety.max_removed_percent must be a whole number from 0 to 100, not 101",
                        file + ":20: search is not a key of this version",
                        file + ":21: origins[0].id is missing",
                        file + ":23: origins[0].type must be \"local\", not the string \"s3\"",
                        file + ":25: origins[1].id must be 1 to 64 of a-z A-Z 0-9 . _ -, not the string \"b/c\"",
                        file + ":27: origins[1].poll_interval must be a time from a second to 366 days such as"
                                + " \"90s\", \"5m\", \"1h\" or \"30d\", not the string \"soon\"",
                        file + ":28: origins[1].enabled must be true or false, not 1",
                        file + ":29: origins[2].id is missing",
                        file + ":29: origins[2].path is missing");
        assertThatThrownBy(loaded::orThrow)
                .isInstanceOf(MusicFsException.class)
                .hasMessageContaining(":2: template")
                .hasMessageContaining(":29: origins[2].path");
    }

    @Test
    void refusesAModeThatLetsSomebodyWrite() {
        assertThat(load("[fuse]\nfile_mode = \"0644\"\ndir_mode = \"0500\"\n").problems())
                .extracting(Problem::toString)
                .containsExactly(file + ":2: fuse.file_mode must be a string of octal digits from \"0000\" to \"0555\""
                        + " that lets nobody write, not the string \"0644\"");
    }

    @Test
    void takesTheNameOfAnEncodingAndRefusesAnyOther() {
        assertThat(load("[tags]\nfallback_charset = \"windows-1251\"\n")
                        .orThrow()
                        .tags()
                        .charset())
                .contains(java.nio.charset.Charset.forName("windows-1251"));
        assertThat(load("[tags]\nfallback_charset = \"klingon 1\"\n").problems())
                .extracting(Problem::toString)
                .containsExactly(file + ":2: tags.fallback_charset must be the name of an encoding of text, such as"
                        + " \"windows-1251\" or \"Shift_JIS\", or empty, not the string \"klingon 1\"");
    }

    @Test
    void namesTheLineOfTextThatIsNotToml() {
        assertThat(load("template = \"x\"\nuid == 3\n").problems())
                .singleElement()
                .asString()
                .startsWith(file + ":2: this is not TOML");
        assertThat(load("[fuse]\nuid = 1\nuid = 2\n[fuse]\ngid = 99999999999999999999\n")
                        .problems())
                .extracting(Problem::toString)
                .containsExactly(
                        file + ":3: this is not TOML: uid previously defined at line 2, column 1",
                        file + ":4: this is not TOML: fuse previously defined at line 1, column 1",
                        file + ":5: this is not TOML: Integer is too large");
    }

    @Test
    void refusesTheSameIdTwice() {
        assertThat(load("[[origins]]\nid='a'\npath='/a'\n[[origins]]\nid='a'\npath='/b'\n")
                        .problems())
                .extracting(Problem::toString)
                .containsExactly(file + ":5: origins[1].id is \"a\", as origins[0].id is already");
    }

    @Test
    void saysHowOriginsAndSectionsAreWritten() {
        assertThat(load("fuse = 3\norigins = ['/a']\n").problems())
                .extracting(Problem::toString)
                .containsExactly(
                        file + ":1: fuse must be a table, written [fuse]",
                        file + ":2: origins must be tables, each written [[origins]], not an array of values");
    }

    @Test
    void flagGoesBeforeVariableBeforeFileBeforeDefault() {
        write("[fuse]\nuid = 1\ngid = 1\nfile_mode = '0400'\n");
        LoadedConfig loaded = loader(Map.of("MUSICFS_FUSE_UID", "2", "MUSICFS_FUSE_GID", "2"))
                .load(Optional.of(file), new Flags(Map.of("fuse.uid", new Flag("-o uid", "3")), List.of()));

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config().fuse()).isEqualTo(new FuseConfig(3, 2, 0400, 0555, false, true, 128 * 1024, true));
    }

    @Test
    void originsOfAFlagGoBeforeThoseOfAVariableBeforeThoseOfTheFile() {
        write("[[origins]]\nid='f'\npath='/f'\n");
        ConfigLoader loader = loader(Map.of("MUSICFS_ORIGINS", "/v:/w"));

        assertThat(paths(loader(Map.of()).load(Optional.of(file), Flags.NONE))).containsExactly(Path.of("/f"));
        assertThat(paths(loader.load(Optional.of(file), Flags.NONE))).containsExactly(Path.of("/v"), Path.of("/w"));
        assertThat(paths(loader.load(Optional.of(file), new Flags(Map.of(), List.of("/x", "/x/")))))
                .containsExactly(Path.of("/x"));
    }

    @Test
    void namesTheFlagAndTheVariableThatAreWrong() {
        LoadedConfig loaded = loader(Map.of("MUSICFS_SAFETY_MAX_REMOVED_PERCENT", "many"))
                .load(
                        Optional.of(empty()),
                        new Flags(Map.of("fuse.uid", new Flag("-o uid", "me")), List.of("s3://bucket")));

        assertThat(loaded.problems())
                .extracting(Problem::toString)
                .containsExactlyInAnyOrder(
                        "-o uid: fuse.uid must be a whole number from -1 to 2147483647, not me",
                        "--origin: origins cannot be read over s3: s3://bucket",
                        "MUSICFS_SAFETY_MAX_REMOVED_PERCENT: safety.max_removed_percent must be a whole number from 0"
                                + " to 100, not many");
        assertThat(loaded.problems()).extracting(Problem::inArguments).containsExactly(true, true, false);
    }

    @Test
    void refusesAMountThatCoversWhatItIsMadeOf() {
        write(
                "mount_point='/m'\ncache_dir='/m/cache'\n[[origins]]\nid='a'\npath='/m/a'\n[[origins]]\nid='b'\npath='/'\n");

        assertThat(loader(Map.of()).load(Optional.of(file), Flags.NONE).problems())
                .extracting(Problem::toString)
                .containsExactly(
                        file + ":1: mount_point /m would cover the origin /m/a",
                        file + ":1: mount_point /m lies in the origin /",
                        file + ":1: mount_point /m would cover the cache directory /m/cache");
    }

    @Test
    void findsTheUsersFileAndTheCacheByTheXdgVariables() throws IOException {
        Path config = Files.createDirectories(directory.resolve("xdg/musicfs")).resolve("musicfs.toml");
        Files.writeString(config, "template = 'x'\n");
        String xdg = directory.resolve("xdg").toString();

        LoadedConfig loaded =
                loader(Map.of("XDG_CONFIG_HOME", xdg, "XDG_CACHE_HOME", xdg)).load(Optional.empty(), Flags.NONE);

        assertThat(loaded.file()).contains(config);
        assertThat(loaded.config().template()).isEqualTo("x");
        assertThat(loaded.config().cacheDir()).isEqualTo(directory.resolve("xdg/musicfs"));
        assertThat(new Environment(Map.of(), directory, true).defaultCacheDir())
                .isEqualTo(Path.of("/var/cache/musicfs"));
    }

    @Test
    void failsWhenTheNamedFileIsNotThere() {
        assertThatThrownBy(() -> loader(Map.of()).load(Optional.of(file), Flags.NONE))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.NOT_FOUND))
                .hasMessageContaining(file.toString());
    }

    @Test
    void namesABarePathTheSameAtEveryStart() {
        assertThat(Origins.idFor(Path.of("/srv/M\u00fcsic")).value()).matches("M_sic-[0-9a-f]{8}");
        assertThat(Origins.idFor(Path.of("/a"))).isNotEqualTo(Origins.idFor(Path.of("/b")));
        assertThat(Origins.idFor(Path.of("/")).value()).startsWith("root-");
    }

    @Test
    void understandsEveryUnitOfSizeAndTime() {
        Map<String, Long> sizes = Map.of(
                "'7'", 7L,
                "7", 7L,
                "'7B'", 7L,
                "'7KB'", 7_000L,
                "'7MB'", 7_000_000L,
                "'7GB'", 7_000_000_000L,
                "'7TB'", 7_000_000_000_000L,
                "'7KiB'", 7L << 10,
                "'7MiB'", 7L << 20,
                "'7GiB'", 7L << 30);
        sizes.forEach((text, bytes) ->
                assertThat(cache("min_free = " + text).minFreeBytes()).as(text).isEqualTo(bytes));
        assertThat(cache("min_free = '1024TiB'").minFreeBytes()).isEqualTo(1L << 50);
        assertThat(cache("scrub_interval = '366d'").scrubInterval()).isEqualTo(Duration.ofDays(366));
        assertThat(cache("scrub_interval = '36h'").scrubInterval()).isEqualTo(Duration.ofHours(36));
    }

    @Test
    void judgesTheCacheAsAWhole() {
        assertThat(
                        load("""
                                [cache]
                                size = "64MiB"
                                tags = "65MiB"
                                min_free = "1.5GiB"
                                local = "never"
                                durability = true
                                scrub_interval = "367d"
                                read_ahead = "64.1MiB"
                                """)
                                .problems())
                .extracting(Problem::toString)
                .containsExactly(
                        file + ":3: cache.tags is 65MiB, more than the 64MiB of cache.size that it is a part of",
                        file + ":4: cache.min_free must be a size such as \"500MB\" or \"10GiB\", at most 1024TiB, not"
                                + " the string \"1.5GiB\"",
                        file + ":5: cache.local must be one of \"auto\", \"always\", not the string \"never\"",
                        file + ":6: cache.durability must be one of \"fast\", \"batch\", \"strict\", not true",
                        file + ":7: cache.scrub_interval must be a time from a second to 366 days such as \"90s\","
                                + " \"5m\", \"1h\" or \"30d\", not the string \"367d\"",
                        file + ":8: cache.read_ahead must be a size such as \"500MB\" or \"10GiB\", at most 64MiB, not"
                                + " the string \"64.1MiB\"");
        for (String size :
                List.of("16777215", "1", "-1", "'1025TiB'", "'9999999999999999TiB'", "'10gib'", "''", "true")) {
            assertThat(load("[cache]\nsize = " + size + "\ntags = '20GiB'").problems())
                    .as(size)
                    .singleElement()
                    .asString()
                    .startsWith(file + ":2: cache.size must be ");
        }
        assertThat(load("[cache]\nread_ahead = 67108865").problems()).hasSize(1);
        assertThat(cache("read_ahead = 67108864").readAheadBytes()).isEqualTo(64L << 20);
    }

    @Test
    void whoeverSetsOnlyTheSizeOfTheCacheNeedNotKnowItsParts() {
        assertThat(cache("size = '1GiB'").tagsBytes()).isEqualTo(768L << 20);
        assertThat(cache("size = '100GiB'").tagsBytes()).isEqualTo(75L << 30);
        assertThat(cache("").tagsBytes()).isEqualTo(7680L << 20);
        assertThat(cache("size = 16777216\ntags = 16777216").tagsBytes()).isEqualTo(16L << 20);

        write("[cache]\nsize = '10GiB'\ntags = '1GiB'\n");
        LoadedConfig off = loader(Map.of("MUSICFS_CACHE_SIZE", "0")).load(Optional.of(file), Flags.NONE);
        assertThat(off.problems()).isEmpty();
        assertThat(off.config().cache().sizeBytes()).isZero();
        assertThat(off.config().cache().tagsBytes()).isZero();
    }

    @Test
    void everyKeyOfTheCacheHasItsVariable() {
        Map<String, String> environment = Map.of(
                "MUSICFS_CACHE_SIZE", "1TiB",
                "MUSICFS_CACHE_MIN_FREE", "3",
                "MUSICFS_CACHE_TAGS", "2GB",
                "MUSICFS_CACHE_LOCAL", "always",
                "MUSICFS_CACHE_DURABILITY", "batch",
                "MUSICFS_CACHE_SCRUB_INTERVAL", "1d",
                "MUSICFS_CACHE_READ_AHEAD", "0");
        LoadedConfig loaded = loader(environment).load(Optional.of(empty()), Flags.NONE);
        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config().cache())
                .isEqualTo(new CacheConfig(
                        1L << 40,
                        3,
                        2_000_000_000L,
                        CacheConfig.Local.ALWAYS,
                        CacheConfig.Durability.BATCH,
                        Duration.ofDays(1),
                        0));
        assertThat(loader(Map.of("MUSICFS_CACHE_TAGS", "11GiB"))
                        .load(Optional.of(empty()), Flags.NONE)
                        .problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "MUSICFS_CACHE_TAGS: cache.tags is 11GiB, more than the 10GiB of cache.size that it is a part of");
    }

    private CacheConfig cache(String line) {
        LoadedConfig loaded = load("[cache]\n" + line + "\n");
        assertThat(loaded.problems()).isEmpty();
        return loaded.config().cache();
    }

    private LoadedConfig load(String toml) {
        write(toml);
        return loader(Map.of()).load(Optional.of(file), Flags.NONE);
    }

    private Path empty() {
        write("");
        return file;
    }

    private void write(String toml) {
        try {
            Files.writeString(file, toml);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private ConfigLoader loader(Map<String, String> environment) {
        return new ConfigLoader(new Environment(environment, directory, false), List.of(LOCAL));
    }

    private static List<Path> paths(LoadedConfig loaded) {
        return loaded.config().origins().stream()
                .map(origin -> origin.directory().orElseThrow())
                .toList();
    }
}
