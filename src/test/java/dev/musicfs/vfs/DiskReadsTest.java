package dev.musicfs.vfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.content.file.HeldPort;
import dev.musicfs.content.file.TestingFiles;
import dev.musicfs.fuse.device.RequestLoop;
import dev.musicfs.testkit.Resilience;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DiskReadsTest {
    private final DiskReads disks = new DiskReads(new HeldPort(new TestingFiles()));
    private final AtomicInteger inside = new AtomicInteger();

    @Test
    @Resilience({"3.8", "6.6"})
    void soManyReadOnTheThreadsOfTheKernelsRequestsAndNoMoreSoThatOthersAreFree() {
        enter(ContentPort.Disk.ORIGINS, DiskReads.INLINE_ORIGINS);
        assertThat(inside).hasValue(DiskReads.INLINE_ORIGINS + DiskReads.INLINE_STORE);
        assertThat(disks.tryHere(ContentPort.Disk.ORIGINS, inside::incrementAndGet))
                .as("when they are through")
                .isTrue();
        assertThat(DiskReads.INLINE_ORIGINS + DiskReads.INLINE_STORE)
                .isLessThanOrEqualTo(RequestLoop.MAX_THREADS * 2 / 3);
    }

    /** So many are inside at the same time; a thread in it counts as often as it is in it. */
    private void enter(ContentPort.Disk disk, int more) {
        boolean let = disks.tryHere(disk, () -> {
            inside.incrementAndGet();
            enter(disk, more - 1);
        });
        assertThat(let).isEqualTo(more > 0);
        if (!let && disk == ContentPort.Disk.ORIGINS) {
            enter(ContentPort.Disk.STORE, DiskReads.INLINE_STORE);
        }
    }
}
