package dev.musicfs.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.musicfs.config.CacheEntry;
import dev.musicfs.testkit.Resilience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CacheDirectoryTest {
    @TempDir
    private Path temp;

    private Path made(String modes) throws IOException {
        Path directory = Files.createDirectory(temp.resolve("cache"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(modes));
        return directory;
    }

    @Test
    void oneOfOurOwnIsWellAlsoBehindALinkAndWhenItIsNotThereYet() throws IOException {
        Path directory = made("rwxr-xr-x");
        Path link = Files.createSymbolicLink(temp.resolve("link"), directory);
        for (Path each : new Path[] {directory, link, temp.resolve("none")}) {
            assertThatCode(() -> CacheDirectory.requireOwnBlocking(each)).doesNotThrowAnyException();
        }
    }

    @Test
    @Resilience("R.8")
    void oneThatOthersMayWriteIsRefusedByName() throws IOException {
        Path directory = made("rwxrwxrwx");
        assertThatThrownBy(() -> InstanceLock.take(directory))
                .hasMessageContaining(directory + " can be written by other users");
    }

    @Test
    @Resilience("R.8")
    void oneThatAnotherUserMadeIsRefusedByName() throws IOException {
        Path directory = made("rwxr-xr-x");
        try {
            Files.setAttribute(directory, "unix:uid", 65534);
        } catch (IOException e) {
            assumeTrue(false, "only root can give it away");
        }
        assertThatThrownBy(() -> InstanceLock.take(directory))
                .hasMessageContaining(directory + " belongs to another user");
    }

    @Test
    @Resilience("R.8")
    void aLinkInPlaceOfAnythingInItIsRefusedByName() throws IOException {
        Path directory = made("rwx------");
        Path victim = Files.createDirectory(temp.resolve("victim"));
        assertThat(CacheEntry.names()).contains("musicfs.log", "musicfs.lock", "control.sock", "catalog.db", "store");
        for (String name : CacheEntry.names()) {
            Path link = Files.createSymbolicLink(directory.resolve(name), victim);
            assertThatThrownBy(() -> InstanceLock.take(directory)).hasMessageContaining("a link in place of " + name);
            Files.delete(link);
        }
    }
}
