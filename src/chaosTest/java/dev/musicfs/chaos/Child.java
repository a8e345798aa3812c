package dev.musicfs.chaos;

import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Polling;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * A server as a child of this process, on a port of 127.0.0.1. Stopping it ends its own children as well, and so does
 * the end of the JVM.
 */
final class Child implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int TRIES = 5;

    private final Process process;
    private final int port;
    private final Path output;
    private final Thread hook = new Thread(this::end, "chaos-child-end");

    private Child(Process process, int port, Path output) {
        this.process = process;
        this.port = port;
        this.output = output;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Starts it and waits until it takes connections. A port that was free may be somebody else's a moment later: then
     * it ends, and gets another.
     *
     * @param command the command that listens on the port it is given
     * @param environment what is added to ours; an empty value takes a variable away
     */
    static Child start(String name, Path dir, Map<String, String> environment, IntFunction<List<String>> command) {
        String said = "";
        for (int i = 0; i < TRIES; i++) {
            Child child = spawn(name, dir, environment, command);
            if (child.takesConnections()) {
                return child;
            }
            said = child.output();
            child.close();
        }
        throw new IllegalStateException(name + " did not start: " + said);
    }

    private static Child spawn(
            String name, Path dir, Map<String, String> environment, IntFunction<List<String>> command) {
        try {
            int port = freePort();
            Path output = Files.createTempFile(Files.createDirectories(dir), name, ".log");
            ProcessBuilder builder = new ProcessBuilder(command.apply(port))
                    .directory(dir.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(output.toFile());
            // Set on some machines, it keeps S3 programs from starting at all.
            builder.environment().remove("AWS_CA_BUNDLE");
            environment.forEach((key, value) -> {
                builder.environment().put(key, value);
                builder.environment().remove(key, "");
            });
            return new Child(builder.start(), port, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean takesConnections() {
        return Polling.until(() -> !process.isAlive() || connects(), Duration.ofMillis(20), Deadline.in(PATIENCE))
                && process.isAlive();
    }

    private boolean connects() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    int port() {
        return port;
    }

    /** Host and port, as Toxiproxy wants it. */
    String address() {
        return "127.0.0.1:" + port;
    }

    /** What it printed. */
    String output() {
        try {
            return Files.readString(output, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops it and all it started, as a machine that hangs: connections stay, nothing answers. */
    void freeze() {
        signal("STOP");
    }

    /** Lets it go on. */
    void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            List<String> command = new ArrayList<>(List.of("kill", "-" + name));
            family().forEach(member -> command.add(Long.toString(member.pid())));
            // One that ended meanwhile is no failure.
            new ProcessBuilder(command).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Stream<ProcessHandle> family() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    private void end() {
        List<ProcessHandle> family = new ArrayList<>(family().toList());
        Collections.reverse(family);
        family.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        end();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending, and the hook has had the same to do.
        }
    }
}
