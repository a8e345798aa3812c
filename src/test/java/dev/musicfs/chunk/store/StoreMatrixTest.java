package dev.musicfs.chunk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.musicfs.chunk.StoreState;
import dev.musicfs.chunk.VerifyReport;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ChunkId;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file of a store, and everything that can happen to one, between two starts and while it is in use. */
class StoreMatrixTest {
    private static final int CHUNKS = 40;
    private static final int DAMAGED = 17;
    private static final int PINNED = 7;

    @TempDir
    Path dir;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private Path elsewhere;
    private RealStore kit;
    private Path damaged;
    private Damage done = Damage.MISSING;

    static Stream<Arguments> cells() {
        return Arrays.stream(StorePart.values()).flatMap(part -> Arrays.stream(Damage.values())
                .filter(damage -> damage.fits(part))
                .map(damage -> Arguments.of(part, damage)));
    }

    @BeforeEach
    void make() throws IOException {
        elsewhere = Files.createDirectories(dir.resolve("elsewhere"));
        kit = new RealStore(Files.createDirectories(dir.resolve("cache")).resolve("store"));
        kit.start();
        kit.put(0, CHUNKS);
        kit.pin(PINNED);
        kit.settle();
    }

    @AfterEach
    void close() {
        kit.store.closeBlocking();
    }

    @ParameterizedTest
    @MethodSource("cells")
    @Resilience({"2.4", "3.5", "6.3", "6.4"})
    void whateverHappenedBetweenTwoStartsItServesAndIsWholeAgain(StorePart part, Damage damage) throws Exception {
        kit.store.closeBlocking();
        try (AutoCloseable lock = damage(part, damage)) {
            assertThat(lock).isNotNull();
            kit.start();
            servesAndIsWholeAgain(part, damage);
        }
    }

    @ParameterizedTest
    @MethodSource("cells")
    @Resilience({"3.5", "6.3", "6.4"})
    void whateverHappensWhileItIsInUseItServesAndIsWholeAgain(StorePart part, Damage damage) throws Exception {
        kit.readAll(CHUNKS);
        if (part == StorePart.MARKER) {
            // There is a marker only until the first change after a start.
            kit.store.closeBlocking();
            kit.open();
        }
        try (AutoCloseable lock = damage(part, damage)) {
            assertThat(lock).isNotNull();
            servesAndIsWholeAgain(part, damage);
        }
    }

    private void servesAndIsWholeAgain(StorePart part, Damage damage) throws Exception {
        if (part == StorePart.FORMAT
                && damage == Damage.NEWER_VERSION
                && !kit.store.state().readable()) {
            refusesWithoutTouchingIt();
            return;
        }
        ChunkId target = RealStore.id(DAMAGED);
        for (int i = 0; i < CHUNKS; i++) {
            if (!kit.reads(i)) {
                assertThat(part.holds(target, RealStore.id(i)) && damage != Damage.IMMUTABLE)
                        .as("chunk %d may be gone, seed %d", i, seed)
                        .isTrue();
            }
        }
        kit.triesToPut(CHUNKS);
        damage.undo(damaged);
        done = Damage.MISSING;
        kit.settle();
        assertThat(kit.store.state()).as("seed %d; %s", seed, kit.changes).isEqualTo(StoreState.NORMAL);
        assertThat(kit.store.verifyBlocking(true, () -> false, files -> {}).complete())
                .as("seed %d", seed)
                .isTrue();
        // Whoever reads puts what is not there, and pins it when its file is pinned.
        kit.put(0, CHUNKS + 1);
        if (part.holds(target, RealStore.id(PINNED))) {
            kit.pin(PINNED);
        }
        kit.settle();
        kit.readAll(CHUNKS + 1);
        assertThat(kit.store.verifyBlocking(false, () -> false, files -> {}))
                .as("seed %d", seed)
                .isEqualTo(new VerifyReport(CHUNKS + 1, (CHUNKS + 1L) * RealStore.FILE_BYTES, 0, 0, 0, 0, 0, true));
        kit.assertTrueSums();
        assertThat(kit.store.stats().pinnedBytes()).as("seed %d", seed).isEqualTo(RealStore.FILE_BYTES);
        kit.store.closeBlocking();
        assertThat(kit.directory.resolve("index/clean")).isRegularFile();
        kit.start();
        assertThat(kit.store.stats().chunks()).isEqualTo(CHUNKS + 1);
        kit.readAll(CHUNKS + 1);
        nothingOfOthersIsLost(part, damage);
    }

    private void refusesWithoutTouchingIt() {
        var before = Trees.hashes(kit.directory);
        kit.settle();
        assertThat(kit.reads(0)).isFalse();
        assertThatThrownBy(() -> kit.put(1, 2)).isInstanceOfSatisfying(MusicFsException.class, e -> assertThat(e.kind())
                .isEqualTo(FailureKind.UNAVAILABLE));
        assertThat(kit.store.state()).isEqualTo(StoreState.UNUSABLE);
        assertThat(kit.store.trouble().orElseThrow())
                .contains(kit.directory.toString(), "newer MusicFS", "--cache-dir");
        kit.store.closeBlocking();
        assertThat(Trees.hashes(kit.directory)).isEqualTo(before);
    }

    /** What stood in the way is beside its place, and what a link led to is as it was. */
    private void nothingOfOthersIsLost(StorePart part, Damage damage) throws IOException {
        if (damage == Damage.LINK_TO_ELSEWHERE && !part.isDirectory) {
            assertThat(elsewhere.resolve("target")).hasContent("somebody's");
        }
        if (damage == Damage.LINK_TO_NOTHING) {
            assertThat(elsewhere.resolve("nothing")).doesNotExist();
        }
        if (damage == Damage.DIRECTORY_IN_ITS_PLACE || damage == Damage.FILE_IN_ITS_PLACE) {
            try (Stream<Path> all = Files.walk(dir.resolve("cache"))) {
                assertThat(all.filter(Files::isRegularFile).filter(StoreMatrixTest::isSomebodys))
                        .as(part + " " + damage)
                        .hasSize(1);
            }
        }
    }

    private static boolean isSomebodys(Path file) {
        try {
            return Files.size(file) == 10 && Files.readString(file).equals("somebody's");
        } catch (IOException e) {
            return false;
        }
    }

    private AutoCloseable damage(StorePart part, Damage damage) throws Exception {
        damaged = part.in(kit.directory, RealStore.id(DAMAGED));
        boolean unfinished = part == StorePart.UNFINISHED_RESERVATION || part == StorePart.UNFINISHED_MARKER;
        if (unfinished) {
            Files.write(damaged, new byte[100]);
        }
        assumeThat(damaged).exists();
        done = damage;
        damage.doTo(part, damaged, elsewhere, random);
        if (damage != Damage.LOCKED) {
            return () -> done.undo(damaged);
        }
        Process other =
                new ProcessBuilder("flock", damaged.toString(), "sh", "-c", "echo held; exec sleep 600").start();
        assertThat(other.inputReader().readLine()).isEqualTo("held");
        return () -> {
            other.descendants().forEach(ProcessHandle::destroy);
            other.destroy();
            assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
        };
    }
}
