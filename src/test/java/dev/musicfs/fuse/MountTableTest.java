package dev.musicfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountTableTest {
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
        assertThat(table.at(Path.of("/mnt/m")))
                .hasValueSatisfying(mount -> assertThat(mount.isFuse()).isTrue());
        assertThat(table.at(Path.of("/mnt/\u00e4"))).isPresent();
        assertThat(table.at(Path.of("/mnt"))).isEmpty();
    }

    @Test
    void readsThisMachines() {
        assertThat(MountTable.read().at(Path.of("/proc")))
                .hasValueSatisfying(mount -> assertThat(mount.type()).isEqualTo("proc"));
    }
}
