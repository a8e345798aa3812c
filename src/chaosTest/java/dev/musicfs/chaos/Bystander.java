package dev.musicfs.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Polling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Somebody who looks about in a mount while it has trouble: names, attributes, listings and free space must come at
 * once and be right, since no origin is asked for them.
 */
final class Bystander implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(5);
    // A hundred times what is seen on a loaded machine, and far below any timeout of an origin.
    private static final Duration BOUND = Duration.ofMillis(1500);

    private final Path mountPoint;
    private final Path known;
    private final int siblings;
    private final Map<Look, List<Long>> nanos = new EnumMap<>(Look.class);
    private final List<String> wrong = new ArrayList<>();
    private final Thread thread = new Thread(this::look, "bystander");
    private volatile boolean over;

    private enum Look {
        STAT,
        LOOKUP,
        READDIR,
        STATFS
    }

    /** Begins to look at a track that is there and at the names beside it. */
    Bystander(Path mountPoint, String track) {
        this.mountPoint = mountPoint;
        this.known = mountPoint.resolve(track);
        this.siblings = list(known.getParent());
        for (Look look : Look.values()) {
            nanos.put(look, new ArrayList<>());
        }
        thread.setDaemon(true);
        thread.start();
    }

    private void look() {
        for (int i = 0; !over; i++) {
            // A name nobody has asked for before, so that the kernel has to ask the daemon.
            Path absent = known.resolveSibling("absent " + System.nanoTime() + " " + i);
            time(Look.STAT, () -> Files.size(known) > 0);
            time(Look.LOOKUP, () -> !Files.exists(absent));
            time(Look.READDIR, () -> list(known.getParent()) == siblings);
            time(Look.STATFS, () -> Files.getFileStore(mountPoint).getTotalSpace() > 0);
            Polling.until(() -> over, PAUSE, Deadline.in(PAUSE));
        }
    }

    private interface Question {
        boolean isRight() throws IOException;
    }

    private void time(Look look, Question question) {
        long begin = System.nanoTime();
        String found = "";
        try {
            found = question.isRight() ? "" : look + " gave something else";
        } catch (IOException | RuntimeException e) {
            found = look + " failed: " + e;
        }
        long took = System.nanoTime() - begin;
        synchronized (nanos) {
            nanos.get(look).add(took);
            if (!found.isEmpty()) {
                wrong.add(found);
            }
        }
    }

    private static int list(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return (int) entries.count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Ends looking, prints how long things took, and fails when anything was wrong or late. */
    void assertUndisturbed(Object what) throws InterruptedException {
        over = true;
        thread.join(60_000);
        assertThat(thread.isAlive()).as("a bystander hangs during %s", what).isFalse();
        synchronized (nanos) {
            nanos.forEach((look, times) -> System.out.println(line(what, look, times)));
            assertThat(wrong).as("what a bystander saw during %s", what).isEmpty();
            nanos.forEach((look, times) -> {
                assertThat(times).as("%s during %s", look, what).isNotEmpty();
                assertThat(Duration.ofNanos(quantile(times, 1)))
                        .as("the slowest %s during %s", look, what)
                        .isLessThan(BOUND);
            });
        }
    }

    private static String line(Object what, Look look, List<Long> times) {
        return String.format(
                Locale.ROOT,
                "chaos: %-40s %-8s n %6d  p50 %8.3f ms  p99 %8.3f ms  p99.9 %8.3f ms",
                what,
                look.name().toLowerCase(Locale.ROOT),
                times.size(),
                quantile(times, 0.5) / 1e6,
                quantile(times, 0.99) / 1e6,
                quantile(times, 0.999) / 1e6);
    }

    private static long quantile(List<Long> times, double share) {
        long[] sorted = times.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    }

    @Override
    public void close() {
        over = true;
    }
}
