package dev.musicfs.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.Resilience;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.io.FileInputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ProcessRoutesTest {
    private static final long MANY = 200;
    private static final long FEW = 50;
    private static final int DIRECT_BYTES = 8 << 20;

    @Test
    @Resilience("5.8")
    void tellsOfThreadsMemoryDescriptorsAndWhatTheRoomsHold() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        JsonObject before = ask();
        List<Thread> held = new ArrayList<>();
        List<FileInputStream> open = new ArrayList<>();
        ByteBuffer direct = ByteBuffer.allocateDirect(DIRECT_BYTES);
        try {
            for (int i = 0; i < MANY; i++) {
                Thread thread = new Thread(() -> awaitQuietly(end));
                thread.start();
                held.add(thread);
                open.add(new FileInputStream("/proc/self/stat"));
            }
            JsonObject after = ask();
            // Others of this process end meanwhile, or close what they have open.
            assertThat(after.getLong("threads") - before.getLong("threads")).isBetween(MANY - FEW, MANY + FEW);
            assertThat(after.getLong("openFiles") - before.getLong("openFiles")).isBetween(MANY - FEW, MANY + FEW);
            assertThat(after.getLong("openFiles")).isLessThan(after.getLong("maxOpenFiles"));
            assertThat(after.getLong("heapUsedBytes")).isPositive().isLessThanOrEqualTo(after.getLong("heapMaxBytes"));
            assertThat(after.getLong("heapMaxBytes"))
                    .isEqualTo(Runtime.getRuntime().maxMemory());
            assertThat(after.getLong("directBytes")).isGreaterThanOrEqualTo(direct.capacity());
            assertThat(after.getJsonObject("content").getLong("heldBytes")).isEqualTo(7);
            assertThat(before.fieldNames()).isEqualTo(after.fieldNames());
        } finally {
            end.countDown();
            for (Thread thread : held) {
                thread.join();
            }
            for (FileInputStream each : open) {
                each.close();
            }
        }
    }

    private static JsonObject ask() {
        Route.Quick route = (Route.Quick) ProcessRoutes.of(() -> Map.of("content", Map.of("heldBytes", 7L)))
                .get(0);
        return route.handler()
                .apply(new ApiRequest(MultiMap.caseInsensitiveMultiMap(), new JsonObject()))
                .result();
    }

    private static void awaitQuietly(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
