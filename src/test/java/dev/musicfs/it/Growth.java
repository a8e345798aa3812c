package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.Shell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a daemon holds in the course of time, and whether that grows. */
final class Growth {
    private static final double MOST_GROWTH = 1.10;
    private static final int MOST_MORE = 8;

    private final List<Sample> samples = new ArrayList<>();

    /** What the process holds at a moment. */
    private record Sample(long second, long residentKib, long heapKib, Map<String, Long> open, long threads) {
        /** Chunk files are kept open as they are used, within a bound of their own. */
        long descriptors() {
            return open.entrySet().stream()
                    .filter(each -> !isChunk(each.getKey()))
                    .mapToLong(Map.Entry::getValue)
                    .sum();
        }

        static boolean isChunk(String target) {
            return target.contains("/store/chunks/");
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%5d s: %d KiB resident, %d KiB heap after a collection, %d descriptors apart from chunks, %d threads",
                    second,
                    residentKib,
                    heapKib,
                    descriptors(),
                    threads);
        }
    }

    /** Takes one, after a collection of its garbage. */
    void sample(DaemonProcess daemon, Path cache, long second) throws Exception {
        Path process = Path.of("/proc", Long.toString(daemon.pid()));
        Shell.run(List.of(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(daemon.pid()),
                "GC.run"));
        String status = Files.readString(process.resolve("status"), StandardCharsets.UTF_8);
        Shell gauges = Shell.bash(
                "curl -s --max-time 20 --unix-socket \"$1\" http://x/v1/process", cache.resolve("control.sock"));
        Map<String, Long> open;
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            open = descriptors.collect(Collectors.groupingBy(Growth::target, TreeMap::new, Collectors.counting()));
        }
        samples.add(new Sample(
                second,
                number(status, "VmRSS:\\s+(\\d+)"),
                number(gauges.output(), "\"heapUsedBytes\":(\\d+)") >> 10,
                open,
                number(status, "Threads:\\s+(\\d+)")));
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString().replaceAll("\\[[0-9]+]", "");
        } catch (IOException e) {
            return "closed meanwhile";
        }
    }

    private static long number(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    /** Prints a dozen of the samples, and what is open at the end and was not after a third of the time. */
    void report() {
        int step = Math.max(1, samples.size() / 12);
        for (int i = 0; i < samples.size(); i += step) {
            System.out.println(samples.get(i));
        }
        System.out.println(samples.get(samples.size() - 1));
        Sample young = samples.get(samples.size() / 3);
        Map<String, Long> more = new TreeMap<>(samples.get(samples.size() - 1).open());
        more.replaceAll((target, count) -> count - young.open().getOrDefault(target, 0L));
        more.entrySet().removeIf(each -> each.getValue() <= 0 || Sample.isChunk(each.getKey()));
        System.out.println("soak: open at the end and not after a third of the time: " + more);
    }

    /** The last third against the middle one: the first is the JVM's youth. */
    void isFlat() {
        assertThat(samples).hasSizeGreaterThan(9);
        flat("resident memory", Sample::residentKib);
        flat("heap", Sample::heapKib);
        few("descriptors", Sample::descriptors);
        few("threads", Sample::threads);
    }

    private void flat(String what, ToLongFunction<Sample> value) {
        assertThat((double) median(2, value)).as(what).isLessThanOrEqualTo(median(1, value) * MOST_GROWTH);
    }

    private void few(String what, ToLongFunction<Sample> value) {
        assertThat(median(2, value)).as(what).isLessThanOrEqualTo(median(1, value) + MOST_MORE);
    }

    private long median(int third, ToLongFunction<Sample> value) {
        int size = samples.size();
        long[] values = samples.subList(size * third / 3, size * (third + 1) / 3).stream()
                .mapToLong(value)
                .sorted()
                .toArray();
        System.out.println("soak: median of third " + (third + 1) + ": " + values[values.length / 2]);
        return values[values.length / 2];
    }
}
