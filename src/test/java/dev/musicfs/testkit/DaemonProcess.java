package dev.musicfs.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.control.client.ControlClient;
import dev.musicfs.failure.MusicFsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The real jar as a child process on a real mount. Closing it leaves neither process nor mount behind. */
public final class DaemonProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 90;
    private static final List<String> OPTIONS = List.of(
            "-XX:+UseSerialGC",
            "-XX:Tier4InvocationThreshold=100000",
            "-XX:Tier4MinInvocationThreshold=12000",
            "-XX:Tier4CompileThreshold=300000",
            "-XX:Tier4BackEdgeThreshold=800000",
            "-XX:CompileCommand=quiet",
            "-XX:CompileCommand=CompileThresholdScaling,com.sun.crypto.provider.*::*,0.02",
            "-XX:CompileCommand=CompileThresholdScaling,sun.security.provider.*::*,0.02",
            "-XX:-UsePerfData",
            "-Xms16m",
            "-Xmx256m");

    private final Process process;
    private final Path mountPoint;
    private final Path output;

    private DaemonProcess(Process process, Path mountPoint, Path output) {
        this.process = process;
        this.mountPoint = mountPoint;
        this.output = output;
    }

    /** Starts {@code mount} and waits until it serves. */
    public static DaemonProcess serving(Path mountPoint, Path cacheDir, Path origin, String... more)
            throws IOException {
        DaemonProcess daemon = start(mountPoint, cacheDir, origin, more);
        try {
            daemon.awaitOutput("musicfs: serving ");
            return daemon;
        } catch (AssertionError e) {
            daemon.close();
            throw e;
        }
    }

    /** The same with environment variables of its own; an empty value takes a variable away. */
    public static DaemonProcess serving(
            Map<String, String> environment, Path mountPoint, Path cacheDir, Path origin, String... more)
            throws IOException {
        DaemonProcess daemon = start(environment, mountPoint, cacheDir, origin, more);
        try {
            daemon.awaitOutput("musicfs: serving ");
            return daemon;
        } catch (AssertionError e) {
            daemon.close();
            throw e;
        }
    }

    /** Starts {@code mount} and waits until it serves, the first scan is over, and commands can be given. */
    public static DaemonProcess scanned(Path mountPoint, Path cacheDir, Path origin, String... more)
            throws IOException {
        return scanned(Map.of(), mountPoint, cacheDir, origin, more);
    }

    /** The same with environment variables of its own; an empty value takes a variable away. */
    public static DaemonProcess scanned(
            Map<String, String> environment, Path mountPoint, Path cacheDir, Path origin, String... more)
            throws IOException {
        DaemonProcess daemon = start(environment, mountPoint, cacheDir, origin, more);
        try {
            daemon.awaitOutput("musicfs: serving ");
            daemon.awaitOutput("musicfs: scanned ");
            daemon.awaitCommands(cacheDir);
            return daemon;
        } catch (AssertionError e) {
            daemon.close();
            throw e;
        }
    }

    /** Starts {@code mount} and does not wait. */
    public static DaemonProcess start(Path mountPoint, Path cacheDir, Path origin, String... more) throws IOException {
        return start(Map.of(), mountPoint, cacheDir, origin, more);
    }

    /** The same with environment variables of its own; an empty value takes a variable away. */
    public static DaemonProcess start(
            Map<String, String> more, Path mountPoint, Path cacheDir, Path origin, String... arguments)
            throws IOException {
        List<String> all = new ArrayList<>(List.of("--origin", origin.toString()));
        all.addAll(List.of("--cache-dir", cacheDir.toString()));
        all.addAll(List.of(arguments));
        return start(List.of(), more, mountPoint, all);
    }

    /**
     * The same with all its arguments, in a process that is begun otherwise.
     *
     * @param prefix a command that becomes the one given as its last arguments, keeping its process, as
     *     {@code setpriv --} does; empty: none
     */
    public static DaemonProcess start(
            List<String> prefix, Map<String, String> more, Path mountPoint, List<String> arguments) throws IOException {
        Files.createDirectories(mountPoint.getParent());
        Path output = Files.createTempFile(mountPoint.getParent(), "daemon", ".out");
        // Who was begun under nohup(1) or in a shell's background ignores these signals, and so would this child.
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of("env", "--default-signal=HUP,INT"));
        command.addAll(javaJar());
        command.addAll(List.of("mount", mountPoint.toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("MUSICFS_") || name.equals("FAILPOINTS"));
        environment.put(
                "XDG_CONFIG_HOME", mountPoint.getParent().resolve("no-config").toString());
        more.forEach((name, value) -> {
            environment.put(name, value);
            environment.remove(name, "");
        });
        return new DaemonProcess(builder.start(), mountPoint, output);
    }

    /** Starts {@code mount} with a configuration file in place of an origin, and does not wait. */
    public static DaemonProcess configured(Map<String, String> more, Path mountPoint, Path cacheDir, Path config)
            throws IOException {
        return start(List.of(), more, mountPoint, List.of("-c", config.toString(), "--cache-dir", cacheDir.toString()));
    }

    /** The command that runs the jar under test, without its arguments: as {@code scripts/musicfs} does. */
    public static List<String> javaJar() {
        String property = System.getProperty("musicfs.jar");
        assertThat(property).as("system property musicfs.jar").isNotNull();
        Path jar = Path.of(property).toAbsolutePath();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(ClassArchive.options(jar));
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }

    /** Runs a command of the jar under test to its end. */
    public static Shell run(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(javaJar());
        command.addAll(List.of(words));
        return Shell.run(command);
    }

    /** The same with words in front of its options. */
    public static Shell run(String[] words, String... options) throws IOException, InterruptedException {
        return run(Stream.of(words, options).flatMap(Stream::of).toArray(String[]::new));
    }

    /** Waits until the daemon has printed the text. */
    public void awaitOutput(String text) {
        await(() -> output().contains(text) || !process.isAlive(), "the daemon to print \"" + text + "\"");
        assertThat(output()).contains(text);
    }

    /** Waits until it can be talked to, which comes after it serves. */
    public void awaitCommands(Path cacheDir) {
        await(new ControlClient(cacheDir, ControlClient.PATIENCE)::daemonRuns, "the daemon to take commands");
    }

    /** Waits for a condition; fails with the daemon's output when it does not come true. */
    public void await(BooleanSupplier condition, String what) {
        await(condition, () -> what);
    }

    /** The same with words for what did not come that are found when it did not. */
    public void await(BooleanSupplier condition, Supplier<String> what) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!holds(condition)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain for " + what.get() + "; the daemon printed:\n" + output());
            }
            java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    // What cannot be asked yet does not hold yet.
    private static boolean holds(BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (MusicFsException e) {
            return false;
        }
    }

    /** Everything it printed so far. */
    public String output() {
        try {
            return Files.readString(output, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The mountpoint it was given. */
    public Path mountPoint() {
        return mountPoint;
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** Whether it runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Whether it runs no more, be it that a thread of it still waits in the kernel for its own mount, which only the next
     * daemon ends.
     */
    public boolean isKilled() {
        return !process.isAlive() || isInState(directory(), 'Z') || !process.isAlive();
    }

    /** Whether a signal has stopped it, with all its threads. */
    public boolean isStopped() {
        try (Stream<Path> threads = Files.list(directory().resolve("task"))) {
            return threads.allMatch(thread -> isInState(thread, 'T'));
        } catch (IOException e) {
            return false;
        }
    }

    private Path directory() {
        return Path.of("/proc", Long.toString(process.pid()));
    }

    // See proc_pid_stat(5).
    private static boolean isInState(Path directory, char state) {
        try {
            String stat = Files.readString(directory.resolve("stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == state;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether it ends within a while. */
    public boolean endsSoon() {
        try {
            return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Sends a signal by name, such as {@code TERM}. */
    public void signal(String name) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        assertThat(exit).isZero();
    }

    /** Waits for the end and gives the exit code (128 + n when signal n killed it). */
    public int awaitExit() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("the daemon ends; it printed:\n%s", output())
                .isTrue();
        return process.exitValue();
    }

    /** Whether a mount of any state is on the mountpoint. */
    public boolean isMounted() throws IOException {
        return isMounted(mountPoint);
    }

    /** Whether a mount of any state is on the path. */
    public static boolean isMounted(Path path) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .anyMatch(line -> line.split(" ", -1)[4].equals(path.toString()));
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            while (isMounted()) {
                new ProcessBuilder("fusermount", "-uz", mountPoint.toString())
                        .start()
                        .waitFor();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
