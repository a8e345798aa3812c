package dev.musicfs.config;

import static dev.musicfs.config.Heat.COLD;
import static dev.musicfs.config.Heat.HOT;
import static dev.musicfs.config.Heat.HOT_WITH_STORE;
import static dev.musicfs.config.Quantities.duration;
import static dev.musicfs.config.Quantities.size;
import static dev.musicfs.config.ValueType.bool;
import static dev.musicfs.config.ValueType.charset;
import static dev.musicfs.config.ValueType.integer;
import static dev.musicfs.config.ValueType.mode;
import static dev.musicfs.config.ValueType.oneOf;
import static dev.musicfs.config.ValueType.path;
import static dev.musicfs.config.ValueType.string;
import static dev.musicfs.config.ValueType.texts;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Every key but those of origins, which are in {@link OriginKeys}. The loader, the variables, the options of {@code -o},
 * the difference between two configurations, the example file and the reference are made from it. A new key is a line here,
 * a component of its section's record and an argument in {@link KeyValues#toConfig}.
 */
final class ConfigKeys {
    private static final List<Key<MusicFsConfig, ?>> ALL = new ArrayList<>();
    private static final List<Section<?>> SECTIONS = new ArrayList<>();

    private static final long MOST_SIZE = 1L << 50;
    private static final long LEAST_STORE = 16L << 20;
    private static final int MAX_THRESHOLD = 100;

    private static final Section<MusicFsConfig> TOP = section("", Function.identity(), "");

    static final Key<MusicFsConfig, Path> MOUNT_POINT = add(Key.unset(
            "mount_point",
            path(),
            Path.of("/srv/music"),
            MusicFsConfig::mountPoint,
            COLD,
            "Where to mount, unless the command line says so.",
            "none"));

    static final Key<MusicFsConfig, Path> CACHE_DIR = add(Key.unset(
            "cache_dir",
            path(),
            Path.of("/var/cache/musicfs"),
            config -> Optional.of(config.cacheDir()),
            COLD,
            "The catalog, the log and the store.",
            "$XDG_CACHE_HOME/musicfs, else /var/cache/musicfs for root, ~/.cache/musicfs for others"));

    static final Key<MusicFsConfig, String> TEMPLATE = TOP.option(
                    "template",
                    "How names are made of tags. With another one all tracks move, and keep their inode numbers.")
            .of(
                    string(),
                    "$albumartist/$album%ifdef{year, ($year)} [$format_upper]/"
                            + "%if{$multidisc,$disc-}$track - $title.$format",
                    MusicFsConfig::template,
                    HOT);

    static final Key<MusicFsConfig, Duration> DRAIN_TIMEOUT = TOP.key(
                    "drain_timeout",
                    "How long stopping may take, unless \"musicfs shutdown\" says: readers finish, then everything is closed in"
                            + " order. More than 80s needs a longer TimeoutStopSec in the unit.")
            .of(duration(Duration.ofMinutes(10), "10m"), Duration.ofSeconds(20), MusicFsConfig::drainTimeout, COLD);

    private static final Section<CacheConfig> CACHE = section(
            "cache",
            MusicFsConfig::cache,
            "The store of what was read, so that it need not be fetched again. Units B, KB, MB, GB, TB, KiB, MiB, GiB,"
                    + " TiB.");

    static final Key<MusicFsConfig, Long> CACHE_SIZE = CACHE.key(
                    "size", "the most its files take together, at least 16MiB; 0: nothing is stored")
            .of(
                    size(MOST_SIZE)
                            .where(
                                    bytes -> bytes == 0 || bytes >= LEAST_STORE,
                                    "0 or at least " + Quantities.text(LEAST_STORE)),
                    10L << 30,
                    CacheConfig::sizeBytes,
                    HOT_WITH_STORE);

    static final Key<MusicFsConfig, Long> CACHE_MIN_FREE = CACHE.key(
                    "min_free", "left free on its disk whatever size says, so that others are not starved")
            .of(size(MOST_SIZE), 1L << 30, CacheConfig::minFreeBytes, HOT);

    // A part of the size: where that has to wait, so has this.
    static final Key<MusicFsConfig, Long> CACHE_TAGS = CACHE.key(
                    "tags",
                    "the part of size kept for what tag scans read, before what is played; unless set, three quarters of size")
            .of(size(MOST_SIZE), 7680L << 20, CacheConfig::tagsBytes, HOT_WITH_STORE);

    static final Key<MusicFsConfig, CacheConfig.Local> CACHE_LOCAL = CACHE.key(
                    "local", "always: files of local origins too, for disks that are slow or sleep")
            .of(oneOf(CacheConfig.Local.class), CacheConfig.Local.AUTO, CacheConfig::local, COLD);

    static final Key<MusicFsConfig, CacheConfig.Durability> CACHE_DURABILITY = CACHE.key(
                    "durability",
                    "batch, strict: force 16 chunks or each to the disk; fast may fetch some again after a power cut")
            .of(oneOf(CacheConfig.Durability.class), CacheConfig.Durability.FAST, CacheConfig::durability, COLD);

    static final Key<MusicFsConfig, Duration> CACHE_SCRUB_INTERVAL = CACHE.key(
                    "scrub_interval",
                    "every chunk is read and verified once in this time, to find what rotted on the disk")
            .of(duration(), Duration.ofDays(30), CacheConfig::scrubInterval, HOT);

    static final Key<MusicFsConfig, Long> CACHE_READ_AHEAD = CACHE.key(
                    "read_ahead",
                    "the most fetched ahead of one reader, at most 64MiB; more helps far origins, wastes on skips")
            .of(size(64L << 20), 8L << 20, CacheConfig::readAheadBytes, HOT);

    private static final Section<FuseConfig> FUSE = section("fuse", MusicFsConfig::fuse, "");

    static final Key<MusicFsConfig, Integer> FUSE_UID = FUSE.option(
                    "uid", "owner of every entry; -1: the user MusicFS runs as")
            .of(integer(FuseConfig.OWN_ID, Integer.MAX_VALUE), FuseConfig.OWN_ID, FuseConfig::uid, COLD);

    static final Key<MusicFsConfig, Integer> FUSE_GID = FUSE.option(
                    "gid", "group of every entry; -1: the group MusicFS runs as")
            .of(integer(FuseConfig.OWN_ID, Integer.MAX_VALUE), FuseConfig.OWN_ID, FuseConfig::gid, COLD);

    static final Key<MusicFsConfig, Integer> FUSE_FILE_MODE = FUSE.option(
                    "file_mode", "permissions of files; octal, in quotes")
            .of(mode(), 0444, FuseConfig::fileMode, COLD);

    static final Key<MusicFsConfig, Integer> FUSE_DIR_MODE =
            FUSE.option("dir_mode", "permissions of directories").of(mode(), 0555, FuseConfig::dirMode, COLD);

    static final Key<MusicFsConfig, Boolean> FUSE_ALLOW_OTHER = FUSE.option(
                    "allow_other",
                    "let other users in; a mount of root's always does, others need user_allow_other in /etc/fuse.conf")
            .of(bool(), false, FuseConfig::allowOther, COLD);

    static final Key<MusicFsConfig, Boolean> FUSE_ANNOUNCE = FUSE.option(
                    "announce", "raise inotify events on the mount when tracks come, change and go")
            .of(bool(), true, FuseConfig::announce, COLD);

    static final Key<MusicFsConfig, Integer> FUSE_MAX_READAHEAD = FUSE.option(
                    "max_readahead",
                    "bytes the kernel reads ahead; 65536 saves tag scans a tenth of their bytes, and costs programs that"
                            + " read 4 KiB at a time a third of their speed")
            .of(integer(0, 16 << 20), 128 << 10, FuseConfig::maxReadaheadBytes, COLD);

    static final Key<MusicFsConfig, Boolean> FUSE_XATTRS = FUSE.option(
                    "xattrs",
                    "files say where they come from: getfattr -d; false: programs that copy attributes find none")
            .of(bool(), true, FuseConfig::xattrs, COLD);

    private static final Section<HealthConfig> HEALTH = section(
            "health",
            MusicFsConfig::health,
            "Origins are probed all at once. One that fails so many times in a row is down: reads go to other copies, or"
                    + " fail at once.");

    static final Key<MusicFsConfig, Duration> HEALTH_INTERVAL = HEALTH.key(
                    "interval",
                    "between two probes of an origin; 60s while all are down, 5s while names cannot be resolved")
            .of(duration(), Duration.ofSeconds(30), HealthConfig::interval, HOT);

    static final Key<MusicFsConfig, Duration> HEALTH_TIMEOUT = HEALTH.key("timeout", "how long a probe may take")
            .of(duration(), Duration.ofSeconds(5), HealthConfig::timeout, HOT);

    static final Key<MusicFsConfig, Integer> HEALTH_THRESHOLD_LOCAL = HEALTH.key(
                    "threshold_local", "failures in a row until an origin of this machine is down")
            .of(integer(1, MAX_THRESHOLD), 1, HealthConfig::localThreshold, HOT);

    static final Key<MusicFsConfig, Integer> HEALTH_THRESHOLD_REMOTE = HEALTH.key(
                    "threshold_remote", "the same for one that is reached over a network")
            .of(integer(1, MAX_THRESHOLD), 3, HealthConfig::remoteThreshold, HOT);

    static final Key<MusicFsConfig, Integer> SAFETY_MAX_REMOVED_PERCENT = section("safety", MusicFsConfig::safety, "")
            .option(
                    "max_removed_percent",
                    "hold back a removal of more than this share of an origin until it is confirmed")
            .of(integer(0, 100), 5, SafetyConfig::maxRemovedPercent, HOT);

    private static final int LONGEST_PATTERN = 400;
    private static final ValueType<List<String>> PATTERNS = texts(
            text -> !text.replace("/", "").isBlank() && text.length() <= LONGEST_PATTERN,
            "a pattern of at most " + LONGEST_PATTERN + " characters");

    private static final Section<LibraryConfig> LIBRARY = section(
            "library",
            MusicFsConfig::library,
            "What is music. In patterns * stands for any characters of a name, ? for one, ** for any directories; one without"
                    + " a slash is of a name anywhere, with one of the path in its origin, with one at the end of directories."
                    + " A file .musicfsignore in a directory of an origin adds such lines for it, ! before one takes it back.");

    static final Key<MusicFsConfig, List<String>> LIBRARY_EXCLUDE = LIBRARY.key(
                    "exclude", "names that are passed over; these replace the list that is the default")
            .of(PATTERNS, LibraryConfig.DEFAULTS.exclude(), LibraryConfig::exclude, HOT);

    static final Key<MusicFsConfig, List<String>> LIBRARY_INCLUDE = LIBRARY.key(
                    "include", "names that are taken although they are excluded")
            .of(PATTERNS, LibraryConfig.DEFAULTS.include(), LibraryConfig::include, HOT);

    static final Key<MusicFsConfig, String> TAGS_FALLBACK_CHARSET = section("tags", MusicFsConfig::tags, "")
            .key(
                    "fallback_charset",
                    "the encoding of text in tags that does not say its own, as \"windows-1251\"; empty: guessed")
            .of(charset(), TagsConfig.DEFAULTS.fallbackCharset(), TagsConfig::fallbackCharset, COLD);

    static final Key<MusicFsConfig, String> LOGGING_LEVEL = section("logging", MusicFsConfig::logging, "")
            .option("level", "trace, debug, info, warn, error, off")
            .of(oneOf(List.of("trace", "debug", "info", "warn", "error", "off")), "info", LoggingConfig::level, HOT);

    private ConfigKeys() {}

    /** A table of the file: {@code [name]}, empty for what stands above all tables. What it makes is in the table of keys. */
    record Section<S>(String name, Function<MusicFsConfig, S> part, String help) {
        /** A key that the file and a variable set. */
        Named<S> key(String key, String help) {
            return new Named<>(this, key, help, false);
        }

        /** A key that {@code -o} sets as well. */
        Named<S> option(String key, String help) {
            return new Named<>(this, key, help, true);
        }
    }

    /** A key of which all but its value is said. */
    private record Named<S>(Section<S> section, String key, String help, boolean option) {
        <T> Key<MusicFsConfig, T> of(ValueType<T> type, T fallback, Function<S, T> getter, Heat heat) {
            String name = section.name.isEmpty() ? key : section.name + "." + key;
            Key<MusicFsConfig, T> made = Key.of(name, type, fallback, section.part.andThen(getter), heat, help);
            return add(option ? made.asOption() : made);
        }
    }

    /** In the order of the example file. */
    static List<Key<MusicFsConfig, ?>> all() {
        return Collections.unmodifiableList(ALL);
    }

    /** In the order of the example file. */
    static List<Section<?>> sections() {
        return Collections.unmodifiableList(SECTIONS);
    }

    private static <T> Key<MusicFsConfig, T> add(Key<MusicFsConfig, T> key) {
        ALL.add(key);
        return key;
    }

    private static <S> Section<S> section(String name, Function<MusicFsConfig, S> part, String help) {
        Section<S> section = new Section<>(name, part, help);
        SECTIONS.add(section);
        return section;
    }
}
