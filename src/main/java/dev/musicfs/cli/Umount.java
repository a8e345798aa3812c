package dev.musicfs.cli;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.posix.MountTable;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Polling;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code musicfs umount}. The daemon behind the mount notices and ends by itself. */
@Command(
        name = "umount",
        description = "Takes a mount away and waits until it is gone.",
        mixinStandardHelpOptions = true)
final class Umount implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration INTERVAL = Duration.ofMillis(50);
    private static final List<List<String>> TOOLS = List.of(
            List.of("/usr/bin/fusermount3", "-u"), List.of("/usr/bin/fusermount", "-u"), List.of("/usr/bin/umount"));

    private final Console console;

    @Parameters(paramLabel = "MOUNTPOINT", description = "The directory it is mounted on.")
    private Path mountPoint = Path.of("");

    Umount(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path directory = MountTable.placeOf(mountPoint);
        MountTable.Mount entry = MountTable.read()
                .at(directory)
                .orElseThrow(() -> new MusicFsException(FailureKind.NOT_FOUND, "nothing is mounted on " + directory));
        if (!entry.isMusicFs()) {
            throw new MusicFsException(
                    FailureKind.INVALID, directory + " is a mount of " + entry.source() + " and not of MusicFS");
        }
        unmount(directory);
        if (!Polling.until(() -> isGone(directory), INTERVAL, Deadline.in(PATIENCE))) {
            throw new MusicFsException(
                    FailureKind.TIMEOUT, directory + " is still mounted after " + PATIENCE.toSeconds() + " s");
        }
        console.out().println("musicfs: unmounted " + directory);
        return ExitCodes.DONE;
    }

    private static void unmount(Path directory) throws IOException, InterruptedException {
        List<String> tool = TOOLS.stream()
                .filter(candidate -> Files.isExecutable(Path.of(candidate.get(0))))
                .findFirst()
                .orElseThrow(() -> new MusicFsException(
                        FailureKind.UNAVAILABLE, "fusermount3 is missing: install the package fuse3"));
        List<String> command = new ArrayList<>(tool);
        command.add(directory.toString());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C"); // what it says is looked into below
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset()).strip();
        if (process.waitFor() != 0) {
            throw new MusicFsException(
                    FailureKind.REJECTED,
                    directory + " cannot be unmounted"
                            + (said.contains("busy") ? " while programs use it; fuser -vm names them: " : ": ") + said);
        }
    }

    private static boolean isGone(Path directory) {
        return MountTable.read()
                .at(directory)
                .filter(MountTable.Mount::isMusicFs)
                .isEmpty();
    }
}
