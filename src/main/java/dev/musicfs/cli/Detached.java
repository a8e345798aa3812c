package dev.musicfs.cli;

import dev.musicfs.config.CacheEntry;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.Printable;
import dev.musicfs.process.CacheDirectory;
import dev.musicfs.runtime.Deadline;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Starts this program once more, in a session of its own, and waits until it says that it serves and how many of its
 * origins answer. The child writes straight into the log, where these lines are looked for: a pipe would break with us.
 */
final class Detached {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration FAREWELL = Duration.ofSeconds(10);
    private static final long LOG_ROTATES_AT_BYTES = 10L << 20;
    private static final long INTERVAL_MILLIS = 25;
    /** From when it serves; longer than the probe of an origin takes by default. */
    private static final Duration ANSWERS_PATIENCE = Duration.ofSeconds(12);

    private static final Pattern ANSWERS = Pattern.compile("musicfs: (\\d+) of (\\d+) origins answer");
    private static final Pattern OF_FUSE = Pattern.compile("fuse(rmount3?)?: ");
    private static final String WARNING = "musicfs: warning: ";

    private final Console console;
    private final Path cacheDir;
    private final Path mountPoint;
    private final boolean requireOrigins;

    Detached(Console console, Path cacheDir, Path mountPoint, boolean requireOrigins) {
        this.console = console;
        this.cacheDir = cacheDir;
        this.mountPoint = mountPoint;
        this.requireOrigins = requireOrigins;
    }

    /** Blocks for at most 70 seconds; gives the exit code. A child that does not serve by then is stopped. */
    int start() {
        Path log = CacheEntry.LOG.in(cacheDir);
        try {
            long from = prepare(log);
            ProcessBuilder builder = new ProcessBuilder(OwnCommand.detached(console.arguments()));
            builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.redirectErrorStream(true);
            return await(builder.start(), log, from);
        } catch (IOException e) {
            throw MusicFsException.wrap("the daemon cannot be started with its log in " + cacheDir, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            console.error("interrupted; the daemon may still come up, see " + log);
            return ExitCodes.FAILED;
        }
    }

    private int await(Process child, Path log, long from) throws IOException, InterruptedException {
        String serving = "musicfs: serving " + Printable.line(mountPoint.toString());
        Deadline deadline = Deadline.in(PATIENCE);
        Deadline answers = null;
        while (!deadline.expired()) {
            boolean ended = child.waitFor(INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
            List<String> said = linesSince(log, from);
            if (ended) {
                explain(said, log, child.exitValue());
                return child.exitValue() == ExitCodes.USAGE ? ExitCodes.USAGE : ExitCodes.FAILED;
            }
            if (said.contains(serving)) {
                Optional<String> counted =
                        said.stream().filter(ANSWERS.asMatchPredicate()).findFirst();
                answers = answers == null ? Deadline.in(ANSWERS_PATIENCE) : answers;
                if (counted.isPresent() ? !wants(counted.get()) : answers.expired() && !requireOrigins) {
                    console.out().println(serving + ", process " + child.pid() + ", log " + log);
                    said.stream().filter(line -> line.startsWith(WARNING)).forEach(console.err()::println);
                    if (counted.isEmpty()) {
                        console.error("warning: not every origin has answered yet; see musicfs status");
                    }
                    return ExitCodes.DONE;
                }
            }
        }
        child.destroy();
        if (!child.waitFor(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
            child.destroyForcibly();
        }
        console.error(mountPoint + " did not serve within " + PATIENCE.toSeconds() + " s and was stopped; see " + log);
        return ExitCodes.FAILED;
    }

    /** Whether the daemon ends after this line of its. */
    private boolean wants(String counted) {
        Matcher numbers = ANSWERS.matcher(counted);
        return requireOrigins && numbers.matches() && !numbers.group(1).equals(numbers.group(2));
    }

    /** What it said of its end, and what libfuse and its helper did, which know more of a mount that is refused. */
    private void explain(List<String> said, Path log, int exitCode) {
        List<String> sentences = said.stream()
                .filter(line -> OF_FUSE.matcher(line).lookingAt()
                        || (line.startsWith("musicfs: ") && !line.startsWith("musicfs: serving ")))
                .toList();
        if (sentences.isEmpty()) {
            console.error("the daemon ended with exit code " + exitCode + " before it served; see " + log);
        } else {
            sentences.forEach(console.err()::println);
        }
    }

    private long prepare(Path log) throws IOException {
        CacheDirectory.requireOwnBlocking(cacheDir);
        if (!Files.isDirectory(cacheDir)) {
            Files.createDirectories(
                    cacheDir, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        if (!Files.exists(log)) {
            return 0;
        }
        if (Files.size(log) > LOG_ROTATES_AT_BYTES) {
            Files.move(log, CacheEntry.LOG_BEFORE.in(cacheDir), StandardCopyOption.REPLACE_EXISTING);
            return 0;
        }
        return Files.size(log);
    }

    private static List<String> linesSince(Path log, long from) throws IOException {
        try (var in = Files.newInputStream(log)) {
            in.skipNBytes(from);
            return new String(in.readAllBytes(), Charset.defaultCharset())
                    .lines()
                    .toList();
        }
    }
}
