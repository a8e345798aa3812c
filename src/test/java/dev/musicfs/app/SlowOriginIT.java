package dev.musicfs.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.content.fetch.ContentStats;
import dev.musicfs.fuse.device.RequestLoop;
import dev.musicfs.model.RealPath;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Polling;
import dev.musicfs.testkit.FaultyOrigin;
import dev.musicfs.testkit.MemoryOrigin;
import dev.musicfs.testkit.OriginMode;
import dev.musicfs.testkit.Resilience;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A hundred programs read files of an origin that does not answer, on a real mount; nobody else may notice. */
@Timeout(180)
class SlowOriginIT {
    private static final int READERS = 100;
    private static final int FILE_BYTES = 300_000;
    /** Many times what may serve the kernel in threads. */
    private static final int MANY_READERS = 1000;

    private static final int SMALL_FILE_BYTES = 70_000;
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path dir;

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "reader");
        thread.setDaemon(true);
        return thread;
    });

    private MountedOrigin mounted;

    @BeforeEach
    void mountFarOrigin() throws Exception {
        mounted = new MountedOrigin(dir);
        for (int i = 0; i < READERS; i++) {
            mounted.put("Slow", name(i), FILE_BYTES);
        }
        for (int i = 0; i < 20; i++) {
            mounted.put("Other", name(i), 1000 + i);
        }
    }

    @AfterEach
    void unmount() throws Exception {
        mounted.close();
        threads.shutdownNow();
    }

    @Test
    @Resilience("5.1")
    void aHundredReadersWaitForAnOriginAndNobodyElseDoes() throws Exception {
        mounted.mount(LONG);
        mounted.origin().mode(new OriginMode.Held());
        List<Future<byte[]>> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            Path file = shown("Slow", i);
            readers.add(threads.submit(() -> piecewise(file)));
        }
        List<FaultyOrigin.HeldCall> held = takeHeld();
        await(() -> mounted.waiting() >= READERS, "a hundred requests to wait");

        assertOtherEntriesAnswer("Other", "Slow");
        assertThat(mounted.waiting()).isGreaterThanOrEqualTo(READERS);
        assertThat(mounted.threads()).isLessThanOrEqualTo(RequestLoop.MAX_THREADS);
        assertThat(musicFsThreads()).isLessThan(READERS);
        assertEveryEventLoopTurns();
        assertThat(readers).noneMatch(Future::isDone);
        assertThat(mounted.origin().underWay()).isGreaterThanOrEqualTo(READERS);

        letGo(held);
        for (int i = 0; i < READERS; i++) {
            assertThat(within(readers.get(i)))
                    .as("bytes of %s", name(i))
                    .isEqualTo(MemoryOrigin.bytesOf("Slow/" + name(i), FILE_BYTES));
        }
        assertNothingIsHeld();
        assertThat(mounted.stats().failedWrites()).isZero();
    }

    @Test
    @Resilience("R.1")
    void moreReadersThanThreadsAllGetTheirFilesAndOthersAnswerMeanwhile() throws Exception {
        for (int i = 0; i < MANY_READERS; i++) {
            mounted.put("Many", name(i), SMALL_FILE_BYTES);
        }
        mounted.mount(LONG);
        mounted.origin().mode(new OriginMode.Held());
        List<Future<byte[]>> readers = new ArrayList<>();
        for (int i = 0; i < MANY_READERS; i++) {
            Path file = shown("Many", i);
            readers.add(threads.submit(() -> whole(file)));
        }
        await(() -> mounted.calls("OPEN") >= MANY_READERS, "everybody's opening to have come");
        assertOtherEntriesAnswer("Many", "Other", "Slow");
        assertThat(mounted.waiting()).isGreaterThanOrEqualTo(MANY_READERS);
        assertThat(musicFsThreads()).isLessThan(MANY_READERS / 10);
        assertThat(readers).noneMatch(Future::isDone);

        letGo(List.of());
        for (int i = 0; i < MANY_READERS; i++) {
            assertThat(within(readers.get(i)))
                    .as("bytes of %s", name(i))
                    .isEqualTo(MemoryOrigin.bytesOf("Many/" + name(i), SMALL_FILE_BYTES));
        }
        assertNothingIsHeld();
    }

    @Test
    @Resilience("5.1")
    void aHundredReadersOfWholeFilesGetThemFromASlowOrigin() throws Exception {
        mounted.mount(LONG);
        mounted.drip(2 << 20);
        CountDownLatch together = new CountDownLatch(READERS);
        List<Future<byte[]>> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            Path file = shown("Slow", i);
            readers.add(threads.submit(() -> {
                together.countDown();
                together.await();
                return whole(file);
            }));
        }
        for (int i = 0; i < READERS; i++) {
            assertThat(within(readers.get(i)))
                    .as("bytes of %s", name(i))
                    .isEqualTo(MemoryOrigin.bytesOf("Slow/" + name(i), FILE_BYTES));
        }
        assertNothingIsHeld();
    }

    @Test
    @Resilience("3.8")
    void readsOfAHungOriginFailWithAnErrorAndNobodyElseDoes() throws Exception {
        mounted.mount(Duration.ofSeconds(3));
        mounted.origin().mode(new OriginMode.Held());
        List<Future<byte[]>> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            Path file = shown("Slow", i);
            readers.add(threads.submit(() -> piecewise(file)));
        }
        List<FaultyOrigin.HeldCall> held = takeHeld();
        assertOtherEntriesAnswer("Other", "Slow");
        for (Future<byte[]> reader : readers) {
            assertThatThrownBy(() -> within(reader))
                    .cause()
                    .isInstanceOf(IOException.class)
                    // It is the opening that fails, which names the file.
                    .hasMessageMatching("(.* \\()?(Connection timed out|Input/output error)\\)?");
        }
        await(() -> mounted.waiting() == 0, "nobody to wait any more");
        assertEveryEventLoopTurns();

        letGo(held);
        assertThat(within(threads.submit(() -> piecewise(shown("Slow", 0)))))
                .isEqualTo(MemoryOrigin.bytesOf("Slow/" + name(0), FILE_BYTES));
        assertNothingIsHeld();
    }

    /** Entries nobody has asked the mount for before, so that the kernel cannot answer for it. */
    private void assertOtherEntriesAnswer(String... albums) throws Exception {
        long before = mounted.calls("LOOKUP");
        for (int i = 0; i < 10; i++) {
            Path file = shown("Other", i);
            assertThat(within(threads.submit(() -> Files.size(file)))).isEqualTo(1000 + i);
        }
        assertThat(mounted.calls("LOOKUP")).isGreaterThanOrEqualTo(before + 10);
        Path album = mounted.mountPoint().resolve("Other");
        assertThat(within(threads.submit(() -> list(album)))).hasSize(20);
        assertThat(within(threads.submit(() -> list(mounted.mountPoint())))).containsExactly(albums);
        assertThat(within(threads.submit(
                        () -> Files.getFileStore(mounted.mountPoint()).getTotalSpace())))
                .isPositive();
    }

    /** More tasks than there are event loops, dealt out in turn: each has one to do. */
    private void assertEveryEventLoopTurns() throws Exception {
        List<CompletableFuture<String>> turns = new ArrayList<>();
        for (int i = 0; i < 8 * Runtime.getRuntime().availableProcessors(); i++) {
            CompletableFuture<String> turn = new CompletableFuture<>();
            mounted.vertx()
                    .runOnContext(
                            nothing -> turn.complete(Thread.currentThread().getName()));
            turns.add(turn);
        }
        for (CompletableFuture<String> turn : turns) {
            assertThat(turn.get(60, TimeUnit.SECONDS)).startsWith("vert.x-eventloop");
        }
    }

    /** Threads of this process but for the readers. */
    private static long musicFsThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getName().equals("reader"))
                .count();
    }

    private void assertNothingIsHeld() {
        await(
                () -> {
                    ContentStats now = mounted.stats();
                    return now.inFlightBytes() == 0
                            && now.heldBytes() == 0
                            && now.pendingWriteBytes() == 0
                            && now.waiting() == 0
                            && now.openFiles() == 0
                            && mounted.vfs().openFileCount() == 0
                            && mounted.origin().underWay() == 0;
                },
                "everything to be given back");
    }

    /** Waits until something of every reader's file is held. */
    private List<FaultyOrigin.HeldCall> takeHeld() throws InterruptedException {
        List<FaultyOrigin.HeldCall> held = new ArrayList<>();
        Set<RealPath> paths = new HashSet<>();
        while (paths.size() < READERS) {
            FaultyOrigin.HeldCall call = mounted.origin().takeHeld();
            held.add(call);
            paths.add(call.call().path());
        }
        return held;
    }

    /** Also what was held since, such as what is asked for when a layout did not come in time. */
    private void letGo(List<FaultyOrigin.HeldCall> held) {
        mounted.origin().mode(new OriginMode.Healthy());
        held.forEach(FaultyOrigin.HeldCall::release);
        threads.execute(() -> {
            try {
                while (mounted.origin().underWay() > 0) {
                    mounted.origin().takeHeld().release();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (AssertionError e) {
                // Nothing more is held; whether anything is left under way is asserted at the end.
            }
        });
    }

    private void await(BooleanSupplier condition, String what) {
        assertThat(Polling.until(condition, Duration.ofMillis(10), Deadline.in(LONG)))
                .as(
                        "%s; %s, %d files open",
                        what, mounted.stats(), mounted.vfs().openFileCount())
                .isTrue();
    }

    private static <T> T within(Future<T> future) throws Exception {
        return future.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    private Path shown(String album, int number) {
        return mounted.mountPoint().resolve(album).resolve(name(number));
    }

    private static String name(int number) {
        return String.format(java.util.Locale.ROOT, "%03d.mp3", number);
    }

    private static List<String> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    /** As a player does, a little at a time. */
    private static byte[] piecewise(Path file) throws IOException {
        try (InputStream in = new FileInputStream(file.toFile())) {
            byte[] bytes = new byte[FILE_BYTES + 1];
            int total = 0;
            for (int read = 0; read >= 0 && total < bytes.length; total += Math.max(0, read)) {
                read = in.read(bytes, total, Math.min(8192, bytes.length - total));
            }
            return Arrays.copyOf(bytes, total);
        }
    }

    /** As a copying program does, so that the kernel sends several requests at a time. */
    private static byte[] whole(Path file) throws IOException {
        try (InputStream in = new FileInputStream(file.toFile())) {
            return in.readAllBytes();
        }
    }
}
