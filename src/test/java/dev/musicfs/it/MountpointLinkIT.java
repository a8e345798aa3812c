package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.SampleMount;
import dev.musicfs.testkit.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mountpoints that are links, or below one, as systems make them whose directories are elsewhere. */
class MountpointLinkIT {
    @TempDir
    private Path dir;

    private SampleMount it;

    @BeforeEach
    void makeLinks() throws Exception {
        dir = dir.toRealPath();
        it = SampleMount.in(dir);
        Files.createSymbolicLink(dir.resolve("link"), Path.of("mount"));
        Files.createSymbolicLink(dir.resolve("above"), Path.of("nowhere/../../" + dir.getFileName()));
        Files.createDirectory(dir.resolve("nowhere"));
    }

    @AfterEach
    void takeAway() throws Exception {
        while (DaemonProcess.isMounted(it.mount())) {
            Shell.require("umount", "-l", it.mount().toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"link", "above/mount", "above/link"})
    void aMountpointBehindALinkIsServedReplacedAndTakenAwayByEitherName(String name) throws Exception {
        Path named = dir.resolve(name);
        try (DaemonProcess killed = scanned(named)) {
            assertThat(DaemonProcess.isMounted(it.mount())).isTrue();
            assertThat(it.status().mountPoint()).isEqualTo(it.mount().toString());
            assertThat(it.reads(it.right())).isTrue();
            killed.signal("KILL");
            killed.awaitExit();
        }
        try (DaemonProcess next = scanned(named);
                DaemonProcess replacing = scanned(named, "--replace")) {
            assertThat(next.awaitExit()).as(next.output()).isZero();
            assertThat(replacing.output()).doesNotContain(SampleMount.traces());
            assertThat(it.reads(it.right())).isTrue();
            Shell gone = DaemonProcess.run("umount", named.toString());
            assertThat(gone.exitCode()).as(gone.output()).isZero();
            assertThat(replacing.awaitExit()).as(replacing.output()).isZero();
        }
        assertThat(DaemonProcess.isMounted(it.mount())).isFalse();
    }

    private DaemonProcess scanned(Path named, String... more) throws Exception {
        return DaemonProcess.scanned(named, it.cache(), it.origin(), more);
    }

    @Test
    void aMountpointThatALinkTakesIntoAnOriginIsRefused() throws Exception {
        Path inside = Files.createDirectory(it.origin().resolve("inside"));
        Path link = Files.createSymbolicLink(dir.resolve("innocent"), inside);
        assertRefused(link, it.origin(), "lies in the origin");
        // And the other way round: the origin is the link.
        Path other = Files.createSymbolicLink(dir.resolve("music"), it.origin());
        assertRefused(inside, other, "lies in the origin", other + ", which is " + it.origin());
    }

    @Test
    void aMountpointThatWouldCoverAnOriginOrTheCacheBehindALinkIsRefused() throws Exception {
        Path covered = Files.createDirectories(it.mount().resolve("covered"));
        assertRefused(it.mount(), Files.createSymbolicLink(dir.resolve("music"), covered), "would cover the origin");
        Files.createSymbolicLink(it.cache(), Files.createDirectory(it.mount().resolve("cache")));
        assertRefused(it.mount(), it.origin(), "would cover the cache directory");
    }

    private void assertRefused(Path mountPoint, Path origin, String... words) throws Exception {
        try (DaemonProcess refused = DaemonProcess.start(mountPoint, it.cache(), origin)) {
            assertThat(refused.awaitExit()).as(refused.output()).isEqualTo(1);
            assertThat(refused.output()).contains(words).doesNotContain("serving");
        }
    }

    @Test
    void aNameWithLineBreaksIsMountedInTheBackgroundAndTakenAway() throws Exception {
        Path odd = Files.createDirectory(dir.resolve("new\nmusicfs: serving etc\ttab"));
        Shell mounted = DaemonProcess.run(
                "mount",
                "-d",
                odd.toString(),
                "--origin",
                it.origin().toString(),
                "--cache-dir",
                it.cache().toString());
        try {
            assertThat(mounted.exitCode()).as(mounted.output()).isZero();
            assertThat(mounted.output().lines().filter(line -> line.startsWith("musicfs: serving ")))
                    .singleElement()
                    .asString()
                    .contains("new\\u000amusicfs: serving etc\\u0009tab");
            Shell status = it.command("status");
            assertThat(status.exitCode()).as(status.output()).isZero();
            assertThat(status.output()).startsWith(odd + ": ready");
        } finally {
            Shell gone = DaemonProcess.run("umount", odd.toString());
            assertThat(gone.exitCode()).as(gone.output()).isZero();
        }
        assertThat(List.of(Files.readString(Path.of("/proc/self/mountinfo")).split("\n")))
                .noneMatch(line -> line.contains(dir.toString()));
    }
}
