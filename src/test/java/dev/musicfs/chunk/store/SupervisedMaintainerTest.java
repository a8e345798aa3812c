package dev.musicfs.chunk.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.chunk.StoreState;
import dev.musicfs.chunk.disk.MemoryChunkFiles;
import dev.musicfs.chunk.index.MemoryIndexes;
import dev.musicfs.chunk.maintain.StoreParts;
import dev.musicfs.config.DefaultConfig;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.TaskState;
import dev.musicfs.runtime.TaskState.State;
import dev.musicfs.runtime.TaskSupervisor;
import dev.musicfs.testkit.ManualTime;
import dev.musicfs.testkit.Resilience;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The store's own threads as supervised tasks. */
@Timeout(60)
class SupervisedMaintainerTest {
    @TempDir
    Path dir;

    private final ManualTime time = new ManualTime();
    private final TaskSupervisor tasks = new TaskSupervisor(time, time, (address, event) -> {});
    private final AtomicInteger deadlyLooks = new AtomicInteger();

    @Test
    @Resilience("2.6")
    void maintenanceThatDiesIsBegunAgainAndTheStoreServesThroughout() {
        DiskChunkStore store = store();
        deadlyLooks.set(1);
        store.start(tasks);
        eventually(() -> task("cache-maintenance").state() == State.WAITING);
        assertThat(task("cache-maintenance").lastError()).contains("a defect");
        assertThat(tasks.deaths()).isOne();

        time.advance(Duration.ZERO);
        assertThat(store.awaitCountedBlocking(Deadline.in(Duration.ofSeconds(20))))
                .isTrue();
        assertThat(task("cache-maintenance").state()).isEqualTo(State.RUNNING);
        ByteBuffer bytes = ByteBuffer.allocate(100);
        assertThat(store.containsBlocking(store.putBlocking(bytes, EvictionClass.AUDIO)))
                .isTrue();
        store.closeBlocking();
    }

    @Test
    void bothThreadsAreKnownAndEndWhenTheyAreTold() throws Exception {
        DiskChunkStore store = ChunkStores.onDisk(dir, DefaultConfig.CACHE, Clock.system(), Stream::empty);
        store.start(tasks);
        assertThat(tasks.tasks()).extracting(TaskState::name).containsExactly("cache-maintenance", "cache-disk");
        assertThat(store.awaitCountedBlocking(Deadline.in(Duration.ofSeconds(20))))
                .isTrue();
        tasks.stop().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(tasks.tasks()).extracting(TaskState::state).containsOnly(State.STOPPED);

        ByteBuffer bytes = ByteBuffer.allocate(100);
        assertThat(store.containsBlocking(store.putBlocking(bytes, EvictionClass.AUDIO)))
                .as("it serves until it is closed")
                .isTrue();
        store.closeBlocking();
    }

    private DiskChunkStore store() {
        return new DiskChunkStore(
                new StoreParts(
                        dir,
                        DefaultConfig.CACHE,
                        Clock.system(),
                        new MemoryChunkFiles(),
                        new MemoryIndexes(),
                        () -> {
                            if (deadlyLooks.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                                throw new IllegalStateException("a defect");
                            }
                            return Long.MAX_VALUE / 2;
                        },
                        () -> StoreState.NORMAL,
                        Stream::empty,
                        millis -> {}),
                Optional.empty());
    }

    private TaskState task(String name) {
        List<TaskState> all = tasks.tasks();
        return all.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    }

    private static void eventually(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }
}
