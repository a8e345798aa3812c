package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Polling;
import dev.musicfs.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that starts the program, and the archive of classes that it has made. */
class LauncherIT {
    private static final Duration BOUND = Duration.ofMinutes(9);
    private static final String JAR = System.getProperty("musicfs.jar");
    /** With a directory, a number of seconds and the jar: looks at a directory without music, mounts nothing. */
    private static final String START =
            """
            export MUSICFS_JAR=$3 XDG_CACHE_HOME=$1/own MUSICFS_ARCHIVE_AFTER=$2
            scripts/musicfs mount --dry-run --origin "$1/music" --cache-dir "$1/cache"
            """;

    @TempDir
    private Path dir;

    private Path archives;

    @BeforeEach
    void makeDirectories() throws IOException {
        Files.createDirectory(dir.resolve("music"));
        archives = dir.resolve("own/musicfs");
    }

    @Test
    void theFirstMountHasAnArchiveMadeBesideItAndTheNextUsesIt() throws Exception {
        assertThat(started("0").exitCode()).isZero();
        assertThat(Polling.until(this::isMade, Duration.ofMillis(100), Deadline.in(BOUND)))
                .as("it is made, and nothing is left of making it")
                .isTrue();
        List<Path> made = list();
        Shell second = Shell.bash("export JDK_JAVA_OPTIONS=-Xlog:class+load\n" + START, dir, "0", JAR);
        assertThat(second.output()).contains("dev.musicfs.cli.Main source: shared objects file (top)");
        assertThat(list()).as("nothing more is made").isEqualTo(made);
    }

    @Test
    void whoeverComesWhileAnotherMakesOneLeavesItToThat() throws Exception {
        Files.createDirectories(archives);
        Shell both = Shell.bash(
                """
                exec 8>"$1/own/musicfs/classes.lock"
                flock 8
                export MUSICFS_JAR=$2 XDG_CACHE_HOME=$1/own
                scripts/musicfs --make-archive
                """,
                dir,
                JAR);
        assertThat(both.exitCode()).isNotZero();
        assertThat(both.output()).contains("musicfs: another is making the archive");
        assertThat(list()).extracting(Path::getFileName).containsExactly(Path.of("classes.lock"));
    }

    @Test
    void whoeverWantsNoneHasNone() throws Exception {
        assertThat(started("never").exitCode()).isZero();
        assertThat(archives).doesNotExist();
    }

    private Shell started(String archiveAfter) throws Exception {
        Shell start = Shell.bash(START, dir, archiveAfter, JAR);
        assertThat(start.output()).contains("nothing was mounted");
        return start;
    }

    private boolean isMade() {
        try {
            return Files.exists(archives)
                    && list().stream().anyMatch(path -> path.toString().endsWith(".jsa"))
                    && list().stream()
                            .noneMatch(path -> path.getFileName().toString().startsWith("archive."));
        } catch (IOException e) {
            return false;
        }
    }

    private List<Path> list() throws IOException {
        try (Stream<Path> paths = Files.list(archives)) {
            return paths.sorted().toList();
        }
    }
}
