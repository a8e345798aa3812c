package dev.musicfs.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Polling;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * The real jar as a process of a user without rights, in a mount namespace of its own where that user may open
 * {@code /dev/fuse}. Its mount is seen in there only, and goes with it.
 */
public final class OtherUser implements AutoCloseable {
    private static final String ID = "65534";
    private static final long PATIENCE_SECONDS = 90;
    private static final List<String> AS_USER =
            List.of("setpriv", "--reuid", ID, "--regid", ID, "--clear-groups", "--");
    private static final String IN_NAMESPACE = "set -e; mknod \"$1/fuse\" c 10 229; chmod 666 \"$1/fuse\";"
            + " mount --bind \"$1/fuse\" /dev/fuse; shift; exec \"$@\"";

    private final Process process;
    private final Path output;

    private OtherUser(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Gives directories to the user; tests of others than root are skipped here. */
    public static void own(Path... directories) {
        assumeThat(System.getProperty("user.name"))
                .as("only root can be somebody else")
                .isEqualTo("root");
        for (Path directory : directories) {
            Shell.require("chown", "-R", ID + ":" + ID, directory.toString());
        }
    }

    /** Starts the jar with these arguments; {@code scratch} is a directory nobody else uses, and the user's home. */
    public static OtherUser start(Path scratch, String... arguments) throws IOException {
        Path device = Files.createTempDirectory(scratch, "dev");
        Path output = Files.createTempFile(scratch, "daemon", ".out");
        List<String> command = new ArrayList<>(List.of("unshare", "-m", "bash", "-c", IN_NAMESPACE, "bash"));
        command.add(device.toString());
        command.addAll(AS_USER);
        command.addAll(DaemonProcess.javaJar());
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("MUSICFS_") || name.equals("FAILPOINTS"));
        environment.put("HOME", scratch.toString());
        environment.put("XDG_CONFIG_HOME", scratch.resolve("no-config").toString());
        return new OtherUser(builder.start(), output);
    }

    /** Everything it printed so far. */
    public String output() {
        try {
            return Files.readString(output, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it has printed the text. */
    public void awaitOutput(String text) {
        await(() -> output().contains(text) || !process.isAlive(), "it to print " + text);
        assertThat(output()).contains(text);
    }

    /** Waits for a condition; fails with the output when it does not come true. */
    public void await(BooleanSupplier condition, String what) {
        assertThat(Polling.until(condition, Duration.ofMillis(20), Deadline.in(Duration.ofSeconds(PATIENCE_SECONDS))))
                .as("waited for %s; it printed:\n%s", what, output())
                .isTrue();
    }

    /** Lets its user have no more processes and threads than this process has threads now. */
    public void allowNoFurtherThread() throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            limitThreads(Long.toString(threads.count()));
        }
    }

    /** Lets it have as many as it had before. */
    public void allowThreads() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "limits"))) {
            if (line.startsWith("Max processes")) {
                limitThreads(List.of(line.split(" +", -1)).get(3));
            }
        }
    }

    private void limitThreads(String soft) {
        List<String> command = new ArrayList<>(AS_USER);
        command.addAll(List.of("prlimit", "--pid", Long.toString(process.pid()), "--nproc=" + soft + ":"));
        Shell.require(command.toArray(String[]::new));
    }

    /** Whether it runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for the end and gives the exit code. */
    public int awaitExit() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("it ends; it printed:\n%s", output())
                .isTrue();
        return process.exitValue();
    }

    /** The SHA-256 of every file in a directory as the user sees it, by its path below that; read past the kernel's cache. */
    public SortedMap<String, String> hashes(Path root) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("nsenter", "-t", Long.toString(process.pid()), "-m"));
        command.addAll(AS_USER);
        command.addAll(List.of(
                "bash",
                "-c",
                "cd \"$1\" && find . -type f -exec dd if={} of=/dev/null iflag=nocache count=0 status=none \\; &&"
                        + " find . -type f -exec sha256sum {} +",
                "bash",
                root.toString()));
        Shell read = Shell.run(command);
        assertThat(read.exitCode()).as(read.output() + output()).isZero();
        SortedMap<String, String> hashes = new TreeMap<>();
        read.output().lines().forEach(line -> hashes.put(line.substring(68), line.substring(0, 64)));
        return hashes;
    }

    /** Asks it to end. */
    public void terminate() {
        process.destroy();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
