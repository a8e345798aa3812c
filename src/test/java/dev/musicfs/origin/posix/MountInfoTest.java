package dev.musicfs.origin.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountInfoTest {
    @TempDir
    private Path temp;

    @Test
    void findsTheMountAPathLiesOn() {
        MountInfo table = MountInfo.parse(List.of(
                "21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
                "30 21 0:45 / /mnt/my\\040nas rw,relatime shared:2 master:1 - nfs4 nas:/music rw,hard",
                "31 21 0:46 / /mnt/smb rw - cifs //nas/music rw",
                "nonsense"));

        assertThat(table.covering(Path.of("/mnt/my nas/flac")))
                .contains(new MountInfo.Mount("/mnt/my nas", "nfs4", "nas:/music", "0:45"));
        assertThat(table.covering(Path.of("/mnt/smbx")).orElseThrow().type()).isEqualTo("ext4");
        assertThat(table.networkBlocking(Path.of("/mnt/smb/a/../b"))
                        .orElseThrow()
                        .type())
                .isEqualTo("cifs");
        assertThat(table.networkBlocking(Path.of("/home"))).isEmpty();
        assertThat(table.networkBlocking(Path.of("/"))).isEmpty();
    }

    @Test
    void followsLinksToAShareWithoutTouchingIt() throws IOException {
        Path real = temp.toRealPath();
        MountInfo table = new MountInfo(List.of(
                new MountInfo.Mount("/", "ext4", "/dev/sda1", "8:1"),
                new MountInfo.Mount(real.resolve("dead").toString(), "nfs", "nas:/music", "0:45")));
        Files.createSymbolicLink(real.resolve("music"), Path.of("two/../dead/flac"));
        Files.createSymbolicLink(real.resolve("self"), Path.of("self"));

        assertThat(table.networkBlocking(real.resolve("music"))).isPresent();
        assertThat(table.networkBlocking(real.resolve("music/x"))).isPresent();
        assertThat(table.networkBlocking(real.resolve("self"))).isEmpty();
        assertThat(table.networkBlocking(real.resolve("other"))).isEmpty();
    }

    @Test
    void readsThisMachinesOwn() {
        assertThat(MountInfo.read().covering(Path.of("/"))).isPresent();
    }
}
