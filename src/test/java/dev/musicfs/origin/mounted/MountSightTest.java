package dev.musicfs.origin.mounted;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.OriginId;
import dev.musicfs.posix.MountTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class MountSightTest {
    private static final Path ROOT = Path.of("/mnt/nas/music");
    private static final MountTable.Mount DISK = new MountTable.Mount("/", "ext4", "/dev/sda1", "8:1");
    private static final MountTable.Mount SHARE = new MountTable.Mount("/mnt/nas", "nfs4", "nas:/export", "0:52");

    private final TestingGround ground = new TestingGround();

    private static final class TestingGround implements Ground {
        private final List<MountTable.Mount> mounts = new ArrayList<>(List.of(DISK));
        private long device = 8 << 8 | 1;

        void mount(MountTable.Mount mount, long minor) {
            mounts.add(mount);
            device = minor;
        }

        void unmount() {
            mounts.remove(mounts.size() - 1);
            device = 8 << 8 | 1;
        }

        @Override
        public long deviceBlocking(Path path) {
            return device;
        }

        @Override
        public Path realBlocking(Path path) {
            return path;
        }

        @Override
        public MountTable mounts() {
            return new MountTable(List.copyOf(mounts));
        }
    }

    @Test
    void takesNothingElseForTheShareOnceItHasSeenIt() {
        MountSight sight = sight(Optional.empty());
        ground.mount(SHARE, 52);
        sight.checkBlocking(true);

        ground.unmount();
        refused(sight, false, "nas:/export is no longer mounted");
        refused(sight, true, "nas:/export is no longer mounted");

        ground.mount(new MountTable.Mount("/mnt/nas", "nfs4", "nas:/export", "0:77"), 77);
        sight.checkBlocking(true);
        ground.unmount();
        ground.mount(new MountTable.Mount("/mnt/nas", "nfs4", "other:/x", "0:52"), 52);
        refused(sight, false, "another share");
    }

    @Test
    void doesNotBelieveATableThatSpeaksOfAnotherDevice() {
        MountSight sight = sight(Optional.empty());
        ground.mount(SHARE, 52);
        sight.checkBlocking(false);

        // The look came before the share was mounted again, the table after.
        ground.device = 8 << 8 | 1;
        refused(sight, true, "no longer mounted");
    }

    @Test
    void takesADirectoryWithoutAMountOnlyWhileItHoldsSomething() {
        MountSight sight = sight(Optional.empty());
        refused(sight, true, "empty");
        sight.checkBlocking(false);
        refused(sight, true, "empty");

        ground.mount(SHARE, 52);
        sight.checkBlocking(false);
        ground.unmount();
        refused(sight, false, "no longer mounted");
    }

    @Test
    void asksForAMountAlwaysOrNeverWhenTold() {
        refused(sight(Optional.of(true)), false, "nothing is mounted");
        sight(Optional.of(false)).checkBlocking(true);
    }

    private MountSight sight(Optional<Boolean> required) {
        return new MountSight(new OriginId("nas"), ROOT, required, ground);
    }

    private static void refused(MountSight sight, boolean empty, String why) {
        assertThatThrownBy(() -> sight.checkBlocking(empty))
                .hasMessageContaining(why)
                .satisfies(
                        e -> Assertions.assertThat(MusicFsException.kindOf(e)).isEqualTo(FailureKind.UNAVAILABLE));
    }
}
