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

class ExpectedMountTest {
    private static final Path ROOT = Path.of("/mnt/nas/music");
    private static final MountTable.Mount DISK = new MountTable.Mount("/", "ext4", "/dev/sda1", "8:1");
    private static final MountTable.Mount SHARE = new MountTable.Mount("/mnt/nas", "nfs4", "nas:/export", "0:52");

    private final TestingMounts lookup = new TestingMounts();

    private static final class TestingMounts implements MountLookup {
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
        ExpectedMount expected = expected(Optional.empty());
        lookup.mount(SHARE, 52);
        expected.checkBlocking(true);

        lookup.unmount();
        refused(expected, false, "nas:/export is no longer mounted");
        refused(expected, true, "nas:/export is no longer mounted");

        lookup.mount(new MountTable.Mount("/mnt/nas", "nfs4", "nas:/export", "0:77"), 77);
        expected.checkBlocking(true);
        lookup.unmount();
        lookup.mount(new MountTable.Mount("/mnt/nas", "nfs4", "other:/x", "0:52"), 52);
        refused(expected, false, "another share");
    }

    @Test
    void doesNotBelieveATableThatSpeaksOfAnotherDevice() {
        ExpectedMount expected = expected(Optional.empty());
        lookup.mount(SHARE, 52);
        expected.checkBlocking(false);

        // The look came before the share was mounted again, the table after.
        lookup.device = 8 << 8 | 1;
        refused(expected, true, "no longer mounted");
    }

    @Test
    void takesADirectoryWithoutAMountOnlyWhileItHoldsSomething() {
        ExpectedMount expected = expected(Optional.empty());
        refused(expected, true, "empty");
        expected.checkBlocking(false);
        refused(expected, true, "empty");

        lookup.mount(SHARE, 52);
        expected.checkBlocking(false);
        lookup.unmount();
        refused(expected, false, "no longer mounted");
    }

    @Test
    void asksForAMountAlwaysOrNeverWhenTold() {
        refused(expected(Optional.of(true)), false, "nothing is mounted");
        expected(Optional.of(false)).checkBlocking(true);
    }

    private ExpectedMount expected(Optional<Boolean> required) {
        return new ExpectedMount(new OriginId("nas"), ROOT, required, lookup);
    }

    private static void refused(ExpectedMount expected, boolean empty, String why) {
        assertThatThrownBy(() -> expected.checkBlocking(empty))
                .hasMessageContaining(why)
                .satisfies(
                        e -> Assertions.assertThat(MusicFsException.kindOf(e)).isEqualTo(FailureKind.UNAVAILABLE));
    }
}
