package dev.musicfs.it.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.posix.MountTable;
import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.SampleMount;
import dev.musicfs.testkit.Shell;
import dev.musicfs.testkit.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What has to be true whatever happened before. */
final class Judge {
    private static final Pattern NUMBER = Pattern.compile(" \\([0-9]+\\)(\\.[a-z0-9]+)$");

    private final Site site;
    private final ChangingLibrary library;
    /** Of this catalog: which inode number the file of these bytes has. */
    private final Map<String, Long> inodes = new TreeMap<>();
    /** Of this catalog and those before it in the same cache directory: whose number it is. */
    private final Map<Long, Integer> owners = new HashMap<>();

    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<String, Path> places = new HashMap<>();
    /** What was moved since a daemon was in step: one that sees its old place go first takes it for another file. */
    private final Set<String> moved = new HashSet<>();

    Judge(Site site, ChangingLibrary library) {
        this.site = site;
        this.library = library;
    }

    /** The cache directory is empty again. */
    void forgetEverything() {
        inodes.clear();
        owners.clear();
    }

    /** A file as a backup knows it: it is known again by its path, or by the file itself when that was moved. */
    private record Known(Path file, long mtimeNanos) {
        boolean is(Path now) {
            try {
                return file.equals(now)
                        || mtimeNanos == Files.getLastModifiedTime(now).to(TimeUnit.NANOSECONDS);
            } catch (IOException e) {
                return false;
            }
        }
    }

    /**
     * The catalog was set aside: what its newest backup does not know gets new numbers, and so does what was both changed
     * and moved since.
     */
    void forgetTheCatalog() throws SQLException {
        List<Path> backups = backups();
        if (backups.isEmpty()) {
            inodes.clear();
            return;
        }
        Map<Long, Known> known = new HashMap<>();
        try (Connection connection = open(backups.get(backups.size() - 1));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT node.id, folder, file.name, file.mtime_ns FROM node JOIN file ON file.id = file_id")) {
            while (rows.next()) {
                Path folder = site.origin().resolve(new String(rows.getBytes(2), UTF_8));
                known.put(
                        rows.getLong(1),
                        new Known(folder.resolve(new String(rows.getBytes(3), UTF_8)), rows.getLong(4)));
            }
        }
        inodes.entrySet().removeIf(seen -> {
            Known then = known.get(seen.getValue());
            return then == null || !then.is(places.get(seen.getKey()));
        });
    }

    /** In the order in which they were made. */
    List<Path> backups() {
        return beside("catalog.db.backup-");
    }

    /** Catalogs that were taken for damaged. */
    List<Path> damaged() {
        return beside("catalog.db.damaged-");
    }

    private List<Path> beside(String prefix) {
        if (!Files.isDirectory(site.cache())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(site.cache())) {
            return files.filter(file -> file.getFileName().toString().matches(Pattern.quote(prefix) + "[0-9]+"))
                    .sorted(java.util.Comparator.comparingLong(
                            file -> Long.parseLong(file.getFileName().toString().substring(prefix.length()))))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** To be called after each change: whose bytes these are. */
    void noteTracks() {
        library.byHash().forEach((hash, track) -> {
            numbers.put(hash, track.number());
            Path before = places.put(hash, track.file());
            if (before != null && !before.equals(track.file())) {
                moved.add(hash);
                inodes.remove(hash);
            }
        });
    }

    /** Takes down what was seen in the mount, which has to agree with what was seen before. */
    void noteInodes(Map<String, Long> seen, String where) {
        seen.forEach((hash, inode) -> {
            Integer number = numbers.get(hash);
            assertThat(number)
                    .as("%s: bytes of no file that ever was in the library: %s", where, hash)
                    .isNotNull();
            Integer owner = owners.putIfAbsent(inode, number);
            assertThat(owner)
                    .as("%s: inode %s was that of another track before", where, inode)
                    .isIn(null, number);
            if (moved.contains(hash)) {
                return;
            }
            Long before = inodes.putIfAbsent(hash, inode);
            assertThat(before)
                    .as("%s: the inode number of track %s, which is now %s", where, number, inode)
                    .isIn(null, inode);
        });
    }

    /** A daemon that recovers; it is in step when this returns. */
    void inStep(DaemonProcess daemon, String where) throws IOException {
        daemon.awaitOutput("musicfs: watching ");
        List<String> right = entries(library.shown());
        List<String> shown = new ArrayList<>();
        try {
            daemon.await(
                    () -> {
                        shown.clear();
                        shown.addAll(entries(hashes()));
                        return shown.equals(right);
                    },
                    where);
        } catch (AssertionError e) {
            throw new AssertionError(difference(right, shown) + "\n" + e.getMessage(), e);
        }
        assertThat(MountTable.read().allAt(site.mount()))
                .as(where)
                .singleElement()
                .matches(MountTable.Mount::isMusicFs);
        noteInodes(inodesNow(), where);
        moved.clear();
        noteInodes(inodesNow(), where);
    }

    /** Of every file in the mount by its path. */
    private SortedMap<String, String> hashes() {
        try {
            return Trees.hashes(site.mount());
        } catch (UncheckedIOException e) {
            return new TreeMap<>(Map.of("moved while it was read", String.valueOf(e.getMessage())));
        }
    }

    /**
     * Each file with what it holds, in order. A number behind a name is left out: who moves a file may have its new place
     * seen before its old one is gone, and whoever has a name keeps it.
     */
    private static List<String> entries(SortedMap<String, String> hashes) {
        return hashes.entrySet().stream()
                .map(file -> NUMBER.matcher(file.getKey()).replaceFirst("$1") + " " + file.getValue())
                .sorted()
                .toList();
    }

    private static String difference(List<String> right, List<String> shown) {
        List<String> lost = new ArrayList<>(right);
        List<String> more = new ArrayList<>(shown);
        shown.forEach(lost::remove);
        right.forEach(more::remove);
        return "lost: " + lost + "\ntoo much: " + more;
    }

    private Map<String, Long> inodesNow() throws IOException {
        Map<String, Long> now = new TreeMap<>();
        for (Path file : Trees.files(site.mount())) {
            now.put(Trees.sha256(file), Walker.inode(file));
        }
        return now;
    }

    /** A daemon that is in step: its cache is right after at most one repair, and it ends as it should. */
    void endsWell(DaemonProcess daemon, String where) throws Exception {
        Shell verify = site.command("cache", "verify");
        if (verify.exitCode() != 0) {
            Shell repair = site.command("cache", "verify", "--repair");
            assertThat(repair.exitCode()).as("%s: %s", where, repair.output()).isIn(0, 1);
            verify = site.command("cache", "verify");
        }
        assertThat(verify.exitCode()).as("%s: %s", where, verify.output()).isZero();
        assertThat(daemon.isAlive()).as("%s: %s", where, daemon.output()).isTrue();
        daemon.signal("TERM");
        assertThat(daemon.awaitExit()).as("%s: %s", where, daemon.output()).isZero();
        isQuiet(daemon, where);
        assertThat(MountTable.read().at(site.mount())).as(where).isEmpty();
        assertThat(Trees.files(site.cache())).as(where).noneMatch(file -> file.toString()
                .endsWith(".tmp"));
        wholeCatalog(where);
    }

    /** Neither an error nor a stack trace. */
    static void isQuiet(DaemonProcess daemon, String where) {
        assertThat(daemon.output())
                .as(where)
                .doesNotContain("ERROR")
                .doesNotContain("Exception")
                .doesNotContain(SampleMount.traces());
    }

    private void wholeCatalog(String where) throws SQLException {
        try (Connection connection = open(site.catalog());
                Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("PRAGMA quick_check")) {
                assertThat(rows.next()).as(where).isTrue();
                assertThat(rows.getString(1)).as(where).isEqualTo("ok");
            }
            try (ResultSet rows = statement.executeQuery("PRAGMA foreign_key_check")) {
                assertThat(rows.next())
                        .as("%s: a row without its parent", where)
                        .isFalse();
            }
        }
    }

    private static Connection open(Path database) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:file:" + database + "?immutable=1");
    }
}
