package dev.musicfs.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An archive of the classes of the jar under test, which spares each of the many daemons and commands that tests start more
 * than half of its processor time. The first one that is started, by whichever test in whichever JVM, waits until a daemon
 * has made it. Without FUSE, or with a jar that the JVM makes no archive of, there is none, and the tests do without.
 */
final class ClassArchive {
    private static Optional<Path> archive = Optional.empty();
    private static boolean asked;

    private ClassArchive() {}

    /** What to give to a JVM that runs the jar. */
    static synchronized List<String> options(Path jar) {
        if (!asked) {
            // The daemon that makes it asks as well, and has none.
            asked = true;
            archive = of(jar);
        }
        return archive.map(file -> List.of("-XX:SharedArchiveFile=" + file, "-Xshare:auto", "-Xlog:cds=off"))
                .orElse(List.of());
    }

    // Beside the jar and named by the jar's age. An empty file says that there is none.
    private static Optional<Path> of(Path jar) {
        try (FileChannel lock = FileChannel.open(
                jar.resolveSibling("test-classes.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            lock.lock();
            Path kept = jar.resolveSibling("test-classes-" + Runtime.version().feature() + "-"
                    + Files.getLastModifiedTime(jar).toMillis() + ".jsa");
            if (!Files.exists(kept)) {
                Path part = jar.resolveSibling("test-classes.part");
                Files.deleteIfExists(part);
                if (made(part)) {
                    Files.move(part, kept, StandardCopyOption.ATOMIC_MOVE);
                } else {
                    Files.createFile(kept);
                }
            }
            return Files.size(kept) > 0 ? Optional.of(kept) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // A daemon that scanned, was read from and was asked something has had all the classes that count.
    private static boolean made(Path part) throws IOException {
        Path dir = Files.createTempDirectory("class-archive");
        String options = "-XX:ArchiveClassesAtExit=" + part + " -Xlog:cds=off -Xlog:cds+dynamic=off";
        try {
            SampleMount it = SampleMount.in(dir);
            try (DaemonProcess daemon = DaemonProcess.configured(
                    Map.of("JDK_JAVA_OPTIONS", options), it.mount(), it.cache(), it.config())) {
                daemon.awaitOutput("musicfs: scanned ");
                Trees.hashes(it.mount());
                daemon.await(() -> it.state().equals("ready"), "the daemon to be well");
                daemon.signal("TERM");
                return daemon.awaitExit() == 0 && Files.exists(part);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (AssertionError e) {
            System.out.println("The tests do without an archive of classes: " + e.getMessage());
            return false;
        } finally {
            Shell.require("rm", "-rf", dir.toString());
        }
    }
}
