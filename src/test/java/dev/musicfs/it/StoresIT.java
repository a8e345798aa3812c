package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.control.api.VerifyResult;
import dev.musicfs.control.client.ControlClient;
import dev.musicfs.control.client.RemoteCache;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.KernelPages;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.SampleMount;
import dev.musicfs.testkit.Shell;
import dev.musicfs.testkit.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A library on a real mount whose stores are damaged, all of them in the same few daemons. */
class StoresIT {
    @TempDir
    Path dir;

    private SampleMount it;
    private Path cache;
    private SortedMap<String, String> right;

    @BeforeEach
    void prepare() throws IOException {
        it = SampleMount.in(dir, dir.resolve("cache"), "256MiB");
        cache = it.cache();
    }

    /** What is done to a store, and how the log says so in one line; empty: it needs to say nothing. */
    enum Damage {
        // It is written when chunks are counted, as they are whenever an index is rebuilt.
        DIRECTORY_FOR_THE_RESERVATION("/reservation ") {
            @Override
            void doTo(Path cache) throws IOException {
                Files.deleteIfExists(cache.resolve("store/reservation"));
                Files.createDirectories(cache.resolve("store/reservation/somebody's"));
            }
        },
        INDEX_MISSING("") {
            @Override
            void doTo(Path cache) throws IOException {
                Files.delete(index(cache));
            }
        },
        INDEX_TRUNCATED("chunks-[0-9]+.mapdb") {
            @Override
            void doTo(Path cache) throws IOException {
                try (FileChannel file = FileChannel.open(index(cache), StandardOpenOption.WRITE)) {
                    file.truncate(file.size() / 2 + 1);
                }
            }
        },
        INDEX_OVERWRITTEN("chunks-[0-9]+.mapdb") {
            @Override
            void doTo(Path cache) throws IOException {
                byte[] garbage = new byte[(int) Files.size(index(cache)) / 2];
                RANDOM.nextBytes(garbage);
                try (FileChannel file = FileChannel.open(index(cache), StandardOpenOption.WRITE)) {
                    file.write(ByteBuffer.wrap(garbage), garbage.length / 2);
                }
            }
        },
        FILE_FOR_A_SHARD("/chunks/[0-9a-f]{2} ") {
            @Override
            void doTo(Path cache) throws IOException {
                replaceByFile(chunks(cache).get(0).getParent());
            }
        },
        FILE_FOR_THE_UNFINISHED("/tmp ") {
            @Override
            void doTo(Path cache) throws IOException {
                replaceByFile(cache.resolve("store/tmp"));
            }
        },
        CHUNKS_TRUNCATED_AND_OVERWRITTEN("") {
            @Override
            void doTo(Path cache) throws IOException {
                for (Path chunk : chunks(cache)) {
                    try (FileChannel file = FileChannel.open(chunk, StandardOpenOption.WRITE)) {
                        if (RANDOM.nextBoolean()) {
                            file.truncate(RANDOM.nextInt((int) file.size()));
                        } else {
                            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), RANDOM.nextInt((int) file.size()));
                        }
                    }
                }
            }
        },
        FILE_FOR_THE_CHUNKS("/chunks ") {
            @Override
            void doTo(Path cache) throws IOException {
                replaceByFile(cache.resolve("store/chunks"));
            }
        },
        STORE_MISSING("") {
            @Override
            void doTo(Path cache) {
                Shell.require("rm", "-r", cache.resolve("store").toString());
            }
        };

        private static final Random RANDOM = new Random(5);

        private final String named;

        Damage(String named) {
            this.named = named;
        }

        abstract void doTo(Path cache) throws IOException;

        private static void replaceByFile(Path directory) throws IOException {
            Shell.require("rm", "-rf", directory.toString());
            Files.writeString(directory, "somebody's");
        }
    }

    @Test
    @Resilience({"2.4", "6.3", "6.4"})
    void whateverHappenedToItsStoresTheDaemonStartsServesAndMendsThem() throws Exception {
        fill();
        List<Damage> all = new ArrayList<>(List.of(Damage.values()));
        // Those that need the same file, or take it away for another.
        for (List<Damage> together : List.of(
                List.of(Damage.INDEX_MISSING, Damage.FILE_FOR_A_SHARD, Damage.FILE_FOR_THE_UNFINISHED),
                List.of(
                        Damage.INDEX_TRUNCATED,
                        Damage.DIRECTORY_FOR_THE_RESERVATION,
                        Damage.CHUNKS_TRUNCATED_AND_OVERWRITTEN),
                List.of(Damage.INDEX_OVERWRITTEN, Damage.FILE_FOR_THE_CHUNKS),
                List.of(Damage.STORE_MISSING))) {
            for (Damage damage : together) {
                damage.doTo(cache);
                all.remove(damage);
            }
            try (DaemonProcess daemon = it.startServing()) {
                servesAndIsMended(daemon, together);
                for (Damage damage : together) {
                    daemon.await(() -> damage.named.isEmpty() || isNamed(daemon, damage), damage + " to be named");
                    assertNamedOnce(daemon, damage);
                }
                it.end(daemon);
            }
        }
        assertThat(all).isEmpty();
    }

    @Test
    @Resilience({"6.3", "6.4", "6.6"})
    void whateverHappensToItsStoresWhileItRunsTheDaemonServesAndMendsThem() throws Exception {
        fill();
        try (DaemonProcess daemon = it.startServing()) {
            servesAndIsMended(daemon, List.of());
            for (Damage damage : Damage.values()) {
                damage.doTo(cache);
                servesAndIsMended(daemon, List.of(damage));
                if (damage == Damage.INDEX_MISSING) {
                    daemon.await(
                            () -> isNamed(daemon, Damage.DIRECTORY_FOR_THE_RESERVATION),
                            "the reservation to be written");
                }
            }
            // An index in use is not kept, and a shard is only written again when a chunk of it is not open any more.
            assertNamedOnce(daemon, Damage.FILE_FOR_THE_UNFINISHED);
            assertNamedOnce(daemon, Damage.FILE_FOR_THE_CHUNKS);
            assertNamedOnce(daemon, Damage.DIRECTORY_FOR_THE_RESERVATION);
            assertThat(daemon.output().lines().filter(line -> line.contains("is rebuilt")))
                    .hasSizeBetween(3, 6);
            it.end(daemon);
        }
    }

    @Test
    @Resilience("2.4")
    void aStoreOfANewerVersionIsLeftAloneAndReadPastUntilItIsDeleted() throws Exception {
        String name = "ab".repeat(32);
        Files.createDirectories(cache.resolve("store/chunks/ab"));
        Files.writeString(cache.resolve("store/chunks/ab").resolve(name), "of a format of the future");
        Files.writeString(cache.resolve("store/format"), "musicfs-store 2\n");
        SortedMap<String, String> store = Trees.hashes(cache.resolve("store"));
        try (DaemonProcess daemon = it.startScanned()) {
            assertThat(Trees.hashes(it.mount())).isEqualTo(it.right());
            daemon.await(() -> state().equals("degraded"), "the daemon to say that it is degraded");
            assertThat(daemon.output().lines().filter(line -> line.contains("written by a newer MusicFS")))
                    .isNotEmpty()
                    .allMatch(line -> line.contains(cache.resolve("store").toString()));
            assertThat(Trees.hashes(cache.resolve("store"))).isEqualTo(store);
            Shell.require("rm", "-r", cache.resolve("store").toString());
            daemon.await(() -> cacheState().equals("normal"), "the store to be used");
            it.end(daemon);
        }
    }

    private void servesAndIsMended(DaemonProcess daemon, List<Damage> done) {
        KernelPages.drop(it.mount());
        try {
            assertThat(Trees.hashes(it.mount()))
                    .as("%s\n%s", done, daemon.output())
                    .isEqualTo(right);
        } catch (UncheckedIOException e) {
            throw new AssertionError(done + "\n" + daemon.output(), e);
        }
        daemon.await(this::isSoundAfterRepair, "a clean verify after " + done);
        daemon.await(() -> cacheState().equals("normal"), "a sound cache after " + done);
        // What was read is written behind the reader.
        daemon.await(
                () -> control().statsBlocking().usedBytes()
                        == chunks(cache).stream().mapToLong(StoresIT::size).sum(),
                "the true sum of the chunk files after " + done);
        assertThat(daemon.isAlive()).isTrue();
        assertThat(daemon.output()).doesNotContain(SampleMount.traces());
    }

    private static Stream<String> naming(DaemonProcess daemon, Damage damage) {
        return daemon.output().lines().filter(line -> line.matches(".*" + damage.named + ".* is .*damaged-.*"));
    }

    private static boolean isNamed(DaemonProcess daemon, Damage damage) {
        return naming(daemon, damage).findAny().isPresent();
    }

    private static void assertNamedOnce(DaemonProcess daemon, Damage damage) {
        if (!damage.named.isEmpty()) {
            assertThat(naming(daemon, damage))
                    .as("%s in\n%s", damage, daemon.output())
                    .hasSize(1);
        }
    }

    private boolean isSoundAfterRepair() {
        try (RemoteCache remote = control()) {
            remote.verifyBlocking(true, () -> false, (reached, of) -> {});
            VerifyResult second = remote.verifyBlocking(false, () -> false, (reached, of) -> {});
            return second.problems().isEmpty() && second.uncorrected() == 0 && !second.cancelled();
        } catch (MusicFsException e) {
            return false;
        }
    }

    private String state() {
        return it.status().state();
    }

    private String cacheState() {
        return it.status().cache();
    }

    private RemoteCache control() {
        return new RemoteCache(client());
    }

    private ControlClient client() {
        return new ControlClient(cache, ControlClient.PATIENCE);
    }

    private void fill() throws Exception {
        right = it.readOnce();
        assertThat(chunks(cache)).isNotEmpty();
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> chunks(Path cache) {
        Path chunks = cache.resolve("store/chunks");
        if (!Files.isDirectory(chunks)) {
            return List.of();
        }
        return Trees.files(chunks).stream()
                .filter(file -> file.getFileName().toString().matches("[0-9a-f]{64}"))
                .toList();
    }

    private static Path index(Path cache) {
        try (Stream<Path> files = Files.list(cache.resolve("store/index"))) {
            List<Path> indexes = files.filter(
                            file -> file.getFileName().toString().matches("chunks-[0-9]+\\.mapdb"))
                    .collect(Collectors.toList());
            assertThat(indexes).hasSize(1);
            return indexes.get(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
