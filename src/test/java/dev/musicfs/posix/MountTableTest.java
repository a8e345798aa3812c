package dev.musicfs.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountTableTest {
    @TempDir
    private Path temp;

    @Test
    void readsEscapesOptionalFieldsAndStacks() {
        MountTable table = MountTable.parse(List.of(
                "36 35 98:0 / /mnt/a\\040b\\134c rw,noatime master:1 shared:7 - ext4 /dev/root rw",
                "37 35 0:50 / /mnt/m rw - tmpfs none rw",
                "38 35 0:51 / /mnt/m rw,nosuid - fuse.musicfs musicfs rw,user_id=0",
                "39 35 0:52 / /mnt/\u00c3\u00a4 rw - fuse x rw",
                "garbage"));
        assertThat(table.mounts()).hasSize(4);
        assertThat(table.at(Path.of("/mnt/a b\\c"))).hasValueSatisfying(mount -> {
            assertThat(mount.type()).isEqualTo("ext4");
            assertThat(mount.source()).isEqualTo("/dev/root");
            assertThat(mount.isFuse()).isFalse();
        });
        assertThat(table.at(Path.of("/mnt/m"))).hasValueSatisfying(mount -> {
            assertThat(mount.isFuse()).isTrue();
            assertThat(mount.minor()).isEqualTo("51");
        });
        assertThat(table.at(Path.of("/mnt/\u00e4"))).isPresent();
        assertThat(table.at(Path.of("/mnt"))).isEmpty();
    }

    @Test
    void findsTheMountAPathLiesOn() {
        MountTable table = MountTable.parse(List.of(
                "21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
                "30 21 0:45 / /mnt/my\\040nas rw,relatime shared:2 master:1 - nfs4 nas:/music rw,hard",
                "31 21 0:46 / /mnt/smb rw - cifs //nas/music rw"));

        assertThat(table.covering(Path.of("/mnt/my nas/flac")))
                .contains(new MountTable.Mount("/mnt/my nas", "nfs4", "nas:/music", "0:45"));
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
        MountTable table = new MountTable(List.of(
                new MountTable.Mount("/", "ext4", "/dev/sda1", "8:1"),
                new MountTable.Mount(real.resolve("dead").toString(), "nfs", "nas:/music", "0:45")));
        Files.createSymbolicLink(real.resolve("music"), Path.of("two/../dead/flac"));
        Files.createSymbolicLink(real.resolve("self"), Path.of("self"));

        assertThat(table.networkBlocking(real.resolve("music"))).isPresent();
        assertThat(table.networkBlocking(real.resolve("music/x"))).isPresent();
        assertThat(table.networkBlocking(real.resolve("self"))).isEmpty();
        assertThat(table.networkBlocking(real.resolve("other"))).isEmpty();
    }

    @Test
    void aMountpointBehindLinksIsFoundUnderItsRealName() throws IOException {
        Path real = Files.createDirectory(temp.toRealPath().resolve("real"));
        Path link = Files.createSymbolicLink(temp.resolve("link"), real);
        Files.createSymbolicLink(real.resolve("mount"), Path.of("../link/./there"));
        Files.createSymbolicLink(real.resolve("self"), Path.of("self"));

        assertThat(MountTable.placeOf(link)).isEqualTo(real);
        assertThat(MountTable.placeOf(link.resolve("x/../mount"))).isEqualTo(real.resolve("there"));
        assertThat(MountTable.placeOf(link.resolve("self"))).isEqualTo(real.resolve("self"));
        assertThat(MountTable.placeOf(Path.of("/"))).isEqualTo(Path.of("/"));
        assertThat(MountTable.placeOf(Path.of("/none/m"))).isEqualTo(Path.of("/none/m"));
    }

    @Test
    void noLinkIsAskedOfAMountOfOursAndForAnOriginOfNoShare() throws IOException {
        Path real = temp.toRealPath();
        Path dead = Files.createDirectory(real.resolve("dead"));
        Path share = Files.createDirectory(real.resolve("share"));
        Files.createSymbolicLink(dead.resolve("in"), real);
        Files.createSymbolicLink(share.resolve("in"), real);
        Files.createSymbolicLink(real.resolve("link"), dead);
        MountTable table = new MountTable(List.of(
                new MountTable.Mount("/", "ext4", "/dev/sda1", "8:1"),
                new MountTable.Mount(dead.toString(), "fuse.musicfs", "musicfs", "0:44"),
                new MountTable.Mount(share.toString(), "nfs", "nas:/music", "0:45")));

        assertThat(table.placeBlocking(real.resolve("link"))).isEqualTo(dead);
        assertThat(table.placeBlocking(real.resolve("link/in/x"))).isEqualTo(dead.resolve("in/x"));
        assertThat(table.placeBlocking(share.resolve("in/x"))).isEqualTo(real.resolve("x"));
        assertThat(table.nearPlaceBlocking(share.resolve("in/x"))).isEqualTo(share.resolve("in/x"));
    }

    @Test
    void readsThisMachines() {
        MountTable table = MountTable.read();

        assertThat(table.covering(Path.of("/"))).isPresent();
        assertThat(table.at(Path.of("/proc")))
                .hasValueSatisfying(mount -> assertThat(mount.type()).isEqualTo("proc"));
    }
}
